"""The text of the hook before a push.

git gives the hook every ref of the push on standard input, and pre-commit's own hook does not look at tags alone (it returns
when no new commit is pushed). So this one is a hook of its own. It is a shell script and no Python program because most pushes
have no registry tag in them, and then it must cost nothing.

What it starts is the gitreg that installed it, by its whole path: hooks of editors and of graphical programs have no environment
that is active and often a PATH without it. Where that one is gone, the one on the PATH is taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from shlex import quote
from typing import Final

from gitreg.git.remote import PUSHING

HOOK: Final = "pre-push"
KEPT: Final = "pre-push.before-gitreg"
"""The name that a hook gets that was there before."""
LEGACY: Final = "pre-push.legacy"
"""The name that pre-commit gives to a hook that was there before its own."""

_HEAD = re.compile(rb"#!/bin/sh\n# Written by `gitreg hooks install`[^\n]* sha256:([0-9a-f]{64})\n")
_BODY: Final = """\
# What was here before is beside it as {kept} and runs first, with the same arguments and the same input.
kept=${{0%/*}}/{kept}
refs=$(cat)
give_refs() {{ [ -z "$refs" ] || printf '%s\\n' "$refs" 2>/dev/null; }}

# Where pre-commit runs this script as the hook that was there before its own, it must not be run once more from here.
if [ -x "$kept" ] && {{ [ -z "${{PRE_COMMIT_RUNNING_LEGACY:-}}" ] || ! grep -q pre-commit "$kept"; }}; then
  give_refs | "$kept" "$@" || exit $?
fi

[ -z "${{{pushing}:-}}" ] || exit 0
give_refs | LC_ALL=C grep -q 'refs/tags/[^ ]*[@#]' || exit 0
if [ -x {program} ]; then
  run_gitreg() {{ {command} "$@"; }}
elif command -v gitreg >/dev/null 2>&1; then
  run_gitreg() {{ gitreg "$@"; }}
else
  echo 'error: registry tags are to be pushed, and gitreg, which checks them, is not found' >&2
  echo 'hint: install it and run: gitreg hooks install; or push without the check: git push --no-verify' >&2
  exit 1
fi
give_refs | run_gitreg hooks run {hook} "$@"
"""


def format_hook(command: Sequence[str]) -> bytes:
    """Write the hook.

    Args:
        command: the program that is gitreg, and its first arguments.
    """
    words = {"program": quote(command[0]), "command": " ".join(map(quote, command))}
    body = _BODY.format(hook=HOOK, kept=KEPT, pushing=PUSHING, **words).encode("utf-8", "surrogateescape")
    seal = hashlib.sha256(body).hexdigest()
    head = f"#!/bin/sh\n# Written by `gitreg hooks install`; `gitreg hooks uninstall` takes it away. sha256:{seal}\n"
    return head.encode() + body


def is_ours(data: bytes | None) -> bool:
    """Say whether a hook is one that gitreg wrote, changed or not."""
    return data is not None and _HEAD.match(data) is not None


def is_unchanged(data: bytes) -> bool:
    """Say whether a hook that gitreg wrote, of this release or another one, is as it was written."""
    head = _HEAD.match(data)
    return head is not None and hashlib.sha256(data[head.end() :]).hexdigest().encode() == head[1]


def is_of_pre_commit(data: bytes) -> bool:
    """Say whether a hook is pre-commit's, which runs the one that it found as `LEGACY`."""
    return b"pre-commit" in data

"""The files that `init` makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gitreg.files.edit import HEADER

_SETTINGS: Final = """\
# Settings of the model registry; every key may be left out. See https://github.com/gitreg/gitreg
# stages: [dev, staging, prod]   # allowed stages, in order of promotion; without this line: any
# types: [model, dataset]        # allowed types of artifacts; without this line: any
# remote: origin                 # where --push goes
# push: false                    # push without being asked
"""

TEMPLATES: Final[dict[str, bytes]] = {
    ".gitreg.yaml": _SETTINGS.encode(),
    "artifacts.yaml": f"{HEADER}{{}}\n".encode(),  # GTO stops at a file without a mapping
}
_ATTRIBUTES: Final = "artifacts.yaml text merge=gitreg diff=gitreg"


JOBS: Final[dict[str, dict[str, str]]] = {
    "github": {
        f"github/registry-{name}.yml": f".github/workflows/registry-{name}.yml"
        for name in ("on-tag", "review", "promote", "reconcile")
    },
    "gitlab": {
        "gitlab/gitlab-ci.yml": ".gitlab-ci.yml",
        **{
            f"gitlab/registry-{name}.yml": f".gitlab/registry-{name}.yml" for name in ("on-tag", "review", "promote", "reconcile")
        },
    },
}
"""For each host, where the files go with which its jobs follow the registry; ``examples/`` has the same files."""
SCRIPTS: Final[dict[str, str]] = {f"registry/{name}.sh": f".registry/{name}.sh" for name in ("deploy", "deployed")}
"""The scripts that these jobs start, for a person to write."""


def read_template(name: str, stages: Sequence[str] = ()) -> bytes:
    """Read a file that comes with gitreg.

    Args:
        name: its path in ``gitreg/templates``.
        stages: the stages that there are, in order of promotion, for it to name; none: those of the example.
    """
    from importlib.resources import files

    data = files("gitreg").joinpath("templates", *name.split("/")).read_bytes()
    return _name_stages(data.decode(), stages).encode() if stages else data


def _name_stages(text: str, stages: Sequence[str]) -> str:
    """Name stages where a file names those of the example: what a person may choose, and what is included once for each."""
    usual = "staging" if "staging" in stages else stages[0]
    text = text.replace(_OPTIONS, f"options: [{', '.join(map(_quote, stages))}]")
    text = text.replace("value: staging\n", f"value: {_quote(usual)}\n").replace(_AGAINST, f"against: {_quote(stages[-1])}")

    def repeat(match: re.Match[str]) -> str:
        blocks = [match[0].replace(_STAGE, f"{{stage: {_quote(stage)}}}") for stage in stages if "/" not in stage]
        return "".join([*blocks[:1], *(re.sub(" +#[^\n]*", "", block) for block in blocks[1:])])

    return _FOR_EACH.sub(repeat, text)


_OPTIONS: Final = "options: [dev, staging, prod]"
_AGAINST: Final = "against: prod"
_STAGE: Final = "{stage: prod}"
_FOR_EACH: Final = re.compile(rf"  - project: [^\n]*\n    ref: [^\n]*\n    file: [^\n]*\n    inputs: {re.escape(_STAGE)}\n")
_WORD: Final = re.compile(r"(?!(?i:true|false|yes|no|on|off|null|y|n)$)[a-zA-Z][a-zA-Z0-9_-]*")


def _quote(stage: str) -> str:
    """Write a stage so that every reader of YAML takes it for a text; its grammar has no quotes."""
    return stage if _WORD.fullmatch(stage) else f'"{stage}"'


def add_attributes(data: bytes | None) -> bytes:
    """Add the line for ``artifacts.yaml`` to the bytes of a ``.gitattributes``, unless it is there.

    Where the drivers that it names are not installed, git does as it does without the line.
    """
    before = data or b""
    lines = before.decode("utf-8", "replace").splitlines()
    if any(line.split()[:1] == ["artifacts.yaml"] for line in lines):
        return before
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if not before or before.endswith(b"\n") else newline
    return before + gap + _ATTRIBUTES.encode() + newline

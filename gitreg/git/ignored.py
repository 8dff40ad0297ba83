"""Files of the work tree that git would not commit."""

from __future__ import annotations

from collections.abc import Iterable

from gitreg.git.run import Git


def find_ignored(git: Git, paths: Iterable[str]) -> frozenset[str]:
    """Find the files and folders that git ignores and of which the index has nothing.

    Args:
        git: in the root of the work tree.
        paths: from the root.
    """
    asked = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in dict.fromkeys(paths))
    if not asked:
        return frozenset()
    # it fails at a path in a submodule, of which git here knows nothing
    completed = git.read("check-ignore", "-z", "--stdin", stdin=asked)
    ignored = frozenset(completed.stdout.decode("utf-8", "surrogateescape").split("\0")) - {""}
    if completed.code or not ignored:
        return frozenset()
    # of a folder that is ignored as a whole, files may have been added all the same
    listed = git.require(git.read("ls-files", "-z", "--", *(f":(top,literal){path}" for path in sorted(ignored)))).stdout
    added = listed.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(path for path in ignored if not any(one == path or one.startswith(f"{path}/") for one in added))

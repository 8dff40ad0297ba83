"""What git knows of the files of a work tree: the index with what it keeps of each file, and the files that nobody has added.

``git ls-files --debug`` writes the stat data of the index beside each entry; a git that would write them otherwise costs time,
since files are read then that need not be, and nothing else.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from gitreg.git.location import Location
from gitreg.git.run import Git

_RECORD: Final = re.compile(
    rb"\? (?P<other>[^\0]*)\0"
    rb"|(?P<flag>[A-Za-z]) (?P<mode>[0-7]+) (?P<id>[0-9a-f]+) (?P<stage>[0-3])\t(?P<path>[^\0]*)\0"
    rb"(?:  ctime: (?P<ctime>[0-9]+):(?P<cnsec>[0-9]+)\n  mtime: (?P<mtime>[0-9]+):(?P<nsec>[0-9]+)\n"
    rb"  dev: [^\n]*\n  uid: [^\n]*\n  size: (?P<size>[0-9]+)\tflags: (?P<bits>[0-9a-f]+)\n)?",
    re.DOTALL,
)
_INTENDED: Final = 0x2000_0000  # `git add --intent-to-add`: git commits nothing of it
_LOW: Final = 0xFFFF_FFFF  # the index keeps 32 bits of a size
_SECOND: Final = 1_000_000_000  # nanoseconds


class Kept(NamedTuple):
    """What the index keeps to tell at a glance that a file is as it was.

    Attributes:
        touched: when the file or what is known of it changed last, in nanoseconds.
        changed: when its content did.
        exact: whether those have more than full seconds.
        size: bytes.
    """

    touched: int
    changed: int
    exact: bool
    size: int

    def fits(self, found: os.stat_result, before: int) -> bool:
        """Say whether a file is surely the one that was added.

        Args:
            found: what the system says of the file.
            before: the time of the index in nanoseconds: a file that is as young may have changed since, in the same moment.
        """
        unit = 1 if self.exact else _SECOND
        return (
            self.size == found.st_size & _LOW
            and self.touched // unit == found.st_ctime_ns // unit
            and self.changed // unit == found.st_mtime_ns // unit
            and self.changed // unit < before // unit
        )


class Indexed(NamedTuple):
    """A file of the index.

    Attributes:
        looked_at: whether git looks at it in the work tree: not in a sparse checkout, and not where it was told so.
        conflict: whether a merge left several versions of it, of which this is one.
        intended: whether only its name was added.
    """

    path: str
    mode: str
    object_id: str
    kept: Kept | None
    looked_at: bool = True
    conflict: bool = False
    intended: bool = False


class Listed(NamedTuple):
    """The index, sorted by path, the files that it does not have and git does not ignore, and the time of the index in ns."""

    files: tuple[Indexed, ...]
    others: tuple[str, ...]
    written_at: int


def list_index(git: Git, location: Location, *, staged: bool) -> Listed:
    """List the index and, unless only that is wanted, the files beside it.

    Args:
        git: in the root of the work tree.
        location: of the repository.
        staged: whether the index itself is wanted; in a hook git may name another one than the usual, and that one counts.
    """
    given = os.environ.get("GIT_INDEX_FILE") if staged else None
    index = Path(given).absolute() if given else location.git_dir / "index"
    options = ["--cached", "--stage", "-v", "--debug", "-z", *([] if staged else ["--others", "--exclude-standard"])]
    said = git.require(git.read("ls-files", *options, environment={"GIT_INDEX_FILE": str(index)})).stdout
    files: dict[str, Indexed] = {}
    others: list[str] = []
    for match in _RECORD.finditer(said):
        if match["path"] is None:
            others.append(_decode(match["other"]))
        else:
            found = _read_entry(match)
            files.setdefault(found.path, found)  # of a conflict the first one that is there
            if match["stage"] == b"2":
                files[found.path] = found
    return Listed(tuple(files.values()), tuple(path for path in others if not path.endswith("/")), _time_of(index))


def _read_entry(match: re.Match[bytes]) -> Indexed:
    """Read one entry."""
    flag = match["flag"].decode()
    kept = None
    if match["ctime"] is not None:
        touched, changed = (
            int(match[name]) * _SECOND + int(match[rest]) for name, rest in (("ctime", "cnsec"), ("mtime", "nsec"))
        )
        kept = Kept(touched, changed, exact=bool(int(match["nsec"]) or int(match["cnsec"])), size=int(match["size"]))
    return Indexed(
        path=_decode(match["path"]),
        mode=match["mode"].decode(),
        object_id=match["id"].decode(),
        kept=kept,
        looked_at=flag != "S" and not flag.islower(),
        conflict=match["stage"] != b"0",
        intended=match["bits"] is not None and bool(int(match["bits"], 16) & _INTENDED),
    )


def _decode(path: bytes) -> str:
    """Read a path."""
    return path.decode("utf-8", "surrogateescape")


def _time_of(index: Path) -> int:
    """Say when the index was written; without one nothing in it can be trusted, and there is nothing in it."""
    try:
        return index.stat().st_mtime_ns
    except OSError:
        return 0

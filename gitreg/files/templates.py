"""The files that `init` makes."""

from __future__ import annotations

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


def read_template(name: str) -> bytes:
    """Read a file that comes with gitreg.

    Args:
        name: its path in ``gitreg/templates``.
    """
    from importlib.resources import files

    return files("gitreg").joinpath("templates", *name.split("/")).read_bytes()


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

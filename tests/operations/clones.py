"""Everything that `doctor` finds wrong with a machine or a clone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.repository import Repository


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone with a remote that has a tag, and where other clones can be made."""

    repository: Repository
    remote: Repository
    folder: Path
    monkeypatch: pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Ailment:
    """What is wrong with a clone: who makes it and returns the clone to look at, what is said then, and the hint."""

    make: Callable[[Clone], Repository]
    message: str
    hint: str
    place: dict[str, Any]


def _old_git(clone: Clone) -> Repository:
    program = clone.folder / "old/git"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'for argument in "$@"; do [ "$argument" = version ] && { echo "git version 2.30.1"; exit 0; }; done\n'
        f"exec '{shutil.which('git')}' \"$@\"\n"
    )
    program.chmod(0o755)
    clone.repository.extra["PATH"] = f"{program.parent}:{clone.repository.env['PATH']}"
    return clone.repository


def _nobody(clone: Clone) -> Repository:
    clone.repository.extra |= {f"GIT_{who}_{what}": "" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return clone.repository


def _clone(*options: str) -> Callable[[Clone], Repository]:
    return lambda clone: clone.remote.clone(clone.folder / "other", *options)


def _behind(clone: Clone) -> Repository:
    other = clone.remote.clone(clone.folder / "other")
    for number in range(5):
        other.register("fraud", f"v{number}.0.0")
    other.git("push", "--quiet", "--tags")
    return clone.repository


def _ahead(clone: Clone) -> Repository:
    clone.repository.assign("churn", "prod")
    return clone.repository


def _different(clone: Clone) -> Repository:
    clone.repository.git("tag", "-d", "churn@v1.0.0")
    clone.repository.register("churn", "v1.0.0", message="Mine")
    return clone.repository


def _tomorrow(clone: Clone) -> Repository:
    clone.repository.now -= 86_400
    return clone.repository


def _locked(clone: Clone) -> Repository:
    (clone.repository.path / ".git/packed-refs.lock").touch()
    return clone.repository


def _lonely(clone: Clone) -> Repository:
    clone.repository.git("remote", "remove", "origin")
    return clone.repository


def _unreachable(clone: Clone) -> Repository:
    clone.repository.git("remote", "set-url", "origin", "file:///nowhere/at/all")
    return clone.repository


def use_dvc(clone: Clone) -> Repository:
    clone.monkeypatch.setitem(sys.modules, "dvc", None)  # as Python marks what is not to be found
    (clone.repository.path / ".dvc").mkdir()
    return clone.repository


def _killed(clone: Clone) -> Repository:
    (clone.repository.path / ".gitreg-0123.tmp").touch()
    return clone.repository


def _without_drivers(clone: Clone) -> Repository:
    (clone.repository.path / ".gitattributes").write_text("artifacts.yaml merge=gitreg diff=gitreg\n")
    return clone.repository


OF_THIS_MACHINE: Final[dict[str, Ailment]] = {
    "GR501": Ailment(_old_git, "this is 'git version 2.30.1', and gitreg needs 2.36", "install git 2.36 or later", {}),
    "GR502": Ailment(_nobody, "git does not know who you are", "git config --global user.name", {}),
    "GR503": Ailment(_clone("--depth=1"), "this clone is shallow", "git fetch --unshallow --tags", {}),
    "GR504": Ailment(_clone("--no-tags"), "without the tags of 'origin'", "git config --unset remote.origin.tagOpt", {}),
    "GR505": Ailment(_clone("--single-branch"), "follows a single branch", "git remote set-branches origin '*'", {}),
    "GR506": Ailment(
        _behind,
        "5 registry tags of 'origin' are missing here: 'fraud@v0.0.0', 'fraud@v1.0.0', 'fraud@v2.0.0' and 2 more",
        "git fetch --tags origin",
        {"tag": "fraud@v0.0.0"},
    ),
    "GR507": Ailment(_ahead, "1 registry tag is not on 'origin': 'churn#prod#1'", "gitreg push", {"tag": "churn#prod#1"}),
    "GR508": Ailment(
        _different, "'churn@v1.0.0' is another tag here than on 'origin'", "git fetch --force origin 'refs/tags/churn@v1.0.0:",
        {"tag": "churn@v1.0.0"},
    ),
    "GR509": Ailment(_tomorrow, "'churn@v1.0.0' lies 86400 seconds in the future", "date -u", {"tag": "churn@v1.0.0"}),
    "GR510": Ailment(_locked, "packed-refs.lock' is ", "if no git is running: rm '", {}),
    "GR511": Ailment(_lonely, "there is no remote 'origin'", "git remote add origin URL", {}),
    "GR512": Ailment(_unreachable, "'origin' did not answer", "git ls-remote origin", {}),
    "GR513": Ailment(use_dvc, "this repository uses DVC, which is not installed", "pip install 'gitreg-ml[dvc]'", {}),
    "GR514": Ailment(_killed, "'.gitreg-0123.tmp' was left behind", "rm '", {"file": ".gitreg-0123.tmp"}),
    "GR515": Ailment(_without_drivers, ".gitattributes names a merge driver and a diff driver", "gitreg hooks install", {}),
}  # fmt: skip

"""Merges that cross, whose base git has to merge first: the real git calls the driver."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import gitreg as package
from gitreg.git.drivers import list_drivers
from tests.support.repository import Repository

FILE: Final = "artifacts.yaml"
BASE: Final = "churn:\n  path: churn.bin\n\nfraud:\n  path: fraud.bin\n\nusers:\n  path: users.csv\n"


@pytest.fixture
def team(repository: Repository) -> Repository:
    """A repository with the drivers."""
    repository.extra["PYTHONPATH"] = str(Path(package.__file__).parent.parent)
    for key, value in list_drivers([sys.executable, "-m", "gitreg"]).items():
        repository.git("config", key, value)
    repository.commit({".gitattributes": "artifacts.yaml merge=gitreg diff=gitreg\n", FILE: BASE}, "Base")
    return repository


def attempt(team: Repository, *args: str) -> int:
    return subprocess.run(["git", *args], cwd=team.path, env=team.env, capture_output=True, check=False).returncode


def cross(team: Repository, left: str, right: str) -> None:
    """Merge two changes of the base on the branches ``L`` and ``R``, each into the other one."""
    for branch, text in (("L", left), ("R", right)):
        team.git("switch", "--quiet", "--create", branch, "main")
        team.commit({FILE: text}, branch)
        team.git("tag", f"{branch}1")
    team.git("merge", "--quiet", "--no-edit", "L1")
    team.git("switch", "--quiet", "L")
    team.git("merge", "--quiet", "--no-edit", "R1")


def change(team: Repository, branch: str, old: str, new: str) -> None:
    team.git("switch", "--quiet", branch)
    text = (team.path / FILE).read_text()
    assert old in text
    team.commit({FILE: text.replace(old, new)}, "Change")


def merge_left_into_right(team: Repository) -> tuple[int, str]:
    team.git("switch", "--quiet", "R")
    code = attempt(team, "merge", "--quiet", "--no-edit", "L")
    return code, (team.path / FILE).read_text()


def test_what_one_side_took_back_stays_taken_back(team: Repository) -> None:
    zebra = "\nzebra:\n  path: z.bin\n"
    cross(team, BASE.replace("churn.bin", "bad.bin") + zebra, BASE.replace("fraud.bin", "fraud2.bin"))
    team.git("revert", "--no-edit", "L1")
    change(team, "R", "users.csv", "users2.csv")
    expected = BASE.replace("fraud.bin", "fraud2.bin").replace("users.csv", "users2.csv")
    assert merge_left_into_right(team) == (0, expected)


def test_what_one_side_brought_back_stays(team: Repository) -> None:
    without = BASE.replace("fraud:\n  path: fraud.bin\n\n", "")
    cross(team, without, BASE.replace("churn.bin", "churn2.bin"))
    change(team, "L", "users:", "fraud:\n  path: fraud.bin\n\nusers:")
    change(team, "R", "users.csv", "users2.csv")
    code, text = merge_left_into_right(team)
    assert "fraud.bin" in text
    assert "users2.csv" in text
    assert "churn2.bin" in text
    assert code == int("<<<<<<<" in text)


def test_where_the_bases_clash_git_merges_line_by_line_and_nothing_comes_back(team: Repository) -> None:
    for branch, name in (("L", "l.bin"), ("R", "r.bin")):
        team.git("switch", "--quiet", "--create", branch, "main")
        team.commit({FILE: BASE.replace("churn.bin", name)}, branch)
        team.git("tag", f"{branch}1")
    both = BASE.replace("churn.bin", "both.bin")
    for branch, other in (("L", "R1"), ("R", "L1")):
        team.git("switch", "--quiet", branch)
        assert attempt(team, "merge", "--quiet", "--no-edit", other) == 1
        team.commit({FILE: both}, "Decided")
    change(team, "L", "users.csv", "users2.csv")
    assert merge_left_into_right(team) == (0, both.replace("users.csv", "users2.csv"))
    change(team, "L", "both.bin", "left.bin")
    change(team, "R", "both.bin", "right.bin")
    code, text = merge_left_into_right(team)
    assert code == 1
    assert "<<<<<<<" in text
    assert "left.bin" in text
    assert "right.bin" in text

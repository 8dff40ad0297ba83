"""A merge driver that fails or dies: git's own merge takes its place, and nobody's change is lost."""

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
FILES: Final = [".git", ".gitattributes", "README.md", FILE]
BASE: Final = "churn:\n  path: base.pkl\n"
STAND_INS: Final = {
    "no interpreter": "#!/nowhere/python\n",
    "an import that fails": "#!/bin/sh\necho 'ImportError' >&2\nexit 1\n",
    "a bug": "#!/bin/sh\nexit 70\n",
    "nothing done": "#!/bin/sh\nexit 0\n",
    "a crash": "#!/bin/sh\nkill -SEGV $$\n",
    "a kill": "#!/bin/sh\nkill -KILL $$\n",
    "a kill while it writes": '#!/bin/sh\nshift 3\nprintf churn >"$3"\nkill -KILL $$\n',
    "a crash when it is done": '#!/bin/sh\nshift 3\nprintf churn >"$1"\nkill -SEGV $$\n',
    "an earlier gitreg": "#!/bin/sh\necho 'No such command' >&2\nexit 2\n",
}
LARGE: Final = "\n".join(f"entry{number}:\n  path: models/{number}.pkl\n" for number in range(12))


def install(repository: Repository, *command: str) -> None:
    for key, value in list_drivers(command).items():
        repository.git("config", key, value)


def diverge(repository: Repository, base: str, ours: str, theirs: str) -> None:
    repository.commit({".gitattributes": "artifacts.yaml merge=gitreg\n", FILE: base}, "Base")
    repository.git("switch", "--quiet", "--create", "feature")
    repository.commit({FILE: theirs}, "Theirs")
    repository.git("switch", "--quiet", "main")
    repository.commit({FILE: ours}, "Ours")


def run(repository: Repository, script: str) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=repository.path,
        env=repository.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def stand_in(repository: Repository, tmp_path: Path, script: str) -> None:
    program = tmp_path / "bin" / "gitreg"
    program.parent.mkdir()
    program.write_text(script)
    program.chmod(0o755)
    install(repository, str(program))


def names(repository: Repository) -> list[str]:
    return sorted(path.name for path in repository.path.iterdir())


@pytest.mark.parametrize("script", STAND_INS.values(), ids=STAND_INS)
def test_whatever_becomes_of_the_program_git_marks_the_conflict(repository: Repository, tmp_path: Path, script: str) -> None:
    stand_in(repository, tmp_path, script)
    diverge(repository, BASE, BASE.replace("base", "ours"), BASE.replace("base", "theirs"))
    code, said = run(repository, "git merge feature")
    assert code == 1
    assert "note: gitreg did not merge artifacts.yaml, so git merges it line by line" in said
    marked = "<<<<<<< ours\n  path: ours.pkl\n=======\n  path: theirs.pkl\n>>>>>>> theirs\n"
    assert (repository.path / FILE).read_text() == "churn:\n" + marked
    assert names(repository) == FILES


def test_what_does_not_clash_is_merged_without_the_program(repository: Repository, tmp_path: Path) -> None:
    stand_in(repository, tmp_path, STAND_INS["an import that fails"])
    diverge(repository, LARGE, LARGE.replace("/0.pkl", "/ours.pkl"), LARGE.replace("/9.pkl", "/theirs.pkl"))
    assert run(repository, "git merge --quiet --no-edit feature")[0] == 0
    assert (repository.path / FILE).read_text() == LARGE.replace("/0.pkl", "/ours.pkl").replace("/9.pkl", "/theirs.pkl")
    assert names(repository) == FILES


@pytest.mark.parametrize("strategy", ["ort", "recursive"])
def test_where_nothing_can_be_written_git_stops_and_changes_nothing(repository: Repository, strategy: str) -> None:
    repository.extra["PYTHONPATH"] = str(Path(package.__file__).parent.parent)
    install(repository, sys.executable, "-m", "gitreg")
    theirs = LARGE.replace("entry", "other")
    assert len("m: {}\n" + LARGE) < 512 < len(LARGE + theirs)  # the bytes of one block, which a file may have
    diverge(repository, "m: {}\n", "m: {}\n\n" + LARGE, theirs + "\nm: {}\n")
    code, said = run(repository, f"ulimit -f 1; trap '' XFSZ; git merge --no-edit -s {strategy} feature")
    assert code > 1, said
    assert "so git stops and changes nothing" in said
    assert repository.git("status", "--porcelain") == ""
    assert names(repository) == FILES


def test_where_even_the_shell_is_killed_git_stops(repository: Repository, tmp_path: Path) -> None:
    stand_in(repository, tmp_path, "#!/bin/sh\nkill -KILL $PPID\n")
    diverge(repository, BASE, BASE.replace("base", "ours"), BASE.replace("base", "theirs"))
    code, said = run(repository, "git merge feature")
    assert code > 1, said
    assert (repository.path / FILE).read_text() == BASE.replace("base", "ours")
    assert repository.git("status", "--porcelain", "--untracked-files=no") == ""

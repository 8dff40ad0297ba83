"""`hooks install` and `hooks uninstall`: what they write, what they leave alone, and that the one undoes the other."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from gitreg.core.hooks import Act
from gitreg.errors import ExternalFault, Refused, UsageFault
from gitreg.git.drivers import list_drivers
from gitreg.git.hook_script import HOOK, KEPT, LEGACY, format_hook
from gitreg.operations.hooks import find_program
from tests.operations.picture import Open, picture
from tests.support.powers import powers_of_anybody
from tests.support.repository import Repository

THEIRS: Final = b"#!/bin/sh\necho theirs\n"
OLD: Final = format_hook(("/an/older/gitreg",))


def hooks_of(repository: Repository) -> Path:
    return repository.path / ".git" / "hooks"


def place(repository: Repository, data: bytes, name: str = HOOK, mode: int = 0o755) -> Path:
    """Put a hook of somebody in its place."""
    path = hooks_of(repository) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
    return path


def everything(repository: Repository) -> dict[str, object]:
    """Take down what is in the folder of hooks, links as links, and the configuration byte by byte."""
    folder = hooks_of(repository)
    found: dict[str, object] = {
        path.name: (str(path.readlink()) if path.is_symlink() else path.read_bytes(), stat.filemode(path.lstat().st_mode))
        for path in sorted(folder.iterdir() if folder.exists() else ())
    }
    return {**found, "config": (repository.path / ".git" / "config").read_bytes()}


def acts(changes: object) -> list[str]:
    return [change.act.value for change in changes]  # type: ignore[attr-defined]


def test_installing_writes_the_hook_and_the_drivers_and_nothing_else(repository: Repository, opened: Open) -> None:
    before = picture(repository)
    hooked = opened(repository).install_hooks()
    assert acts(hooked.changes) == ["write", *["set"] * 5]
    assert hooked.notes == ("no .gitattributes names the drivers yet, so git does not use them; write it with: gitreg init",)
    assert (hooks_of(repository) / HOOK).stat().st_mode & 0o111
    assert " hooks merge-into -- %A.gitreg/merged %O %A.gitreg/work %B %L %P" in repository.git(
        "config", "--local", "merge.gitreg.driver"
    )
    assert ' hooks textconv -- "$1"' in repository.git("config", "--local", "diff.gitreg.textconv")
    assert picture(repository) == before


def test_installing_again_changes_nothing(repository: Repository, opened: Open) -> None:
    opened(repository).init()
    opened(repository).install_hooks()
    before = everything(repository)
    hooked = opened(repository).install_hooks()
    assert (hooked.changes, hooked.notes) == ((), ())
    assert everything(repository) == before


def test_a_dry_run_says_the_same_and_writes_nothing(repository: Repository, opened: Open) -> None:
    place(repository, THEIRS)
    before = everything(repository)
    rehearsed = opened(repository).install_hooks(dry_run=True)
    assert everything(repository) == before
    assert rehearsed.changes == opened(repository).install_hooks().changes
    installed = everything(repository)
    rehearsed = opened(repository).uninstall_hooks(dry_run=True)
    assert everything(repository) == installed
    assert rehearsed.changes == opened(repository).uninstall_hooks().changes


def _link(repository: Repository, to: str = "shared.sh") -> None:
    place(repository, THEIRS, "shared.sh")
    (hooks_of(repository) / HOOK).symlink_to(to)


BEFORE: Final[dict[str, Callable[[Repository], object]]] = {
    "nothing": lambda _: None,
    "a script": lambda repository: place(repository, THEIRS),
    "a script that git does not run": lambda repository: place(repository, THEIRS, mode=0o644),
    "an empty file": lambda repository: place(repository, b""),
    "a binary": lambda repository: shutil.copyfile("/bin/true", place(repository, b"")),
    "a link": _link,
    "a link to nothing": lambda repository: _link(repository, to="nowhere"),
    "other hooks": lambda repository: place(repository, THEIRS, "pre-commit"),
    "configuration": lambda repository: repository.git("config", "diff.gitreg.binary", "false"),
    "drivers of somebody": lambda repository: repository.git(
        "config", "merge.gitreg.driver", "gitreg hooks merge %O %A %B %L %P"
    ),
}


@pytest.mark.parametrize("before", BEFORE)
def test_uninstalling_puts_back_exactly_what_was_there(before: str, repository: Repository, opened: Open) -> None:
    BEFORE[before](repository)
    was = everything(repository)
    opened(repository).install_hooks()
    assert everything(repository) != was
    opened(repository).uninstall_hooks()
    assert everything(repository) == was
    assert opened(repository).uninstall_hooks().changes == ()


def test_a_driver_that_somebody_else_set_stays_and_is_said(repository: Repository, opened: Open) -> None:
    repository.git("config", "merge.gitreg.driver", "mine %A")
    hooked = opened(repository).install_hooks()
    assert "merge.gitreg.driver stays as somebody set it" in hooked.notes
    assert repository.git("config", "merge.gitreg.driver") == "mine %A"


def test_of_an_earlier_driver_that_undoes_changes_doctor_says_so_and_installing_mends_it(
    repository: Repository, opened: Open
) -> None:
    registry = opened(repository)
    registry.init()
    registry.install_hooks()
    repository.git("config", "merge.gitreg.recursive", "binary")
    problem = next(problem for problem in registry.doctor().problems if problem.code == "GR515")
    assert "merges that cross can undo changes" in problem.message
    assert [change.target for change in registry.install_hooks().changes] == ["merge.gitreg.recursive"]
    assert repository.git("config", "merge.gitreg.recursive") == "text"
    assert "GR515" not in {problem.code for problem in registry.doctor().problems}
    repository.git("config", "merge.gitreg.recursive", "binary")
    registry.uninstall_hooks()
    assert repository.git("config", "--get-regexp", r"^(merge|diff)\.gitreg\.", check=False) == ""


def test_a_hook_and_drivers_of_another_gitreg_are_updated(repository: Repository, opened: Open) -> None:
    place(repository, OLD)
    repository.git("config", "diff.gitreg.textconv", ": gitreg hooks install; old")
    changes = opened(repository).install_hooks().changes
    assert [change.act for change in changes if HOOK in change.target] == [Act.UPDATE]
    assert (hooks_of(repository) / HOOK).read_bytes() == format_hook(find_program())
    assert "old" not in repository.git("config", "diff.gitreg.textconv")


@pytest.mark.parametrize("verb", ["install_hooks", "uninstall_hooks"])
def test_a_hook_of_ours_that_somebody_changed_is_left_alone(verb: str, repository: Repository, opened: Open) -> None:
    place(repository, OLD + b"echo mine\n")
    before = everything(repository)
    with pytest.raises(Refused, match="was changed by hand") as caught:
        getattr(opened(repository), verb)()
    assert KEPT in caught.value.hint
    assert everything(repository) == before


def test_two_hooks_from_before_are_for_a_person_to_put_together(repository: Repository, opened: Open) -> None:
    place(repository, THEIRS)
    place(repository, b"#!/bin/sh\necho older\n", KEPT)
    before = everything(repository)
    with pytest.raises(Refused, match="there are two hooks from before"):
        opened(repository).install_hooks()
    assert everything(repository) == before


def test_behind_pre_commit_our_hook_stays_where_pre_commit_put_it(repository: Repository, opened: Open) -> None:
    opened(repository).init()
    pre_commit = place(repository, b"#!/bin/sh\n# File generated by pre-commit\n")
    place(repository, THEIRS, KEPT)
    legacy = place(repository, OLD, LEGACY)
    assert acts(opened(repository).install_hooks().changes) == ["update", *["set"] * 5]
    assert legacy.read_bytes() == format_hook(find_program())
    opened(repository).uninstall_hooks()
    assert (legacy.read_bytes(), (hooks_of(repository) / KEPT).exists()) == (THEIRS, False)
    assert b"pre-commit" in pre_commit.read_bytes()


def test_an_install_that_was_killed_in_between_is_finished_or_undone(repository: Repository, opened: Open) -> None:
    place(repository, THEIRS)
    was = everything(repository)
    place(repository, THEIRS, KEPT)  # its first step
    (hooks_of(repository) / ".gitreg-0123.tmp").touch()
    opened(repository).uninstall_hooks()
    assert everything(repository) == was
    place(repository, THEIRS, KEPT)
    opened(repository).install_hooks()
    opened(repository).uninstall_hooks()
    assert everything(repository) == was


def test_linked_work_trees_share_the_hook_and_the_drivers(repository: Repository, opened: Open, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    opened(Repository(tmp_path / "linked")).install_hooks()
    assert (hooks_of(repository) / HOOK).exists()
    assert acts(opened(repository).uninstall_hooks().changes) == ["remove", *["unset"] * 5]


def test_a_submodule_has_hooks_of_its_own(repository: Repository, opened: Open, tmp_path: Path) -> None:
    inner = Repository.create(tmp_path / "inner")
    inner.commit({"a": "1"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner.path), "sub")
    opened(Repository(repository.path / "sub")).install_hooks()
    assert (repository.path / ".git/modules/sub/hooks" / HOOK).exists()
    assert not (hooks_of(repository) / HOOK).exists()


def test_a_bare_repository_has_a_hook_too(opened: Open, tmp_path: Path) -> None:
    bare = Repository.create(tmp_path / "bare.git", bare=True)
    opened(bare).install_hooks()
    assert (bare.path / "hooks" / HOOK).exists()


def test_the_folder_that_the_repository_names_for_its_hooks_counts(repository: Repository, opened: Open) -> None:
    repository.git("config", "core.hooksPath", ".husky/_")
    hooked = opened(repository).install_hooks()
    assert (repository.path / ".husky/_" / HOOK).exists()
    assert any("do not commit it" in note for note in hooked.notes)
    (repository.path / "deep").mkdir()
    assert opened(Repository(repository.path / "deep")).install_hooks().changes == ()


def test_a_folder_of_all_repositories_is_written_to_only_when_asked(repository: Repository, opened: Open, tmp_path: Path) -> None:
    everywhere = tmp_path / "everywhere"
    (tmp_path / "gitconfig").write_text(f"[core]\n\thooksPath = {everywhere}\n")
    repository.extra["GIT_CONFIG_GLOBAL"] = str(tmp_path / "gitconfig")
    with pytest.raises(Refused, match="where other repositories have their hooks too") as caught:
        opened(repository).install_hooks()
    assert "gitreg hooks install --shared" in caught.value.hint
    assert not everywhere.exists()
    opened(repository).install_hooks(shared=True)
    assert (everywhere / HOOK).exists()
    hooked = opened(repository).uninstall_hooks()
    assert (acts(hooked.changes), len(hooked.notes)) == (["unset"] * 5, 1)
    assert (everywhere / HOOK).exists()
    assert acts(opened(repository).uninstall_hooks(shared=True).changes) == ["remove"]
    assert not (everywhere / HOOK).exists()


def test_where_hooks_are_switched_off_that_is_said(repository: Repository, opened: Open) -> None:
    repository.git("config", "core.hooksPath", "/dev/null")
    with pytest.raises(Refused, match="hooks are switched off"):
        opened(repository).install_hooks()


def test_a_folder_in_the_place_of_the_hook_is_left_alone(repository: Repository, opened: Open) -> None:
    (hooks_of(repository) / HOOK).mkdir(parents=True)
    with pytest.raises(Refused, match="is no hook"):
        opened(repository).install_hooks()


def test_what_may_not_be_written_is_an_error_and_the_hook_of_before_stays(repository: Repository, opened: Open) -> None:
    place(repository, THEIRS)
    before = everything(repository)
    hooks_of(repository).chmod(0o555)
    registry = opened(repository)
    with powers_of_anybody(), pytest.raises(ExternalFault, match="cannot be changed: Permission denied") as caught:
        registry.install_hooks()
    hooks_of(repository).chmod(0o755)
    assert "ls -ld" in caught.value.hint
    assert everything(repository) == before


def test_a_stale_lock_of_the_configuration_is_an_error(repository: Repository, opened: Open) -> None:
    (repository.path / ".git/config.lock").touch()
    with pytest.raises(ExternalFault, match="git's configuration cannot be changed"):
        opened(repository).install_hooks()


def test_an_address_has_no_hooks(repository: Repository, opened: Open) -> None:
    with pytest.raises(UsageFault, match="this needs a clone"):
        type(opened(repository))(repository.path.as_uri()).install_hooks()


@pytest.mark.parametrize("name", ["a b", "it's", 'a"b$(id)`id`', "100%P", "näme"])
def test_the_hook_and_the_drivers_are_shell_that_starts_the_program_whatever_its_path(name: str, repository: Repository) -> None:
    program = repository.path / name / "gitreg"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >>{repository.path}/said\n')
    program.chmod(0o755)
    hook = place(repository, format_hook((program.as_posix(), "-P")))
    line = b"refs/tags/a@v1.0.0 1 refs/tags/a@v1.0.0 0\n"
    subprocess.run([hook, "origin", "url"], cwd=repository.path, env=repository.env, input=line, check=True)
    for key, value in list_drivers((program.as_posix(), "-P")).items():
        repository.git("config", key, value)
    repository.commit({".gitattributes": "artifacts.yaml merge=gitreg diff=gitreg\n", "artifacts.yaml": "a: 1\n"})
    repository.git("branch", "other")
    repository.commit({"artifacts.yaml": "a: 2\n"})
    repository.git("switch", "--quiet", "other")
    repository.commit({"artifacts.yaml": "a: 3\n"})
    repository.git("merge", "--quiet", "main", check=False)
    repository.git("diff", "main")
    said = (repository.path / "said").read_text()
    assert said.startswith("-P|hooks|run|pre-push|origin|url|-P|hooks|merge-into|--|.merge_file")
    assert "|artifacts.yaml|" in said
    assert "-P|hooks|textconv|" in said


def test_without_any_gitreg_git_merges_and_shows_files_as_it_does_without_drivers(repository: Repository) -> None:
    for key, value in list_drivers(("/nowhere/gitreg",)).items():
        repository.git("config", key, value)
    repository.extra["PATH"] = "/usr/bin:/bin"
    repository.commit({".gitattributes": "artifacts.yaml merge=gitreg diff=gitreg\n", "artifacts.yaml": "a: 1\n\n\nb: 1\n"})
    repository.git("branch", "other")
    repository.commit({"artifacts.yaml": "a: 2\n\n\nb: 1\n"})
    repository.git("switch", "--quiet", "other")
    repository.commit({"artifacts.yaml": "a: 1\n\n\nb: 2\n"})
    repository.git("merge", "--quiet", "main")
    assert (repository.path / "artifacts.yaml").read_text() == "a: 2\n\n\nb: 2\n"
    assert "\n-a: 1\n+a: 2\n" in repository.git("diff", "HEAD^1")
    repository.commit({"artifacts.yaml": "a: 4\n\n\nb: 2\n"})
    repository.git("switch", "--quiet", "main")
    repository.commit({"artifacts.yaml": "a: 5\n\n\nb: 2\n"})
    repository.git("merge", "--quiet", "other", check=False)
    assert "<<<<<<< ours\na: 5\n" in (repository.path / "artifacts.yaml").read_text()

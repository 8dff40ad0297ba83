"""Where `check` looks: the work tree, the index, a revision."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import gitreg
from gitreg.core.views import Report
from gitreg.errors import NotFound, Unanswerable
from tests.operations.picture import Open
from tests.support.repository import Repository

GOOD: Final = "churn:\n  path: README.md\n"
UNKNOWN: Final = "churn:\n  colour: red\n"
TWICE: Final = "churn: {}\nchurn: {}\n"
HOOK: Final = """\
#!/bin/sh
exec '{python}' -c '
from gitreg import Registry
with Registry() as registry:
    report = registry.check(staged=True)
open("{log}", "a").write(" ".join(problem.code for problem in report.problems) + "\\n")
'
"""


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


@pytest.fixture
def three(repository: Repository) -> Repository:
    """A repository whose commit, index and work tree have one problem each, another one each time."""
    repository.commit({"artifacts.yaml": UNKNOWN})
    (repository.path / "artifacts.yaml").write_text(TWICE)
    repository.git("add", "artifacts.yaml")
    (repository.path / "artifacts.yaml").write_text("churn: 5\n")
    return repository


def test_the_work_tree_the_index_and_a_revision_are_three_things(three: Repository, opened: Open) -> None:
    assert codes(opened(three).check()) == ["GR105"]
    assert codes(opened(three).check(staged=True)) == ["GR103"]
    assert codes(opened(three).check(rev="HEAD")) == ["GR106"]
    assert codes(opened(three).check(rev="HEAD~1")) == []


def test_of_the_index_only_files_are_looked_at(repository: Repository, opened: Open) -> None:
    repository.tag("churn@v1.0.0", lightweight=True)
    assert codes(opened(repository).check()) == ["GR201"]
    report = opened(repository).check(staged=True)
    assert report == Report((), ("0 files with 0 entries",))


def test_a_path_is_looked_up_where_the_file_is(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: model.bin\n"})
    (repository.path / "model.bin").write_text("1\n")
    assert codes(opened(repository).check()) == []
    assert codes(opened(repository).check(staged=True)) == ["GR108"]
    assert codes(opened(repository).check(rev="HEAD")) == ["GR108"]
    repository.git("add", "model.bin")
    assert codes(opened(repository).check(staged=True)) == []


def test_a_file_that_git_ignores_is_in_no_commit_unless_dvc_tracks_it(repository: Repository, opened: Open) -> None:
    pointer = "outs:\n- path: model.bin\n  md5: 0123456789abcdef0123456789abcdef\n  size: 2\n"
    lock = "schema: '2.0'\nstages: {fit: {cmd: x, outs: [{path: model.bin, md5: 0123456789abcdef0123456789abcdef}]}}\n"
    repository.commit({"artifacts.yaml": "churn:\n  path: model.bin\n", ".gitignore": "/model.bin\n", "model.bin.dvc": pointer})
    (repository.path / "model.bin").write_text("1\n")
    assert codes(opened(repository).check()) == []
    repository.commit({"model.bin.dvc": None})
    (problem,) = opened(repository).check().problems
    assert problem.message == "path 'model.bin' of 'churn' is there, but git ignores it and DVC does not track it"
    assert codes(opened(repository).check(staged=True)) == ["GR108"]
    repository.commit({"dvc.lock": lock})
    assert codes(opened(repository).check()) == []


def test_a_file_that_git_ignores_and_has_all_the_same_is_in_the_commit(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: model\n", "model/a.bin": "1\n"})
    repository.commit({".gitignore": "/model\n"})
    assert codes(opened(repository).check()) == []
    repository.git("rm", "--quiet", "--cached", "model/a.bin")
    assert codes(opened(repository).check()) == ["GR108"]


def test_settings_are_those_beside_the_files(repository: Repository, opened: Open) -> None:
    repository.commit({".gitreg.yaml": "types: [model]\n", "artifacts.yaml": "churn:\n  type: poem\n"})
    (repository.path / ".gitreg.yaml").write_text("types: [poem]\n")
    assert codes(opened(repository).check()) == []
    assert codes(opened(repository).check(staged=True)) == ["GR109"]
    repository.git("add", ".gitreg.yaml")
    assert codes(opened(repository).check(staged=True)) == []
    assert codes(opened(repository).check(rev="HEAD")) == ["GR109"]


def test_the_settings_of_gto_count_where_there_are_no_others(repository: Repository, opened: Open) -> None:
    repository.commit({".gto": "TYPES: [model]\n", "artifacts.yaml": "churn:\n  type: poem\n"})
    [problem] = opened(repository).check().problems
    assert (problem.code, problem.hint) == ("GR109", "use one of them, or add it to 'types' in .gto")


def test_a_bare_repository_is_checked_at_its_head(repository: Repository, remote: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": UNKNOWN, ".gitreg.yaml": "stages: [dev]\n"})
    repository.assign("churn", "moon")
    repository.git("push", "--quiet", "origin", "main", "--tags")
    assert codes(opened(remote).check()) == ["GR305", "GR106"]
    assert codes(opened(remote).check(rev="main~1")) == ["GR309"]
    with pytest.raises(Unanswerable, match="no work tree"):
        opened(remote).check(staged=True)


@pytest.mark.parametrize("bare", [True, False])
def test_a_repository_without_a_commit_has_no_problems(tmp_path: Path, opened: Open, *, bare: bool) -> None:
    repository = Repository.create(tmp_path / "empty", bare=bare)
    assert opened(repository).check().problems == ()
    with pytest.raises(NotFound):
        opened(repository).check(rev="HEAD")


@pytest.mark.parametrize("rev", ["nothing", "--output=x", "HEAD:artifacts.yaml", ""])
def test_a_revision_that_is_none_is_not_found(three: Repository, opened: Open, rev: str) -> None:
    with pytest.raises(NotFound):
        opened(three).check(rev=rev)


def test_files_in_any_folder_are_found_but_for_those_that_git_ignores(repository: Repository, opened: Open) -> None:
    repository.commit({".gitignore": "old/\n", "a/b/artifacts.yaml": UNKNOWN})
    for folder in ("old", "new"):
        (repository.path / folder).mkdir()
        (repository.path / folder / "artifacts.yaml").write_text(TWICE)
    assert [problem.file for problem in opened(repository).check().problems] == ["new/artifacts.yaml", "a/b/artifacts.yaml"]


def test_from_a_folder_the_whole_repository_is_checked(three: Repository, opened: Open) -> None:
    (three.path / "deep").mkdir()
    assert codes(opened(Repository(three.path / "deep", now=three.now)).check()) == ["GR105"]
    assert codes(opened(Repository(three.path / "deep", now=three.now)).check(staged=True)) == ["GR103"]


@pytest.mark.skipif(sys.platform == "win32", reason="making symbolic links needs a privilege on Windows")
def test_a_path_through_a_symbolic_link_is_not_safe_wherever_it_is_looked_up(repository: Repository, opened: Open) -> None:
    (repository.path / "link").symlink_to("/")
    repository.commit({"artifacts.yaml": "churn:\n  path: link/etc/passwd\n"})
    repository.git("add", "link")
    repository.commit()
    for report in (
        opened(repository).check(),
        opened(repository).check(staged=True),
        opened(repository).check(rev="HEAD"),
    ):
        [problem] = report.problems
        assert (problem.code, problem.artifact) == ("GR107", "churn")
        assert problem.message.endswith("passes through the symbolic link 'link'")


@pytest.mark.parametrize("where", ["work tree", "index", "revision"])
def test_a_file_that_is_far_too_large_is_a_problem_and_not_nothing(repository: Repository, opened: Open, where: str) -> None:
    repository.commit({"artifacts.yaml": b"#" * (9 << 20) + b"\n", "nlp/artifacts.yaml": UNKNOWN})
    report = opened(repository).check(staged=where == "index", rev="HEAD" if where == "revision" else None)
    assert [(problem.code, problem.file) for problem in report.problems] == [
        ("GR101", "artifacts.yaml"),
        ("GR106", "nlp/artifacts.yaml"),
    ]


def test_a_file_that_is_committed_and_gone_from_the_work_tree_is_no_problem(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": UNKNOWN})
    (repository.path / "artifacts.yaml").unlink()
    assert codes(opened(repository).check()) == []


def test_a_submodule_is_another_repository(repository: Repository, opened: Open, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    other.commit({"artifacts.yaml": TWICE})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.path.as_uri(), "sub")
    repository.commit({"artifacts.yaml": GOOD})
    assert codes(opened(repository).check()) == []
    assert codes(opened(repository).check(staged=True)) == []
    assert codes(opened(repository).check(rev="HEAD")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the hook is a shell script")
def test_in_a_hook_the_index_counts_that_git_is_about_to_commit(repository: Repository, tmp_path: Path) -> None:
    log = tmp_path / "log"
    repository.commit({"artifacts.yaml": GOOD})
    hook = repository.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(python=sys.executable, log=log))
    hook.chmod(0o755)
    (repository.path / "artifacts.yaml").write_text(UNKNOWN)
    environment = {**repository.env, "PYTHONPATH": str(Path(gitreg.__file__).parent.parent)}
    for arguments in (["--allow-empty"], ["--all"], ["--allow-empty", "--", "artifacts.yaml"]):
        subprocess.run(
            ["git", "commit", "--quiet", "-m", "x", *arguments],
            cwd=repository.path,
            env=environment,
            check=True,
            capture_output=True,
        )
    assert log.read_text() == "\nGR106\nGR106\n"

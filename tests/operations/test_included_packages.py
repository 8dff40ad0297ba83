"""Packages that requirements take from other files of the repository."""

from __future__ import annotations

import pytest

from gitreg.operations import included_packages
from tests.operations.picture import Open
from tests.support.command import GitregCommand
from tests.support.repository import Repository

FILES: dict[str, str | None] = {"artifacts.yaml": "m: {path: a/model}\n", "a/model": "1"}


def register(repository: Repository, files: dict[str, str | None]) -> None:
    repository.commit({**FILES, **files})
    repository.register("m", "v1.0.0")


def told(repository: Repository, opened: Open) -> list[tuple[str | None, int | None, str]]:
    facts = opened(repository).facts("m@v1.0.0")
    return [(problem.file, problem.line, problem.message) for problem in facts.problems if problem.code == "GR401"]


def test_what_requirements_include_counts_however_deep_and_in_a_circle_once(repository: Repository, opened: Open) -> None:
    register(
        repository,
        {
            "a/requirements.txt": "-r base.txt\nnumpy==1.26.4\n",
            "a/base.txt": "--requirement=../common/more.in\nrequests>=2\n",
            "common/more.in": "-r ../a/requirements.txt\nrequests==2.31.0\n",
        },
    )
    registry = opened(repository)
    assert [(one.name, one.version, one.file) for one in registry.facts("m@v1.0.0").packages] == [
        ("numpy", "1.26.4", "a/requirements.txt"),
        ("requests", "2.31.0", "common/more.in"),
    ]
    found = [registry.search(query) for query in ("package:requests==2.31.0", "package:torch")]
    assert [(one.matched, one.doubtful) for one in found] == [(1, 0), (0, 0)]


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ("gone.txt", "it includes 'a/gone.txt', which is no file of this commit, so there may be more packages"),
        ("../../out.txt", "it includes what is not in this repository, so there may be more packages"),
        ("https://me:secret@host/x.txt", "it includes what is not in this repository, so there may be more packages"),
        ("model.d", "it includes 'a/model.d', which is no file of this commit, so there may be more packages"),
    ],
)
def test_what_cannot_be_followed_leaves_open_which_packages_there_are(
    include: str, message: str, repository: Repository, opened: Open, gitreg: GitregCommand
) -> None:
    register(repository, {"a/requirements.txt": f"numpy==1.26.4\n-r {include}\n", "a/model.d/x": "1"})
    assert told(repository, opened) == [("a/requirements.txt", 2, message)]
    found = opened(repository).search("package:requests")
    assert (found.matched, [one.reasons for one in found.unknown]) == (0, [(f"a/requirements.txt: {message}",)])
    assert opened(repository).search("package:numpy==1.26.4").matched == 1
    for command in ("trace", "card"):
        said = gitreg(command, "m@v1.0.0", cwd=repository.path)
        assert "there may be more packages" in said.stdout + said.stderr


def test_a_link_is_not_followed(repository: Repository, opened: Open) -> None:
    repository.commit({**FILES, "requirements.txt": "-r base.txt\n"})
    (repository.path / "base.txt").symlink_to("/etc/passwd")
    repository.git("add", "base.txt")
    repository.commit()
    repository.register("m", "v1.0.0")
    message = "it includes 'base.txt', which is a link, and links are not followed, so there may be more packages"
    assert told(repository, opened) == [("requirements.txt", 1, message)]


def test_no_more_files_are_read_than_anybody_writes(
    repository: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(included_packages, "_MOST", 3)
    chain: dict[str, str | None] = {f"{number}.txt": f"-r {number + 1}.txt\np{number}==1\n" for number in range(5)}
    register(repository, {**chain, "5.txt": "last==1\n", "requirements.txt": "-r 0.txt\n"})
    assert [one.name for one in opened(repository).facts("m@v1.0.0").packages] == ["p0", "p1", "p2"]
    message = "it includes one of more than 3 files, so it is not read, so there may be more packages"
    assert told(repository, opened) == [("2.txt", 1, message)]


def test_another_file_that_is_included_changes_what_is_known_of_its_commit_alone(repository: Repository, opened: Open) -> None:
    register(repository, {"requirements.txt": "-r base.txt\n", "base.txt": "numpy==1\n"})
    for number in range(2, 11):
        repository.tick()
        repository.commit({"base.txt": f"numpy=={number}\n"})
        repository.register("m", f"v{number}.0.0")
    for _ in range(2):  # the second time out of the cache
        found = opened(repository).search("package:numpy>=1", history=True)
        assert [one.values["package:numpy"] for one in found.matches] == [(str(number),) for number in range(10, 0, -1)]


@pytest.mark.parametrize(
    ("files", "torch"),
    [
        ({}, (0, 1)),
        ({"requirements.txt": "torch==2.1.0\n"}, (1, 0)),
        ({"uv.lock": '[[package]]\nname = "numpy"\nversion = "1.26.4"\n'}, (0, 0)),
    ],
)
def test_what_only_the_build_of_a_project_finds_out_may_be_any_package_unless_a_lock_has_it(
    files: dict[str, str | None], torch: tuple[int, int], repository: Repository, opened: Open
) -> None:
    register(repository, {"pyproject.toml": '[project]\nname = "x"\ndynamic = ["dependencies"]\n', **files})
    found = opened(repository).search("package:torch")
    assert (found.matched, found.doubtful) == torch


def test_the_files_that_setuptools_reads_are_followed(repository: Repository, opened: Open) -> None:
    below = '[tool.setuptools.dynamic]\ndependencies = {file = ["deps/base.in"]}\n'
    register(repository, {"pyproject.toml": f'[project]\ndynamic = ["dependencies"]\n{below}', "deps/base.in": "torch==2.1.0\n"})
    found = [opened(repository).search(query) for query in ("package:torch==2.1.0", "package:numpy")]
    assert [(one.matched, one.doubtful) for one in found] == [(1, 0), (0, 0)]


@pytest.mark.parametrize(
    ("files", "torch"),
    [
        ({"requirements-dev.txt": "pytest\n"}, (0, 1)),
        ({"requirements-dev.txt": "pytest\n-r base.txt\n", "base.txt": "numpy\n"}, (0, 0)),
        ({"requirements-dev.txt": "pytest\n", "requirements.txt": "numpy\n"}, (0, 0)),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.11"\n'}, (0, 1)),
        ({"a/requirements.txt": "numpy\n-e ..\n", "pyproject.toml": '[project]\ndependencies = ["torch==1.0"]\n'}, (1, 0)),
        ({"a/requirements.txt": "numpy\n-e ..[gpu]\n", "pyproject.toml": "[project]\n"}, (0, 0)),
        ({"requirements.txt": "numpy\n.\n", "setup.py": "import x"}, (0, 1)),
        ({"requirements.txt": "numpy\n.\n", "pyproject.toml": "[build-system]\n", "setup.cfg": "[options]\n"}, (0, 1)),
        ({"requirements.txt": "numpy\n-e .\n"}, (0, 0)),
        ({"requirements.txt": "numpy\n-e ..\n"}, (0, 1)),
        ({"a/setup.py": "setup(install_requires=['torch'])", "requirements.txt": "numpy\n"}, (0, 1)),
        ({"a/setup.py": "setup(name='a')", "requirements.txt": "numpy\n"}, (0, 0)),
        ({"a/MLmodel": "mlflow_version: 2.1\n"}, (0, 1)),
        (
            {
                "pyproject.toml": "[project]\ndynamic = ['dependencies']\n",
                "Pipfile.lock": '{"default": {"numpy": {"version": "==1"}}}',
            },
            (0, 1),
        ),
        ({"pyproject.toml": '[project]\ndependencies = ["numpy"]\noptional-dependencies.gpu = ["torch==1.0"]\n'}, (0, 1)),
    ],
)
def test_what_nobody_knows_to_be_absent_may_have_been_there(
    files: dict[str, str | None], torch: tuple[int, int], repository: Repository, opened: Open
) -> None:
    register(repository, files)
    for _ in range(2):  # the second time from the cache
        found = opened(repository).search("package:torch<2")
        assert (found.matched, found.doubtful) == torch


def test_a_file_of_packages_that_is_a_link_may_name_any(repository: Repository, opened: Open) -> None:
    repository.commit({**FILES, "pyproject.toml": '[project]\ndependencies = ["numpy"]\n', "envs/gpu.txt": "torch==1.0\n"})
    (repository.path / "requirements.txt").symlink_to("envs/gpu.txt")
    repository.git("add", "requirements.txt")
    repository.commit()
    repository.register("m", "v1.0.0")
    assert told(repository, opened) == [
        ("requirements.txt", None, "it is a link, and links are not followed, so there may be more packages")
    ]
    assert opened(repository).search("package:torch").doubtful == 1

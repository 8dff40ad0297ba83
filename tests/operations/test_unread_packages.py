"""Searches for packages where nobody can tell what a file names."""

from __future__ import annotations

import pytest

from tests.operations.picture import Open
from tests.support.repository import Repository

CUT = '[[package]]\nname = "numpy"\nversion = "1.26"\n'


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "numpy==1.26\ngit+https://github.com/huggingface/transformers.git\n"},
        {"requirements.txt": "numpy==1.26\n./vendored/transformers\n"},
        {"environment.yml": "dependencies:\n- numpy=1.26\n- pip:\n  - git+https://github.com/huggingface/transformers.git\n"},
        {"environment.yml": "dependencies:\n- numpy=1.26\n- pip:\n  - transformers >=4 <5\n"},
        {"environment.yml": 'dependencies:\n- numpy=1.26\n- pip: ["-r gone.txt"]\n'},
        {"pyproject.toml": '[project]\ndependencies = ["numpy==1.26", "transformers >=4 <5"]\n'},
        {"requirements.txt": "numpy==1.26\n", "uv.lock": "garbage"},
        {"uv.lock": f"{CUT}\n[[package]"},
        {"Pipfile.lock": '{"default": {"numpy": {"version": "==1.26"}, "transformers": {}}}'},
    ],
)
def test_that_a_package_is_not_there_is_no_answer_where_it_may_be(
    files: dict[str, str], repository: Repository, opened: Open
) -> None:
    repository.commit({"artifacts.yaml": "m: {path: model}\n", "model": "1", **files})
    repository.register("m", "v1.0.0")
    found = opened(repository).search("not package:transformers<4")
    assert (found.matched, found.doubtful) == (0, 1)


@pytest.mark.parametrize(
    "end", ['  [[package]]\nname = "transformers"\nversion = "4.1"\n', '[[package]] # x\nname="transformers"\nversion="4.1"\n']
)
def test_a_lock_that_no_program_wrote_so_is_read_as_the_toml_that_it_is(end: str, repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "m: {path: model}\n", "model": "1", "uv.lock": CUT + end})
    repository.register("m", "v1.0.0")
    found = [opened(repository).search(query) for query in ("package:transformers==4.1", "not package:transformers")]
    assert [(one.matched, one.doubtful) for one in found] == [(1, 0), (0, 0)]

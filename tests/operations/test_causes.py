"""Why something is not known: the file that cannot be read is named, and not the path that it therefore does not name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from gitreg import Registry
from gitreg.core.verdicts import Verdict
from gitreg.errors import NotFound, Refused, Unanswerable
from tests.support.dvc import set_up_dvc
from tests.support.repository import Repository

Open: TypeAlias = Callable[[Repository], Registry]
ENTRIES: Final = "churn:\n  path: models/churn.bin\n"
CONFLICT: Final = "schema: '2.0'\n<<<<<<< HEAD\nstages: {}\n"
BROKEN: Final = {
    "the entries": ({"artifacts.yaml": "churn:\n  path: [models\n"}, "artifacts.yaml:2:16: "),
    "the entry": ({"artifacts.yaml": "churn: models\n"}, "artifacts.yaml:1:8: "),
    "the lock": ({"artifacts.yaml": ENTRIES, "dvc.lock": CONFLICT}, "dvc.lock:3:1: the file is no YAML"),
    "a lock nearer by": ({"artifacts.yaml": ENTRIES, "models/dvc.lock": CONFLICT}, "models/dvc.lock:3:1: "),
    "a lock that is a list": ({"artifacts.yaml": ENTRIES, "dvc.lock": "- a\n"}, "dvc.lock: the file is no mapping"),
    "a lock that is too large": (
        {"artifacts.yaml": ENTRIES, "dvc.lock": "#" * (9 << 20)},
        "dvc.lock: the file has 9437184 bytes",
    ),
    "the pointer": ({"artifacts.yaml": ENTRIES, "models/churn.bin.dvc": "outs: [\n"}, "models/churn.bin.dvc:1:"),
    "that of its folder": ({"artifacts.yaml": ENTRIES, "models.dvc": "outs: [\n"}, "models.dvc:1:"),
}
ASKS: Final[dict[str, Callable[[Registry], object]]] = {
    "get": lambda registry: registry.get("churn@v1.0.0", to="there"),
    "url": lambda registry: registry.url("churn@v1.0.0"),
    "inspect": lambda registry: registry.inspect("churn@v1.0.0"),
    "inspect HEAD": lambda registry: registry.inspect("churn"),
}


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("broken", BROKEN)
def test_an_answer_that_a_broken_file_stands_in_the_way_of_names_that_file(
    broken: str, ask: str, repository: Repository, opened: Open
) -> None:
    files, cause = BROKEN[broken]
    commit = repository.commit(files)
    repository.register("churn", "v1.0.0")
    with pytest.raises(Unanswerable) as caught:
        ASKS[ask](opened(repository))
    assert cause in caught.value.message
    assert f"gitreg check --rev {commit[:7]}" in caught.value.hint


@pytest.mark.parametrize("broken", BROKEN)
def test_a_version_that_nobody_can_find_because_a_file_is_broken_is_not_published(
    broken: str, repository: Repository, opened: Open, tmp_path: Path
) -> None:
    files, cause = BROKEN[broken]
    repository.commit(files)
    repository.bare_remote(tmp_path / "remote.git")
    with pytest.raises(Refused) as caught:
        opened(repository).register("churn", push=True)
    assert cause in caught.value.message
    assert "gitreg check --rev" in caught.value.hint
    assert "--no-data-check" in caught.value.hint


@pytest.mark.parametrize("broken", BROKEN)
def test_verify_names_the_file_that_cannot_be_read(broken: str, repository: Repository, opened: Open) -> None:
    files, cause = BROKEN[broken]
    repository.commit(files)
    repository.register("churn", "v1.0.0")
    [row] = opened(repository).verify().versions
    assert row.verdict is Verdict.NO_ANSWER
    assert cause in row.detail


@pytest.mark.parametrize("broken", ["the entries", "the entry"])
def test_whoever_registers_what_has_no_entry_is_told_which_file_is_why(broken: str, repository: Repository, opened: Open) -> None:
    files, cause = BROKEN[broken]
    repository.commit(files)
    [note] = opened(repository).register("churn").notes
    assert cause in note
    assert "gitreg check --rev" in note
    assert "annotate" not in note


@pytest.mark.parametrize("file", ["models/dvc.lock", "dvc.lock", "models/churn.bin.dvc", "models.dvc"])
def test_nothing_is_added_to_what_dvc_may_keep_already(file: str, repository: Repository, opened: Open) -> None:
    set_up_dvc(repository)
    repository.commit({".gitignore": "churn.bin\n"})
    for name, content in {"models/churn.bin": "model", file: "outs: [\n"}.items():
        place = repository.path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(content)
    with pytest.raises(Refused, match=f"is not known: {file}:1:8") as caught:
        opened(repository).add("models/churn.bin", "churn")
    assert "gitreg check" in caught.value.hint


def test_where_no_file_is_broken_a_path_is_just_not_there(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": ENTRIES, "dvc.lock": "schema: '2.0'\nstages: {}\n", "models/other.bin.dvc": "outs: [\n"})
    repository.register("churn", "v1.0.0")
    with pytest.raises(NotFound, match="neither git, git-lfs nor DVC knows it"):
        opened(repository).get("churn@v1.0.0")
    [row] = opened(repository).verify().versions
    assert row.verdict is Verdict.MISSING


def test_what_is_found_is_found_whatever_else_is_broken(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": ENTRIES, "models/churn.bin": "model", "dvc.lock": CONFLICT})
    repository.register("churn", "v1.0.0")
    assert opened(repository).url("churn@v1.0.0").contents.kind == "git"

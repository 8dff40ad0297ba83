"""Fixtures for tests of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gitreg import Registry
from tests.git.inside import open_registry
from tests.operations.shelf import FOLDER, MODEL, Open, Shelf
from tests.support.repository import Repository
from tests.support.servers.storage import folder_storage


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Repository], Registry]]:
    """Opens registries, each in the environment and at the time of its repository, and closes them at the end."""
    with ExitStack() as stack:
        yield lambda repository: stack.enter_context(open_registry(repository, monkeypatch))


@pytest.fixture
def shelf(repository: Repository, tmp_path: Path, opened: Open) -> Shelf:
    """A file and a folder in a store that is a folder."""
    shelf = Shelf(repository, folder_storage(tmp_path / "store"), opened, tmp_path / "target")
    shelf.set_up()
    shelf.add("churn", "models/churn.onnx", MODEL)
    shelf.add("data", "data/raw", FOLDER)
    return shelf

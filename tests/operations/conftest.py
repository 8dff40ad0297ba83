"""Fixtures for tests of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from gitreg import Registry
from tests.git.inside import open_registry
from tests.support.repository import Repository


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Repository], Registry]]:
    """Opens registries, each in the environment and at the time of its repository, and closes them at the end."""
    with ExitStack() as stack:
        yield lambda repository: stack.enter_context(open_registry(repository, monkeypatch))

"""The real GTO, where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.compat.both import Both, Gto, open_both
from tests.support.repository import Repository

VARIABLE: Final = "GITREG_TEST_GTO"
FOLDER: Final = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; the hook sees those of all folders."""
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.compat)


@pytest.fixture(scope="session")
def gto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gto]:
    """The process that answers for GTO, one for all tests."""
    program = os.environ.get(VARIABLE)
    if not program:
        pytest.skip(f"{VARIABLE} names no GTO: pip install gto==1.10.1 in an environment of its own and set it to its bin/gto")
    process = Gto(Path(program), tmp_path_factory.mktemp("gto") / "home")
    yield process
    process.close()


@pytest.fixture
def both(repository: Repository, gto: Gto) -> Iterator[Both]:
    """A repository with one commit, and both tools on it."""
    with open_both(repository, gto) as both:
        yield both

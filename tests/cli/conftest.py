"""A registry with a past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.git.inside import open_registry
from tests.operations.picture import Open
from tests.support.repository import Repository

ENTRIES = """\
churn:
  path: models/churn.pkl
  type: model
  description: Predicts which customers leave within a month, from what they did in the last year.
  labels: [tabular, weekly]
"""


@pytest.fixture
def story(repository: Repository) -> Repository:
    """Two artifacts, three versions, two stages, one rollback to be."""
    repository.commit({"artifacts.yaml": ENTRIES, "models/churn.pkl": "1"}, "Train")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    repository.commit({"models/churn.pkl": "2"}, "Train again")
    repository.register("churn", "v1.1.0")
    repository.tick()
    repository.assign("churn", "staging", version="v1.1.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.1.0")
    repository.tick()
    repository.register("models/nlp:sentiment", "v0.1.0-rc.1")
    repository.tick()
    return repository


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens registries in this process, as in the tests of operations."""
    with ExitStack() as stack:
        yield lambda repository: stack.enter_context(open_registry(repository, monkeypatch))

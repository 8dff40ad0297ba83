"""Places whose names git cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitreg.errors import Unanswerable
from gitreg.git.location import locate
from tests.support.repository import Repository


def test_a_path_with_a_line_end_is_refused(tmp_path: Path) -> None:
    """What git answers cannot be told apart there, and once looked like those of a shallow clone."""
    repository = Repository.create(tmp_path / "a\nb")
    with pytest.raises(Unanswerable, match="line end"):
        locate(repository.path)

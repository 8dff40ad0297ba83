"""One writer at a time: the others wait, but not for ever."""

from __future__ import annotations

import fcntl
from threading import Timer

import pytest

from gitreg.errors import ExternalFault
from gitreg.git import alone as module
from gitreg.git.alone import alone
from gitreg.git.location import locate
from tests.support.repository import Repository


def test_who_comes_second_waits_until_the_first_is_done(repository: Repository) -> None:
    with (repository.path / ".git/gitreg-writing").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = Timer(0.1, fcntl.flock, (file, fcntl.LOCK_UN))
        done.start()
        with alone(locate(repository.path)):
            assert done.finished.is_set()


def test_a_writer_that_hangs_is_named_in_the_end(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 0.1)
    with (repository.path / ".git/gitreg-writing").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(ExternalFault, match="another gitreg") as raised, alone(locate(repository.path)):
            pass
    assert "gitreg-writing" in raised.value.hint

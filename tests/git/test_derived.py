from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gitreg.git import derived as module
from gitreg.git.derived import FILE, Derived, delete_derived, derived_file, make_key
from gitreg.registry.caching import clear_cache


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache, which is not there yet."""
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("GITREG_CACHE_LIMIT", raising=False)
    return tmp_path / "cache"


def keep(**texts: str) -> None:
    derived = Derived()
    derived.keep(texts)
    derived.close()


def look_up(*keys: str) -> dict[str, str]:
    derived = Derived()
    try:
        return derived.look_up(keys)
    finally:
        derived.close()


def test_what_is_kept_is_found_by_its_key(cache: Path) -> None:
    keep(a="1", b="\ud7ff\0'\"")
    keep(a="2")
    assert look_up("a", "b", "c") == {"a": "2", "b": "\ud7ff\0'\""}
    assert stat.S_IMODE((cache / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((cache / FILE).parent.stat().st_mode) == 0o700


def test_more_keys_than_one_question_has_are_found() -> None:
    keep(**{f"k{number}": str(number) for number in range(1201)})
    assert len(look_up(*(f"k{number}" for number in range(1201)))) == 1201


def test_keys_differ_where_their_parts_do() -> None:
    assert len({make_key("a", "b"), make_key("ab"), make_key("a", "b", ""), make_key("a", "\udc80"), make_key()}) == 5


def test_one_that_is_shut_keeps_and_finds_nothing(cache: Path) -> None:
    derived = Derived(is_shut=True)
    derived.keep({"a": "1"})
    assert derived.look_up(["a"]) == {}
    derived.close()
    assert not cache.exists()


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_file_is_made_anew(cache: Path, damage: bytes) -> None:
    keep(a="1")
    (cache / FILE).write_bytes(damage)
    assert look_up("a") == {}
    keep(b="2")
    assert look_up("a", "b") == {"b": "2"}


def test_damage_in_the_middle_of_the_file_makes_no_other_answer(cache: Path) -> None:
    texts = {f"k{number}": f"{number}" * 300 for number in range(200)}
    keep(**texts)
    data = bytearray((cache / FILE).read_bytes())
    for place in range(5000, len(data), 3001):
        data[place : place + 40] = b"1" * 40
    (cache / FILE).write_bytes(data)
    found = look_up(*texts)
    assert found.items() <= texts.items()
    keep(**texts)
    assert look_up(*texts).items() <= texts.items()


def test_wherever_a_byte_is_damaged_the_file_heals_and_no_answer_is_another_one(cache: Path) -> None:
    keep(a="one", b="two")
    whole = (cache / FILE).read_bytes()
    marked = [whole.index(text) for text in (b"one", b"derived", b"CREATE", b"number", b"INTEGER")]
    for offset in [*range(0, len(whole), 61), *(start + more for start in marked for more in range(8))]:
        (cache / FILE).write_bytes(whole[:offset] + b"\xbe" + whole[offset + 1 :])
        (cache / FILE).chmod(0o600)
        assert look_up("a", "b").items() <= {"a": "one", "b": "two"}.items()
        keep(a="one", b="two")
        keep(a="one", b="two")
        assert look_up("a", "b") == {"a": "one", "b": "two"}, offset


def test_a_text_that_was_changed_does_not_count(cache: Path) -> None:
    keep(a="1", b="2")
    with sqlite3.connect(cache / FILE) as connection:
        connection.execute("UPDATE derived SET text = '3' WHERE key = 'a'")
    connection.close()
    assert look_up("a", "b") == {"b": "2"}


def test_it_may_be_deleted_while_it_is_used(cache: Path) -> None:
    keep(a="1")
    derived = Derived()
    assert derived.look_up(["a"]) == {"a": "1"}
    (cache / FILE).unlink()
    derived.keep({"b": "2"})
    derived.close()
    keep(c="3")
    assert look_up("c") == {"c": "3"}


def test_somebody_who_writes_keeps_nobody_waiting_for_long(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    keep(a="1")
    other = sqlite3.connect(cache / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert look_up("a") == {}
    keep(b="2")
    other.execute("ROLLBACK")
    other.close()
    assert look_up("a", "b") == {"a": "1"}


def test_it_does_not_grow_for_ever(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 200_000)
    for number in range(40):
        keep(**{f"k{number}": "x" * 20_000})
    assert (cache / FILE).stat().st_size < 400_000
    assert look_up("k39").keys() == {"k39"}
    assert look_up("k0") == {}


@pytest.mark.parametrize("limit", ["0", "1K"])
def test_the_limit_of_the_cache_counts(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITREG_CACHE_LIMIT", limit)
    keep(a="x" * 2000)
    assert look_up("a") == {}


def test_a_limit_that_is_no_size_is_for_others_to_complain_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITREG_CACHE_LIMIT", "much")
    keep(a="1")
    assert look_up("a") == {"a": "1"}


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_where_others_may_write_is_not_used(cache: Path, mode: int) -> None:
    keep(a="1")
    (cache / FILE).parent.chmod(mode)
    assert derived_file() is None
    assert look_up("a") == {}


def test_a_file_that_others_may_write_is_not_used(cache: Path) -> None:
    keep(a="1")
    (cache / FILE).chmod(0o666)
    assert look_up("a") == {}


def test_a_link_is_not_used(cache: Path, tmp_path: Path) -> None:
    keep(a="1")
    (cache / FILE).rename(tmp_path / "elsewhere.sqlite")
    (cache / FILE).symlink_to(tmp_path / "elsewhere.sqlite")
    assert look_up("a") == {}
    (cache / FILE).unlink()
    (cache / FILE).parent.rename(tmp_path / "folder")
    (cache / FILE).parent.symlink_to(tmp_path / "folder")
    assert look_up("a") == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_not_used(cache: Path) -> None:
    keep(a="1")
    os.chown((cache / FILE).parent, 12345, 12345)
    assert look_up("a") == {}


def test_a_cache_that_cannot_be_made_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "file" / "below"))
    keep(a="1")
    assert look_up("a") == {}


def test_clearing_the_cache_of_all_repositories_deletes_it(cache: Path) -> None:
    keep(a="1")
    clear_cache(dry_run=True)
    assert look_up("a") == {"a": "1"}
    clear_cache()
    assert not (cache / FILE).exists()
    delete_derived()


@pytest.mark.slow
def test_processes_side_by_side_lose_nothing_but_time(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom gitreg.git.derived import Derived\n"
        "for number in range(30):\n"
        "    derived = Derived()\n"
        "    derived.keep({f'{sys.argv[1]}-{number}': 'x' * 500})\n"
        "    derived.look_up(['0-0', '1-1'])\n"
        "    derived.close()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(module.__file__).parents[2])}
    started = [subprocess.Popen([sys.executable, "-c", script, str(index)], env=environment) for index in range(4)]
    assert [process.wait() for process in started] == [0, 0, 0, 0]
    keys = [f"{index}-{number}" for index in range(4) for number in range(30)]
    assert len(look_up(*keys)) > 100

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.errors import ExternalFault, UsageFault
from gitreg.git.mirror_cache import cache_root, read_cache, read_limit
from gitreg.git.mirror_folder import MirrorFolder
from gitreg.registry.caching import clear_cache
from tests.git.inside import enter
from tests.git.mirrors import folder_of
from tests.support.repository import Repository

ENTRIES = "churn:\n  path: models/churn.pkl\n  type: model\n"


@pytest.fixture
def url(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a registry with two versions."""
    for version in ("v1.0.0", "v1.1.0"):
        repository.commit({"artifacts.yaml": ENTRIES, "models/churn.pkl": version, "large.bin": version * 20_000})
        repository.register("churn", version)
        repository.tick()
    repository.assign("churn", "prod", version="v1.1.0")
    repository.bare_remote(tmp_path / "remote.git")
    enter(repository, monkeypatch)
    return (tmp_path / "remote.git").as_uri()


def show(url: str) -> object:
    with Registry(url) as registry:
        return registry.show("churn"), registry.show("churn@v1.0.0"), registry.show()


@contextmanager
def noted_programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[str]]]:
    """Note the arguments of each git process of ours."""
    folder.mkdir()
    log, program = folder / "log", folder / "git"
    log.touch()
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$*\" >>'{log}'\nexec '{shutil.which('git')}' \"$@\"\n")
    program.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        yield lambda: [line for line in log.read_text().splitlines() if line.startswith("--no-pager")]


def talks(lines: list[str]) -> list[str]:
    return [line for line in lines if " fetch " in line or " ls-remote " in line]


def test_a_second_look_is_one_conversation(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with noted_programs(tmp_path / "cold", monkeypatch) as lines, Registry(url) as registry:
        registry.show("churn")
    assert len(talks(lines())) == 4, "tags with HEAD, its folders, its artifacts.yaml, and the file that it points to"
    with noted_programs(tmp_path / "warm", monkeypatch) as lines, Registry(url) as registry:
        registry.show("churn")
    assert len(talks(lines())) == 1
    assert len(lines()) == 2, "and one to read objects"


def test_a_file_that_nobody_asked_for_is_not_fetched(url: str, repository: Repository) -> None:
    show(url)
    mirror = Repository(folder_of(url).git_dir, bare=True, extra=repository.extra)
    for path, there in (("artifacts.yaml", True), ("large.bin", False)):
        blob = repository.git("rev-parse", f"HEAD:{path}")
        assert (mirror.git("cat-file", "--batch-check", input=blob) != f"{blob} missing") is there


def test_the_cache_is_where_the_person_or_the_system_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_root() == tmp_path / ".cache/gitreg"
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_root() == tmp_path / "Library/Caches/gitreg"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_root() == tmp_path / "Library/Caches/gitreg"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root() == tmp_path / "xdg/gitreg"
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "own"))
    assert cache_root() == tmp_path / "own"


def test_nobody_else_can_look_into_it(url: str) -> None:
    show(url)
    assert stat.S_IMODE(folder_of(url).path.stat().st_mode) == 0o700


def test_a_secret_in_an_address_is_neither_on_disk_nor_on_a_command_line(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{url}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://example.com/models")
    address = "https://ann:secret@example.com/models"
    with noted_programs(tmp_path / "programs", monkeypatch) as lines, Registry(address) as registry:
        registry.show("churn")
        registry.register("churn", same_commit=True)
        assert lines()
        assert not any("secret" in line for line in lines())
    kept = [path for path in cache_root().rglob("*") if path.is_file()]
    assert kept
    assert not any(b"secret" in path.read_bytes() for path in kept)
    assert [repository.address for repository in read_cache().repositories] == ["https://example.com/models"]


def test_an_address_never_starts_a_program_whatever_it_is_rewritten_to(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.ext::touch {tmp_path}/touched .insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://example.com/")
    monkeypatch.setenv("GIT_CONFIG_KEY_1", "protocol.ext.allow")
    monkeypatch.setenv("GIT_CONFIG_VALUE_1", "always")
    with Registry("https://example.com/models") as registry, pytest.raises(ExternalFault, match="transport 'ext' not allowed"):
        registry.show()
    assert not (tmp_path / "touched").exists()


def _spoil_packs(folder: MirrorFolder) -> None:
    for pack in folder.git_dir.rglob("*.pack"):
        data = bytearray(pack.read_bytes())
        data[20:-20] = bytes(255 - byte for byte in data[20:-20])
        pack.chmod(0o644)
        pack.write_bytes(data)


def _empty_packs(folder: MirrorFolder) -> None:
    for pack in folder.git_dir.rglob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(b"")


def _empty_indexes(folder: MirrorFolder) -> None:
    for index in folder.git_dir.rglob("*.idx"):
        index.chmod(0o644)
        index.write_bytes(b"\0" * 100)


def _remove_packs(folder: MirrorFolder) -> None:
    shutil.rmtree(folder.git_dir / "objects/pack")


def _write(name: str, text: str) -> Callable[[MirrorFolder], None]:
    def write(folder: MirrorFolder) -> None:
        (folder.path / name).write_text(text)

    return write


DAMAGES: dict[str, Callable[[MirrorFolder], None]] = {
    "packs whose bytes are others": _spoil_packs,
    "empty packs": _empty_packs,
    "indexes of packs without sense": _empty_indexes,
    "no packs": _remove_packs,
    "no objects": lambda folder: shutil.rmtree(folder.git_dir / "objects"),
    "no repository": lambda folder: shutil.rmtree(folder.git_dir),
    "no HEAD": lambda folder: (folder.git_dir / "HEAD").unlink(),
    "a HEAD without sense": _write("git/HEAD", "nonsense\n"),
    "no config": lambda folder: (folder.git_dir / "config").unlink(),
    "a config without sense": _write("git/config", "[core\n"),
    "packed refs without sense": _write("git/packed-refs", "nonsense\n"),
    "a ref without sense": _write("git/refs/gitreg/tags/churn@v1.0.0", "nonsense\n"),
    "an empty ref": _write("git/refs/gitreg/tags/churn@v1.0.0", "\n"),
    "a list of tags without sense": _write("tags", "nonsense\nmore"),
    "a list of cuts without sense": _write("cut", "nonsense\n"),
    "a lock of git": _write("git/shallow.lock", "1"),
    "no address": lambda folder: (folder.path / "address").unlink(),
    "no folder at all": lambda folder: shutil.rmtree(folder.path),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_cache_heals_itself(damage: Callable[[MirrorFolder], None], url: str) -> None:
    before = show(url)
    damage(folder_of(url))
    assert show(url) == before
    with Registry(url) as registry:
        assert registry.register("churn", same_commit=True).pushed


def test_a_cache_that_cannot_be_written_says_where_it_is(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "file/cache"))
    with pytest.raises(ExternalFault, match=r"the cache at .* cannot be used") as raised:
        Registry(url)
    assert raised.value.hint == "name another folder: export GITREG_CACHE_DIR=FOLDER"


def test_what_was_not_used_for_the_longest_time_goes_first(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = []
    for number in range(3):
        shutil.copytree(tmp_path / "remote.git", tmp_path / f"other-{number}.git")
        others.append((tmp_path / f"other-{number}.git").as_uri())
        show(others[-1])
        os.utime(folder_of(others[-1]).path / "address", (number, number))
    monkeypatch.setenv("GITREG_CACHE_LIMIT", str(folder_of(others[2]).size() + 100))
    show(url)
    assert [kept.address for kept in read_cache().repositories] == [url, others[2]]


@pytest.mark.parametrize(
    ("text", "size"), [("0", 0), ("500", 500), ("2k", 2048), ("500M", 500 << 20), ("1 GiB", 1 << 30), ("2GB", 2 << 30)]
)
def test_a_limit_is_a_number_of_bytes(text: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITREG_CACHE_LIMIT", text)
    assert read_limit() == size


def test_a_limit_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITREG_CACHE_LIMIT", "much")
    with pytest.raises(UsageFault, match="GITREG_CACHE_LIMIT is 'much', which is no size"):
        read_limit()


def test_many_packs_become_one(url: str, repository: Repository) -> None:
    before = show(url)
    packs = folder_of(url).git_dir / "objects/pack"
    pack = next(packs.glob("*.pack"))
    for number in range(60):
        for part in pack.parent.glob(f"{pack.stem}.*"):
            shutil.copy(part, packs / f"pack-{number:040x}{part.suffix}")
    assert show(url) == before
    assert folder_of(url).pack_count() < 5
    assert show(url) == before


def test_clearing_takes_one_or_all(url: str, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "remote.git", tmp_path / "other.git")
    other = (tmp_path / "other.git").as_uri()
    show(url)
    show(other)
    assert {kept.address for kept in clear_cache(dry_run=True)} == {url, other}
    assert [kept.tags for kept in clear_cache(other)] == [3]
    assert [kept.address for kept in read_cache().repositories] == [url]
    assert [kept.address for kept in clear_cache()] == [url]
    assert read_cache().repositories == ()
    with pytest.raises(UsageFault, match="is no address of a repository"):
        clear_cache("models")


def test_a_push_goes_where_git_is_told_to_push_and_is_decided_there(
    url: str, tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tmp_path / "remote.git", tmp_path / "main.git")
    repository.register("churn", "v1.2.0")
    repository.git("push", "--quiet", str(tmp_path / "main.git"), "--tags")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{(tmp_path / 'main.git').as_uri()}.pushInsteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", url)
    with Registry(url) as registry:
        assert registry.register("churn", same_commit=True).created[0].version == "v1.2.1"
    assert "refs/tags/churn@v1.2.1" in Repository(tmp_path / "main.git", bare=True).refs()
    assert "refs/tags/churn@v1.2.1" not in Repository(tmp_path / "remote.git", bare=True).refs()

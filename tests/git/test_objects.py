from __future__ import annotations

import gc
import resource
import shutil
import sys
from pathlib import Path

import pytest

from gitreg.errors import ExternalFault
from gitreg.git.objects import Objects, UnknownRevision
from gitreg.git.run import Git
from tests.git.inside import enter
from tests.support.repository import Repository


def script(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a script called ``git`` before the real one."""
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{text.replace('GIT', str(shutil.which('git')))}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_objects_are_read_by_id_and_by_name_in_the_order_asked_for(objects: Objects, repository: Repository) -> None:
    blob = repository.git("rev-parse", "HEAD:README.md")
    found = list(objects.contents(["HEAD:README.md", "HEAD", blob, "HEAD^{tree}"]))
    assert [one.type for one in found] == ["blob", "commit", "blob", "tree"]
    assert (found[0].object_id, found[0].content, found[0].size) == (blob, b"# Example\n", 10)
    assert found[2] == found[0]
    assert [one.type for one in objects.stat(["HEAD", blob])] == ["commit", "blob"]
    assert next(iter(objects.stat(["HEAD"]))).content == b""


@pytest.mark.parametrize("name", ["1" * 40, "HEAD:nothing", "--all", "-x", "refs/tags/a b", "HEAD^{tree} x", "", "ä\udcff"])
def test_what_is_missing_is_found_without_a_type(name: str, objects: Objects) -> None:
    found = list(objects.contents(["HEAD", name, "HEAD"]))
    assert [one.type for one in found] == ["commit", "", "commit"]
    assert (found[1].object_id, found[1].size, found[1].content) == (name, 0, b"")


def test_nothing_asked_starts_nothing(tmp_path: Path) -> None:
    with Objects(Git(tmp_path / "nowhere")) as objects:
        assert list(objects.contents([])) == list(objects.stat([])) == []
        assert objects.read_events({"v1": "1" * 40, "other": "2" * 40}) == ([], [])


def test_more_objects_than_a_pipe_holds_are_read_in_order(objects: Objects, repository: Repository) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", input=b"x" * 20_000)
    asked = [blob, "HEAD", "HEAD:nothing"] * 2_000
    assert [one.type for one in objects.contents(asked)] == ["blob", "commit", ""] * 2_000
    assert [one.type for one in objects.stat(["HEAD"])] == ["commit"]


def test_who_stops_in_the_middle_can_still_close(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(repository, monkeypatch)
    blob = repository.git("hash-object", "-w", "--stdin", input=b"x" * 100_000)
    objects = Objects(Git(repository.path))
    assert next(iter(objects.contents([blob] * 5_000))).size == 100_000
    objects.close()
    assert next(iter(objects.stat(["HEAD"]))).type == "commit"
    objects.close()


def test_a_tag_of_a_megabyte_is_read_whole(objects: Objects, repository: Repository) -> None:
    repository.tag("large", message="words " * 200_000)
    (found,) = objects.contents(["refs/tags/large"])
    assert len(found.content) == found.size > 1_200_000


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory in kibibytes")
def test_a_lightweight_tag_of_a_huge_file_takes_no_memory(objects: Objects, repository: Repository) -> None:
    huge = repository.path / "huge"
    with huge.open("wb") as file:
        file.truncate(100 << 20)
    blob = repository.git("-c", "core.compression=1", "hash-object", "-w", "huge")
    repository.tag("model@v1.0.0", blob, lightweight=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    events, problems = objects.read_events({"model@v1.0.0": blob})
    assert (events, [problem.code for problem in problems]) == ([], ["GR203"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    assert next(iter(objects.stat(["HEAD"]))).type == "commit"


@pytest.mark.parametrize(
    "rev", ["--output=x", "@{-1}", "@{u}", "HEAD:README.md", "HEAD^{tree}", "HEAD\nHEAD", "HEAD\0", "", "-x", "--all", "HEAD HEAD", "1" * 40, "v1"]
)  # fmt: skip
def test_a_revision_that_names_no_commit_is_unknown(rev: str, objects: Objects, repository: Repository) -> None:
    with pytest.raises(UnknownRevision) as caught:
        objects.resolve_commit(rev)
    assert (caught.value.rev, caught.value.exit_code) == (rev, 3)
    assert not (repository.path / "x").exists()


@pytest.mark.parametrize("rev", ["HEAD", "main", "@", "HEAD~0", "refs/heads/main", "tagged"])
def test_a_revision_is_resolved_to_the_full_id_of_its_commit(rev: str, objects: Objects, repository: Repository) -> None:
    repository.tag("tagged")
    assert objects.resolve_commit(rev) == repository.git("rev-parse", "HEAD")


def test_a_branch_and_a_tag_of_one_name_are_told_apart_as_git_does(objects: Objects, repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.tag("twice")
    repository.git("branch", "twice", repository.commit(message="Second"))
    assert objects.resolve_commit("twice") == first
    assert objects.resolve_commit("heads/twice") != first


def test_an_object_that_is_damaged_is_missing_and_the_others_are_read(objects: Objects, repository: Repository) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", input=b"some bytes")
    loose = repository.path / ".git/objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"no zlib at all")
    assert [one.type for one in objects.contents(["HEAD", blob, "HEAD"])] == ["commit", "", "commit"]


def test_a_git_that_dies_in_the_middle_is_told_and_leaves_nothing_open(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(repository, monkeypatch)
    script(tmp_path / "dying", "echo 'fatal: out of memory' >&2; exit 128", monkeypatch)
    objects = Objects(Git(repository.path))
    with pytest.raises(ExternalFault, match="out of memory"):
        list(objects.stat(["HEAD"]))
    with pytest.raises(ExternalFault, match="out of memory"):
        list(objects.contents(["HEAD"] * 50_000))
    gc.collect()  # a stream that were still open would be a warning, and so an error


def test_a_git_that_is_a_script_around_the_real_one_ends_with_us(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(repository, monkeypatch)
    script(tmp_path / "around", 'GIT "$@"; exit $?', monkeypatch)
    objects = Objects(Git(repository.path))
    assert len(objects.resolve_commit("HEAD")) == 40
    objects.close()


def test_a_git_that_complains_more_than_a_pipe_holds_is_heard_to_the_end(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(repository, monkeypatch)
    script(tmp_path / "loud", 'yes "error: something" | head -n 20000 >&2; exec GIT "$@"', monkeypatch)
    with Objects(Git(repository.path)) as objects:
        assert len(objects.resolve_commit("HEAD")) == 40

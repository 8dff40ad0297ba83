from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from gitreg.render.text import format_size
from tests.support.command import GitregCommand, Result
from tests.support.repository import Repository


@pytest.fixture
def url(story: Repository, remote: Repository) -> str:
    """The address of the story."""
    return remote.path.as_uri()


def masked(result: Result, tmp_path: Path) -> Result:
    return Result(result.stdout.replace(str(tmp_path), "/tmp"), result.stderr.replace(str(tmp_path), "/tmp"), result.code)


READS = (
    ("show",),
    ("show", "churn"),
    ("show", "churn#prod"),
    ("show", "--json"),
    ("history",),
    ("resolve", "churn#prod"),
    ("resolve", "churn@latest", "--path"),
    ("stages",),
    ("check-ref", "churn#prod#1"),
    ("check",),
)


@pytest.mark.parametrize("command", READS, ids=" ".join)
def test_a_command_prints_the_same_from_afar(
    command: tuple[str, ...], url: str, remote: Repository, gitreg: GitregCommand, tmp_path: Path
) -> None:
    assert gitreg(*command, "--repo", url, cwd=tmp_path) == gitreg(*command, "--repo", str(remote.path), cwd=tmp_path)


def test_the_address_may_stand_in_the_environment(url: str, gitreg: GitregCommand, tmp_path: Path) -> None:
    assert gitreg("resolve", "churn#prod", "--fetch", env={"GITREG_REPO": url}, cwd=tmp_path) == Result("v1.1.0\n", "", 0)


def test_tab_completes_names_from_afar(url: str, gitreg: GitregCommand, tmp_path: Path) -> None:
    assert gitreg("--complete", "show", "--repo", url, "ch", cwd=tmp_path).stdout == "churn\nchurn#\nchurn@\n"
    assert gitreg("--complete", "cache", "i", cwd=tmp_path).stdout == "info\n"


def test_a_write_says_where_it_went(url: str, gitreg: GitregCommand, tmp_path: Path) -> None:
    result = gitreg("assign", "churn@v1.0.0", "dev", "--repo", url, cwd=tmp_path)
    assert masked(result, tmp_path) == snapshot(
        Result(
            stdout="""\
Assigned churn v1.0.0 at 05a082c to dev as 'churn#dev#4'
Pushed it to file:///tmp/remote.git
""",
            stderr="note: 'dev' is a new stage of 'churn', beside prod, staging\n",
            code=0,
        )
    )


def test_a_write_that_is_kept_back_is_refused(url: str, gitreg: GitregCommand, tmp_path: Path) -> None:
    result = gitreg("assign", "churn@v1.0.0", "dev", "--no-push", "--repo", url, cwd=tmp_path)
    assert masked(result, tmp_path) == snapshot(
        Result(
            stdout="",
            stderr="""\
error: what is written to 'file:///tmp/remote.git' is published at once
hint: leave out --no-push; or preview it: --dry-run; or write in a clone: --repo PATH
""",
            code=2,
        )
    )


def test_what_needs_files_needs_a_clone(url: str, gitreg: GitregCommand, tmp_path: Path) -> None:
    assert masked(gitreg("annotate", "churn", "--owner", "me", "--repo", url, cwd=tmp_path), tmp_path) == snapshot(
        Result(
            stdout="",
            stderr="""\
error: this needs a clone, and 'file:///tmp/remote.git' is only an address
hint: git clone file:///tmp/remote.git, and run it there
""",
            code=2,
        )
    )


def test_a_tag_that_moved_is_told(url: str, story: Repository, gitreg: GitregCommand, tmp_path: Path) -> None:
    gitreg("show", "--repo", url)
    story.git("tag", "--force", "--annotate", "-m", "Moved", "churn@v1.0.0", "HEAD")
    story.git("push", "--quiet", "--force", "origin", "refs/tags/churn@v1.0.0")
    assert masked(gitreg("resolve", "churn#prod", "--repo", url, cwd=tmp_path), tmp_path) == snapshot(
        Result(
            stdout="",
            stderr="""\
error: tag 'churn@v1.0.0' of 'file:///tmp/remote.git' was moved since it was last seen here
hint: find out who moved it; to accept it: gitreg cache clear 'file:///tmp/remote.git'
""",
            code=6,
        )
    )
    assert gitreg("cache", "clear", url).code == 0
    assert gitreg("resolve", "churn#prod", "--repo", url, cwd=tmp_path).code == 0


def test_an_address_that_runs_a_program_is_refused(gitreg: GitregCommand, tmp_path: Path) -> None:
    assert gitreg("show", "--repo", "ext::sh -c 'touch touched'", cwd=tmp_path) == snapshot(
        Result(
            stdout="",
            stderr="""\
error: "ext::sh -c 'touch touched'" is no address of a repository
hint: give an address with https, ssh, git or file, such as https://example.com/models.git, or a path
""",
            code=2,
        )
    )
    assert not (tmp_path / "touched").exists()


def test_the_cache_is_shown_and_cleared(url: str, gitreg: GitregCommand, tmp_path: Path) -> None:
    assert masked(gitreg("cache", "info"), tmp_path) == snapshot(
        Result(stdout="", stderr="note: 0 bytes of at most 1.1 GB in /tmp/home/.cache/gitreg\n", code=0)
    )
    gitreg("show", "--repo", url)
    document = json.loads(gitreg("cache", "info", "--json").stdout)
    jsonschema.Draft202012Validator(load("cache-info")).validate(document)
    (kept,) = document["repositories"]
    assert (kept["address"], kept["tags"]) == (url, 6)
    shown = gitreg("cache", "info").stdout.splitlines()
    assert [line.split()[0] for line in shown] == ["address", url]
    preview = gitreg("cache", "clear", "--dry-run")
    assert preview.stdout == f"Would remove {url} ({format_size(kept['size'])})\n"
    cleared = gitreg("cache", "clear", "--json").stdout
    jsonschema.Draft202012Validator(load("cache-clear")).validate(json.loads(cleared))
    assert [removed["address"] for removed in json.loads(cleared)["removed"]] == [url]
    assert masked(gitreg("cache", "clear"), tmp_path) == snapshot(
        Result(stdout="", stderr="note: there is nothing to remove\n", code=0)
    )


def test_looking_at_the_cache_takes_no_address(gitreg: GitregCommand) -> None:
    assert gitreg("cache", "info", "https://example.com/models") == snapshot(
        Result(
            stdout="",
            stderr="""\
error: 'gitreg cache info' takes neither an address nor --dry-run
hint: gitreg cache info
""",
            code=2,
        )
    )

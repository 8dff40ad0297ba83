from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gitreg import Registry
from gitreg.errors import Conflict, ExternalFault, GitregError, NotFound, Refused, Unanswerable, UsageFault
from tests.git.inside import enter
from tests.git.reads import NOT_FOUND, READS
from tests.support.repository import Repository
from tests.support.servers.fixtures import GIT_SERVERS, Servers
from tests.support.servers.git_server import GitServer

DVC = "outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  size: 14445097\n  path: {}\n"
ENTRIES = "model-0:\n  path: models/deep/a.pkl\n  type: model\n  labels: [weekly]\nplain:\n  path: README.md\n"


def tell_story(repository: Repository) -> None:
    """Make a registry with files in folders, a rollback, a bare stage, and tags that are not as they should be."""
    files = {"artifacts.yaml": ENTRIES, "models/deep/a.pkl.dvc": DVC.format("a.pkl"), "models/dvc.yaml": "stages: {}\n"}
    repository.commit(files, "Train")
    repository.tick()
    repository.register("model-0", "v1.0.0")
    repository.tick()
    repository.commit({"models/deep/a.pkl.dvc": DVC.format("a.pkl").replace("22", "33")}, "Train again")
    repository.register("model-0", "v1.1.0")
    for version in ("v1.0.0", "v1.1.0", "v1.0.0", "v1.1.0"):
        repository.tick()
        repository.assign("model-0", "prod", f"model-0@{version}^{{commit}}", version=version)
    repository.tick(86_400)
    repository.commit(
        {"sub/artifacts.yaml": "nlp:\n  path: nlp.bin\n", "sub/nlp.bin": "bytes", ".gitreg.yaml": "stages: [dev, prod]\n"}
    )
    repository.register("sub:nlp", "v0.1.0")
    repository.tag("model-0#canary", "HEAD~1")
    repository.tag("model-0#prod#9", lightweight=True)
    repository.tag("model-0@nightly", lightweight=True)
    repository.tag("v1.0")
    repository.git("branch", "side", "HEAD~2")


def answer(registry: Registry, read: Callable[[Registry], object]) -> object:
    """Give the answer, or what the error says."""
    try:
        return read(registry)
    except GitregError as error:
        return type(error), error.message


@pytest.fixture
def story(repository: Repository) -> Repository:
    tell_story(repository)
    return repository


@pytest.fixture
def url(story: Repository, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the story in a folder."""
    return hosted(story, servers.git("file"), servers, monkeypatch)


def hosted(repository: Repository, server: GitServer, servers: Servers, monkeypatch: pytest.MonkeyPatch, **options: Any) -> str:
    """Put a repository on a server and enter its environment; return the address."""
    name = servers.new_name()
    server.host(repository, name, **options)
    enter(repository, monkeypatch)
    return server.url(name)


def served(repository: Repository) -> Path:
    """The folder of the server that a repository was put on."""
    return Path(repository.git("remote", "get-url", "origin").removeprefix("file://"))


# What is said and how differs by git's protocol and by whether files may be left out; other hosts of the same kind get one question
# of each kind of need: tags, files of now, of a date and of a branch, and what is not there.
FEW = (
    "show", "show NAME --at DATE", "show NAME --at REV", "resolve NAME#S --path", "history NAME", "check-ref TAG", "show NOBODY",
    "resolve NOBODY#S --at REV",
)  # fmt: skip
ALL = tuple(READS | NOT_FOUND)
HOSTS = [
    ("file", True, ALL), ("http", True, FEW), ("https", True, FEW), ("ssh", True, FEW), ("daemon", True, FEW), ("ssh-v0", True, ALL),
    ("http", False, ALL), ("ssh-v0", False, ALL),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "filters", "names"), HOSTS, ids=[f"{kind}-{filters}" for kind, filters, _ in HOSTS])
def test_every_answer_is_that_of_a_fresh_clone(
    kind: str,
    names: tuple[str, ...],
    story: Repository,
    servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    filters: bool,
) -> None:
    url = hosted(story, servers.git(kind), servers, monkeypatch, filters=filters)
    story.git("clone", "--quiet", "--mirror", url, str(tmp_path / "clone"))
    for name in names:
        read = (READS | NOT_FOUND)[name]
        with Registry(url) as afar, Registry(tmp_path / "clone") as near:
            told, expected = answer(afar, read), answer(near, read)
        if "--at NOTHING" not in name:
            assert told == expected, name
        assert isinstance(told, tuple) == isinstance(expected, tuple), name


def test_every_kind_of_host_is_asked() -> None:
    assert {kind for kind, *_ in HOSTS} == set(GIT_SERVERS)


def test_one_registry_answers_one_question_after_the_other_each_from_the_remote(story: Repository, url: str) -> None:
    with Registry(url) as registry:
        assert registry.resolve("model-0@latest").version == "v1.1.0"
        story.register("model-0", "v1.2.0")
        story.git("push", "--quiet", "origin", "refs/tags/*")
        assert registry.resolve("model-0@latest").version == "v1.2.0"
        assert registry.versions_of("model-0") == ("v1.2.0", "v1.1.0", "v1.0.0")
        story.git("push", "--quiet", "origin", ":refs/tags/model-0@v1.2.0")
        assert registry.resolve("model-0@latest").version == "v1.1.0"
        assert registry.names() == ("model-0", "plain", "sub:nlp")
        assert registry.stage_names()[:2] == ("dev", "prod")


@pytest.mark.parametrize("tag", ["model-0@v1.1.0", "model-0#prod#3"])
@pytest.mark.parametrize("selector", [None, "model-0"])
def test_a_tag_that_was_moved_is_an_error_until_it_is_accepted(
    selector: str | None, tag: str, story: Repository, url: str
) -> None:
    from gitreg.registry.caching import clear_cache

    with Registry(url) as registry:
        registry.show(selector)
        story.git("tag", "--force", "--annotate", "-m", "Moved", tag, "HEAD")
        story.git("push", "--quiet", "--force", "origin", f"refs/tags/{tag}")
        for _ in range(2):
            with pytest.raises(Unanswerable, match=f"tag '{tag}' of .* was moved since it was last seen here") as raised:
                registry.show("model-0")
            assert raised.value.hint == f"find out who moved it; to accept it: gitreg cache clear '{url}'"
        assert [kept.address for kept in clear_cache(url)] == [url]
    with Registry(url) as registry:
        registry.show("model-0")


def test_a_stage_without_a_counter_may_move(story: Repository, url: str) -> None:
    with Registry(url) as registry:
        before = registry.resolve("model-0#canary").commit
        story.git("tag", "--force", "--annotate", "-m", "Moved", "model-0#canary", "model-0@v1.0.0^{commit}")
        story.git("push", "--quiet", "--force", "origin", "refs/tags/model-0#canary")
        assert registry.resolve("model-0#canary").commit != before


def test_a_tag_of_nobodys_that_moves_every_night_is_no_concern_of_ours(story: Repository, url: str) -> None:
    with Registry(url) as registry:
        registry.show()
        story.git("tag", "--force", "model-0@nightly", "HEAD~1")
        story.git("tag", "--force", "v1.0", "HEAD~1")
        story.git("push", "--quiet", "--force", "--tags", "origin")
        registry.show()
        registry.show("model-0")


@pytest.mark.parametrize("rev", ["HEAD", "side", "main", "v1.0", "model-0@v1.0.0"])
def test_a_revision_is_a_branch_or_a_tag_or_head_of_the_remote(rev: str, story: Repository, url: str) -> None:
    with Registry(url) as afar, Registry(story.path) as near:
        assert afar.show("model-0", at=rev) == near.show("model-0", at=rev)


def test_a_revision_is_the_full_id_of_any_commit(story: Repository, url: str) -> None:
    with Registry(url) as afar, Registry(story.path) as near:
        for commit in story.git("rev-list", "--all").splitlines()[:-1]:
            assert afar.show("model-0", at=commit) == near.show("model-0", at=commit)


@pytest.mark.parametrize(
    "rev", ["nothing", "HEAD~1", "a" * 40, "-x", "../x", "a b", "x:y", "+main", "main:evil", "*", "^main", "@"]
)
def test_a_revision_that_is_none_there_is_not_found(rev: str, url: str, story: Repository) -> None:
    with Registry(url) as registry, pytest.raises(NotFound, match="there is no commit") as raised:
        registry.show("model-0", at=rev)
    assert raised.value.hint == f"name a branch, a tag or the full id of a commit: git ls-remote '{url}'"


def test_a_short_id_is_refused_as_what_is_not_known_from_afar(url: str, story: Repository) -> None:
    with Registry(url) as registry, pytest.raises(NotFound) as raised:
        registry.show("model-0", at=story.git("rev-parse", "--short=7", "HEAD"))
    assert raised.value.hint.startswith("a short id is not known from afar; name a branch, a tag or the full id")


def test_a_date_finds_the_files_of_then_however_long_the_history(
    repository: Repository, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  type: old\n"})
    first = repository.now
    for _ in range(300):
        repository.tick()
        repository.commit()
    repository.commit({"artifacts.yaml": "churn:\n  type: new\n"})
    url = hosted(repository, servers.git("file"), servers, monkeypatch)
    with Registry(url) as registry:
        view: Any = registry.show("churn", at=datetime.fromtimestamp(first + 30, tz=UTC).isoformat())
        assert view.entry.type == "old"


def test_a_repository_without_a_commit_has_nothing(
    servers: Servers, tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Repository.create(tmp_path / "empty.git", bare=True)
    enter(repository, monkeypatch)
    with Registry(empty.path.as_uri()) as registry:
        assert registry.show().artifacts == ()
        assert registry.history() == ()
        with pytest.raises(NotFound, match="there is no artifact 'churn'"):
            registry.show("churn")
        with pytest.raises(NotFound):
            registry.register("churn")


def test_a_head_that_names_no_branch_hides_no_tag(story: Repository, url: str) -> None:
    bare = Repository(served(story), bare=True)
    bare.git("symbolic-ref", "HEAD", "refs/heads/gone")
    with Registry(url) as registry:
        assert registry.resolve("model-0#prod").version == "v1.1.0"
        assert [view.artifact.name for view in registry.show().artifacts] == ["model-0", "sub:nlp"]


def test_ids_of_sha256_are_as_good(tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sha256"
    path.mkdir()
    other = Repository(path, extra=repository.extra)
    other.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    tell_story(other)
    enter(other, monkeypatch)
    with Registry(path.as_uri()) as afar, Registry(path) as near:
        assert afar.show("model-0#prod") == near.show("model-0#prod")
        assert afar.show() == near.show()


@pytest.mark.parametrize("git_server", ["file", "http", "ssh", "ssh-v0", "daemon"], indirect=True)
def test_every_verb_writes_to_the_remote_at_once(
    story: Repository, git_server: GitServer, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = hosted(story, git_server, servers, monkeypatch)
    story.tick()
    enter(story, monkeypatch)
    with Registry(url) as registry:
        made = [
            registry.register("fraud"),
            registry.register("fraud", "side", bump="minor"),
            registry.register(
                "fraud",
                "main" if git_server.version == 0 else story.git("rev-parse", "HEAD~1"),
                version="v3.0.0",
                same_commit=True,
            ),
            registry.assign("fraud@v0.0.1", "dev"),
            registry.assign("fraud@latest", "prod"),
            registry.register_and_assign("fraud", "dev", same_commit=True),
            registry.rollback("fraud", "dev"),
            registry.unassign("fraud", "prod"),
            registry.deregister("fraud@v3.0.0"),
            registry.deprecate("fraud"),
        ]
        assert all(written.pushed and written.remote == registry._context.repository.mirror.address.shown for written in made)  # type: ignore[union-attr]
        events = registry.history("fraud")
    assert {event.tag for event in events} == {event.tag for written in made for event in written.created}
    story.git("fetch", "--quiet", "origin", "refs/tags/*:refs/tags/*")
    with Registry(story.path) as near:
        assert near.history("fraud") == events


def test_settings_are_those_of_the_remote(url: str) -> None:
    with Registry(url) as registry, pytest.raises(Refused, match="qa"):
        registry.assign("model-0@latest", "qa")


def test_what_is_written_to_an_address_cannot_be_kept_back(url: str, story: Repository) -> None:
    with Registry(url) as registry:
        with pytest.raises(UsageFault, match="is published at once") as raised:
            registry.register("model-0", push=False, same_commit=True)
        assert "--no-push" in raised.value.hint
        assert registry.register("model-0", data_check=False, push=True).pushed


def test_bytes_are_asked_for_before_anything_is_published(url: str, story: Repository) -> None:
    before = Repository(served(story), bare=True).refs()
    with Registry(url) as registry, pytest.raises(Refused, match="are in no storage"):
        registry.register("model-0")
    assert Repository(served(story), bare=True).refs() == before


def test_a_preview_writes_nothing(url: str, story: Repository) -> None:
    before = Repository(served(story), bare=True).refs()
    with Registry(url) as registry:
        written = registry.register("model-0", data_check=False, dry_run=True)
    assert (written.dry_run, written.pushed, written.created[0].version) == (True, False, "v1.1.1")
    assert Repository(served(story), bare=True).refs() == before


def test_who_was_slower_decides_again(url: str, story: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    from gitreg.git.remote import push_tags

    pushes: list[object] = []

    def late(*args: Any, **options: Any) -> bool:
        if not pushes:
            story.git("tag", "--annotate", "-m", "Faster", "model-0@v1.1.1")
            story.git("push", "--quiet", "origin", "refs/tags/model-0@v1.1.1")
        pushes.append(args)
        return push_tags(*args, **options)

    monkeypatch.setattr("gitreg.operations.publish.push_tags", late)
    with Registry(url) as registry:
        assert registry.register("model-0", data_check=False, same_commit=True).created[0].version == "v1.1.2"
    assert len(pushes) == 2


def test_what_exists_is_a_conflict(url: str) -> None:
    with Registry(url) as registry, pytest.raises(Conflict):
        registry.register("model-0", data_check=False, version="v1.1.0")


def test_a_hook_of_the_remote_has_the_last_word(url: str, story: Repository) -> None:
    hook = served(story) / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    with Registry(url) as registry, pytest.raises(Refused, match="refused the push: not on a Friday"):
        registry.register("model-0", data_check=False)


VERBS_OF_A_CLONE: dict[str, Callable[[Registry], object]] = {
    "init": lambda registry: registry.init(),
    "annotate": lambda registry: registry.annotate("churn", {"type": "model"}),
    "remove": lambda registry: registry.remove("model-0"),
    "push": lambda registry: registry.push(),
    "doctor": lambda registry: registry.doctor(),
    "check --staged": lambda registry: registry.check(staged=True),
}


@pytest.mark.parametrize("verb", VERBS_OF_A_CLONE.values(), ids=VERBS_OF_A_CLONE)
def test_what_changes_files_needs_a_clone(verb: Callable[[Registry], object], url: str) -> None:
    with Registry(url) as registry, pytest.raises(UsageFault, match="this needs a clone") as raised:
        verb(registry)
    assert raised.value.hint == f"git clone {url}, and run it there"


def test_check_finds_the_same_problems_as_in_a_clone(url: str, tmp_path: Path, story: Repository) -> None:
    story.git("clone", "--quiet", "--mirror", url, str(tmp_path / "clone"))
    with Registry(url) as afar, Registry(tmp_path / "clone") as near:
        assert afar.check() == near.check()
        assert afar.check(rev="side") == near.check(rev="side")


def test_nobody_at_the_address_is_a_fault_without_secrets(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(repository, monkeypatch)
    address = "http://ann:secret@127.0.0.1:9/models.git?token=hidden"
    with Registry(address) as registry, pytest.raises(ExternalFault, match=r"'http://127\.0\.0\.1:9/models\.git") as raised:
        registry.show()
    assert "secret" not in str(vars(raised.value))
    assert "hidden" not in str(vars(raised.value))


def test_a_folder_is_a_path_whatever_it_is_called(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(repository, monkeypatch)
    monkeypatch.chdir(tmp_path)
    repository.clone(tmp_path / "host:models")
    with Registry("host:models") as registry:
        assert registry.show().artifacts == ()

"""Real pushes to real remotes, with the hook installed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from inline_snapshot import snapshot

from gitreg.git.hook_script import HOOK, KEPT, format_hook
from tests.cli.terminal import environment_of, experience
from tests.operations.picture import Open
from tests.support.command import GitregCommand, Result
from tests.support.repository import Repository

LOGGING: Final = """#!/bin/sh
{{ echo "{name} $*"; cat; }} >>'{folder}/said'
exit {code}
"""


@pytest.fixture
def guarded(repository: Repository, remote: Repository, opened: Open) -> Repository:
    """A clone with an entry whose bytes git keeps, a remote that has its branch, and the hook."""
    repository.commit({"artifacts.yaml": "churn:\n  path: model.bin\n", "model.bin": "1\n"})
    repository.git("push", "--quiet", "origin", "main")
    opened(repository).install_hooks()
    return repository


def push(repository: Repository, *args: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Result:
    """Push as a person does."""
    completed = subprocess.run(
        ["git", *args] if "push" in args else ["git", "push", *args],
        cwd=cwd or repository.path,
        env={**environment_of(repository), **(env or {})},
        capture_output=True,
        check=False,
    )
    return Result(completed.stdout.decode(), completed.stderr.decode(), completed.returncode)


def said_by_gitreg(result: Result) -> str:
    """Leave out what git says, which names temporary folders."""
    lines = [
        line
        for line in result.stderr.splitlines()
        if line.startswith(("error:", "hint:", "warning:")) and "failed to push" not in line
    ]
    return re.sub(r"\b[0-9a-f]{7}\b", "COMMIT", "\n".join([f"exit {result.code}", *lines]) + "\n")


def place(repository: Repository, text: str | bytes, name: str) -> Path:
    """Write a hook."""
    path = repository.path / ".git" / "hooks" / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(0o755)
    return path


def tags_of(remote: Repository) -> list[str]:
    return sorted(ref.removeprefix("refs/tags/") for ref in remote.refs() if ref.startswith("refs/tags/"))


def log_pushes(repository: Repository, name: str = HOOK, *, code: int = 0) -> Path:
    """Put a hook in place that writes down what it is given; return the file."""
    place(repository, LOGGING.format(name=name, folder=repository.path.parent, code=code), name)
    return repository.path.parent / "said"


def fake_gitreg(repository: Repository) -> Path:
    """Let the hook start a program that writes down what it is given and says no; return the file."""
    log_pushes(repository, "gitreg", code=1)
    place(repository, format_hook((str(repository.path / ".git/hooks/gitreg"),)), HOOK)
    return repository.path.parent / "said"


def test_tags_that_are_right_are_pushed_with_whatever_goes_with_them(guarded: Repository, remote: Repository) -> None:
    guarded.register("churn", "v1.0.0")
    guarded.assign("churn", "prod", version="v1.0.0")
    guarded.tag("release-1", lightweight=True)
    guarded.commit(message="More")
    assert said_by_gitreg(push(guarded, "--tags", "origin", "main")) == "exit 0\n"
    assert tags_of(remote) == ["churn#prod#1", "churn@v1.0.0", "release-1"]


def test_of_a_push_with_one_wrong_tag_nothing_is_pushed(guarded: Repository, remote: Repository) -> None:
    guarded.register("churn", "v1.0.0")
    guarded.tag("churn@v1.1.0", lightweight=True)
    guarded.tag("churn@v1.2.0", "HEAD^{tree}")
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 1
error: 'churn@v1.1.0' is a lightweight tag, which states no author and no time, and nobody could read it
hint: make it anew, with gitreg: git tag -d 'churn@v1.1.0' removes this one
error: 'churn@v1.2.0' points at a tree, not straight at a commit, and nobody could read it
hint: make it anew, with gitreg: git tag -d 'churn@v1.2.0' removes this one
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")
    assert tags_of(remote) == []
    assert push(guarded, "--tags", "--no-verify").code == 0


def test_a_tag_that_is_nearly_one_of_an_artifact_is_pushed_with_a_warning(guarded: Repository, remote: Repository) -> None:
    for name in ("churn@v2", "churn@2.0.0", "churn#prod#x", "churn@nightly", "react@18.2.0"):
        guarded.tag(name)
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 0
warning: 'churn#prod#x' is no registry tag, so it says nothing of 'churn': behind '#' stands a stage, then nothing, '!', or '#' with a number
warning: 'churn@2.0.0' is no registry tag, so it says nothing of 'churn': write 'v2.0.0'
warning: 'churn@v2' is no registry tag, so it says nothing of 'churn': a version is 'v' and three numbers, such as v1.2.0 or v2.0.0-rc.1
""")
    assert len(tags_of(remote)) == 5


def test_tags_that_hardly_say_what_was_meant_are_pushed_with_a_warning(guarded: Repository, remote: Repository) -> None:
    guarded.register("churn", "v1.0.0")
    guarded.register("chrun", "v1.0.0")
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 0
warning: 'chrun@v1.0.0' is the first tag of 'chrun', which has no entry at COMMIT; did you mean 'churn'?
""")
    guarded.commit()
    guarded.tick()
    guarded.tag("churn#prod#99")
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 0
warning: 'churn#prod#99' gives 'prod' to COMMIT, which is no version of 'churn'
""")
    assert "churn#prod#99" in tags_of(remote)


def test_a_tag_is_pushed_under_its_own_name_only(guarded: Repository, remote: Repository) -> None:
    guarded.register("churn", "v1.0.0")
    assert said_by_gitreg(push(guarded, "origin", "churn@v1.0.0:refs/tags/churn@v2.0.0")) == snapshot("""\
exit 1
error: 'churn@v2.0.0' names a tag object that calls itself 'churn@v1.0.0', and nobody could read it
hint: push a tag under its own name, and let gitreg make those of other versions: gitreg register --help
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")
    assert "a lightweight tag" in push(guarded, "origin", "HEAD:refs/tags/churn@v2.0.0").stderr
    assert push(guarded, "origin", "churn@v1.0.0:refs/tags/backup").code == 0


def test_a_tag_of_the_remote_is_neither_deleted_nor_moved(guarded: Repository, remote: Repository) -> None:
    guarded.register("churn", "v1.0.0")
    assert push(guarded, "--tags").code == 0
    before = remote.refs()
    assert said_by_gitreg(push(guarded, "origin", "--delete", "churn@v1.0.0")) == snapshot("""\
exit 1
error: 'churn@v1.0.0' would be deleted from 'origin', and nobody would know what happened
hint: state the opposite in place of that: gitreg deregister 'churn@v1.0.0' --push
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")
    guarded.git("tag", "-d", "churn@v1.0.0")
    guarded.register("churn", "v1.0.0", message="Once more")
    assert said_by_gitreg(push(guarded, "--force", "--tags")) == snapshot("""\
exit 1
error: 'origin' has 'churn@v1.0.0' already, as another object than COMMIT, and a registry tag never moves
hint: take theirs: git fetch --force origin 'refs/tags/churn@v1.0.0:refs/tags/churn@v1.0.0', and decide again
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")
    guarded.git("tag", "-d", "churn@v1.0.0")
    assert "would be deleted" in push(guarded, "--prune", "origin", "refs/tags/*:refs/tags/*").stderr
    assert remote.refs() == before
    assert push(guarded, "--no-verify", "origin", "--delete", "churn@v1.0.0").code == 0


def test_a_tag_of_the_remote_that_nobody_reads_may_be_mended_or_deleted(guarded: Repository, remote: Repository) -> None:
    for version in ("v1.0.0", "v1.1.0", "v1.2.0"):
        guarded.tag(f"churn@{version}", lightweight=True)
    assert push(guarded, "--no-verify", "--tags").code == 0
    guarded.git("tag", "-d", "churn@v1.0.0", "churn@v1.1.0", "churn@v1.2.0")
    guarded.register("churn", "v1.0.0")
    assert said_by_gitreg(push(guarded, "--force", "origin", "churn@v1.0.0", ":churn@v1.1.0")) == "exit 0\n"
    guarded.commit(message="Otherwise nobody has it")
    guarded.tag("churn@v1.2.0", lightweight=True)
    assert "a lightweight tag" in push(guarded, "--force", "origin", "churn@v1.2.0").stderr
    assert tags_of(remote) == ["churn@v1.0.0", "churn@v1.2.0"]


def test_git_tells_no_hook_what_a_mirror_deletes(guarded: Repository, remote: Repository) -> None:
    guarded.register("churn", "v1.0.0")
    assert push(guarded, "--tags").code == 0
    guarded.git("tag", "-d", "churn@v1.0.0")
    assert push(guarded, "--mirror").code == 0  # so the README says: let the host protect the tags
    assert tags_of(remote) == []


def test_a_version_that_is_active_elsewhere_is_not_registered_again(guarded: Repository) -> None:
    guarded.register("churn", "v1.0.0")
    guarded.commit(message="More")
    guarded.tag("churn@v1.0.0#2", at=guarded.tick())
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 1
error: 'churn@v1.0.0#2' registers v1.0.0 again on commit COMMIT, but it is active at COMMIT and a version never moves; the tag has no effect
hint: register a new version there: gitreg register 'churn' COMMIT
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")


def test_so_many_tags_that_the_host_says_nothing_of_them_are_pushed_in_turn(
    guarded: Repository, remote: Repository, gitreg: GitregCommand
) -> None:
    for number in range(4):
        guarded.register("churn", f"v1.{number}.0", guarded.commit(message=f"{number}"))
        guarded.tick()
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 1
error: 4 tags in one push, 4 of them of the registry, are so many that GitHub starts no workflow for any: it stops at 3
hint: push them in order, three at a time: gitreg push; or all at once: git -c gitreg.manyTags=true push ...
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")
    assert tags_of(remote) == []
    assert push(guarded, "-c", "gitreg.manyTags=true", "push", "--tags", "--dry-run").code == 0
    assert gitreg("push").code == 0
    assert len(tags_of(remote)) == 4


def test_a_mirror_gets_all_when_it_is_said_that_nobody_waits_for_events(guarded: Repository, tmp_path: Path) -> None:
    for number in range(4):
        guarded.register("churn", f"v1.{number}.0", guarded.commit(message=f"{number}"))
        guarded.tick()
    mirror = Repository.create(tmp_path / "mirror.git", bare=True)
    guarded.git("config", "gitreg.manyTags", "true")
    assert push(guarded, "--mirror", str(mirror.path)).code == 0
    assert len(tags_of(mirror)) == 4


def test_a_version_whose_bytes_are_nowhere_is_not_pushed_unless_that_is_wanted(guarded: Repository) -> None:
    guarded.commit({"artifacts.yaml": "churn:\n  path: gone.bin\n"})
    guarded.register("churn", "v1.0.0")
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 1
error: the entry of 'churn' at commit COMMIT points at nothing: 'gone.bin' is not there: neither git, git-lfs nor DVC knows it
hint: track it: gitreg add gone.bin --name churn --push; or publish it without its bytes: GITREG_NO_DATA_CHECK=1 git push ...
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")
    guarded.git("config", "gitreg.dataCheck", "false")
    assert push(guarded, "--tags", "--dry-run").code == 0
    guarded.git("config", "--unset", "gitreg.dataCheck")
    assert push(guarded, "--tags", env={"GITREG_NO_DATA_CHECK": "1"}).code == 0


def test_an_event_of_the_future_is_pushed_and_said(guarded: Repository) -> None:
    guarded.register("churn", "v1.0.0", at=guarded.now + 86_400)
    assert said_by_gitreg(push(guarded, "--tags")) == snapshot("""\
exit 0
warning: 'churn@v1.0.0' lies in the future; until then it comes after every other event
""")


def test_what_has_no_registry_tag_in_it_does_not_start_gitreg(guarded: Repository, remote: Repository) -> None:
    said = fake_gitreg(guarded)
    guarded.commit(message="More")
    guarded.tag("v1.0.0")
    guarded.git("branch", "churn@v1.0.0")
    assert push(guarded, "origin", "main", "v1.0.0", "churn@v1.0.0").code == 0
    assert push(guarded, "origin", "main").code == 0
    assert not said.exists()
    guarded.register("churn", "v1.0.0")
    assert push(guarded, "--tags").code == 1
    assert said.read_text().startswith("gitreg hooks run pre-push origin ")


def test_what_gitreg_pushes_is_not_checked_twice(guarded: Repository, remote: Repository, gitreg: GitregCommand) -> None:
    said = fake_gitreg(guarded)
    log_pushes(guarded, KEPT)
    assert gitreg("register", "churn", "--push").code == 0
    assert tags_of(remote) == ["churn@v0.0.1"]
    assert said.read_text().startswith(f"{KEPT} origin ")
    assert "gitreg hooks run" not in said.read_text()


def test_names_that_are_code_elsewhere_are_names(guarded: Repository, remote: Repository) -> None:
    head = guarded.git("rev-parse", "HEAD")
    names = [
        "a$(touch${IFS}pwned)@v1.0.0",
        "a`touch pwned`@v1.0.0".replace(" ", "${IFS}"),
        "a;touch@v1.0.0",
        "-x@v1.0.0",
        "a'\"@v1.0.0",
        "%s%n@v1.0.0",
    ]
    for name in names:
        guarded.git("update-ref", f"refs/tags/{name}", head)
    assert push(guarded, "-c", "gitreg.manyTags=true", "push", "--tags").code == 0
    assert tags_of(remote) == sorted(names)
    assert not list(guarded.path.glob("**/pwned"))


@pytest.mark.parametrize("reads", [True, False])
def test_the_hook_that_was_there_before_gets_all_that_git_gave_and_may_say_no(
    guarded: Repository, remote: Repository, opened: Open, *, reads: bool
) -> None:
    opened(guarded).uninstall_hooks()
    said = log_pushes(guarded)
    if not reads:
        place(guarded, f"#!/bin/sh\necho \"{HOOK} $*\" >>'{said}'\n", HOOK)
    opened(guarded).install_hooks()
    guarded.register("churn", "v1.0.0")
    assert push(guarded, "--tags").code == 0
    assert said.read_text().startswith(f"{HOOK} origin {remote.path.as_uri()}\n")
    assert ("refs/tags/churn@v1.0.0 " in said.read_text()) is reads
    assert push(guarded, "--tags").code == 0  # nothing to push: git gives nothing, and so do we
    assert said.read_text().splitlines()[-1].startswith(f"{HOOK} origin ")
    place(guarded, "#!/bin/sh\nexit 3\n", KEPT)
    guarded.commit(message="More")
    assert push(guarded, "origin", "main").code == 1


def test_without_a_gitreg_registry_tags_are_not_pushed_unseen(guarded: Repository, remote: Repository) -> None:
    place(guarded, format_hook(("/nowhere/gitreg",)), HOOK)
    guarded.commit(message="More")
    bare = {"PATH": "/usr/bin:/bin"}
    assert push(guarded, "origin", "main", env=bare).code == 0
    guarded.register("churn", "v1.0.0")
    assert said_by_gitreg(push(guarded, "--tags", env=bare)) == snapshot("""\
exit 1
error: registry tags are to be pushed, and gitreg, which checks them, is not found
hint: install it and run: gitreg hooks install; or push without the check: git push --no-verify
""")


def test_a_folder_in_the_work_tree_is_not_imported_by_the_hook(guarded: Repository) -> None:
    for name in ("gitreg", "typer", "json"):
        (guarded.path / name).mkdir()
        (guarded.path / name / "__init__.py").write_text("raise SystemExit(0)\n")
    guarded.tag("churn@v1.0.0", lightweight=True)
    place(guarded, format_hook((re.sub("gitreg$", "python", read_program(guarded)), "-P", "-m", "gitreg")), HOOK)
    assert "a lightweight tag" in push(guarded, "--tags", env={"PYTHONPATH": ""}).stderr


def read_program(repository: Repository) -> str:
    """Read what the hook starts."""
    found = re.search(r"\[ -x (\S+) \]; then\n", (repository.path / ".git/hooks" / HOOK).read_text())
    assert found
    return found[1]


def test_the_hook_works_in_linked_work_trees_and_in_folders_below(guarded: Repository, tmp_path: Path) -> None:
    guarded.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    guarded.tag("churn@v1.0.0", lightweight=True)
    below = tmp_path / "linked" / "below"
    below.mkdir()
    for folder in (tmp_path / "linked", below):
        assert "a lightweight tag" in push(guarded, "--tags", cwd=folder).stderr


@pytest.mark.parametrize("name", ["a b", "it's", 'a"b$(id)`id`'])
def test_the_place_of_the_repository_may_have_any_name(name: str, tmp_path: Path, opened: Open) -> None:
    repository = Repository.create(tmp_path / name)
    repository.commit({"README.md": "1"})
    repository.bare_remote(tmp_path / f"{name}.git")
    (repository.path / ".git/hooks").mkdir()
    place(repository, "#!/bin/sh\ntouch ran\n", HOOK)
    opened(repository).install_hooks()
    repository.tag("churn@v1.0.0", lightweight=True)
    assert "a lightweight tag" in push(repository, "--tags").stderr
    assert (repository.path / "ran").exists()


def test_the_repository_is_the_one_that_git_was_told_of(guarded: Repository, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    guarded.register("churn", "v1.0.0")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for folder in (other.path, elsewhere):
        result = push(guarded, f"--git-dir={guarded.path / '.git'}", "push", "--tags", "--dry-run", cwd=folder)
        assert said_by_gitreg(result) == "exit 0\n"


def test_a_person_who_starts_the_hook_is_told_who_does_and_what_is_wrong_is_said(gitreg: GitregCommand) -> None:
    assert experience(gitreg("hooks", "run", "pre-commit", "a", "b")) == snapshot("""\

exit 2
---- stderr
error: invalid value for 'pre-push': 'pre-commit' is not one of 'pre-push'
hint: see: gitreg hooks run --help
""")
    line = f"x {'1' * 40} refs/tags/churn@v1.0.0 {'0' * 40}\n"
    assert experience(gitreg("hooks", "run", "pre-push", "https://user:secret@example.com/x", "y", input=line)) == snapshot("""\

exit 1
---- stderr
error: 'churn@v1.0.0' names object 1111111, which is missing, and nobody could read it
hint: git tag -d 'churn@v1.0.0' && git fetch --tags
error: gitreg stopped the push, and nothing was pushed
hint: to push without this check: git push --no-verify
""")
    many = "".join(f"x {'0' * 40} refs/tags/churn@v1.{number}.0 {'1' * 40}\n" for number in range(12))
    result = gitreg("hooks", "run", "pre-push", "https://user:secret@example.com/x", "y", input=many)
    assert "secret" not in result.stderr
    assert result.stderr.splitlines()[-2:] == snapshot(
        [
            "error: gitreg stopped the push, and nothing was pushed; 2 more reasons like these",
            "hint: to push without this check: git push --no-verify",
        ]
    )

"""What actions/checkout leaves behind, with plain git. Source: src/ref-helper.ts and src/git-source-provider.ts of actions/checkout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.support.repository import Repository


def check_out(
    remote: Repository, folder: Path, ref: str, commit: str, *, depth: int = 1, tags: bool = False, before_6_0_2: bool = False
) -> Repository:
    """Check a ref out.

    Args:
        remote: where from.
        folder: where to.
        ref: the full name of the ref.
        commit: the full id of its commit.
        depth: commits of history; 0: all branches and tags with all their history.
        tags: what ``fetch-tags`` says.
        before_6_0_2: whether the pushed tag becomes a lightweight one.
    """
    clone = Repository.create(folder)
    clone.now, clone.extra = remote.now, dict(remote.extra)
    clone.git("remote", "add", "origin", remote.path.as_uri())
    is_tag = ref.startswith("refs/tags/")
    local = ref if is_tag else f"refs/remotes/origin/{ref.removeprefix('refs/heads/')}"
    if ref.startswith("refs/pull/"):
        local = f"refs/remotes/{ref.removeprefix('refs/')}"
    wanted = f"+{ref if is_tag and not before_6_0_2 else commit}:{local}"
    common = ["fetch", "--quiet", "--prune", "--no-recurse-submodules"]
    if depth:
        every = ["+refs/tags/*:refs/tags/*"] if tags else []
        clone.git(*common, "--no-tags", f"--depth={depth}", "origin", wanted, *every)
    else:
        clone.git(*common, "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*")
        if not ref.startswith("refs/heads/"):  # a pull request, and a tag, since its object is not the commit that is looked for
            clone.git(*common, "--no-tags", "origin", wanted)
    clone.git("checkout", "--quiet", "--force", "--detach", local)
    return clone


def read_options(values: Mapping[str, str]) -> tuple[int, bool]:
    """Read what a step gives to the action; credentials must not stay behind."""
    assert values["persist-credentials"] == "false"
    return int(values.get("fetch-depth", "1")), values.get("fetch-tags", "false") == "true"

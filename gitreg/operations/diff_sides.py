"""The two sides of `diff`: revisions, versions, the work tree or the index, and what is taken where nobody names a base."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from gitreg.core.registry_diff import Revision
from gitreg.core.selectors import Selector, parse_selector
from gitreg.errors import NotFound, SyntaxFault, Unanswerable, UsageFault
from gitreg.git.common_ancestor import find_common_ancestor
from gitreg.git.loose import LooseObjects
from gitreg.git.snapshot import take_snapshot
from gitreg.operations.context import Context, read_lenient_settings, require_clone
from gitreg.operations.moment import head_commit
from gitreg.operations.show import load_artifact, select

_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH: Final = re.compile(r"(?!-)(?!.*(?:\.\.|@\{|//))[^\x00-\x20\x7f~^:?*\[\\]+")
_OF_GITHUB: Final = "GITHUB_BASE_REF"
_OF_GITLAB: Final = "CI_MERGE_REQUEST_DIFF_BASE_SHA"
_BRANCH_OF_GITLAB: Final = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
_DEEPEN: Final = "git fetch --unshallow; in GitHub Actions give actions/checkout fetch-depth: 0, in GitLab CI set GIT_DEPTH: 0"
WORK_TREE: Final = "the work tree"
INDEX: Final = "the index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted of `diff`.

    Attributes:
        base, head: a revision, or a selector of a version or a stage; None: nobody names one.
        merge_base: take the merge base of the two in place of `base`.
        staged: the index is the other side.
        against: a stage; what holds it is compared too.
        fetched: whether all tags of the remote were fetched just now.
    """

    base: str | None = None
    head: str | None = None
    merge_base: bool = False
    staged: bool = False
    against: str | None = None
    fetched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSide:
    """A side that can be read.

    Attributes:
        commit: the full id of a commit, perhaps of one that only this process knows.
        tip: the commit whose history counts: of files that nobody committed HEAD's; None where there is none yet.
        sizes: bytes by the ids of large files of it that are not copied.
        large: why those cannot be read, by path.
        unread: and why what is there is not known at all, by path.
        notes: what must be known of it, a sentence each.
    """

    revision: Revision
    commit: str
    tip: str | None
    sizes: Mapping[str, int] = field(default_factory=dict)
    large: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def open_sides(context: Context, objects: LooseObjects | None, request: Request) -> tuple[DiffSide, DiffSide]:
    """Find out what is compared with what.

    Args:
        context: where; of a clone opened beside its folder of objects.
        objects: writes there; None for a repository that is read by its address.
        request: what is wanted.

    Returns:
        BASE and the other side.

    Raises:
        UsageFault: the request contradicts itself, or names a range.
        NotFound: there is no such revision.
        Unanswerable: this clone lacks the history that decides it.
    """
    _check(context, request)
    here = head_commit(context.repository.objects)
    head = _open_head(context, objects, request, here)
    tip = head.commit if request.head is not None else here
    if request.base is None:
        return _open_default(context, objects, tip), head
    commit = resolve(context, request.base, fetched=request.fetched)
    if not request.merge_base:
        return DiffSide(revision=Revision(text=request.base, commit=commit), commit=commit, tip=commit), head
    return _open_common_ancestor(context, objects, tip, request.base, commit), head


def resolve(context: Context, text: str, *, fetched: bool = False) -> str:
    """Resolve a revision, or a selector of a version or a stage, to the full id of a commit.

    Raises:
        UsageFault: it names a range, or two different things.
        NotFound: it names nothing.
    """
    selector = _read_selector(text)
    if selector is None:
        if ".." in text:
            hint = "write two revisions: gitreg diff BASE HEAD; for git's A...B: gitreg diff --merge-base A B"
            raise UsageFault(f"{text!r} is a range, not a revision", hint=hint)
        return context.repository.objects.resolve_commit(text)
    branches = list(_find_refs(context, (f"refs/heads/{text}", f"refs/remotes/{text}")))
    try:
        artifact, _ = load_artifact(context, selector.artifact, at=None, fetched=fetched)
        version, holder = select(context, artifact, selector, at=None, fetched=fetched)
    except (NotFound, Unanswerable):
        if branches:
            return branches[0][1]
        raise
    commit = version.commit if version else holder.commit if holder else ""
    other = next((ref for ref, found in branches if found != commit), None)
    if other is not None:
        raise UsageFault(
            f"{text!r} names a version and a branch, which are not at the same commit", hint=f"for the branch write {other}"
        )
    return commit


def _check(context: Context, request: Request) -> None:
    """Refuse a request that contradicts itself.

    Raises:
        UsageFault: it does.
    """
    if request.staged and request.head is not None:
        raise UsageFault("with --staged the index is the other side, so only one revision can be named", hint="leave one out")
    if request.staged:
        require_clone(context)
        _ = context.work_tree
    if context.repository.mirror is not None and (request.base is None or request.merge_base):
        message = "of a repository that is read by its address, two revisions are compared as they are"
        raise UsageFault(message, hint="gitreg diff BASE HEAD --repo URL; or clone it")


def _read_selector(text: str) -> Selector | None:
    """Read a selector of a version or a stage; None for what is none."""
    if ("@" not in text and "#" not in text) or text.startswith("refs/"):
        return None
    try:
        return parse_selector(text)
    except SyntaxFault:
        return None


def _open_head(context: Context, objects: LooseObjects | None, request: Request, here: str | None) -> DiffSide:
    """Open the side that BASE is compared with."""
    if request.head is not None:
        commit = resolve(context, request.head, fetched=request.fetched)
        return DiffSide(revision=Revision(text=request.head, commit=commit), commit=commit, tip=commit)
    root = context.repository.location.work_tree
    if objects is None or root is None:
        return (
            _open_nothing(objects)
            if here is None
            else DiffSide(revision=Revision(text="HEAD", commit=here), commit=here, tip=here)
        )
    found = take_snapshot(context.repository, objects, root, here, staged=request.staged)
    text = INDEX if request.staged else WORK_TREE
    if found.is_head:
        revision = Revision(text=text, commit=found.commit, how="the same as HEAD")
    else:
        revision = Revision(text=text, commit=None, how=f"not committed, on {here[:7]}" if here is not None else "not committed")
    return DiffSide(
        revision=revision,
        commit=found.commit,
        tip=here,
        sizes=found.sizes,
        large=found.large,
        unread=found.unread,
        notes=found.notes,
    )


def _open_default(context: Context, objects: LooseObjects | None, tip: str | None) -> DiffSide:
    """Open what is compared with where nobody says it."""
    if tip is None:
        return _open_nothing(objects)
    given = os.environ.get(_OF_GITLAB, "")
    if _ID.fullmatch(given):
        return _open_named_by_ci(context, given)
    default = _find_default(context)
    if default is not None:
        return _open_common_ancestor(context, objects, tip, *default)
    if context.repository.location.shallow:
        raise Unanswerable("this clone is shallow and has no default branch, so there is no base to compare with", hint=_DEEPEN)
    return DiffSide(revision=Revision(text="HEAD", commit=tip, how="no default branch is known here"), commit=tip, tip=tip)


def _open_named_by_ci(context: Context, commit: str) -> DiffSide:
    """Open the commit that GitLab names as the base of a merge request.

    Raises:
        Unanswerable: it is not here.
    """
    try:
        found = context.repository.objects.resolve_commit(commit)
    except NotFound as error:
        message = f"commit {commit[:7]}, which {_OF_GITLAB} names, is not in this clone"
        raise Unanswerable(message, hint=_DEEPEN) from error
    return DiffSide(revision=Revision(text=found[:7], commit=found, how=f"{_OF_GITLAB}"), commit=found, tip=found)


def _open_nothing(objects: LooseObjects | None) -> DiffSide:
    """Open a side without any file, for a repository without a commit.

    Raises:
        Unanswerable: the repository is read by its address.
    """
    if objects is None:
        raise Unanswerable("this repository has no commit yet", hint="commit something first")
    return DiffSide(
        revision=Revision(text="nothing", commit=None, how="there is no commit yet"),
        commit=objects.write_commit(objects.write("tree", b""), None, 0),
        tip=None,
    )


def _open_common_ancestor(context: Context, objects: LooseObjects | None, tip: str | None, text: str, commit: str) -> DiffSide:
    """Open the merge base of two commits.

    Raises:
        Unanswerable: they have none, or none that is here.
    """
    if tip is None:
        return _open_nothing(objects)
    found = find_common_ancestor(context.repository.git, commit, tip)
    if found is None:
        if context.repository.location.shallow:
            raise Unanswerable(f"this clone is shallow, so the merge base with {text!r} is not here", hint=_DEEPEN)
        message = f"the two sides have no commit in common, so there is no merge base with {text!r}"
        raise Unanswerable(message, hint=f"compare them as they are: gitreg diff {commit[:7]}")
    return DiffSide(revision=Revision(text=found[:7], commit=found, how=f"merge base with {text}"), commit=found, tip=found)


def _find_default(context: Context) -> tuple[str, str] | None:
    """Find the branch that changes go to, and its commit.

    Raises:
        Unanswerable: the job names one that is not here.
    """
    remote = read_lenient_settings(context).remote
    for variable in (_OF_GITHUB, _BRANCH_OF_GITLAB):
        branch = os.environ.get(variable, "")
        if branch:
            named = (f"refs/remotes/{remote}/{branch}", f"refs/heads/{branch}") if _BRANCH.fullmatch(branch) else ()
            found = next(_find_refs(context, named), None)
            if found is None:
                message = f"the branch {branch!r}, which {variable} names, is not in this clone"
                raise Unanswerable(message, hint=f"git fetch {remote}; {_DEEPEN.partition('; ')[2]}")
            return _shorten(found[0]), found[1]
    names = [f"refs/remotes/{remote}/{name}" for name in ("HEAD", "main", "master")]
    found = next(_find_refs(context, [*names, "refs/heads/main", "refs/heads/master"]), None)
    return (_shorten(_follow(context, found[0])), found[1]) if found is not None else None


def _find_refs(context: Context, refs: list[str] | tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Find those refs that there are, and their commits."""
    for ref in refs:
        try:
            yield ref, context.repository.objects.resolve_commit(ref)
        except NotFound:
            continue


def _follow(context: Context, ref: str) -> str:
    """Name the branch that a remote's HEAD stands for, where that can be read."""
    try:
        content = (context.repository.location.common_dir / ref).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ref
    return content.strip().removeprefix("ref: ") if content.startswith("ref: refs/remotes/") else ref


def _shorten(ref: str) -> str:
    """Write a ref as people do."""
    return ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")

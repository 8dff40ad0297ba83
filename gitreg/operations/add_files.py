"""The files that `add` writes: the ``.dvc`` file, the line of ``.gitignore``, the entry, and what DVC needs to work at all."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gitreg.core.names import split_artifact
from gitreg.errors import FileFault
from gitreg.files.dvc_file import OutFacts, set_out
from gitreg.files.dvc_setup import SETUP
from gitreg.files.edit import copy_entry
from gitreg.files.gitignore import add_pattern, has_pattern, share_pattern
from gitreg.git.commits import Wish, find_different, is_ignored
from gitreg.git.run import Git
from gitreg.git.trees import CommitTree
from gitreg.operations.add_target import Target
from gitreg.operations.annotate import set_fields
from gitreg.operations.changes import Change, read_file
from gitreg.operations.context import Context
from gitreg.operations.load_entries import entry_file
from gitreg.operations.moment import head_commit

Apply: TypeAlias = Callable[[bytes | None], bytes]
Share: TypeAlias = Callable[[bytes | None, bytes], bytes]


def _whole(committed: bytes | None, after: bytes) -> bytes:
    """Commit a file as it is."""
    del committed
    return after


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one file, to be made in whatever stands there.

    Attributes:
        file: from the root.
        apply: gives the new bytes for the old ones; applied twice, it changes nothing the second time.
        share: gives what a commit has to have of it, for what HEAD has and what the file shall be: what others changed in the
            same file and did not commit, stays theirs.
    """

    file: str
    apply: Apply
    share: Share = _whole


def list_edits(
    context: Context, target: Target, facts: OutFacts, artifact: str, fields: Mapping[str, object]
) -> tuple[Edit, ...]:
    """List what is to be written for a target, in the order in which it is written."""
    file, name = entry_file(artifact, "artifacts.yaml"), split_artifact(artifact)[1]
    edits = [*_setup_edits(context, target)]
    if not target.is_pipeline:
        edits += _dvc_edits(context, target, facts)
    entry = Edit(
        file,
        lambda data: set_fields(artifact, fields, data),
        lambda committed, after: copy_entry(after, committed, name),
    )
    return (*edits, entry)


def to_changes(context: Context, edits: Sequence[Edit]) -> tuple[Change, ...]:
    """Apply edits to what stands in the work tree.

    Raises:
        Refused: a file cannot be edited.
    """
    changes = []
    for edit in edits:
        before = read_file(context, edit.file, make=edit.file in SETUP)
        changes.append(Change(file=edit.file, before=before, after=edit.apply(before)))
    return tuple(changes)


def choose_committed(context: Context, edits: Sequence[Edit], changes: Sequence[Change]) -> dict[str, bytes]:
    """Choose the files that a commit has to have, with their new bytes.

    Raises:
        Conflict: something else is staged of one of them.
        Refused: git ignores one of them.
    """
    tree = _head_tree(context)
    wishes, committed = [], {}
    for edit, change in zip(edits, changes, strict=True):
        shared = edit.share(tree.read(edit.file) if tree else None, change.after)
        wishes.append(Wish(edit.file, shared, (change.after, *([change.before] if change.before is not None else []))))
        committed[edit.file] = (tree.oid(edit.file) if tree else None) or ""
    different = find_different(Git(context.work_tree), wishes, committed)
    return {wish.path: wish.data for wish in wishes if wish.path in different}


def _setup_edits(context: Context, target: Target) -> Iterator[Edit]:
    """List what ``dvc init`` writes, where that is not there or not committed."""
    tree = _head_tree(context)
    if target.has_dvc and not (context.work_tree / ".dvc").is_dir():
        return  # DVC is set up in a folder below, and that is somebody's own arrangement
    for file, content in SETUP.items():
        there = (context.work_tree / file).exists()
        if (not there and not target.has_dvc) or (there and (tree is None or tree.kind(file) is None)):
            yield Edit(file, _keeping(content))


def _keeping(content: bytes) -> Apply:
    """Write a file that is not there, and leave one that is."""
    return lambda data: content if data is None else data


def _dvc_edits(context: Context, target: Target, facts: OutFacts) -> Iterator[Edit]:
    """List the edits of the ``.dvc`` file and of the ``.gitignore`` beside it."""
    folder, name = posixpath.split(target.path)
    ignore = posixpath.join(folder, ".gitignore")
    if has_pattern(read_file(context, ignore), name) or not is_ignored(Git(context.work_tree), target.path):
        yield Edit(ignore, lambda data: add_pattern(data, name), lambda committed, here: share_pattern(committed, here, name))
    file = f"{target.path}.dvc"
    yield Edit(file, lambda data: _set_out(file, data, name, facts))


def _set_out(file: str, data: bytes | None, name: str, facts: OutFacts) -> bytes:
    """Write the out, and name the file in what is said of it."""
    try:
        return set_out(data, name, facts)
    except FileFault as fault:
        raise FileFault(f"{file}: {fault.message}", file=file, line=fault.line, hint=fault.hint) from fault


def _head_tree(context: Context) -> CommitTree | None:
    """Open the files of HEAD, if there is a commit."""
    commit = head_commit(context.repository.objects)
    return CommitTree(context.repository.objects, commit) if commit else None

"""What `add` did, or would do, in sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from gitreg.core.views import Added
from gitreg.core.words import format_count
from gitreg.render.json import shape_edited, shape_written
from gitreg.render.json_values import Shape
from gitreg.render.sentences import describe_edited, describe_written
from gitreg.render.text import format_commit, format_size


def describe_added(added: Added) -> tuple[str, ...]:
    """Say what was tracked, sent, written, committed and registered; a dry run shows the diffs."""
    return (*_describe_bytes(added), *_describe_files(added), *(describe_written(added.written) if added.written else ()))


def advise_added(added: Added) -> str:
    """Say what to do next, or nothing."""
    if added.dry_run:
        return ""
    if added.commit is None:
        files = " ".join(quote(edit.file) for edit in added.edits)
        return f"commit {'them' if ' ' in files else 'it'}: git add {files} && git commit" if files else ""
    if not added.pushed:
        return "publish them: git push && gitreg push" if added.written else "publish it: run it again with --push"
    return "" if added.written else f"register a version: gitreg register {quote(added.artifact)} --push"


def shape_added(added: Added) -> Shape:
    """Shape what `add` answers: what every command that changes something answers, and what was added."""
    written = shape_written(added.written) if added.written else {"created": []}
    return {
        "created": written["created"],
        "edited": shape_edited(*added.edits)["edited"],
        "pushed": added.pushed,
        "dry_run": added.dry_run,
        "added": {
            "artifact": added.artifact,
            "path": added.path,
            "hash": added.hash,
            "size": added.size,
            "files": added.files,
            "commit": added.commit,
            "storage": added.storage,
            "uploaded": added.uploaded,
        },
    }


def _describe_bytes(added: Added) -> Iterator[str]:
    """Say what was tracked, and what the storage got."""
    what = format_size(added.size) if added.files is None else f"{format_count(added.files, 'file')}, {format_size(added.size)}"
    yield f"{'Would add' if added.dry_run else 'Added'} {added.path} as {added.artifact}: {what}, {added.hash}"
    if added.storage and added.dry_run:
        yield f"Would send the bytes to the storage '{added.storage}'"
    elif added.uploaded is not None:
        sent = f"Sent {format_size(added.uploaded)} to" if added.uploaded else "Nothing to send to"
        yield f"{sent} the storage '{added.storage}'"


def _describe_files(added: Added) -> Iterator[str]:
    """Say which files were written, and where they are committed."""
    if added.dry_run:
        yield from describe_edited(added.edits)
        return
    names = ", ".join(edit.file for edit in added.edits)
    if added.commit is None:
        yield f"Wrote {names}" if names else "Nothing to change in any file"
        return
    pushed = f", pushed to {added.remote}" if added.pushed else ""
    commit = format_commit(added.commit)
    yield f"Committed {names} in {commit}{pushed}" if names else f"Nothing to commit: {commit} has it all{pushed}"

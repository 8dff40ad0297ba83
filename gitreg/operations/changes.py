"""Changes of files: each shown as a diff, written whole or not at all, and committed together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from gitreg.errors import ExternalFault, GitregError, NotFound, Refused, UsageFault
from gitreg.files.replace import replace_file
from gitreg.git.commits import FileCommit, adopt_commit, make_commit, require_seen
from gitreg.git.run import Git
from gitreg.operations.context import Context
from gitreg.operations.moment import head_commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of one file: its bytes before (None: there was none) and after."""

    file: str
    before: bytes | None
    after: bytes


def read_file(context: Context, file: str, *, make: bool = False) -> bytes | None:
    """Read a file of the work tree.

    Args:
        context: where.
        file: from the root.
        make: whether its folder may be missing.

    Raises:
        Refused: it is no plain file, or its folder is a link or another repository, or a sparse checkout leaves it out.
        NotFound: its folder does not exist.
        ExternalFault: the permissions do not allow it.
    """
    root, path = context.work_tree, context.work_tree / file
    check_folders(root, path)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise Refused(f"{file} is no plain file", hint="gitreg writes plain files only")
    if not make and not path.parent.is_dir():
        message = f"there is no folder {file.rpartition('/')[0]!r}"
        raise NotFound(message, hint="the part of a name before ':' is a folder of the repository: make it first")
    if not path.exists():
        require_seen(Git(root), file)
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExternalFault(f"{file} cannot be read: {error.strerror}", hint="check its permissions") from error


def check_folders(root: Path, path: Path) -> None:
    """Refuse a path whose folders lead out of this repository.

    Raises:
        Refused: one is a symbolic link, or another repository.
    """
    for folder in list(path.parents)[: len(path.relative_to(root).parts) - 1]:
        name = folder.relative_to(root)
        if folder.is_symlink():
            raise Refused(f"folder '{name}' is a symbolic link", hint="name the real folder")
        if (folder / ".git").exists():
            raise Refused(f"folder '{name}' is a repository of its own", hint=f"run it there: gitreg --repo {name}")


def write_changes(context: Context, changes: Sequence[Change]) -> None:
    """Write files of the work tree: all of them, or none."""
    with undoing(context, changes):
        for change in changes:
            _write(context, change)


def make_commit_of(context: Context, files: Mapping[str, bytes], message: str) -> FileCommit:
    """Write a commit of files that nothing names yet."""
    parent = head_commit(context.repository.objects) or ""
    return make_commit(Git(context.work_tree), parent, files, message=f"{message}\n")


def adopt_changes(context: Context, changes: Sequence[Change], made: FileCommit, message: str) -> None:
    """Let files, index and HEAD follow a commit.

    Raises:
        Conflict: a file or HEAD changed meanwhile; all is as it was.
        ExternalFault: the system does not let us; all is as it was.
    """
    with undoing(context, changes):
        write_changes(context, changes)
        adopt_commit(Git(context.work_tree), made, message=message)


def choose_message(given: str, otherwise: str) -> str:
    """Choose the message of a commit.

    Raises:
        UsageFault: git could not keep it.
    """
    if "\0" in given:
        raise UsageFault("the message holds a NUL character", hint="give plain text to -m")
    return given.strip() or otherwise


@contextmanager
def undoing(context: Context, changes: Sequence[Change]) -> Iterator[None]:
    """Put files back as they were if what is done meanwhile fails."""
    try:
        yield
    except GitregError:
        for change in reversed(changes):
            if change.before != change.after:
                _undo(context.work_tree, change)
        raise


def _undo(root: Path, change: Change) -> None:
    """Put one file back, if it was written and nobody changed it since."""
    path = root / change.file
    with suppress(GitregError, OSError):
        if path.read_bytes() != change.after:
            return
        if change.before is None:
            path.unlink()
        else:
            replace_file(path, change.before, expected=change.after, root=root)


def _write(context: Context, change: Change) -> None:
    """Write the bytes of a change to the work tree."""
    if change.before == change.after:
        return
    path = context.work_tree / change.file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExternalFault(
            f"cannot make {path.parent}: {error.strerror}", hint="look at the permissions of the folder"
        ) from error
    replace_file(path, change.after, expected=change.before, root=context.work_tree)


def render_diff(change: Change) -> str:
    """Write a change as a unified diff; nothing where nothing changes."""
    if change.before == change.after:
        return ""
    before = (change.before or b"").decode("utf-8", "replace").splitlines(keepends=True)
    after = change.after.decode("utf-8", "replace").splitlines(keepends=True)
    source = f"a/{change.file}" if change.before is not None else "/dev/null"
    lines = list(unified_diff(before, after, source, f"b/{change.file}")) or [f"--- {source}\n", f"+++ b/{change.file}\n"]
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

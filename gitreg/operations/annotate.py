"""`annotate`, `remove` and `init`: changes of files, each shown as a diff, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from gitreg.core.entries import Entry
from gitreg.core.names import check_artifact_name, check_case, split_artifact
from gitreg.core.select import no_artifact
from gitreg.core.settings import Settings, check_type_allowed
from gitreg.core.views import Edited
from gitreg.errors import ExternalFault, FileFault, GitregError, NotFound, Refused, UsageFault
from gitreg.files.artifacts import read_artifacts
from gitreg.files.edit import remove_entry, set_entry
from gitreg.files.paths import is_template, is_url, resolve_path
from gitreg.files.replace import replace_file
from gitreg.git.commits import adopt_commit, current_branch, make_commit, require_clean, require_quiet, require_seen
from gitreg.git.remote import push_branch
from gitreg.git.run import Git
from gitreg.operations.context import SETTINGS_FILE, Context, read_context_settings, read_settings_files
from gitreg.operations.load_entries import entry_file
from gitreg.operations.moment import head_commit
from gitreg.operations.names import list_artifacts
from gitreg.operations.options import EditOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of one file: its bytes before (None: there was none) and after."""

    file: str
    before: bytes | None
    after: bytes


def annotate(context: Context, artifact: str, fields: Mapping[str, object], *, options: EditOptions) -> Edited:
    """Write or change the entry of an artifact.

    Args:
        context: where.
        artifact: the full name.
        fields: new values; None takes a field away; `labels` are united with those that are there, `custom` key by key.
        options: how to write.

    Raises:
        UsageFault: a name, field or value is not valid.
        Refused: the settings do not list the type, or the file has problems.
        Conflict: the name differs from another one only by case, or the file has changed meanwhile.
    """
    settings = read_context_settings(context)
    if isinstance(kind := fields.get("type"), str):
        check_type_allowed(settings, kind)
    directory, plain = split_artifact(artifact)
    file = entry_file(artifact, "artifacts.yaml")
    before = _read(context, file)
    entries, _ = read_artifacts(before or b"", file)
    if artifact not in entries:
        check_artifact_name(artifact)
        check_case("artifact", artifact, {*entries, *list_artifacts(context)})
    with _naming(file):
        change = Change(file=file, before=before, after=set_entry(before, plain, _unite(entries.get(artifact), fields)))
    edited = _write(context, change, f"Annotate {artifact}", settings, options)
    if not edited.diff:
        return edited
    return replace(edited, notes=(*edited.notes, *_describe_path(context, directory, fields.get("path"))))


def remove(context: Context, artifact: str, *, options: EditOptions) -> Edited:
    """Remove the entry of an artifact; its events stay.

    Raises:
        NotFound: it has no entry in its ``artifacts.yaml``.
        Refused: the file has problems.
    """
    _, plain = split_artifact(artifact)
    file = entry_file(artifact, "artifacts.yaml")
    before = _read(context, file)
    if before is None:
        raise NotFound(f"there is no {file}", hint=no_artifact(artifact, list_artifacts(context)).hint)
    entries, _ = read_artifacts(before, file)
    try:
        with _naming(file):
            after = remove_entry(before, plain)
    except NotFound as error:
        raise NotFound(f"{file} has no entry {plain!r}", hint=no_artifact(artifact, entries).hint) from error
    return _write(
        context, Change(file=file, before=before, after=after), f"Remove {artifact}", read_context_settings(context), options
    )


def init(context: Context, *, dry_run: bool) -> tuple[Edited, ...]:
    """Write ``.gitreg.yaml``, ``artifacts.yaml`` and the lines of ``.gitattributes``; what is there already stays.

    Beside a ``.gto`` no ``.gitreg.yaml`` is written, since it would take the place of the settings there.

    Returns:
        One change for each file; an empty diff where there was nothing to do.
    """
    from gitreg.files.templates import TEMPLATES, add_attributes

    ours, gto = read_settings_files(context)
    changes = [
        Change(file=file, before=(before := _read(context, file)), after=template if before is None else before)
        for file, template in TEMPLATES.items()
        if file != SETTINGS_FILE or ours is not None or gto is None
    ]
    attributes = _read(context, ".gitattributes")
    changes.append(Change(file=".gitattributes", before=attributes, after=add_attributes(attributes)))
    if not dry_run:
        for change in changes:
            _replace(context, change)
    return tuple(Edited(file=change.file, diff=_diff(change), dry_run=dry_run) for change in changes)


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Name the file in what is said of its problems."""
    try:
        yield
    except FileFault as fault:
        raise FileFault(f"{file}: {fault.message}", file=file, line=fault.line, hint=fault.hint) from fault


def _describe_path(context: Context, directory: str, path: object) -> Iterator[str]:
    """Say that a path leads nowhere, and where it would lead from the root: that is where people often stand."""
    if not isinstance(path, str) or is_url(path) or is_template(path):
        return
    root = context.work_tree
    wanted = resolve_path(directory.strip("/"), path)
    if any((root / f"{wanted}{ending}").exists() for ending in ("", ".dvc")):
        return
    note = f"there is no {wanted!r} here yet"
    inside = directory and path.startswith(f"{directory.strip('/')}/") and (root / path).exists()
    yield f"{note}; a path is relative to its artifacts.yaml: --path {path[len(directory.strip('/')) + 1 :]}" if inside else note


def _unite(entry: Entry | None, fields: Mapping[str, object]) -> dict[str, object]:
    """Unite labels with those of the entry, and `custom` key by key."""
    united = dict(fields)
    labels, custom = fields.get("labels"), fields.get("custom")
    if isinstance(labels, (list, tuple)):
        united["labels"] = list(dict.fromkeys([*(entry.labels if entry else ()), *labels]))
    if entry is not None and isinstance(custom, Mapping) and isinstance(entry.custom, Mapping):
        united["custom"] = {**entry.custom, **custom}
    return united


def _write(context: Context, change: Change, subject: str, settings: Settings, options: EditOptions) -> Edited:
    """Write a change as the options say."""
    push = options.get("push")
    commit = options.get("commit", False) or push is True
    push = commit and (settings.push if push is None else push)
    edited = Edited(file=change.file, diff=_diff(change), dry_run=options.get("dry_run", False), remote=settings.remote)
    if change.before == change.after:
        return replace(edited, notes=(f"{change.file} says so already",))
    if commit:
        message = options.get("message", "").strip() or subject
        if "\0" in message:
            raise UsageFault("the message holds a NUL character", hint="give plain text to -m")
        return _commit(context, change, message, push_to=settings.remote if push else None, edited=edited)
    if not edited.dry_run:
        _replace(context, change)
    return edited


def _commit(context: Context, change: Change, message: str, *, push_to: str | None, edited: Edited) -> Edited:
    """Commit a change, and that file only. The remote decides first; then file, index and HEAD follow."""
    repository = context.repository
    git = Git(context.work_tree)
    require_quiet(repository.location)
    require_clean(git, change.file)
    parent = head_commit(repository.objects) or ""
    branch = current_branch(git) if push_to else ""
    if edited.dry_run:
        return edited
    made = make_commit(git, parent, change.file, change.after, message=f"{message}\n")
    if push_to:
        push_branch(git, push_to, made.commit, branch)
    done = replace(edited, commit=made.commit, pushed=push_to is not None)
    try:
        _replace(context, change)
        _undoing(context, change, lambda: adopt_commit(git, made, message=message))
    except GitregError as error:
        if push_to is None:
            raise
        note = f"published, but this clone could not follow ({error.message}); bring it with: git pull {push_to} {branch}"
        return replace(done, notes=(note,))
    return done


def _undoing(context: Context, change: Change, act: Callable[[], None]) -> None:
    """Act, and put the file back if that fails."""
    try:
        act()
    except GitregError:
        path = context.work_tree / change.file
        if change.before is None:
            path.unlink(missing_ok=True)
        else:
            replace_file(path, change.before, expected=change.after, root=context.work_tree)
        raise


def _replace(context: Context, change: Change) -> None:
    """Write the bytes of a change to the work tree."""
    if change.before != change.after:
        replace_file(context.work_tree / change.file, change.after, expected=change.before, root=context.work_tree)


def _read(context: Context, file: str) -> bytes | None:
    """Read a file of the work tree.

    Raises:
        Refused: it is no plain file, or its folder is a link or another repository, or a sparse checkout leaves it out.
        NotFound: its folder does not exist.
        ExternalFault: the permissions do not allow it.
    """
    root, path = context.work_tree, context.work_tree / file
    folders = list(path.parents)[: len(path.relative_to(root).parts) - 1]
    _check_folders(root, folders)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise Refused(f"{file} is no plain file", hint="gitreg writes plain files only")
    if not path.parent.is_dir():
        message = f"there is no folder {file.rpartition('/')[0]!r}"
        raise NotFound(message, hint="the part of a name before ':' is a folder of the repository: make it first")
    if not path.exists():
        require_seen(Git(root), file)
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExternalFault(f"{file} cannot be read: {error.strerror}", hint="check its permissions") from error


def _check_folders(root: Path, folders: list[Path]) -> None:
    """Refuse folders that lead out of this repository.

    Raises:
        Refused: one is a symbolic link, or another repository.
    """
    for folder in folders:
        name = folder.relative_to(root)
        if folder.is_symlink():
            raise Refused(f"folder '{name}' is a symbolic link", hint="name the real folder")
        if (folder / ".git").exists():
            raise Refused(f"folder '{name}' is a repository of its own", hint=f"run it there: gitreg --repo {name}")


def _diff(change: Change) -> str:
    """Write a change as a unified diff."""
    before = (change.before or b"").decode("utf-8", "replace").splitlines(keepends=True)
    after = change.after.decode("utf-8", "replace").splitlines(keepends=True)
    source = f"a/{change.file}" if change.before is not None else "/dev/null"
    return "".join(
        line if line.endswith("\n") else f"{line}\n" for line in unified_diff(before, after, source, f"b/{change.file}")
    )

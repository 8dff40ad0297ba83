"""`annotate`, `remove` and `init`: changes of files, each shown as a diff, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from gitreg.core.entries import Entry
from gitreg.core.names import check_artifact_name, check_case, split_artifact
from gitreg.core.select import no_artifact
from gitreg.core.settings import Settings, check_type_allowed
from gitreg.core.views import Edited
from gitreg.errors import FileFault, GitregError, NotFound
from gitreg.files.artifacts import read_artifacts
from gitreg.files.edit import remove_entry, set_entry
from gitreg.files.paths import is_template, is_url, resolve_path
from gitreg.git.commits import current_branch, require_clean, require_quiet
from gitreg.git.remote import push_branch
from gitreg.git.run import Git
from gitreg.operations.changes import (
    Change,
    adopt_changes,
    choose_message,
    make_commit_of,
    read_file,
    render_diff,
    write_changes,
)
from gitreg.operations.context import SETTINGS_FILE, Context, read_context_settings, read_settings_files
from gitreg.operations.load_entries import entry_file
from gitreg.operations.names import list_artifacts
from gitreg.operations.options import EditOptions


def annotate(
    context: Context, artifact: str, fields: Mapping[str, object], *, options: EditOptions, inspect: bool = False
) -> Edited:
    """Write or change the entry of an artifact.

    Args:
        context: where.
        artifact: the full name.
        fields: new values; None takes a field away; what may be several (`labels`, `metrics`, `params`, `goals`, `custom`) is
            united with what is there.
        inspect: fill framework and schema from the file, where nobody has said anything of them.
        options: how to write.

    Raises:
        UsageFault: a name, field or value is not valid.
        Refused: the settings do not list the type, or the file has problems.
        Conflict: the name differs from another one only by case, or the file has changed meanwhile.
    """
    settings = read_context_settings(context)
    check_fields(settings, fields)
    directory, _ = split_artifact(artifact)
    file = entry_file(artifact, "artifacts.yaml")
    before = read_file(context, file)
    check_new_entry(context, artifact, before)
    given, silent = fields, tuple[str, ...]()
    if inspect:
        from gitreg.operations.inspect_work import fill_from_file

        fields, silent = fill_from_file(context, artifact, fields, before)
    change = Change(file=file, before=before, after=set_fields(artifact, fields, before))
    edited = _write(context, change, f"Annotate {artifact}", settings, options)
    if edited.diff:
        return replace(edited, notes=(*edited.notes, *_describe_paths(context, directory, fields), *silent))
    return replace(edited, notes=(*(edited.notes if given or not silent else ()), *silent))


def check_fields(settings: Settings, fields: Mapping[str, object]) -> None:
    """Refuse a type that the settings do not list.

    Raises:
        Refused: it is not listed.
    """
    if isinstance(kind := fields.get("type"), str):
        check_type_allowed(settings, kind)


def check_new_entry(context: Context, artifact: str, data: bytes | None) -> None:
    """Refuse a new name that is not valid, or that differs from another one only by case.

    Args:
        context: where.
        artifact: the full name.
        data: the bytes of its ``artifacts.yaml``.

    Raises:
        SyntaxFault: it is not valid.
        Conflict: it differs from another one only by case.
    """
    entries, _ = read_artifacts(data or b"", entry_file(artifact, "artifacts.yaml"))
    if artifact not in entries:
        check_artifact_name(artifact)
        check_case("artifact", artifact, {*entries, *list_artifacts(context)})


def set_fields(artifact: str, fields: Mapping[str, object], data: bytes | None) -> bytes:
    """Write fields of an artifact into the bytes of its ``artifacts.yaml``.

    Raises:
        UsageFault: a field or value is not valid.
        Refused: the file has problems.
    """
    file = entry_file(artifact, "artifacts.yaml")
    entries, _ = read_artifacts(data or b"", file)
    with _naming(file):
        return set_entry(data, split_artifact(artifact)[1], _unite(entries.get(artifact), fields))


def remove(context: Context, artifact: str, *, options: EditOptions) -> Edited:
    """Remove the entry of an artifact; its events stay.

    Raises:
        NotFound: it has no entry in its ``artifacts.yaml``.
        Refused: the file has problems.
    """
    _, plain = split_artifact(artifact)
    file = entry_file(artifact, "artifacts.yaml")
    before = read_file(context, file)
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


def init(context: Context, *, storage: str | None = None, forge: str | None = None, dry_run: bool) -> tuple[Edited, ...]:
    """Write ``.gitreg.yaml``, ``artifacts.yaml`` and the lines of ``.gitattributes``; what is there already stays.

    Beside a ``.gto`` no ``.gitreg.yaml`` is written, since it would take the place of the settings there.

    Args:
        context: where.
        storage: a folder or an address for the bytes, which becomes DVC's default remote.
        forge: the host whose jobs are to follow the registry, such as ``github``; None: no files for jobs.
        dry_run: write nothing.

    Returns:
        One change for each file; an empty diff where there was nothing to do.

    Raises:
        Refused: there is another default remote.
    """
    from gitreg.files.templates import TEMPLATES, add_attributes
    from gitreg.operations.init_jobs import describe_jobs, plan_jobs
    from gitreg.operations.init_storage import locate_storage, make_storage, plan_storage

    ours, gto = read_settings_files(context)
    changes = [
        Change(file=file, before=(before := read_file(context, file)), after=template if before is None else before)
        for file, template in TEMPLATES.items()
        if file != SETTINGS_FILE or ours is not None or gto is None
    ]
    attributes = read_file(context, ".gitattributes")
    changes.append(Change(file=".gitattributes", before=attributes, after=add_attributes(attributes)))
    url = locate_storage(context, storage) if storage is not None else None
    if url is not None:
        changes += plan_storage(context, url)
    jobs = plan_jobs(context, forge) if forge is not None else []
    if not dry_run:
        if url is not None:
            make_storage(url)
        write_changes(context, [*changes, *jobs])
    edits = [Edited(file=change.file, diff=render_diff(change), dry_run=dry_run) for change in changes]
    return (*edits, *(describe_jobs(context, jobs, forge, dry_run=dry_run) if forge is not None else ()))


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Name the file in what is said of its problems."""
    try:
        yield
    except FileFault as fault:
        raise FileFault(f"{file}: {fault.message}", file=file, line=fault.line, hint=fault.hint) from fault


def _describe_paths(context: Context, directory: str, fields: Mapping[str, object]) -> Iterator[str]:
    """Say which of the paths that were given lead nowhere."""
    yield from _describe_path(context, directory, "path", fields.get("path"))
    for name in ("metrics", "params"):
        given = fields.get(name)
        for reference in given if isinstance(given, (list, tuple)) else ():
            yield from _describe_path(context, directory, name, _name_file(reference))


def _describe_path(context: Context, directory: str, option: str, path: object) -> Iterator[str]:
    """Say that a path leads nowhere, and where it would lead from the root: that is where people often stand."""
    if not isinstance(path, str) or is_url(path) or is_template(path):
        return
    root = context.work_tree
    wanted = resolve_path(directory.strip("/"), path)
    if any((root / f"{wanted}{ending}").exists() for ending in ("", ".dvc")):
        return
    note = f"there is no {wanted!r} here yet"
    inside = directory and path.startswith(f"{directory.strip('/')}/") and (root / path).exists()
    yield (
        f"{note}; a path is relative to its artifacts.yaml: --{option} {path[len(directory.strip('/')) + 1 :]}"
        if inside
        else note
    )


def _unite(entry: Entry | None, fields: Mapping[str, object]) -> dict[str, object]:
    """Unite labels with those of the entry, `metrics` and `params` file by file, `goals` and `custom` key by key."""
    united = dict(fields)
    for name, there in (("metrics", entry.metrics), ("params", entry.params)) if entry is not None else ():
        if isinstance(given := fields.get(name), (list, tuple)):
            united[name] = [*{_name_file(one): one for one in (*there, *given)}.values()]
    if entry is not None and isinstance(goals := fields.get("goals"), Mapping):
        united["goals"] = {**entry.goals, **goals}
    labels, custom = fields.get("labels"), fields.get("custom")
    if isinstance(labels, (list, tuple)):
        united["labels"] = list(dict.fromkeys([*(entry.labels if entry else ()), *labels]))
    if entry is not None and isinstance(custom, Mapping) and isinstance(entry.custom, Mapping):
        united["custom"] = {**entry.custom, **custom}
    return united


def _name_file(reference: object) -> object:
    """Name the file of an item of `metrics` or `params`; what is no such item is told apart by what it is."""
    return reference.get("path") if isinstance(reference, Mapping) else str(reference)


def _write(context: Context, change: Change, subject: str, settings: Settings, options: EditOptions) -> Edited:
    """Write a change as the options say."""
    push = options.get("push")
    commit = options.get("commit", False) or push is True
    push = commit and (settings.push if push is None else push)
    edited = Edited(file=change.file, diff=render_diff(change), dry_run=options.get("dry_run", False), remote=settings.remote)
    if change.before == change.after:
        return replace(edited, notes=(f"{change.file} says so already",))
    if commit:
        message = choose_message(options.get("message", ""), subject)
        return _commit(context, change, message, push_to=settings.remote if push else None, edited=edited)
    if not edited.dry_run:
        write_changes(context, [change])
    return edited


def _commit(context: Context, change: Change, message: str, *, push_to: str | None, edited: Edited) -> Edited:
    """Commit a change, and that file only. The remote decides first; then file, index and HEAD follow."""
    git = Git(context.work_tree)
    require_quiet(context.repository.location)
    require_clean(git, change.file)
    branch = current_branch(git) if push_to else ""
    if edited.dry_run:
        return edited
    made = make_commit_of(context, {change.file: change.after}, message)
    if push_to:
        push_branch(git, push_to, made.commit, branch)
    done = replace(edited, commit=made.commit, pushed=push_to is not None)
    try:
        adopt_changes(context, [change], made, message)
    except GitregError as error:
        if push_to is None:
            raise
        note = f"published, but this clone could not follow ({error.message}); bring it with: git pull {push_to} {branch}"
        return replace(done, notes=(note,))
    return done

"""The plan of `add`: everything that can be refused is refused before a byte is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gitreg.core.entries import Entry
from gitreg.core.settings import Settings
from gitreg.errors import Conflict, GitregError, Refused
from gitreg.files.artifacts import read_artifacts
from gitreg.files.dvc_file import OutFacts
from gitreg.files.paths import resolve_path
from gitreg.git.commits import current_branch, require_quiet
from gitreg.git.remote import find_push_place
from gitreg.git.run import Git
from gitreg.operations.add_files import list_edits, to_changes
from gitreg.operations.add_registration import NEW_COMMIT, find_registered, plan_version
from gitreg.operations.add_target import Target, find_target, relate
from gitreg.operations.annotate import check_fields, check_new_entry
from gitreg.operations.changes import choose_message, read_file
from gitreg.operations.context import Context, read_context_settings
from gitreg.operations.load_entries import entry_file
from gitreg.operations.load_store import load_store_settings
from gitreg.operations.moment import head_commit
from gitreg.operations.options import AddOptions, Writing
from gitreg.operations.register import Registering, check_registering
from gitreg.storage.opening import open_store
from gitreg.storage.store import Store, object_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """What to add.

    Attributes:
        path: of the file or folder: absolute, or relative to the folder that gitreg was opened in.
        artifact: the full name.
        fields: further fields of the entry, as for `annotate`.
        registering: the version to register, or None.
    """

    path: str | Path
    artifact: str
    fields: Mapping[str, object] = field(default_factory=dict)
    registering: Registering | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done, after everything that could be refused before a byte is read."""

    artifact: str
    fields: Mapping[str, object]
    target: Target
    settings: Settings
    registering: Registering | None
    store: Store | None
    commit: bool
    push: bool
    branch: str
    message: str
    given: str
    notes: tuple[str, ...] = ()

    @property
    def writing(self) -> Writing:
        """Say how the version is written."""
        return Writing(remote=self.settings.remote, push=self.push, message=self.given)


def plan_addition(context: Context, wanted: Adding, options: AddOptions) -> Plan:
    """Refuse what can be refused before a byte is read."""
    settings = read_context_settings(context)
    check_fields(settings, wanted.fields)
    if wanted.registering is not None:
        check_registering(wanted.registering)
    target = find_target(context, wanted.path)
    entry = _check_entry(context, wanted.artifact, target)
    filled, notes = _fill_fields(wanted, target, entry) if options.get("inspect", True) else (wanted.fields, ())
    fields = {**filled, "path": relate(target, wanted.artifact)}
    wished = options.get("push")
    commit = options.get("commit", False) or wished is True or wanted.registering is not None
    push = commit and (settings.push if wished is None else wished)
    if commit:
        require_quiet(context.repository.location)
    if push:
        find_push_place(context.repository.git, settings.remote)
    plan = Plan(
        artifact=wanted.artifact,
        fields=fields,
        target=target,
        settings=settings,
        registering=wanted.registering,
        store=_open_store(context, target) if push or wanted.registering else None,
        commit=commit,
        push=push,
        branch=current_branch(Git(context.work_tree)) if push else "",
        message=choose_message(options.get("message", ""), f"Add {wanted.artifact}"),
        given=options.get("message", "").strip(),
        notes=notes,
    )
    _rehearse(context, plan)
    return plan


def _fill_fields(wanted: Adding, target: Target, entry: Entry | None) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """Fill framework and schema from the headers of the file, where nobody has said anything of them."""
    from gitreg.operations.inspect_entries import describe_differences, fill_fields
    from gitreg.operations.inspect_files import inspect_local

    try:
        file = inspect_local(target.place).file
    except GitregError:
        return wanted.fields, ()
    schema = wanted.fields.get("schema", entry.schema if entry else None)
    return fill_fields(file, wanted.fields, entry), describe_differences(file, schema, wanted.artifact)


def _check_entry(context: Context, artifact: str, target: Target) -> Entry | None:
    """Refuse a name that is not valid, or that is another file's; give the entry that is there.

    Raises:
        Conflict: the entry has another path.
    """
    file = entry_file(artifact, "artifacts.yaml")
    data = read_file(context, file)
    check_new_entry(context, artifact, data)
    entry = read_artifacts(data or b"", file)[0].get(artifact)
    if entry is not None and entry.path is not None:
        there = resolve_path(file.rpartition("/")[0], entry.path)
        if there != target.path:
            message = f"{artifact!r} is at {there!r} already"
            raise Conflict(message, hint=f"choose another name, or move it: gitreg annotate '{artifact}' --path '{target.path}'")
    return entry


def _open_store(context: Context, target: Target) -> Store:
    """Open the store that the bytes go to.

    Raises:
        NotFound: none is configured.
        Refused: it keeps files under their own names, which only DVC can do.
        ExternalFault: it does not answer.
    """
    settings = load_store_settings(context, None, path=target.path, pinned=target.out.remote if target.out else None)
    if settings.version_aware:
        message = f"the storage {settings.name!r} keeps files by their own names, and only DVC writes there"
        raise Refused(message, hint=f"dvc add '{target.path}' && dvc push, commit, and then: gitreg annotate && gitreg register")
    store = open_store(settings)
    store.size(object_key(f"md5:{'0' * 32}"))  # whether it answers at all
    return store


def _rehearse(context: Context, plan: Plan) -> None:
    """Find out, before a byte is read, what could not be written afterwards."""
    nothing = OutFacts(md5="0" * 32, size=0)
    to_changes(context, list_edits(context, plan.target, nothing, plan.artifact, plan.fields))
    if plan.registering is not None:
        plan_version(context, plan.artifact, find_registered_head(context, plan) or NEW_COMMIT, plan.registering, plan.writing)


def find_registered_head(context: Context, plan: Plan) -> str | None:
    """Give HEAD's commit if it has the wanted version already, which is fine if nothing has changed since."""
    head = head_commit(context.repository.objects)
    if head is None or plan.registering is None:
        return None
    return head if find_registered(context, plan.artifact, head, plan.registering) is not None else None

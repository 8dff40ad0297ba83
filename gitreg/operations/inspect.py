"""`inspect`: what the headers of a model file say, of a version wherever its bytes are."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final

from gitreg.core.entries import Entry, PointerKind
from gitreg.core.inspected import Inspection
from gitreg.core.model_files import ModelFile, Reader
from gitreg.core.schema_changes import compare_schemas, make_schema
from gitreg.core.select import no_artifact
from gitreg.core.selectors import Selector
from gitreg.core.views import Resolution
from gitreg.errors import NotFound
from gitreg.formats.readers import Buffered
from gitreg.operations.causes import require_readable
from gitreg.operations.context import Context
from gitreg.operations.get_files import Loaded
from gitreg.operations.inspect_files import read_folder, read_single
from gitreg.operations.load_contents import load_contents
from gitreg.operations.load_entries import entry_path, load_entries, load_entry
from gitreg.operations.moment import head_commit
from gitreg.operations.names import list_tagged
from gitreg.operations.ranged import StoredFile
from gitreg.operations.resolve import resolve_selector

_MOST_OPENED: Final = 64
"""Files of a folder in a storage that are looked at: each costs questions to the storage, and perhaps an open file."""

_MOST_KEPT: Final = 8
"""Files whose pages are kept, so that nobody asks for them twice."""

_MOST_WHOLE: Final = 256 << 20
"""Bytes of files that are fetched whole, only to see whether they could run code."""

_WHOLE: Final = "its place gives no parts of files, so the whole file was fetched"


@dataclass(frozen=True, slots=True)
class Found:
    """What contents say, where the file that says the most is, how many bytes were read, and what to say of that."""

    file: ModelFile
    member: str | None
    address: str
    read: int
    notes: tuple[str, ...]


def inspect(
    context: Context, selector: Selector, *, at: str | None, remote: str | None = None, fetched: bool = False
) -> Inspection:
    """Say what the bytes of a version say of the model in them; only their headers are read, where the storage can do that.

    Args:
        context: where.
        selector: of a version or a stage; an artifact alone stands for what HEAD has.
        at: a moment; None: now.
        remote: the storage to ask in place of the one that is configured.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        NotFound: it stands for nothing, the artifact has no path there, or the storage lacks the bytes.
        ExternalFault: the storage does not answer.
    """
    resolution, entry = _resolve(context, selector, at=at, fetched=fetched)
    path = entry_path(entry)
    with closing(load_contents(context, resolution.commit, path, remote=remote)) as loaded:
        found = read_contents(loaded)
    return Inspection(
        file=found.file,
        address=found.address,
        member=found.member,
        artifact=resolution.artifact,
        version=resolution.version,
        commit=resolution.commit,
        path=path,
        read=found.read,
        differences=compare_schemas(entry.schema, make_schema(found.file)),
        deprecated=resolution.deprecated,
        notes=found.notes,
    )


def read_contents(loaded: Loaded) -> Found:
    """Read the headers of contents.

    Raises:
        NotFound: no place has them.
        ExternalFault: a place does not answer.
    """
    contents, opened = loaded.contents, list[StoredFile]()
    readers, asked = dict[int, Reader](), list[int]()

    def open_item(number: int) -> Reader:
        opened.append(StoredFile(contents.items[number], loaded.sources))
        reader = Buffered(opened[-1])
        if len(readers) < _MOST_KEPT:
            readers[number] = reader
        return reader

    def open_other(number: int) -> Reader | None:
        if number in readers:
            return readers[number]
        if len(asked) >= _MOST_OPENED:
            return None
        asked.append(number)
        reader = open_item(number)
        whole = sum(found.size for found in opened if not found.is_ranged)
        return None if whole > _MOST_WHOLE and not opened[-1].is_ranged else reader

    try:
        if contents.is_folder:
            files = {item.path: partial(open_item, number) for number, item in enumerate(contents.items)}
            others = {item.path: partial(open_other, number) for number, item in enumerate(contents.items)}
            file, member = read_folder(files, size=contents.size, others=others)
        else:
            file, member = read_single(open_item(0), contents.path), None
        is_whole = any(found.whole for found in opened) and contents.kind is not PointerKind.GIT
        address = opened[0].address if opened else loaded.sources[-1].address("")
        return Found(file, member, address, sum(found.fetched for found in opened), (_WHOLE,) if is_whole else ())
    finally:
        for found in opened:
            found.close()


def _resolve(context: Context, selector: Selector, *, at: str | None, fetched: bool) -> tuple[Resolution, Entry]:
    """Find the commit, and the entry with its path there.

    Raises:
        NotFound: there is none.
        Unanswerable: the file that would say it cannot be read.
    """
    objects = context.repository.objects
    if selector.version is None and selector.stage is None and at is None:
        commit = head_commit(objects)
        entry, problems = load_entry(objects, commit, selector.artifact) if commit is not None else (None, [])
        if commit is None or entry is None:
            require_readable(problems, selector.artifact, commit or "")
            raise no_artifact(selector.artifact, {*load_entries(objects, commit)[0], *list_tagged(context)})
        resolution = Resolution(artifact=selector.artifact, version=None, stage=None, commit=commit, tag="")
    else:
        resolution = resolve_selector(context, selector, at=at, path=False, fetched=fetched)
        entry, problems = load_entry(objects, resolution.commit, resolution.artifact)
        if entry is None:
            require_readable(problems, resolution.artifact, resolution.commit)
    if entry is None or entry.path is None:
        message = f"{resolution.artifact!r} has no path at commit {resolution.commit[:7]}, so nothing says where its bytes are"
        hint = f"give it one for the next version: gitreg annotate '{resolution.artifact}' --path PATH --commit"
        raise NotFound(message, hint=hint)
    return resolution, entry

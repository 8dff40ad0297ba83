"""What `inspect` answers: what a model file says, and where it was read."""

from __future__ import annotations

from dataclasses import dataclass

from gitreg.core.model_files import ModelFile
from gitreg.core.schema_changes import SchemaChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file, or the bytes of a version, say of the model in them.

    Attributes:
        file: what was found.
        address: where it was read, without secrets: a path, or a place in a storage.
        member: of a folder the file that says the most, below the folder; None for a file.
        artifact, version, commit: what the selector stood for; None for a file that was named by its path.
        path: of the artifact, from the root of the repository, or its address.
        read: bytes that were asked for at the place; None for files of this machine.
        differences: what the entry's schema says otherwise than the file: before is the entry, after the file.
        deprecated: whether the artifact is no longer of use.
        notes: sentences about how it was read.
    """

    file: ModelFile
    address: str
    member: str | None = None
    artifact: str | None = None
    version: str | None = None
    commit: str | None = None
    path: str | None = None
    read: int | None = None
    differences: tuple[SchemaChange, ...] = ()
    deprecated: bool = False
    notes: tuple[str, ...] = ()

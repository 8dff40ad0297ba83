"""A model file while it is read: what was found stays, wherever the reading stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gitreg.core.model_files import ModelFile, Tensor

MOST_TENSORS: Final = 10_000
"""Inputs or outputs that are kept."""

_MOST_NOTES: Final = 20
_MOST_FACTS: Final = 200
_LONGEST_FACT: Final = 1_000
_MOST_IMPORTS: Final = 2_000


class Damaged(Exception):
    """A file ends too early, or contradicts itself, or has more of something than is looked at. Never leaves this room."""


class BreaksOff(Damaged):
    """A file ends too early, and made sense until there."""


class Foreign(Damaged):
    """A file is of another kind than it was taken for."""


@dataclass(slots=True, kw_only=True)
class Draft:
    """What was found so far; see `gitreg.core.model_files.ModelFile` for what is what."""

    format: str
    size: int
    framework: str | None = None
    framework_version: str | None = None
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    parameters: int | None = None
    opset: dict[str, int] = field(default_factory=dict)
    ir_version: int | None = None
    quantization: dict[str, int] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)
    unsafe: set[str] = field(default_factory=set)
    metadata: dict[str, str] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    unread: int = 0

    def note(self, text: str) -> None:
        """Keep a sentence about what could not be read, or contradicts itself."""
        if len(self.notes) < _MOST_NOTES:
            self.notes[text[:_LONGEST_FACT]] = None

    def tell(self, name: str, value: object) -> None:
        """Keep a fact that has no field of its own; nothing where there is nothing to tell."""
        if value is not None and value != "" and len(self.metadata) < _MOST_FACTS:
            self.metadata.setdefault(name[:200], str(value)[:_LONGEST_FACT])

    def count(self, values: int, kind: str) -> None:
        """Count one tensor with its values."""
        self.parameters = (self.parameters or 0) + values
        if kind in self.quantization or len(self.quantization) < _MOST_FACTS:
            self.quantization[kind] = self.quantization.get(kind, 0) + 1

    def need(self, name: str, *, safe: bool) -> None:
        """Keep what loading would import."""
        if len(self.imports) >= _MOST_IMPORTS:
            self.unsafe.add("more imports than are listed")
            return
        self.imports.add(name[:300])
        if not safe:
            self.unsafe.add(name[:300])

    def finish(self) -> ModelFile:
        """Make the value."""
        return ModelFile(
            format=self.format,
            size=self.size,
            framework=self.framework,
            framework_version=self.framework_version,
            inputs=tuple(self.inputs[:MOST_TENSORS]),
            outputs=tuple(self.outputs[:MOST_TENSORS]),
            parameters=self.parameters,
            opset=dict(sorted(self.opset.items())),
            ir_version=self.ir_version,
            quantization=dict(sorted(self.quantization.items())),
            imports=tuple(sorted(self.imports)),
            unsafe=tuple(sorted(self.unsafe)),
            metadata=dict(sorted(self.metadata.items())),
            notes=tuple(self.notes),
            unread=self.unread,
        )

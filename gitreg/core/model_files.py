"""Model files: what the headers of a file say of the model in it, without loading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Reader(Protocol):
    """Bytes of which any part can be read: a file, an object of a storage, a member of an archive."""

    @property
    def size(self) -> int:
        """Say how many bytes there are."""

    def read(self, start: int, length: int) -> bytes:
        """Read a part; fewer bytes than wanted only at the end.

        Raises:
            ExternalFault: the place does not answer.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """An input or output of a model.

    Attributes:
        type: as the ONNX standard writes it: ``float32``, ``int64``, ``string``.
        shape: sizes; a text where a dimension has a name, None where it is open; None for all where nothing says so.
    """

    name: str
    type: str | None = None
    shape: tuple[int | str | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """What a file says of the model in it; None and empty mean that it does not say.

    Attributes:
        format: ``onnx``, ``safetensors``, ``gguf``, ``pickle``, ``joblib``, ``skops``, ``torch``, ``torch-legacy``,
            ``torchscript``, ``keras``, ``hdf5``, ``xgboost``, ``lightgbm``, ``catboost``, ``savedmodel``, ``npz``, ``npy``,
            ``mlmodel``, or ``unknown``.
        framework: as entries name it: ``onnx``, ``sklearn``, ``pytorch``, ``keras``, ``xgboost``.
        framework_version: of the library that wrote it.
        size: bytes of the file or folder.
        parameters: number of trained values.
        opset: version by domain, the standard domain as ``ai.onnx``.
        quantization: kinds of numbers that parameters are stored as, with how many tensors or values have it.
        imports: names that loading it would import, as ``module.name``, sorted; only formats that can run code have any.
        unsafe: those of `imports` that could do more than make a model, and whatever else loading it could run.
        metadata: what else it says, as text.
        notes: what could not be read, or contradicts itself.
        unread: files of a folder that nobody has looked at; they could run code.
    """

    format: str
    size: int
    framework: str | None = None
    framework_version: str | None = None
    inputs: tuple[Tensor, ...] = ()
    outputs: tuple[Tensor, ...] = ()
    parameters: int | None = None
    opset: Mapping[str, int] = field(default_factory=dict)
    ir_version: int | None = None
    quantization: Mapping[str, int] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unread: int = 0

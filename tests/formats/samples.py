"""Model files that the real libraries wrote; `tests/formats/make_files.py` made them."""

from __future__ import annotations

import base64
import json
import zlib
from functools import cache
from pathlib import Path
from typing import Final

from gitreg.core.model_files import ModelFile
from gitreg.formats.detect import read_model_file
from gitreg.formats.readers import Memory

_FOLDER: Final = Path(__file__).parent / "files"


@cache
def sample(name: str) -> bytes:
    """Read a sample: its bytes, packed, stand in a text."""
    return zlib.decompress(base64.b64decode("".join(json.loads((_FOLDER / f"{name}.json").read_text())["data"])))


def names() -> list[str]:
    """List all samples."""
    return sorted(path.name.removesuffix(".json") for path in _FOLDER.glob("*.json"))


def read(data: bytes, name: str) -> ModelFile:
    """Read a model file."""
    return read_model_file(Memory(data), name)


def read_sample(name: str) -> ModelFile:
    """Read a sample."""
    return read(sample(name), name)

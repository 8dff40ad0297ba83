"""Writing ``.dvc`` files: byte for byte as DVC 3 does, with everything that a person wrote into one kept.

DVC reads such a file with ruamel's round trip, changes the values and writes it again (``dvc/stage/serialize.py``,
``dvc/utils/collections.py``); so does this.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from gitreg.errors import FileFault, Refused
from gitreg.files.yaml import LARGEST

# What DVC takes from the bytes, and so writes anew; all else of an out is what a person said of it.
_FROM_BYTES: Final = (
    "md5", "etag", "checksum", "version_id", "size", "nfiles", "isexec", "cloud", "files", "hash",
)  # fmt: skip
_CANNOT_READ: Final = "it cannot be read as a .dvc file"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutFacts:
    """What the bytes say of an out.

    Attributes:
        md5: in hex, with ``.dir`` behind that of a folder.
        size: bytes.
        files: number of files of a folder.
        executable: whether it is a file that may be run.
    """

    md5: str
    size: int
    files: int | None = None
    executable: bool = False


def set_out(data: bytes | None, name: str, facts: OutFacts) -> bytes:
    """Write what is known of a file or folder into the ``.dvc`` file beside it.

    Args:
        data: the bytes of the ``.dvc`` file, or None where there is none yet.
        name: of the file or folder, without a folder.
        facts: what its bytes say.

    Raises:
        FileFault: the file is no ``.dvc`` file, or holds other outs.
        Refused: it says that the bytes come from elsewhere, or that DVC does not keep them.
    """
    wanted = _format_facts(facts)
    if data is None:
        return _dump({"outs": [{**wanted, "path": name}]})
    document = _load(data)
    out = _find_out(document, name)
    _apply(out, wanted)
    return _dump(document)


def _format_facts(facts: OutFacts) -> dict[str, object]:
    """Write facts with DVC's keys in DVC's order."""
    wanted: dict[str, object] = {"md5": facts.md5, "size": facts.size}
    if facts.files is not None:
        wanted["nfiles"] = facts.files
    if facts.executable:
        wanted["isexec"] = True
    return {**wanted, "hash": "md5"}


def _apply(out: MutableMapping[str, Any], wanted: Mapping[str, object]) -> None:
    """Change the facts of an out; a key that is there stays in its place, and a new one comes last, as with DVC."""
    for key, value in wanted.items():
        if out.get(key) != value or key not in out:
            out[key] = value
    for key in [key for key in out if key in _FROM_BYTES and key not in wanted]:
        del out[key]


def _find_out(document: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    """Find the one out of a ``.dvc`` file.

    Raises:
        FileFault: there is none, or others.
        Refused: as `set_out`.
    """
    if document.get("deps") or document.get("frozen") or document.get("cmd"):
        raise Refused(
            "the bytes come from elsewhere, as the .dvc file says", hint="bring the newest: dvc update; then: gitreg annotate"
        )
    outs = document.get("outs")
    if not isinstance(outs, list) or len(outs) != 1 or not isinstance(outs[0], MutableMapping):
        raise FileFault("the .dvc file has not one out", hint="mend it by hand, or see what DVC says: dvc status")
    out = outs[0]
    place = posixpath.normpath(posixpath.join(str(document.get("wdir") or "."), str(out.get("path"))))
    if place != name:
        raise FileFault(f"the .dvc file is of {place!r}", hint="mend it by hand, or see what DVC says: dvc status")
    if out.get("cache") is False:
        raise Refused("the .dvc file says 'cache: false', so DVC does not keep the bytes", hint="take that line away")
    return out


def _load(data: bytes) -> MutableMapping[str, Any]:
    """Read a ``.dvc`` file so that it can be written again."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document = YAML().load(data.decode("utf-8")) if len(data) <= LARGEST else None
    except (YAMLError, ValueError, RecursionError) as error:
        raise FileFault(_CANNOT_READ, hint="mend it by hand, or see what DVC says: dvc status") from error
    if not isinstance(document, MutableMapping):
        raise FileFault(_CANNOT_READ, hint="mend it by hand, or see what DVC says: dvc status")
    return document


def _dump(document: Mapping[str, Any]) -> bytes:
    """Write it as DVC does (``dvc/utils/serialize/_yaml.py``)."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue().encode("utf-8")

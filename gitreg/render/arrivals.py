"""What was fetched, and where bytes are: in a sentence, and as JSON."""

from __future__ import annotations

from gitreg.core.contents import Contents, Fetched, Whereabouts
from gitreg.core.words import format_count
from gitreg.render.json_values import Shape
from gitreg.render.text import format_commit, format_size, format_target

_NAMES = {"md5-dos2unix": "md5", "git": "git object id"}


def describe_fetched(fetched: Fetched) -> str:
    """Say what has arrived where, how much it is, and what it was checked by."""
    target = format_target(fetched.artifact, fetched.version, fetched.commit)
    commit = f" at {format_commit(fetched.commit)}" if fetched.version is not None else ""
    facts = ", ".join(_facts(fetched))
    if fetched.already:
        return f"{target}{commit} is in {fetched.target} already: {facts}"
    if fetched.dry_run:
        return f"Would fetch {target}{commit} to {fetched.target}: {facts} from {fetched.source}"
    return f"Fetched {target}{commit} to {fetched.target}: {facts}"


def shape_fetched(fetched: Fetched) -> Shape:
    """Shape what `get` answers."""
    return {
        "artifact": fetched.artifact,
        "version": fetched.version,
        "commit": fetched.commit,
        "path": fetched.target,
        "size": fetched.size,
        "files": len(fetched.contents.items),
        "folder": fetched.contents.is_folder,
        "kind": fetched.contents.kind.value,
        "hash": fetched.contents.hash,
        "verified": fetched.contents.verified and not fetched.dry_run,
        "source": fetched.source,
        "already": fetched.already,
        "deprecated": fetched.deprecated,
        "dry_run": fetched.dry_run,
    }


def shape_whereabouts(found: Whereabouts) -> Shape:
    """Shape what `url` answers."""
    return {
        "artifact": found.artifact,
        "version": found.version,
        "commit": found.commit,
        "path": found.contents.path,
        "kind": found.contents.kind.value,
        "hash": found.contents.hash,
        "size": found.contents.size,
        "folder": found.contents.is_folder,
        "store": found.contents.store,
        "address": found.address,
        "files": [
            {"path": file.item.path or None, "address": file.address, "hash": file.item.hash, "size": file.item.size}
            for file in found.files
        ],
        "signed": found.signed,
        "seconds": found.seconds,
        "deprecated": found.deprecated,
    }


def _facts(fetched: Fetched) -> list[str]:
    """List how many files and bytes it is, and what they were checked by."""
    contents = fetched.contents
    files = [format_count(len(contents.items), "file")] if contents.is_folder else []
    size = [format_size(fetched.size)] if fetched.size is not None else []
    checked = [] if fetched.dry_run else [f"{_checked_by(contents)} checked"]
    return [*files, *size, *checked] or ["an unknown number of bytes"]


def _checked_by(contents: Contents) -> str:
    """Name the kinds of hashes."""
    algorithms = {item.hash.partition(":")[0] for item in contents.items if item.hash}
    return " and ".join(sorted(_NAMES.get(algorithm, algorithm) for algorithm in algorithms)) or "nothing"

"""The real DVC, and repositories that look as if it had made them.

DVC takes more than half a second to say anything: tests of details write what it would have written (`track`), and a few tests
prove with the real program that this is so. Its modules are imported once, and each run is a fork of the process that has them.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from tests.support.command import Result
from tests.support.environment import isolated_environment
from tests.support.forks import Forks, run_forks
from tests.support.repository import Repository
from tests.support.servers.storage import StorageServer

STORE: Final = "storage"
"""The name of the DVC remote in the repositories of the tests."""

Folder: TypeAlias = Mapping[str, bytes]
"""The files of a folder, by their path in it."""

_MODULES: Final = (
    "dvc.cli", "dvc.cli.parser", "dvc.repo", "dvc.scm", "dvc.ui", "scmrepo.git", "dulwich.repo", "pygit2", "networkx", "rich.table",
    "s3fs", "sshfs", "webdav4.fsspec", "aiohttp",
)  # fmt: skip
_MAIN: Final = "import sys; from dvc.cli import main; sys.exit(main())"
_IGNORED: Final = "/config.local\n/tmp\n/cache\n"  # what `dvc init` writes into .dvc/.gitignore


def dvc_environment(home: Path) -> dict[str, str]:
    """Make the variables that keep DVC to itself: no reports home, no look for updates, no folder that users share.

    Args:
        home: the home folder of the process.
    """
    return {
        "DVC_NO_ANALYTICS": "1",
        "DVC_TEST": "true",
        "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc-global"),
        "DVC_SYSTEM_CONFIG_DIR": str(home / "dvc-system"),
        "DVC_SITE_CACHE_DIR": str(home / "dvc-site"),
        "NO_PROXY": "127.0.0.1",
    }


@cache
def _forks() -> Forks:
    """Start the process that has DVC's modules; it lives as long as the tests."""
    nobody = Path(os.devnull) / "home"
    ends = ExitStack()
    atexit.register(ends.close)
    return ends.enter_context(run_forks(*_MODULES, env={**isolated_environment(nobody), **dvc_environment(nobody)}))


def run_dvc(repository: Repository, *args: str, cwd: Path | None = None, check: bool = True) -> Result:
    """Run the real ``dvc``.

    Args:
        repository: where, and with whose environment.
        args: what stands behind ``dvc``.
        cwd: another folder to run in.
        check: whether a failure of DVC is a failure of the test.
    """
    result = run_python_of_dvc(repository, _MAIN, *args, cwd=cwd)
    if check and result.code:
        raise AssertionError(f"dvc {' '.join(args)} ended with {result.code}: {result.stdout}{result.stderr}")
    return result


def run_python_of_dvc(repository: Repository, code: str, *args: str, cwd: Path | None = None) -> Result:
    """Run Python that has DVC's modules, in a process of its own, with the environment of a repository."""
    env = {**repository.env, **dvc_environment(repository.path.parent / "home")}
    return _forks().run(code, *args, cwd=cwd or repository.path, env=env)


def set_up_dvc(repository: Repository, storage: StorageServer | None = None, *, name: str = STORE) -> str:
    """Write and commit what ``dvc init`` and ``dvc remote add --default`` write; return the commit.

    Args:
        repository: the repository.
        storage: where the bytes go; without one there is no remote.
        name: of the remote.
    """
    files = {".dvc/.gitignore": _IGNORED, ".dvc/config": "", ".dvcignore": ""}
    if storage is not None:
        files[".dvc/config"] = format_dvc_config({"core": {"remote": name}, f'remote "{name}"': store_section(storage)})
    commit = repository.commit(files, "Set up DVC")
    if storage is not None:
        log_in(repository, storage, name=name)
    return commit


def log_in(repository: Repository, storage: StorageServer, *, name: str = STORE) -> None:
    """Write the credentials of a store into ``.dvc/config.local``, as whoever has cloned does."""
    if storage.local_options:
        text = format_dvc_config({f'remote "{name}"': storage.local_options})
        (repository.path / ".dvc" / "config.local").write_text(text, encoding="utf-8")


def fresh_clone(repository: Repository, path: Path, storage: StorageServer | None = None) -> Repository:
    """Clone as somebody on another machine does, who has the credentials of the store and no cache."""
    clone = repository.clone(path)
    if storage is not None:
        log_in(clone, storage)
    return clone


def store_section(storage: StorageServer) -> dict[str, str]:
    """Write the options of a remote as they stand in ``.dvc/config``."""
    return {"url": storage.url, **storage.options}


def format_dvc_config(sections: Mapping[str, Mapping[str, str]]) -> str:
    """Write a file of DVC's configuration as DVC does."""
    lines = []
    for name, options in sections.items():
        lines.append(f"['{name}']" if '"' in name else f"[{name}]")
        lines += [f"    {key} = {value}" for key, value in options.items()]
    return "".join(f"{line}\n" for line in lines)


def track(
    repository: Repository, path: str, content: bytes | Folder, *, store: Path | None = None, message: str = "", remote: str = ""
) -> str:
    """Commit the ``.dvc`` file that ``dvc add`` makes of a file or folder; return the commit. The file itself is not written.

    Args:
        repository: the repository.
        path: of the file or folder, from the root of the repository.
        content: bytes of the file, or of the files of the folder.
        store: a folder in DVC's layout that gets the bytes; without one nobody has them.
        message: of the commit.
        remote: the name of the store that the file names itself.
    """
    name = PurePosixPath(path).name
    if isinstance(content, bytes):
        objects = {hash_of(content): content}
        out = [f"- md5: {hash_of(content)}", f"  size: {len(content)}"]
    else:
        manifest = format_manifest(content)
        digest = f"{hash_of(manifest)}.dir"
        objects = {digest: manifest, **{hash_of(data): data for data in content.values()}}
        out = [f"- md5: {digest}", f"  size: {sum(map(len, content.values()))}", f"  nfiles: {len(content)}"]
    out += ["  hash: md5", f"  path: {name}", *([f"  remote: {remote}"] if remote else [])]
    if store is not None:
        for digest, data in objects.items():
            put_object(store, digest, data)
    return repository.commit({f"{path}.dvc": "".join(f"{line}\n" for line in ["outs:", *out])}, message or f"Track {path}")


def put_object(store: Path, digest: str, data: bytes) -> Path:
    """Put bytes into a folder in DVC's layout under a name, whether that is their hash or not; return the file."""
    place = store / object_key(digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.write_bytes(data)
    return place


def object_key(digest: str) -> str:
    """Write the place of an object in a store, from the hex of its hash."""
    return f"files/md5/{digest[:2]}/{digest[2:]}"


def format_manifest(files: Folder) -> bytes:
    """Write the object that lists the files of a folder, byte by byte as DVC does."""
    entries = [{"md5": hash_of(data), "relpath": path} for path, data in files.items()]
    return json.dumps(sorted(entries, key=lambda entry: entry["relpath"]), sort_keys=True).encode()


def hash_of(data: bytes) -> str:
    """Hash bytes as DVC does."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def write_files(folder: Path, files: Folder) -> Path:
    """Write files below a folder; return it."""
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def read_files(folder: Path) -> dict[str, bytes]:
    """Read the files below a folder, by their path in it."""
    return {place.relative_to(folder).as_posix(): place.read_bytes() for place in sorted(folder.rglob("*")) if place.is_file()}

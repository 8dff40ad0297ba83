"""An open repository: what all verbs work on."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from gitreg.core.selectors import Selector, parse_selector
from gitreg.errors import SyntaxFault
from gitreg.git.addresses import parse_address
from gitreg.git.repository import Repository
from gitreg.git.run import Git
from gitreg.operations.context import Context


class Opened:
    """Opens the repository and closes it.

    Args:
        path: a folder in the repository, or the address of one (https, ssh, git or file): its tags are then asked for each
            time, and it is written to directly.

    Raises:
        Unanswerable: there is no repository, or it is damaged or somebody else's.
    """

    def __init__(self, path: str | Path = ".") -> None:
        """Open the repository."""
        address = parse_address(path) if isinstance(path, str) else None
        self._context = Context(Repository.open(Path(path)) if address is None else Repository.open_address(address))

    @classmethod
    def open(cls, repository: str | Path) -> Self:
        """Open a repository by its path or its address; the same as ``Registry(...)``."""
        return cls(repository)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the git process; a later call starts another one."""
        self._context.repository.close()

    def _fetch(self, *, fetch: bool, artifact: str | None = None) -> bool:
        """Bring the remote's registry tags, or those of one artifact, if asked to; say whether they are all here now.

        Of a repository that was opened by its address the remote itself is asked in any case.
        """
        if self._context.repository.mirror is not None:
            self._context.repository.forget()
            self._context.repository.list_tags(artifact)
            return True
        if fetch:
            from gitreg.operations.fetch import fetch_registry_tags

            fetch_registry_tags(self._context, artifact)
        return fetch


def parse_artifact(text: str) -> str:
    """Read the name of an artifact where a selector of more is not wanted.

    Raises:
        SyntaxFault: it is more, or less.
    """
    selector = parse_selector(text)
    if selector != Selector(text):
        position = len(selector.artifact)
        raise SyntaxFault("artifact name", text, position, "only the name is wanted here", hint=f"write {selector.artifact!r}")
    return text


def git_version() -> str:
    """Ask git for its version.

    Raises:
        ExternalFault: there is no git.
    """
    return Git(Path()).read("version").text

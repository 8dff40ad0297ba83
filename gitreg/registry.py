"""The Python API: one class, one method per verb, core values out, nothing printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict, Unpack

from gitreg.core.events import Event, Kind
from gitreg.core.tags import TagName
from gitreg.core.versions import Bump
from gitreg.core.views import Edited, Report, Resolution, Sort, StageView, View, Written


class WriteOptions(TypedDict, total=False):
    """Options that every write of an event takes; `push` and `sign` of None mean: as the settings, or git's configuration, say."""

    message: str
    push: bool | None
    sign: bool | None
    accept_clock: bool
    dry_run: bool


class Registry:
    """The model registry that a git repository is.

    Open it with a folder; every method reads the repository anew, so that answers are never stale. Use it as a context manager,
    or `close` it, to end the git process that it keeps.

    Example::

        with Registry(".") as registry:
            print(registry.resolve("churn#prod").version)

    Args:
        path: a folder in the repository.
    """

    def __init__(self, path: str | Path = ".") -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None: ...

    # ---- read; `at` is an ISO date or time or a revision; `fetch` brings the remote's registry tags first ----
    def show(self, selector: str | None = None, *, at: str | None = None, fetch: bool = False, everything: bool = False,
             type: str | None = None, labels: Sequence[str] = (), stage: str | None = None, sort: Sort = Sort.NAME) -> View: ...
    def history(self, selector: str | None = None, *, at: str | None = None, since: str | None = None, kind: Kind | None = None,
                limit: int | None = None, fetch: bool = False) -> tuple[Event, ...]: ...
    def resolve(self, selector: str, *, at: str | None = None, fetch: bool = False, path: bool = False) -> Resolution: ...
    def stages(self, *, at: str | None = None, fetch: bool = False) -> tuple[StageView, ...]: ...
    def check_ref(self, tag: str, *, fetch: bool = False) -> Event: ...
    @staticmethod
    def parse_tag(tag: str) -> TagName: ...
    # ---- look after ----
    def check(self, *, staged: bool = False, rev: str | None = None) -> Report: ...
    def doctor(self, *, offline: bool = False) -> Report: ...
    # ---- write ----
    def register(self, artifact: str, rev: str = "HEAD", *, version: str | None = None, bump: Bump | None = None, same_commit: bool = False, **options: Unpack[WriteOptions]) -> Written: ...
    def assign(self, selector: str, stage: str, *, rev: str | None = None, **options: Unpack[WriteOptions]) -> Written: ...
    def register_and_assign(self, selector: str, stage: str, *, rev: str = "HEAD", bump: Bump | None = None, same_commit: bool = False, **options: Unpack[WriteOptions]) -> Written: ...
    def unassign(self, selector: str, stage: str, **options: Unpack[WriteOptions]) -> Written: ...
    def rollback(self, artifact: str, stage: str, *, to: str | None = None, **options: Unpack[WriteOptions]) -> Written: ...
    def deregister(self, selector: str, **options: Unpack[WriteOptions]) -> Written: ...
    def deprecate(self, artifact: str, **options: Unpack[WriteOptions]) -> Written: ...
    def push(self, selector: str | None = None, *, dry_run: bool = False) -> Written: ...
    # ---- entries; fields: path type description labels owner license custom framework task ...; a value of None removes the field ----
    def init(self, *, dry_run: bool = False) -> tuple[Edited, ...]: ...
    def annotate(self, name: str, fields: Mapping[str, object], *, commit: bool = False, push: bool | None = None, message: str = "", dry_run: bool = False) -> Edited: ...
    def remove(self, name: str, *, commit: bool = False, push: bool | None = None, message: str = "", dry_run: bool = False) -> Edited: ...
    # ---- completion ----
    def names(self) -> tuple[str, ...]: ...

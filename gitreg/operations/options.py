"""The options that callers give by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from gitreg.core.contents import Advance
from gitreg.core.settings import Settings
from gitreg.core.views import Sort


class ShowOptions(TypedDict, total=False):
    """Which artifacts and versions `show` shows.

    Attributes:
        everything: deprecated artifacts and inactive versions too.
        type: the type in the entry.
        labels: labels that the entry must all have.
        stage: a stage that must be held.
        sort: what to sort artifacts by.
        metric: metrics to show: of the newest active version of each artifact, or of each version of one.
        metrics: show all metrics of each version of an artifact.
    """

    everything: bool
    type: str | None
    labels: Sequence[str]
    stage: str | None
    sort: Sort
    metric: Sequence[str]
    metrics: bool


class WriteOptions(TypedDict, total=False):
    """How an event is written.

    Attributes:
        message: what the person says of it.
        push: whether to publish it at once; None: as the settings say.
        sign: whether to sign it; None: as git is configured.
        accept_clock: write even if the artifact's last event lies in the future.
        dry_run: decide, and write nothing.
        data_check: before a version is published, ask its storage whether it has the bytes; that is the default.
    """

    message: str
    push: bool | None
    sign: bool | None
    accept_clock: bool
    dry_run: bool
    data_check: bool


class EditOptions(TypedDict, total=False):
    """How a change of a file is written.

    Attributes:
        commit: whether to commit that file.
        push: whether to commit and publish it; None: as the settings say, if it is committed.
        message: the message of the commit.
        dry_run: show the change, and write nothing.
    """

    commit: bool
    push: bool | None
    message: str
    dry_run: bool


class GetOptions(TypedDict, total=False):
    """How bytes are fetched.

    Attributes:
        force: replace what is at the target.
        remote: the storage to ask: the name of a DVC remote, an address or a path; None: the one that is configured.
        jobs: files that arrive at once; None: eight.
        dry_run: only say what would be fetched from where.
        expect: told how many bytes are coming, or None where nobody knows.
        advance: told of each piece that has arrived.
    """

    force: bool
    remote: str | None
    jobs: int | None
    dry_run: bool
    expect: Callable[[int | None], None]
    advance: Advance


class AddOptions(TypedDict, total=False):
    """How a file or folder is added.

    Attributes:
        commit: whether to commit the files that are written.
        push: whether to commit them, bring the bytes to the storage and publish it all; None: as the settings say, if it is
            committed.
        message: the message of the commit and of the version.
        dry_run: show what would be done, and write nothing.
        expect: told how many bytes will be hashed and sent.
        advance: told of each piece of them.
        inspect: fill ``framework`` and ``schema`` of the entry from the headers of the file, where nobody has said anything of
            them; that is the default.
    """

    commit: bool
    push: bool | None
    message: str
    dry_run: bool
    inspect: bool
    expect: Callable[[int | None], None]
    advance: Advance


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """`WriteOptions` with the settings and defaults filled in; `keep` is set where the person said not to push."""

    remote: str
    push: bool
    message: str = ""
    sign: bool | None = None
    accept_clock: bool = False
    dry_run: bool = False
    keep: bool = False
    data_check: bool = True


def fill_in(options: WriteOptions, settings: Settings) -> Writing:
    """Fill in what was not given."""
    given = {key: value for key, value in options.items() if key != "push"}
    push = options.get("push")
    keep = push is False
    return Writing(remote=settings.remote, push=settings.push if push is None else push, keep=keep, **given)  # type: ignore[arg-type]


class ExportOptions(TypedDict, total=False):
    """How to export.

    Attributes:
        force: replace what is there.
        active: leave out versions that are deregistered, and all of deprecated artifacts.
        at: export the registry as it was then: an ISO date or time, or a revision; None: now.
        write: takes the text of a single table of jsonl or csv, a piece at a time, where no place is given.
    """

    force: bool
    active: bool
    at: str | None
    write: Callable[[str], object] | None


class ReproduceOptions(TypedDict, total=False):
    """What comes along with a commit that is checked out.

    Attributes:
        data: fetch what the pipeline reads; that is the default.
        outputs: fetch the bytes of the version, too.
        remote: the storage to ask: the name of a DVC remote, an address or a path; None: the one that is configured.
        jobs: files that arrive at once; None: eight.
        expect: told how many bytes are coming, or None where nobody knows.
        advance: told of each piece that has arrived.
    """

    data: bool
    outputs: bool
    remote: str | None
    jobs: int | None
    expect: Callable[[int | None], None]
    advance: Advance

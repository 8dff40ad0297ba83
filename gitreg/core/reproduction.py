"""Reproductions: what is needed to make a version again, and what should come out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gitreg.core.drift import Drift
from gitreg.core.equality import are_same
from gitreg.core.fact_sources import Places
from gitreg.core.facts import Package
from gitreg.core.pipelines import Stage, Table, name_lock
from gitreg.core.problems import Problem

_MAGIC: Final = re.compile(r"[:*?\[\\]")  # what git would take for a pattern (https://git-scm.com/docs/gitglossary#def_pathspec)
_SAFE: Final = re.compile(r"[\w@%+=:,./-]+", re.ASCII)

_TOOLS: Final = (
    (re.compile(r"uv\.lock"), "uv sync --frozen"),
    (re.compile(r"poetry\.lock"), "poetry sync"),
    (re.compile(r"pdm\.lock"), "pdm sync"),
    (re.compile(r"Pipfile\.lock"), "pipenv sync"),
    (re.compile(r"conda-lock\.ya?ml"), "conda-lock install {file}"),
    (re.compile(r"(?:environment|conda)\.ya?ml"), "conda env create --file {file}"),
    (re.compile(r"pylock(?:\.[^.]+)?\.toml|.*requirements.*\.txt"), "python -m pip install -r {file}"),
)


class Whereabouts(StrEnum):
    """Where an input of a pipeline is."""

    FETCHED = "fetched"
    GIT = "git"
    LEFT = "left"
    ELSEWHERE = "elsewhere"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file or folder that the pipeline reads and does not make, or with the outputs the one that it makes.

    Attributes:
        path: from the root of the repository, or an address.
        hash: as ``algorithm:hex``.
        size: bytes.
        files: number of files of a folder.
        place: `LEFT` where nobody wanted it to be fetched; `ELSEWHERE` where the pipeline reads it at an address.
    """

    path: str
    hash: str | None = None
    size: int | None = None
    files: int | None = None
    place: Whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """What is needed to make a version again.

    Attributes:
        version: None for a bare commit that holds a stage.
        origin: the address of the repository, without secrets, or its path.
        path: of the artifact, from the root of the repository, or an address.
        hash, size: what its bytes should be.
        stages: of the pipeline that are run, in an order in which they can be run, with the hashes of what they read and make.
        packages: as the files of the environment name them.
        params: by file, as the locks of the pipeline say, and as the files say where no lock does.
        restore: those of which the files of the commit have another value, so that it has to be put back before anything is run.
        prepare, run, check: commands; none to run and to check where DVC cannot run the stages.
        notes: sentences that a person should read.
    """

    artifact: str
    version: str | None
    commit: str
    origin: str
    path: str | None = None
    hash: str | None = None
    size: int | None = None
    stages: tuple[Stage, ...] = ()
    inputs: tuple[Input, ...] = ()
    packages: tuple[Package, ...] = ()
    params: Table = field(default_factory=dict)
    restore: tuple[Drift, ...] = ()
    metrics: Table = field(default_factory=dict)
    prepare: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """What `reproduce` made.

    Attributes:
        folder: where it is.
        guide: the path of the file that a person reads.
    """

    folder: str
    guide: str
    reproduction: Reproduction


def list_inputs(stages: tuple[Stage, ...]) -> tuple[str, ...]:
    """List the paths that pipeline stages read and none of them makes, each once; those inside others come behind these."""
    made = Places((out.path, number) for number, stage in enumerate(stages) for out in stage.outs)
    params = {path for stage in stages for path in (*stage.params, *stage.params_files)}
    read = dict.fromkeys(dep.path for stage in stages for dep in stage.deps if not made.meeting(dep.path))
    return tuple(sorted(read.keys() - params, key=lambda path: (path.count("/"), path)))


def choose_restored(drift: Iterable[Drift], stages: Sequence[Stage]) -> tuple[Drift, ...]:
    """Choose the parameters that can be put back: not those that pipeline stages were run with different values of.

    Args:
        drift: of all stages that have to do with the artifact.
        stages: those that are run.
    """
    locked = [stage for stage in stages if stage.locked]
    names = {(name_lock(stage.file), stage.name) for stage in locked}
    chosen: dict[tuple[str, str], Drift] = {}
    for one in drift:
        values = [stage.params[one.file][one.name] for stage in locked if one.name in stage.params.get(one.file, {})]
        if (one.lock, one.stage) in names and all(are_same(value, one.run) for value in values):
            chosen.setdefault((one.file, one.name), one)
    return tuple(chosen.values())


def advise_environment(packages: Iterable[Package]) -> tuple[str, ...]:
    """Say how to set up the environment that files describe, the file first that a tool writes itself."""
    files = tuple(dict.fromkeys(package.file for package in packages))
    for pattern, command in _TOOLS:
        found = [file for file in files if pattern.fullmatch(posixpath.basename(file))]
        if found:
            return tuple(_enter(file, command) for file in (found if "-r {file}" in command else found[:1]))
    return ()


def advise_run(stages: tuple[Stage, ...], *, force: bool = False) -> tuple[str, ...]:
    """Say how to run pipeline stages again: DVC runs those that others need by itself.

    Args:
        stages: in an order in which they can be run.
        force: what some of them make is there already, so that DVC would not run them.
    """
    if not stages:
        return ()
    read = Places((dep.path, number) for number, stage in enumerate(stages) for dep in stage.deps)
    last = [stage for number, stage in enumerate(stages) if not any(read.meeting(out.path) - {number} for out in stage.outs)]
    return (_write_command(["dvc", "repro", *(["--force"] if force else [])], map(_name, last or stages)),)


def advise_check(stages: tuple[Stage, ...], metrics: Mapping[str, object]) -> tuple[str, ...]:
    """Say how to find out whether the same came out: it is there, as the lock files say, and they say what they said.

    Args:
        stages: but for those that DVC never calls done.
        metrics: paths of files of metrics that git keeps.
    """
    locks = dict.fromkeys(name_lock(stage.file) for stage in stages if stage.locked)
    if not locks:
        return ()
    done = _write_command(["dvc", "status", "--quiet"], map(_name, stages))
    paths = (*locks, *metrics)
    git = "git --literal-pathspecs" if any(map(_MAGIC.search, paths)) else "git"
    same = " ".join([f"{git} diff --exit-code --", *map(quote, paths)])
    return (f"{done} && {same} && echo same",)


def name_loose(packages: Iterable[Package]) -> Iterator[str]:
    """Name the packages of which no exact version is known."""
    return (f"{package.name}{package.specifier}" for package in packages if package.version is None)


def quote(text: str) -> str:
    """Write a text as one word of a POSIX shell."""
    return text if _SAFE.fullmatch(text) else "'" + text.replace("'", "'\"'\"'") + "'"


def _enter(file: str, command: str) -> str:
    """Write a command for a file of a folder."""
    place = f"./{file}" if file.startswith("-") else file  # a name is no option
    folder, _, name = place.rpartition("/")
    if "{file}" in command:
        return command.format(file=quote(place))
    return f"(cd {quote(folder)} && {command})" if folder and name else command


def _name(stage: Stage) -> str:
    """Name a pipeline stage as DVC does."""
    return stage.name if stage.file == "dvc.yaml" else f"{stage.file}:{stage.name}"


def _write_command(words: Sequence[str], targets: Iterable[str]) -> str:
    """Write a command of DVC, to which a name is no option."""
    names = list(targets)
    return " ".join([*words, *(["--"] if any(name.startswith("-") for name in names) else []), *map(quote, names)])

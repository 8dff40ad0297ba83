"""Runs: experiments that a version came from, as what people wrote of it names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 65_536  # characters of a text that are searched
_MOST: Final = 50  # runs that are named
_DEEPEST: Final = 64  # levels of values that are searched

_RUN_ID: Final = "[0-9a-f]{32}"
_HOST: Final = r"https?://[A-Za-z0-9.-]{1,255}(?::[0-9]{1,5})?"
_NAME: Final = r"[A-Za-z0-9_.-]{1,128}"
_MLFLOW_URI = re.compile(rf"runs:/({_RUN_ID})(?![0-9a-f])")
_MLFLOW_PAGE = re.compile(rf"{_HOST}[A-Za-z0-9_./-]{{0,200}}#/experiments/[0-9]{{1,40}}/runs/({_RUN_ID})(?![0-9a-f])")
_MLFLOW_KEY = re.compile(r"(?:mlflow[._-]?)?run[._-]?(?:id|uuid)", re.IGNORECASE)
_WANDB_PAGE = re.compile(rf"{_HOST}/{_NAME}/{_NAME}/runs/({_NAME})")


@dataclass(frozen=True, slots=True)
class Run:
    """An experiment.

    Attributes:
        kind: ``mlflow``, ``wandb``, ``dvc`` or ``dvclive``.
        name: the id of the run, the name of the experiment, or the folder.
        url: its page.
        commit: the full id of the commit that holds it.
        relation: what it has to do with the version, for a person.
    """

    kind: str
    name: str
    url: str | None = None
    commit: str | None = None
    relation: str | None = None


def find_runs(texts: Iterable[str], custom: object = None) -> tuple[Run, ...]:
    """Find the runs of MLflow and Weights & Biases that texts name.

    Args:
        texts: such as a link and the message of a tag.
        custom: free metadata, in which ``run_id`` and ``mlflow_run_id`` name a run of MLflow too.
    """
    found: dict[tuple[str, str], Run] = {}
    values = list(_list_texts("", custom, 0))
    for key, text in [*(("", text) for text in texts), *values]:
        for run in _find_in_text(key, text[:_LONGEST]):
            known = found.get((run.kind, run.name))
            found[run.kind, run.name] = known if known is not None and known.url is not None else run
            if len(found) == _MOST:
                return tuple(found.values())
    return tuple(found.values())


def _find_in_text(key: str, text: str) -> Iterator[Run]:
    """Find the runs that one text names."""
    if _MLFLOW_KEY.fullmatch(key) and re.fullmatch(_RUN_ID, text):
        yield Run("mlflow", text)
    for match in _MLFLOW_PAGE.finditer(text):
        yield Run("mlflow", match[1], url=match[0])
    for match in _MLFLOW_URI.finditer(text):
        yield Run("mlflow", match[1])
    for match in _WANDB_PAGE.finditer(text):
        yield Run("wandb", match[1].rstrip("."), url=match[0].rstrip("."))


def _list_texts(key: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    """List the texts in a value, each with the key that it stands under; ``id`` below ``mlflow`` or ``run`` is a ``run_id``."""
    if depth > _DEEPEST:
        return
    match value:
        case str():
            yield key, value
        case Mapping():
            for name, inner in value.items():
                below = f"{key}_{name}" if key.lower() in {"mlflow", "run", "mlflow_run"} else str(name)
                yield from _list_texts(below, inner, depth + 1)
        case list() | tuple():
            for inner in value:
                yield from _list_texts(key, inner, depth + 1)

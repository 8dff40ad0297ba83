"""Places and names of problems for other programs, which want both of every problem, and want them to stay the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final

from gitreg.core.problems import Problem

ENTRIES: Final = "artifacts.yaml"
"""The file that speaks for what is in no file: a tag, or the state that tags add up to."""

_SETTINGS: Final = ".gitreg.yaml"


def choose_file(problem: Problem) -> str:
    """Choose a file for a problem: its own, or that of the artifact."""
    if problem.file not in {None, "."}:
        return str(problem.file)
    folder, colon, _ = (problem.artifact or "").rpartition(":")
    if colon and folder.strip("/"):
        return f"{folder.strip('/')}/{ENTRIES}"
    return ENTRIES if problem.code != "GR112" else _SETTINGS


def name_problems(problems: Iterable[Problem]) -> list[str]:
    """Give each problem a name that stays the same when lines move and time goes by.

    Line and column are no part of it, and of the problem of a tag neither is its sentence, which may count seconds. Problems that
    are alike but for their place are counted.
    """
    seen: Counter[str] = Counter()
    names = []
    for problem in problems:
        sentence = problem.message if problem.tag is None else ""
        key = "\0".join([problem.code, problem.file or "", problem.tag or "", problem.artifact or "", sentence])
        seen[key] += 1
        names.append(hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return names

"""What DVC can do with the pipeline stages of a commit: which of them it cannot run, and which it never calls done."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from gitreg.core.pipelines import Stage
from gitreg.core.problems import Problem
from gitreg.files.nodes import Scalar, find_value
from gitreg.files.stages import Definitions
from gitreg.files.values_file import LARGEST_VALUES, read_values
from gitreg.files.yaml import parse_yaml
from gitreg.git.trees import CommitTree

_PARAMS: Final = "params.yaml"  # DVC reads the one beside a dvc.yaml, whether a stage wants it or not
_MOST_NAMED: Final = 5


class Runnable(NamedTuple):
    """What DVC can do with some stages.

    Attributes:
        hindrances: why it can run none of them, a sentence each.
        problems: of files that it cannot read.
        always: those of the stages that have to be run always: `dvc status` never calls them done.
        is_made: whether git has all that one of them makes, so that DVC would not run it.
    """

    hindrances: tuple[str, ...]
    problems: tuple[Problem, ...]
    always: tuple[Stage, ...]
    is_made: bool


def find_runnable(stages: tuple[Stage, ...], tree: CommitTree) -> Runnable:
    """Find out what DVC can do with stages.

    Args:
        stages: that are to be run.
        tree: the files of the commit.
    """

    @cache
    def define(file: str) -> Definitions:
        return Definitions(parse_yaml(tree.read(file) or b"", file, forgiving=True))

    problems = tuple(_find_unreadable(stages, tree))
    unread = {problem.file for problem in problems}
    definitions = [define(stage.file).find(stage.name) for stage in stages]
    lost = [stage for stage, found in zip(stages, definitions, strict=True) if found is None and stage.file not in unread]
    always = tuple(
        stage for stage, found in zip(stages, definitions, strict=True) if _is_true(find_value(found, "always_changed"))
    )
    return Runnable(
        hindrances=(*_describe_unread(problems), *_describe_lost(lost)),
        problems=problems,
        always=always,
        is_made=any(stage.outs and all(tree.kind(out.path) for out in stage.outs) for stage in stages),
    )


def _find_unreadable(stages: Iterable[Stage], tree: CommitTree) -> Iterator[Problem]:
    """Find the files that DVC reads before it runs anything, and cannot read."""
    files: dict[str, bool] = {}
    for stage in stages:
        folder = posixpath.dirname(stage.file)
        files |= {stage.file: False, posixpath.join(folder, "dvc.lock"): False, posixpath.join(folder, _PARAMS): True}
        files |= dict.fromkeys(stage.params_files, True)
    for file, has_values in files.items():
        size = tree.size(file) if tree.kind(file) == "blob" else None
        if size is not None and size <= LARGEST_VALUES and (problem := _parse(file, tree.read(file) or b"", has_values)):
            yield problem


def _parse(file: str, data: bytes, has_values: bool) -> Problem | None:  # noqa: FBT001  one place calls it
    """Say where a parser stops in a file; what is only more than gitreg wants to read has no place."""
    if has_values:
        return problem if (problem := read_values(file, data)[1]) and problem.line is not None else None
    document = parse_yaml(data, file, forgiving=True)
    return None if document.root is not None else next((one for one in document.problems if one.line is not None), None)


def _describe_unread(problems: Iterable[Problem]) -> Iterator[str]:
    """Say which files DVC cannot read."""
    files = list(dict.fromkeys(problem.file or "" for problem in problems))
    if files:
        yield f"DVC cannot run it as it is: it cannot read {', '.join(files[:_MOST_NAMED])}{', ...' * (len(files) > _MOST_NAMED)}"


def _describe_lost(stages: list[Stage]) -> Iterator[str]:
    """Say which stages only a lock knows."""
    if stages:
        names = ", ".join(repr(stage.name) for stage in stages[:_MOST_NAMED]) + ", ..." * (len(stages) > _MOST_NAMED)
        yield f"DVC cannot run it as it is: {stages[0].file} of this commit does not define {names}"


def _is_true(node: object) -> bool:
    """Say whether something is written and is not false."""
    return isinstance(node, Scalar) and node.value not in {None, False}

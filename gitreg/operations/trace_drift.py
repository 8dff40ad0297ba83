"""Drift: what a commit has beside a lock that says otherwise, because nobody ran the pipeline again.

Then the version was not made from the files of its commit, and whoever reads a lineage must know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from gitreg.core.drift import COMMIT, describe_drift, read_run
from gitreg.core.drift import find_drift as find_changed
from gitreg.core.fact_sources import related_stages
from gitreg.core.pipelines import Material, Pipeline, Stage, Table
from gitreg.core.stale import describe_changed, describe_partial
from gitreg.core.words import format_count
from gitreg.files.pointers import Tree
from gitreg.files.text_hashes import LARGEST_HASHED, list_hashes
from gitreg.operations.fact_reader import FactKind, parse_file

_MOST_TOLD: Final = 5
_LARGEST_PARAMS: Final = 8 << 20  # bytes of a file of parameters that is read, as for answers
_MOST_HASHED: Final = 200  # files


def find_drift(path: str, pipelines: Iterable[Pipeline], tree: Tree, params: Table) -> tuple[str, ...]:
    """Say what stages were run with that is not what the commit has.

    Args:
        path: what the stages make, from the root of the repository.
        pipelines: all of the commit.
        tree: the files of the commit.
        params: values in files of the commit, as far as they were read before.

    Returns:
        Sentences, at most a few.
    """
    stages = related_stages(path, pipelines)
    known = {**read_params(stages, tree, without=params), **params}
    told = list(dict.fromkeys(sentence for _, sentence in compare_stages(stages, tree, known)))
    left = len(told) - _MOST_TOLD
    return (*told[:_MOST_TOLD], *([f"and {format_count(left, 'more difference')} of this kind"] if left > 0 else []))


def compare_stages(related: Iterable[Stage], tree: Tree, params: Table, place: str = COMMIT) -> Iterator[tuple[Stage, str]]:
    """Compare what stages were run with and what there is.

    Args:
        related: the stages; those that were never run, or run nothing, say nothing.
        tree: the files.
        params: values in the files.
        place: what the files are, for a person.

    Returns:
        Stages, each with a sentence.
    """
    stages = [stage for stage in related if stage.locked and stage.commands]
    made = {out.path: (out, stage) for stage in stages for out in stage.outs}
    left = _MOST_HASHED
    for stage in stages:
        for dep in stage.deps:
            if dep.path in made:
                yield from ((stage, said) for said in _compare_made(stage, dep, *made[dep.path]))
            elif dep.source is None and "://" not in dep.path and left:
                left -= 1
                yield from ((stage, said) for said in _compare_there(stage, dep, tree, place))
        for out in stage.outs:
            if out.path in stage.metrics and left:
                left -= 1
                yield from ((stage, said) for said in _compare_out(stage, out, tree, place))
        drift = tuple(find_changed([read_run(stage)], params))
        yield from ((stage, said) for said in describe_drift(drift, place))


def _compare_made(stage: Stage, dep: Material, out: Material, maker: Stage) -> Iterator[str]:
    """Compare what a stage read and what another one made."""
    if dep.hash and out.hash and dep.hash != out.hash:
        yield describe_partial(stage.name, dep.path, maker.name)


def _compare_there(stage: Stage, dep: Material, tree: Tree, place: str) -> Iterator[str]:
    """Compare what a stage read and what the commit has in its place."""
    found = _hash_of(dep.path, tree) if dep.hash and dep.hash.startswith("md5:") else ()
    if found and dep.hash not in found:
        yield f"{stage.name!r} was run with another {dep.path} than {place} has"


def _compare_out(stage: Stage, out: Material, tree: Tree, place: str) -> Iterator[str]:
    """Compare metrics that a stage made and what the commit has in their place: somebody may have changed them by hand."""
    found = _hash_of(out.path, tree) if tree.kind(out.path) == "blob" and (out.hash or "").startswith("md5:") else ()
    if found and out.hash not in found:
        yield describe_changed(stage.name, out.path, place)


def _hash_of(path: str, tree: Tree) -> tuple[str, ...]:
    """Hash a file that git keeps, or read what DVC says of one that it keeps; nothing where that is not known."""
    size = tree.size(path) if tree.kind(path) == "blob" else None
    if size is not None and size <= LARGEST_HASHED:
        data = tree.read(path)
        return list_hashes(data) if data is not None else ()
    from gitreg.files.pointers import find_out

    out = find_out(path, tree)
    found = out.hash if out is not None and out.path == path and out.stage is None else None
    return (found,) if found is not None and found.startswith("md5:") else ()


def read_params(stages: Iterable[Stage], tree: Tree, without: Collection[str] = ()) -> Table:
    """Read the files of parameters that stages were run with.

    Args:
        stages: of pipelines.
        tree: the files.
        without: files that nobody needs.
    """
    files = dict.fromkeys(file for stage in stages for file in stage.params if not file.endswith(".py"))
    wanted = (file for file in files if file not in without)
    read = {file: data for file in wanted if (data := tree.read(file)) is not None and len(data) <= _LARGEST_PARAMS}
    return {file: parse_file(FactKind.PARAMS, file, data).values for file, data in read.items()}

"""Drift: what a commit has beside a lock that says otherwise, because nobody ran the pipeline again.

Then the version was not made from the files of its commit, and whoever reads a lineage must know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from gitreg.core.fact_sources import related_stages
from gitreg.core.pipelines import Material, Pipeline, Stage, Table
from gitreg.core.words import format_count
from gitreg.git.forest import ForestTree

_MOST_TOLD: Final = 5
_LFS: Final = b"version https://git-lfs.github.com/spec/"  # of a file that git-lfs keeps git has but a pointer
_LARGEST: Final = 1 << 20  # bytes of a file that is hashed
_MOST_HASHED: Final = 200  # files


def find_drift(path: str, pipelines: Iterable[Pipeline], tree: ForestTree, params: Table) -> tuple[str, ...]:
    """Say what stages were run with that is not what the commit has.

    Args:
        path: what the stages make, from the root of the repository.
        pipelines: all of the commit.
        tree: the files of the commit.
        params: values in the files of the commit.

    Returns:
        Sentences, at most a few.
    """
    stages = [stage for stage in related_stages(path, pipelines) if stage.locked and stage.commands]
    told = list(dict.fromkeys(sentence for sentence in _compare(stages, tree, params)))
    left = len(told) - _MOST_TOLD
    return (*told[:_MOST_TOLD], *([f"and {format_count(left, 'more difference')} of this kind"] if left > 0 else []))


def _compare(stages: list[Stage], tree: ForestTree, params: Table) -> Iterator[str]:
    """Compare what stages were run with and what there is."""
    made = {out.path: (out, stage) for stage in stages for out in stage.outs}
    left = _MOST_HASHED
    for stage in stages:
        for dep in stage.deps:
            if dep.path in made:
                yield from _compare_made(stage, dep, *made[dep.path])
            elif dep.source is None and "://" not in dep.path and left:
                left -= 1
                yield from _compare_there(stage, dep, tree)
        yield from compare_params(stage, params)


def _compare_made(stage: Stage, dep: Material, out: Material, maker: Stage) -> Iterator[str]:
    """Compare what a stage read and what another one made."""
    if dep.hash and out.hash and dep.hash != out.hash:
        yield f"{stage.name!r} was run with another {dep.path} than {maker.name!r} made last"


def _compare_there(stage: Stage, dep: Material, tree: ForestTree) -> Iterator[str]:
    """Compare what a stage read and what the commit has in its place."""
    found = _hash_of(dep.path, tree) if dep.hash and dep.hash.startswith("md5:") else ()
    if found and dep.hash not in found:
        yield f"{stage.name!r} was run with another {dep.path} than this commit has"


def _hash_of(path: str, tree: ForestTree) -> tuple[str, ...]:
    """Hash a file that git keeps, or read what DVC says of one that it keeps; nothing where that is not known.

    Of a text that git keeps there are two hashes: it may have stood on a disk with the line ends of Windows.
    """
    if tree.kind(path) == "blob":
        size = tree.size(path)
        data = tree.read(path) if size is not None and size <= _LARGEST else None
        if data is None or data.startswith(_LFS):
            return ()
        texts = (data, data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        return tuple(f"md5:{hashlib.md5(text, usedforsecurity=False).hexdigest()}" for text in texts)
    from gitreg.files.pointers import find_out

    out = find_out(path, tree)
    found = out.hash if out is not None and out.path == path and out.stage is None else None
    return (found,) if found is not None and found.startswith("md5:") else ()


def compare_params(stage: Stage, params: Table) -> Iterator[str]:
    """Compare the parameters that a stage was run with and those in the files."""
    for file, values in stage.params.items():
        there = params.get(file, {})
        for name, value in values.items():
            if name in there and there[name] != value:
                yield f"{stage.name!r} was run with {name}={value}, and {file} of this commit has {there[name]}"

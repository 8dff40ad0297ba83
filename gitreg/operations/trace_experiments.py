"""Experiments of DVC that a version may have come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gitreg.core.pipelines import Pipeline
from gitreg.core.runs import Run
from gitreg.git.forest import Forest
from gitreg.git.objects import Objects

# What else is below refs/exps is DVC's own: what it runs, stashes and has queued.
_REF = re.compile(r"refs/exps/([0-9a-f]{2})/([0-9a-f]{38}|[0-9a-f]{62})/(.+)")
_PARENT = re.compile(rb"^parent ([0-9a-f]+)$", re.MULTILINE)
_MOST: Final = 20  # experiments that are named


def find_experiments(
    objects: Objects, forest: Forest, commit: str, refs: Mapping[str, str], pipelines: Iterable[Pipeline]
) -> Iterator[Run]:
    """Find the experiments that are a commit, or that have to do with it.

    Args:
        objects: where.
        forest: the trees of commits.
        commit: the full id of the commit of a version.
        refs: commits of experiments by the full name of the ref, which names the commit that the experiment began at.
        pipelines: those of the commit: an experiment with the same locks has the same results.

    Returns:
        At most a few of them.
    """
    known = [(match[1] + match[2], match[3], refs[ref]) for ref in sorted(refs) if (match := _REF.fullmatch(ref))]
    parents = _parents(objects, commit) if known else set()
    near = [item for item in known if item[2] == commit or item[0] in {commit, *parents}][:_MOST]
    locks = [f"{pipeline.file.removesuffix('yaml')}lock" for pipeline in pipelines if pipeline.file.endswith("dvc.yaml")]
    results = _results(forest, commit, locks)
    for began, name, tip in near:
        if tip == commit:
            yield Run("dvc", name, commit=tip, relation="is this commit")
        elif any(results) and _results(forest, tip, locks) == results:
            yield Run("dvc", name, commit=tip, relation="has the same results")
        elif began in parents:
            yield Run("dvc", name, commit=tip, relation="began at the commit before")


def find_dvclive(metrics: Iterable[str]) -> Iterator[Run]:
    """Find the folders that DVCLive wrote.

    Args:
        metrics: the paths of the files of metrics of a version.
    """
    folders = {folder for path in metrics for folder, _, name in [path.rpartition("/")] if name == "metrics.json"}
    live = sorted(folder for folder in folders if "dvclive" in folder.split("/"))
    return (Run("dvclive", folder, relation="wrote the metrics") for folder in live[:_MOST])


def _parents(objects: Objects, commit: str) -> set[str]:
    """Read which commits are right before one."""
    found = next(iter(objects.contents([commit], types=("commit",))))
    return {parent.decode() for parent in _PARENT.findall(found.content.partition(b"\n\n")[0])}


def _results(forest: Forest, commit: str, locks: Iterable[str]) -> list[str | None]:
    """Name the contents of the locks of a commit."""
    tree = forest.tree(commit)
    return [tree.oid(lock) for lock in locks]

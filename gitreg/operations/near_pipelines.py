"""The pipelines around an artifact at one commit: which of them count, and which of their stages have to do with it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.fact_sources import makes, related_stages
from gitreg.core.pipelines import Pipeline, Stage
from gitreg.operations.fact_files import FileList
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_pipelines import Loaded

PIPELINE_FILES: Final = ("dvc.yaml", "dvclive/dvc.yaml")
"""Where a folder has pipelines."""

_OF_PIPELINES: Final = ("dvc.yaml", "dvc.lock")


class NearPipelines:
    """Finds the pipelines of one artifact, once.

    Args:
        files: reads them, and takes the problems.
        path: of the artifact, from the root of the repository; None: nobody knows it, or it is elsewhere.
        start: the folder where the search begins.
        is_dataset: what is measured of a model that was made from it says nothing of a dataset.
        load: reads all pipelines of the commit.
    """

    def __init__(self, files: FileList, path: str | None, start: str, *, is_dataset: bool, load: Callable[[], Loaded]) -> None:
        """Know nothing yet."""
        self._files = files
        self._path = path
        self._start = start
        self._is_dataset = is_dataset
        self._load = load
        self._around: list[Pipeline] = []
        self._own: tuple[list[Pipeline], tuple[Stage, ...]] | None = None

    def find(self) -> tuple[list[Pipeline], tuple[Stage, ...]]:
        """Find the pipelines of the folder that counts, and the stages that have to do with the artifact."""
        if self._own is None:
            pipelines, own = self._look_around()
            is_input = self._is_dataset and not makes(self._path, pipelines)
            self._around = [] if is_input else pipelines
            self._own = ([], ()) if is_input else (own, related_stages(self._path, pipelines))
        return self._own

    def find_around(self) -> list[Pipeline]:
        """Find all pipelines that were looked at to know which stages have to do with the artifact."""
        self.find()
        return self._around

    def _look_around(self) -> tuple[list[Pipeline], list[Pipeline]]:
        """Read the pipelines around the artifact, and say which are those of the folder that counts."""
        by_folder = {
            folder: read
            for folder in folders_above(self._start)
            if (read := self._files.read_pipelines(posixpath.join(folder, name) for name in PIPELINE_FILES))
        }
        around = [pipeline for read in by_folder.values() for pipeline in read]
        making = [read for read in by_folder.values() if makes(self._path, read)]
        if by_folder:
            own = (making or list(by_folder.values()))[0]
            return (around if making else own), own
        return self._look_everywhere()

    def _look_everywhere(self) -> tuple[list[Pipeline], list[Pipeline]]:
        """Read all pipelines of the commit, and take those that make the artifact."""
        if self._path is None:
            return [], []
        pipelines, problems = self._load()
        own = [pipeline for pipeline in pipelines if not pipeline.file.endswith(".dvc") and makes(self._path, [pipeline])]
        # where nothing is known to make it, a pipeline that cannot be read may
        self._files.report(*(problem for problem in problems if own or (problem.file or "").endswith(_OF_PIPELINES)))
        return (list(pipelines) if own else []), own

    def find_unknown(self) -> set[str]:
        """Find the pipelines of which nobody knows what they were run with: what files say now is no answer to that."""
        if not self._files.problems:  # as nearly always
            return set()
        own, stages = self.find()
        files = {pipeline.file for pipeline in own} | {stage.file for stage in stages}
        known = [*stages, *(stage for pipeline in own for stage in pipeline.stages)]
        return {file for file in files if self._files.is_run_unknown(file, known)}


def folders_above(folder: str) -> Iterator[str]:
    """Name a folder and those that it is in, up to the root, which is the empty text."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def list_near(start: str) -> list[str]:
    """List where there may be pipelines in a folder and above it, the nearest first."""
    return [posixpath.join(folder, name) for folder in folders_above(start) for name in PIPELINE_FILES]


def find_path(entry: Entry) -> str | None:
    """Give the path of an artifact from the root of the repository; None: nobody knows it, or it is elsewhere."""
    from gitreg.files.paths import is_template, is_url

    return None if entry.path is None or is_template(entry.path) or is_url(entry.path) else entry_path(entry)

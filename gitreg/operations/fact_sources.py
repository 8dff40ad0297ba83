"""Finding the files of a commit that say what an artifact was made from, and how well it does.

Metrics and parameters are those that the entry lists. Where it lists none, they are those of the pipeline: of the stages that
make the artifact, of those before and after them, and of the top level of their ``dvc.yaml``. ``dvc.yaml`` is looked for in each
folder of the artifact's path, and in its folder ``dvclive``. Where none makes the artifact, the nearest one counts, with its top
level and the stages that read the artifact, but not with what it says of other things that it makes; and a dataset that no
pipeline makes has none. Where there is no ``dvc.yaml`` near, whichever in the repository makes the artifact counts.

A parameter has the value that the lock says the pipeline was run with: nobody may have run it since its file was changed. Of a
``dvc.yaml`` that cannot be read the lock still tells the stages; where that cannot be read either, no file says what was run.

Packages are those of the nearest folder that has a file of packages: of the artifact itself, where it is a folder, then of its
pipeline and its path and the folders above them, the root last. What is for development, such as ``requirements-dev.txt``, counts
only where there is nothing else. Files that requirements include count too, wherever they are in the repository.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from gitreg.core.drift import Run, agree, order_runs
from gitreg.core.entries import DATASET, Entry, Pointer
from gitreg.core.fact_sources import (
    DEFAULT_PARAMS,
    FactFile,
    is_for_development,
    leading_stages,
    list_metric_files,
    looks_like_data,
    makes,
    merge_keys,
    related_stages,
    starting_materials,
    tells_all,
)
from gitreg.core.names import split_artifact
from gitreg.core.pipelines import Material
from gitreg.core.problems import Problem
from gitreg.core.stale import find_stale
from gitreg.git.forest import Forest, ForestTree
from gitreg.operations.fact_files import PACKAGE_NAMES, FileList, is_lacking
from gitreg.operations.find_entries import EntryFinder, Place
from gitreg.operations.included_packages import PROJECT, SETUP, IncludedPackages
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_pipelines import PipelineSearch
from gitreg.operations.near_pipelines import NearPipelines, folders_above


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which facts are wanted; what nobody asks for is not read. The entry always comes along."""

    metrics: bool = False
    params: bool = False
    packages: bool = False
    data: bool = False
    pointer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the facts of an artifact at a commit stand.

    Attributes:
        runs: parameters that the pipeline was run with.
        stale: sentences on what else was not run again, or changed later.
        whole: whether everything was there that had to be read to know this.
    """

    entry: Entry | None = None
    pointer: Pointer | None = None
    metrics: tuple[FactFile, ...] = ()
    params: tuple[FactFile, ...] = ()
    packages: tuple[FactFile, ...] = ()
    data: tuple[Material, ...] = ()
    runs: tuple[Run, ...] = ()
    stale: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    whole: bool = True


class SourceFinder:
    """A search that learns: what was asked of one commit for an artifact will be asked of the next one, and is read ahead.

    Args:
        forest: the trees of the commits.
        wanted: which facts.
    """

    def __init__(self, forest: Forest, wanted: Wanted) -> None:
        """Know nothing yet."""
        self._forest = forest
        self._wanted = wanted
        self._entries = EntryFinder(forest)
        self._pipelines = PipelineSearch(forest.objects)
        self._included = IncludedPackages()
        self._asked: dict[str, tuple[str, ...]] = {}

    def find(self, places: Sequence[Place]) -> Iterator[tuple[Place, Sources]]:
        """Find the sources of artifacts at some commits."""
        entries = self._entries.find_all(places)
        if self._wanted.data:
            self._pipelines.bring(dict.fromkeys(place.commit for place in places))
        found = {}
        for place in places:
            if place.artifact not in self._asked:
                found[place] = self._find(place, *entries[place])
        self._entries.bring((place, self._asked[place.artifact]) for place in places)
        for place in places:
            yield place, found[place] if place in found else self._find(place, *entries[place])

    def _find(self, place: Place, entry: Entry | None, problems: list[Problem]) -> Sources:
        """Find the sources of one artifact at one commit."""
        tree = self._forest.tree(place.commit)
        search = _Search(tree, place, entry, self._pipelines, self._included)
        metrics = search.find_metrics() if self._wanted.metrics else ()
        sources = Sources(
            entry=entry,
            pointer=search.find_pointer() if self._wanted.pointer else None,
            metrics=metrics,
            runs=search.find_runs() if self._wanted.params else (),  # this finds locks that cannot be read
            params=search.find_params() if self._wanted.params else (),
            packages=search.find_packages() if self._wanted.packages else (),
            data=search.find_data() if self._wanted.data else (),
            stale=search.find_stale(metrics) if self._wanted.metrics or self._wanted.params or self._wanted.data else (),
        )
        self._asked.setdefault(place.artifact, tuple(tree.asked))
        said = tuple(dict.fromkeys((*problems, *search.files.problems)))
        is_whole = bool(self._forest.root(place.commit)) and not tree.unread and not any(map(is_lacking, said))
        return replace(sources, problems=said, whole=is_whole)


class _Search:
    """What is looked for on behalf of one artifact at one commit.

    Attributes:
        files: reads the files, and takes the problems.
    """

    def __init__(
        self, tree: ForestTree, place: Place, entry: Entry | None, search: PipelineSearch, included: IncludedPackages
    ) -> None:
        """Find out where to begin."""
        self.files = FileList(tree, place.commit)
        self._tree = tree
        self._place = place
        self._entry = entry
        self._search = search
        self._included = included
        self._whole_path = entry_path(entry) if entry is not None and entry.path is not None and "${" not in entry.path else None
        self._path = self._whole_path if self._whole_path is None or "://" not in self._whole_path else None
        self._start = self._find_start()
        self._runs: tuple[Run, ...] | None = None
        is_dataset = entry is not None and entry.type == DATASET
        self._near = NearPipelines(
            self.files, self._path, self._start, is_dataset=is_dataset, load=lambda: search.load(place.commit)
        )

    def _find_start(self) -> str:
        """Name the folder where the search begins."""
        if self._path is not None:
            return posixpath.dirname(self._path)
        return (
            posixpath.dirname(self._entry.file) if self._entry is not None else split_artifact(self._place.artifact)[0].strip("/")
        )

    def find_pointer(self) -> Pointer | None:
        """Find where the bytes are."""
        from gitreg.files.pointers import find_pointer

        return find_pointer(self._whole_path, self._tree) if self._whole_path is not None else None

    def find_metrics(self) -> tuple[FactFile, ...]:
        """Find the files of metrics."""
        if self._entry is not None and self._entry.metrics:
            return self.files.list_declared(self._entry, self._entry.metrics)
        return self.files.list_files(list_metric_files(*self._near.find()), made=True)

    def find_params(self) -> tuple[FactFile, ...]:
        """Find the files of parameters."""
        own, stages = self._near.find()
        unknown = self._near.find_unknown()
        if self._entry is not None and self._entry.params:
            doubtful = {path for stage in stages if stage.file in unknown for path in stage.params_files}
            declared = self.files.list_declared(self._entry, self._entry.params)
            return tuple(
                file
                for file in declared
                if not (unknown and (file.path in doubtful or posixpath.basename(file.path) == DEFAULT_PARAMS))
            )
        keys = merge_keys(stage for stage in stages if stage.file not in unknown)
        roots = dict.fromkeys(
            self._find_root(posixpath.dirname(pipeline.file))
            for pipeline in own
            if (stages or not pipeline.stages) and not unknown
        )
        default = (posixpath.join(root, DEFAULT_PARAMS) for root in roots)
        whole = [path for pipeline in own if pipeline.file not in unknown for path in pipeline.params]
        whole += [path for path in default if self._tree.kind(path) == "blob"]
        found = self.files.list_files([*keys, *whole])
        return tuple(file if file.path in whole else file._replace(keys=keys.get(file.path, ())) for file in found)

    def find_runs(self) -> tuple[Run, ...]:
        """Find the parameters that the pipeline was run with."""
        if not any(stage.params_files for pipeline in self._near.find_around() for stage in pipeline.stages):
            return ()
        return tuple(run for run in self._list_runs(self.files) if run.params)

    def find_stale(self, metrics: Iterable[FactFile]) -> tuple[str, ...]:
        """Find what shows that the pipeline was not run as a whole; locks that cannot be read matter to parameters alone."""
        runs = self._list_runs(FileList(self._tree))
        return find_stale(runs, (file.path for file in metrics), self.files.is_other) if runs else ()

    def _list_runs(self, files: FileList) -> tuple[Run, ...]:
        """List what the stages were run with that have to do with the artifact, once."""
        if self._runs is None:
            self._runs = self._read_runs(files)
        return self._runs

    def _read_runs(self, files: FileList) -> tuple[Run, ...]:
        """Read what the stages were run with; of two that differ in a parameter the order counts, which only the lock tells."""
        around = self._near.find_around()
        runs = files.scan_runs(around, self._near.find()[1])
        if runs is not None and agree(runs):
            return runs
        named = [pipeline.file for pipeline in around if not pipeline.file.endswith(".dvc")]
        locked = related_stages(self._path, files.read_pipelines(named, locked=True))
        return order_runs(locked, leading_stages(self._path, locked))

    def _find_root(self, folder: str) -> str:
        """Find the folder that DVC was set up in, above a pipeline: all of the parameters there count."""
        above = (root for root in folders_above(folder) if root)
        return next((root for root in above if self._tree.kind(posixpath.join(root, ".dvc")) == "tree"), "")

    def find_packages(self) -> tuple[FactFile, ...]:
        """Find the files of packages that are nearest; those that tell a part before them, or where there are no others."""
        partial: list[str] = []
        for folder in self._package_folders():
            names = self._tree.find_names(folder, PACKAGE_NAMES)
            partial += [posixpath.join(folder, name) for name in names]
            if any(map(tells_all, names)):
                wanted = [path for path in partial if not is_for_development(posixpath.basename(path))]
                return self._list_packages([*wanted, *self._find_workspace(folder, names)])
            self._report_setup(folder)
        return self._list_packages(partial)

    def _report_setup(self, folder: str) -> None:
        """Say that a folder has a project whose packages only its build finds out."""
        for name in SETUP:
            path = posixpath.join(folder, name)
            if self._tree.kind(path) == "blob" and b"install_requires" in (self._tree.read(path) or b""):
                message = "it names packages that only its build finds out, so there may be more packages"
                hint = "list them in a pyproject.toml or requirements.txt beside it"
                self.files.report(Problem(code="GR401", message=message, file=path, hint=hint))

    def _find_workspace(self, folder: str, names: Iterable[str]) -> Iterator[str]:
        """Find the lock of the workspace that a project belongs to, which stands at its root."""
        if PROJECT in names and not any(name.endswith(".lock") for name in names):
            above = (posixpath.join(parent, "uv.lock") for parent in folders_above(folder) if parent != folder)
            yield from islice((lock for lock in above if self._tree.kind(lock) == "blob"), 1)

    def _list_packages(self, paths: Iterable[str]) -> tuple[FactFile, ...]:
        """List files of packages, and those that they include."""
        listed = list(paths)
        for path in listed:
            if self._tree.kind(path) == "link":
                message = "it is a link, and links are not followed, so there may be more packages"
                self.files.report(Problem(code="GR401", message=message, file=path, hint="commit the file in its place"))
        files = self.files.list_files(path for path in listed if self._tree.kind(path) == "blob")
        return self._included.follow(files, self._tree, self.files)

    def find_data(self) -> tuple[Material, ...]:
        """Find what the pipeline starts from."""
        pipelines, problems = self._search.load(self._place.commit)
        self.files.report(*problems)
        return tuple(material for material in starting_materials(self._path, pipelines) if self._is_data(material))

    def _is_data(self, material: Material) -> bool:
        """Say whether a material is data: what git does not keep itself, and of the rest what looks like it."""
        if material.source is not None or "://" in material.path:
            return True
        match self._tree.kind(material.path):
            case "blob":
                return looks_like_data(material.path)
            case "tree":
                return any(looks_like_data(name) for name in self._tree.names(material.path))
            case _:
                return True

    def _package_folders(self) -> Iterable[str]:
        """Name the folders that may have files of packages, the first to look into first, the root last."""
        own, _ = self._near.find()
        folders = [self._path] if self._path is not None and self._tree.kind(self._path) == "tree" else []
        for start in (*(posixpath.dirname(pipeline.file) for pipeline in own if makes(self._path, [pipeline])), self._start):
            folders += [folder for folder in folders_above(start) if folder]
        return dict.fromkeys((*folders, ""))

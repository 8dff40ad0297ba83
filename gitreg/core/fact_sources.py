"""Which files and stages of a commit say what an artifact was made from, and how well it does: rules without a repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from gitreg.core.facts import Package, tells_environment
from gitreg.core.pipelines import Material, Pipeline, Stage, Value

DEFAULT_PARAMS: Final = "params.yaml"
"""The file of parameters that DVC shows wherever it is."""

_LOCK = re.compile(r"(?:uv|poetry|pdm|Pipfile)\.lock|pylock(?:\..*)?\.toml|conda-lock\.ya?ml")
_RANGE: Final = 2
_FEW_PATHS: Final = 300  # of stages of which it is remembered how they are related
_DEEPEST: Final = 64  # folders of a path that are told apart
_DATA: Final = frozenset({  # endings of names
    "arrow", "avro", "bin", "bz2", "csv", "db", "dta", "feather", "fits", "geojson", "gif", "gz", "h5", "hdf5", "jpeg",
    "jpg", "json", "jsonl", "libsvm", "mat", "mp3", "mp4", "ndjson", "npy", "npz", "orc", "parquet", "pickle", "pkl", "png",
    "rdata", "rds", "sas7bdat", "sav", "sqlite", "sqlite3", "svm", "tar", "tfrecord", "tgz", "tif", "tiff", "tsv", "txt",
    "wav", "xls", "xlsx", "xml", "xz", "zip", "zst",
})  # fmt: skip


_DEVELOPMENT: Final = frozenset({
    "ci", "dev", "develop", "development", "doc", "docs", "documentation", "lint", "linting", "test", "testing", "tests",
    "typing",
})  # fmt: skip
_ENVIRONMENT = re.compile(
    r"[^/]{0,99}requirements[^/]{0,99}\.(?:txt|in)|pylock\.[^/]{1,99}\.toml|environment[^/]{1,99}\.ya?ml", re.IGNORECASE
)
_BETWEEN_WORDS = re.compile(r"[-_.]+")
_LONGEST_NAME: Final = 200


@lru_cache(maxsize=1024)
def is_for_development(name: str, *, is_group: bool = False) -> bool:
    """Say whether packages are for those who test or write documents, by the name of their file: ``requirements-dev.txt``.

    Args:
        name: of the file, without its folder.
        is_group: it is the name of a group of packages.
    """
    if not is_group and _ENVIRONMENT.fullmatch(name) is None:
        return False
    return not _DEVELOPMENT.isdisjoint(_BETWEEN_WORDS.split(name[:_LONGEST_NAME].lower()))


class FactFile(NamedTuple):
    """A file that says something of an artifact at a commit.

    Attributes:
        path: from the root of the repository.
        blob: the id of its object.
        keys: dotted names of which the values are wanted, with all below them; none: all.
    """

    path: str
    blob: str
    keys: tuple[str, ...] = ()


def select_values(values: Mapping[str, Value], keys: Sequence[str]) -> Mapping[str, Value]:
    """Choose the values that have one of some dotted names, or stand below it; all of them, where there are no names."""
    if not keys:
        return values
    return {name: value for name, value in values.items() if any(name == key or name.startswith(f"{key}.") for key in keys)}


def related_stages(path: str | None, pipelines: Iterable[Pipeline]) -> tuple[Stage, ...]:
    """List the stages that lead to a path, and those that start from what these make it of: they measure it.

    Args:
        path: from the root of the repository; None: of nothing.
        pipelines: those that may make it.

    Returns:
        The stages in their order. Where none makes the path, those that read it, such as one that evaluates a model of elsewhere;
        what else they make says nothing of it. All of them where there is no path.
    """
    stages = [stage for pipeline in pipelines for stage in pipeline.stages]
    if path is None:
        return tuple(stages)
    read = tuple([tuple([dep.path for dep in stage.deps]) for stage in stages])
    made = tuple([tuple([out.path for out in stage.outs]) for stage in stages])
    relate = _recall_related if sum(map(len, read)) + sum(map(len, made)) <= _FEW_PATHS else _relate
    return tuple(stages[number] for number in relate(path, read, made))


def _relate(path: str, read: tuple[tuple[str, ...], ...], made: tuple[tuple[str, ...], ...]) -> list[int]:
    """Find the numbers of the stages that have to do with a path, from the paths that each reads and makes."""
    makers = Places((out, number) for number, outs in enumerate(made) for out in outs)
    readers = Places((dep, number) for number, deps in enumerate(read) for dep in deps)
    making = makers.meeting(path)
    if not making:
        return sorted(readers.meeting(path))
    return sorted(_follow(making, makers, read.__getitem__) | _follow(making, readers, made.__getitem__))


_recall_related = lru_cache(maxsize=512)(_relate)  # from commit to commit they hardly ever change


def leading_stages(path: str | None, stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """List those of some stages that lead to a path, and not those that measure what is there; none where there is no path."""
    makers = Places((out.path, number) for number, stage in enumerate(stages) for out in stage.outs)
    making = makers.meeting(path) if path is not None else set()
    before = _follow(making, makers, lambda number: (dep.path for dep in stages[number].deps))
    return tuple(stages[number] for number in sorted(before))


def list_metric_files(pipelines: Sequence[Pipeline], stages: Sequence[Stage]) -> list[str]:
    """List the files of metrics of some stages, and those that their pipelines name at the top and no other stage makes."""
    of_others = made_by_others(pipelines, stages)
    listed = [path for pipeline in pipelines for path in pipeline.metrics if path not in of_others]
    return [path for stage in stages for path in stage.metrics] + listed


def made_by_others(pipelines: Iterable[Pipeline], stages: Iterable[Stage]) -> set[str]:
    """List the paths that the stages of pipelines make, but for some of them."""
    related = {(stage.file, stage.name) for stage in stages}
    others = (stage for pipeline in pipelines for stage in pipeline.stages if (stage.file, stage.name) not in related)
    return {out.path for stage in others for out in stage.outs}


def merge_keys(stages: Iterable[Stage]) -> dict[str, tuple[str, ...]]:
    """List the files that stages take parameters from, each with the names that they take; none are all that it has."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for stage in stages:
        for path in stage.params_files:
            found.setdefault(path, []).append(stage.params_keys.get(path, ()))
    return {
        path: () if () in listed else tuple(dict.fromkeys(key for keys in listed for key in keys))
        for path, listed in found.items()
    }


def makes(path: str | None, pipelines: Iterable[Pipeline]) -> bool:
    """Say whether some stage makes a path, a folder around it or something in it."""
    return path is not None and any(
        _meet(out.path, path) for pipeline in pipelines for stage in pipeline.stages for out in stage.outs
    )


def starting_materials(path: str | None, pipelines: Iterable[Pipeline]) -> tuple[Material, ...]:
    """List what a path is made from and no stage of a ``dvc.yaml`` makes: data, code and parameters.

    Data that DVC imported from elsewhere is such a material, though a ``.dvc`` file says where it came from.

    Args:
        path: from the root of the repository; None: of nothing.
        pipelines: all that may have a part in it.
    """
    stages = [stage for pipeline in pipelines for stage in pipeline.stages if not pipeline.file.endswith(".dvc")]
    makers = Places((out.path, number) for number, stage in enumerate(stages) for out in stage.outs)
    making = makers.meeting(path) if path is not None else set()
    before = _follow(making, makers, lambda number: (dep.path for dep in stages[number].deps))
    params = {file for number in before for file in (*stages[number].params, *stages[number].params_files)}
    found: dict[str, Material] = {}
    for number in sorted(before):
        for dep in stages[number].deps:
            if dep.path not in params and not makers.has(dep.path):
                found.setdefault(dep.path, dep)
    return tuple(found.values())


def looks_like_data(path: str) -> bool:
    """Say by its name whether a file that git keeps is data: a table, a list or a picture, and not code or configuration."""
    name = posixpath.basename(path).lower()
    return name.rpartition(".")[2] in _DATA and not name.startswith(("requirements", "constraints"))


def split_packages(packages: Sequence[Package]) -> tuple[Sequence[Package], tuple[Package, ...]]:
    """Tell packages from those that are optional; where there are no others but Python itself, these are what is known."""
    own = [package for package in packages if not package.optional]
    if len(own) == len(packages) or not tells_environment(own):
        return packages, ()
    names = {package.name for package in own}
    return own, tuple(package for package in packages if package.optional and package.name not in names)


def choose_packages(packages: Iterable[Package]) -> tuple[Package, ...]:
    """Choose what counts of the packages of several files: of each name what lock files say, or else what other files do.

    Files of the same weight that say different things of a package all count; one that names a version makes what only limits
    it superfluous.
    """
    listed = tuple(packages)
    by_name = {package.name: package for package in listed}
    if len(by_name) == len(listed):  # as in most repositories
        return tuple(by_name[name] for name in sorted(by_name))
    ranked: dict[str, list[tuple[int, Package]]] = {}
    for package in listed:
        ranked.setdefault(package.name, []).append((_rank(package), package))
    chosen: list[Package] = []
    for _, found in sorted(ranked.items()):
        least = min(rank for rank, _ in found)
        chosen += [package for rank, package in found if rank == least]
    return tuple(chosen)


def _rank(package: Package) -> int:
    """Say how much what is said of a package weighs; less is more."""
    name = posixpath.basename(package.file)
    if package.version is None:
        return _RANGE + (name == "pyproject.toml")
    return 0 if _LOCK.fullmatch(name) else 1


def tells_all(name: str) -> bool:
    """Say by the name of a file, without its folder, whether it tells an environment, and not only a part of it.

    What is for development is a part, and so are the libraries that an ``MLmodel`` names.
    """
    return name != "MLmodel" and not is_for_development(name)


class Places:
    """What stands at paths, and below and above them.

    Args:
        pairs: paths and numbers.
    """

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        """Index them by their own path, and by each folder that they are in."""
        self._at: dict[str, set[int]] = {}
        self._below: dict[str, set[int]] = {}
        for path, number in pairs:
            self._at.setdefault(path, set()).add(number)
            for folder in _folders(path):
                self._below.setdefault(folder, set()).add(number)

    def meeting(self, path: str) -> set[int]:
        """Find the numbers of what is a path, is in it, or holds it."""
        return set[int]().union(*(found for _, found in self.find(path)))

    def has(self, path: str) -> bool:
        """Say whether there is something that is a path, is in it, or holds it."""
        return any(found for _, found in self.find(path))

    def find(self, path: str) -> Iterator[tuple[tuple[str, bool], set[int]]]:
        """Find the same numbers set by set, each under a key of its own: many paths share most of them."""
        yield (path, True), self._below.get(path, set())
        for place in (path, *_folders(path)):
            yield (place, False), self._at.get(place, set())


def _folders(path: str) -> list[str]:
    """Name the folders that a path is in, the outermost first; of an address there are none."""
    if "://" in path:
        return []
    parts = path.split("/")[:_DEEPEST]
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def _meet(one: str, other: str) -> bool:
    """Say whether one of two paths is the other one, or in it."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _follow(start: set[int], places: Places, list_paths: Callable[[int], Iterable[str]]) -> set[int]:
    """Collect whatever can be reached; each set of numbers is looked at once, since ten thousand stages may all lead to all."""
    seen = set(start)
    front = list(start)
    looked_at = set()
    while front:
        for path in list_paths(front.pop()):
            for key, found in places.find(path):
                if key not in looked_at:
                    looked_at.add(key)
                    front.extend(found - seen)
                    seen |= found
    return seen

"""`check`: every problem in files, tags and state."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gitreg.core.entries import Entry, PointerKind
from gitreg.core.events import Event
from gitreg.core.new_tags import CLOCK_TOLERANCE
from gitreg.core.problems import Problem, Severity, severity_of
from gitreg.core.reduce import find_stage_problems, group_events, reduce_events
from gitreg.core.registry_diff_pairs import find_lost
from gitreg.core.settings import Settings
from gitreg.core.views import Report
from gitreg.core.words import format_count
from gitreg.errors import SettingsFault
from gitreg.files.paths import is_template, resolve_path
from gitreg.files.pointers import Tree, check_pointer_files, find_pointer
from gitreg.files.settings import check_settings, read_settings
from gitreg.files.work_tree import WorkTree
from gitreg.git.ignored import find_ignored
from gitreg.git.index import IndexTree, list_work_files
from gitreg.git.objects import Objects
from gitreg.git.run import Git
from gitreg.git.trees import CommitTree
from gitreg.operations.check_facts import check_fact_files
from gitreg.operations.check_goals import check_goals
from gitreg.operations.check_places import place_problems
from gitreg.operations.context import GTO_SETTINGS_FILE, SETTINGS_FILE, Context, now
from gitreg.operations.inspect_entries import check_models
from gitreg.operations.load_entries import ENTRY_FILES, parse_entry_files, read_entry_files
from gitreg.operations.load_tags import load_tags
from gitreg.operations.wholeness import find_gaps

_UNREAD: Final = frozenset({"GR101", "GR102", "GR103", "GR107"})  # with these a file may hold entries that nobody sees
_WORST_FIRST: Final = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Source:
    """Where files come from: those that could be read, a tree to look paths up in, and why others could not be read."""

    contents: Mapping[str, bytes]
    tree: Tree
    problems: Sequence[Problem] = ()


def check(context: Context, *, staged: bool, rev: str | None) -> Report:
    """Find every problem.

    Args:
        context: where.
        staged: look at the files of the index, and at nothing else: what a hook before a commit wants.
        rev: look at the files of a revision; None: of the work tree, or of HEAD in a bare repository.
    """
    source = _choose_source(context, staged=staged, rev=rev)
    settings, problems = read_source_settings(source.tree)
    entries, found = parse_entry_files(source.contents)
    problems += [*source.problems, *found, *check_entries(context, settings, entries, source)]
    checked = [f"{format_count(len(source.contents), 'file')} with {format_count(len(entries), 'entry', 'entries')}"]
    if not staged:
        found, names = _check_tags(context, settings, entries, [*source.problems, *found])
        problems += found
        checked.append(format_count(names, "registry tag"))
    placed = place_problems(problems, entries, source.contents)
    return Report(tuple(sort_problems(dict.fromkeys(placed))), tuple(checked))


def check_entries(context: Context, settings: Settings, entries: Mapping[str, Entry], source: Source) -> list[Problem]:
    """Hold entries against the settings, against the files beside them and against each other.

    Args:
        context: where.
        settings: those beside the entries.
        entries: by name.
        source: the files.
    """
    kept: list[tuple[Entry, str]] = []
    problems = [problem for entry in entries.values() for problem in _check_entry(entry, settings, source.tree, kept)]
    problems += _check_kept(context, kept, source.tree)
    problems += _check_case_of_entries(entries)
    problems += check_fact_files(entries.values(), source.contents, source.tree)
    problems += check_goals(entries.values(), source.tree)
    return [*problems, *check_models(context, entries.values(), source.tree)]


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Put errors first, then by place."""
    return sorted(
        problems,
        key=lambda problem: (
            _WORST_FIRST[severity_of(problem)],
            problem.file or "",
            problem.line or 0,
            problem.column or 0,
            problem.tag or "",
            problem.code,
            problem.message,
        ),
    )


def read_source_settings(tree: Tree) -> tuple[Settings, list[Problem]]:
    """Read the settings beside the files; where they are not valid, go on without them."""
    files = tree.read(SETTINGS_FILE), tree.read(GTO_SETTINGS_FILE)
    problems = [*check_settings(*files, os.environ), *_find_links(tree, (SETTINGS_FILE, GTO_SETTINGS_FILE), "GR112")]
    try:
        return read_settings(*files, os.environ), problems
    except SettingsFault:
        return Settings(), problems


def _choose_source(context: Context, *, staged: bool, rev: str | None) -> Source:
    """Find the files to check."""
    repository = context.repository
    root = repository.location.work_tree
    if staged:
        index = IndexTree(Git(context.work_tree), repository.objects)
        return _read_source(repository.objects, {path: index.oid(path) or "" for path in index.find(ENTRY_FILES)}, index)
    if rev is not None or root is None:
        # a bare repository without a commit has no HEAD, and that is no problem: it has no files
        tree = CommitTree(repository.objects, "HEAD" if rev is None else repository.objects.resolve_commit(rev))
        return _read_source(repository.objects, tree.find(ENTRY_FILES), tree)
    found = list_work_files(Git(root), (*ENTRY_FILES, "dvc.lock"))
    work_tree = WorkTree(root, locks=[path for path in found if path.rpartition("/")[2] == "dvc.lock"])
    listed = [path for path in found if path.rpartition("/")[2] in ENTRY_FILES]
    contents = {path: data for path in listed if (data := work_tree.read(path)) is not None}
    return Source(contents, work_tree, _find_links(work_tree, listed, "GR107"))


def _find_links(tree: Tree, paths: Iterable[str], code: str) -> list[Problem]:
    """Find files that are symbolic links, which are not read."""
    return [
        Problem(code=code, message=f"{path} is a symbolic link, which is not read", file=path, hint=f"make {path} a plain file")
        for path in paths
        if tree.kind(path) == "link"
    ]


def _read_source(objects: Objects, found: Mapping[str, str], tree: Tree) -> Source:
    """Read the files of a commit or of the index: ids of blobs by path."""
    contents, problems = read_entry_files(objects, found)
    return Source(contents, tree, problems)


def _check_kept(context: Context, kept: Sequence[tuple[Entry, str]], tree: Tree) -> list[Problem]:
    """Find files of the work tree that git ignores and DVC does not track (any more): no commit will have them."""
    if not isinstance(tree, WorkTree):
        return []
    ignored = find_ignored(Git(context.work_tree), (path for _, path in kept))
    left = tree.without(ignored)
    why = "is there, but git ignores it and DVC does not track it"
    return [
        _at(entry, "GR108", f"path {entry.path!r} of {entry.name!r} {why}", f"add it with git or DVC: dvc add {path}")
        for entry, path in kept
        if path in ignored and find_pointer(path, left).kind is PointerKind.MISSING and not any(check_pointer_files(path, left))
    ]


def _check_entry(entry: Entry, settings: Settings, tree: Tree, kept: list[tuple[Entry, str]]) -> list[Problem]:
    """Hold one entry against the settings and against the files beside it.

    Args:
        entry: what is checked.
        settings: those beside it.
        tree: the files.
        kept: gets the entry with its path if that is a file or folder that git itself would keep.
    """
    problems = []
    if settings.types is not None and entry.type is not None and entry.type not in settings.types:
        message = f"type {entry.type!r} of {entry.name!r} is not among {', '.join(settings.types)}"
        problems.append(_at(entry, "GR109", message, f"use one of them, or add it to 'types' in {settings.file}"))
    if entry.path is None or is_template(entry.path):
        return problems
    path = resolve_path(entry.file.rpartition("/")[0], entry.path)
    link = _find_link(path, tree)
    if link:
        message = f"path {entry.path!r} of {entry.name!r} passes through the symbolic link {link!r}"
        problems.append(_at(entry, "GR107", message, "name the real file or folder"))
        return problems
    kind = find_pointer(path, tree).kind
    if kind is PointerKind.GIT:
        kept.append((entry, path))
    elif kind is PointerKind.MISSING and not any(check_pointer_files(path, tree)):
        message = f"path {entry.path!r} of {entry.name!r} is neither a file nor tracked by DVC"
        problems.append(_at(entry, "GR108", message, f"add it with git or DVC: dvc add {path}"))
    return problems


def _find_link(path: str, tree: Tree) -> str:
    """Find the first symbolic link on a path."""
    parts = path.split("/")
    places = ("/".join(parts[:length]) for length in range(1, len(parts) + 1))
    return next((place for place in places if tree.kind(place) == "link"), "")


def _check_tags(
    context: Context, settings: Settings, entries: Mapping[str, Entry], unread: Sequence[Problem]
) -> tuple[list[Problem], int]:
    """Find the problems of tags, state and clone, and count the tags; no entry is missing that a broken file may hold."""
    tags = load_tags(context.repository)
    state = reduce_events(tags.events)
    groups = group_events(tags.events)
    problems = [*find_gaps(context.repository.location), *tags.problems, *state.problems]
    problems += [problem for events in groups.values() for problem in find_stage_problems(events)]
    problems += _check_times(tags.events)
    problems += _check_stages(tags.events, settings)
    problems += [
        _differ_by_case("GR306", name, other, entries.get(name))
        for name, other in _pairs_but_for_case({*groups, *entries})
        if name not in entries or other not in entries
    ]
    broken = [problem for problem in unread if problem.code in _UNREAD]
    without = groups.keys() - entries.keys()
    problems += [_no_entry(name) for name in without - find_lost(without, broken)]
    return problems, len(tags.events) + len(tags.problems)


def _check_times(events: Iterable[Event]) -> list[Problem]:
    """Find events that lie in the future."""
    latest = now() + CLOCK_TOLERANCE
    return [
        Problem(
            code="GR304",
            message=f"{event.tag!r} lies {format_count(event.at - latest + CLOCK_TOLERANCE, 'second')} in the future",
            tag=event.tag,
            artifact=event.artifact,
            commit=event.commit,
            hint="check the clock of whoever made it; until then it comes after every event of today",
        )
        for event in events
        if event.at > latest
    ]


def _check_stages(events: Iterable[Event], settings: Settings) -> list[Problem]:
    """Find stages that the settings do not list, and stages of one artifact that differ only by case."""
    used: dict[str, Event] = {}
    by_artifact: dict[str, set[str]] = {}
    for event in events:
        if event.stage is not None:
            used.setdefault(event.stage, event)
            by_artifact.setdefault(event.artifact, set()).add(event.stage)
    problems = [
        _differ_by_case("GR306", name, other, artifact=artifact)
        for artifact, stages in by_artifact.items()
        for name, other in _pairs_but_for_case(stages)
    ]
    if settings.stages is None:
        return problems
    for stage, event in used.items():
        if stage not in settings.stages:
            message = f"stage {stage!r} is used by {event.tag!r} and not among {', '.join(settings.stages)}"
            hint = f"add it to 'stages' in {settings.file}"
            problems.append(Problem(code="GR305", message=message, tag=event.tag, artifact=event.artifact, hint=hint))
    return problems


def _check_case_of_entries(entries: Mapping[str, Entry]) -> list[Problem]:
    """Find names of entries that differ only by case; those that stand in one file its reader has found."""
    return [
        _differ_by_case("GR111", name, other, entries[name])
        for name, other in _pairs_but_for_case(entries)
        if entries[name].file != entries[other].file
    ]


def _pairs_but_for_case(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find names that are the same on file systems that ignore case, each with the first of them."""
    first: dict[str, str] = {}
    for name in sorted(names):
        other = first.setdefault(name.casefold(), name)
        if other != name:
            yield name, other


def _differ_by_case(code: str, name: str, other: str, entry: Entry | None = None, *, artifact: str | None = None) -> Problem:
    """Say that two names differ only by case, at the place of an entry where there is one."""
    message = f"{name!r} and {other!r} differ only by case, and are one file where case does not count"
    hint = f"use {other!r} for both"
    file, line = (entry.file, entry.line) if entry else (None, None)
    return Problem(code=code, message=message, artifact=artifact or name, hint=hint, file=file, line=line)


def _no_entry(name: str) -> Problem:
    """Say that an artifact has events and no entry."""
    message = f"{name!r} has registry tags, but no entry in artifacts.yaml"
    return Problem(code="GR309", message=message, artifact=name, hint=f"gitreg annotate '{name}' --path PATH --type model")


def _at(entry: Entry, code: str, message: str, hint: str) -> Problem:
    """Make a problem at the place of an entry."""
    return Problem(code=code, message=message, file=entry.file, line=entry.line, column=1, artifact=entry.name, hint=hint)

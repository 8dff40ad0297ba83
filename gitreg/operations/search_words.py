"""What the fields of a query may be compared with, for completion: what the entries and files of HEAD say."""

from __future__ import annotations

from itertools import islice
from typing import Final

from gitreg.core.candidates import Candidate
from gitreg.core.facts import Facts, merge_values
from gitreg.core.query import NAMED, Depth, Field, depth_of_field
from gitreg.core.query_custom import list_keys
from gitreg.core.query_match import texts_of
from gitreg.core.selectors import LATEST, STABLE
from gitreg.operations.context import Context
from gitreg.operations.load_entries import entry_path, load_entries
from gitreg.operations.moment import head_commit
from gitreg.operations.names import list_artifacts, list_stages

_MOST_ARTIFACTS: Final = 20  # whose files are read: nobody waits long for Tab
_FLAGS: Final = ("no", "yes")


def list_words(context: Context, field: Field) -> tuple[str, ...]:
    """List what a field is compared with, sorted; of metrics, parameters and free metadata their names."""
    match field:
        case Field.NAME:
            return list_artifacts(context)
        case Field.STAGE:
            return list_stages(context)
        case Field.VERSION:
            return LATEST, STABLE
        case Field.ACTIVE | Field.DEPRECATED:
            return _FLAGS
        case Field.HAS:
            return tuple(sorted(known.value for known in Field if known not in _NEVER_LACKING))
    if field is Field.CUSTOM:
        entries, _ = load_entries(context.repository.objects, head_commit(context.repository.objects))
        return tuple(sorted({key for entry in entries.values() for key in list_keys(entry)}))
    if depth_of_field(field) is Depth.ENTRY and field is not Field.TEXT:
        return _list_texts(context, field)
    return _list_facts(context, field) if depth_of_field(field) is Depth.FACTS else ()


def _list_texts(context: Context, field: Field) -> tuple[str, ...]:
    """List what entries have in a field."""
    entries, _ = load_entries(context.repository.objects, head_commit(context.repository.objects))
    found: set[str] = set()
    for name, entry in entries.items():
        path = entry_path(entry) if entry.path is not None else None
        candidate = Candidate(artifact=name, version=None, commit="", depth=Depth.ENTRY, entry=entry, path=path)
        found.update(texts_of(field, candidate))
    return tuple(sorted(found))


def _list_facts(context: Context, field: Field) -> tuple[str, ...]:
    """List what the files of some artifacts have."""
    from gitreg.operations.load_facts import Place, Wanted, load_facts

    commit = head_commit(context.repository.objects)
    if commit is None:
        return ()
    entries, _ = load_entries(context.repository.objects, commit)
    places = [Place(name, commit) for name in islice(sorted(entries), _MOST_ARTIFACTS)]
    wanted = Wanted(
        metrics=field is Field.METRIC, params=field is Field.PARAM, packages=field is Field.PACKAGE, data=field is Field.DATA
    )
    return tuple(sorted({word for _, facts in load_facts(context, places, wanted) for word in _words_of(facts, field)}))


def _words_of(facts: Facts, field: Field) -> set[str]:
    """Pick the names of metrics, parameters or packages, or the paths of data."""
    if field in NAMED:
        return set(merge_values(facts.metrics if field is Field.METRIC else facts.params))
    return {package.name for package in facts.packages} if field is Field.PACKAGE else {found.path for found in facts.data}


_NEVER_LACKING: Final = frozenset({Field.TEXT, Field.NAME, Field.HAS, Field.ACTIVE, Field.DEPRECATED})

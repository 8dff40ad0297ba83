"""What `compare` found, as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from gitreg.core.compared import (
    CodeChange,
    Comparison,
    DataRow,
    FieldRow,
    PackageRow,
    Row,
    Side,
    ValueRow,
    has_no_differences,
    is_same,
    pair_params,
)
from gitreg.core.entries import Pointer
from gitreg.core.equality import are_same
from gitreg.core.facts import Missing, Package
from gitreg.core.importance import format_point
from gitreg.core.package_changes import state_package
from gitreg.core.pipelines import Material
from gitreg.render.json_values import Shape, shape_commit, shape_plain, shape_pointer, shape_problem


def shape_comparison(comparison: Comparison, *, everything: bool = False) -> Shape:
    """Shape what `compare` answers.

    Args:
        comparison: what was found.
        everything: whether to list what is the same, too.
    """

    def pick(rows: Sequence[Row]) -> list[Shape]:
        return [_shape_row(row) for row in rows if everything or not is_same(row)]

    return {
        "same": has_no_differences(comparison),
        "sides": [_shape_side(side, pointer) for side, pointer in zip(comparison.sides, comparison.pointers, strict=True)],
        "important": [
            {"matter": point.matter.value, "side": point.side, "text": format_point(point)} for point in comparison.important
        ],
        "metrics": pick(comparison.metrics),
        "params": _shape_params(comparison, everything=everything),
        "data": pick(comparison.data),
        "packages": pick(comparison.packages),
        "entry": pick(comparison.fields),
        "schema": [
            {"side": number, "kind": change.kind, "where": change.where, "text": change.text, "breaking": change.breaking}
            for number, changes in enumerate(comparison.schema, 1)
            for change in changes
        ],
        "same_bytes": list(comparison.same_bytes),
        "code": [shape_code(side.code) for side in comparison.sides[1:]],
        "problems": [shape_problem(problem) for problem in comparison.problems],
        "notes": [*comparison.notes, *comparison.hints],
    }


def _shape_side(side: Side, pointer: Pointer | None) -> Shape:
    """Shape what is compared."""
    return {
        "label": side.label,
        "artifact": side.facts.artifact,
        "version": side.version,
        "commit": side.facts.commit,
        "pointer": shape_pointer(pointer),
    }


def _shape_row(row: Row) -> Shape:
    """Shape one row."""
    match row:
        case ValueRow():
            return _shape_value(row)
        case DataRow():
            return {
                "materials": [_shape_material(material) for material in row.materials],
                "changes": [{"kind": kind.value} for kind in row.kinds],
            }
        case PackageRow():
            steps = zip(row.kinds, row.major, strict=True)
            return {
                "name": row.name,
                "packages": [_shape_packages(found) for found in row.packages],
                "changes": [{"kind": kind.value, "major": major} for kind, major in steps],
            }
        case FieldRow():
            return {
                "field": row.name,
                "values": [shape_plain(value) for value in row.values],
                "changes": [{"kind": kind.value} for kind in row.kinds],
            }


def _shape_params(comparison: Comparison, *, everything: bool) -> list[Shape]:
    """Shape parameters as files say them, with what versions were made with where that is not the same."""
    made = {number: made for number, (made, _) in enumerate(pair_params(comparison))}
    rows = [(row, made.get(number)) for number, row in enumerate(comparison.params)]
    return [_shape_value(row, found) for row, found in rows if everything or not is_same(row)]


def _shape_value(row: ValueRow, made: ValueRow | None = None) -> Shape:
    """Shape a metric or parameter; where a side has none, its file is null as well."""
    steps = zip(row.kinds, row.deltas, row.trends, strict=True)
    return {
        "name": row.name,
        "files": list(row.files),
        "goal": row.goal,
        "values": _shape_values(row),
        "made_with": None if made is None or are_same(made.values, row.values) else _shape_values(made),
        "changes": [
            {
                "kind": kind.value,
                "absolute": shape_plain(delta.absolute) if delta else None,
                "relative": delta.relative if delta else None,
                "trend": trend.value if trend else None,
            }
            for kind, delta, trend in steps
        ],
    }


def _shape_values(row: ValueRow) -> list[object]:
    """Shape the values of all sides; what is not there, or not known, is null."""
    return [None if value is Missing.MISSING else shape_plain(value) for value in row.values]


def _shape_material(material: Material | None) -> Shape | None:
    """Shape data."""
    if material is None:
        return None
    return {"path": material.path, "hash": material.hash, "size": material.size, "files": material.files}


def _shape_packages(packages: Sequence[Package]) -> Shape | None:
    """Shape what the files of a side say of a package."""
    if not packages:
        return None
    state = state_package(packages)
    return {
        "exact": state.exact,
        "stated": list(state.texts),
        "files": sorted({package.file for package in packages}),
    }


def shape_code(code: CodeChange | None) -> Shape | None:
    """Shape how code differs."""
    if code is None:
        return None
    return {
        "ahead": code.ahead,
        "behind": code.behind,
        "people": [{"author": author, "commits": count} for author, count in code.people],
        "files": [{"path": file.path, "kind": file.kind.value} for file in code.files],
        "commits": [shape_commit(found) for found in code.commits],
    }

"""Laws of comparing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.compared import CodeChange, FieldRow, FileChange, Kind, PackageRow, Side, Trend, ValueRow, has_no_differences
from gitreg.core.comparison import compare_facts
from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.facts import Facts, Package
from gitreg.core.pipelines import Material
from gitreg.core.problems import Problem
from tests.support.events import A, B, C

_names: Final = st.sampled_from(["a", "b", "c.d", "e"])
_values: Final = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.floats(), st.sampled_from(["", "x", "y"]))
_tables: Final = st.dictionaries(st.sampled_from(["m.json", "n.yaml"]), st.dictionaries(_names, _values, max_size=4), max_size=2)
_hashes: Final = st.one_of(st.none(), st.builds("{}:{}".format, st.sampled_from(["md5", "etag"]), st.integers(0, 2)))
_materials: Final = st.lists(
    st.builds(Material, path=st.sampled_from(["d", "e", "f"]), hash=_hashes, size=st.one_of(st.none(), st.integers(0, 1))),
    max_size=4,
    unique_by=lambda material: material.path,
).map(tuple)
_packages: Final = st.lists(
    st.builds(
        Package,
        name=st.sampled_from(["numpy", "torch"]),
        version=st.one_of(st.none(), st.sampled_from(["1.0", "1.0.0", "2.1", "0.1"])),
        specifier=st.sampled_from(["", ">=1"]),
        file=st.sampled_from(["r.txt", "uv.lock"]),
    ),
    max_size=4,
).map(tuple)
_goals: Final = st.dictionaries(_names, st.sampled_from(["higher", "lower"]), max_size=3)
_entries: Final = st.one_of(
    st.none(),
    st.builds(
        Entry,
        name=st.just("churn"),
        file=st.just("artifacts.yaml"),
        line=st.just(1),
        goals=_goals,
        license=st.sampled_from([None, "MIT", "GPL"]),
        labels=st.sampled_from([(), ("a", "b"), ("b", "a")]),
    ),
)
_pointers: Final = st.one_of(
    st.none(), st.builds(Pointer, kind=st.just(PointerKind.DVC), path=st.just("m"), hash=_hashes, size=st.integers(0, 1))
)
_problems: Final = st.lists(
    st.builds(Problem, code=st.just("GR101"), message=st.just("no"), file=st.sampled_from(["m.json", "dvc.lock", "r.txt"])),
    max_size=1,
).map(tuple)


def make_sides(commit: str) -> st.SearchStrategy[Side]:
    facts = st.builds(
        Facts,
        artifact=st.just("churn"),
        commit=st.just(commit),
        entry=_entries,
        pointer=_pointers,
        metrics=_tables,
        params=_tables,
        packages=_packages,
        data=_materials,
        problems=_problems,
    )
    return st.builds(Side, label=st.just(commit), facts=facts)


MIRROR: Final = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}
TURNED: Final = {Trend.BETTER: Trend.WORSE, Trend.WORSE: Trend.BETTER}


def name_row(row: ValueRow) -> tuple[str, list[str]]:
    return row.name, sorted(file or "" for file in row.files)


@given(make_sides(A))
def test_equals_differ_in_nothing(side: Side) -> None:
    found = compare_facts([side, replace(side, code=CodeChange())])
    assert has_no_differences(found)
    assert found.important == ()


@given(make_sides(A), make_sides(B))
def test_to_swap_two_sides_mirrors_all(one: Side, other: Side) -> None:
    there, back = compare_facts([one, other]), compare_facts([other, one])
    for rows, mirrored in ((there.metrics, back.metrics), (there.params, back.params)):
        for row, image in zip(sorted(rows, key=name_row), sorted(mirrored, key=name_row), strict=True):
            assert (row.name, row.files, row.values) == (image.name, image.files[::-1], image.values[::-1])
            assert MIRROR.get(row.kinds[0], row.kinds[0]) == image.kinds[0]
            assert (None if row.trends[0] is None else TURNED.get(row.trends[0], row.trends[0])) == image.trends[0]
            assert (row.deltas[0] and -row.deltas[0].absolute) == (image.deltas[0] and image.deltas[0].absolute)
    assert {(row.materials[::-1], MIRROR.get(row.kinds[0], row.kinds[0])) for row in there.data} == {
        (row.materials, row.kinds[0]) for row in back.data
    }
    named: list[list[PackageRow | FieldRow]] = [[*found.packages, *found.fields] for found in (there, back)]
    assert [(row.name, MIRROR.get(row.kinds[0], row.kinds[0])) for row in named[0]] == [
        (row.name, row.kinds[0]) for row in named[1]
    ]
    assert there.same_bytes == back.same_bytes


@given(make_sides(A), make_sides(B))
def test_the_order_of_what_files_list_does_not_matter(one: Side, other: Side) -> None:
    def shuffle(side: Side) -> Side:
        facts = side.facts
        metrics = {file: dict(reversed(list(values.items()))) for file, values in reversed(list(facts.metrics.items()))}
        return replace(side, facts=replace(facts, metrics=metrics, packages=facts.packages[::-1], data=facts.data[::-1]))

    plain, shuffled = compare_facts([one, other]), compare_facts([shuffle(one), shuffle(other)])
    for name in ("metrics", "params", "data", "packages", "fields", "important", "same_bytes"):
        assert repr(getattr(plain, name)) == repr(getattr(shuffled, name))


@given(make_sides(A), make_sides(B), make_sides(C))
def test_each_side_is_compared_with_the_first_as_if_they_were_alone(one: Side, two: Side, three: Side) -> None:
    files = (FileChange("t.py", Kind.CHANGED),)
    two = replace(two, code=CodeChange(ahead=1, files=files))
    alone, all_three = compare_facts([one, two]), compare_facts([one, two, three])
    assert alone.same_bytes[0] == all_three.same_bytes[0]
    assert alone.schema[0] == all_three.schema[0]
    kinds = {row.name: row.kinds[0] for row in all_three.packages}
    assert {row.name: row.kinds[0] for row in alone.packages} == {
        name: kinds[name] for name in kinds.keys() & {r.name for r in alone.packages}
    }

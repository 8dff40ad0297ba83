"""`export`: what a person gets, and that nothing of a repository acts where it is opened."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.core.exports import TABLES, ColumnType
from gitreg.errors import UsageFault
from gitreg.registry import Registry
from gitreg.render.schemas import load
from tests.cli.terminal import experience_anywhere
from tests.support.churn import make_churn, train_again
from tests.support.command import GitregCommand
from tests.support.repository import Repository

ENTRY = "churn:\n  path: model.bin\n  type: model\n  metrics: [metrics.json]\n  params: [params.json]\n"


@pytest.fixture(scope="module")
def churn(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The example, with two versions that the real DVC made."""
    repository = Repository.create(tmp_path_factory.mktemp("churn") / "repository")
    repository.commit({"README.md": "# Example\n"}, "Begin")
    make_churn(repository)
    train_again(repository)
    return repository


@pytest.fixture
def small(repository: Repository) -> Repository:
    """Two versions, of which one is deregistered, a metric that is no number, and files that cannot be read."""
    files = {
        "artifacts.yaml": ENTRY,
        "model.bin": "1",
        "metrics.json": '{"auc": 0.9, "loss": NaN, "ok": true}',
        "params.json": "[1",
    }
    repository.commit(files, "Train")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.commit({"metrics.json": '{"auc": 0.8}'}, "Train again")
    repository.register("churn", "v1.1.0")
    repository.tick()
    repository.deregister("churn", "v1.1.0")
    repository.tick()
    return repository


def names(folder: Path) -> list[str]:
    """List what is in a folder."""
    return [place.name for place in folder.iterdir()]


def read_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_one_table_is_text(small: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("export", "--what", "metrics", "--format", "csv")) == snapshot("""\

exit 0
artifact,version,file,name,value,text,goal
churn,v1.1.0,metrics.json,auc,0.8,0.8,
churn,v1.0.0,metrics.json,auc,0.9,0.9,
churn,v1.0.0,metrics.json,loss,,nan,
churn,v1.0.0,metrics.json,ok,,true,
""")
    assert experience_anywhere(gitreg("export", "--what", "metrics", "--active", "-o", "-")) == snapshot("""\

exit 0
{"artifact": "churn", "version": "v1.0.0", "file": "metrics.json", "name": "auc", "value": 0.9, "text": "0.9", "goal": null}
{"artifact": "churn", "version": "v1.0.0", "file": "metrics.json", "name": "loss", "value": null, "text": "nan", "goal": null}
{"artifact": "churn", "version": "v1.0.0", "file": "metrics.json", "name": "ok", "value": null, "text": "true", "goal": null}
""")


def test_several_tables_need_a_place(small: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("export")) == snapshot("""\

exit 2
---- stderr
error: 7 tables do not fit into one text
hint: choose a table: --what versions; or name a folder: -o DIR; tables: versions, events, metrics, params, packages, data, lineage
""")
    assert experience_anywhere(gitreg("export", "--format", "sqlite")) == snapshot("""\

exit 2
---- stderr
error: sqlite is no text, so it needs a place
hint: say where to: -o PATH
""")
    assert experience_anywhere(gitreg("export", "--what", "metricks")) == snapshot("""\

exit 2
---- stderr
error: there is no table 'metricks'
hint: tables: versions, events, metrics, params, packages, data, lineage, all
""")
    assert experience_anywhere(gitreg("export", "--what", "metrics", "--json")) == snapshot("""\

exit 2
---- stderr
error: --json tells what was written to a place, and there is none
hint: say where to: -o PATH
""")


def test_a_person_is_told_what_was_written_and_what_could_not_be_read(small: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("export", "--format", "sqlite", "-o", "out/registry.db")) == snapshot("""\

exit 0
Exported 2 versions to out/registry.db: 2 rows of versions, 3 of events, 4 of metrics, 0 of params, 0 of packages, 0 of data, 0 of lineage
---- stderr
warning: params.json:1:3 of churn v1.1.0, v1.0.0: it is no JSON: Expecting ',' delimiter
""")
    assert experience_anywhere(gitreg("export", "--format", "sqlite", "-o", "out/registry.db")).replace(
        str(gitreg.repository.path), "PLACE"
    ) == snapshot("""\

exit 4
---- stderr
error: 'PLACE/out/registry.db' is there already
hint: replace it: --force; or name another place: -o PATH
""")
    assert gitreg("export", "--format", "sqlite", "-o", "out/registry.db", "--force").code == 0
    assert sorted(names(gitreg.repository.path / "out")) == ["registry.db"]


def test_the_version_that_was_deregistered_is_there_and_said_to_be(small: Repository, gitreg: GitregCommand) -> None:
    rows = read_lines(gitreg("export", "--what", "versions").stdout)
    assert [(row["version"], row["active"], row["latest"], row["problems"]) for row in rows] == [
        ("v1.1.0", False, False, 0),
        ("v1.0.0", True, True, 0),
    ]
    assert [row["version"] for row in read_lines(gitreg("export", "-w", "versions", "--at", "HEAD~1").stdout)] == ["v1.0.0"]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "sqlite", "parquet"])
def test_all_formats_say_the_same(churn: Repository, tmp_path: Path, kind: str) -> None:
    with Registry(churn.path) as registry:
        expected = {table.name: [tuple(row.values()) for row in read_lines(collect(registry, table.name))] for table in TABLES}
        exported = registry.export(tmp_path / "tables", format=kind)
    found = dict(read_tables(tmp_path / "tables", kind))
    assert found == {name: [tuple(plain(cell, kind) for cell in row) for row in rows] for name, rows in expected.items()}
    assert {table.name: table.rows for table in exported.tables} == {name: len(rows) for name, rows in expected.items()}
    assert all(expected.values())


def collect(registry: Registry, table: str) -> str:
    """Export one table as text."""
    pieces: list[str] = []
    registry.export(what=table, write=pieces.append)
    return "".join(pieces)


def plain(cell: Any, kind: str) -> Any:
    """Write a value as a format has it."""
    if kind == "csv":
        return (
            ""
            if cell is None
            else str(cell).lower()
            if isinstance(cell, bool)
            else json.dumps(cell)
            if isinstance(cell, list)
            else str(cell)
        )
    if kind == "sqlite":
        return json.dumps(cell) if isinstance(cell, list) else cell
    return cell


def read_tables(place: Path, kind: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Read what was exported."""
    for table in TABLES:
        if kind == "sqlite":
            database = sqlite3.connect(place)
            columns = ", ".join(column.name for column in table.columns)  # without quotes: none is a word of SQL
            yield table.name, database.execute(f"SELECT {columns} FROM {table.name}").fetchall()
            database.close()
        elif kind == "parquet":
            from pyarrow import parquet

            read = parquet.read_table(place / f"{table.name}.parquet").to_pylist()
            yield (
                table.name,
                [
                    tuple(
                        row[c.name] if c.type is not ColumnType.TIME else f"{row[c.name]:%Y-%m-%dT%H:%M:%SZ}"
                        for c in table.columns
                    )
                    for row in read
                ],
            )
        elif kind == "csv":
            rows = list(csv.reader(io.StringIO((place / f"{table.name}.csv").read_text(encoding="utf-8"))))
            yield table.name, [tuple(row) for row in rows[1:]]
        else:
            yield (
                table.name,
                [tuple(row.values()) for row in read_lines((place / f"{table.name}.jsonl").read_text(encoding="utf-8"))],
            )


def test_tables_join_by_artifact_and_version(churn: Repository, tmp_path: Path) -> None:
    with Registry(churn.path) as registry:
        registry.export(tmp_path / "registry.db", format="sqlite")
    database = sqlite3.connect(tmp_path / "registry.db")
    rows = database.execute(
        "SELECT version, value, data.size, package_version FROM versions JOIN metrics USING (artifact, version)"
        " JOIN data USING (artifact, version) JOIN packages USING (artifact, version)"
        " WHERE name = 'auc' AND data.path = 'data/users.csv' AND package = 'numpy' ORDER BY value"
    ).fetchall()
    database.close()
    assert rows == snapshot([("v1.1.0", 0.703, 3268, "2.0.1"), ("v1.0.0", 0.7589, 6650, "1.26.4")])


def test_arrows_lead_from_the_version_to_its_data(churn: Repository) -> None:
    with Registry(churn.path) as registry:
        rows = read_lines(collect(registry, "lineage"))
    arrows = {(row["source_label"], row["edge"], row["target_label"]) for row in rows if row["version"] == "v1.0.0"}
    assert {
        ("churn v1.0.0", "made-by", "train"),
        ("train", "reads", "prepared.csv"),
        ("prepare", "reads", "data/users.csv"),
    } <= arrows
    hashes = {row["target_label"]: row["target_hash"] for row in rows if row["target_kind"] == "data"}
    assert sorted(hashes) == ["data/holdout.csv", "data/users.csv"]
    assert all(value.startswith("md5:") for value in hashes.values())


def test_all_tables_are_in_the_order_of_show(repository: Repository, gitreg: GitregCommand) -> None:
    entries = "b:\n  metrics: [m.json]\na:\n  metrics: [m.json]\n"
    repository.commit({"artifacts.yaml": entries, "m.json": '{"x": 1}', "requirements.txt": "numpy==1\n"})
    for artifact, version in (("b", "v2.5.0"), ("a", "v2.4.0"), ("b", "v2.10.0"), ("a", "v2.5.0-rc.1")):
        repository.register(artifact, version)
        repository.tick()
    repository.commit({"m.json": '{"x": 2}'})
    repository.register("b", "v2.6.0")
    shown = [artifact["name"] for artifact in json.loads(gitreg("show", "--json").stdout)["artifacts"]]
    expected = [
        (name, version["version"])
        for name in shown
        for version in json.loads(gitreg("show", name, "--json").stdout)["artifact"]["versions"]
    ]
    assert expected == [("a", "v2.5.0-rc.1"), ("a", "v2.4.0"), ("b", "v2.10.0"), ("b", "v2.6.0"), ("b", "v2.5.0")]
    for table in ("versions", "metrics", "packages"):
        rows = read_lines(gitreg("export", "--what", table).stdout)
        assert [(row["artifact"], row["version"]) for row in rows] == expected


def test_arrows_lead_to_other_versions_as_those_of_trace_do(repository: Repository) -> None:
    entries = (
        "raw: {path: raw.csv}\nold: {path: old.bin}\nnew: {path: new.bin, base: old}\nnext: {path: new.bin, base: new@v1.0.0}\n"
    )
    pipeline = "stages:\n  train:\n    cmd: train\n    deps: [raw.csv]\n    outs: [new.bin]\n"
    repository.commit({"artifacts.yaml": entries, "raw.csv": "1,2\n", "old.bin": "old", "dvc.yaml": pipeline})
    repository.register("raw", "v1.0.0")
    for version in ("v1.0.0", "v2.0.0"):
        repository.tick()
        repository.register("old", version)
        repository.tick()
        repository.commit({"new.bin": f"new {version}"})
        repository.register("new", version)
        repository.tick()
        repository.register("next", version)
    repository.tick()
    repository.deregister("new", "v1.0.0")
    with Registry(repository.path) as registry:
        rows = read_lines(collect(registry, "lineage"))
        for artifact, version in {(row["artifact"], row["version"]) for row in rows}:
            traced = registry.trace(f"{artifact}@{version}")
            own = [row for row in rows if (row["artifact"], row["version"]) == (artifact, version)]
            assert [(row["source"], row["edge"], row["target"]) for row in own] == [
                (edge.source, edge.kind, edge.target) for edge in traced.edges
            ]
    arrows = {(row["source_label"], row["edge"], row["target"]) for row in rows if row["target_kind"] == "version"}
    assert arrows == {
        ("raw.csv", "same-bytes", "version:raw@v1.0.0"),
        ("new v1.0.0", "based-on", "version:old@v1.0.0"),
        ("new v2.0.0", "based-on", "version:old@v2.0.0"),
        ("next v1.0.0", "based-on", "version:new@v1.0.0"),
        ("next v2.0.0", "based-on", "version:new@v1.0.0"),
    }


def test_a_base_that_is_of_no_registry_stays_what_it_is(repository: Repository) -> None:
    repository.commit({"artifacts.yaml": "new: {path: new.bin, base: bert-base-uncased}\n", "new.bin": "1"})
    repository.register("new", "v1.0.0")
    with Registry(repository.path) as registry:
        [row] = read_lines(collect(registry, "lineage"))
    assert (row["edge"], row["target_kind"], row["target"]) == ("based-on", "base", "base:bert-base-uncased")


def test_a_problem_of_many_versions_names_the_first_and_counts_the_others(small: Repository, gitreg: GitregCommand) -> None:
    for minor in range(2, 6):
        small.commit({"metrics.json": f'{{"auc": 0.{minor}}}'})
        small.register("churn", f"v1.{minor}.0")
        small.tick()
    small.tag("churn@v9.0.0", lightweight=True)
    assert gitreg("export", "-w", "params").stderr == snapshot("""\
warning: churn@v9.0.0: 'churn@v9.0.0' is a lightweight tag, which states no author and no time; it is not read
warning: params.json:1:3 of churn v1.5.0, v1.4.0, v1.3.0 and 3 more: it is no JSON: Expecting ',' delimiter
""")


def test_a_repository_is_exported_by_its_address(
    small: Repository, remote: Repository, gitreg: GitregCommand, tmp_path: Path
) -> None:
    small.git("push", "--quiet", "--tags", "origin", "main")
    here, there = (gitreg("export", "-w", "metrics", "--repo", place) for place in (".", remote.path.as_uri()))
    assert there.stdout == here.stdout
    assert there.code == 0


def test_json_follows_its_schema(small: Repository, gitreg: GitregCommand) -> None:
    document = json.loads(gitreg("export", "--format", "parquet", "-o", "tables", "--json").stdout)
    schema = load("export")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert sorted(document) == schema["required"]
    assert document["tables"][0] == {"name": "versions", "rows": 2, "file": "tables/versions.parquet"}
    assert document["problems"][0]["versions"] == 2
    assert document["problems"][0]["first_versions"] == [
        {"artifact": "churn", "version": "v1.1.0"},
        {"artifact": "churn", "version": "v1.0.0"},
    ]


def test_a_formula_in_a_repository_is_text_in_a_spreadsheet(repository: Repository, gitreg: GitregCommand) -> None:
    entry = ENTRY + '  description: "=cmd|\' /C calc\'!A0"\n  owner: "@x"\n  labels: ["=1"]\n'
    repository.commit({"artifacts.yaml": entry, "model.bin": "1", "metrics.json": '{"=1+1": -0.5, "b": "+1+1", "c": "-0.5"}'})
    repository.tag("churn@v1.0.0", message="\t=HYPERLINK(1)")
    (version,) = csv.DictReader(io.StringIO(gitreg("export", "-w", "versions", "-f", "csv").stdout))
    assert (version["description"], version["owner"], version["labels"]) == ("'=cmd|' /C calc'!A0", "'@x", '["=1"]')
    assert version["message"].startswith("'")
    rows = list(csv.DictReader(io.StringIO(gitreg("export", "-w", "metrics", "-f", "csv").stdout)))
    assert [(row["name"], row["value"], row["text"]) for row in rows] == [
        ("'=1+1", "-0.5", "-0.5"),
        ("b", "", "'+1+1"),
        ("c", "", "-0.5"),
    ]


def test_nothing_is_overwritten_or_written_through(small: Repository, gitreg: GitregCommand, tmp_path: Path) -> None:
    root = gitreg.repository.path
    (root / "mine").mkdir()
    (root / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    (root / "link").symlink_to(tmp_path / "elsewhere")
    assert gitreg("export", "-f", "csv", "-o", "mine").code == 4
    assert gitreg("export", "-f", "csv", "-o", "mine", "--force").code == 5
    assert gitreg("export", "-f", "sqlite", "-o", "mine", "--force").code == 5
    assert gitreg("export", "-f", "sqlite", "-o", "link").code == 5
    assert gitreg("export", "-f", "sqlite", "-o", ".git/registry.db").code == 5
    assert (root / "mine" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not os.path.lexists(tmp_path / "elsewhere")
    assert [name for name in names(root) if name.startswith(".gitreg-")] == []


def test_a_folder_of_an_earlier_export_is_replaced_if_that_is_wanted(small: Repository, gitreg: GitregCommand) -> None:
    assert gitreg("export", "-f", "csv", "-o", "tables").code == 0
    assert gitreg("export", "-f", "csv", "-o", "tables").code == 4
    assert gitreg("export", "-f", "csv", "-o", "tables", "--force").code == 0
    assert sorted(names(gitreg.repository.path / "tables")) == sorted(f"{table.name}.csv" for table in TABLES)


def test_files_have_the_permissions_that_the_person_gives_files(small: Repository, gitreg: GitregCommand) -> None:
    root = gitreg.repository.path
    (root / "plain").write_text("", encoding="utf-8")
    (root / "folder").mkdir()
    gitreg("export", "-f", "sqlite", "-o", "registry.db")
    gitreg("export", "-f", "csv", "-o", "tables")
    for one, other in (("registry.db", "plain"), ("tables", "folder"), ("tables/events.csv", "plain")):
        assert stat.S_IMODE((root / one).stat().st_mode) == stat.S_IMODE((root / other).stat().st_mode)


def test_without_pyarrow_there_is_a_hint(small: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with Registry(small.path) as registry, pytest.raises(UsageFault) as caught:
        registry.export(tmp_path / "tables", format="parquet")
    assert (caught.value.message, caught.value.hint) == snapshot(
        (
            "Parquet is written through pyarrow, which is not installed",
            "pip install 'gitreg-ml[parquet]'; or choose --format sqlite",
        )
    )
    assert not (tmp_path / "tables").exists()


def test_a_format_or_a_place_that_there_is_not_is_refused(small: Repository) -> None:
    with Registry(small.path) as registry:
        for arguments in ({"format": "xlsx"}, {"what": "events"}, {"to": ""}, {"to": "a\0b"}):
            with pytest.raises(UsageFault):
                registry.export(**arguments)  # type: ignore[arg-type]


def test_an_empty_registry_has_empty_tables(repository: Repository, gitreg: GitregCommand) -> None:
    assert gitreg("export", "-w", "events").stdout == ""
    assert gitreg("export", "-w", "events", "-f", "csv").stdout.count("\n") == 1
    assert gitreg("export", "-f", "parquet", "-o", "tables").code == 0


def test_data_that_dvc_imported_names_the_repository_that_it_came_from(repository: Repository, gitreg: GitregCommand) -> None:
    where = f"deps:\n- path: raw\n  repo: {{url: 'https://me:secret@host/data', rev_lock: {'1' * 40}}}\n"
    outs = f"outs:\n- {{md5: {'2' * 32}.dir, path: raw}}\n"
    files = {
        "artifacts.yaml": "churn: {path: model.bin}\n",
        "dvc.yaml": "stages: {train: {cmd: x, deps: [raw/a.csv, own.csv, lost.csv], outs: [model.bin]}}\n",
        "raw.dvc": f"{where}{outs}",
        "own.csv.dvc": f"outs:\n- {{md5: {'3' * 32}, path: own.csv}}\n",
    }
    repository.commit(files, "Train")
    repository.register("churn", "v1.0.0")
    rows = read_lines(gitreg("export", "--what", "data", "--format", "jsonl").stdout)
    assert {row["path"]: (row["repository"], row["repository_commit"]) for row in rows} == {
        "raw/a.csv": ("https://host/data", "1" * 40),
        "own.csv": (None, None),
        "lost.csv": (None, None),
    }

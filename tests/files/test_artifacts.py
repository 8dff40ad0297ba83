from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from gitreg.core.entries import Entry
from gitreg.core.problems import CATALOGUE, Problem
from gitreg.files.artifacts import read_artifacts
from tests.files.strategies import file_texts


def read(text: str, file: str = "artifacts.yaml") -> tuple[dict[str, Entry], list[str]]:
    entries, problems = read_artifacts(text.encode(), file)
    return entries, [f"{problem.code} {problem.line}:{problem.column} {problem.message}" for problem in problems]


def hints(text: str) -> list[str]:
    return [problem.hint for problem in read_artifacts(text.encode(), "artifacts.yaml")[1]]


def test_every_field_is_read() -> None:
    entries, problems = read_artifacts(
        b"""\
sent:
  path: ./sent.bin
  type: model
  description: Sentiment
  labels: [a, b]
  virtual: true
  custom: {any: [thing, 1]}
  owner: team
  license: MIT
  framework: onnx
  task: classification
  metrics: [m.json, {path: all.json, keys: [sent.auc]}]
  params: []
  goals: {auc: higher, loss: lower}
  schema: {inputs: [{name: x, type: float32, shape: [1, 2]}], outputs: [{name: y, type: string}]}
  homepage: https://example.com
  base: other@v1.0.0
""",
        "models/nlp/artifacts.yaml",
    )
    assert problems == []
    assert entries == {
        "models/nlp:sent": Entry(
            name="models/nlp:sent",
            file="models/nlp/artifacts.yaml",
            line=1,
            path="./sent.bin",
            type="model",
            description="Sentiment",
            labels=("a", "b"),
            virtual=True,
            custom={"any": ["thing", 1]},
            owner="team",
            license="MIT",
            framework="onnx",
            task="classification",
            metrics=("m.json", {"path": "all.json", "keys": ["sent.auc"]}),
            params=(),
            goals={"auc": "higher", "loss": "lower"},
            schema={"inputs": [{"name": "x", "type": "float32", "shape": [1, 2]}], "outputs": [{"name": "y", "type": "string"}]},
            homepage="https://example.com",
            base="other@v1.0.0",
        )
    }


def test_an_entry_may_be_empty_and_knows_its_line() -> None:
    entries, problems = read("# all\n\na:\nb: {}\nc: ~\n")
    assert problems == []
    assert {name: entry.line for name, entry in entries.items()} == {"a": 3, "b": 4, "c": 5}


def test_a_bad_field_is_left_out_with_its_place_and_the_entry_stays() -> None:
    entries, problems = read(
        """\
a:
  path: /etc/passwd
  type: 3
  description:
  labels: [x, 1.20]
  virtual: yes
  owner: [me]
  metrics: [{keys: [a]}, m.json]
  params: ["s3://bucket/params.yaml", ../p.yaml, fine.yaml]
  goals: {auc: up}
  schema: {in: []}
  license: MIT
"""
    )
    assert problems == snapshot(
        [
            "GR107 2:9 the path '/etc/passwd' in 'path' of 'a' is absolute",
            "GR105 3:9 'type' of 'a' must be a text, not the number 3",
            "GR105 4:14 'description' of 'a' must be a text, not nothing",
            "GR105 5:15 'labels' of 'a' must be a text, not the number 1.2",
            "GR105 6:12 'virtual' of 'a' must be true or false, not a text",
            "GR105 7:10 'owner' of 'a' must be a text, not a list",
            "GR105 8:13 'metrics' of 'a' must be a path or a mapping with 'path', not a mapping",
            "GR107 9:12 the path 's3://bucket/params.yaml' in 'params' of 'a' is an address, but it must be a file of the repository",
            "GR107 9:39 the path '../p.yaml' in 'params' of 'a' leaves the folder of its file",
            "GR105 10:16 'goals' of 'a' must be 'higher' or 'lower' for each metric, not a text",
            "GR105 11:12 'schema' of 'a' must be a mapping with 'inputs' and 'outputs', not one with the key 'in'",
        ]
    )
    assert entries["a"] == Entry(name="a", file="artifacts.yaml", line=1, license="MIT", params=("fine.yaml",))


def test_a_bad_entry_never_hides_a_good_one() -> None:
    entries, problems = read("a: 3\nb c: {}\n'd:e': {}\n-f: {}\ng: [x]\nh: !tag {}\ngood: {path: x}\n1: {}\n")
    assert list(entries) == ["good"]
    assert problems == snapshot(
        [
            "GR105 1:4 the entry 'a' must be a mapping of fields, not the number 3",
            "GR104 2:1 'b c' is no valid name of an artifact",
            "GR104 3:1 no tag can be named 'd:e'",
            "GR104 4:1 '-f' is no valid name of an artifact",
            "GR105 5:4 the entry 'g' must be a mapping of fields, not a list",
            "GR102 6:4 the tag '!tag' is not allowed",
            "GR102 8:1 a key must be text, not 1",
        ]
    )


def test_an_unknown_field_is_kept_and_warned_about() -> None:
    entries, problems = read("a: {lables: [x], desc: text, meta: {k: 1}, colour: red}\n")
    assert entries["a"].unknown == {"lables": ["x"], "desc": "text", "meta": {"k": 1}, "colour": "red"}
    assert problems == snapshot(
        [
            "GR106 1:5 'a' has the unknown field 'lables'",
            "GR106 1:18 'a' has the unknown field 'desc'",
            "GR106 1:30 'a' has the unknown field 'meta'",
            "GR106 1:44 'a' has the unknown field 'colour'",
        ]
    )
    assert hints("a: {lables: [x], colour: red}\n") == ["did you mean 'labels'?", "put free metadata under 'custom'"]


def test_names_that_differ_only_by_case_are_both_read_and_reported() -> None:
    entries, problems = read("churn: {}\nother: {}\nChurn: {}\n")
    assert list(entries) == ["churn", "other", "Churn"]
    assert problems == ["GR111 3:1 the names 'churn' and 'Churn' differ only by case"]


def test_a_folder_that_no_tag_can_name_makes_its_entries_bad() -> None:
    assert read("a: {}\n", "my models/artifacts.yaml") == ({}, ["GR104 1:1 no tag can be named 'my models:a'"])
    assert read("a: {}\n", ".hidden/artifacts.yaml")[0] == {}


def test_a_file_that_cannot_be_read_is_one_problem_and_no_entries() -> None:
    entries, problems = read_artifacts(b"a: {}\nb: [\n", "x/artifacts.yaml")
    assert entries == {}
    [problem] = problems
    assert isinstance(problem, Problem)
    assert (problem.code, problem.file, problem.line) == ("GR101", "x/artifacts.yaml", 2)


def test_a_null_is_an_absent_field_where_gto_takes_it_for_one() -> None:
    assert read("a: {path: , type: ~, owner: null}\n") == ({"a": Entry(name="a", file="artifacts.yaml", line=1)}, [])


@given(st.binary() | file_texts().map(str.encode) | st.text(st.sampled_from("ab: -\n[]{},'\"|&*!")).map(str.encode))
def test_no_bytes_make_it_raise_and_every_problem_has_a_code_and_a_sentence(data: bytes) -> None:
    _, problems = read_artifacts(data, "artifacts.yaml")
    for problem in problems:
        assert problem.code in CATALOGUE
        assert problem.message
        assert problem.file == "artifacts.yaml"


@given(st.integers(0, 3), st.lists(st.sampled_from(["a: 3", "b c: {}", "d: {path: /x}", "e: !t {}"]), max_size=4))
def test_a_good_entry_is_read_among_bad_ones_wherever_it_stands(place: int, bad: list[str]) -> None:
    lines = [*bad[:place], "good: {path: x}", *bad[place:]]
    entries, _ = read("\n".join(lines))
    assert entries["good"].path == "x"


def test_a_password_in_an_address_is_reported_and_not_repeated() -> None:
    _, problems = read("sent:\n  path: https://me:sec@ret@host/x\n")
    assert problems == ["GR107 2:9 the path 'https://host/x' in 'path' of 'sent' holds a password"]
    _, problems = read("sent:\n  path: https://me:secret@host/x?token=sekret&a=1\n")
    assert problems == ["GR107 2:9 the path 'https://host/x?token=***&a=1' in 'path' of 'sent' holds a password"]

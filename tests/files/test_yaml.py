from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from gitreg.files import tree
from gitreg.files.nodes import Document, Mapping, Scalar, to_value
from gitreg.files.yaml import LARGEST, _fastest_events, compiled_events, parse_yaml, place_of, pure_events
from tests.files.strategies import file_texts

PARSERS = [compiled_events, pure_events]


@pytest.fixture(params=PARSERS)
def parse(request: pytest.FixtureRequest) -> Callable[..., Document]:
    return lambda text, **options: parse_yaml(
        text if isinstance(text, bytes) else text.encode(), "models/artifacts.yaml", events=request.param, **options
    )


def values(document: Document) -> Any:
    assert document.root is not None
    return to_value(document.root)


def found(document: Document) -> list[str]:
    return [f"{problem.code} {problem.line}:{problem.column} {problem.message}" for problem in document.problems]


class TestWhatIsRead:
    def test_a_mapping_of_all_kinds_of_values(self, parse: Callable[..., Document]) -> None:
        document = parse("a: [1, 1.5, true, ~, x, '1', \"\\x41\"]\nb:\n  c: |\n    one\n    two\n  d: >-\n    one\n    two\n")
        assert values(document) == {"a": [1, 1.5, True, None, "x", "1", "A"], "b": {"c": "one\ntwo\n", "d": "one two"}}
        assert document.problems == ()

    @pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "\ufeff", "--- # nothing\n...\n"])
    def test_an_empty_file_is_an_empty_mapping(self, text: str, parse: Callable[..., Document]) -> None:
        assert values(parse(text)) == {}
        assert parse(text).problems == ()

    def test_a_byte_order_mark_and_windows_line_ends_are_fine(self, parse: Callable[..., Document]) -> None:
        document = parse("\ufeffa: x\r\nb:\r\n  c: y\r\n")
        assert values(document) == {"a": "x", "b": {"c": "y"}}
        assert document.root is not None
        inner = document.root.pairs[1][1]
        assert isinstance(inner, Mapping)
        assert (inner.line, inner.column) == (3, 3)
        assert document.text[inner.start : inner.end] == "c: y"

    def test_every_node_knows_its_place(self, parse: Callable[..., Document]) -> None:
        document = parse("# é\na:  'b c'  # d\nempty:\n")
        assert document.root is not None
        (key, value), (_, empty) = document.root.pairs
        assert (key.line, key.column, document.text[key.start : key.end]) == (2, 1, "a")
        assert (value.line, value.column, document.text[value.start : value.end]) == (2, 5, "'b c'")
        assert isinstance(empty, Scalar)
        assert (empty.line, empty.column, empty.start) == (3, 6, empty.end)

    def test_a_number_of_ten_thousand_digits_does_not_crash(self, parse: Callable[..., Document]) -> None:
        assert values(parse(f"a: {'1' * 10_000}")) == {"a": "1" * 10_000}

    def test_sixty_four_levels_are_read(self, parse: Callable[..., Document]) -> None:
        assert parse(f"a: {'[' * 63}{']' * 63}").problems == ()


class TestWhatIsRefused:
    def test_a_syntax_error_makes_the_whole_file_one_problem(self, parse: Callable[..., Document]) -> None:
        document = parse("a: {path: x}\nb: [\nc: 1\n")
        assert document.root is None
        [problem] = document.problems
        assert (problem.code, problem.file, problem.line) == ("GR101", "models/artifacts.yaml", 3)
        assert problem.hint

    def test_bytes_that_are_not_utf_8(self, parse: Callable[..., Document]) -> None:
        assert found(parse(b"a: x\nb: \xff\n")) == snapshot(["GR101 2:4 the byte 0xff is not UTF-8"])
        assert found(parse("a: x".encode("utf-16")))[0].startswith("GR101 1:1")

    @pytest.mark.parametrize("character", ["\0", "\x07", "\x85", "\u2028", "\ufeff", "\ufffe"])
    def test_characters_that_readers_disagree_about(self, character: str, parse: Callable[..., Document]) -> None:
        document = parse(f"a: x\nb: y{character}z\n")
        assert document.root is None
        assert found(document) == [f"GR101 2:5 the character U+{ord(character):04X} must not stand in the file as it is"]

    @pytest.mark.parametrize("escape", ["\\ud800", "\\UFFFFFFFF", "\\U00110000", "\\q"])
    def test_escapes_of_characters_that_do_not_exist(self, escape: str, parse: Callable[..., Document]) -> None:
        assert [problem.code for problem in parse(f'a: "{escape}"').problems] == ["GR101"]

    def test_more_than_eight_megabytes(self) -> None:
        document = parse_yaml(b"#" * (LARGEST + 1), "artifacts.yaml")
        assert found(document) == snapshot(["GR101 None:None the file has 8388609 bytes, more than 8388608"])

    @pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? ", "[{"])
    def test_a_hundred_thousand_levels_are_refused_at_once(self, bracket: str, parse: Callable[..., Document]) -> None:
        begin = time.perf_counter()
        document = parse(f"a:\n {bracket * 100_000}")
        assert time.perf_counter() - begin < 3
        assert [problem.message for problem in document.problems] == ["the file is nested more than 64 levels deep"]

    def test_more_values_than_a_registry_needs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert tree.MOST_VALUES == 1_000_000
        monkeypatch.setattr(tree, "MOST_VALUES", 1000)
        document = parse_yaml(b"a: [" + b"1," * 1000 + b"]", "artifacts.yaml")
        assert [problem.message for problem in document.problems] == ["the file holds more than 1000 values"]

    def test_a_top_level_that_is_no_mapping(self, parse: Callable[..., Document]) -> None:
        for text in ("- a\n", "x", "[a]", "'x'", "3"):
            assert found(parse(text)) == ["GR102 1:1 the top level is no mapping"]
            assert parse(text).root is None

    def test_what_yaml_has_and_a_registry_file_must_not_use(self, parse: Callable[..., Document]) -> None:
        document = parse("a: &x {b: c}\nd: *x\ne:\n  <<: {f: g}\n  h: !!str 3\n1: i\n? [j]\n: k\nlast: read\n")
        assert found(document) == snapshot(
            [
                "GR102 1:4 the anchor '&x' is not allowed",
                "GR102 2:4 the alias '*x' is not allowed",
                "GR102 4:3 the merge key '<<' is not allowed",
                "GR102 5:6 the tag 'tag:yaml.org,2002:str' is not allowed",
                "GR102 6:1 a key must be text, not 1",
                "GR102 7:3 a key must be text, not a list or mapping",
            ]
        )
        assert values(document) == {"a": {"b": "c"}, "e": {}, "last": "read"}

    def test_a_second_document_and_directives(self, parse: Callable[..., Document]) -> None:
        assert found(parse("a: x\n---\nb: y\n")) == ["GR102 2:1 a second document begins here"]
        assert values(parse("a: x\n---\nb: y\n")) == {"a": "x"}
        assert found(parse("%YAML 1.1\n---\na: x\n")) == ["GR102 1:1 the file begins with a YAML directive"]

    def test_a_key_that_stands_twice_counts_the_first_time(self, parse: Callable[..., Document]) -> None:
        document = parse("a: 1\nb: {c: 1, c: 2}\na: 2\nd: 3\n")
        assert found(document) == ["GR103 2:11 the key 'c' stands twice", "GR103 3:1 the key 'a' stands twice"]
        assert values(document) == {"a": 1, "b": {"c": 1}, "d": 3}


class TestMergesThatAreNotFinished:
    MARKED = "a: {}\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n"

    def test_markers_of_a_conflict_are_named_with_their_line(self, parse: Callable[..., Document]) -> None:
        assert found(parse(self.MARKED)) == ["GR101 2:1 the file has conflict markers"]
        assert found(parse(self.MARKED, forgiving=True)) == ["GR101 2:1 the file has conflict markers"]
        assert found(parse(self.MARKED * 2)) == ["GR101 2:1 the file has conflict markers in 2 places"]
        assert "'<<<<<<<'" in parse(self.MARKED).problems[0].hint

    def test_a_text_in_quotes_does_not_hide_them(self, parse: Callable[..., Document]) -> None:
        text = 'a:\n  owner: "x\n<<<<<<< ours\n  y\n=======\n  z\n>>>>>>> theirs\n  w"\n'
        assert found(parse(text)) == ["GR101 3:1 the file has conflict markers"]

    def test_a_text_that_speaks_of_them_is_a_text(self, parse: Callable[..., Document]) -> None:
        assert found(parse("a:\n  description: |\n    <<<<<<< ours\n    >>>>>>> theirs\n")) == []
        [problem] = found(parse("a: '<<<<<<< '\nb: '>>>>>>> '\nc: [\n"))
        assert "the file is no YAML" in problem


class TestTheForgivingReader:
    def test_it_follows_aliases_and_merge_keys_and_ignores_tags(self, parse: Callable[..., Document]) -> None:
        document = parse(
            "%YAML 1.2\n---\na: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\ne: {<<: [*x, {f: 4}]}\ng: *x\nh: !y z\n1: z\n".replace(
                "!y ", ""
            ),
            forgiving=True,
        )
        assert document.problems == ()
        shared = {"b": 1, "c": 2}
        assert values(document) == {"a": shared, "d": {"c": 3, "b": 1}, "e": {**shared, "f": 4}, "g": shared, "h": "z"}

    def test_a_bomb_of_aliases_is_refused(self, parse: Callable[..., Document]) -> None:
        levels = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]" for level in range(1, 20)]
        document = parse("\n".join(["l0: &l0 x", *levels]), forgiving=True)
        assert [problem.message for problem in document.problems] == ["the file holds more than 1000000 values"]

    def test_a_chain_of_aliases_gets_no_deeper_than_a_file_may_be(self, parse: Callable[..., Document]) -> None:
        levels = [f"l{level}: &l{level} [*l{level - 1}]" for level in range(1, 100)]
        document = parse("\n".join(["l0: &l0 x", *levels]), forgiving=True)
        assert [problem.message for problem in document.problems] == ["the file is nested more than 64 levels deep"]

    def test_an_alias_of_what_holds_it_is_left_out(self, parse: Callable[..., Document]) -> None:
        assert values(parse("a: &a {b: *a, c: [*a, 1]}\nd: *unknown\n", forgiving=True)) == {"a": {"c": [1]}}


@given(file_texts())
def test_both_parsers_give_the_same_trees(text: str) -> None:
    data = text.encode()
    one, other = (parse_yaml(data, "artifacts.yaml", events=events) for events in PARSERS)
    assert one == other


@given(
    st.binary() | st.text(st.sampled_from("ab1: -\n\t[]{},'\"|>#&*!<?%~.\\")).map(str.encode),
    st.booleans(),
    st.sampled_from(PARSERS),
)
def test_no_bytes_make_the_reader_raise(data: bytes, forgiving: bool, events: Any) -> None:  # noqa: FBT001
    document = parse_yaml(data, "artifacts.yaml", forgiving=forgiving, events=events)
    assert document.root is not None or document.problems or forgiving


@given(st.text(st.sampled_from("a\n\r")), st.integers(0, 30))
def test_places_are_counted_over_all_line_ends(text: str, offset: int) -> None:
    line, column = place_of(text, min(offset, len(text)))
    assert line >= 1
    assert column >= 1


def test_a_thousand_entries_are_read_in_well_under_a_second() -> None:
    entry = "m{}:\n  path: models/m{}.bin\n  type: model\n  description: 'the model'\n  labels: [a, b]\n  owner: me\n  license: MIT\n\n"
    data = "".join(entry.format(number, number) for number in range(1000)).encode()
    begin = time.perf_counter()
    document = parse_yaml(data, "artifacts.yaml")
    assert time.perf_counter() - begin < 1
    assert document.root is not None
    assert len(document.root.pairs) == 1000


def test_without_the_binding_of_libyaml_the_pure_parser_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ruamel.yaml.cyaml", None)
    assert _fastest_events() is pure_events
    assert values(parse_yaml(b"a: x\n", "artifacts.yaml")) == {"a": "x"}


def test_ruamel_is_imported_when_a_file_is_read_and_not_before() -> None:
    program = (
        "import sys; from gitreg.files import artifacts, dvc_yaml, edit, pointers, replace, settings\n"
        "settings.read_settings(None, None, {}); dvc_yaml.read_dvc_yaml(b'stages: {}', 'dvc.yaml')\n"
        "print([name for name in sys.modules if name.startswith('ruamel')])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    completed = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True, text=True)
    assert completed.stdout == "[]\n"

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from gitreg.errors import FileFault, NotFound, SyntaxFault, UsageFault
from gitreg.files.artifacts import read_artifacts
from gitreg.files.edit import SCHEMA_URL, remove_entry, set_entry


def edit(text: str, name: str, **fields: object) -> str:
    return set_entry(text.encode(), name, fields).decode()


class TestNewEntries:
    def test_a_new_file_names_its_schema_in_the_first_line(self) -> None:
        data = set_entry(None, "churn", {"type": "model", "path": "models/churn.pkl", "labels": ["a", "1.20"]})
        assert data.decode() == snapshot("""\
# yaml-language-server: $schema=https://raw.githubusercontent.com/gitreg/gitreg/main/gitreg/schemas/artifacts.schema.json

churn:
  path: models/churn.pkl
  type: model
  labels:
    - a
    - "1.20"
""")
        assert SCHEMA_URL in data.decode()

    def test_they_go_in_sorted_position_with_one_blank_line_between(self) -> None:
        text = "# about all\n\n# about b\nb:\n  path: x # beside\n  # indented\n\n# about d\nd: {}\n"
        for name in ("a", "c", "e"):
            text = edit(text, name, type="model")
        assert text == snapshot("""\
# about all

a:
  type: model

# about b
b:
  path: x # beside
  # indented

c:
  type: model

# about d
d: {}

e:
  type: model
""")

    def test_in_a_file_that_is_not_sorted_they_go_after_the_last_one_that_sorts_before(self) -> None:
        assert (
            edit("z: {}\na: {}\nm: {}\nb: {}\ny: {}\n", "c", type="x") == "z: {}\na: {}\nm: {}\nb: {}\n\nc:\n  type: x\n\ny: {}\n"
        )

    def test_an_entry_without_fields_is_an_empty_mapping_since_gto_stops_at_a_null(self) -> None:
        assert edit("a: {}\n", "b") == "a: {}\n\nb: {}\n"

    def test_the_indentation_of_the_file_is_kept(self) -> None:
        text = "a:\n    path: x\n    labels:\n    - u\n"
        assert edit(text, "b", labels=["v"]) == f"{text}\nb:\n    labels:\n    - v\n"

    def test_a_file_without_a_final_line_end_gets_one_only_where_it_grows(self) -> None:
        assert edit("a:\n  path: x", "b", type="z") == "a:\n  path: x\n\nb:\n  type: z\n"
        assert edit("a:\n  path: x", "a", path="z") == "a:\n  path: z"

    def test_a_file_of_comments_and_a_file_in_braces_grow_too(self) -> None:
        assert edit("# nothing yet\n", "a", path="x") == "# nothing yet\n\na:\n  path: x\n"
        assert edit("", "a", path="x") == "a:\n  path: x\n"
        assert edit("# c\n{}\n", "a", path="x") == "# c\na:\n  path: x\n"
        assert edit("{a: {path: x}}\n", "b", labels=["u", "v"]) == "{a: {path: x}, b: {labels: [u, v]}}\n"
        assert edit("{a: , b: }\n", "b", type="x") == "{a: , b: {type: x} }\n"


class TestChangedFields:
    def test_only_the_bytes_of_the_value_change(self) -> None:
        text = "a:\n  path:   'old'   # why\n  type: model\n  made-up: [1,  2]\n"
        assert edit(text, "a", path="new") == text.replace("'old'", "new")

    def test_a_list_keeps_the_style_that_it_has(self) -> None:
        assert edit("a:\n  labels: [x, y]  # why\n", "a", labels=["z", "1"]) == 'a:\n  labels: [z, "1"]  # why\n'
        assert (
            edit("a:\n  labels: # why\n  - x\n  - y\n  type: m\n", "a", labels=["z"]) == "a:\n  labels: # why\n  - z\n  type: m\n"
        )
        assert edit("a:\n  labels:\n    - x\n", "a", labels=[]) == "a:\n  labels: []\n"
        assert edit("a:\n  labels:\n", "a", labels=["x"]) == "a:\n  labels:\n    - x\n"

    def test_texts_change_between_one_line_and_several(self) -> None:
        one, several = "a:\n  description: one\n  type: m\n", "a:\n  description: |-\n    one\n    two\n  type: m\n"
        assert edit(one, "a", description="one\ntwo") == several
        assert edit(several, "a", description="one") == one
        assert edit("a:\n  description: one # why\n", "a", description="b\nc") == 'a:\n  description: "b\\nc" # why\n'

    def test_new_fields_come_after_the_last_one_in_the_order_of_the_table(self) -> None:
        text = "a:\n  owner: me\n\n# about b\nb: {}\n"
        assert edit(text, "a", type="model", path="x") == "a:\n  owner: me\n  path: x\n  type: model\n\n# about b\nb: {}\n"

    def test_none_takes_a_field_away_with_its_lines(self) -> None:
        text = "a:\n  path: x\n  labels:\n    - u # beside\n    - v\n  type: m\n"
        assert edit(text, "a", labels=None) == "a:\n  path: x\n  type: m\n"
        assert edit(text, "a", labels=None, path=None, type=None) == "a: {}\n"
        assert edit(text, "a", owner=None) == text

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("a:\n", "a:\n  path: x\n"),
            ("a: # why\nb: {}\n", "a: # why\n  path: x\nb: {}\n"),
            ("a: {}", "a:\n  path: x"),
            ("a: {} # why\n", "a: # why\n  path: x\n"),
            ("a: ~\n", "a:\n  path: x\n"),
            ("a: {type: m}\n", "a: {type: m, path: x}\n"),
            ("a: {type: m, }\n", "a: {type: m, path: x }\n"),
            ("a: {\n  type: m  # why\n}\n", "a: {\n  type: m, path: x  # why\n}\n"),
            ("a: {owner: }\n", "a: {owner: , path: x }\n"),
            ('"a": {path: y, type: m}\n', '"a": {path: x, type: m}\n'),
        ],
    )
    def test_entries_in_all_styles_can_get_a_path(self, before: str, after: str) -> None:
        assert edit(before, "a", path="x") == after

    def test_an_entry_in_braces_loses_fields_with_their_commas(self) -> None:
        text = "a: {path: x, type: m, owner: me}\n"
        assert edit(text, "a", type=None) == "a: {path: x, owner: me}\n"
        assert edit(text, "a", type=None, owner=None) == "a: {path: x}\n"
        assert edit(text, "a", path=None, type="z") == "a: {type: z, owner: me}\n"
        assert edit(text, "a", path=None, type=None, owner=None) == "a: {}\n"

    def test_windows_line_ends_and_the_byte_order_mark_stay(self) -> None:
        data = set_entry("\ufeffa:\r\n  path: x\r\n".encode(), "a", {"description": "one\ntwo\n", "labels": ["u"]})
        assert data.decode() == "\ufeffa:\r\n  path: x\r\n  description: |\r\n    one\r\n    two\r\n  labels:\r\n    - u\r\n"
        assert set_entry(data, "b", {}).decode().count("\n") == set_entry(data, "b", {}).decode().count("\r\n")

    def test_a_change_to_what_is_there_already_changes_no_byte(self) -> None:
        text = "a:   {path:   x, labels: [ u ]}"
        assert edit(text, "a", path="x", labels=("u",), type=None) == text

    def test_a_block_that_keeps_its_blank_lines_keeps_them(self) -> None:
        text = "a:\n  description: |+\n    one\n\n"
        assert edit(text, "b", path="x") == f"{text}b:\n  path: x\n"
        assert edit(text, "a", path="x") == f"{text}  path: x\n"

    def test_a_block_that_ends_with_the_file_gets_no_line_end_from_what_follows(self) -> None:
        assert edit("a:\n  description: |\n    one", "b", path="x") == "a:\n  description: |-\n    one\n\nb:\n  path: x\n"


class TestRemovedEntries:
    def test_the_lines_go_and_everything_else_stays(self) -> None:
        text = "# all\n\na:\n  path: x\n\n# b\nb:\n  path: y\n  # inside\n\nc: {}\n"
        assert remove_entry(text.encode(), "b").decode() == "# all\n\na:\n  path: x\n\n# b\nc: {}\n"
        assert remove_entry(text.encode(), "c").decode() == "# all\n\na:\n  path: x\n\n# b\nb:\n  path: y\n  # inside\n"
        assert remove_entry(text.encode(), "a").decode() == "# all\n\n# b\nb:\n  path: y\n  # inside\n\nc: {}\n"

    def test_the_last_one_leaves_empty_braces_since_gto_stops_at_an_empty_file(self) -> None:
        assert remove_entry(b"# all\n\na:\n  path: x\n", "a") == b"# all\n\n{}\n"
        assert remove_entry(b"{a: {path: x}}", "a") == b"{}"
        assert edit("# all\n\n{}\n", "a", path="x") == "# all\n\na:\n  path: x\n"

    def test_in_braces_the_comma_goes_too(self) -> None:
        assert remove_entry(b"{a: {}, b: {}, c: {}}\n", "b") == b"{a: {}, c: {}}\n"
        assert remove_entry(b"{a: {}, b: {}, c: {}}\n", "a") == b"{b: {}, c: {}}\n"

    def test_an_entry_that_is_not_there_is_not_found(self) -> None:
        with pytest.raises(NotFound, match="no entry 'b'"):
            remove_entry(b"a: {}\n", "b")


class TestWhatIsRefused:
    @pytest.mark.parametrize("text", ["a: [", "a: &x {}\n", "a: {}\na: {}\n", "- a\n", "a: x\n1: {}\n"])
    def test_a_file_that_cannot_be_edited_without_losing_something(self, text: str) -> None:
        with pytest.raises(FileFault):
            edit(text, "a", path="y")

    @pytest.mark.parametrize("text", ["~\n", "? a\n: \n", "? a\n"])
    def test_a_file_that_is_written_in_a_way_that_nobody_writes(self, text: str) -> None:
        with pytest.raises(FileFault):
            edit(text, "a", path="z")

    def test_the_refusal_names_the_place(self) -> None:
        with pytest.raises(FileFault) as caught:
            edit("a: {}\nb: *x\n", "a", path="y")
        assert (caught.value.message, caught.value.line) == ("the file has a problem in line 2: the alias '*x' is not allowed", 2)
        with pytest.raises(FileFault, match="not UTF-8"):
            set_entry(b"\xff", "a", {})

    def test_an_entry_that_is_no_mapping_is_refused_and_no_other_is(self) -> None:
        with pytest.raises(FileFault, match="no mapping"):
            edit("a: 3\nb: {}\n", "a", path="y")
        assert edit("a: 3\nb: {}\n", "b", path="z") == "a: 3\nb:\n  path: z\n"
        assert remove_entry(b"a: 3\nb: {}\n", "a") == b"b: {}\n"

    @pytest.mark.parametrize("name", ["", "-a", "a b", "a//b", "a\n", "é"])
    def test_a_name_that_is_not_written(self, name: str) -> None:
        with pytest.raises(SyntaxFault):
            edit("", name)

    def test_a_name_with_a_folder(self) -> None:
        with pytest.raises(UsageFault, match="names a folder"):
            edit("", "models:a")

    def test_a_field_that_does_not_exist(self) -> None:
        with pytest.raises(UsageFault) as caught:
            edit("", "a", lables=["x"])
        assert caught.value.hint == "did you mean 'labels'?"

    @pytest.mark.parametrize(
        "fields",
        [
            {"path": "../x"},
            {"path": 3},
            {"labels": "x"},
            {"labels": [1]},
            {"virtual": "yes"},
            {"goals": {"auc": "up"}},
            {"custom": {1: 2}},
            {"custom": object()},
            {"custom": "\ud800"},
            {"custom": b"x"},
        ],
    )
    def test_a_value_that_would_not_read_back(self, fields: dict[str, object]) -> None:
        with pytest.raises(UsageFault):
            edit("a:\n  type: m\n", "a", **fields)

    def test_a_value_that_is_too_deep(self) -> None:
        value: object = "x"
        for _ in range(2000):
            value = [value]
        with pytest.raises(UsageFault, match="nested"):
            edit("", "a", custom=value)

    def test_wrong_values_that_stand_there_already_do_not_stop_other_edits(self) -> None:
        data = set_entry(b"a:\n  path: ../x\n  type: 3\n", "a", {"owner": "me"})
        assert data == b"a:\n  path: ../x\n  type: 3\n  owner: me\n"
        assert [problem.code for problem in read_artifacts(data, "artifacts.yaml")[1]] == ["GR107", "GR105"]

from __future__ import annotations

import time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitreg.files.plain import scan_plain
from gitreg.files.yaml import compiled_events, parse_yaml, pure_events
from tests.support.dvc import run_dvc
from tests.support.repository import Repository

PARSERS: Final = [compiled_events, pure_events]

PLAIN: Final = [
    "a: 1",
    "a: b c  \nd: -1.5e3\n",
    "# first\n\na: 'b # c'   # beside\n  # between\nb: \"\"\nc: s3://bucket/key:1\n",
    "a:\nb: # nothing\nc: true\n",
    "a:\n  b:\n    c: ~x\n  d: ''\ne: 0x1F\n",
    "a:\n- b\n- c: 1\n  d: 2\n-  e:\n   f:\n   - g\nh: 1\n",
    "a:\n  - b:\n      c: 1\n  - d: 1\ne:\n",
    "  a: [ ]\n  b: [1, -2.5 ,x/y.csv]  # beside\n",
    "a: x y, {z} [w] & * ! it's\n",
    "a@b/c.d-e_f: (x)\n",
]

OTHER: Final = [
    "",
    "# only a comment\n",
    "- a\n",
    "a\n",
    "a: b\n  c\n",
    "a: b\n  c: d\n",
    "a: b\n  - c\n",
    "a:\n    b: 1\n  c: 1\n",
    "a:\n  b: 1\n c: 1\n",
    "  a: 1\nb: 1\n",
    "a: 1\na: 2\n",
    "a: 1\n  # beside nothing\n b: 1\n",
    "a: 'it''s'\n",
    "a: 'b\n  c'\n",
    'a: "\\x41"\n',
    "a: |\n  b\n",
    "a: {b: c}\n",
    "a: [b, [c]]\n",
    "a: [b, 'c']\n",
    "a: [b,\n  c]\n",
    "a: [b]c\n",
    "a: [b]#c\n",
    "a: 'b'#c\n",
    "a: b#c\n",
    "a: b: c\n",
    "a: b:\n",
    "a: &x b\n",
    "a: *x\n",
    "a: !x b\n",
    "a: %x\n",
    "a: - b\n",
    "a: ---\n",
    "a:\n-\n",
    "a:\n- - b\n",
    "a:\n-\tb\n",
    "a:\r\n  b: 1\r\n",
    "a: é\n",
    "é: a\n",
    "'a': b\n",
    "<<: a\n",
    "true: a\n",
    "1: a\n",
    "a b: c\n",
    "a : b\n",
    "? a\n: b\n",
    "---\na: b\n",
    "a: b\n...\n",
    "%YAML 1.2\n---\na: b\n",
    f"{'k' * 1100}: a\n",
    "".join(f"{'  ' * depth}a:\n" for depth in range(62)),
    f"a: {'x' * 1_000_000}\n",
]


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("events", PARSERS)
def test_a_plain_file_is_scanned_into_what_both_parsers_give(text: str, events: object) -> None:
    scanned = scan_plain(text)
    assert scanned is not None
    assert repr(scanned) == repr(parse_yaml(text.encode(), "", events=events).root)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", OTHER, ids=[text[:20].encode("ascii", "replace").decode() for text in OTHER])
def test_whatever_else_stands_in_a_file_makes_it_one_for_the_parser(text: str) -> None:
    assert scan_plain(text) is None


_VALUES: Final = st.sampled_from(
    [
        *[
            "x",
            "1",
            "-1",
            "- 1",
            "-",
            "---",
            "...",
            "a b ",
            "a:b",
            "a: b",
            "a:",
            ":a",
            "a #c",
            "a#c",
            "# c",
            "~",
            "null",
            "=",
            "<<",
        ],
        *[
            "'q'",
            "'q ' ",
            "'it''s'",
            '"d"',
            '"\\n"',
            '"d',
            "[a]",
            "[ a ,-1 ]",
            "[]",
            "[-]",
            "[a,]",
            "[a",
            "[a]b",
            "[a]#c",
            "[a: b]",
        ],
        *["{}", "{a: b}", "&a x", "*a", "!t x", "|", ">-", "%x", "@x", "`x", "? a", "a\tb", "é", "\x85", "${x}", "a, b", "a]"],
    ]
)
_KEYS: Final = st.sampled_from(["a", "b", "c.d", "e-f", "_", "true", "nullx", "1", "'k'", "<<", "k k", "a:b", "?"])
_LINES: Final = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", " ", "  ", "  ", "    "]),
    st.sampled_from(["", "", "- ", "-  ", "-", "- - "]),
    st.just("") | st.builds("{}{}".format, _KEYS, st.sampled_from([": ", ": ", ":", ":  ", " : "])),
    st.just("") | _VALUES,
)


@settings(max_examples=1000)
@given(lines=st.lists(_LINES, max_size=6), end=st.sampled_from(["\n", "", "  ", "\n\n"]))
def test_a_file_is_scanned_as_the_parser_reads_it_or_not_at_all(lines: list[str], end: str) -> None:
    text = "\n".join(lines) + end
    scanned = scan_plain(text)
    if scanned is not None:
        parsed = parse_yaml(text.encode(), "", events=compiled_events)
        assert repr(parsed.root) == repr(scanned)
        assert parsed.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        *["{}!", "a:{}!", "-{}!", "a: x{}:", "a: [{}!", "a: [b{}!"],
        *["a: 'b'{}c", 'a: "b"{}c', "a: [b]{}c", "- a:{}!", "{}- {}!"],
    ],
)
def test_a_line_takes_as_long_as_it_is(line: str) -> None:
    took = []
    for length in (20_000, 200_000):
        text = line.replace("{}", " " * length) + "\n"
        start = time.process_time()
        assert scan_plain(text) is None
        took.append(time.process_time() - start)
    assert took[1] < 1  # ten times the length of a line takes a hundredth of a second, and would take an hour with one step back


def test_what_dvc_itself_writes_is_plain(repository: Repository) -> None:
    run_dvc(repository, "init")
    repository.commit({"params.yaml": "train:\n  rate: 0.5\n", "data.csv": "1\n"})
    stage = [
        "--name",
        "train",
        "--params",
        "train.rate",
        "--deps",
        "data.csv",
        "--outs",
        "model.pkl",
        "--metrics-no-cache",
        "m.json",
    ]
    run_dvc(repository, "stage", "add", "--run", *stage, "echo 1 > model.pkl && echo {} > m.json")
    files = ["dvc.yaml", "dvc.lock", "params.yaml"]
    assert [name for name in files if scan_plain((repository.path / name).read_text()) is None] == []

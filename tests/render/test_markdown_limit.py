from __future__ import annotations

import re
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from gitreg.render.markdown_limit import MOST_BYTES, Part, limit_markdown

CLOSING: Final = 150  # bytes, more than the last line has here
_texts: Final = st.text("aé𝄞|#", max_size=30).map(lambda text: f"{text}\n")
_parts: Final = st.lists(
    st.builds(
        Part,
        kept=st.one_of(st.just(""), _texts),
        titles=st.one_of(st.just(""), _texts),
        rows=st.lists(_texts, max_size=20).map(tuple),
        tail=st.one_of(st.just(""), _texts),
        rank=st.integers(0, 2),
    ),
    max_size=6,
)


def table(*rows: str, heading: str = "") -> Part:
    return Part(kept=heading, titles="| a |\n| --- |\n", rows=tuple(f"| {row} |\n" for row in rows))


def test_what_is_short_enough_is_whole() -> None:
    parts = [
        Part(kept="### Title\n\n- verdict\n"),
        table("1", "2"),
        table("3", heading="#### More\n"),
        table(heading="#### None\n"),
    ]
    whole = limit_markdown(parts, command="gitreg x")
    assert whole == snapshot("""\
### Title

- verdict

| a |
| --- |
| 1 |
| 2 |

#### More

| a |
| --- |
| 3 |

#### None
""")
    assert limit_markdown(parts, command="gitreg x", limit=len(whole)) == whole
    assert limit_markdown([], command="gitreg x") == ""


def test_of_a_long_one_rows_are_left_out_and_counted_and_no_part_is_hidden_by_another() -> None:
    parts = [
        Part(kept="### Title\n\n- verdict\n"),
        table(*("x" * 20 for _ in range(1000))),
        table("breaks", "é" * 10, heading="#### Schema\n"),
    ]
    assert limit_markdown(parts, command="gitreg x", limit=420) == snapshot("""\
### Title

- verdict

| a |
| --- |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |
| xxxxxxxxxxxxxxxxxxxx |

#### Schema

| a |
| --- |
| breaks |
| éééééééééé |

Left out, to stay below 420 bytes: 991 rows. All of it: `gitreg x`
""")


def test_where_there_is_room_for_little_a_heading_without_rows_and_then_only_the_last_line_is_left() -> None:
    parts = [Part(kept=f"### {'long' * 20}\n"), table("1", heading="#### Short\n")]
    assert limit_markdown(parts, command="gitreg x", limit=105) == snapshot("""\
#### Short

Left out, to stay below 105 bytes: 1 row and 1 heading. All of it: `gitreg x`
""")
    assert limit_markdown(parts, command="gitreg x", limit=0) == snapshot("""\

Left out, to stay below 0 bytes: 1 row and 2 headings. All of it: `gitreg x`
""")


def test_what_matters_most_gets_room_first_wherever_it_stands_and_a_tail_goes_with_its_rows() -> None:
    parts = [
        Part(kept="### Title\n"),
        Part(titles="<details>\n", rows=("x" * 90 + "\n",), tail="</details>\n", rank=2),
        Part(titles="#### Findings\n", rows=("y" * 90 + "\n",), rank=1),
    ]
    assert limit_markdown(parts, command="gitreg x", limit=200).splitlines()[2:4] == ["#### Findings", "y" * 90]
    assert "details" not in limit_markdown(parts, command="gitreg x", limit=200)
    assert limit_markdown(parts, command="gitreg x").count("details>") == 2


def test_rows_that_were_left_out_before_are_counted_too() -> None:
    parts = [Part(titles="#### Many\n", rows=("1\n", "2\n"), more=40)]
    assert limit_markdown(parts, command="gitreg x").splitlines()[-1].startswith("Left out, to stay below 60,000 bytes: 40 rows.")


@given(parts=_parts, limit=st.integers(CLOSING, 800))
def test_no_text_is_longer_than_its_limit_and_only_whole_rows_are_left_out(parts: list[Part], limit: int) -> None:
    text = limit_markdown(parts, command="gitreg x", limit=limit)
    assert len(text.encode()) <= limit
    whole = limit_markdown(parts, command="gitreg x", limit=1 << 30)
    lines = text.splitlines()
    match = re.fullmatch(
        r"Left out, to stay below [0-9,]+ bytes: ([0-9]+) rows?( and [0-9]+ headings?)?\. All of it: `gitreg x`",
        lines[-1] if lines else "",
    )
    assert (match is None) is (text == whole)
    assert set(lines[:-1]) <= set(whole.splitlines())
    if match is not None and not match[2]:
        expected = "\n".join(part.kept for part in parts if part.kept).splitlines()
        found = iter(lines)
        assert all(line in found for line in expected)  # in their order


@given(count=st.sampled_from([0, 6000, 20_000]))
def test_the_usual_limit_is_that_of_a_comment(count: int) -> None:
    text = limit_markdown([Part(kept="### Title\n"), table(*map(str, range(count)))], command="gitreg x")
    assert len(text) <= MOST_BYTES

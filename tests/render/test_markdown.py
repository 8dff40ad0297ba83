"""Markdown that is inert: a renderer of its own, and rules of forges that it does not know."""

from __future__ import annotations

import html
import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from markdown_it import MarkdownIt

from gitreg.render.markdown import escape_markdown, format_markdown_table, quote_markdown
from gitreg.render.text import escape

RENDERER: Final = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE: Final = (
    "a|b",
    "a\\|b",
    "\\",
    "`",
    "``x``|y",
    "a`@someone`b",
    "<script>alert(1)</script>",
    "<!-- x -->",
    "-->",
    "</code><img src=x onerror=y>",
    "[x](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "https://example.com",
    "www.example.com",
    "WWW.example.com",
    "ann@example.com",
    "@someone",
    "@org/team",
    "#12",
    "!12",
    "org/repo#12",
    "GH-12",
    "~bug",
    "%v1",
    "$x^2$",
    "$`x`$",
    ":tada:",
    "**bold** _it_ ~~no~~",
    "&lt;b&gt; &#60;",
    "a\nb\r\n| c | d |\n\n# e",
    "\u202eevil",
    "[^1]: x",
    "[x]: y",
    "    indented",
    "- [ ] task",
    "1. one",
    "{{ x }} {% y %}",
    "|",
    "| --- |",
    "=====",
    "---",
    " ",
    "",
    "é北京",
)
TEXTS: Final = st.one_of(st.sampled_from(HOSTILE), st.text("ab1 .@#!`|\\<>&-[]()*_~$:\n/;w", max_size=12), st.text(max_size=8))


def text_of(cell: str) -> str:
    """Read what a person sees of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", cell))


def cells_of(markdown: str) -> list[list[str]]:
    """Render tables, and read their cells."""
    return [
        re.findall(r"<t[hd]>(.*?)</t[hd]>", row, re.DOTALL)
        for row in re.findall(r"<tr>(.*?)</tr>", RENDERER.render(markdown), re.DOTALL)
    ]


def squeeze(text: str) -> str:
    """Take blanks away, which HTML does not show."""
    return re.sub(r"\s+", "", text)


@given(st.lists(TEXTS, min_size=2, max_size=2))
def test_a_value_is_one_cell_that_shows_it_whatever_it_is(texts: list[str]) -> None:
    rows = cells_of(format_markdown_table(("a", "b"), [[quote_markdown(text) for text in texts]]))
    assert [squeeze(text_of(cell)) for cell in rows[1]] == [squeeze(escape(text)) for text in texts]
    for cell in rows[1]:
        assert set(re.findall(r"</?[a-z]+", cell)) <= {"<code", "</code"}
        outside = re.sub(r"<code>.*?</code>", "", cell, flags=re.DOTALL)
        assert outside.strip() == ""  # forges look for nothing to link in code


@given(TEXTS)
def test_a_text_is_shown_as_it_is_and_nothing_in_it_is_linked(text: str) -> None:
    written = escape_markdown(text)
    rendered = RENDERER.render(f"### x {written} y\n")
    assert re.sub(r"<!-- -->", "", rendered).count("<") == 2
    assert squeeze(text_of(rendered)) == squeeze(f"x{escape(text)}y")
    assert "\n" not in written
    assert not re.search(r"(?i)://|www\.|[@#!~%&$^](?=\w)", re.sub(r"&#\d+;(<!-- -->)?", " ", written))


@given(TEXTS)
def test_what_a_forge_links_does_not_stand_beside_what_it_links_to(text: str) -> None:
    assert not re.search(r"&#(33|35|36|37|38|64|94|126);(?!<!-- -->)", escape_markdown(text))


@pytest.mark.parametrize("text", ["|", "`", "\\", "a|b"])
def test_what_could_end_a_cell_or_a_span_is_never_written_as_it_is(text: str) -> None:
    written = quote_markdown(text)
    assert not set(written) & set("|`\\")


def test_what_is_plain_stays_readable() -> None:
    assert [quote_markdown(text) for text in ("0.9 -> 0.8", "data/users.csv", "", "a|b")] == snapshot(
        ["`0.9 -> 0.8`", "`data/users.csv`", "", "<code>a&#124;b</code>"]
    )
    assert [escape_markdown(text) for text in ("churn v1.0.0", "churn#prod", "a_b")] == snapshot(
        ["churn v1.0.0", "churn&#35;<!-- -->prod", "a&#95;b"]
    )

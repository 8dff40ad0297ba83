from __future__ import annotations

import pytest

from gitreg.core.selectors import Selector, format_selector, parse_selector
from gitreg.errors import SyntaxFault


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("churn", Selector("churn")),
        ("churn@v1.2.0", Selector("churn", version="v1.2.0")),
        ("churn@v1.2.0-rc.1+b", Selector("churn", version="v1.2.0-rc.1+b")),
        ("churn@latest", Selector("churn", version="latest")),
        ("churn@stable", Selector("churn", version="stable")),
        ("churn#prod", Selector("churn", stage="prod")),
        ("churn#latest", Selector("churn", stage="latest")),
        ("models/nlp:churn", Selector("models/nlp:churn")),
        ("models/nlp:churn#prod/eu", Selector("models/nlp:churn", stage="prod/eu")),
    ],
)
def test_a_selector_names_one_thing_and_is_written_as_it_is_read(text: str, selector: Selector) -> None:
    assert parse_selector(text) == selector
    assert format_selector(selector) == text


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "an artifact's name is expected here"),
        ("@v1.0.0", 0, "an artifact's name is expected here"),
        ("#prod", 0, "an artifact's name is expected here"),
        ("mödel", 1, "an artifact's name is expected here"),
        ("my churn@v1.0.0", 2, "an artifact's name is expected here"),
        ("dir=churn", 3, "an artifact's name is expected here"),
        ("churn!", 5, "an artifact's name is expected here"),
        ("-churn", 0, "an artifact's name is expected here"),
        ("churn@", 6, "a version, 'latest' or 'stable' is expected here"),
        ("churn@1.2.0", 6, "a version, 'latest' or 'stable' is expected here"),
        ("churn@Latest", 6, "a version, 'latest' or 'stable' is expected here"),
        ("churn@v1.0.0!", 6, "a version, 'latest' or 'stable' is expected here"),
        ("churn@v1.0.0#prod", 6, "a version, 'latest' or 'stable' is expected here"),
        ("churn@v1.0.0\n", 6, "a version, 'latest' or 'stable' is expected here"),
        ("churn#", 6, "a stage is expected here"),
        ("churn#prod#1", 6, "a stage is expected here"),
        ("churn#prod@v1.0.0", 6, "a stage is expected here"),
        ("churn#prod!", 6, "a stage is expected here"),
    ],
)
def test_the_caret_stands_where_a_selector_leaves_the_grammar(text: str, position: int, expected: str) -> None:
    with pytest.raises(SyntaxFault) as raised:
        parse_selector(text)
    assert (raised.value.kind, raised.value.text) == ("selector", text)
    assert (raised.value.position, raised.value.expected) == (position, expected)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("models/nlp=churn@v1.0.0", "write ':' for '=': 'models/nlp:churn@v1.0.0'"),
        ("churn@1.2.0", "write 'v1.2.0'"),
        ("churn@greatest", "write '@latest'"),
        ("churn@prod", "for the holder of a stage write 'churn#prod'"),
        ("churn@newest", "write '@latest'"),
        ("churn@v1", "a selector is 'churn', 'churn@v1.2.0', 'churn@latest', 'churn@stable' or 'churn#prod'"),
    ],
)
def test_a_near_miss_gets_the_hint_that_mends_it(text: str, hint: str) -> None:
    with pytest.raises(SyntaxFault) as raised:
        parse_selector(text)
    assert raised.value.hint == hint

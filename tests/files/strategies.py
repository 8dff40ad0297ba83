"""What hypothesis makes for the tests of files."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "churn", "churn2", "models/x", "M", "no", "yes", "x1", "zeta", "0"])

# Texts that some YAML reader could take for something else, and everything else.
TRICKY = st.sampled_from(
    [
        *[
            "",
            " ",
            "yes",
            "No",
            "null",
            "~",
            "1.20",
            "1_000",
            "0x1F",
            "1e5",
            "2024-05-01",
            "12:30",
            "true",
            "<<",
            "=",
            "-",
            "?",
            ":",
            "#",
        ],
        *[
            "a: b",
            "a #b",
            "a:",
            " a",
            "a ",
            "a\n",
            "\na",
            "a\nb",
            "a\n\nb\n",
            "a\r\nb",
            "tab\there",
            "nul\0",
            "\x85",
            "\u2028",
            "\ufeff",
            "é",
            "🥒",
        ],
        *[
            "- a",
            "[a]",
            "{a: b}",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a`",
            '"',
            "'",
            "\\",
            "it's",
            'say "x"',
            "...",
            "---",
            "./a",
            ".inf",
        ],
        *["a, b", "a]", "a}", "key: [", "a\tb", "\x7f", "\u200b", "\u00a0", "x" * 200],
    ]
)
TEXTS = TRICKY | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers() | st.floats(allow_nan=False)
ATOMS = TEXTS | st.booleans() | st.none() | NUMBERS
VALUES = st.recursive(ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8)
PATHS = st.sampled_from(["models/x.pkl", "./data/", "s3://bucket/key", "a b.bin", "ä/ö", "x"])
COLUMNS = st.lists(st.fixed_dictionaries({"name": TEXTS, "type": TEXTS}, optional={"shape": st.lists(st.integers())}), max_size=2)
REFERENCES = st.lists(
    st.just("metrics.json") | st.fixed_dictionaries({"path": st.just("m.yaml")}, optional={"keys": st.lists(TEXTS, max_size=2)}),
    max_size=2,
)

FIELD_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "path": PATHS,
    "type": TEXTS,
    "description": TEXTS,
    "labels": st.lists(TEXTS, max_size=3),
    "virtual": st.booleans(),
    "custom": VALUES.filter(lambda value: value is not None),
    "owner": TEXTS,
    "license": TEXTS,
    "framework": TEXTS,
    "task": TEXTS,
    "metrics": REFERENCES,
    "params": REFERENCES,
    "goals": st.dictionaries(TEXTS, st.sampled_from(["higher", "lower"]), max_size=2),
    "schema": st.fixed_dictionaries({}, optional={"inputs": COLUMNS, "outputs": COLUMNS}),
    "homepage": TEXTS,
    "base": TEXTS,
}
FIELDS = st.fixed_dictionaries({}, optional=FIELD_VALUES)
CHANGES = st.fixed_dictionaries({}, optional={field: value | st.none() for field, value in FIELD_VALUES.items()})

# Files as people write them: all styles, comments, blank lines, line ends.
INLINE = st.sampled_from(
    [
        "x",
        '"x y"',
        "'it''s'",
        "3",
        "[a, b]",
        "[]",
        "{k: v}",
        "{}",
        "",
        "~",
        "x # beside",
        '"a # b"',
        "[a, # in\n      b]",
        "two\n      lines",
    ]
)
BELOW = st.sampled_from(
    [
        "\n    - a\n    - b # beside",
        "\n  - a",
        "\n    # above\n    - a",
        "\n    k: v\n    l: [m]",
        " |\n    one\n\n    two",
        " |-\n    one",
        " >+\n    one\n",
    ]
)
COMMENT = st.sampled_from(["", "", "", "\n# between\n", "\n\n", "# right above\n", "  # indented\n", "\n# one\n\n# two\n"])


@st.composite
def entry_texts(draw: st.DrawFn, name: str) -> str:
    """The text of one entry, with a line end."""
    style = draw(st.sampled_from(["block", "block", "block", "flow", "null", "empty"]))
    if style == "null":
        return f"{name}:{draw(st.sampled_from(['', ' # beside', ' ~']))}\n"
    if style == "empty":
        return f"{name}: {{}}\n"
    fields = draw(
        st.lists(st.sampled_from(["owner", "labels", "custom", "description", "made-up"]), min_size=1, max_size=4, unique=True)
    )
    if style == "flow":
        ends = draw(st.sampled_from(["", ",", " ", ", "]))
        values = st.sampled_from(["x", "[a]", "{}", '""', ""])
        pairs = ", ".join(f"{field}: {draw(values)}" for field in fields)
        return f"{name}: {{{pairs}{ends}}}\n"
    lines = [f"  {field}:{draw(INLINE.map(lambda text: f' {text}') | BELOW)}\n" for field in fields]
    return f"{name}:\n{''.join(lines)}"


@st.composite
def file_texts(draw: st.DrawFn) -> str:
    """The text of an ``artifacts.yaml``."""
    names = draw(st.lists(st.sampled_from(["a", "b", "churn", "d", "zeta"]), max_size=4, unique=True))
    parts = [draw(COMMENT), *[draw(entry_texts(name)) + draw(COMMENT) for name in names]]
    text = "".join(parts)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))

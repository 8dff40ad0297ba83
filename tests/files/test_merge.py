from __future__ import annotations

import re

import pytest

from gitreg.errors import FileFault
from gitreg.files.merge import FileMerge
from gitreg.files.merge_markers import Markers

BASE = """\
# Models of the growth team

# churn is trained each week
churn:
  path: models/churn.pkl  # 40 MB
  # what search finds
  labels:
    - pii    # personal
    - tabular
  owner: "growth"

fraud:
  path: models/fraud.pkl
"""


def merge(base: str, ours: str, theirs: str, markers: Markers | None = None) -> str:
    """Merge three texts; the result reads as what the entries say, or `FileFault` is raised."""
    return FileMerge(base.encode(), ours.encode(), theirs.encode()).write(markers or Markers()).decode()


def clashes(base: str, ours: str, theirs: str) -> tuple[str, ...]:
    return FileMerge(base.encode(), ours.encode(), theirs.encode()).clashes


def change(text: str, *changes: tuple[str, str]) -> str:
    """Replace words that stand exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_everything_that_two_sides_did_is_there_as_they_wrote_it() -> None:
    ours = change(
        BASE,
        ("    - tabular\n", "    - tabular\n    - weekly # ours\n"),
        ("# 40 MB", "# 41 MB"),
        ("fraud:\n", "# by hand\nfraud:\n"),
    )
    ours += "\nltv:\n    path: 'ltv'\n    made-up: {kept: [1, 2]} # ours\n"
    theirs = change(BASE, ("    - pii    # personal\n", ""), ('"growth"', "ml # since May"), ("what search finds", "for search"))
    theirs += "\n# for the shop\nsegment: {path: 's3://bucket/s', unknown: yes} # theirs\n"
    assert (
        merge(BASE, ours, theirs)
        == """\
# Models of the growth team

# churn is trained each week
churn:
  path: models/churn.pkl  # 41 MB
  # for search
  labels:
    - tabular
    - weekly # ours
  owner: ml # since May

# by hand
fraud:
  path: models/fraud.pkl

ltv:
    path: 'ltv'
    made-up: {kept: [1, 2]} # ours

# for the shop
segment: {path: 's3://bucket/s', unknown: yes} # theirs
"""
    )


def test_new_entries_take_their_place_by_name_below_the_head_of_the_file() -> None:
    base = "# head\n\n# about b\nb:\n  path: b\n"
    ours, theirs = base + "\nd:\n  path: d\n", "# head\n\n# about a\na:\n  path: a\n\n# about b\nb:\n  path: b\n\nc:\n  path: c\n"
    assert merge(base, ours, theirs) == (
        "# head\n\n# about a\na:\n  path: a\n\n# about b\nb:\n  path: b\n\nc:\n  path: c\n\nd:\n  path: d\n"
    )


def test_an_entry_that_both_sides_added_is_there_once() -> None:
    same = BASE + "\nltv:\n  path: ltv\n  labels: [x]\n"
    other = BASE + "\n# mine\nltv:\n  labels: [y, x]\n  path: ltv\n"
    assert merge(BASE, same, other) == BASE + "\n# mine\nltv:\n  path: ltv\n  labels: [y, x]\n"


def test_an_entry_that_one_side_removed_is_gone_with_the_comment_that_it_removed() -> None:
    ours = change(BASE, ('"growth"', "ml"))
    theirs = BASE[: BASE.index("# churn")] + BASE[BASE.index("fraud:") :]
    assert clashes(BASE, ours, theirs) == ("churn, changed here and removed there",)
    assert (
        merge(BASE, change(BASE, ("fraud.pkl", "f.pkl")), theirs)
        == "# Models of the growth team\n\nfraud:\n  path: models/f.pkl\n"
    )


def test_a_file_in_which_each_side_removed_what_the_other_kept_still_is_a_mapping() -> None:
    base = "# head\n\na:\n  path: a\n\nb:\n  path: b\n"
    assert merge(base, "# head\n\na:\n  path: a\n", "# head\n\nb:\n  path: b\n") == "# head\n\n{}\n"
    assert merge("# head\n\n{}\n", "# head\n\na: {}\n", "# head\n\nb: {}\n") == "# head\n\na: {}\n\nb: {}\n"


def test_only_the_field_that_clashes_stands_between_markers() -> None:
    ours = change(BASE, ("churn.pkl", "ours.pkl"), ('"growth"', "ml"))
    theirs = change(BASE, ("churn.pkl", "theirs.pkl"), ("- tabular", "- weekly"))
    assert clashes(BASE, ours, theirs) == ("churn: path",)
    assert (
        merge(BASE, ours, theirs)
        == """\
# Models of the growth team

# churn is trained each week
churn:
<<<<<<< ours
  path: models/ours.pkl  # 40 MB
=======
  path: models/theirs.pkl  # 40 MB
>>>>>>> theirs
  # what search finds
  labels:
    - pii    # personal
    - weekly
  owner: ml

fraud:
  path: models/fraud.pkl
"""
    )


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_markers_are_as_git_is_told_to_write_them(style: str) -> None:
    markers = Markers(size=9, style=style, ours="HEAD", base="1a2b3c4", theirs="feature")
    base, ours, theirs = (f"a:\n  schema:\n    inputs:\n      - name: {name}\n        type: int\n" for name in "xyz")
    changed = "      - name: {}\n        type: int\n"
    original = f"||||||||| 1a2b3c4\n  schema:\n    inputs:\n{changed.format('x')}"
    whole = merge(base, ours, theirs, markers)
    if style == "diff3":
        assert whole == (
            f"a:\n<<<<<<<<< HEAD\n  schema:\n    inputs:\n{changed.format('y')}{original}=========\n"
            f"  schema:\n    inputs:\n{changed.format('z')}>>>>>>>>> feature\n"
        )
    else:
        assert whole == (
            "a:\n  schema:\n    inputs:\n<<<<<<<<< HEAD\n      - name: y\n"
            + (original if style == "zdiff3" else "")
            + "=========\n      - name: z\n>>>>>>>>> feature\n        type: int\n"
        )


def test_an_entry_that_was_removed_and_changed_stands_between_markers_as_a_whole() -> None:
    base = "a:\n  owner: x\n\nb:\n  owner: x\n"
    assert merge(base, "b:\n  owner: x\n", base.replace("a:\n  owner: x", "a:\n  owner: y")) == (
        "<<<<<<< ours\n=======\na:\n  owner: y\n>>>>>>> theirs\n\nb:\n  owner: x\n"
    )


def test_entries_in_braces_are_merged_and_clash_as_a_whole() -> None:
    base = "a: {path: 'p', labels: [x, \"y\"], custom: {k: 1}} # beside\n"
    ours = "a: {path: 'p', labels: [\"y\"], custom: {k: 1, o: [1]}, owner: me} # beside\n"
    theirs = "a: {labels: [x, \"y\", 'z'], custom: {k: 2}, path: 'p'} # beside\n"
    assert merge(base, ours, theirs) == "a: {path: 'p', labels: [\"y\", 'z'], custom: {k: 2, o: [1]}, owner: me} # beside\n"
    clashing = theirs.replace("'p'", "q")
    assert merge(base, ours.replace("'p'", "r"), clashing) == (
        '<<<<<<< ours\na: {path: r, labels: ["y"], custom: {k: 1, o: [1]}, owner: me} # beside\n=======\n'
        f"{clashing}>>>>>>> theirs\n"
    )


def test_sides_that_write_the_same_in_other_ways_are_merged() -> None:
    base = "a:\n  labels: [x]\n  custom: {k: 1}\n"
    ours = "a:\n  labels:\n  - x\n  - o # ours\n  custom:\n    k: 1\n    o: 2\n"
    theirs = "a:\n    labels: [x, t]\n    custom: {k: 1, t: 3}\n    task: 'new' # theirs\n"
    assert merge(base, ours, theirs) == (
        "a:\n  labels:\n  - x\n  - o # ours\n  - t\n  custom:\n    k: 1\n    o: 2\n    t: 3\n  task: 'new' # theirs\n"
    )


def test_comments_that_both_sides_changed_are_both_kept() -> None:
    base = "# head\n\n# about\na:\n  owner: x # beside\n"
    ours, theirs = (
        base.replace("about", "ours").replace("beside", "here"),
        base.replace("about", "theirs").replace("beside", "there"),
    )
    assert merge(base, ours, theirs) == "# head\n\n# ours\n# theirs\na:\n  owner: x # here # there\n"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("x: {path: p, goals: {f1: lower}}\n", "x:\n  path: p\n  # why\n  goals:\n    auc: higher\n  license: MIT\n"),
        ("x: {path: p, goals: {auc: higher, f1: lower}}\n", "x:\n  path: p\n  goals: # why\n    auc: higher\n    r2: higher\n"),
        ("x:\n  path: p\n  goals:\n    f1: lower\n", "x: {path: p, # why\n  goals: {auc: higher}, license: MIT}\n"),
    ],
)
def test_no_comment_is_lost_where_one_side_has_braces_and_the_other_side_has_lines(ours: str, theirs: str) -> None:
    base = "x: {path: p, goals: {auc: higher}}\n"
    with pytest.raises(FileFault, match="one side has comments where the other side writes the same value in another way"):
        merge(base, ours, theirs)
    assert "# why" in merge(base, theirs, ours)


def test_a_comment_behind_brackets_is_kept_when_both_sides_change_what_is_in_them() -> None:
    assert merge("x: {a: 1}\n", "x: {a: 1, b: 1} # o\n", "x: {a: 1, c: 1} # t\n") == "x: {a: 1, b: 1, c: 1} # o # t\n"
    base = "x:\n  labels: [a]\n"
    assert merge(base, base.replace("a]", "a, b]"), base.replace("a]", "a, c] # new")) == base.replace("a]", "a, b, c] # new")


def test_a_comment_moves_with_the_entry_that_was_renamed() -> None:
    base = "# about churn\nchurn:\n  path: c\n\nfraud:\n  path: f\n"
    theirs = "fraud:\n  path: f\n\n# about churn\nleavers:\n  path: c\n"
    assert merge(base, base.replace("path: f", "path: g"), theirs) == "fraud:\n  path: g\n\n# about churn\nleavers:\n  path: c\n"


def test_texts_of_several_lines_are_kept_and_do_not_swallow_what_follows() -> None:
    base = "a:\n  description: |\n    one\n\n    two\n\nb:\n  path: b"
    ours = base.replace("two", "three") + "\n  description: |+\n    last\n\n"
    theirs = base + "\n\nc:\n  description: >-\n    new\n"
    assert merge(base, ours, theirs) == (
        "a:\n  description: |\n    one\n\n    three\n\nb:\n  path: b\n  description: |+\n    last\n\nc:\n  description: >-\n    new\n"
    )


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_stay(mark: str) -> None:
    base = mark + BASE.replace("\n", "\r\n")
    ours = change(base, ('"growth"', "ml"))
    theirs = mark + change(BASE, ("- tabular", "- weekly"), ("fraud.pkl", "f.pkl")) + "\nltv:\n  path: x\n"
    merged = merge(base, ours, theirs.replace("\n", "\r\n"))
    assert merged == mark + (
        change(BASE, ('"growth"', "ml"), ("- tabular", "- weekly"), ("fraud.pkl", "f.pkl")) + "\nltv:\n  path: x\n"
    ).replace("\n", "\r\n")
    assert merge(base, ours, theirs) == merged.replace("\r\n", "\n"), "theirs changed the line ends, and ours did not"
    clashing = merge(base, ours, change(base, ('"growth"', "x")))
    assert re.search("(?<!\r)\n", clashing) is None


def test_a_file_without_a_line_end_at_its_end_stays_so() -> None:
    assert merge("a: {}\nb: {}", "a: {x: 1}\nb: {}", "a: {y: 1}\nb: {}") == "a: {x: 1, y: 1}\nb: {}"


def test_a_file_that_is_new_on_both_sides_is_merged() -> None:
    assert merge("", "# ours\n\na: {}\n", "# theirs\n\nb: {}\n") == "# ours\n\n# theirs\n\na: {}\n\nb: {}\n"


@pytest.mark.parametrize(
    "text",
    [
        "a: [\n",
        "a: &x {owner: y}\nb: *x\n",
        "a: {}\na: {}\n",
        "a:\n  owner: x\n  owner: y\n",
        "- a\n",
        "text\n",
        "a: {}\n---\nb: {}\n",
        "a: \x1b[2J\n",
        "{a: {}, b: {}}\n",
        "  a: {}\n",
        "? a\n: {}\n",
        "<<<<<<< ours\na: {}\n=======\nb: {}\n>>>>>>> theirs\n",
        "a: {}\rb: {}\r",
        "a: " + "[" * 100_000 + "\n",
    ],
)
def test_what_cannot_be_read_on_any_side_is_refused(text: str) -> None:
    good, other = "a: {owner: x}\n", "a: {owner: y}\nc: {}\n"
    for sides in ((text, good, other), (good, text, other), (good, other, text)):
        with pytest.raises(FileFault):
            merge(*sides)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(FileFault):
        FileMerge(b"a: {}\n", b"a: \xff\n", b"b: {}\n")
    with pytest.raises(FileFault):
        FileMerge(b"", b"#" * 9_000_000, b"b: {}\n")


def test_a_merge_of_git_is_taken_only_if_it_says_what_the_entries_say() -> None:
    base = "a:\n  labels: [x]\n"
    merged = FileMerge(base.encode(), b"a:\n  labels: [x, o]\n", b"a:\n  labels: [x, t]\n")
    assert merged.accepts(b"# anything\na: {labels: [x, o, t]}\n")
    assert not merged.accepts(b"a:\n  labels: [x, o]\n")
    assert not merged.accepts(b"a:\n  labels: [x, o, t]\na: {}\n")
    assert not merged.accepts(b"\xff")
    assert not FileMerge(base.encode(), b"a: {path: p}\n", b"a: {path: q}\n").accepts(b"a: {path: p}\n")

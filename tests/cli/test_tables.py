from __future__ import annotations

import re

import pytest
from inline_snapshot import snapshot

from gitreg.cli.tables import choose_widths, fold_line
from gitreg.render.blocks import Column, Fit
from tests.cli.terminal import run_in_terminal
from tests.support.repository import Repository

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def shown(repository: Repository, *args: str, columns: int) -> str:
    """What is to be read in a terminal, without its colours."""
    return "\n" + COLOUR.sub("", run_in_terminal(repository, *args, columns=columns))


def test_at_80_columns_the_description_is_cut(story: Repository) -> None:
    assert shown(story, "show", columns=80) == snapshot("""\

name                  type   latest       #prod   #staging  description         \n\
────────────────────────────────────────────────────────────────────────────────
churn                 model  v1.1.0       v1.1.0  v1.1.0    Predicts which cust…
models/nlp:sentiment  -      v0.1.0-rc.1  -       -         -
""")


def test_at_200_columns_everything_is_there(story: Repository) -> None:
    assert shown(story, "show", columns=200) == snapshot("""\

name                  type   latest       #prod   #staging  description                                                                        \n\
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
churn                 model  v1.1.0       v1.1.0  v1.1.0    Predicts which customers leave within a month, from what they did in the last year.
models/nlp:sentiment  -      v0.1.0-rc.1  -       -         -
""")


def test_where_stages_have_no_room_they_stand_below_each_other(story: Repository) -> None:
    for stage in ("development", "quality-assurance", "acceptance", "canary"):
        story.assign("churn", stage, version="v1.1.0")
    assert shown(story, "show", columns=80) == snapshot("""\

name                  type   latest       stages                   \n\
───────────────────────────────────────────────────────────────────
churn                 model  v1.1.0       #acceptance v1.1.0
                                          #canary v1.1.0
                                          #development v1.1.0
                                          #prod v1.1.0
                                          #quality-assurance v1.1.0
                                          #staging v1.1.0
models/nlp:sentiment  -      v0.1.0-rc.1  -
""")


def test_a_version_is_never_cut(story: Repository) -> None:
    long = f"v9.0.0-rc.{'1' * 40}"
    story.commit(message="Train")
    story.register("churn", long)
    assert long in shown(story, "show", columns=30)


@pytest.mark.parametrize("command", [("show", "churn"), ("history",), ("stages",), ("show", "churn#prod")], ids=" ".join)
def test_no_table_is_wider_than_80_columns(command: tuple[str, ...], story: Repository) -> None:
    rows = [line for line in shown(story, *command, columns=80).splitlines() if ": " not in line]
    assert max(map(len, rows)) <= 80


def test_an_artifact_at_80_columns(story: Repository) -> None:
    assert shown(story, "show", "churn", columns=80) == snapshot("""\

name:        churn
latest:      v1.1.0
updated:     2026-01-01 00:04 UTC
type:        model
description: Predicts which customers leave within a month, from what they did in the last year.
labels:      tabular, weekly
path:        models/churn.pkl
entry:       artifacts.yaml:1, in commit 58bc939
pointer:     git, models/churn.pkl, git:d8263ee9860594d2806b0dfd1bfd17528b0ba2a4, 1 byte, in commit 58bc939

versions
version  stages         registered            commit   author       message     \n\
────────────────────────────────────────────────────────────────────────────────
v1.1.0   prod, staging  2026-01-01 00:02 UTC  58bc939  Ann Example  Registering…
v1.0.0   -              2026-01-01 00:00 UTC  05a082c  Ann Example  Registering…

stages
stage    holder  since                 author       before
──────────────────────────────────────────────────────────
prod     v1.1.0  2026-01-01 00:04 UTC  Ann Example  v1.0.0
staging  v1.1.0  2026-01-01 00:03 UTC  Ann Example  -
""")


def test_history_at_80_columns(story: Repository) -> None:
    assert shown(story, "history", columns=80) == snapshot("""\

when                  event         artifact       version      stage    commit \n\
────────────────────────────────────────────────────────────────────────────────
2026-01-01 00:05 UTC  registration  models/nlp:se  v0.1.0-rc.1  -        58bc939
                                    ntiment                    \n\
2026-01-01 00:04 UTC  assignment    churn          v1.1.0       prod     58bc939
2026-01-01 00:03 UTC  assignment    churn          v1.1.0       staging  58bc939
2026-01-01 00:02 UTC  registration  churn          v1.1.0       -        58bc939
2026-01-01 00:01 UTC  assignment    churn          v1.0.0       prod     05a082c
2026-01-01 00:00 UTC  registration  churn          v1.0.0       -        05a082c
1 more column (author): --json, or a wider terminal
""")


def test_a_terminal_has_colours_unless_nobody_wants_them(story: Repository) -> None:
    assert COLOUR.search(run_in_terminal(story, "show"))
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert not COLOUR.search(run_in_terminal(story, "show", env=env))
        assert not COLOUR.search(run_in_terminal(story, "show", "churn", env=env))
        assert not COLOUR.search(run_in_terminal(story, "resolve", "x", env=env))


def test_wide_characters_keep_their_columns(story: Repository) -> None:
    text = (story.path / "artifacts.yaml").read_text()
    story.commit({"artifacts.yaml": text.replace("type: model", "type: 模型🚀")})
    lines = shown(story, "show", columns=100).splitlines()
    assert lines[3].index("v1.1.0") == lines[1].index("latest") - 3


def test_markup_and_control_characters_of_a_repository_are_text(story: Repository) -> None:
    description = '"[bold]x[/bold] [link=http://a] \\e[31m \\u202e :smile:"'
    story.commit({"artifacts.yaml": f"churn:\n  description: {description}\n"})
    text = run_in_terminal(story, "show", columns=200)
    assert "[bold]x[/bold] [link=http://a]" in text
    assert ":smile:" in text
    assert "\u202e" not in text
    assert "\x1b[31m" not in text


def test_what_may_be_cut_shrinks_before_what_may_be_folded_and_the_rest_stays() -> None:
    columns = [Column("name", Fit.FOLD), Column("latest"), Column("description", Fit.CUT)]
    assert choose_widths(columns, [30, 20, 40], 94) == [30, 20, 40]
    assert choose_widths(columns, [30, 20, 40], 74) == [30, 20, 20]
    assert choose_widths(columns, [30, 20, 40], 60) == [24, 20, 12]
    assert choose_widths(columns, [30, 20, 40], 10) == [12, 20, 12]


def test_a_word_of_sensible_length_is_not_folded_in_its_middle() -> None:
    columns = (Column("stages", Fit.FOLD), Column("version"))
    assert choose_widths(columns, [40, 10], 20, [18, 10]) == [18, 10]
    assert choose_widths(columns, [40, 10], 20, [90, 10]) == [24, 10]


@pytest.mark.parametrize(
    ("line", "available", "folded"),
    [
        ("- data changed: a, b", 20, ["- data changed: a, b"]),
        ("- data changed: a, b", 19, ["- data changed: a,", "  b"]),
        ("- worse: auc 0.9 -> 0.8 (-11%), loss 1 -> 2", 32, ["- worse: auc 0.9 -> 0.8 (-11%),", "  loss 1 -> 2"]),
        ("- worse: auc 0.9 -> 0.8 (-11%), loss 1 -> 2", 24, ["- worse:", "  auc 0.9 -> 0.8 (-11%),", "  loss 1 -> 2"]),
        ("- worse: auc 0.9 -> 0.8 (-11%)", 16, ["- worse: auc 0.9", "  -> 0.8 (-11%)"]),
        ("- 模型模型, 模型", 12, ["- 模型模型,", "  模型"]),
        ("x" * 30, 10, ["x" * 30]),
        ("├─ reads params.yaml  a=1, b=2", 24, ["├─ reads params.yaml ", "│    a=1, b=2"]),
        ("   └─ reads params.yaml, b=2", 24, ["   └─ reads params.yaml,", "        b=2"]),
        ("", 10, [""]),
    ],
)
def test_a_sentence_is_broken_between_its_parts_and_words_stay_whole(line: str, available: int, folded: list[str]) -> None:
    assert fold_line(line, available) == folded

from __future__ import annotations

from inline_snapshot import snapshot

from gitreg.cli.tables import layout_fields, layout_plain
from gitreg.core.tags import TagName, parse_tag
from gitreg.core.views import StageView
from gitreg.render.blocks import Block, Fields, Lines, Table
from gitreg.render.details import render_artifact, render_version
from gitreg.render.rows import render_event, render_history, render_overview, render_stages, render_tag_name
from tests.render.values import ARTIFACT, BARE_COMMIT, DETAIL, OVERVIEW, VERSION_DETAIL
from tests.support.events import B, make_event, tell


def plain(*blocks: Block) -> str:
    """Lay blocks out as a pipe sees them."""
    parts = []
    for block in blocks:
        match block:
            case Table():
                parts.append((f"{block.title}\n" if block.title else "") + layout_plain(block))
            case Fields():
                parts.append(layout_fields(block))
            case Lines():
                parts.append("\n".join(block.lines))
    return "\n" + "\n".join(parts)


def test_the_registry_has_a_column_for_each_stage() -> None:
    assert plain(render_overview(OVERVIEW)) == snapshot("""\

name             type   latest  #dev     #prod   state       description
churn            model  v1.1.0  aaaaaaa  v1.1.0  -           Predicts which customers leave.
models/nlp:sent  -      -       -        -       deprecated  -
""")


def test_the_narrow_registry_has_its_stages_below_each_other() -> None:
    narrow = render_overview(OVERVIEW).narrow
    assert narrow is not None
    assert [column.title for column in narrow.columns] == snapshot(["name", "type", "latest", "stages", "state"])
    assert narrow.rows == snapshot(
        (
            (
                "churn",
                "model",
                "v1.1.0",
                """\
#dev aaaaaaa
#prod v1.1.0\
""",
                "",
            ),
            ("models/nlp:sent", "", "", "", "deprecated"),
        )
    )


def test_an_artifact_is_shown_with_entry_versions_and_stages() -> None:
    assert plain(*render_artifact(DETAIL)) == snapshot("""\

name:        churn
latest:      v1.1.0
updated:     2026-01-01 01:00 UTC
type:        model
description: Predicts which customers leave.
             Second line.
labels:      tabular, weekly
path:        models/churn.pkl
owner:       team-growth
license:     Apache-2.0
metrics:     [{"path": "metrics.json", "keys": ["auc"]}]
goals:       {"auc": "higher"}
custom:      {"threshold": 0.7, "3": Infinity}
entry:       artifacts.yaml:3
pointer:     dvc, models/churn.pkl, md5:0123, 1 byte, 2 files, remote s3

versions
version  stages        registered            commit   author       message
v1.1.0   prod          2026-01-01 00:00 UTC  bbbbbbb  Ann Example  Registering artifact churn version v1.1.0
v1.0.0   deregistered  2026-01-01 00:00 UTC  aaaaaaa  Ann Example  Registering artifact churn version v1.0.0

stages
stage  holder   since                 author       before
dev    aaaaaaa  2026-01-01 01:00 UTC  Ann Example  -
prod   v1.1.0   2026-01-01 01:00 UTC  Ann Example  v1.0.0
""")


def test_a_version_is_shown_with_its_entry_and_pointer() -> None:
    assert plain(*render_version(VERSION_DETAIL)) == snapshot("""\

artifact:    churn
version:     v1.1.0
commit:      bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
tag:         churn@v1.1.0
registered:  2026-01-01 00:00 UTC by Ann Example <ann@example.com>
message:     Registering artifact churn version v1.1.0

             With a body
stages:      prod
stage:       prod
assigned:    2026-01-01 01:00 UTC by Ann Example <ann@example.com>
assigned as: churn#prod#1
type:        model
description: Predicts which customers leave.
             Second line.
labels:      tabular, weekly
path:        models/churn.pkl
owner:       team-growth
license:     Apache-2.0
metrics:     [{"path": "metrics.json", "keys": ["auc"]}]
goals:       {"auc": "higher"}
custom:      {"threshold": 0.7, "3": Infinity}
entry:       artifacts.yaml:3
pointer:     dvc, models/churn.pkl, md5:0123, 1 byte, 2 files, remote s3
""")


def test_a_bare_commit_is_shown_by_the_stage_that_it_holds() -> None:
    assert plain(*render_version(BARE_COMMIT)) == snapshot("""\

artifact:    churn
commit:      aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
stage:       dev
assigned:    2026-01-01 01:00 UTC by Ann Example <ann@example.com>
assigned as: churn#dev#1
""")


def test_stages_are_shown_with_their_holders_and_also_when_they_have_none() -> None:
    views = (StageView("dev", ()), StageView("prod", (ARTIFACT.stages["prod"][0], ARTIFACT.stages["dev"][0])))
    assert plain(render_stages(views)) == snapshot("""\

stage  artifact  version  commit   since
dev    -         -        -        -
prod   churn     v1.1.0   bbbbbbb  2026-01-01 01:00 UTC
prod   churn     -        aaaaaaa  2026-01-01 01:00 UTC
""")


def test_history_is_one_line_for_each_event() -> None:
    events = tell(("churn@v1.0.0", B), ("churn#prod#1", B, "v1.0.0"), ("churn@deprecated", B))
    assert plain(render_history(events)) == snapshot("""\

when                  event         artifact  version  stage  commit   author
2026-01-01 00:00 UTC  registration  churn     v1.0.0   -      bbbbbbb  Ann Example
2026-01-01 00:01 UTC  assignment    churn     -        prod   bbbbbbb  Ann Example
2026-01-01 00:02 UTC  deprecation   churn     -        -      bbbbbbb  Ann Example
""")


def test_an_event_is_shown_whole() -> None:
    assert plain(render_event(make_event("models/nlp=sent#prod#3", message="Subject\n\nBody"))) == snapshot("""\

event:    assignment
artifact: models/nlp:sent
stage:    prod
commit:   aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
tag:      models/nlp=sent#prod#3
when:     2026-01-01 00:00 UTC
author:   Ann Example <ann@example.com>
message:  Subject

          Body
""")


def test_a_tag_is_shown_in_parts() -> None:
    tag = parse_tag("churn@v1.2.0!#4")
    assert isinstance(tag, TagName)
    assert plain(render_tag_name(tag)) == snapshot("""\

event:    deregistration
artifact: churn
version:  v1.2.0
counter:  4
""")

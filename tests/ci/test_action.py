from __future__ import annotations

import json
import re

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.ci.conftest import Host
from tests.ci.runner import StepFailed
from tests.support.repository import Repository

PROD = "refs/tags/churn#prod#2"


def test_the_action_says_what_a_tag_states(host: Host) -> None:
    runner = host.start(PROD)
    outputs = runner.run_action("registry-event")
    document = json.loads(outputs.pop("json"))
    jsonschema.validate(document, load("ci-event"))
    assert document["event"]["tag"] == "churn#prod#2"
    assert outputs.pop("commit") == host.commit_of("churn#prod#2")
    assert outputs.pop("gitreg").endswith("/gitreg")
    assert outputs == snapshot(
        {
            "is-registry-event": "true",
            "event": "assignment",
            "name": "churn",
            "version": "v2.0.0",
            "stage": "prod",
            "stages": '["prod"]',
            "type": "model",
            "path": "models/churn.pkl",
            "description": "Predicts which customers leave.",
            "slug": "churn-v2-0-0",
            "current": "true",
            "holder": "v2.0.0",
        }
    )
    assert re.sub("[0-9a-f]{40}", "COMMIT", runner.summary) == snapshot("""\
| registry |  |
| --- | --- |
| event | `assignment` |
| tag | `churn#prod#2` |
| name | `churn` |
| version | `v2.0.0` |
| stage | `prod` |
| commit | `COMMIT` |
| type | `model` |
| path | `models/churn.pkl` |
| slug | `churn-v2-0-0` |
| current | `true` |
| holder | `v2.0.0` |
| description | `Predicts which customers leave.` |

""")
    assert runner.commands == []


@pytest.mark.parametrize("depth", [0, 1])
def test_a_checkout_before_6_0_2_fails_with_a_hint_and_fetching_mends_it(host: Host, depth: int) -> None:
    runner = host.start(PROD, depth=depth, before_6_0_2=True)
    with pytest.raises(StepFailed, match=r"exit 6\n(?s:.*)hint: gitreg ci fetch"):
        runner.run_action("registry-event", {"fetch": "false"})
    outputs = runner.run_action("registry-event")
    assert (outputs["version"], outputs["current"]) == ("v2.0.0", "true")


def test_a_checkout_of_one_tag_alone_fails_with_a_hint_and_fetching_mends_it(host: Host) -> None:
    runner = host.start(PROD, depth=1)
    with pytest.raises(StepFailed, match=r"exit 6\n(?s:.*)lacks tag 'churn#prod#1' and 4 more(?s:.*)hint: gitreg ci fetch"):
        runner.run_action("registry-event", {"fetch": "false"})
    assert runner.run_action("registry-event")["version"] == "v2.0.0"


def test_a_shallow_checkout_with_all_tags_is_whole(host: Host) -> None:
    runner = host.start(PROD, depth=1, tags=True)
    assert runner.run_action("registry-event", {"fetch": "false"})["version"] == "v2.0.0"


def test_a_whole_checkout_asks_nobody(host: Host) -> None:
    runner = host.start(PROD)
    host.remote.path.rename(host.remote.path.with_name("gone"))
    assert runner.run_action("registry-event")["current"] == "true"


def test_a_job_that_comes_late_learns_that_it_is(host: Host) -> None:
    outputs = host.start("refs/tags/churn#prod#1").run_action("registry-event")
    assert (outputs["version"], outputs["current"]) == ("v1.0.0", "false")
    assert json.loads(outputs["json"])["holder"]["version"] == "v2.0.0"


@pytest.mark.parametrize("name", ["v1.0.0", "a$(id)@v1.0.0", "a`id`#prod", "a;id#prod", "churn#prod'x"])
def test_another_tag_is_no_event(host: Host, name: str) -> None:
    host.author.tag(name)
    host.push(name)
    outputs = host.start(f"refs/tags/{name}").run_action("registry-event")
    assert outputs.pop("is-registry-event") == "false"
    assert outputs.pop("gitreg").endswith("/gitreg")
    assert set(outputs.values()) == {""}


def test_a_branch_is_no_tag_whatever_it_is_called(host: Host) -> None:
    host.author.git("push", "--quiet", "origin", "main:refs/heads/churn#prod#2")
    runner = host.start("refs/heads/churn#prod#2")
    assert runner.run_action("registry-event")["is-registry-event"] == "false"
    assert runner.run_action("registry-event", {"ref": "refs/heads/churn#prod#2"})["is-registry-event"] == "false"
    assert runner.run_action("registry-event", {"ref": "refs/tags/churn#prod#2"})["is-registry-event"] == "true"


@pytest.mark.parametrize("ref", ["--require", "x'\"; $(exit 9) exit 9 #", "churn#prod#2\nversion=evil"])
def test_a_ref_is_never_read_as_something_else(host: Host, ref: str) -> None:
    runner = host.start(PROD)
    assert runner.run_action("registry-event", {"ref": ref})["is-registry-event"] == "false"
    assert runner.commands == []


def test_a_tag_that_was_moved_is_refused(host: Host) -> None:
    host.author.git("tag", "--force", "--annotate", "-m", "Moved", "churn#prod#2", "main")
    runner = host.start(PROD, depth=None)
    host.author.git("push", "--quiet", "--force", "origin", PROD)
    host.author.git("clone", "--quiet", host.remote.path.as_uri(), str(runner.workspace))
    with pytest.raises(StepFailed, match=r"exit 6\n(?s:.*)find out who moved it"):
        runner.run_action("registry-event")


GUESS = "gitreg-00000000000000000000000000000000"
EVIL = [
    "\n".join(
        (
            "version=evil\nname=evil",
            "EOF\nversion=evil",
            f"x\n{GUESS}\nversion=evil\nversion<<{GUESS}\nevil",
            "::set-output name=version::evil\n  ::error::evil\n::stop-commands::x",
            "##[set-output name=version]evil",
            "$(touch evil) `touch evil` ${{ github.token }} '\"; touch evil #",
            "<script>alert(1)</script> | [x](http://example.com) @somebody #1\n\n# Heading\n<!-- gitreg:diff:v1 -->",
        )
    ),
    "::set-output name=version::evil",
    "##[set-output name=version]evil $(touch evil)",
    "\x1b[2J\u202e\u2028\x85\x0bversion=evil\r\nversion=evil\rversion=evil\x00",
    "A" * 100_000 + "\n" + "é" * 100_000,
]


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_free_text_stays_what_it_is(host: Host, text: str) -> None:
    repository: Repository = host.author
    quoted = json.dumps(text.replace("\x00", ""), ensure_ascii=True)
    entry = f"churn:\n  path: {json.dumps('models/' + text[:50].translate({0: None, 10: None, 13: None}))}\n  type: {quoted}\n"
    repository.commit({"artifacts.yaml": f"{entry}  description: {quoted}\n"}, "Evil")
    repository.git("config", "user.name", "evil")
    body = (
        f"object {repository.git('rev-parse', 'HEAD')}\ntype commit\ntag churn@v9.0.0\n"
        f"tagger {text[:80].translate({10: None, 0: None, 60: None, 62: None})} <e@example.com> {repository.now} +0000\n\n{text}\n"
    )
    repository.raw_tag("churn@v9.0.0", body.encode())
    host.push("churn@v9.0.0")
    runner = host.start("refs/tags/churn@v9.0.0")
    outputs = runner.run_action("registry-event")
    assert {name: outputs[name] for name in ("name", "version", "stage", "event", "slug", "current")} == {
        "name": "churn",
        "version": "v9.0.0",
        "stage": "",
        "event": "registration",
        "slug": "churn-v9-0-0",
        "current": "true",
    }
    document = json.loads(outputs["json"])
    jsonschema.validate(document, load("ci-event"))
    assert document["event"]["message"][:50] == text.strip("\n")[:50]
    assert max(map(len, outputs.values())) < 131_072 - len("GITREG_EVENT_JSON=")
    assert "\n" not in outputs["json"]
    assert runner.commands == []
    assert not list(runner.folder.rglob("evil"))
    assert re.fullmatch(r"(?:\| [^\n|]* \| [^\n|]* \|\n)+\n", runner.summary)
    assert "<script" not in runner.summary

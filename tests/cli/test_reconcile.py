from __future__ import annotations

import json

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience, run_in_terminal
from tests.support.command import GitregCommand
from tests.support.repository import Repository

DEPLOYED = "churn: {prod: v1.0.0, qa: v1.0.0}\nfraud: {prod: v0.1.0}\n"


def test_the_difference_is_a_table(story: Repository, gitreg: GitregCommand) -> None:
    (story.path / "deployed.yaml").write_text(DEPLOYED)
    assert experience(gitreg("reconcile", "--deployed", "deployed.yaml")) == snapshot("""\

exit 0
action   artifact  stage    from    to      since                 tag
replace  churn     prod     v1.0.0  v1.1.0  2026-01-01 00:04 UTC  churn#prod#3
unknown  churn     qa       v1.0.0  -       -                     -
deploy   churn     staging  -       v1.1.0  2026-01-01 00:03 UTC  churn#staging#2
unknown  fraud     prod     v0.1.0  -       -                     -
---- stderr
warning: v1.0.0 is deployed as 'churn#qa', which the registry never knew: find out why first
warning: v0.1.0 is deployed as 'fraud#prod', which the registry never knew: find out why first
""")


def test_in_a_terminal_it_fits(story: Repository) -> None:
    (story.path / "deployed.yaml").write_text(DEPLOYED)
    assert run_in_terminal(story, "reconcile", "--deployed", "deployed.yaml", env={"NO_COLOR": "1"}) == snapshot("""\
action   artifact  stage    from    to      since       tag
───────────────────────────────────────────────────────────────────────
replace  churn     prod     v1.0.0  v1.1.0  2026-01-01  churn#prod#3
unknown  churn     qa       v1.0.0  -       -           -
deploy   churn     staging  -       v1.1.0  2026-01-01  churn#staging#2
unknown  fraud     prod     v0.1.0  -       -           -
warning: v1.0.0 is deployed as 'churn#qa', which the registry never knew: find out why first
warning: v0.1.0 is deployed as 'fraud#prod', which the registry never knew: find out why first
""")


def test_nothing_to_do_is_said_and_the_exit_code_tells(story: Repository, gitreg: GitregCommand) -> None:
    same = "churn: {prod: v1.1.0, staging: v1.1.0}"
    assert experience(gitreg("reconcile", "--deployed", "-", "--exit-code", input=same)) == snapshot("""\

exit 0
---- stderr
note: nothing to do: 2 stages compared, and all as the registry says
""")
    assert gitreg("reconcile", "-d", "-", "--exit-code", input="{}").code == 1
    assert gitreg("reconcile", "-d", "-", "--exit-code", "--stage", "prod", input="{churn: {prod: v1.1.0}}").code == 0
    assert experience(gitreg("reconcile", "-d", "-", "--artifact", "models/nlp:sentiment", input="{}")) == snapshot("""\

exit 0
---- stderr
note: nothing to do: nothing of that is deployed, and the registry says that nothing should be
""")


def test_json_follows_its_schema(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("reconcile", "--deployed", "-", "--json", input=DEPLOYED)
    document = json.loads(result.stdout)
    jsonschema.Draft202012Validator(load("reconcile")).validate(document)
    assert [(change["action"], change["artifact"], change["stage"], change["from"], change["to"], change["tag"]) for change in document["changes"]] == [
        ("replace", "churn", "prod", "v1.0.0", "v1.1.0", "churn#prod#3"),
        ("unknown", "churn", "qa", "v1.0.0", None, None),
        ("deploy", "churn", "staging", None, "v1.1.0", "churn#staging#2"),
        ("unknown", "fraud", "prod", "v0.1.0", None, None),
    ]  # fmt: skip
    (event,) = (found for found in json.loads(gitreg("history", "--json").stdout)["events"] if found["tag"] == "churn#prod#3")
    assert document["changes"][0]["event"] == event
    assert document["changes"][0]["since"] == event["at"]


def test_cloudevents_are_a_line_each(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("reconcile", "--deployed", "-", "--format", "cloudevents", input=DEPLOYED)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["type"] for line in lines] == [
        "dev.gitreg.deployment.outdated.v1",
        "dev.gitreg.deployment.unknown.v1",
        "dev.gitreg.deployment.missing.v1",
        "dev.gitreg.deployment.unknown.v1",
    ]
    changes = json.loads(gitreg("reconcile", "--deployed", "-", "--json", input=DEPLOYED).stdout)["changes"]
    assert [line["data"] for line in lines] == changes


@pytest.mark.parametrize("command", [("history",), ("reconcile", "-d", "-")])
def test_one_way_to_print_it_is_enough(command: tuple[str, ...], story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg(*command, "--json", "--format", "cloudevents", input="{}")
    assert (result.code, result.stderr) == (2, "error: --json and --format were both given\nhint: choose one of them\n")


def test_what_is_wrong_with_the_file_is_said_with_its_place(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("reconcile", "-d", "-", input="churn:\n  prod: 1.2.0\n")) == snapshot("""\

exit 2
---- stderr
error: standard input:2:9: '1.2.0' is no version and no id of a commit
hint: write 'v1.2.0'
""")
    assert experience(gitreg("reconcile", "-d", "-", input="")) == snapshot("""\

exit 2
---- stderr
error: standard input is empty, so nobody knows what is deployed
hint: if nothing is deployed, write {}; an empty answer is more often that of a command that failed
""")
    assert experience(gitreg("reconcile", "-d", "nothing.yaml")) == snapshot("""\

exit 3
---- stderr
error: there is no file 'nothing.yaml'
hint: name the file that says what is deployed; - is standard input
""")
    assert experience(gitreg("reconcile")) == snapshot("""\

exit 2
---- stderr
error: missing option '--deployed' / '-d'
hint: see: gitreg reconcile --help
""")


def test_stages_and_artifacts_complete(story: Repository, gitreg: GitregCommand) -> None:
    def candidates(*words: str) -> list[str]:
        return gitreg("--complete", *words).stdout.split()

    assert candidates("reconcile", "--stage", "") == ["prod", "staging"]
    assert candidates("reconcile", "--artifact", "ch") == ["churn"]
    assert candidates("reconcile", "--deployed", "") == [":files"]
    assert candidates("reconcile", "--format", "") == ["cloudevents", "text"]
    assert candidates("history", "--format", "c") == ["cloudevents"]
    assert candidates("feed", "churn#p") == ["churn#prod"]
    assert candidates("feed", "-o", "") == [":files"]
    assert candidates("notify", "--to", "") == ["slack", "teams", "webhook"]

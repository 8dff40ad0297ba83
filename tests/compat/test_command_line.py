"""GTO's real command line, at the real time, on what gitreg wrote, and gitreg on what it writes."""

from __future__ import annotations

import json
import time

import pytest

from tests.compat.both import Both


def run_gto(both: Both, *args: str) -> str:
    """Run ``gto``, which must succeed; return its standard output."""
    completed = both.process.run(*args, cwd=both.repository.path)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def a_registry(both: Both) -> None:
    """Write a registry by gitreg."""
    both.commit({"artifacts.yaml": "m:\n  type: model\n"})
    both.gitreg.register("m", version="v1.0.0")
    both.gitreg.assign("m@v1.0.0", "prod")
    both.commit()
    both.gitreg.register_and_assign("m@v2.0.0", "dev")
    both.gitreg.register("models/nlp:sent", version="v0.1.0")
    both.gitreg.register("old")
    both.gitreg.deprecate("old")


def test_gto_shows_the_registry(both: Both) -> None:
    a_registry(both)
    nothing = {"dev": None, "prod": None}
    assert json.loads(run_gto(both, "show", "--json")) == {
        "m": {"version": "v2.0.0", "stage": {"dev": "v2.0.0", "prod": "v1.0.0"}, "registered": True, "active": True},
        "models/nlp:sent": {"version": "v0.1.0", "stage": nothing, "registered": True, "active": True},
    }
    table = [line.split() for line in run_gto(both, "show", "--plain").splitlines()]
    assert table == [
        ["name", "latest", "#dev", "#prod"],
        ["m", "v2.0.0", "v2.0.0", "v1.0.0"],
        ["models/nlp:sent", "v0.1.0", "-", "-"],
    ]


def test_gto_shows_an_artifact_a_version_and_a_stage(both: Both) -> None:
    a_registry(both)
    rows = [line.split() for line in run_gto(both, "show", "m", "--plain").splitlines()[1:]]
    assert [(row[1], row[2], row[-1]) for row in rows] == [("v2.0.0", "dev", "m@v2.0.0"), ("v1.0.0", "prod", "m@v1.0.0")]
    assert run_gto(both, "show", "m@latest", "--version").split() == ["v2.0.0"]
    assert run_gto(both, "show", "m#prod", "--version").split() == [both.registry.resolve("m#prod").version]


def test_gto_tells_the_history_and_finds_nothing_wrong(both: Both) -> None:
    a_registry(both)
    told = [event["ref"] for event in json.loads(run_gto(both, "history", "--json"))]
    assert told == [event.tag for event in both.registry.history()]
    assert run_gto(both, "stages").split() == [view.stage for view in both.registry.stages()]
    doctor = run_gto(both, "doctor")
    assert "GTO Version: 1.10.1" in doctor
    assert "No issues found" in doctor


@pytest.mark.parametrize("tag", ["m@v1.0.0", "refs/tags/m#prod#1"])
def test_gto_checks_a_ref(both: Both, tag: str) -> None:
    a_registry(both)
    stated, event = json.loads(run_gto(both, "check-ref", tag, "--json")), both.registry.check_ref(tag)
    assert (stated["event"], stated["tag"], stated["message"]) == (event.kind.value, event.tag, event.message)
    assert (stated["artifact"], stated.get("stage"), stated["commit_hexsha"]) == (event.artifact, event.stage, event.commit)


def test_gto_cannot_tabulate_a_version_that_was_registered_again_but_knows_it(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    both.gitreg.deregister("m@v1.0.0")
    both.gitreg.register("m", version="v1.0.0")
    assert both.agree() == "m v1.0.0"
    assert json.loads(run_gto(both, "show", "m", "--json"))[0]["version"] == "v1.0.0"
    refused = both.process.run("show", "m", cwd=both.repository.path)
    assert refused.returncode == 1
    assert (
        "Multiple registrations are not supported" in refused.stderr
    )  # the same happens after its own `register --simple false`


def test_gitreg_reads_what_the_command_line_of_gto_writes(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    both.gitreg.register("old")
    both.commit()
    for line in (
        "register m --bump-major --message Second",
        "assign m --version v2.0.0 --stage prod",
        "assign m --version v1.0.0 --stage dev --simple true",
        "deprecate m v1.0.0 dev",
        "deprecate m v1.0.0 --simple false",
        "deprecate old",
    ):
        assert "Created git tag" in run_gto(both, *line.split())
    assert both.agree() == "m v2.0.0 v1.0.0! prod=v2.0.0\nold v0.0.1 deprecated"
    both.tick(int(time.time()) - both.repository.now)
    both.registry.assign("m@v2.0.0", "dev")
    both.registry.assign("old@latest", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0! dev=v2.0.0 prod=v2.0.0\nold v0.0.1 prod=v0.0.1"


def test_gto_suggests_a_push_that_gitreg_understands(both: Both) -> None:
    assert "git push origin 'm#prod#1'" in run_gto(both, "assign", "m", "--stage", "prod")
    assert both.agree() == "m v0.0.1 prod=v0.0.1"

"""What the process does before and beside its command."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.cli.terminal import environment_of
from tests.support.repository import Repository

DRIVER = """
import gc, json, sys
sys.argv = ["gitreg", *sys.argv[1:]]
from gitreg.cli.main import main
code = main()
print(json.dumps({"code": code, "gc": gc.isenabled(), "modules": sorted(sys.modules)}), file=sys.stderr)
"""


def run(repository: Repository, *args: str) -> tuple[int, set[str], bool]:
    """Run main; return its exit code, the modules that it imported, and whether garbage is collected."""
    result = subprocess.run(
        [sys.executable, "-c", DRIVER, *args],
        cwd=repository.path,
        env=environment_of(repository),
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(result.stderr.splitlines()[-1])
    return report["code"], set(report["modules"]), report["gc"]


def test_the_version_is_answered_before_typer_is_imported(repository: Repository) -> None:
    code, modules, _ = run(repository, "--version")
    assert code == 0
    assert modules & {"typer", "gitreg.registry", "dataclasses_json", "subprocess"} == set()


def test_a_pipe_needs_no_rich(story: Repository) -> None:
    for command in (("show",), ("history",), ("register", "churn", "--dry-run", "--same-commit"), ("show", "churn"), ("check",)):
        code, modules, _ = run(story, *command)
        assert code == 0
        assert {name for name in modules if name.partition(".")[0] in {"rich", "git", "pydantic", "dvc"}} == set()


def test_reading_a_tag_imports_no_table_of_other_commands(story: Repository) -> None:
    _, modules, _ = run(story, "parse-tag", "churn@v1.0.0")
    assert modules & {"gitreg.cli.write", "gitreg.cli.entries", "gitreg.cli.look_after", "rich"} == set()


def test_a_list_of_events_imports_no_other_way_to_write_them(story: Repository) -> None:
    _, modules, _ = run(story, "history")
    others = {
        "gitreg.render.cloudevents",
        "gitreg.render.feed",
        "gitreg.core.reconciliation",
        "gitreg.storage.posting",
        "xml.etree",
    }
    assert modules & others == set()


def test_the_drivers_that_git_starts_for_each_file_need_no_typer(story: Repository) -> None:
    for command in (("textconv", "--", "artifacts.yaml"), ("merge", "--", *["artifacts.yaml"] * 3, "7", "artifacts.yaml")):
        code, modules, _ = run(story, "hooks", *command)
        assert code == 0
        assert modules & {"typer", "rich", "git", "gitreg.cli.app"} == set()


def test_garbage_is_not_collected(repository: Repository) -> None:
    assert run(repository, "show")[2] is False


def test_a_push_without_registry_tags_is_let_through_before_typer_is_imported(repository: Repository) -> None:
    code, modules, _ = run(repository, "hooks", "run", "pre-push", "origin", "url")
    assert code == 0
    assert modules & {"typer", "gitreg.registry", "subprocess"} == set()

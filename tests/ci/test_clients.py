"""Files that people copy, and files that other repositories call, before the real programs that judge such files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import gitreg
from gitreg.version import __version__
from tests.ci.conftest import Host
from tests.ci.runner import ROOT, plant_modules

EXAMPLES: Final = ROOT / "examples"
TEMPLATES: Final = Path(gitreg.__file__).parent / "templates"
WORKFLOWS: Final = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), *sorted((EXAMPLES / "github").glob("*.yml"))]
ACTIONS: Final = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
CALLED: Final = [*WORKFLOWS, *ACTIONS, *sorted((EXAMPLES / "gitlab").glob("*.yml"))]
STARTED: Final = [*CALLED, *sorted((ROOT / ".github" / "actions").glob("*/*.sh"))]
_PYTHON = re.compile(r"python[0-9.]*\"? +(?!-I )-.*")
_BARE_PIP = re.compile(r"(?<!-m )\bpip3? +install\b.*")
_INPUT = re.compile(r"\$\[\[ inputs\.(\w+) \]\]")


def run_tool(*arguments: str) -> str:
    """Run a program of the tests' environment; a failure is one of the test, with what it said."""
    program = Path(sys.executable).with_name(arguments[0])
    command = str(program) if program.exists() else shutil.which(arguments[0])
    assert command, f"{arguments[0]} is not installed: it is in the group test of pyproject.toml"
    completed = subprocess.run([command, *arguments[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout + completed.stderr


def test_zizmor_finds_nothing() -> None:
    run_tool("zizmor", "--offline", "--config", ".github/zizmor.yml", ".github", "examples/github", str(TEMPLATES / "github"))


def test_workflows_follow_the_schema_of_github() -> None:
    run_tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, WORKFLOWS))


def test_actions_follow_the_schema_of_github() -> None:
    run_tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", *map(str, ACTIONS))


def test_pipelines_follow_the_schema_of_gitlab(tmp_path: Path) -> None:
    files = []
    for path in sorted((EXAMPLES / "gitlab").glob("*.yml")):
        header, separator, jobs = path.read_text(encoding="utf-8").partition("\n---\n")
        filled = tmp_path / path.name
        filled.write_text(_INPUT.sub(lambda match: f"input-{match[1]}", jobs if separator else header), encoding="utf-8")
        files.append(str(filled))
    run_tool("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", *files)


@pytest.mark.parametrize("folder", ["github", "gitlab", "registry"])
def test_init_writes_what_the_examples_are(folder: str) -> None:
    ours, theirs = ({path.name: path.read_bytes() for path in (place / folder).iterdir()} for place in (TEMPLATES, EXAMPLES))
    assert ours == theirs


@pytest.mark.parametrize("path", CALLED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_called_is_of_this_release(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"gitreg/gitreg/[\w./-]+@(\S+)", text) + [f"v{one}" for one in re.findall(r"gitreg-ml==([\w.]+)", text)]
    assert set(named) <= {f"v{__version__}"}


@pytest.mark.parametrize("path", STARTED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_python_of_a_job_looks_for_modules_in_its_checkout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert _PYTHON.findall(text) == []
    assert _BARE_PIP.findall(text) == []


@pytest.mark.parametrize("path", [path for path in CALLED if path.parent.parent == EXAMPLES], ids=lambda path: path.name)
def test_no_checkout_of_an_example_lacks_tags(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("GIT_DEPTH") == text.count("REGISTRY_GITREG: ")
    assert "actions/checkout" not in text


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / "gitreg").is_dir(), reason="a wheel is tested, without the source that would be installed")
@pytest.mark.timeout(300)
def test_the_action_installs_the_source_that_it_is_part_of_once(host: Host) -> None:
    runner = host.start("refs/tags/churn#prod#2")
    shutil.rmtree(runner.temp)
    runner.temp.mkdir()
    runner.env |= {
        name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_")) or name.endswith("_proxy")
    }
    plant_modules(runner.workspace)
    outputs = runner.run_action("registry-event")
    assert not (runner.workspace / "evil").exists()
    assert outputs["version"] == "v2.0.0"
    assert f"gitreg {__version__}" in runner.log
    assert Path(outputs["gitreg"]).is_relative_to(runner.temp)
    ready = next(runner.temp.glob("*/ready"))
    before = ready.stat().st_mtime_ns
    assert runner.run_action("setup-gitreg")["gitreg"] == outputs["gitreg"]
    assert ready.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "version", ["--help", "-e .", "1.0 evil", "https://example.com/evil.whl", "1.0\nevil", "git+https://x", "$(id)"]
)
def test_a_version_to_install_is_a_version_and_nothing_else(host: Host, version: str) -> None:
    runner = host.start("refs/tags/churn#prod#2", depth=None)
    with pytest.raises(AssertionError, match="no version of a package"):
        runner.run_action("setup-gitreg", {"version": version})


@pytest.mark.parametrize("extras", ["s3]==0.0.1 evil[s3", "--help", "s3;evil", "s3,\nevil", "../evil", "$(id)", "S3", ","])
def test_extras_to_install_are_plain_words_and_nothing_else(host: Host, extras: str) -> None:
    runner = host.start("refs/tags/churn#prod#2", depth=None)
    with pytest.raises(AssertionError, match="no plain words"):
        runner.run_action("setup-gitreg", {"extras": extras})


PYTHON: Final = """\
#!/bin/sh
case "$*" in
  *venv*) mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; printf '#!/bin/sh\\n' > "$4/bin/gitreg"; chmod +x "$4/bin/gitreg" ;;
  *pip*) printf 'asked for %s\\n' "${8}" >&2 ;;
esac
"""


@pytest.mark.parametrize(
    ("inputs", "asked"),
    [
        ({"extras": "s3, ssh"}, f"{ROOT}[s3,ssh]"),
        ({"version": "1.2.0", "extras": "gs"}, "gitreg-ml[gs]==1.2.0"),
        ({"version": "1.2.0"}, "gitreg-ml==1.2.0"),
    ],
)
def test_the_action_installs_the_extras_that_it_is_asked_for(host: Host, inputs: dict[str, str], asked: str) -> None:
    runner = host.start("refs/tags/churn#prod#2", depth=None)
    shutil.rmtree(runner.temp)
    programs = runner.folder / "programs"
    for folder in (runner.temp, programs):
        folder.mkdir(exist_ok=True)
    (programs / "python3").write_text(PYTHON, encoding="utf-8")
    (programs / "python3").chmod(0o755)
    runner.env["PATH"] = f"{programs}{os.pathsep}{runner.env['PATH']}"
    runner.run_action("setup-gitreg", inputs)
    assert f"asked for {asked}\n" in runner.log

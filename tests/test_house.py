"""The rules of the house that no tool holds. Each has its reason in .github/CONTRIBUTING.md."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import gitreg
from tests.support.repository import Repository

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = Path(gitreg.__file__).parent
MODULES: Final = sorted(PACKAGE.rglob("*.py"))

TOP_LEVEL: Final = frozenset({
    ".ci", ".editorconfig", ".gitattributes", ".github", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "artifacts.yaml.example",
    "examples", "gitreg", ".pre-commit-hooks.yaml", "pyproject.toml", "tests",
})  # fmt: skip

MOST_LINES: Final = 300
EMPTY_WORDS: Final = frozenset({"manager", "helper", "helpers", "util", "utils", "info", "infos", "handler", "handlers", "base"})
ABBREVIATIONS: Final = frozenset({"ver", "art", "cfg"})

VALUE_MODULES: Final = frozenset({
    "__future__", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "functools", "heapq", "itertools", "math",
    "operator", "packaging", "posixpath", "re", "semver", "string", "types", "typing", "unicodedata",
})  # fmt: skip
CLOCKS: Final = frozenset({"now", "today", "utcnow"})

HOT_COMMANDS: Final = (("--version",), ("parse-tag", "churn#prod#3"), ("check-ref", "churn@v1.0.0"))
HEAVY: Final = ("dvc", "git", "packaging", "pydantic", "rich", "ruamel", "semver", "yaml")
DRIVER: Final = """
import json, sys
sys.argv = ["gitreg", *sys.argv[1:]]
from gitreg.cli.main import main
try:
    code = main()
except SystemExit as stop:
    code = stop.code
sys.stderr.write("\\n" + json.dumps({"code": code or 0, "modules": sorted(sys.modules)}))
"""


def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def definitions(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public_definitions(scope: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in scope.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            if any(isinstance(mark, ast.Name) and mark.id == "overload" for mark in node.decorator_list):
                continue  # the one behind it says what it is for
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def words_of(name: str) -> set[str]:
    """`ManagerOfTags`, `tag_manager` -> the words in it, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def named(module: Path) -> str:
    return module.relative_to(PACKAGE.parent).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_file_of_the_package_is_short_enough_to_read(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_name_says_what_the_thing_is(module: Path) -> None:
    names = [module.stem, *(node.name for node in definitions(tree_of(module)))]
    assert [name for name in names if words_of(name) & EMPTY_WORDS] == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_name_is_written_out(module: Path) -> None:
    tree = tree_of(module)
    names = [module.stem, *(node.name for node in definitions(tree))]
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            names.append(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
    assert sorted({name for name in names if words_of(name) & ABBREVIATIONS}) == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_everything_public_says_what_it_is_for(module: Path) -> None:
    tree = tree_of(module)
    silent = [node.name for node in public_definitions(tree) if not ast.get_docstring(node)]
    assert ([] if ast.get_docstring(tree) else [module.name]) + silent == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.parent.name == "core" or m.name == "errors.py"], ids=named)
def test_the_core_imports_values_only_and_asks_no_clock(module: Path) -> None:
    imported = set()
    clocks = []
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            clocks.append(node.attr)
    ours = {name for name in imported if name == "gitreg.errors" or name.startswith("gitreg.core.")}
    assert {name for name in imported - ours if name.partition(".")[0] not in VALUE_MODULES} == set()
    assert clocks == []


def test_the_readme_is_the_page_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project.get("readme") == ("README.md" if (ROOT / "README.md").exists() else None)


def test_the_top_level_holds_only_what_belongs_there() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} - TOP_LEVEL == set()


def test_nothing_names_a_machine_or_a_package_index() -> None:
    places = ("/work/", "/tmp/env", "../" + "shared", "shared/" + "spec", "shared/" + "house", "pypi" + ".org", "python" + "hosted.org",
              "npm" + "js.org", "deb." + "debian.org")  # fmt: skip
    found = [
        f"{path.relative_to(ROOT)}: {place}"
        for path in tracked_files()
        if path != Path(__file__)
        for place in places
        if place.encode() in path.read_bytes()
    ]
    assert found == []


@pytest.mark.parametrize("command", HOT_COMMANDS, ids=" ".join)
def test_a_command_that_hooks_run_imports_no_heavy_library(command: tuple[str, ...], repository: Repository) -> None:
    repository.register("churn", "v1.0.0")
    completed = subprocess.run(
        [sys.executable, "-c", DRIVER, *command],
        cwd=repository.path,
        env={"PYTHONPATH": str(PACKAGE.parent), "TERM": "dumb", **repository.env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    report = json.loads(completed.stderr.splitlines()[-1])
    assert report["code"] == 0
    assert [name for name in report["modules"] if name.partition(".")[0] in HEAVY] == []

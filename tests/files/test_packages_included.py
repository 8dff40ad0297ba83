"""Files that other files of packages include."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.files.packages_included import list_included, may_include

REQUIREMENTS = """\
numpy==1.26.4
-r base.txt
 --requirement=../common/more.txt  # both
--requirement 'with blank.txt'
-rclose.txt
--pre -r ./late.txt
-c constraints.txt
-r https://user:secret@host/base.txt
-r ../../outside.txt
-r /etc/passwd
-r file:///etc/passwd
-r \\
  next.txt
--no-binary requests -e . --requirement
# -r comment.txt
torch --hash=sha256:ab -r none.txt
-r it's.txt
--requirem short.txt
--requireme=close.txt
--require-hashes
"""


def test_included_files_are_listed_by_their_lines_and_from_the_folder_of_the_file_that_includes_them() -> None:
    assert [tuple(found)[:2] for found in list_included("sub/requirements.txt", REQUIREMENTS.encode())] == [
        (2, "sub/base.txt"),
        (3, "common/more.txt"),
        (4, "sub/with blank.txt"),
        (5, "sub/close.txt"),
        (6, "sub/late.txt"),
        (8, ""),
        (9, ""),
        (10, ""),
        (11, ""),
        (12, "sub/next.txt"),
        (17, "sub/it's.txt"),
        (18, "sub/short.txt"),
        (19, "sub/close.txt"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_the_bytes_may_be_those_that_windows_writes(encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    assert list_included("requirements.txt", mark + "-r base.txt\r\n".encode(encoding))[0].path == "base.txt"


def test_an_environment_of_conda_includes_what_its_pip_does() -> None:
    text = 'dependencies:\n- python-rapidjson\n- pip:\n  - "-r requirements/a.txt"\n  - -r b.txt  # more\n  - numpy\n  - --requirement=c.txt\n'
    assert [found.path for found in list_included("env/environment.yml", text.encode())] == [
        "env/requirements/a.txt",
        "env/b.txt",
        "env/c.txt",
    ]


def test_a_file_that_includes_nothing_can_be_told_by_its_name() -> None:
    assert [may_include(path) for path in ("requirements.txt", "a/base.in", "conda.yaml", "pyproject.toml", "uv.lock")] == [
        True, True, True, True, False,
    ]  # fmt: skip


@given(st.text(alphabet="-r =./ab'\"\\\n#:", max_size=60))
def test_no_text_makes_it_fail_or_leave_the_repository(text: str) -> None:
    for path in ("requirements.txt", "environment.yml"):
        found = [one.path for one in list_included(path, text.encode())]
        assert not any(path.startswith(("/", "../")) or path == ".." for path in found)


DYNAMIC = '[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n'


@pytest.mark.parametrize(
    ("below", "found"),
    [
        ('[tool.setuptools.dynamic]\ndependencies = {file = ["requirements.txt", "../more.txt"]}', ["a/requirements.txt", "more.txt"]),
        ('[tool.setuptools.dynamic]\ndependencies = {file = "base.in"}', ["a/base.in"]),
        ("[tool.setuptools.dynamic]\ndependencies = {file = 3}", ["?"]),
        ("[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ['requirements.txt']", ["?"]),
        ("[tool.poetry.dependencies]\ntorch = '^2'", []),
        ("[tool", []),
    ],
)  # fmt: skip
def test_a_project_leaves_its_dependencies_to_files_or_to_its_build(below: str, found: list[str]) -> None:
    listed = list_included("a/pyproject.toml", f"{DYNAMIC}{below}\n".encode())
    assert [(one.line, "?" if one.by_build else one.path) for one in listed] == [(3, path) for path in found]


@pytest.mark.parametrize("text", ['[project]\ndynamic = ["version"]\n', "[project]\n", '[x]\ndynamic = ["dependencies"]\n'])
def test_a_project_that_names_its_dependencies_includes_none(text: str) -> None:
    assert list_included("pyproject.toml", text.encode()) == ()


def test_a_project_takes_along_what_it_needs() -> None:
    lines = "-e .\n--editable=..\n'../..[gpu]'\n../../..\n-e ./lib\n.\n"
    found = list_included("a/b/requirements.txt", lines.encode())
    assert [(one.line, one.path, one.is_project) for one in found] == [
        (1, "a/b", True), (2, "a", True), (3, "", True), (4, "", False), (6, "a/b", True),
    ]  # fmt: skip

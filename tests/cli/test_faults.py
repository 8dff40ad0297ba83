from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from gitreg.cli import console, faults
from gitreg.errors import GitregError, NotFound, SyntaxFault
from tests.cli.terminal import COMMAND, environment_of, experience
from tests.support.command import GitregCommand
from tests.support.repository import Repository


def shell(repository: Repository, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which ``$G`` is the command."""
    env = {**environment_of(repository, **more), "G": " ".join(COMMAND)}
    return subprocess.run(["bash", "-c", line], cwd=repository.path, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def long_story(repository: Repository) -> Repository:
    """More history than a pipe holds."""
    commit = repository.git("rev-parse", "HEAD")
    made = "".join(
        f"tag {'a' * 60}{number}#prod#1\nfrom {commit}\ntagger A <a@b> 1767225600 +0000\ndata 1\nx\n"
        for number in range(1500)
    )  # fmt: skip
    repository.git("fast-import", "--quiet", input=made)
    return repository


def test_lines_stand_in_the_order_they_were_said_where_both_streams_are_one_file(repository: Repository) -> None:
    said = shell(repository, "$G init 2>&1", PYTHONUNBUFFERED="").stdout.splitlines()
    assert [line.split()[0] for line in said] == ["Created", "Created", "Created", "hint:"]


@pytest.mark.parametrize("command", ["history", "history --json", "history --help"])
def test_a_reader_that_leaves_is_no_failure_of_ours(command: str, long_story: Repository) -> None:
    result = shell(long_story, f"$G {command} | head -c 0; echo ${{PIPESTATUS[0]}}")
    assert result.stderr == ""
    assert result.stdout == "141\n"


def test_a_closed_standard_output_is_no_traceback(story: Repository) -> None:
    result = shell(story, "$G show >&-")
    assert (result.stderr, result.returncode) == ("", 141)


def test_a_closed_standard_error_hides_no_exit_code(story: Repository) -> None:
    assert shell(story, "$G show nothing 2>&-").returncode == 3
    assert shell(story, "$G show nothing 2>&- >&- <&-").returncode == 3


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("command", ["show", "show --json", "--version", "--help"])
def test_a_full_disk_is_said(command: str, story: Repository) -> None:
    result = shell(story, f"$G {command} > /dev/full")
    assert (result.returncode, result.stderr) == (
        7,
        snapshot("""\
error: the output cannot be written: No space left on device
hint: free some space, or send the output elsewhere
"""),
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_behind_standard_error_changes_no_exit_code(story: Repository) -> None:
    assert shell(story, "$G show nothing 2> /dev/full").returncode == 3


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=str,
)
def test_output_never_fails_on_a_character(env: dict[str, str], story: Repository) -> None:
    story.commit({"artifacts.yaml": "churn:\n  description: Grüße 北京\n"})
    result = shell(story, "$G show; $G show 'Grüße'", **env)
    assert "Traceback" not in result.stderr
    assert "Gr" in result.stdout


def test_a_name_of_bytes_that_are_no_text_is_an_error_of_one_line(story: Repository) -> None:
    result = shell(story, "$G show $'ch\\xffurn\\e[31m'")
    assert (result.returncode, result.stderr) == (
        2,
        snapshot("""\
error: 'ch\\udcffurn\\x1b[31m' is no valid selector: an artifact's name is expected here
  ch\\u{dcff}urn\\x1b[31m
    ^
hint: a selector is 'churn', 'churn@v1.2.0', 'churn@latest', 'churn@stable' or 'churn#prod'
"""),
    )


def test_outside_a_repository(gitreg: GitregCommand, repository: Repository, tmp_path: Path) -> None:
    result = gitreg("show", cwd=tmp_path)
    assert experience(result).replace(str(tmp_path), "FOLDER") == snapshot("""\

exit 6
---- stderr
error: 'FOLDER' is not in a git repository
hint: change into one, or give --repo PATH
""")


def test_a_folder_that_is_not_there(gitreg: GitregCommand) -> None:
    assert experience(gitreg("show", "--repo", "/nowhere/at/all")) == snapshot("""\

exit 6
---- stderr
error: there is no folder '/nowhere/at/all'
hint: give --repo the path of a repository
""")


def test_a_wrong_selector_is_drawn_with_a_caret(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("show", "churn@1.2.0")) == snapshot("""\

exit 2
---- stderr
error: 'churn@1.2.0' is no valid selector: a version, 'latest' or 'stable' is expected here
  churn@1.2.0
        ^
hint: write 'v1.2.0'
""")


def test_the_caret_stands_below_the_place_also_behind_what_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    faults.report(SyntaxFault("selector", "a\x1bb!", 3, "no '!'"))
    assert capsys.readouterr().err == snapshot("""\
error: 'a\\x1bb!' is no valid selector: no '!'
  a\\x1bb!
        ^
""")


def test_the_caret_stands_below_the_place_also_behind_characters_of_two_columns(capsys: pytest.CaptureFixture[str]) -> None:
    faults.report(SyntaxFault("query", "模型>1 !", 5, "no '!'"))
    assert capsys.readouterr().err.splitlines()[2] == "  " + " " * 7 + "^"


def test_a_long_text_is_drawn_around_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    faults.report(SyntaxFault("selector", "a" * 100_000 + "!" + "b" * 100_000, 100_000, "no '!'"))
    said = capsys.readouterr().err
    assert len(said) < 3000
    assert said.splitlines()[1].lstrip() == "a" * 60 + "!" + "b" * 59


def test_an_error_with_control_characters_cannot_act(capsys: pytest.CaptureFixture[str]) -> None:
    faults.report(NotFound("there is no '\x1b[2J\u202e'", hint="\x07try \x9bagain"))
    assert capsys.readouterr().err == snapshot("""\
error: there is no '\\x1b[2J\\u{202e}'
hint: \\x07try \\x9bagain
""")


def _raise(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (NotFound("x"), 3),
        (GitregError("x"), 70),
        (console.ReaderLeft(), 141),
        (OSError(28, "No space left", "/a"), 7),
    ],
    ids=repr,
)
def test_the_class_of_an_error_decides_the_exit_code(error: BaseException, code: int) -> None:
    assert faults.run(lambda: _raise(error)) == code


def test_a_bug_is_one_line_and_a_log_that_can_be_pasted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["gitreg", "show", "https://ann:secret@example.com"])
    assert faults.run(lambda: _raise(ZeroDivisionError("x\x1b\ny"))) == 70
    said = capsys.readouterr().err
    log = next((tmp_path / "gitreg").iterdir())
    text = log.read_text()
    assert re.sub(r"log .*", "log PATH", said) == snapshot("""\
error: this is a bug of gitreg: ZeroDivisionError: x\\x1b
hint: please report it with the log PATH
""")
    assert str(log) in said
    assert "ZeroDivisionError" in text
    assert "Traceback" in text
    assert "gitreg 0." in text
    assert "python 3." in text
    assert "git " in text
    assert "secret" not in text
    assert "\x1b" not in text


def test_a_log_is_written_without_a_home(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("XDG_STATE_HOME", "HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert faults.run(lambda: _raise(RuntimeError("x"))) == 70
    assert str(tmp_path) in capsys.readouterr().err


def test_a_log_that_can_be_written_nowhere_is_no_second_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null/a")
    monkeypatch.setenv("HOME", "/dev/null/b")
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/dev/null/c")
    assert faults.run(lambda: _raise(RuntimeError("x"))) == 70
    assert capsys.readouterr().err == snapshot("""\
error: this is a bug of gitreg: RuntimeError: x
hint: please report it; --verbose shows more
""")


def test_no_home_is_enough_to_read(story: Repository) -> None:
    env = environment_of(story)
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "USERPROFILE"):
        env.pop(name, None)
    result = subprocess.run(
        [*COMMAND, "resolve", "churn#prod"], cwd=story.path, env=env, capture_output=True, text=True, check=False
    )
    assert (result.stdout, result.stderr, result.returncode) == ("v1.1.0\n", "", 0)

"""Running the console blocks of a Markdown file, one after the other, in one shell on a clock of their own.

A block is fenced as ``console``; a line that begins with ``$`` is a command (a final backslash continues it), what follows is
what it prints. A block below ``<!-- copy of PATH -->`` has the text of that file. ``python -m tests.docs.console README.md`` writes
what the commands print today, and what the files hold, into the file.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

START = 1_777_816_800  # 2026-05-03T14:00:00Z
ROOT = Path(__file__).resolve().parents[2]

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COPY = re.compile(r"^(<!-- copy of (\S+) -->\n```\w+\n).*?^```$", re.DOTALL | re.MULTILINE)
_END = "__end_of_command__"


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a block and what the document says that it prints."""

    command: str
    expected: str


def read_steps(block: str) -> list[Step]:
    """Cut the text of a block into commands and their output."""
    steps: list[Step] = []
    command: list[str] = []
    output: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ ") or (command and command[-1].endswith("\\") and not output):
            if line.startswith("$ ") and command:
                steps.append(Step("\n".join(command), "\n".join(output)))
                command, output = [], []
            command.append(line.removeprefix("$ "))
        else:
            output.append(line)
    if command:
        steps.append(Step("\n".join(command), "\n".join(output)))
    return steps


class Shell:
    """A bash that runs commands in an empty folder, with an identity and a clock of its own.

    Args:
        folder: the folder; HOME is in it too.
    """

    def __init__(self, folder: Path) -> None:
        """Start bash."""
        home = folder / "home"
        home.mkdir()
        (home / ".gitconfig").write_text(
            "[user]\n\tname = Ann Example\n\temail = ann@example.com\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n"
        )
        work = folder / "work"
        work.mkdir()
        scripts = Path(sys.executable).parent
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITREG_", "PYTHON", "XDG_"))
        }
        environment |= {"HOME": str(home), "PATH": f"{scripts}:{environment['PATH']}", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        environment |= {"GIT_CONFIG_NOSYSTEM": "1", "EXAMPLES": str(ROOT / "examples"), "COLUMNS": "100"}
        self._now = START
        self._process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=work,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: str) -> str:
        """Run a command and return what it prints, standard error too."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._now += 60
        date = f"{self._now} +0000"
        clock = f"export GITREG_NOW={self._now} GIT_AUTHOR_DATE='{date}' GIT_COMMITTER_DATE='{date}'"
        self._process.stdin.write(f"{clock}\n{{ {command}\n}} </dev/null\nprintf '\\n%s\\n' {_END}\n")
        self._process.stdin.flush()
        lines: list[str] = []
        for line in self._process.stdout:
            if line.rstrip("\n") == _END:
                break
            lines.append(line)
        return "".join(lines).rstrip("\n").removesuffix("\n")

    def close(self) -> None:
        """End bash."""
        self._process.communicate()


def matches(expected: str, printed: str) -> bool:
    """Compare what the document says with what was printed; ``...`` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.split("..."))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def run_document(text: str, folder: Path) -> str:
    """Run all blocks of a document and write what they print in their places, and files where copies of them stand.

    Returns:
        The document as it should be; an output that matches, with its ``...``, stays as it is.
    """
    shell = Shell(folder)

    def run_block(match: re.Match[str]) -> str:
        lines: list[str] = []
        for step in read_steps(match[1]):
            printed = shell.run(step.command)
            kept = step.expected if matches(step.expected, printed) else printed
            first, *more = step.command.split("\n")
            lines += [f"$ {first}", *more, *([kept] if kept else [])]
        return "```console\n" + "\n".join(lines) + "\n```"

    def copy_file(match: re.Match[str]) -> str:
        return f"{match[1]}{(ROOT / match[2]).read_text(encoding='utf-8')}```"

    try:
        return _COPY.sub(copy_file, _BLOCK.sub(run_block, text))
    finally:
        shell.close()


def main(file: str) -> None:
    """Write what the commands of a file print today into it."""
    path = Path(file)
    with tempfile.TemporaryDirectory() as folder:
        path.write_text(run_document(path.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])

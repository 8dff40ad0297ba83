"""Text in the log of a job: GitHub's runner takes lines of it for commands to itself.

A line that begins with ``::`` (behind blanks, too) is one, and so is what stands behind ``##[`` anywhere in a line. Source: the
parser of the runner, https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
"""

from __future__ import annotations

import re

_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)


def disarm(text: str) -> str:
    """Write a text so that no line of it is a command; it looks nearly the same."""
    return _COMMAND.sub(lambda match: f"{match[1]}\\x3a" if match[1] is not None else "\\x23", text)


def disarm_xml(text: str) -> str:
    """Write XML so that no line of it is a command; it means the same."""
    return _COMMAND.sub(lambda match: f"{match[1]}&#58;" if match[1] is not None else "&#35;", text)


def disarm_json(text: str) -> str:
    """Write JSON so that no line of it is a command; it means the same."""
    return text.replace("##[", "\\u0023#[")

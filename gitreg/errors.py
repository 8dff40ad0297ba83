"""Every exception of gitreg and the exit code that its class stands for.

The class decides the exit code of the command line; the facts of an error are attributes of the exception, its message is one
sentence, and its hint is a sentence or a command that helps.
"""

from __future__ import annotations

from typing import ClassVar


class GitregError(Exception):
    """An error that gitreg understands.

    Args:
        message: one sentence that says what is wrong, without a full stop.
        hint: a sentence or a command that helps, or an empty text.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Keep the sentence and the hint."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageFault(GitregError):
    """The request itself is wrong: a bad name, selector, version, date or option."""

    exit_code = 2


class NotFound(GitregError):
    """There is no such artifact, version, stage, tag or revision."""

    exit_code = 3


class Conflict(GitregError):
    """It exists already, or others were faster five times."""

    exit_code = 4


class Refused(GitregError):
    """Settings or policy, ours or the remote's, forbid it."""

    exit_code = 5


class Unanswerable(GitregError):
    """This repository cannot answer: not a repository, shallow or without its tags, damaged."""

    exit_code = 6


class ExternalFault(GitregError):
    """Something outside failed: git, the remote, the file system; a retry may help."""

    exit_code = 7


class Corrupted(ExternalFault):
    """Bytes that are not those that were registered.

    Args:
        address: where they came from, without secrets.
        expected: what they should be: a hash, or a size.
        found: what they are.
    """

    def __init__(self, address: str, expected: str, found: str, *, hint: str = "") -> None:
        """Build the sentence."""
        super().__init__(f"{address} is damaged or was exchanged: {expected} was expected, and {found} was found", hint=hint)
        self.address = address
        self.expected = expected
        self.found = found


class SyntaxFault(UsageFault):
    """A text does not follow its grammar.

    Args:
        kind: what the text should have been: ``artifact name``, ``selector``, ``version``.
        text: the whole text.
        position: the index of the first character that does not fit.
        expected: what would have fitted there.
    """

    def __init__(self, kind: str, text: str, position: int, expected: str, *, hint: str = "") -> None:
        """Build the sentence and the caret from the facts."""
        super().__init__(f"{text!r} is no valid {kind}: {expected}", hint=hint)
        self.kind = kind
        self.text = text
        self.position = position
        self.expected = expected


class Raced(GitregError):
    """A name that had to be free was taken meanwhile: decide again. Never reaches a person."""

    exit_code = 4


class SettingsFault(Refused):
    """The settings cannot be followed: an unknown key, a wrong type, a bad name, no YAML.

    Args:
        message: one sentence.
        file: ``.gitreg.yaml``, ``.gto``, or None where an environment variable is wrong.
        line: line in that file, from 1.
        column: column in that line, from 1.
    """

    def __init__(
        self, message: str, *, file: str | None = None, line: int | None = None, column: int | None = None, hint: str = ""
    ) -> None:
        """Put the place before the sentence."""
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {message}" if place else message, hint=hint)
        self.file = file
        self.line = line
        self.column = column


class FileFault(Refused):
    """A file has problems, so that it cannot be edited without losing something of it.

    Args:
        message: one sentence that names the place.
        file: path of the file, or an empty text where the caller knows it.
        line: line of the first problem, from 1.
    """

    def __init__(self, message: str, *, file: str = "", line: int | None = None, hint: str = "") -> None:
        """Keep the place."""
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line


class AnswerIsNo(GitregError):
    """The question was understood, and its answer is no."""

    exit_code = 1

"""Reading the settings: ``.gitreg.yaml``, or GTO's ``.gto`` where there is none, and the environment over both."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from typing import Any, Final

from gitreg.core.names import check_stage_name, is_name, is_ref_path
from gitreg.core.problems import Problem
from gitreg.core.settings import Settings
from gitreg.errors import SettingsFault, SyntaxFault
from gitreg.files.fields import closest
from gitreg.files.nodes import Faulty, Mapping, Node, Scalar
from gitreg.files.values import TEXT, Wrong, take_bool, take_items, take_text
from gitreg.files.yaml import parse_yaml

FILE: Final = ".gitreg.yaml"
GTO_FILE: Final = ".gto"

VARIABLES: Final = {
    "GITREG_STAGES": "stages",
    "GITREG_TYPES": "types",
    "GITREG_REMOTE": "remote",
    "GITREG_PUSH": "push",
}
"""The environment variables and the keys that they override; a variable that is empty counts as absent."""

_KEYS: Final = tuple(VARIABLES.values())
_GTO_KEYS: Final = ("stages", "types")
_TRUTH: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_REMOTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")


def read_settings(gitreg_yaml: bytes | None, gto: bytes | None, environ: MappingOf[str, str]) -> Settings:
    """Read the settings of a repository.

    Args:
        gitreg_yaml: the bytes of ``.gitreg.yaml``, or None where there is no such file.
        gto: the bytes of ``.gto``, or None; it counts only where there is no ``.gitreg.yaml``.
        environ: the environment variables.

    Returns:
        The settings.

    Raises:
        SettingsFault: something in them is wrong; they are followed wholly or not at all.
    """
    settings, problems = _read(gitreg_yaml, gto, environ)
    for problem in problems:
        place: dict[str, Any] = {"file": problem.file, "line": problem.line, "column": problem.column}
        hint = problem.hint or "correct it, or delete the key: every key has a default"
        raise SettingsFault(problem.message, hint=hint, **place)
    return settings


def check_settings(gitreg_yaml: bytes | None, gto: bytes | None, environ: MappingOf[str, str]) -> list[Problem]:
    """Find all that is wrong with the settings.

    Args:
        gitreg_yaml: as in `read_settings`.
        gto: as in `read_settings`.
        environ: as in `read_settings`.

    Returns:
        Problems with the code GR112.
    """
    return _read(gitreg_yaml, gto, environ)[1]


def _read(gitreg_yaml: bytes | None, gto: bytes | None, environ: MappingOf[str, str]) -> tuple[Settings, list[Problem]]:
    """Read what is right, and say what is wrong."""
    reader = _SettingsReader(GTO_FILE if gitreg_yaml is None else FILE)
    data = gto if gitreg_yaml is None else gitreg_yaml
    found = {} if data is None else reader.read_file(data)
    found.update(reader.read_environment(environ))
    return Settings(**found, file=None if data is None else reader.file), reader.problems


class _SettingsReader:
    """Reads the keys of one file and the variables, and collects what is wrong."""

    def __init__(self, file: str) -> None:
        """Begin without problems."""
        self.file = file
        self.problems: list[Problem] = []
        self._of_gto = file == GTO_FILE

    def read_file(self, data: bytes) -> dict[str, Any]:
        """Read the keys of the file."""
        document = parse_yaml(data, self.file, forgiving=self._of_gto)
        for problem in document.problems:
            self._report(problem.message, problem.line, problem.column, problem.hint)
        if document.root is None and not document.problems:
            self._report("the top level is no mapping", 1, 1, "write 'stages: [dev, prod]'")
        return self._read_keys(document.root) if document.root else {}

    def read_environment(self, environ: MappingOf[str, str]) -> dict[str, Any]:
        """Read the variables."""
        found: dict[str, Any] = {}
        for variable, key in VARIABLES.items():
            text = environ.get(variable, "").strip()
            if text:
                wrong, found[key] = self._variable_value(key, text)
                if wrong:
                    self.problems.append(Problem(code="GR112", message=f"{variable} {wrong}", hint=f"set or unset {variable}"))
        return found

    def _read_keys(self, root: Mapping) -> dict[str, Any]:
        """Read what is known, and report the rest."""
        found: dict[str, Any] = {}
        for key, node in root.pairs:
            name = str(key.value).lower() if self._of_gto else str(key.value)
            if self._of_gto and name not in _GTO_KEYS:
                continue
            if name not in _KEYS:
                hint = closest(name, _KEYS, f"the keys are {', '.join(_KEYS)}")
                self._report(f"the key {name!r} is unknown", key.line, key.column, hint)
            elif not isinstance(node, Faulty) and not (isinstance(node, Scalar) and node.value is None):
                self._read_key(name, node, found)
        return found

    def _read_key(self, name: str, node: Node, found: dict[str, Any]) -> None:
        """Read one key, or report why it cannot be read."""
        try:
            value = _TAKERS[name](node)
        except Wrong as error:
            hint = "write the value in quotes" if error.expected == TEXT and isinstance(error.node, Scalar) else ""
            message = f"{name!r} must be {error.expected}, not {error.found}"
            self._report(message, error.node.line, error.node.column, hint)
            return
        wrong = self._value_problem(name, value)
        if wrong:
            self._report(f"{name!r} {wrong}", node.line, node.column, "")
        else:
            found[name] = value

    def _variable_value(self, key: str, text: str) -> tuple[str, Any]:
        """Read the text of a variable, and say what is wrong with it."""
        if key == "push":
            value: Any = _TRUTH.get(text.lower())
            return ("" if value is not None else f"is {text!r}, not 1, true, yes, 0, false or no"), bool(value)
        value = text if key == "remote" else tuple(part.strip() for part in text.split(",") if part.strip())
        return self._value_problem(key, value), value

    def _value_problem(self, key: str, value: Any) -> str:
        """Say what is wrong with a value of the right type."""
        if key == "remote":
            return (
                ""
                if is_remote_name(value)
                else f"is {value!r}, which is no name of a remote: letters, digits, '_', '.', '/', '-'"
            )
        if key == "push":
            return ""
        twice = next((item for item in value if value.count(item) > 1), None)
        if twice is not None:
            return f"names {twice!r} twice"
        return next((wrong for wrong in map(self._stage_problem, value) if wrong), "") if key == "stages" else ""

    def _stage_problem(self, stage: str) -> str:
        """Say what is wrong with a stage; GTO allows more than gitreg writes."""
        if self._of_gto and is_name(stage):
            return ""
        try:
            check_stage_name(stage)
        except SyntaxFault as error:
            return f"names {stage!r}, which is no valid stage: {error.expected}"
        return ""

    def _report(self, message: str, line: int | None, column: int | None, hint: str) -> None:
        """Note a problem of the file."""
        self.problems.append(Problem(code="GR112", message=message, file=self.file, line=line, column=column, hint=hint))


def is_remote_name(text: str) -> bool:
    """Say whether a text is the name of a remote that cannot be taken for an option, an address or a path."""
    return _REMOTE.fullmatch(text) is not None and is_ref_path(text)


def _take_texts(node: Node) -> tuple[str, ...]:
    """Take a list of texts."""
    return tuple(take_text(item) for item in take_items(node, "a list of texts"))


_TAKERS: Final[dict[str, Callable[[Node], Any]]] = {
    "stages": _take_texts,
    "types": _take_texts,
    "remote": take_text,
    "push": take_bool,
}

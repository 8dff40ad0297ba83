"""The scripts that make shells complete."""

from __future__ import annotations

from enum import StrEnum


class Shell(StrEnum):
    """The shells that complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def read_script(shell: Shell) -> str:
    """Read the script that a shell is to evaluate."""
    from importlib.resources import files

    return (files("gitreg") / "cli" / "scripts" / f"gitreg.{shell.value}").read_text(encoding="utf-8")

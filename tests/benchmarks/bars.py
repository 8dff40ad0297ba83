"""What must be reached: each bar is a command, what it is held against, and how much it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.benchmarks.generate import Size
from tests.benchmarks.measure import Command, Registries, for_each_ref, gitreg_command

TINY: Final = Size(10, 1_000)
SMALL: Final = Size(100, 10_000)
LARGE: Final = Size(1_000, 100_000)
ANNOTATED: Final = Size(100, 10_000, entries=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A command may take `factor` times what another one takes, and `extra` seconds.

    Attributes:
        against: the other command; None: `extra` alone counts.
        megabytes: the most memory that it may take, or None: any.
    """

    command: Command
    against: Command | None = None
    factor: float = 1.0
    extra: float = 0.0
    megabytes: float | None = None

    def seconds(self, registries: Registries) -> float:
        """Compute how many seconds the command may take on this machine, now."""
        return (registries.measure(self.against).seconds * self.factor if self.against else 0.0) + self.extra

    def __str__(self) -> str:
        """Write the bar as the table does."""
        parts = [f"{self.factor:g} x"] if self.against and self.factor != 1 else []
        parts += [f"{self.extra:g} s{' more' if self.against else ''}"] if self.extra else []
        parts += [f"{self.megabytes:g} MB"] if self.megabytes else []
        than = (
            f" than with {self.against.size.entries} entries" if self.against and self.against.name == self.command.name else ""
        )
        return f"<= {', '.join(parts)}{than}"


def show(size: Size) -> Command:
    """``gitreg show``."""
    return gitreg_command("show", size, lambda _: ("show",))


BARS: Final = (
    Bar(command=show(SMALL), against=for_each_ref(SMALL), extra=0.35),
    Bar(command=show(LARGE), against=for_each_ref(LARGE), factor=2.2, megabytes=400),
    Bar(command=gitreg_command("show NAME", LARGE, lambda _: ("show", "model-7")), extra=0.3),
    Bar(command=gitreg_command("resolve NAME#prod", LARGE, lambda _: ("resolve", "model-7#prod")), extra=0.3),
    Bar(command=gitreg_command("register NAME", LARGE, lambda run: ("register", "model-8", f"HEAD~{run}")), extra=0.3),
    Bar(command=gitreg_command("assign NAME@VERSION prod", LARGE, lambda run: ("assign", f"model-9@v1.{run + 1}.0", "prod")), extra=0.3),
    Bar(command=gitreg_command("check-ref TAG", LARGE, lambda _: ("check-ref", "model-7#prod#2")), extra=0.15),
    Bar(command=gitreg_command("parse-tag TAG", LARGE, lambda _: ("parse-tag", "model-7#prod#2")), extra=0.15),
    Bar(command=gitreg_command("--version", LARGE, lambda _: ("--version",)), extra=0.15),
    Bar(command=show(ANNOTATED), against=show(SMALL), extra=0.25),
)  # fmt: skip

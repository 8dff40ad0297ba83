"""Every read of the API by the command that a person would type, in a registry with ``model-0`` in ``prod``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from gitreg import Registry

Read: TypeAlias = Callable[[Registry], object]

READS: Final[dict[str, Read]] = {
    "show": lambda registry: registry.show(),
    "show --at DATE": lambda registry: registry.show(at="2026-01-01T00:02"),
    "show --at REV": lambda registry: registry.show(at="HEAD"),
    "show NAME": lambda registry: registry.show("model-0"),
    "show NAME --at DATE": lambda registry: registry.show("model-0", at="2026-01-02"),
    "show NAME --at REV": lambda registry: registry.show("model-0", at="HEAD"),
    "show NAME@V": lambda registry: registry.show("model-0@v1.1.0"),
    "show NAME@latest": lambda registry: registry.show("model-0@latest"),
    "show NAME#S": lambda registry: registry.show("model-0#prod"),
    "show NAME#S --at DATE": lambda registry: registry.show("model-0#prod", at="2026-01-03"),
    "resolve NAME@latest": lambda registry: registry.resolve("model-0@latest"),
    "resolve NAME#S": lambda registry: registry.resolve("model-0#prod"),
    "resolve NAME#S --path": lambda registry: registry.resolve("model-0#prod", path=True),
    "resolve NAME#S --path --at DATE": lambda registry: registry.resolve("model-0#prod", path=True, at="2026-01-03"),
    "history": lambda registry: registry.history(),
    "history NAME": lambda registry: registry.history("model-0"),
    "history NAME@V": lambda registry: registry.history("model-0@v1.1.0"),
    "history NAME#S --since DATE": lambda registry: registry.history("model-0#prod", since="2026-01-01"),
    "stages": lambda registry: registry.stages(),
    "stages --at DATE": lambda registry: registry.stages(at="2026-01-01"),
    "check-ref TAG": lambda registry: registry.check_ref("model-0@v1.1.0"),
    "names": lambda registry: registry.names(),
    "versions": lambda registry: registry.versions_of("model-0"),
    "stage names": lambda registry: registry.stage_names(),
}
NOT_FOUND: Final[dict[str, Read]] = {
    "show NOBODY": lambda registry: registry.show("nobody"),
    "show NOBODY --at REV": lambda registry: registry.show("nobody", at="HEAD"),
    "show NAME@NOTHING": lambda registry: registry.show("model-0@v9.9.9"),
    "show NOBODY@latest --at REV": lambda registry: registry.show("nobody@latest", at="HEAD"),
    "show NAME#NOTHING": lambda registry: registry.show("model-0#nothing"),
    "show --at NOTHING": lambda registry: registry.show(at="nothing"),
    "resolve NOBODY@latest": lambda registry: registry.resolve("nobody@latest"),
    "resolve NOBODY#S --at REV": lambda registry: registry.resolve("nobody#prod", at="HEAD"),
    "resolve NAME#NOTHING": lambda registry: registry.resolve("model-0#nothing"),
    "resolve NAME#S --at long ago": lambda registry: registry.resolve("model-0#prod", at="1999-12-31"),
    "history NOBODY": lambda registry: registry.history("nobody"),
    "history NAME@NOTHING": lambda registry: registry.history("model-0@v9.9.9"),
    "history NAME#NOTHING": lambda registry: registry.history("model-0#nothing"),
    "check-ref NOTHING": lambda registry: registry.check_ref("model-0@v9.9.9"),
}

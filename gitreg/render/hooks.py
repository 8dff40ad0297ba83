"""What `hooks install` and `hooks uninstall` did, as sentences and as JSON."""

from __future__ import annotations

from typing import Final

from gitreg.core.hooks import Act, Hooked
from gitreg.render.json_values import Shape

_DONE: Final = {
    Act.WRITE: ("Wrote {target}", "Would write {target}"),
    Act.UPDATE: ("Updated {target}", "Would update {target}"),
    Act.KEEP: ("Kept the hook that was there as {other}; it runs first", "Would keep the hook that is there as {other}"),
    Act.REMOVE: ("Removed {target}", "Would remove {target}"),
    Act.RESTORE: ("Put back {target}, as it was before", "Would put back {target}, as it was before"),
    Act.SET: ("Set {target}", "Would set {target} to {other}"),
    Act.UNSET: ("Unset {target}", "Would unset {target}"),
}


def describe_hooked(hooked: Hooked) -> tuple[str, ...]:
    """Say what changed, one sentence for each thing."""
    if not hooked.changes:
        return ("Nothing to change: all is installed" if hooked.installed else "Nothing to change: nothing is installed",)
    return tuple(_DONE[change.act][hooked.dry_run].format(target=change.target, other=change.other) for change in hooked.changes)


def shape_hooked(hooked: Hooked) -> Shape:
    """Shape what changed."""
    return {
        "changes": [
            {"act": change.act.value, "target": change.target, "other": change.other or None} for change in hooked.changes
        ],
        "installed": hooked.installed,
        "dry_run": hooked.dry_run,
        "notes": list(hooked.notes),
    }

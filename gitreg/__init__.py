"""gitreg makes a git repository the model registry."""

from typing import TYPE_CHECKING

from gitreg.version import __version__

if TYPE_CHECKING:  # so that type checkers of our users know what `__getattr__` gives
    from gitreg.registry import Registry

__all__ = ["Registry", "__version__"]


def __getattr__(name: str) -> object:
    """Import the API when it is asked for: the command line answers ``--version`` and completes without it."""
    if name == "Registry":
        from gitreg.registry import Registry

        return Registry
    message = f"module 'gitreg' has no attribute {name!r}"
    raise AttributeError(message)

"""The Python API: one class, one method per verb, core values out, nothing printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitreg.registry.bytes import Bytes
from gitreg.registry.ci import Automating
from gitreg.registry.comparing import Comparing
from gitreg.registry.diffing import Diffing
from gitreg.registry.exporting import Exporting
from gitreg.registry.hooking import Hooking
from gitreg.registry.inspecting import Inspecting, inspect_file
from gitreg.registry.keeping import Keeping
from gitreg.registry.knowing import Knowing
from gitreg.registry.notifying import Notifying
from gitreg.registry.opened import git_version
from gitreg.registry.reading import Reading
from gitreg.registry.reconciling import Reconciling
from gitreg.registry.reproducing import Reproducing
from gitreg.registry.searching import Searching
from gitreg.registry.storing import Storing
from gitreg.registry.tracing import Tracing
from gitreg.registry.writing import Writing

if TYPE_CHECKING:
    from gitreg.operations.options import EditOptions, GetOptions, ShowOptions, WriteOptions


class Registry(
    Reading,
    Writing,
    Keeping,
    Bytes,
    Storing,
    Searching,
    Inspecting,
    Comparing,
    Diffing,
    Tracing,
    Exporting,
    Reproducing,
    Knowing,
    Reconciling,
    Notifying,
    Automating,
    Hooking,
):
    """The model registry that a git repository is.

    Every method reads the repository anew, so that no answer is stale. Close it, or use it as a context manager, to end the git
    process that it keeps.

    Example::

        with Registry(".") as registry:
            print(registry.resolve("churn#prod").version)

    Args:
        path: a folder in the repository.

    Raises:
        Unanswerable: there is no repository, or it is damaged or somebody else's.
    """


def __getattr__(name: str) -> object:
    """Import the types of options when somebody names one: no command needs them."""
    if name not in {"EditOptions", "GetOptions", "ShowOptions", "WriteOptions"}:
        raise AttributeError(name)
    from gitreg.operations import options

    return getattr(options, name)


__all__ = ["EditOptions", "GetOptions", "Registry", "ShowOptions", "WriteOptions", "git_version", "inspect_file"]

"""`diff`: what changed in the registry between two revisions, or between one and files that nobody has committed."""

from __future__ import annotations

from gitreg.core.names import is_name
from gitreg.core.registry_diff import RegistryDiff
from gitreg.errors import UsageFault
from gitreg.git.loose import LooseObjects, open_beside
from gitreg.operations.context import Context
from gitreg.operations.diff_sides import Request, open_sides

__all__ = ["Request", "diff"]


def diff(context: Context, request: Request) -> RegistryDiff:
    """Say what changed in the registry.

    Args:
        context: where.
        request: which sides are compared, and with what else.

    Raises:
        UsageFault: the request contradicts itself.
        NotFound: there is no such revision.
        Unanswerable: this clone lacks the history or the tags that decide it.
    """
    if request.against is not None and not is_name(request.against):
        raise UsageFault(f"{request.against!r} is no name of a stage", hint="see which there are: gitreg stages")
    if context.repository.mirror is not None:
        return _diff(context, None, request)
    with open_beside(context.repository) as (beside, objects):
        return _diff(Context(beside), objects, request)


def _diff(context: Context, objects: LooseObjects | None, request: Request) -> RegistryDiff:
    """Compare in a repository that may have objects beside it."""
    sides = open_sides(context, objects, request)
    base, head = sides
    notes = (*base.notes, *head.notes)
    empty = RegistryDiff(base=base.revision, head=head.revision, stage=request.against, notes=notes)
    if base.commit == head.commit:
        return empty
    from gitreg.operations.diff_contents import compare_contents  # to import it takes longer than to see that nothing differs

    return compare_contents(context, request, sides, empty)

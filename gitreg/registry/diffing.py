"""The verb that says what a change does to the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.registry_diff import RegistryDiff


class Diffing(Opened):
    """What changed between two revisions."""

    def diff(
        self,
        base: str | None = None,
        head: str | None = None,
        *,
        merge_base: bool = False,
        staged: bool = False,
        against: str | None = None,
        fetch: bool = False,
    ) -> RegistryDiff:
        """Say what changed in the registry: artifacts that were added, removed, renamed or changed, and what `check` finds.

        Args:
            base: a revision, or a selector such as ``churn#prod``; None: the merge base of HEAD with the default branch, or with
                the branch that a pull request goes to.
            head: another one; None: the work tree (in a bare repository HEAD).
            merge_base: take the merge base of the two in place of `base`.
            staged: take the index in place of the work tree.
            against: a stage; each artifact that changed is compared with what holds it, too.
            fetch: bring the remote's registry tags first.

        Returns:
            What differs; nothing is written to the repository, and nothing that it configures is run.

        Raises:
            UsageFault: the request contradicts itself.
            NotFound: there is no such revision.
            Unanswerable: this clone lacks the history or the tags that decide it.
        """
        from gitreg.operations.diff import Request, diff

        fetched = self._fetch(fetch=fetch)
        request = Request(base=base, head=head, merge_base=merge_base, staged=staged, against=against, fetched=fetched)
        return diff(self._context, request)

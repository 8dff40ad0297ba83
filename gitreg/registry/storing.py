"""The verbs that look after the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitreg.core.selectors import parse_selector
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.contents import Advance
    from gitreg.core.garbage import Garbage
    from gitreg.core.verdicts import Verification


class Storing(Opened):
    """Whether the bytes are where they should be, and none besides."""

    def verify(
        self,
        selector: str | None = None,
        *,
        remote: str | None = None,
        deep: bool = False,
        jobs: int | None = None,
        fetch: bool = False,
        advance: Advance | None = None,
    ) -> Verification:
        """Find out whether the bytes of versions are where they should be, with the right size.

        Args:
            selector: a version, the holder of a stage, or an artifact: all its active versions; None: all active versions.
            remote: the storage to ask in place of the one that is configured: the name of a DVC remote, an address or a path.
            deep: read every object and hash it.
            jobs: questions at once; None: eight.
            fetch: bring the remote's registry tags (of the artifact that is named, if one is) first.
            advance: told of each piece that is read; None: nobody is.

        Returns:
            A verdict for each version; what could not be asked is never taken for well.

        Raises:
            NotFound: there is no such artifact or version.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.core.contents import no_advance
        from gitreg.operations.verify import verify
        from gitreg.operations.verify_places import Verifying

        parsed = parse_selector(selector) if selector is not None else None
        fetched = self._fetch(fetch=fetch, artifact=parsed.artifact if parsed else None)
        how = Verifying(remote=remote, deep=deep, jobs=jobs, advance=advance or no_advance)
        return verify(self._context, parsed, how=how, fetched=fetched)

    def gc(self, *, remote: str | None = None, older_than: float = 14, delete: bool = False) -> Garbage:
        """Find what no tag, branch or other ref needs of the bytes that DVC keeps, and delete it if that is wanted.

        Every version that was ever registered is kept. Repositories that share a storage do not know of each other.

        Args:
            remote: the storage: the name of a DVC remote, an address or a path; None: DVC's cache of this clone.
            older_than: days; what is younger is left alone.
            delete: delete, and not only say what.

        Raises:
            NotFound: there is no such storage or cache.
            Refused: the storage keeps files under their own names.
            Unanswerable: this clone is not whole or is behind its remote, or the list of a folder cannot be read: nobody here
                can know what is needed, and nothing is deleted.
            ExternalFault: the git remote or the storage does not answer.
        """
        from gitreg.operations.gc import Collecting, collect_garbage

        return collect_garbage(self._context, Collecting(remote=remote, days=older_than, delete=delete))

"""The verbs that look after the bytes."""

from __future__ import annotations

from gitreg.core.garbage import Garbage
from gitreg.registry.opened import Opened


class Storing(Opened):
    """Whether the bytes are where they should be, and none besides."""

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

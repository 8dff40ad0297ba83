"""What takes the rows of tables, whatever is made of them."""

from __future__ import annotations

from abc import ABC, abstractmethod

from gitreg.core.exports import Row


class TableWriter(ABC):
    """Takes rows of tables, and has written them all when it is closed."""

    @abstractmethod
    def write(self, row: Row) -> None:
        """Take a row."""

    @abstractmethod
    def close(self, *, whole: bool = True) -> None:
        """Write what is left.

        Args:
            whole: whether all rows were taken; else what is written is of no use.
        """

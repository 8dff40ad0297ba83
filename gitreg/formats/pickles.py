"""Pickles, also those of joblib, which has the values of arrays stand between the steps."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.array_types import item_size
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.pickle_machine import Machine
from gitreg.formats.pickle_steps import STEPS
from gitreg.formats.pickle_values import Made, Name, array_shape, array_texts, find_made, is_wrapper
from gitreg.formats.safe_imports import is_safe

_WRAPPED: Final = frozenset({"allow_mmap", "dtype", "order", "shape", "subclass"})
_ALIGNMENT: Final = "numpy_array_alignment_bytes"
_BROKEN: Final = "nobody knows what"
_LARGEST_ARRAY: Final = 1 << 62  # whoever reads it counts with 64 bits
_MAKERS: Final = {"copyreg._reconstructor", "copyreg.__newobj__"}
_DEEPEST: Final = 8
_MOST_FEATURES: Final = 10_000


class Pickles:
    """Goes through one pickle after the other.

    Args:
        reader: what holds them.
        draft: what to fill.
        start: where the first one begins.
        joblib: whether values of arrays may stand between the steps.
    """

    def __init__(self, reader: Reader, draft: Draft, start: int = 0, *, joblib: bool = True) -> None:
        """Read nothing yet."""
        self._draft = draft
        self._cursor = Cursor(reader, start)
        self._joblib = joblib
        self._deep = 0
        self._machine: Machine | None = None
        self._steps = 0
        self.made: list[Made] = []
        self.array_at = 0
        self.hidden = False

    @property
    def position(self) -> int:
        """Say where the next one begins."""
        return self._cursor.position

    def read(self) -> object:
        """Go through one pickle; what loading the whole would import is in the draft, even if it breaks off.

        Raises:
            Damaged: it breaks off or is none; that counts as unsafe, since another program may understand it.
        """
        machine = Machine(self._cursor, on_import=self._import, on_made=self._make, on_built=self._build)
        before, self._machine = self._machine, machine
        machine.steps = before.steps if before else self._steps
        try:
            return machine.run(STEPS)
        except Damaged:
            self._draft.unsafe.add(f"{_BROKEN}, since it is damaged or breaks off at byte {self._cursor.position}")
            raise
        finally:
            self._draft.unsafe |= machine.strange
            self.hidden |= machine.hidden
            self._steps = machine.steps
            if before is not None:
                before.steps = machine.steps
            self._machine = before

    def peek(self) -> int | None:
        """Look at the byte where the next one begins; None: there is none."""
        with suppress(Damaged):
            byte = self._cursor.take(1)[0]
            self._cursor.position -= 1
            return byte
        return None

    def change_draft(self, draft: Draft) -> None:
        """Read from now on as `pickle.load` would, to which values of arrays are steps, and fill another draft."""
        self._draft, self._joblib = draft, False

    def _import(self, name: Name | None) -> None:
        """Keep what would be imported."""
        if name is None:
            self._draft.unsafe.add("an import whose name is not plain")
        else:
            self._draft.need(name.full, safe=is_safe(name))

    def _make(self, made: Made) -> None:
        """Keep what is called; an object that was made and is called then runs code of its own."""
        if not isinstance(made.call, Name):
            self._draft.unsafe.add("a call of something that is no plain name")
        if made.name.startswith("torch._utils."):
            self.made.append(made)
            del self.made[100_000:]

    def _build(self, made: Made) -> None:
        """Note the version of the framework; jump over the values of an array of joblib."""
        version = made.facts.get("_sklearn_version")
        if isinstance(version, str) and self._draft.framework_version is None:
            self._draft.framework_version = version
        if self._joblib and is_wrapper(made):
            self._draft.format = "joblib"
            self.array_at = self.array_at or self._cursor.position
            made.array = self._skip_array(made)

    def _skip_array(self, wrapper: Made) -> object:
        """Jump over the values of an array; those of an array of objects are a pickle of their own.

        Raises:
            Damaged: nobody knows how many there are.
        """
        shape, size = self._measure(wrapper)
        if size is None:
            return self._read_below()
        if wrapper.facts.get(_ALIGNMENT) is not None:
            self._cursor.skip(self._cursor.number(1))
        self._cursor.skip(math.prod(shape) * size)
        return None

    def _measure(self, wrapper: Made) -> tuple[tuple[int, ...], int | None]:
        """Find shape and size of an array, where all is as joblib writes it.

        Raises:
            Damaged: anything is otherwise, so that nobody knows where the next step is.
        """
        facts, machine = wrapper.state, self._machine
        if machine is not None and machine.frame_end == self._cursor.position:
            machine.frame_end = 0
        try:
            if not isinstance(facts, dict) or set(facts) - {_ALIGNMENT} != _WRAPPED or (machine and machine.frame_end):
                raise Damaged("an array that joblib does not write so")  # noqa: TRY301
            shape, size = array_shape(wrapper), item_size(facts["dtype"])
            if shape is None or math.prod(shape) * (size or 1) > _LARGEST_ARRAY:
                raise Damaged(f"the array before byte {self._cursor.position} has no shape")  # noqa: TRY301
        except Damaged as error:
            self._draft.unsafe.add(str(error))
            raise
        return shape, size

    def _read_below(self) -> object:
        """Go through a pickle that stands inside another one."""
        self._deep += 1
        if self._deep > _DEEPEST:
            raise Damaged(f"pickles stand inside each other more than {_DEEPEST} deep")
        try:
            return self.read()
        finally:
            self._deep -= 1


class Trial(Pickles):
    """Goes through what may be no pickle at all, and keeps whether anything was called."""

    called = False
    after = 0

    def _make(self, made: Made) -> None:
        """Keep that something is called."""
        self.called = self.called or self.position > self.after
        super()._make(made)


def class_of(value: object) -> str:
    """Name the class of what would be made, or give an empty text."""
    if not isinstance(value, Made):
        return ""
    arguments = value.arguments
    if value.name in _MAKERS and isinstance(arguments, tuple) and arguments and isinstance(arguments[0], Name):
        return arguments[0].full
    return value.name


def describe_object(root: object, draft: Draft) -> None:
    """Tell the class of the outermost object, and what it takes, where an estimator of sklearn says so."""
    draft.tell("class", class_of(root))
    if isinstance(root, dict):
        draft.tell("keys", ", ".join(name for name in list(root)[:50] if isinstance(name, str)))
    for made in find_made(root):
        if _describe_inputs(made.facts, draft):
            break
    steps = root.facts.get("steps") if isinstance(root, Made) else None
    if isinstance(steps, list):
        classes = [class_of(step[1]).rpartition(".")[2] for step in steps[:50] if isinstance(step, tuple) and len(step) > 1]
        draft.tell("steps", " -> ".join(classes))
    for made in find_made(root):
        shape = array_shape(made.facts.get("classes_"))
        if shape is not None and len(shape) == 1:
            draft.tell("classes", shape[0])
            break


def _describe_inputs(facts: object, draft: Draft) -> bool:
    """Tell the columns that an estimator was trained with, or how many there were; say whether it says so."""
    if not isinstance(facts, dict):
        return False
    names, count = array_texts(facts.get("feature_names_in_")), facts.get("n_features_in_")
    if names:
        draft.inputs = [Tensor(name=name) for name in names[:_MOST_FEATURES]]
    elif isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 1 << 32:
        draft.inputs = [Tensor(name="X", shape=(None, count))]
    return bool(draft.inputs)

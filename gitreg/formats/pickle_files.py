"""Files of pickles: the first one, which is what a file of pickles is taken for, and what else of it somebody could load."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.core.words import format_count
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.packed import Unpacked, find_packing
from gitreg.formats.pickle_steps import STEPS
from gitreg.formats.pickles import Pickles, Trial, class_of, describe_object
from gitreg.formats.safe_imports import find_framework

_NAME: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", re.ASCII)
_MOST_PICKLES: Final = 10_000  # behind the first one


def read_packed_pickle(reader: Reader, draft: Draft) -> None:
    """Go through a pickle that is compressed, as joblib does; what lies far behind is not unpacked.

    Raises:
        Damaged: it cannot be unpacked, or breaks off.
    """
    packing = find_packing(reader.read(0, 16)) or ""
    draft.tell("compressed", packing)
    try:
        unpacked = Unpacked(reader, packing)
    except Damaged:
        draft.unsafe.add("what could not be unpacked")
        raise
    read_pickle(unpacked, draft)


def read_pickle(reader: Reader, draft: Draft) -> None:
    """Go through a pickle, and tell what it would make."""
    pickles = Pickles(reader, draft)
    root: object = None
    try:
        root = pickles.read()
    finally:
        if draft.framework is None:
            draft.framework = find_framework(draft.imports, class_of(root))
        if draft.format == "joblib":
            _read_as_others_would(reader, draft, pickles.array_at)
    describe_object(root, draft)
    _read_following(pickles, reader, draft)


def _read_following(pickles: Pickles, reader: Reader, draft: Draft) -> None:
    """Go through what stands behind the first pickle: whoever calls `pickle.load` again loads it.

    Names that are loaded there count as those of the first one. Bytes that begin with no step are no pickle to anybody.
    """
    byte = pickles.peek()
    if byte is None:
        return
    # nobody knows how many bytes there are before all of them are unpacked
    size = "more bytes" if isinstance(reader, Unpacked) else format_count(reader.size - pickles.position, "byte")
    follow = "follows" if size == "1 byte" else "follow"
    if byte not in STEPS:
        draft.note(f"{size} {follow} behind the end of the pickle, and no other pickle begins there")
        return
    draft.note(f"{size} {follow} behind the end of the first pickle: whoever calls pickle.load again loads them, too")
    other = Draft(format=draft.format, size=draft.size)
    pickles.change_draft(other)
    with suppress(Damaged):
        _read_rest(pickles, other)
    for name in other.imports:
        draft.need(name, safe=name not in other.unsafe)
    draft.unsafe |= other.unsafe


def _read_rest(pickles: Pickles, draft: Draft) -> None:
    """Go through one pickle after the other.

    Raises:
        Damaged: one breaks off, which counts as unsafe.
    """
    for _ in range(_MOST_PICKLES):
        pickles.read()
        if pickles.peek() not in STEPS:
            break
    else:
        draft.unsafe.add("pickles that are not read")
    if any(name.startswith("joblib.") for name in draft.imports):
        draft.unsafe.add("arrays behind the first pickle, which joblib reads in another way")


def _read_as_others_would(reader: Reader, draft: Draft, array_at: int) -> None:
    """Go through a file of joblib as `pickle.load` would: the values of its arrays could be steps that nobody has looked at.

    Numbers are seldom steps, and then break off at once; names that no module could have are no danger.
    """
    if isinstance(reader, Unpacked):  # pickle.load would not unpack it
        return
    other = Draft(format=draft.format, size=draft.size)
    trial = Trial(reader, other, joblib=False)
    trial.after = array_at
    with suppress(Damaged):
        trial.read()
    if trial.called and trial.hidden:  # values could be steps that write a name so that it is not seen
        draft.unsafe.add("the values of an array, where another program than joblib loads it")
    for name in other.imports - draft.imports:
        if _NAME.fullmatch(name):
            draft.need(name, safe=name not in other.unsafe)

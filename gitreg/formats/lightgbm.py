"""LightGBM: lines of text, of which those before the first tree say what the model is.

https://github.com/lightgbm-org/LightGBM/blob/main/src/boosting/gbdt_model_text.cpp
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged, Draft

_LARGEST_HEADER: Final = 8 << 20
_LONGEST_LINE: Final = 4 << 20
_MOST_FEATURES: Final = 10_000
_SHOWN: Final = ("objective", "boosting", "num_class", "num_tree_per_iteration", "label_index")


def read_lightgbm(reader: Reader, draft: Draft) -> None:
    """Read the lines before the first tree.

    Raises:
        Damaged: it breaks off before.
    """
    draft.framework = "lightgbm"
    facts: dict[str, str] = {}
    try:
        for line in _list_lines(reader):
            name, _, value = line.partition("=")
            facts.setdefault(name, value)
    finally:
        _tell(facts, draft)


def _list_lines(reader: Reader) -> Iterator[str]:
    """Give the lines before the first tree."""
    cursor = Cursor(reader, 0, _LARGEST_HEADER)
    while True:
        line = cursor.line(_LONGEST_LINE).decode("utf-8", "replace").strip()
        if line.startswith("Tree=") or line == "end of trees":
            return
        yield line


def _tell(facts: dict[str, str], draft: Draft) -> None:
    """Tell what the lines say."""
    for name in _SHOWN:
        draft.tell(name, facts.get(name))
    draft.tell("model_version", facts.get("version"))
    draft.tell("trees", len(facts["tree_sizes"].split()) if "tree_sizes" in facts else None)
    names, ranges = facts.get("feature_names", "").split(), facts.get("feature_infos", "").split()
    if ranges and len(ranges) != len(names):
        draft.note("it names more or fewer features than it describes")
    draft.inputs = [Tensor(name=name, type="float64") for name in names[:_MOST_FEATURES]]
    classes = facts.get("num_class", "")
    if classes.isascii() and classes.isdecimal() and len(classes) < 10:  # noqa: PLR2004
        count = int(classes)
        draft.outputs = [Tensor(name="prediction", type="float64", shape=(None,) if count == 1 else (None, count))]
    if not names:
        raise Damaged("it names no features")

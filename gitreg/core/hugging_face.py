"""What Hugging Face reads at the head of a model card.

Its own lists (licences, tasks) are taken literally: what is not in them is left out or called ``other``, since the Hub refuses
a card that says anything else. Source: https://huggingface.co/docs/hub/model-cards and
https://github.com/huggingface/hub-docs/blob/main/modelcard.md
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from gitreg.core.compared import ValueRow
from gitreg.core.exports import number_of
from gitreg.core.model_cards import ModelCard

_MOST: Final = 50  # items of a list
_LONGEST: Final = 100  # characters of a name

LICENSES: Final = frozenset({
    "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bigcode-openrail-m", "bigscience-bloom-rail-1.0",
    "bigscience-openrail-m", "bsd", "bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "bsl-1.0", "c-uda", "cc", "cc-by-2.0",
    "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0",
    "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0",
    "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "creativeml-openrail-m", "ecl-2.0", "epl-1.0", "epl-2.0",
    "etalab-2.0", "eupl-1.1", "eupl-1.2", "gemma", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0",
    "lgpl-lr", "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "lppl-1.3c", "mit", "mpl-2.0", "ms-pl", "ncsa", "odbl",
    "odc-by", "ofl-1.1", "openrail", "openrail++", "osl-3.0", "other", "pddl", "postgresql", "unknown", "unlicense", "wtfpl",
    "zlib",
})  # fmt: skip
"""What may stand as ``license``."""

_SPDX: Final = {
    "gfdl-1.2": "gfdl",
    "gfdl-1.3": "gfdl",
    "odbl-1.0": "odbl",
    "odc-by-1.0": "odc-by",
    "pddl-1.0": "pddl",
}
TASKS: Final = frozenset({
    "any-to-any", "audio-classification", "audio-text-to-text", "audio-to-audio", "automatic-speech-recognition",
    "depth-estimation", "document-question-answering", "feature-extraction", "fill-mask", "graph-ml", "image-classification",
    "image-feature-extraction", "image-segmentation", "image-text-to-text", "image-to-3d", "image-to-image", "image-to-text",
    "image-to-video", "keypoint-detection", "mask-generation", "object-detection", "other", "question-answering",
    "reinforcement-learning", "robotics", "sentence-similarity", "summarization", "table-question-answering",
    "tabular-classification", "tabular-regression", "text-classification", "text-generation", "text-ranking", "text-to-3d",
    "text-to-audio", "text-to-image", "text-to-speech", "text-to-video", "time-series-forecasting", "token-classification",
    "translation", "unconditional-image-generation", "video-classification", "video-text-to-text", "video-to-video",
    "visual-document-retrieval", "visual-question-answering", "voice-activity-detection", "zero-shot-classification",
    "zero-shot-image-classification", "zero-shot-object-detection",
})  # fmt: skip
"""What may stand as ``pipeline_tag``."""

_DATASET: Final = re.compile(r"(?:https://huggingface\.co|hf:/)/datasets/([\w.-]{1,96}/[\w.-]{1,96})(?![\w.-])", re.ASCII)
_MODEL: Final = re.compile(r"(?:https://huggingface\.co/)?([\w.-]{1,96}/[\w.-]{1,96})/?", re.ASCII)
_NO_NAME: Final = re.compile("[^a-z0-9._]+")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def make_front_matter(card: ModelCard) -> dict[str, object]:
    """Say of a version what Hugging Face reads: keys with texts, lists and mappings; what is not known is not there."""
    task = find_task(card)
    found: dict[str, object] = {
        **_name_license(card),
        "library_name": to_id(card.entry.framework or "") if card.entry else "",
        "pipeline_tag": task,
        "tags": _list_tags(card),
        "base_model": find_origin(card),
        "datasets": list_datasets(card),
        "metrics": _unique(_measure(row.name) for row, _ in list_numbers(card)),
        "model-index": _index(card, task or "other"),
    }
    return {key: value for key, value in found.items() if value}


def find_task(card: ModelCard) -> str:
    """Find the task of the Hub that the entry names, alone or together with a label: ``classification`` of ``tabular``."""
    entry = card.entry
    if entry is None or entry.task is None:
        return ""
    task = to_id(entry.task)
    candidates = (task, *(f"{to_id(label)}-{task}" for label in entry.labels[:_MOST]))
    return next((name for name in candidates if name in TASKS), "")


def find_origin(card: ModelCard) -> str:
    """Find the model of the Hub that the entry names; an artifact of this registry is none."""
    base = card.entry.base if card.entry else None
    match = _MODEL.fullmatch(base) if base and not card.base_is_registered else None
    return match[1] if match else ""


def list_datasets(card: ModelCard) -> list[str]:
    """List the datasets of the Hub among the data."""
    places = ((found.source.repository if found.source else found.path) for found in card.facts.data)
    return _unique(match[1] for place in places if (match := _DATASET.match(place)))


def list_numbers(card: ModelCard) -> list[tuple[ValueRow, float]]:
    """List the metrics that are numbers, first those that the entry has a goal for."""
    numbers = ((row, number_of(row.values[-1])) for row in card.metrics)
    found = [(row, number) for row, number in numbers if number is not None]
    return sorted(found, key=lambda pair: pair[0].goal is None)[:_MOST]


def to_id(text: str) -> str:
    """Write a text as an id: small letters, digits, dots and dashes; of a letter with a mark the letter."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NO_NAME.sub("-", plain).strip("-.")[:_LONGEST]


def clean(text: str) -> str:
    """Write a text as one short line."""
    return _CONTROL.sub(" ", text[: _LONGEST * 10]).strip()[:_LONGEST]


def _name_license(card: ModelCard) -> dict[str, object]:
    """Name the licence: an id of the Hub, or ``other`` with a name."""
    text = card.entry.license if card.entry else None
    if not text or not text.strip():
        return {}
    name = to_id(text.strip().removesuffix("-only").removesuffix("-or-later").removesuffix("+"))
    name = _SPDX.get(name, name)
    if name in LICENSES and name != "other":
        return {"license": name}
    return {"license": "other", "license_name": to_id(text)}


def _list_tags(card: ModelCard) -> list[str]:
    """List labels and the type, each a short line; the Hub has no other key for what is no longer of use."""
    entry = card.entry
    texts = (*entry.labels, entry.type or "") if entry else ()
    return _unique(clean(text) for text in (*texts, "deprecated" if card.deprecated else ""))


def _index(card: ModelCard, task: str) -> list[Mapping[str, object]]:
    """List results; the Hub wants a dataset with them, so that without data there are none."""
    numbers, data = list_numbers(card), card.facts.data
    if not numbers or not data:
        return []
    datasets = list_datasets(card)
    named = ", ".join(clean(found.path) for found in data[:_MOST])
    result = {
        "task": {"type": task},
        "dataset": {"type": datasets[0] if datasets else to_id(data[0].path) or "other", "name": clean(named) or "data"},
        "metrics": [{"type": _measure(row.name), "value": value, "name": clean(row.label)} for row, value in numbers],
    }
    return [{"name": clean(card.artifact), "results": [result]}]


def _measure(name: str) -> str:
    """Name what is measured, as an id: the last part of a dotted name that has a letter, and what is behind it."""
    parts = name.split(".")
    tails = (to_id(".".join(parts[start:])) for start in range(len(parts) - 1, -1, -1))
    return next((tail for tail in tails if any(map(str.isalpha, tail))), "other")


def _unique(texts: Iterable[str]) -> list[str]:
    """List each text once, and no empty one."""
    return list(dict.fromkeys(text for text in texts if text))[:_MOST]

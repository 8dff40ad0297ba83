from __future__ import annotations

import pytest

from gitreg.files.places import FieldPlaces
from gitreg.operations.load_entries import parse_entry_files

ARTIFACTS = "# head\n  churn:\n    path: a.bin\n    labels:\n    - x\n  'plain': {type: model}\n"
DVC = "stages: {}\nartifacts:\n  churn:\n    desc: what it is\n    path: b.bin\n  other:\n    path: c.bin\n"
CONTENTS = {"m/artifacts.yaml": ARTIFACTS.encode(), "m/dvc.yaml": DVC.encode()}


@pytest.mark.parametrize(
    ("name", "field", "place"),
    [
        ("m:churn", None, ("m/artifacts.yaml", 2, 3)),
        ("m:churn", "path", ("m/artifacts.yaml", 3, 11)),
        ("m:churn", "labels", ("m/artifacts.yaml", 5, 5)),
        ("m:churn", "description", ("m/dvc.yaml", 4, 11)),  # what dvc.yaml says is said of dvc.yaml
        ("m:churn", "owner", ("m/artifacts.yaml", 2, 3)),  # a field that is not there: the entry
        ("m:plain", "type", ("m/artifacts.yaml", 6, 19)),
        ("m:other", "path", ("m/dvc.yaml", 7, 11)),
        ("m:other", None, ("m/dvc.yaml", 6, 3)),
    ],
)
def test_a_field_is_found_in_the_file_that_it_comes_from(name: str, field: str | None, place: tuple[str, int, int]) -> None:
    entries, _ = parse_entry_files(CONTENTS)
    assert FieldPlaces(CONTENTS).find(entries[name], field) == place


def test_without_the_file_the_line_of_the_entry_is_left() -> None:
    entries, _ = parse_entry_files(CONTENTS)
    assert FieldPlaces({}).find(entries["m:other"], "path") == ("m/dvc.yaml", 6, 1)

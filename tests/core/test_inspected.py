from __future__ import annotations

from gitreg.core.inspected import Inspection
from gitreg.core.model_files import ModelFile


def test_a_file_that_was_named_by_its_path_belongs_to_no_artifact() -> None:
    inspection = Inspection(file=ModelFile(format="unknown", size=0), address="model.bin")
    assert (inspection.artifact, inspection.version, inspection.commit, inspection.read) == (None, None, None, None)

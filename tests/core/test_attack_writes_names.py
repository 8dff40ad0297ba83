from __future__ import annotations

import pytest

from gitreg.core.new_tags import Known, name_tags
from gitreg.core.plan import plan_registration
from gitreg.core.state import Artifact
from gitreg.core.tags import LONGEST_TAG, parse_tag
from gitreg.errors import UsageFault


@pytest.mark.parametrize("spare", [0, 1, -1])
def test_no_tag_is_named_that_cannot_be_read_back(spare: int) -> None:
    name = ("a/" * LONGEST_TAG)[: LONGEST_TAG - len("@v0.0.1") - 2 - spare].rstrip("/") + "bb"
    name += "c" * (LONGEST_TAG - len("@v0.0.1") - spare - len(name))
    known = Known(artifact=Artifact(name=name))
    decisions = [plan_registration(known, "0" * 40)]
    if spare < 0:
        with pytest.raises(UsageFault, match="and gitreg reads 4000"):
            name_tags(known, decisions, at=0)
    else:
        tag = name_tags(known, decisions, at=0)[0]
        parsed = parse_tag(tag.name)
        assert parsed
        assert parsed.artifact == name

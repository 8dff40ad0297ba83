from __future__ import annotations

import re

from gitreg.core.event_formats import EVENT_TYPES
from gitreg.core.events import Kind
from gitreg.core.reconciliation import CHANGE_TYPES, Action


def test_every_event_and_every_difference_has_a_type_of_its_own() -> None:
    types = [*EVENT_TYPES.values(), *CHANGE_TYPES.values()]
    assert (set(EVENT_TYPES), set(CHANGE_TYPES)) == (set(Kind), set(Action))
    assert len(set(types)) == len(types)
    assert all(re.fullmatch(r"dev\.gitreg\.[a-z]+\.[a-z]+\.v1", name) for name in types)

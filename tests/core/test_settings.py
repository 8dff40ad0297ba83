from __future__ import annotations

import pytest

from gitreg.core.settings import Settings, check_stage_allowed, check_type_allowed
from gitreg.errors import Refused

LISTED = Settings(stages=("dev", "prod"), types=("model", "dataset"), file=".gitreg.yaml")


def test_without_settings_any_stage_and_type_is_allowed() -> None:
    check_stage_allowed(Settings(), "anything")
    check_type_allowed(Settings(), "anything")


def test_listed_stages_and_types_are_allowed() -> None:
    check_stage_allowed(LISTED, "prod")
    check_type_allowed(LISTED, "dataset")


def test_a_stage_that_is_not_listed_is_refused_with_the_list_and_its_file() -> None:
    with pytest.raises(Refused, match=r"stage 'staging' is not among the stages of \.gitreg\.yaml: dev, prod") as raised:
        check_stage_allowed(LISTED, "staging")
    assert raised.value.hint == "use one of them, or add 'staging' to 'stages' in .gitreg.yaml"


def test_a_type_that_is_not_listed_is_refused_with_the_list_and_its_file() -> None:
    with pytest.raises(Refused, match=r"type 'table' is not among the types of \.gitreg\.yaml: model, dataset") as raised:
        check_type_allowed(LISTED, "table")
    assert raised.value.hint == "use one of them, or add 'table' to 'types' in .gitreg.yaml"


def test_an_empty_list_allows_nothing() -> None:
    with pytest.raises(Refused):
        check_stage_allowed(Settings(stages=(), file=".gitreg.yaml"), "prod")


def test_pushing_goes_to_origin_and_only_when_asked_for() -> None:
    assert (Settings().remote, Settings().push) == ("origin", False)

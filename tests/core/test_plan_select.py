from __future__ import annotations

import pytest

from gitreg.core.reduce import reduce_artifact
from gitreg.core.select import (
    choose_version,
    guess_artifacts,
    no_artifact,
    no_version_of,
    require_active,
    require_holder,
    was_not_there,
)
from gitreg.core.selectors import parse_selector
from gitreg.core.state import Artifact
from gitreg.errors import NotFound, Refused
from tests.support.events import A, B, C, tell

CHURN = reduce_artifact(
    "churn",
    tell(
        ("churn@v1.0.0", A),
        ("churn@v1.1.0", B),
        ("churn@v2.0.0-rc.1", C),
        ("churn#prod#1", A),
        ("churn@v3.0.0", "d" * 40),
        ("churn@v3.0.0!", "d" * 40),
    ),
)[0]
PREVIEW = reduce_artifact("preview", tell(("preview@v1.0.0-rc.1", A)))[0]
BARE = reduce_artifact("bare", tell(("bare#dev#1", A)))[0]


@pytest.mark.parametrize(
    ("selector", "version"), [("v1.0.0", "v1.0.0"), ("latest", "v2.0.0-rc.1"), ("stable", "v1.1.0"), ("v3.0.0", "v3.0.0")]
)
def test_a_version_is_chosen_exactly_or_as_the_latest_or_the_latest_stable_one(selector: str, version: str) -> None:
    assert choose_version(CHURN, selector).version == version


@pytest.mark.parametrize(
    ("artifact", "selector", "sentence"),
    [
        (BARE, "latest", "'bare' has no active version"),
        (PREVIEW, "stable", "'preview' has no active version that is no pre-release"),
    ],
)
def test_where_no_version_is_active_there_is_no_latest(artifact: Artifact, selector: str, sentence: str) -> None:
    with pytest.raises(NotFound) as caught:
        choose_version(artifact, selector)
    assert caught.value.message == sentence
    assert caught.value.hint == f"register one: gitreg register '{artifact.name}'"


@pytest.mark.parametrize(
    ("artifact", "version", "hint"),
    [
        (CHURN, "v1.0.1", "did you mean v1.0.0?"),
        (CHURN, "v7777777777777777", "gitreg show 'churn' --all"),
        (BARE, "v1.0.0", "gitreg register 'bare' --version v1.0.0"),
    ],
)
def test_the_hint_of_a_version_that_is_not_there_names_what_helps(artifact: Artifact, version: str, hint: str) -> None:
    with pytest.raises(NotFound, match="has no version") as caught:
        choose_version(artifact, version)
    assert hint in caught.value.hint


def test_only_an_active_version_may_be_assigned() -> None:
    assert require_active(CHURN, "v1.0.0").commit == A
    with pytest.raises(Refused, match=r"churn@v3\.0\.0 is deregistered"):
        require_active(CHURN, "v3.0.0")


def test_the_holder_of_a_stage_is_found_or_said_to_be_missing() -> None:
    assert require_holder(CHURN, "prod").version == "v1.0.0"
    with pytest.raises(NotFound, match="nothing of 'churn' is in 'dev'") as caught:
        require_holder(CHURN, "dev")
    assert caught.value.hint == "stages that are held: prod"
    with pytest.raises(NotFound) as caught:
        require_holder(PREVIEW, "dev")
    assert caught.value.hint == "assign it: gitreg assign 'preview@latest' dev"


def test_a_name_that_is_nearly_right_is_named() -> None:
    assert no_artifact("chrun", ["churn", "fraud"]).hint == "did you mean 'churn'?"
    assert no_artifact("zebra", ["churn"]).hint == "see what there is: gitreg show --all"
    assert no_artifact("chrun", ["churn"], then=True).hint == "did you mean 'churn'?"
    assert no_version_of("chrun", ["churn"]).hint == "did you mean 'churn'?"
    assert no_version_of("zebra").hint == "see what there is: gitreg show --all; register one: gitreg register 'zebra'"
    error = no_artifact("zebra", then=True)
    assert (error.message, error.hint) == (
        "there was no artifact 'zebra' at that time",
        "see what happened when: gitreg history 'zebra'",
    )


def test_an_artifact_that_stands_in_a_folder_is_named_before_registering_another_is_proposed() -> None:
    known = ["models/nlp:sent", "models/cv:sent", "other", "nlp:seg"]
    hint = "did you mean 'models/cv:sent' or 'models/nlp:sent'?"
    assert [no_artifact("sent", known).hint, no_version_of("sent", known).hint, no_version_of("Sent", known).hint] == [hint] * 3
    assert no_artifact("sent", known, then=True).hint == hint
    assert guess_artifacts("nlp:sent", known) == guess_artifacts("model/nlp:sent", known) == ("models/nlp:sent",)
    assert guess_artifacts("elsewhere/entirely:sent", known) == ("models/cv:sent", "models/nlp:sent")
    assert no_version_of("setn", ["models/nlp:sent"]).hint == "did you mean 'models/nlp:sent'?"
    assert guess_artifacts("sent", ["sent", "zebra"]) == ()


@pytest.mark.parametrize(
    ("artifact", "selector", "message", "hint"),
    [
        (CHURN, "churn#dev", "nothing of 'churn' was in 'dev' at that time", "stages that were held then: prod"),
        (
            PREVIEW,
            "preview#dev",
            "nothing of 'preview' was in 'dev' at that time",
            "see when something was: gitreg history 'preview#dev'",
        ),
        (CHURN, "churn@v9.0.0", "'churn' had no version v9.0.0 at that time", "see what happened when: gitreg history 'churn'"),
        (
            PREVIEW,
            "preview@stable",
            "'preview' had no active version that is no pre-release at that time",
            "see what happened when: gitreg history 'preview'",
        ),
        (
            Artifact(name="churn"),
            "churn@latest",
            "there was no version of 'churn' at that time",
            "see what happened when: gitreg history 'churn'",
        ),
    ],
)
def test_what_was_not_there_at_a_past_moment_is_nothing_to_be_done_today(
    artifact: Artifact, selector: str, message: str, hint: str
) -> None:
    error = was_not_there(artifact, parse_selector(selector))
    assert (error.message, error.hint) == (message, hint)

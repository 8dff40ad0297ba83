"""Both tell one story: its events, in its order, and each by its tag."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from gitreg.core.events import Event
from gitreg.core.tags import parse_tag
from tests.compat.both import Both


def a_story(both: Both) -> None:
    """Let everything happen once, by one tool or by the other."""
    both.gitreg.register("m", version="v1.0.0", message="The first")
    both.gto("assign", "m", stage="prod", version="v1.0.0")
    both.commit()
    both.gto("register", "m", ref="HEAD", message="The second\n\nWith a body")
    both.gitreg.assign("m@v1.0.1", "prod")
    both.gitreg.unassign("m@v1.0.0", "prod")
    both.gto("unassign", "m", stage="prod", version="v1.0.1")
    both.gto("deregister", "m", version="v1.0.1")
    both.gitreg.register_and_assign("models/nlp:sent", "dev")
    both.gitreg.assign("n", "dev", rev="HEAD")
    both.gto("deprecate", "m")


def as_gto_tells(event: Event) -> dict[str, Any]:
    """Put an event into the words of ``gto history``."""
    return {
        "timestamp": event.at,
        "artifact": event.artifact,
        "event": event.kind.value,
        "version": event.version or (event.commit if event.stage else None),  # GTO calls a bare commit by its id
        "stage": event.stage,
        "commit": event.commit,
        "author": event.author,
        "author_email": event.author_email,
        "message": event.message,
        "ref": event.tag,
    }


def test_the_history_is_the_same(both: Both) -> None:
    a_story(both)
    told = [as_gto_tells(event) for event in both.registry.history()]
    gto: list[dict[str, Any]] = both.gto("history")
    assert told == [{key: value for key, value in event.items() if key != "priority"} for event in gto]
    assert len(told) == 11


@pytest.mark.parametrize("name", ["m", "models/nlp:sent", "n"])
def test_the_history_of_one_artifact_is_the_same(both: Both, name: str) -> None:
    a_story(both)
    assert [event.tag for event in both.registry.history(name)] == [event["ref"] for event in both.gto("history", artifact=name)]


def test_every_tag_states_the_same_event(both: Both) -> None:
    a_story(both)
    events = {event.tag: event for event in both.registry.history()}
    for tag, event in events.items():
        (stated,) = both.gto("check_ref", ref=tag)
        expected = {key: value for key, value in as_gto_tells(event).items() if key not in {"timestamp", "commit", "ref"}}
        assert {key: stated.get(key) for key in expected} == expected
        assert (stated["tag"], stated["commit_hexsha"], stated["created_at"]) == (tag, event.commit, event.at)
        assert both.registry.check_ref(f"refs/tags/{tag}").tag_id == event.tag_id
    assert {ref.removeprefix("refs/tags/") for ref in both.repository.refs() if "/tags/" in ref} == set(events)
    assert all(parse_tag(tag) for tag in events)


def test_the_state_in_the_past_is_what_gto_said_in_the_past(both: Both) -> None:
    told: list[tuple[int, str]] = []
    for step in (
        lambda: both.gitreg.register_and_assign("m@v1.0.0", "prod"),
        both.commit,
        lambda: both.gto("register", "m", ref="HEAD", version="v2.0.0"),
        lambda: both.gitreg.assign("m@v2.0.0", "prod"),
        lambda: both.gto("unassign", "m", stage="prod", version="v2.0.0"),
        lambda: both.gitreg.deregister("m@v1.0.0"),
        lambda: both.gto("register", "n", ref="HEAD"),
    ):
        step()
        told.append((both.repository.now + 1, both.gto_tells()))  # the second tag of one command is a second younger
    for moment, then in told:
        assert both.gitreg_tells(moment) == then


def test_tags_that_are_signed_with_ssh(both: Both, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)], check=True)
    both.repository.git("config", "gpg.format", "ssh")
    both.repository.git("config", "user.signingKey", str(key))
    both.repository.git("config", "tag.gpgSign", "true")
    both.gitreg.register_and_assign("m@v1.0.0", "prod", message="Signed")
    assert "-----BEGIN SSH SIGNATURE-----" in both.repository.git("cat-file", "tag", "refs/tags/m#prod#1")
    gitreg, gto = both.gitreg_state(), both.gto_state()
    for version in [*gto["m"]["versions"], *gto["m"]["stages"]["prod"]]:
        version["message"] = version["message"].partition("-----BEGIN SSH")[0].strip()  # GTO takes only OpenPGP's off
    assert gitreg == gto
    assert gitreg["m"]["versions"][0]["message"] == "Signed"


def test_tags_that_are_signed_with_openpgp(both: Both) -> None:
    signature = "-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0\n=abcd\n-----END PGP SIGNATURE-----"
    both.git.register("m", "v1.0.0", message=f"Signed\n{signature}")
    both.git.assign("m", "prod", message=f"Signed too\n\nGitreg-Version: v1.0.0\n{signature}")
    assert both.agree() == "m v1.0.0 prod=v1.0.0"
    assert both.gitreg_state()["m"]["versions"][0]["message"] == "Signed"

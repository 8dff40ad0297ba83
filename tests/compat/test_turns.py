"""Both write in turns to one repository, and to one remote from two clones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gitreg.errors import Conflict, Unanswerable
from tests.compat.both import Both, Gto, GtoError, open_both
from tests.support.repository import Repository


@pytest.fixture
def gto_user(both: Both, remote: Repository, gto: Gto, tmp_path: Path) -> Iterator[Both]:
    """Somebody else's clone of the same remote, an hour later."""
    clone = remote.clone(tmp_path / "clone")
    with open_both(clone, gto) as user:
        user.tick(3600)
        yield user


def tags(repository: Repository) -> dict[str, str]:
    """List the tags and the objects that they name."""
    return {ref: object_id for ref, object_id in repository.refs().items() if ref.startswith("refs/tags/")}


def test_one_registers_and_the_other_assigns(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    both.gto("assign", "m", stage="prod", version="v1.0.0")
    both.commit()
    both.gto("register", "m", ref="HEAD", version="v2.0.0")
    both.gitreg.assign("m@v2.0.0", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"
    assert {"refs/tags/m#prod#1", "refs/tags/m#prod#2"} <= both.repository.refs().keys()


def test_one_takes_back_what_the_other_did(both: Both) -> None:
    both.gto("register", "m", ref="HEAD", version="v1.0.0")
    both.gto("assign", "m", stage="prod", version="v1.0.0")
    both.gitreg.unassign("m", "prod")
    assert both.agree() == "m v1.0.0"
    both.gitreg.assign("m@latest", "prod")
    both.gto("unassign", "m", stage="prod", version="v1.0.0")
    assert both.agree() == "m v1.0.0"
    both.gitreg.assign("m@latest", "prod")
    both.gto("deregister", "m", version="v1.0.0")
    assert both.agree() == "m v1.0.0!"
    both.gitreg.register("m", version="v1.0.0")
    assert both.agree() == "m v1.0.0 prod=v1.0.0"
    both.gitreg.deregister("m@v1.0.0")
    both.gto("register", "m", ref="HEAD", simple=False)
    assert both.agree() == "m v1.0.0 prod=v1.0.0"


def test_one_revives_what_the_other_deprecated(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    both.gto("deprecate", "m")
    both.gitreg.assign("m@v1.0.0", "dev")
    assert both.agree() == "m v1.0.0 dev=v1.0.0"
    both.gitreg.deprecate("m")
    with pytest.raises(GtoError, match="Artifact was deprecated already"):
        both.gto("deprecate", "m")
    both.gto("assign", "m", stage="prod", version="v1.0.0")
    assert both.agree() == "m v1.0.0 dev=v1.0.0 prod=v1.0.0"
    both.gto("deprecate", "m", simple=False)
    with pytest.raises(Conflict, match="is deprecated already"):
        both.gitreg.deprecate("m")
    assert both.agree() == "m v1.0.0 dev=v1.0.0 prod=v1.0.0 deprecated"


def test_both_read_and_write_on_after_git_has_packed_everything(both: Both) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    both.gto("assign", "m", stage="dev", version="v1.0.0")
    both.git.git("gc", "--quiet", "--prune=now")
    assert both.agree() == "m v1.0.0 dev=v1.0.0 prod=v1.0.0"
    both.gto("unassign", "m", stage="dev", version="v1.0.0")
    both.gitreg.assign("m@v1.0.0", "staging")
    both.git.git("pack-refs", "--all")
    assert both.agree() == "m v1.0.0 prod=v1.0.0 staging=v1.0.0"
    assert "refs/tags/m#staging#4" in both.repository.refs()


def test_versions_are_counted_on_from_each_other(both: Both) -> None:
    for number in range(3):
        both.commit()
        both.gto("register", "m", ref="HEAD")
        both.commit()
        both.gitreg.register("m")
        assert both.gitreg_state()["m"]["latest"] == f"v0.0.{2 * number + 2}"
    assert both.agree() == "m v0.0.6 v0.0.5 v0.0.4 v0.0.3 v0.0.2 v0.0.1"


def test_both_refuse_what_the_other_registered(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    both.gto("register", "n", ref="HEAD", version="v1.0.0")
    both.commit()
    with pytest.raises(GtoError, match="already was registered"):
        both.gto("register", "m", ref="HEAD", version="v1.0.0")
    with pytest.raises(Conflict, match="is registered already"):
        both.gitreg.register("n", version="v1.0.0")
    assert both.agree() == "m v1.0.0\nn v1.0.0"


def test_both_push_to_one_remote(both: Both, gto_user: Both, remote: Repository) -> None:
    both.gitreg.register("m", version="v1.0.0", push=True)
    gto_user.git.git("fetch", "--tags", "--quiet")
    gto_user.gto("assign", "m", stage="prod", version="v1.0.0", push=True)
    gto_user.gto("register", "models/nlp:n", ref="HEAD", push=True)
    both.tick(7200)
    both.gitreg.assign("m@v1.0.0", "dev", push=True)
    both.gitreg.register_and_assign("o", "dev", push=True)
    both.gitreg.unassign("m", "prod", push=True)
    both.registry.show(fetch=True)
    gto_user.git.git("fetch", "--tags", "--quiet")
    assert both.agree() == gto_user.agree() == "m v1.0.0 dev=v1.0.0\nmodels/nlp:n v0.0.1\no v0.0.1 dev=v0.0.1"
    assert tags(both.repository) == tags(gto_user.repository) == tags(remote)


def test_gitreg_counts_on_from_what_gto_pushed_meanwhile(both: Both, gto_user: Both, remote: Repository) -> None:
    gto_user.gto("register", "m", ref="HEAD", push=True)
    gto_user.gto("assign", "m", stage="prod", version="v0.0.1", push=True)
    both.tick(7200)
    both.commit()
    both.gitreg.register_and_assign("m", "prod", push=True)  # this clone had no tag of m
    assert both.agree() == "m v0.0.2 v0.0.1 prod=v0.0.2,v0.0.1"
    assert tags(both.repository) == tags(remote)


def test_gto_keeps_a_tag_that_lost_a_race_and_gitreg_names_it(both: Both, gto_user: Both, remote: Repository) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "dev", push=True)
    gto_user.git.git("fetch", "--tags", "--quiet")
    both.gitreg.assign("m@v1.0.0", "prod", push=True)
    with pytest.raises(GtoError, match="git push origin m#prod#2` failed"):
        gto_user.gto("assign", "m", stage="prod", version="v1.0.0", push=True)
    lost, won = gto_user.repository.refs()["refs/tags/m#prod#2"], remote.refs()["refs/tags/m#prod#2"]
    assert lost != won
    with pytest.raises(Unanswerable, match="tag 'm#prod#2' is another one here") as refusal:
        gto_user.gitreg.assign("m@v1.0.0", "staging", push=True)
    assert "GR508" in [problem.code for problem in gto_user.registry.doctor().problems]
    assert "git fetch --force origin 'refs/tags/m#prod#2:refs/tags/m#prod#2'" in refusal.value.hint
    gto_user.git.git("fetch", "--quiet", "--force", "origin", "refs/tags/m#prod#2:refs/tags/m#prod#2")
    gto_user.gitreg.assign("m@v1.0.0", "staging", push=True)
    assert gto_user.agree() == "m v1.0.0 dev=v1.0.0 prod=v1.0.0 staging=v1.0.0"


def test_gitreg_publishes_what_gto_did_not_push(both: Both, gto_user: Both, remote: Repository) -> None:
    gto_user.gto("register", "m", ref="HEAD", version="v1.0.0")
    gto_user.gto("assign", "m", stage="prod", version="v1.0.0")
    gto_user.gto("assign", "m", stage="dev", version="v1.0.0")
    gto_user.gto("deprecate", "m")
    written = gto_user.registry.push("m")
    assert [event.tag for event in written.created] == ["m@v1.0.0", "m#prod#1", "m#dev#2", "m@deprecated"]
    assert tags(gto_user.repository) == tags(remote)
    both.registry.show(fetch=True)
    assert both.agree() == gto_user.agree() == "m v1.0.0 dev=v1.0.0 prod=v1.0.0 deprecated"

"""GTO writes, gitreg reads: what GTO means is what gitreg says."""

from __future__ import annotations

import pytest

from gitreg.core.views import Overview
from gitreg.errors import Refused
from tests.compat.both import Both, GtoError

ARTIFACTS_YAML = """\
# written by GTO 1.x
rf:
  type: model
  path: models/rf.pkl
  virtual: false
  labels: [random-forest, "Pickle🥒"]
  description: A forest
  custom: {framework: sklearn, depth: 3}
nested/nn: &nn
  type: model
  path: s3://bucket/nn
features:
  <<: *nn
  type: dataset
"1": {}
"""


def gto_story(both: Both, name: str = "m") -> None:
    """Register two versions and promote both to prod, all by GTO."""
    for version in ("v1.0.0", "v2.0.0"):
        both.commit()
        both.gto("register", name, ref="HEAD", version=version)
        both.gto("assign", name, stage="prod", version=version)


def test_first_versions_and_bumps(both: Both) -> None:
    for bump in ({}, {"bump_patch": True}, {"bump_minor": True}, {"bump_major": True}, {}):
        both.commit()
        both.gto("register", "m", ref="HEAD", **bump)
    assert both.agree() == "m v1.0.1 v1.0.0 v0.1.0 v0.0.2 v0.0.1"


def test_gto_bumps_a_prerelease_past_its_release_and_gitreg_does_not(both: Both) -> None:
    both.gto("register", "m", ref="HEAD", version="v2.0.0-rc.1")
    both.gto("register", "n", ref="HEAD", version="v2.0.0-rc.1")
    both.commit()
    both.gto("register", "m", ref="HEAD")
    both.gitreg.register("n")
    assert both.agree() == "m v2.0.1 v2.0.0-rc.1\nn v2.0.0 v2.0.0-rc.1"


@pytest.mark.parametrize("name", ["m", "1", "a/b", "models/nlp:sent", "models/nlp.v1_x-y:a/b"])
def test_every_kind_of_name_goes_through_a_whole_life(both: Both, name: str) -> None:
    gto_story(both, name)
    assert both.agree() == f"{name} v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"
    both.gto("unassign", name, stage="prod", version="v2.0.0")
    assert both.agree() == f"{name} v2.0.0 v1.0.0 prod=v1.0.0"
    both.gto("deregister", name, version="v1.0.0")
    assert both.agree() == f"{name} v2.0.0 v1.0.0!"
    both.gto("deprecate", name)
    assert both.agree() == f"{name} v2.0.0 v1.0.0! deprecated"


def test_an_assignment_that_registers_on_the_way(both: Both) -> None:
    both.gto("assign", "m", stage="prod", ref="HEAD")
    both.commit()
    both.gto("assign", "m", stage="prod", ref="HEAD", name_version="v3.0.0")
    assert both.agree() == "m v3.0.0 v0.0.1 prod=v3.0.0,v0.0.1"


def test_an_assignment_that_skips_the_registration(both: Both) -> None:
    both.gto("assign", "m", stage="prod", ref="HEAD", skip_registration=True)
    bare = both.repository.git("rev-parse", "HEAD")
    assert both.agree() == f"m prod={bare[:7]}"


@pytest.mark.parametrize("simple", [True, False])
def test_simple_and_counted_tags(both: Both, *, simple: bool) -> None:
    both.gto("register", "m", ref="HEAD", version="v1.0.0", simple=simple)
    both.gto("assign", "m", stage="prod", version="v1.0.0", simple=simple)
    both.gto("assign", "m", stage="dev", version="v1.0.0", simple=simple)
    both.gto("unassign", "m", stage="dev", version="v1.0.0", simple=simple)
    assert both.agree() == "m v1.0.0 prod=v1.0.0"
    both.gto("deregister", "m", version="v1.0.0", simple=simple)
    both.gto("deprecate", "m", simple=simple)
    assert both.agree() == "m v1.0.0! deprecated"


def test_a_forced_assignment_of_what_is_assigned(both: Both) -> None:
    gto_story(both)
    both.gto("assign", "m", stage="prod", version="v1.0.0", force=True)
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0,v2.0.0"


def test_a_forced_unassignment_of_what_is_not_assigned(both: Both) -> None:
    gto_story(both)
    both.gto("unassign", "m", stage="dev", version="v1.0.0", force=True)
    both.gto("unassign", "m", stage="prod", version="v1.0.0")
    both.gto("unassign", "m", stage="prod", version="v1.0.0")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0"


def test_a_forced_deregistration_and_a_registration_again(both: Both) -> None:
    gto_story(both)
    both.gto("deregister", "m", version="v2.0.0")
    both.gto("deregister", "m", version="v2.0.0", simple=False, force=True)
    assert both.agree() == "m v2.0.0! v1.0.0 prod=v1.0.0"
    both.gto("register", "m", ref="HEAD", simple=False)
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"


def test_a_forced_deprecation_twice(both: Both) -> None:
    gto_story(both)
    both.gto("deprecate", "m", force=True)
    both.gto("deprecate", "m", force=True)
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0 deprecated"
    both.gto("assign", "m", stage="dev", version="v1.0.0")
    assert both.agree() == "m v2.0.0 v1.0.0 dev=v1.0.0 prod=v2.0.0,v1.0.0"


def test_tags_that_gto_deletes(both: Both) -> None:
    gto_story(both)
    both.gto("unassign", "m", stage="prod", version="v2.0.0", delete=True)
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0"
    both.gto("deregister", "m", version="v1.0.0", delete=True)
    assert both.agree() == "m v2.0.0"
    both.gto("deprecate", "m", delete=True)
    assert both.agree() == ""


def test_the_stages_and_types_of_gto_settings_bind_both(both: Both) -> None:
    both.commit({".gto": "STAGES: [prod, dev]\ntypes: [model]\nEMOJIS: false\n"})
    both.gto("register", "m", ref="HEAD", version="v1.0.0")
    with pytest.raises(GtoError, match="UnknownStage"):
        both.gto("assign", "m", stage="other", version="v1.0.0")
    with pytest.raises(Refused, match=r"'other' is not among the stages of \.gto"):
        both.gitreg.assign("m@v1.0.0", "other")
    with pytest.raises(Refused, match=r"'dataset' is not among the types of \.gto"):
        both.gitreg.annotate("m", {"type": "dataset"})
    both.gto("assign", "m", stage="dev", version="v1.0.0")
    both.gitreg.assign("m@v1.0.0", "prod")
    assert both.agree() == "m v1.0.0 dev=v1.0.0 prod=v1.0.0"
    assert [view.stage for view in both.registry.stages()] == both.gto("get_stages") == ["prod", "dev"]


def test_a_stage_outside_the_settings_is_read_all_the_same(both: Both) -> None:
    both.gitreg.register_and_assign("m", "old")
    both.commit({".gto": "stages: [prod]\n"})
    assert both.agree() == "m v0.0.1 old=v0.0.1"
    assert both.gto("get_stages") == ["prod"]
    assert [view.stage for view in both.registry.stages()] == ["prod", "old"]


def test_the_tags_of_dvc_studio_which_counts_everything(both: Both) -> None:
    tags = ("m@v1.0.0#1", "m#dev#2", "m#prod#3", "m#dev!#4", "dir=m@v1.0.0#1", "dir=m@deprecated#2", "n@v0.1.0#7", "n@v0.1.0!#8")
    for tag in tags:
        both.git.tag(tag)
    assert both.agree() == "dir:m v1.0.0 deprecated\nm v1.0.0 prod=v1.0.0\nn v0.1.0!"
    both.commit()
    both.gitreg.register_and_assign("m", "prod")
    both.gto("assign", "m", stage="dev", version="v1.0.0")
    assert both.agree() == "dir:m v1.0.0 deprecated\nm v1.0.1 v1.0.0 dev=v1.0.0 prod=v1.0.1,v1.0.0\nn v0.1.0!"
    assert {"refs/tags/m#prod#5", "refs/tags/m#dev#6"} <= both.repository.refs().keys()


def test_counters_of_any_size_and_with_zeros_in_front(both: Both) -> None:
    for tag in ("m@v1.0.0#0", "m#dev#007", "m#dev!#99999999999999999999"):
        both.git.tag(tag)
    assert both.agree() == "m v1.0.0"
    both.gitreg.assign("m@v1.0.0", "prod")
    both.gto("assign", "m", stage="dev", version="v1.0.0")
    assert both.agree() == "m v1.0.0 dev=v1.0.0 prod=v1.0.0"
    assert both.gitreg_state()["m"]["stages"]["dev"][0]["tag"] == "m#dev#100000000000000000001"


def test_lightweight_tags_are_nothing_to_both(both: Both) -> None:
    both.git.tag("m@v1.0.0", lightweight=True)
    both.git.tag("m#prod#4", lightweight=True)
    both.git.register("m", "v2.0.0")
    assert both.agree() == "m v2.0.0"
    overview = both.registry.show()
    assert isinstance(overview, Overview)
    assert [problem.code for problem in overview.problems] == ["GR201", "GR201"]
    both.gto("assign", "m", stage="dev", version="v2.0.0")
    both.gitreg.assign("m@v2.0.0", "prod")
    assert both.agree() == "m v2.0.0 dev=v2.0.0 prod=v2.0.0"
    assert {"refs/tags/m#dev#5", "refs/tags/m#prod#6"} <= both.repository.refs().keys()


def test_tags_of_others_are_nothing_to_both(both: Both) -> None:
    for tag in ("v1.0.0", "release/1", "m@latest", "m@1.0.0", "m#prod#", "model-5", "m@v1.0", "@scope/m@1.0.0"):
        both.git.tag(tag)
    assert both.agree() == ""


def test_taggers_in_other_time_zones_are_ordered_by_the_moment(both: Both) -> None:
    both.git.register("m", "v1.0.0")
    later = both.commit()
    both.git.register("m", "v2.0.0")
    both.repository.tag("m#prod#1", "m@v1.0.0^{commit}", at=both.tick(), tz="-1200")
    both.repository.tag("m#prod#2", later, at=both.tick(), tz="+1400", author="Bob Beispiel <bob@example.org>")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"


def test_assignments_before_their_registration(both: Both) -> None:
    both.git.assign("m", "prod")
    both.git.unassign("m", "prod")
    both.git.assign("m", "dev")
    both.git.register("m", "v1.0.0")
    assert both.agree() == "m v1.0.0 dev=v1.0.0"


def test_artifacts_yaml_of_gto(both: Both) -> None:
    both.commit({"artifacts.yaml": ARTIFACTS_YAML})
    both.gto("register", "rf", ref="HEAD")
    assert both.agree() == "1\nfeatures\nnested/nn\nrf v0.0.1"
    overview = both.registry.show(type="model", labels=["random-forest"])
    assert isinstance(overview, Overview)
    (view,) = overview.artifacts
    assert view.entry is not None
    assert (view.entry.path, view.entry.description, view.entry.labels) == (
        "models/rf.pkl",
        "A forest",
        ("random-forest", "Pickle🥒"),
    )

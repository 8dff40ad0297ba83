"""gitreg writes, GTO reads: what gitreg means is what GTO says."""

from __future__ import annotations

import pytest

from gitreg.core.versions import Bump
from tests.compat.both import Both


def test_a_first_version(both: Both) -> None:
    both.gitreg.register("m")
    assert both.agree() == "m v0.0.1"


def test_bumps_of_every_part(both: Both) -> None:
    for bump in (None, Bump.PATCH, Bump.MINOR, Bump.MAJOR, Bump.PRERELEASE, Bump.PRERELEASE, Bump.PATCH):
        both.commit()
        both.gitreg.register("m", bump=bump)
    assert both.agree() == "m v1.0.1 v1.0.1-rc.2 v1.0.1-rc.1 v1.0.0 v0.1.0 v0.0.2 v0.0.1"


def test_versions_that_are_registered_in_another_order_than_that_of_their_numbers(both: Both) -> None:
    for version in ("v10.0.0", "v9.0.0", "v2.10.0", "v2.9.0", "v11.0.0-alpha"):
        both.commit()
        both.gitreg.register("m", version=version)
    assert both.agree() == "m v11.0.0-alpha v10.0.0 v9.0.0 v2.10.0 v2.9.0"


def test_prereleases_and_build_metadata(both: Both) -> None:
    for version in ("v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-rc.10", "v1.0.0-rc.9", "v1.0.0", "v1.0.1-rc.1+linux.x86-64"):
        both.commit()
        both.gitreg.register("m", version=version)
    assert both.agree() == "m v1.0.1-rc.1+linux.x86-64 v1.0.0 v1.0.0-rc.10 v1.0.0-rc.9 v1.0.0-alpha.1 v1.0.0-alpha"


def test_versions_that_differ_in_build_metadata_alone(both: Both) -> None:
    for version in ("v1.0.0+a", "v1.0.0+c", "v1.0.0+b"):
        both.commit()
        both.gitreg.register("m", version=version)
    assert both.agree() == "m v1.0.0+b v1.0.0+c v1.0.0+a"


def test_a_version_of_an_old_commit(both: Both) -> None:
    both.commit()
    both.commit()
    both.gitreg.register("m", "HEAD~2")
    assert both.agree() == "m v0.0.1"


def test_several_stages_of_one_version(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    for stage in ("dev", "2", "prod", "Prod-eu_1"):
        both.gitreg.assign("m@v1.0.0", stage)
    assert both.agree() == "m v1.0.0 2=v1.0.0 Prod-eu_1=v1.0.0 dev=v1.0.0 prod=v1.0.0"


def two_versions(both: Both) -> None:
    """Register two versions, each on a commit of its own, and promote both to prod."""
    for version in ("v1.0.0", "v2.0.0"):
        both.commit()
        both.gitreg.register("m", version=version)
        both.gitreg.assign(f"m@{version}", "prod")


def test_a_promotion_displaces_the_version_before(both: Both) -> None:
    two_versions(both)
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"


def test_the_holder_of_one_stage_is_promoted_to_another(both: Both) -> None:
    two_versions(both)
    both.gitreg.assign("m@v1.0.0", "dev")
    both.gitreg.assign("m#dev", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 dev=v1.0.0 prod=v1.0.0,v2.0.0"


def test_a_rollback_and_a_rollback_of_it(both: Both) -> None:
    two_versions(both)
    both.gitreg.rollback("m", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0,v2.0.0"
    both.gitreg.rollback("m", "prod", to="v2.0.0")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"


def test_an_unassigned_stage_falls_back(both: Both) -> None:
    two_versions(both)
    both.gitreg.unassign("m", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0"
    both.gitreg.unassign("m", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0"


def test_a_version_is_unassigned_below_the_holder(both: Both) -> None:
    two_versions(both)
    both.gitreg.unassign("m@v1.0.0", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0"


def test_a_stage_is_assigned_again_after_it_was_unassigned(both: Both) -> None:
    two_versions(both)
    both.gitreg.unassign("m@v1.0.0", "prod")
    both.gitreg.assign("m@v1.0.0", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0,v2.0.0"


def test_a_deregistered_version_leaves_its_stages(both: Both) -> None:
    two_versions(both)
    both.gitreg.deregister("m@v2.0.0")
    assert both.agree() == "m v2.0.0! v1.0.0 prod=v1.0.0"


def test_a_version_registered_again_on_its_commit_gets_its_stages_back(both: Both) -> None:
    two_versions(both)
    both.gitreg.deregister("m@v2.0.0")
    both.gitreg.assign("m@v1.0.0", "dev")
    both.gitreg.register("m", version="v2.0.0")
    assert both.agree() == "m v2.0.0 v1.0.0 dev=v1.0.0 prod=v2.0.0,v1.0.0"
    both.gitreg.deregister("m@v2.0.0")
    assert both.agree() == "m v2.0.0! v1.0.0 dev=v1.0.0 prod=v1.0.0"


def test_numbers_of_deregistered_versions_are_not_given_again(both: Both) -> None:
    two_versions(both)
    both.gitreg.deregister("m@latest")
    both.commit()
    both.gitreg.register("m")
    assert both.agree() == "m v2.0.1 v2.0.0! v1.0.0 prod=v1.0.0"


def test_a_deprecated_artifact(both: Both) -> None:
    two_versions(both)
    both.gitreg.deprecate("m")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0 deprecated"


def test_a_registration_revives_a_deprecated_artifact(both: Both) -> None:
    two_versions(both)
    both.gitreg.deprecate("m")
    both.commit()
    both.gitreg.register("m")
    assert both.agree() == "m v2.0.1 v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"


def test_an_assignment_revives_a_deprecated_artifact_until_it_is_deprecated_again(both: Both) -> None:
    two_versions(both)
    both.gitreg.deprecate("m")
    both.gitreg.assign("m@v1.0.0", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0,v2.0.0"
    both.gitreg.deprecate("m")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0,v2.0.0 deprecated"


@pytest.mark.parametrize("name", ["m", "1", "a/b", "Model-V2/x_y", "models/nlp:sent", "models/nlp.v1_x-y:a/b", "DIR:m"])
def test_every_kind_of_name_goes_through_a_whole_life(both: Both, name: str) -> None:
    both.gitreg.register_and_assign(f"{name}@v1.0.0", "dev")
    both.commit()
    both.gitreg.register(name)
    both.gitreg.assign(f"{name}@latest", "dev")
    both.gitreg.unassign(f"{name}@v1.0.1", "dev")
    both.gitreg.deregister(f"{name}@v1.0.1")
    assert both.agree() == f"{name} v1.0.1! v1.0.0 dev=v1.0.0"
    both.gitreg.deprecate(name)
    assert both.agree() == f"{name} v1.0.1! v1.0.0 dev=v1.0.0 deprecated"


def test_names_that_begin_alike_stay_apart(both: Both) -> None:
    for name in ("m", "m2", "m/x", "dir:m", "dir/m:m"):
        both.gitreg.register_and_assign(name, "prod")
    assert both.agree() == "\n".join(f"{name} v0.0.1 prod=v0.0.1" for name in ("dir/m:m", "dir:m", "m", "m/x", "m2"))


def test_several_artifacts_on_one_commit(both: Both) -> None:
    both.gitreg.register_and_assign("m", "prod")
    both.gitreg.register_and_assign("n@v3.0.0", "prod")
    both.gitreg.register("o")
    both.gitreg.deregister("n@v3.0.0")
    assert both.agree() == "m v0.0.1 prod=v0.0.1\nn v3.0.0!\no v0.0.1"


def test_a_bare_commit_holds_a_stage(both: Both) -> None:
    bare = both.commit()
    both.gitreg.assign("m", "prod", rev="HEAD")
    assert both.agree() == f"m prod={bare[:7]}"


def test_a_bare_commit_that_is_registered_later_hands_its_stage_to_the_version(both: Both) -> None:
    both.gitreg.assign("m", "prod", rev="HEAD")
    both.gitreg.register("m", version="v1.0.0")
    assert both.agree() == "m v1.0.0 prod=v1.0.0"


def test_a_bare_commit_above_a_version(both: Both) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    bare = both.commit()
    both.gitreg.assign("m", "prod", rev=bare)
    assert both.agree() == f"m v1.0.0 prod={bare[:7]},v1.0.0"


def test_registering_and_assigning_in_one_step(both: Both) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    both.commit()
    both.gitreg.register_and_assign("m", "prod", bump=Bump.MAJOR)
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"


def test_a_fast_writer_and_a_slow_clock_give_the_order_of_writing(both: Both) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    both.commit()
    both.registry.register_and_assign("m@v2.0.0", "prod")
    both.tick(-100)
    both.registry.assign("m@v1.0.0", "prod", accept_clock=True)
    both.registry.assign("m@v2.0.0", "prod")
    both.registry.unassign("m@v2.0.0", "prod")
    assert both.agree() == "m v2.0.0 v1.0.0 prod=v1.0.0"


def test_messages_with_several_paragraphs_trailers_and_every_alphabet(both: Both) -> None:
    text = "Better recall on 'é', 模型 and 🚀\n\nSee #12; <b>bold</b>\n\nSigned-off-by: Ann Example <ann@example.com>"
    both.gitreg.register("m", version="v1.0.0", message=text)
    both.gitreg.assign("m@v1.0.0", "prod", message=text)
    both.gitreg.unassign("m@v1.0.0", "prod", message=text)
    both.gitreg.assign("m@v1.0.0", "prod", message=text)
    assert both.agree() == "m v1.0.0 prod=v1.0.0"
    message = both.gto_state()["m"]["stages"]["prod"][0]["message"]
    assert text in message
    assert message.endswith("Gitreg-Version: v1.0.0")


def test_artifacts_that_only_the_file_knows(both: Both) -> None:
    both.commit({"artifacts.yaml": "m:\n  type: model\n  path: m.pkl\nn: {}\n", "m.pkl": "1"})
    both.gitreg.register("m")
    assert both.agree() == "m v0.0.1\nn"


def test_entries_that_gitreg_writes(both: Both) -> None:
    both.commit({"m.pkl": "1"})
    fields = {"type": "model", "path": "m.pkl", "description": "é", "labels": ["nlp"], "custom": {"a": 1}}
    both.gitreg.annotate("m", fields, commit=True)
    both.gitreg.register_and_assign("m", "prod")
    assert both.agree() == "m v0.0.1 prod=v0.0.1"
    described = both.gto("describe", "m")
    assert "type='model' path='m.pkl'" in described
    assert "labels=['nlp'] description='é' custom={'a': 1}" in described

"""Where gitreg differs from GTO on purpose: a test for each difference, and what each of the two says.

Whatever stands here is why the random walks of `test_walks` may find a difference; whatever does not stand here is a bug.
"""

from __future__ import annotations

import pytest

from gitreg.core.views import Overview
from tests.compat.both import Both, GtoError


def two_versions(both: Both) -> list[str]:
    """Register v1.0.0 and v2.0.0 by plain git, each on a commit of its own; return the commits."""
    commits = []
    for version in ("v1.0.0", "v2.0.0"):
        commits.append(both.commit())
        both.git.register("m", version)
    return commits


def problem_codes(both: Both) -> list[str]:
    """List the codes of what gitreg finds wrong."""
    overview = both.registry.show()
    assert isinstance(overview, Overview)
    return [problem.code for problem in overview.problems]


# --- ties -------------------------------------------------------------------------------------------------------------------


def test_of_two_promotions_in_one_second_the_one_with_the_higher_counter_wins(both: Both) -> None:
    one, two = two_versions(both)
    both.tick()
    both.repository.tag("m#prod#1", one)
    both.repository.tag("m#prod#2", two)
    assert both.gitreg_tells() == "m v2.0.0 v1.0.0 prod=v2.0.0,v1.0.0"
    assert both.gto_tells() == "m v2.0.0 v1.0.0 prod=v1.0.0,v2.0.0"  # the newer promotion loses


def test_of_an_assignment_and_an_unassignment_in_one_second_the_one_with_the_higher_counter_wins(both: Both) -> None:
    both.git.register("m", "v1.0.0")
    both.tick()
    for tag in ("m#prod#1", "m#prod!#2", "m#prod#3"):
        both.repository.tag(tag)
    assert both.gitreg_tells() == "m v1.0.0 prod=v1.0.0"
    assert both.gto_tells() == "m v1.0.0"  # for GTO the Unassignment always wins


def test_of_a_registration_and_a_deprecation_in_one_second_the_one_with_the_higher_counter_wins(both: Both) -> None:
    both.repository.tag("m@v1.0.0#1")
    both.repository.tag("m@deprecated#2")
    assert both.gitreg_tells() == "m v1.0.0 deprecated"
    assert both.gto_tells() == "m v1.0.0"  # for GTO the Deprecation always loses


def test_what_is_written_in_one_second_without_contradiction_reads_the_same(both: Both) -> None:
    both.git.register("m", "v1.0.0")
    both.repository.assign("m", "prod")
    both.repository.assign("m", "dev")
    both.repository.unassign("m", "dev")
    both.repository.register("n", "v1.0.0")
    both.repository.deregister("n", "v1.0.0")
    assert both.agree() == "m v1.0.0 prod=v1.0.0\nn v1.0.0!"


# --- versions ---------------------------------------------------------------------------------------------------------------


def test_a_version_registered_on_two_commits_does_not_appear_twice(both: Both) -> None:
    both.git.register("m", "v1.0.0")
    both.commit()
    both.git.tag("m@v1.0.0#1")
    both.git.tag("m#prod#2")
    bare = both.repository.git("rev-parse", "HEAD")
    assert both.gitreg_tells() == f"m v1.0.0 prod={bare[:7]}"
    assert problem_codes(both) == ["GR301"]
    assert both.gto_tells() == "m v1.0.0 v1.0.0 prod=v1.0.0"


def test_a_deregistered_version_that_is_registered_on_another_commit_does_not_appear_twice(both: Both) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    both.gitreg.deregister("m@v1.0.0")
    both.commit()
    both.gitreg.register("m", version="v1.0.0")
    assert both.gitreg_tells() == "m v1.0.0"
    assert both.gto_tells() == "m v1.0.0 v1.0.0!"
    with pytest.raises(GtoError, match="ManyVersions"):
        both.gto("assign", "m", stage="prod", version="v1.0.0")


def test_two_versions_on_one_commit_do_not_break_every_command(both: Both) -> None:
    both.gitreg.register_and_assign("m@v1.0.0-rc.1", "prod")
    both.gitreg.register_and_assign("m@v1.0.0", "prod", same_commit=True)
    both.gitreg.register_and_assign("n", "dev")
    assert both.gitreg_tells() == "m v1.0.0 v1.0.0-rc.1 prod=v1.0.0,v1.0.0-rc.1\nn v0.0.1 dev=v0.0.1"
    with pytest.raises(GtoError, match="ManyVersions"):
        both.gto_state()
    with pytest.raises(GtoError, match="ManyVersions"):
        both.gto("register", "n", ref="HEAD")


# --- deprecation ------------------------------------------------------------------------------------------------------------


def test_an_unassignment_does_not_revive_a_deprecated_artifact(both: Both) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    both.gitreg.deprecate("m")
    both.gitreg.unassign("m", "prod")
    assert both.gitreg_tells() == "m v1.0.0 deprecated"
    assert both.gto_tells() == "m v1.0.0"


def test_a_deregistration_does_not_revive_a_deprecated_artifact(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    both.gitreg.deprecate("m")
    both.gitreg.deregister("m@v1.0.0")
    assert both.gitreg_tells() == "m v1.0.0! deprecated"
    assert both.gto_tells() == "m v1.0.0!"


def test_a_mere_commit_does_not_revive_a_deprecated_artifact(both: Both) -> None:
    both.commit({"artifacts.yaml": "m: {}\n"})
    both.gitreg.register("m", version="v1.0.0")
    both.gitreg.deprecate("m")
    assert both.agree() == "m v1.0.0 deprecated"
    both.commit({"README.md": "Nothing about the model\n"})
    assert both.gitreg_tells() == "m v1.0.0 deprecated"
    assert both.gto_tells() == "m v1.0.0"


# --- bare commits -----------------------------------------------------------------------------------------------------------


def test_an_unassigned_bare_commit_leaves_its_stage(both: Both) -> None:
    bare = both.commit()
    both.gitreg.assign("m", "prod", rev=bare)
    both.gitreg.unassign("m", "prod")
    assert both.gitreg_tells() == "m"
    assert both.gto_tells() == f"m prod={bare[:7]}"


# --- what is bad ------------------------------------------------------------------------------------------------------------

TAGGER = "Ann Example <ann@example.com> 1767225600 +0000"
BAD_TAGS = {
    "GR205 no tagger": ("bad@v1.0.0", "object {commit}\ntype commit\ntag bad@v1.0.0\n\nBad\n"),
    "GR205 tagger without an address": (
        "bad@v1.0.0",
        "object {commit}\ntype commit\ntag bad@v1.0.0\ntagger Ann 1 +0000\n\nBad\n",
    ),
    "GR206 a year behind 9999": (
        "bad@v1.0.0",
        "object {commit}\ntype commit\ntag bad@v1.0.0\ntagger Ann <a@b> 999999999999 +0000\n\nBad\n",
    ),
    "GR203 a tag of a tree": ("bad@v1.0.0", f"object {{tree}}\ntype tree\ntag bad@v1.0.0\ntagger {TAGGER}\n\nBad\n"),
    "GR208 a commit that is missing": (
        "bad@v1.0.0",
        f"object {'1' * 40}\ntype commit\ntag bad@v1.0.0\ntagger {TAGGER}\n\nBad\n",
    ),
}


@pytest.mark.parametrize("bad", BAD_TAGS)
def test_one_bad_tag_does_not_break_every_command(both: Both, bad: str) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    ref, body = BAD_TAGS[bad]
    ids = {"commit": both.repository.git("rev-parse", "HEAD"), "tree": both.repository.git("rev-parse", "HEAD^{tree}")}
    both.repository.raw_tag(ref, body.format(**ids).encode())
    assert both.gitreg_tells() == "m v1.0.0 prod=v1.0.0"
    assert problem_codes(both) == [bad[:5]]
    with pytest.raises(GtoError):
        both.gto_state()


@pytest.mark.parametrize("tag", ["m@created", "m@created#3"])
@pytest.mark.parametrize("lightweight", [True, False])
def test_created_is_nothing_where_gto_stops_at_it(both: Both, tag: str, *, lightweight: bool) -> None:
    both.gitreg.register_and_assign("m@v1.0.0", "prod")
    both.git.tag(tag, lightweight=lightweight)
    assert both.gitreg_tells() == "m v1.0.0 prod=v1.0.0"
    with pytest.raises(GtoError, match="KeyError: 'action'"):
        both.gto_state()


def test_a_tag_of_a_tag_is_no_event_where_gto_takes_the_tag_for_a_commit(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    both.git.git("tag", "--annotate", "--message=x", "m#prod", "m@v1.0.0")
    inner = both.repository.git("rev-parse", "refs/tags/m@v1.0.0")
    assert both.gitreg_tells() == "m v1.0.0"
    assert problem_codes(both) == ["GR202"]
    assert both.gto_tells() == f"m v1.0.0 prod={inner[:7]}"


def test_a_renamed_tag_is_no_event_where_gto_believes_the_name_inside(both: Both) -> None:
    both.gitreg.register("m", version="v1.0.0")
    tag = both.repository.git("rev-parse", "refs/tags/m@v1.0.0")
    both.git.git("update-ref", "refs/tags/other@v2.0.0", tag)
    both.git.git("update-ref", "-d", "refs/tags/m@v1.0.0")
    assert both.gitreg_tells() == ""
    assert problem_codes(both) == ["GR204"]
    assert both.gto_tells() == "m v1.0.0"


def test_one_broken_artifacts_yaml_in_an_old_commit_does_not_break_every_command(both: Both) -> None:
    both.commit({"artifacts.yaml": "m: [unclosed\n"})
    both.gitreg.register("m", version="v1.0.0")
    both.commit({"artifacts.yaml": "m: {}\n"})
    both.gitreg.register_and_assign("m@v2.0.0", "prod")
    assert both.gitreg_tells() == "m v2.0.0 v1.0.0 prod=v2.0.0"
    with pytest.raises(GtoError):
        both.gto_state()

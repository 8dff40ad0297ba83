"""What GTO and gitreg say differently where nobody is meant to look: it follows from gitreg's rules, and moves no version and no stage.

The differences that matter are in `test_differences`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gitreg.core.views import Overview
from tests.compat.both import Both, Gto, GtoError, open_both
from tests.support.repository import Repository


def problem_codes(both: Both) -> list[str]:
    """List the codes of what gitreg finds wrong."""
    overview = both.registry.show()
    assert isinstance(overview, Overview)
    return [problem.code for problem in overview.problems]


def test_a_version_registered_twice_on_its_commit_has_the_tag_that_made_it_active(both: Both) -> None:
    both.git.tag("m@v1.0.0")
    both.git.tag("m@v1.0.0#1")
    assert both.gitreg_tells() == both.gto_tells() == "m v1.0.0"
    assert both.gitreg_state()["m"]["versions"][0]["tag"] == "m@v1.0.0"
    assert both.gto_state()["m"]["versions"][0]["tag"] == "m@v1.0.0#1"


def test_of_versions_that_differ_in_build_metadata_alone_the_one_registered_later_is_latest_also_when_it_was_there_before(
    both: Both,
) -> None:
    for version in ("v1.0.0+a", "v1.0.0+b"):
        both.commit()
        both.gitreg.register("m", version=version)
    both.gitreg.deregister("m@v1.0.0+a")
    both.gitreg.register("m", "HEAD~1", version="v1.0.0+a")
    assert both.gitreg_tells() == "m v1.0.0+a v1.0.0+b"
    assert both.gto_tells() == "m v1.0.0+b v1.0.0+a"


def test_a_deregistration_of_what_was_never_registered_leaves_the_commit_bare(both: Both) -> None:
    both.git.tag("m@v1.0.0!")
    both.git.tag("m#prod#1")
    bare = both.repository.git("rev-parse", "HEAD")
    assert both.gitreg_tells() == f"m prod={bare[:7]}"
    assert problem_codes(both) == ["GR302"]
    assert both.gto_tells() == "m"  # GTO takes the commit for the version that was withdrawn


def test_artifacts_of_folders_and_of_dvc_are_known_to_gitreg_alone(both: Both) -> None:
    dvc_yaml = "artifacts:\n  sent:\n    path: sent.pkl\n    type: model\n"
    both.commit({"dvc.yaml": dvc_yaml, "models/artifacts.yaml": "m: {}\n", "models/dvc.yaml": dvc_yaml})
    assert both.gitreg_tells() == "models:m\nmodels:sent\nsent"
    assert both.gto_tells() == ""
    both.gitreg.register("models:sent")
    assert both.gitreg_tells() == "models:m\nmodels:sent v0.0.1\nsent"
    assert both.gto_tells() == "models:sent v0.0.1"


UNREADABLE_TO_GTO = {
    "a message in Latin-1": b"tagger Ann <ann@example.com> 1767225600 +0000\n\nfa\xe7ade\n",
    "a time zone that is none": b"tagger Ann <ann@example.com> 1767225600 +9900\n\nx\n",
}


@pytest.mark.parametrize("bad", UNREADABLE_TO_GTO)
def test_a_tag_that_only_gto_cannot_read_is_an_event(both: Both, bad: str) -> None:
    commit = both.repository.git("rev-parse", "HEAD").encode()
    both.repository.raw_tag("m@v1.0.0", b"object " + commit + b"\ntype commit\ntag m@v1.0.0\n" + UNREADABLE_TO_GTO[bad])
    assert both.gitreg_tells() == "m v1.0.0"
    assert problem_codes(both) == []
    with pytest.raises(GtoError):
        both.gto_state()


def test_a_repository_with_long_ids_is_read_by_gitreg_alone(gto: Gto, tmp_path: Path) -> None:
    path = tmp_path / "sha256"
    path.mkdir()
    repository = Repository(path)
    repository.git("init", "--quiet", "--object-format=sha256")
    repository.commit()
    with open_both(repository, gto) as both:
        both.gitreg.register_and_assign("m", "prod")
        assert both.gitreg_tells() == "m v0.0.1 prod=v0.0.1"
        with pytest.raises(GtoError):
            both.gto_state()

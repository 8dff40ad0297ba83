from __future__ import annotations

from gitreg.core.facts import Facts
from gitreg.core.problems import Problem
from gitreg.core.state import Artifact
from gitreg.core.views import ArtifactDetail, Overview, VersionDetail, list_unread

PROBLEM = Problem(code="GR401", message="it is no JSON", file="metrics.json")
FACTS = Facts(artifact="churn", commit="a" * 40, problems=(PROBLEM,))


def test_what_could_not_be_read_of_versions_is_known_of_every_view() -> None:
    artifact = ArtifactDetail(artifact=Artifact(name="churn"), entry=None, versions=())
    version = VersionDetail(artifact="churn", commit="a" * 40, version=None)
    assert list_unread(Overview(artifacts=(), stages=(), unread=(PROBLEM,))) == (PROBLEM,)
    assert list_unread(artifact) == ()
    assert list_unread(version) == ()
    with_facts = ArtifactDetail(artifact=Artifact(name="churn"), entry=None, versions=(), facts={"v1.0.0": FACTS})
    assert list_unread(with_facts) == (PROBLEM,)
    assert list_unread(VersionDetail(artifact="churn", commit="a" * 40, version=None, facts=FACTS)) == (PROBLEM,)

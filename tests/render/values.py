"""Views made by hand, with one of everything."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.problems import Problem
from gitreg.core.state import Artifact, Assignment, Version
from gitreg.core.views import ArtifactDetail, ArtifactView, Overview, VersionDetail
from tests.support.environment import EMAIL, NAME, START
from tests.support.events import A, B


def make_version(version: str, commit: str = A, *, active: bool = True, stages: tuple[str, ...] = ()) -> Version:
    return Version(
        artifact="churn",
        version=version,
        active=active,
        commit=commit,
        tag=f"churn@{version}",
        registered_at=START,
        author=NAME,
        author_email=EMAIL,
        message=f"Registering artifact churn version {version}\n\nWith a body",
        stages=stages,
    )


def make_holder(stage: str, version: str | None, commit: str = A) -> Assignment:
    return Assignment(
        artifact="churn",
        stage=stage,
        version=version,
        commit=commit,
        tag=f"churn#{stage}#1",
        assigned_at=START + 3600,
        author=NAME,
        author_email=EMAIL,
        message="Assigning",
    )


ENTRY: Final = Entry(
    name="churn",
    file="artifacts.yaml",
    line=3,
    path="models/churn.pkl",
    type="model",
    description="Predicts which customers leave.\nSecond line.",
    labels=("tabular", "weekly"),
    owner="team-growth",
    license="Apache-2.0",
    custom={"threshold": 0.7, 3: float("inf")},
    metrics=({"path": "metrics.json", "keys": ["auc"]},),
    goals={"auc": "higher"},
)
POINTER: Final = Pointer(kind=PointerKind.DVC, path="models/churn.pkl", hash="md5:0123", size=1, files=2, remote="s3")
ARTIFACT: Final = Artifact(
    name="churn",
    versions=(make_version("v1.1.0", B, stages=("prod",)), make_version("v1.0.0", active=False)),
    stages={"prod": (make_holder("prod", "v1.1.0", B), make_holder("prod", "v1.0.0")), "dev": (make_holder("dev", None),)},
    latest="v1.1.0",
    stable="v1.1.0",
    updated_at=START + 3600,
)
BARE: Final = Artifact(name="models/nlp:sent")
PROBLEMS: Final = (
    Problem(code="GR201", message="tag 'x@v1.0.0' is lightweight", tag="x@v1.0.0", hint="fetch it again"),
    Problem(code="GR105", message="'labels' is no list", file="artifacts.yaml", line=3, column=5, artifact="churn"),
    Problem(code="GR106", message="unknown field 'lables'", file="a/artifacts.yaml", line=4, commit=A),
    Problem(code="GR309", message="'churn' has no entry", artifact="churn"),
    Problem(code="GR511", message="there is no remote 'origin'"),
)
OVERVIEW: Final = Overview(
    artifacts=(ArtifactView(ARTIFACT, ENTRY), ArtifactView(replace(BARE, deprecated=True))),
    stages=("dev", "prod"),
    problems=PROBLEMS,
)
DETAIL: Final = ArtifactDetail(artifact=ARTIFACT, entry=ENTRY, versions=ARTIFACT.versions, pointer=POINTER, problems=PROBLEMS)
VERSION_DETAIL: Final = VersionDetail(
    artifact="churn",
    commit=B,
    version=ARTIFACT.versions[0],
    assignment=ARTIFACT.stages["prod"][0],
    entry=ENTRY,
    pointer=POINTER,
)
BARE_COMMIT: Final = VersionDetail(artifact="churn", commit=A, version=None, assignment=ARTIFACT.stages["dev"][0])

"""Candidates that tests hold queries against."""

from __future__ import annotations

from typing import Any, Final

from gitreg.core.candidates import Candidate, Truth
from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.facts import Facts, Package
from gitreg.core.pipelines import Material
from gitreg.core.problems import Problem
from gitreg.core.query import Depth
from gitreg.core.query_match import matches
from gitreg.core.query_parse import parse_query

BROKEN: Final = Problem(code="GR101", message="the file is no YAML", file="artifacts.yaml")


def make_entry(**fields: Any) -> Entry:
    return Entry(name="churn", file="artifacts.yaml", line=1, **fields)


def make_facts(**fields: Any) -> Facts:
    return Facts(artifact="churn", commit="a" * 40, **fields)


def make_candidate(**fields: Any) -> Candidate:
    """A version of which all has been read."""
    return Candidate(**{"artifact": "churn", "version": "v1.2.0", "commit": "a" * 40, "depth": Depth.FACTS, **fields})


FULL: Final = make_candidate(
    marks=("latest",),
    stages=("prod", "dev"),
    registered_at=1_735_689_600,  # 2025-01-01T00:00:00Z
    assigned_at=(1_735_689_660, 1_738_368_000),  # and a month later
    authors=("Ann Example", "ann@example.com"),
    entry=make_entry(
        type="model",
        description="Predicts who leaves",
        labels=("pii", "weekly"),
        owner="Team Growth",
        license="GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
        framework="tensorflow",
        task="classification",
        base="bert",
        custom={
            "team": "Risk",
            "limit": 0.5,
            "tags": ["gold", 7, ["deep"]],
            "lead": {"name": "Ann", "a.b": None},
            "sites": [{"at": "Rome"}, {"at": "Oslo"}],
            "ok": True,
        },
        schema={"inputs": [{"name": "age", "type": "int64"}, {"type": "x"}, "y"], "outputs": ({"name": "leaves"},)},
    ),
    path="models/churn.pkl",
    pointer=Pointer(kind=PointerKind.DVC, path="models/churn.pkl", hash="md5:abcdef", size=1_500_000_000),
    facts=make_facts(
        metrics={"metrics.json": {"auc": 0.91, "n": 3, "name": "best", "ok": True, "none": None, "bad": float("nan")}, "m2.json": {"auc": 1.0}},
        params={"params.yaml": {"lr": 0.1, "opt.name": "Adam"}},
        packages=(
            Package(name="tensorflow", version=None, specifier=">=2", file="requirements.txt"),
            Package(name="numpy", version="1.26.4", file="uv.lock"),
            Package(name="odd", version="9e", file="uv.lock"),
        ),
        data=(
            Material(path="data/users.csv", hash="md5:1a2b3c4d", size=1),
            Material(path="data/images", hash=None, files=12),
        ),
    ),
)  # fmt: skip


def truth(query: str, candidate: Candidate = FULL) -> Truth:
    return matches(parse_query(query), candidate).truth


def reasons(query: str, candidate: Candidate = FULL) -> tuple[str, ...]:
    answer = matches(parse_query(query), candidate)
    assert answer.truth is Truth.UNKNOWN
    return answer.reasons

"""Registries of any size, made through one ``git fast-import``: 100,000 tags in a few seconds."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from tests.support.environment import EMAIL, NAME, START
from tests.support.repository import Repository

STAGES: Final = ("dev", "staging", "prod")

_VERSIONS_EACH_20: Final = 7  # 35 % of the tags are Registrations, the others Assignments
_STEP: Final = 7919  # a prime, so that the versions of one artifact lie all over the history, and no two on one commit


@dataclass(frozen=True, slots=True)
class Size:
    """How large a registry is: artifacts, tags in all, entries in ``artifacts.yaml``, and what else each version has.

    Attributes:
        pointers: whether DVC keeps each version's bytes.
        facts: whether each version has metrics, parameters, a pipeline and packages of its own.
    """

    artifacts: int
    tags: int
    entries: int = 0
    pointers: bool = False
    facts: bool = False

    @property
    def tags_each(self) -> int:
        """How many tags each artifact has."""
        return self.tags // self.artifacts

    @property
    def commits(self) -> int:
        """How many commits there are: one for each version."""
        return max(1, self.artifacts * sum(_is_version(number) for number in range(self.tags_each)))

    @property
    def end(self) -> int:
        """The time of the last tag, in seconds since 1970."""
        return START + self.commits + self.artifacts * self.tags_each

    def __str__(self) -> str:
        """Write it as the table does."""
        entries = f", {self.entries:,} entries" if self.entries else ""
        pointers = f", {self.commits:,} .dvc" if self.pointers else ""
        facts = f", {self.commits:,} with metrics" if self.facts else ""
        return f"{self.tags:,} tags / {self.artifacts:,} artifacts{entries}{pointers}{facts}"


def generate_registry(path: Path, size: Size) -> Repository:
    """Make a registry with packed refs and packed objects, such as a clone has.

    Half of the Assignments carry the trailer that gitreg writes, the other half are those of GTO.
    """
    repository = Repository.create(path)
    repository.now = size.end + 60
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=path, env=repository.env, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.writelines(part.encode() for part in chain(_history(size), _tags(size)))
    if process.returncode:
        raise AssertionError(f"git fast-import ended with {process.returncode}")
    repository.git("repack", "-a", "-d", "--quiet")
    repository.git("pack-refs", "--all")
    repository.git("reset", "--quiet", "--hard")
    return repository


def _history(size: Size) -> Iterator[str]:
    """Write the commits of one branch; their marks are 2, 3, 4 ... and the first one has the files."""
    entries = "".join(_entry(number) for number in range(size.entries)) or "{}\n"
    yield f"blob\nmark :1\ndata {len(entries)}\n{entries}"
    for number in range(size.commits):
        yield f"commit refs/heads/main\nmark :{number + 2}\ncommitter {NAME} <{EMAIL}> {START + number} +0000\ndata 6\nChange"
        yield f"\nfrom :{number + 1}\n" if number else "\nM 100644 :1 artifacts.yaml\n"
        if size.pointers:
            artifact, pointer = artifact_of(number, size), make_pointer(number, f"model-{artifact_of(number, size)}.pkl")
            yield f"M 100644 inline models/model-{artifact}.pkl.dvc\ndata {len(pointer)}\n{pointer}\n"
        if size.facts:
            for path, text in make_facts(number, artifact_of(number, size)).items():
                yield f"M 100644 inline {path}\ndata {len(text)}\n{text}\n"


def artifact_of(commit: int, size: Size) -> int:
    """Say which artifact has a version at the commit of a number."""
    return commit * pow(_STEP, -1, size.commits) % size.commits * size.artifacts // size.commits


def make_pointer(number: int, path: str) -> str:
    """Write a ``.dvc`` file as DVC does, with a hash and a size that follow from a number."""
    digest = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
    return f"outs:\n- md5: {digest}\n  size: {1_000_000 + number}\n  hash: md5\n  path: {path}\n"


def make_facts(number: int, artifact: int) -> dict[str, str]:
    """Write what says how the model of a number was made and how good it is, as a pipeline of two stages leaves it: texts by path."""
    users, prepared, model = (hashlib.md5(f"{name}{number}".encode(), usedforsecurity=False).hexdigest() for name in "upm")
    rate, epochs = number % 100 / 100, 10 + number % 50
    metrics = (
        f'{{"auc": 0.{5_000 + number}, "accuracy": 0.{4_000 + number}, "loss": {{"train": 1.{number}, "test": 2.{number}}}}}\n'
    )
    scores = hashlib.md5(metrics.encode(), usedforsecurity=False).hexdigest()
    return {
        "metrics.json": metrics,
        "params.yaml": f"prepare:\n  min_tenure: {number}\ntrain:\n  rate: {rate}\n  epochs: {epochs}\n  layers: [8, {epochs}]\n",
        "requirements.txt": f"# made at {number}\nnumpy==1.26.{number}\nscikit-learn==1.4.{number % 9}\nscipy>=1.{number % 20}\n"
        f"tensorflow==2.{number % 16}.0\npandas==2.{number % 3}.{number % 5} ; python_version >= '3.11'\njoblib==1.{number % 4}.0\n",
        "dvc.yaml": f"stages:\n  prepare:\n    cmd: python prepare.py {number}\n    deps: [prepare.py, data/users.csv]\n"
        f"    params: [prepare.min_tenure]\n    outs: [prepared.csv]\n  train:\n    cmd: python train.py\n"
        f"    deps: [train.py, prepared.csv]\n    params: [train.rate, train.epochs]\n    outs: [models/model-{artifact}.pkl]\n"
        f"    metrics:\n    - metrics.json:\n        cache: false\n",
        "dvc.lock": f"schema: '2.0'\nstages:\n  prepare:\n    cmd: python prepare.py {number}\n    deps:\n"
        f"    - path: data/users.csv\n      hash: md5\n      md5: {users}\n      size: {1_000 + number}\n"
        f"    - path: prepare.py\n      hash: md5\n      md5: {model}\n      size: 700\n"
        f"    params:\n      params.yaml:\n        prepare.min_tenure: {number}\n"
        f"    outs:\n    - path: prepared.csv\n      hash: md5\n      md5: {prepared}\n      size: {900 + number}\n"
        f"  train:\n    cmd: python train.py\n    deps:\n    - path: prepared.csv\n      hash: md5\n      md5: {prepared}\n"
        f"      size: {900 + number}\n    - path: train.py\n      hash: md5\n      md5: {users}\n      size: 800\n"
        f"    params:\n      params.yaml:\n        train.epochs: {epochs}\n        train.rate: {rate}\n"
        f"    outs:\n    - path: metrics.json\n      hash: md5\n      md5: {scores}\n      size: {len(metrics)}\n"
        f"    - path: models/model-{artifact}.pkl\n      hash: md5\n      md5: {model}\n      size: {1_000_000 + number}\n",
    }


def _entry(number: int) -> str:
    """Write one entry of ``artifacts.yaml``."""
    return (
        f"model-{number}:\n  type: model\n  path: models/model-{number}.pkl\n"
        f"  description: What number {number} is for\n  labels: [tabular, team-{number % 7}]\n"
    )


def _tags(size: Size) -> Iterator[str]:
    """Write the tags of all artifacts, each a second after the one before."""
    made = versions = 0
    for artifact in range(size.artifacts):
        own = counter = 0
        mark = 2
        for number in range(size.tags_each):
            made += 1
            if _is_version(number):
                own += 1
                mark = versions * _STEP % size.commits + 2
                versions += 1
                name = f"model-{artifact}@v1.{own}.0"
                message = f"Registering artifact model-{artifact} version v1.{own}.0\n"
            else:
                counter += 1
                stage = STAGES[number % 3]
                name = f"model-{artifact}#{stage}#{counter}"
                trailer = f"\nGitreg-Version: v1.{own}.0\n" if counter % 2 else ""
                message = f"Assigning stage {stage} to artifact model-{artifact} version v1.{own}.0\n{trailer}"
            at = START + size.commits + made
            yield f"tag {name}\nfrom :{mark}\ntagger {NAME} <{EMAIL}> {at} +0000\ndata {len(message)}\n{message}"


def _is_version(number: int) -> bool:
    """Say whether an artifact's tag of this number is a Registration; its first one is."""
    return number % 20 * _VERSIONS_EACH_20 % 20 < _VERSIONS_EACH_20

"""The example pipeline in a repository, run by the real DVC: two versions, and what was changed between them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Final

from tests.support.dvc import run_dvc
from tests.support.repository import Repository

EXAMPLE: Final = Path(__file__).parent.parent.parent / "examples" / "churn"
ENTRIES: Final = """\
churn:
  path: model.safetensors
  type: model
  license: MIT
  owner: growth
  labels: [tabular]
  goals: {auc: higher, loss: lower}
  metrics: [metrics.json]
  params: [params.yaml]
  schema:
    inputs: [{name: tenure, type: float}, {name: calls, type: float}]
    outputs: [{name: left, type: float}]
"""


def make_churn(repository: Repository) -> Repository:
    """Copy the example, let DVC keep its data and run its pipeline, and register v1.0.0, which is in prod."""
    for place in sorted(EXAMPLE.rglob("*")):
        if place.is_file() and "__pycache__" not in place.parts:
            target = repository.path / place.relative_to(EXAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place, target)
    (repository.path / "artifacts.yaml").write_text(ENTRIES, encoding="utf-8")
    # the example says `python`: the one that runs the tests
    repository.extra["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{repository.env['PATH']}"
    run_dvc(repository, "init", "--quiet")
    run_dvc(repository, "add", "--quiet", "data/users.csv", "data/holdout.csv")
    run_dvc(repository, "repro", "--quiet")
    commit_all(repository, "Train")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    return repository


def train_again(repository: Repository) -> None:
    """Change parameters, data, packages, code and the entry, run the pipeline, and register v1.1.0."""
    root = repository.path
    edit(root / "params.yaml", "rate: 0.5", "rate: 0.05\n  momentum: 0.9")
    edit(root / "requirements.txt", "numpy==1.26.4", "numpy==2.0.1\npandas==2.2.2")
    edit(root / "train.py", "EVEN = 0.5", "EVEN = 0.45")
    edit(root / "artifacts.yaml", "license: MIT", "license: GPL-3.0-only")
    edit(root / "artifacts.yaml", ", {name: calls, type: float}", "")
    users = (root / "data" / "users.csv").read_text(encoding="utf-8").splitlines()
    (root / "data" / "users.csv").write_text("\n".join(users[: len(users) // 2]) + "\n", encoding="utf-8")
    run_dvc(repository, "repro", "--quiet")
    commit_all(repository, "Train on half of the users")
    repository.register("churn", "v1.1.0")
    repository.tick()


def commit_all(repository: Repository, message: str) -> str:
    """Commit whatever git does not ignore."""
    repository.git("add", "--all")
    return repository.commit(message=message)


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that a file must have."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")

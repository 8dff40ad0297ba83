"""`card`: a page that Hugging Face reads, and on which nothing of a repository acts."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from inline_snapshot import snapshot
from ruamel.yaml import YAML

from gitreg.registry import Registry
from tests.cli.terminal import experience_anywhere
from tests.support.churn import make_churn, train_again
from tests.support.command import GitregCommand
from tests.support.pipelines import format_definition
from tests.support.repository import Repository

HOSTILE = [
    "a\n---\n\n# owned\n",
    "---\n- a: b\n---",
    "<script>alert(1)</script>",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "`a` | b | @everyone #1",
    'x": {a: b}, "',
    "\x1b[2J\u202eevil",
    "!!python/object/apply:os.system [id]",
    "{{ x }} ${x} %{x}",
    "x" * 200_000,
    "    code\n\n1. one\n- two\n===\n---\n***",
]


def read_front_matter(card: str) -> Any:
    """Read the YAML at the head of a card as the library of Hugging Face does."""
    match = re.search(r"^(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(\r\n|\n|$))", card)
    return YAML(typ="safe", pure=True).load(match[2]) if match else None


@pytest.mark.slow
def test_a_card_of_a_pipeline(repository: Repository, gitreg: GitregCommand) -> None:
    make_churn(repository)
    train_again(repository)
    card = gitreg("card", "churn@latest")
    assert re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", experience_anywhere(card)) == snapshot("""\

exit 0
---
license: gpl-3.0
tags:
- tabular
- model
metrics:
- auc
- loss
- accuracy
model-index:
- name: churn
  results:
  - task:
      type: other
    dataset:
      type: data-users.csv
      name: data/users.csv, data/holdout.csv
    metrics:
    - type: auc
      value: 0.703
      name: auc
    - type: loss
      value: 0.6681
      name: loss
    - type: accuracy
      value: 0.5667
      name: accuracy
---

# churn v1.1.0

## Version

|  |  |
| --- | --- |
| type | `model` |
| license | `GPL-3.0-only` |
| labels | `tabular` |
| registered | `2026-01-01` |
| commit | `COMMIT` |
| tag | `churn@v1.1.0` |
| file | `model.safetensors` |
| size | `237 bytes` |
| hash | `md5:7531310f9b15f97d71db2718471e6b45` |
| stages | `none` |

## Metrics

| metric | value | v1.0.0 | change | better is |
| --- | --- | --- | --- | --- |
| `accuracy` | `0.5667` | `0.6333` | `-0.0666 (-11%)` |  |
| `auc` | `0.703` | `0.7589` | `-0.0559 (-7.4%)`, worse | `higher` |
| `loss` | `0.6681` | `0.6263` | `+0.0418 (+6.7%)`, worse | `lower` |

## Training data

| data | hash | size |
| --- | --- | --- |
| `data/users.csv` | `md5:7fafdbd27afa609819e7411efd138253` | 3.3 kB |
| `data/holdout.csv` | `md5:c272fa91b440c2e0300ee40acdf8d32b` | 2.4 kB |

## Parameters

| parameter | value |
| --- | --- |
| `prepare.min_tenure` | `1` |
| `train.epochs` | `20` |
| `train.momentum` | `0.9` |
| `train.rate` | `0.05` |

## How it was made

1. `prepare` of `dvc.yaml`
   - runs `python prepare.py data/users.csv prepared.csv`
   - reads `data/users.csv`, `prepare.py`
   - makes `prepared.csv`
2. `train` of `dvc.yaml`
   - runs `python train.py prepared.csv data/holdout.csv model.safetensors metrics.json`
   - reads `data/holdout.csv`, `prepare.py`, `prepared.csv`, `train.py`
   - makes `metrics.json`, `model.safetensors`

## Environment

| package | version | file |
| --- | --- | --- |
| `numpy` | `2.0.1` | `requirements.txt` |
| `pandas` | `2.2.2` | `requirements.txt` |
| `scikit-learn` | `1.4.2` | `requirements.txt` |
| `scipy` | `>=1.11`, not pinned | `requirements.txt` |

## Inputs and outputs

|  | name | type | shape |
| --- | --- | --- | --- |
| input | `tenure` | `float` |  |
| output | `left` | `float` |  |

## People

| who | what |
| --- | --- |
| `growth` | owns it |
| `Ann Example` | registered it |

## How to get it

```console
$ gitreg get churn@v1.1.0
$ gitreg trace churn@v1.1.0
```
""")
    assert read_front_matter(card.stdout)["model-index"][0]["results"][0]["metrics"][0] == {
        "type": "auc",
        "value": 0.703,
        "name": "auc",
    }


def test_a_card_of_next_to_nothing(repository: Repository, gitreg: GitregCommand) -> None:
    repository.register("churn", "v1.0.0")
    assert re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", experience_anywhere(gitreg("card", "churn@v1.0.0"))) == snapshot("""\

exit 0
# churn v1.0.0

## Version

|  |  |
| --- | --- |
| registered | `2026-01-01` |
| commit | `COMMIT` |
| tag | `churn@v1.0.0` |
| stages | `none` |

## People

| who | what |
| --- | --- |
| `Ann Example` | registered it |

## How to get it

```console
$ gitreg get churn@v1.0.0
$ gitreg trace churn@v1.0.0
```
""")


def test_a_card_of_a_bare_commit_and_of_a_version_that_is_gone(repository: Repository, gitreg: GitregCommand) -> None:
    repository.assign("churn", "dev")
    assert "Check out commit" in gitreg("card", "churn#dev").stdout
    repository.tick()
    repository.register("old", "v1.0.0")
    repository.tick()
    repository.deregister("old", "v1.0.0")
    assert gitreg("card", "churn").code == 2
    assert gitreg("card", "nothing@v1.0.0").code == 3


def test_a_card_of_a_version_that_was_withdrawn_names_only_commands_that_work(
    repository: Repository, gitreg: GitregCommand
) -> None:
    repository.commit({"artifacts.yaml": "old:\n  path: m\n", "m": "1"})
    repository.register("old", "v1.0.0")
    repository.tick()
    repository.deregister("old", "v1.0.0")
    card = gitreg("card", "old@v1.0.0").stdout
    assert "| deregistered | `yes` |" in card
    said, _, commands = card.partition("## How to get it\n\n")[2].partition("```console\n")
    assert said == "`v1.0.0` was withdrawn, so it is not fetched any more. When, by whom, and what it was made from:\n\n"
    listed = commands.removesuffix("```\n").splitlines()
    assert listed == ["$ gitreg history old@v1.0.0", "$ gitreg trace old@v1.0.0"]
    assert [gitreg(*line.split()[2:]).code for line in listed] == [0, 0]


def test_a_metric_that_is_what_it_was_is_unchanged(repository: Repository, gitreg: GitregCommand) -> None:
    entry = "churn:\n  metrics: [m.json]\n  goals: {auc: higher}\n"
    repository.commit({"artifacts.yaml": entry, "m.json": '{"auc": 0.9, "loss": 0, "new": 1}'})
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.commit({"m.json": '{"auc": 0.9, "loss": 0.0, "new": 2}'})
    repository.register("churn", "v1.1.0")
    card = gitreg("card", "churn@v1.1.0").stdout
    assert "| `auc` | `0.9` | `0.9` | unchanged | `higher` |" in card
    assert "| `loss` | `0` | `0` | unchanged |" in card or "| `loss` | `0.0` | `0` | unchanged |" in card
    assert "| `new` | `2` | `1` | `+1 (+100%)` |" in card


def test_the_card_of_what_is_deprecated_says_so_first(repository: Repository, gitreg: GitregCommand) -> None:
    repository.register("churn", "v1.0.0")
    assert "eprecated" not in gitreg("card", "churn@v1.0.0").stdout
    repository.tick()
    repository.deprecate("churn")
    card = gitreg("card", "churn@v1.0.0").stdout
    assert read_front_matter(card) == {"tags": ["deprecated"]}
    assert "# churn v1.0.0\n\n**`churn` is deprecated: it is no longer of use.**\n\n## Version" in card
    assert "| deprecated | `yes` |" in card


def test_metrics_that_may_be_in_a_broken_file_are_not_known_and_told_once(repository: Repository, gitreg: GitregCommand) -> None:
    definition = format_definition({"train": ", outs: [m], metrics: [{a.json: {cache: false}}, {b.json: {cache: false}}]"})
    metrics = {"a.json": '{"auc": 0.9}', "b.json": '{"auc": 0.5}'}
    for version, changed in (("v1.0.0", {"dvc.yaml": definition, **metrics}), ("v1.1.0", {"dvc.yaml": "stages: ["})):
        repository.commit({"artifacts.yaml": "churn: {path: m}\n", **changed}, version)
        repository.register("churn", version)
        repository.tick()
    card = gitreg("card", "churn@v1.1.0").stdout
    assert "| `a.json:auc` | `?` | `0.9` | not known |" in card
    assert "| `b.json:auc` | `?` | `0.5` | not known |" in card
    assert card.count("- `dvc.yaml: ") == 1


def test_a_card_goes_into_a_file_and_over_none(repository: Repository, gitreg: GitregCommand) -> None:
    repository.register("churn", "v1.0.0")
    text = gitreg("card", "churn@latest").stdout
    written = gitreg("card", "churn@latest", "-o", "docs/CARD.md")  # folders that are not there are made, as get and export do
    assert experience_anywhere(written) == "\nexit 0\nWrote the card of churn@latest to docs/CARD.md\n"
    assert (repository.path / "docs" / "CARD.md").read_text(encoding="utf-8") == text
    assert gitreg("card", "churn@latest", "-o", "docs/CARD.md").code == 4
    assert gitreg("card", "churn@latest", "-o", "docs/CARD.md", "--force").code == 0
    assert gitreg("card", "churn@latest", "-o", "docs", "--force").code == 5
    assert gitreg("card", "churn@latest", "--force").code == 2


def test_a_card_says_what_could_not_be_read(repository: Repository, gitreg: GitregCommand) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: m\n  metrics: [m.json]\n", "m": "1", "m.json": "[1"})
    repository.register("churn", "v1.0.0")
    assert "## Not read\n\n- `m.json: " in gitreg("card", "churn@latest").stdout


def test_by_its_address_the_commands_name_the_address(repository: Repository, remote: Repository, gitreg: GitregCommand) -> None:
    repository.register("churn", "v1.0.0")
    repository.git("push", "--quiet", "--tags", "origin", "main")
    address = remote.path.as_uri()
    assert f"$ gitreg get churn@v1.0.0 --repo {address}\n" in gitreg("card", "churn@latest", "--repo", address).stdout


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_repository_holds_is_text_on_a_card(repository: Repository, text: str) -> None:
    stream = io.StringIO()
    fields = ("description", "type", "owner", "license", "framework", "task", "base", "homepage")
    entry = {
        **dict.fromkeys(fields, text),
        "labels": [text],
        "path": "m",
        "metrics": ["m.yaml"],
        "params": ["m.yaml"],
        "goals": {text[:50]: "higher"},
        "schema": {"inputs": [{"name": text, "type": text, "shape": [text]}]},
    }
    yaml = YAML(typ="safe", pure=True)
    yaml.dump({"churn": entry}, stream)
    values = io.StringIO()
    yaml.dump({text[:100]: 0.5, "text": text}, values)
    repository.commit(
        {"artifacts.yaml": stream.getvalue(), "m": "1", "m.yaml": values.getvalue(), "requirements.txt": f"{text}\n"}
    )
    repository.register("churn", "v1.0.0")
    with Registry(repository.path) as registry:
        card = registry.card("churn@v1.0.0")
    head, _, body = card[len("---\n") :].partition("\n---\n")
    front = read_front_matter(card)
    assert set(front) <= {
        "license",
        "license_name",
        "library_name",
        "pipeline_tag",
        "tags",
        "base_model",
        "datasets",
        "metrics",
        "model-index",
    }
    assert all(isinstance(tag, str) and "\n" not in tag for tag in front.get("tags", []))
    assert len(card) < 60_000
    assert body.startswith("\n# churn v1.0.0\n")
    headings = [line for line in body.splitlines() if line.startswith("#")]
    assert all(line.startswith(("# churn ", "## ")) for line in headings)
    assert not {"owned", "evil"} & {line.strip("# ") for line in headings}
    outside = re.sub(r"`[^`\n]*`", "", body)  # what is no code
    for sign in ("<script", "](", "@everyone", "\x1b", "\u202e", "https://", "\n---\n", "\n===", "\n1. one", "\n    code"):
        assert sign not in outside
    assert "\x1b" not in head

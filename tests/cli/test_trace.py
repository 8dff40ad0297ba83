from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience_anywhere, run_in_terminal
from tests.support.command import GitregCommand
from tests.support.pipelines import format_definition, format_lock
from tests.support.repository import Repository

EVIL = "evil\x1b]0;x\x07[red]\u202e"


@pytest.fixture
def trained(repository: Repository) -> Repository:
    """A model of two versions that differ in their code."""
    files = {
        "artifacts.yaml": "churn: {path: model, homepage: 'https://wandb.ai/team/churn/runs/1a2b'}\nusers: {path: users.csv}\n",
        "dvc.yaml": format_definition({"train": ", outs: [model], params: [rate], metrics: [{metrics.json: {cache: false}}]"}),
        "dvc.lock": format_lock(
            {"train": ({"users.csv": "users", "train.py": "train"}, {"model": "m"})}, {"train": {"rate": 0.5}}
        ),
        "users.csv": "users",
        "train.py": "train",
        "params.yaml": "rate: 0.5\n",
        "metrics.json": '{"auc": 0.91, "bleu": 1.0, "good": true}',
        "requirements.txt": "numpy==1.26.4\nscipy>=1.11\n",
    }
    repository.commit(files, "Train")
    repository.register("users", "v1.0.0")
    repository.register("churn", "v1.0.0")
    repository.tick(86_400)
    repository.commit({"train.py": "better", "dvc.lock": files["dvc.lock"].replace("ff2d1da1", "00000000")}, "Fix the training")
    repository.register("churn", "v1.1.0")
    repository.assign("churn", "prod", version="v1.1.0")
    repository.tick()
    return repository


def test_a_pipe_gets_an_indented_tree(trained: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("trace", "churn@v1.0.0")) == snapshot("""\

exit 0
churn v1.0.0  COMMIT, model, 1 byte, md5:6f8f5771
  made by train (dvc.yaml): python train.py
    reads params.yaml  rate=0.5
    reads users.csv  data, 5 bytes, md5:9bc65c2a
      same bytes as users v1.0.0  COMMIT
    reads train.py  code, 5 bytes, md5:61b3a8fa
  run 1a2b  wandb, https://wandb.ai/team/churn/runs/1a2b

registered: 2026-01-01 by Ann Example <ann@example.com>
metrics:    metrics.json: auc=0.91, bleu=1, good=true
packages:   requirements.txt: numpy 1.26.4, scipy>=1.11
changes:    1 commit from the beginning in dvc.yaml, train.py
people:     Ann Example (1)

commit   date        author       files  subject
COMMIT  2026-01-01  Ann Example  2      Train
""")


def test_a_terminal_gets_branches(trained: Repository) -> None:
    shown = run_in_terminal(trained, "trace", "churn#prod", columns=120, env={"NO_COLOR": "1"})
    assert re.sub(r"\b[0-9a-f]{7}\b", "COMMIT", shown) == snapshot("""\
churn v1.1.0  COMMIT, model, 1 byte, md5:6f8f5771
├─ made by train (dvc.yaml): python train.py
│  ├─ reads params.yaml  rate=0.5
│  ├─ reads users.csv  data, 5 bytes, md5:9bc65c2a
│  │  └─ same bytes as users v1.0.0  COMMIT
│  └─ reads train.py  code, 5 bytes, md5:61b3a8fa
└─ run 1a2b  wandb, https://wandb.ai/team/churn/runs/1a2b

registered: 2026-01-02 by Ann Example <ann@example.com>
metrics:    metrics.json: auc=0.91, bleu=1, good=true
packages:   requirements.txt: numpy 1.26.4, scipy>=1.11
changes:    1 commit since v1.0.0 in dvc.yaml, train.py
people:     Ann Example (1)

commit   date        author       files  subject
─────────────────────────────────────────────────────────
COMMIT  2026-01-02  Ann Example  1      Fix the training
note: 'train' was run with another train.py than this commit has
""")


def test_what_was_made_from_it_is_a_tree_too(trained: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("trace", "users@v1.0.0", "--reverse")) == snapshot("""\

exit 0
users v1.0.0  COMMIT, users.csv, 5 bytes, git:53472378
  read by the pipeline of churn v1.1.0  COMMIT
  read by the pipeline of churn v1.0.0  COMMIT
""")
    assert experience_anywhere(gitreg("trace", "churn@v1.0.0", "--reverse")) == snapshot("""\

exit 0
churn v1.0.0  COMMIT, model, 1 byte, md5:6f8f5771
---- stderr
note: no version in this registry was made from it, as far as their files say
""")


def test_a_version_that_is_deregistered_says_so(trained: Repository, gitreg: GitregCommand) -> None:
    trained.deregister("churn", "v1.1.0")
    trained.tick()
    assert experience_anywhere(gitreg("trace", "users@v1.0.0", "--reverse")) == snapshot("""\

exit 0
users v1.0.0  COMMIT, users.csv, 5 bytes, git:53472378
  read by the pipeline of churn v1.1.0  COMMIT, deregistered
  read by the pipeline of churn v1.0.0  COMMIT
""")
    assert gitreg("trace", "churn@v1.1.0").stdout.startswith("churn v1.1.0  ")
    assert ", deregistered, model, 1 byte" in gitreg("trace", "churn@v1.1.0").stdout.splitlines()[0]
    assert '"churn v1.1.0 (deregistered)"' in gitreg("trace", "churn@v1.1.0", "--dot").stdout
    assert read_json(gitreg("trace", "churn@v1.1.0", "--json").stdout, "trace")["active"] is False


def test_what_is_wrong_with_a_file_is_told_once_with_its_commit(trained: Repository, gitreg: GitregCommand) -> None:
    trained.commit({"artifacts.yaml": "- no", "dvc.lock": "stages: ["})
    trained.register("churn", "v1.2.0")
    assert experience_anywhere(gitreg("trace", "churn@v1.2.0")) == snapshot("""\

exit 0
churn v1.2.0  COMMIT

registered: 2026-01-02 by Ann Example <ann@example.com>
metrics:    metrics.json: auc=0.91, bleu=1, good=true
packages:   requirements.txt: numpy 1.26.4, scipy>=1.11
changes:    0 commits since v1.1.0
---- stderr
warning: artifacts.yaml at commit COMMIT: the top level is no mapping
warning: dvc.lock at commit COMMIT: the file is no YAML: did not find expected node content
""")


def test_whether_a_commit_is_in_there_is_a_sentence_and_an_exit_code(trained: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("trace", "churn#prod", "--contains", "HEAD")) == snapshot("""\

exit 0
commit COMMIT (Fix the training) is in churn v1.1.0, which holds prod
---- stderr
note: v1.1.0, registered on 2026-01-02, is the only version that has it
""")
    assert experience_anywhere(gitreg("trace", "churn@v1.0.0", "--contains", "HEAD")) == snapshot("""\

exit 1
commit COMMIT (Fix the training) is not in churn v1.0.0
---- stderr
note: v1.1.0, registered on 2026-01-02, is the only version that has it
hint: the same change under another id is not found; look for it: git log --grep or git cherry
""")
    assert experience_anywhere(gitreg("trace", "churn", "--contains", "HEAD~1")) == snapshot("""\

exit 0
commit COMMIT (Train) is in churn since v1.0.0
---- stderr
note: v1.0.0, registered on 2026-01-01, is the first of 2 versions that have it
""")
    trained.commit({"x": "y"}, "Later")
    assert experience_anywhere(gitreg("trace", "churn", "--contains", "HEAD")) == snapshot("""\

exit 1
commit COMMIT (Later) is in no version of churn
---- stderr
hint: the same change under another id is not found; look for it: git log --grep or git cherry
""")


def test_graphs_are_what_graphviz_and_mermaid_read(trained: Repository, gitreg: GitregCommand) -> None:
    assert gitreg("trace", "churn@v1.0.0", "--dot").stdout == snapshot("""\
digraph lineage {
  rankdir=LR;
  n0 [shape=box3d, label="churn v1.0.0"];
  n1 [shape=component, label="stage train"];
  n2 [shape=tab, label="params.yaml"];
  n3 [shape=tab, label="metrics.json"];
  n4 [shape=cylinder, label="users.csv"];
  n5 [shape=box3d, label="users v1.0.0"];
  n6 [shape=note, label="train.py"];
  n7 [shape=ellipse, label="run 1a2b"];
  n1 -> n2 [label="reads"];
  n3 -> n1 [label="made-by"];
  n0 -> n1 [label="made-by"];
  n1 -> n4 [label="reads"];
  n4 -> n5 [label="same-bytes"];
  n1 -> n6 [label="reads"];
  n0 -> n7 [label="run"];
}
""")
    assert gitreg("trace", "churn@v1.0.0", "--mermaid").stdout == snapshot("""\
flowchart LR
  n0[["churn v1.0.0"]]
  n1(["stage train"])
  n2["params.yaml"]
  n3["metrics.json"]
  n4[("users.csv")]
  n5[["users v1.0.0"]]
  n6["train.py"]
  n7(("run 1a2b"))
  n1 -->|"reads"| n2
  n3 -->|"made-by"| n1
  n0 -->|"made-by"| n1
  n1 -->|"reads"| n4
  n4 -->|"same-bytes"| n5
  n1 -->|"reads"| n6
  n0 -->|"run"| n7
""")


@pytest.mark.parametrize("arguments", [
    ("churn@v1.0.0",), ("churn#prod",), ("churn@v1.1.0", "--code", "train.py"), ("users@v1.0.0", "--reverse"),
])  # fmt: skip
def test_json_follows_its_schema(arguments: tuple[str, ...], trained: Repository, gitreg: GitregCommand) -> None:
    document = read_json(gitreg("trace", *arguments, "--json").stdout, "trace")
    assert document["nodes"][0]["id"] == document["root"]


@pytest.mark.parametrize(("selector", "code"), [("churn", 0), ("churn#prod", 0), ("churn@v1.0.0", 1)])
def test_json_of_containment_follows_its_schema(selector: str, code: int, trained: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("trace", selector, "--contains", "HEAD", "--json")
    assert (result.code, read_json(result.stdout, "trace-contains")["contained"]) == (code, code == 0)


def read_json(text: str, schema: str) -> Any:
    document = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(load(schema))
    jsonschema.Draft202012Validator(load(schema)).validate(document)
    assert sorted(document) == load(schema)["required"]
    return document


@pytest.mark.parametrize("arguments", [
    ("churn@v1.0.0", "--json", "--dot"), ("churn", "--contains", "HEAD", "--reverse"), ("churn", "--contains", "HEAD", "--code", "x"),
    ("churn", "--contains", "HEAD", "--mermaid"), ("churn@v1.0.0", "--reverse", "--code", "x"), ("churn",), ("churn@v1.0.0", "--code", "/x"),
])  # fmt: skip
def test_what_makes_no_sense_together_is_refused(arguments: tuple[str, ...], trained: Repository, gitreg: GitregCommand) -> None:
    assert gitreg("trace", *arguments).code == 2


@pytest.fixture
def hostile(repository: Repository) -> Repository:
    """A registry in which every text that anybody could write is evil."""
    lines = [
        "schema: '2.0'", "stages:", f"  {quoted(EVIL)}:", f"    cmd: {quoted(EVIL + chr(10) + '| ' + EVIL)}", "    deps:",
        f"    - path: {quoted(EVIL + chr(10) + chr(34) + '];evil[label=<b>')}", f"      md5: {quoted(EVIL)}", f"    - path: {quoted('s3://h/' + EVIL)}",
        "    params:", f"      {quoted(EVIL)}: {{{quoted(EVIL)}: {quoted(EVIL)}}}", "    outs:", "    - path: model", f"      md5: {quoted(EVIL)}",
    ]  # fmt: skip
    entry = f"churn: {{path: model, base: {quoted(EVIL)}, metrics: [m.json]}}\n"
    repository.git("config", "user.name", EVIL.replace("\x07", ""))
    repository.commit({"dvc.lock": "\n".join(lines), "artifacts.yaml": entry, "m.json": json.dumps({EVIL: EVIL}),
                       "requirements.txt": f"evil=={EVIL}\n"}, EVIL)  # fmt: skip
    repository.register("churn", "v1.0.0", message=EVIL)
    return repository


def quoted(text: str) -> str:
    return json.dumps(text)


@pytest.mark.parametrize("form", [(), ("--json",), ("--dot",), ("--mermaid",), ("--reverse",), ("--contains", "HEAD")])
def test_a_hostile_text_is_told_as_text(form: tuple[str, ...], hostile: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("trace", "churn@v1.0.0", *form)
    assert result.code == 0
    for shown in (result.stdout, result.stderr):
        assert not set(shown) & {"\x1b", "\x07", "\u202e"}
    for line in result.stdout.splitlines():
        assert not line.startswith(('"];', "| evil"))
        if form == ("--mermaid",):
            assert line.count('"') in {0, 2}
        if form == ("--dot",):
            assert line.replace("\\\\", "").replace('\\"', "").count('"') in {0, 2}


def test_a_long_chain_of_stages_is_drawn_as_far_as_anybody_reads(repository: Repository, gitreg: GitregCommand) -> None:
    stages = {f"s{number}": ({f"f{number}": "x"}, {f"f{number + 1}": "x"}) for number in range(1500)}
    repository.commit({"dvc.lock": format_lock(stages), "artifacts.yaml": "churn: {path: f1500}\n"})
    repository.register("churn", "v1.0.0")
    result = gitreg("trace", "churn@v1.0.0")
    assert (result.code, len(result.stdout.splitlines()) < 100) == (0, True)
    assert gitreg("trace", "churn@v1.0.0", "--json").code == 0


def test_a_version_without_an_entry_has_its_commits_all_the_same(repository: Repository, gitreg: GitregCommand) -> None:
    repository.register("churn", "v1.0.0")
    assert experience_anywhere(gitreg("trace", "churn@v1.0.0")) == snapshot("""\

exit 0
churn v1.0.0  COMMIT

registered: 2026-01-01 by Ann Example <ann@example.com>
changes:    1 commit from the beginning
people:     Ann Example (1)

commit   date        author       files  subject
COMMIT  2026-01-01  Ann Example  1      Begin
""")


def test_what_a_shallow_clone_does_not_know_has_a_hint(trained: Repository, tmp_path: Path) -> None:
    clone = trained.clone(tmp_path / "shallow", "--depth=1")
    result = GitregCommand(clone)("trace", "churn#prod", "--fetch")
    assert "changes:    the commits since v1.0.0 are not known\n" in result.stdout
    assert result.stderr == snapshot("""\
note: 'train' was run with another train.py than this commit has
warning: the commits since the version before are not known: this clone is shallow
hint: git fetch --unshallow
""")


def test_at_80_columns_no_line_of_the_tree_is_broken_by_the_terminal(trained: Repository) -> None:
    long = " ".join(f"--option-{number}" for number in range(20))
    definition = f"stages:\n  train: {{cmd: python train.py {long}, deps: [train.py], outs: [model]}}\n"
    lock = format_lock({"train": ({"train.py": "x"}, {"model": "m"})}).replace("train.py\n    deps", f"train.py {long}\n    deps")
    trained.commit({"dvc.yaml": definition, "dvc.lock": lock, "train.py": "x"})
    trained.register("churn", "v9.0.0")
    shown = run_in_terminal(trained, "trace", "churn@v9.0.0", columns=80, env={"NO_COLOR": "1"}).replace("\r", "").splitlines()
    assert [line for line in shown if len(line) > 80] == []
    assert any(line.startswith("│    ") for line in shown)

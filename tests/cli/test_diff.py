from __future__ import annotations

import json
import re
from typing import Any, Final

import jsonschema
import pytest
from inline_snapshot import snapshot
from markdown_it import MarkdownIt

from gitreg.render.diff_markdown import MARKER
from gitreg.render.markdown_limit import MOST_BYTES
from gitreg.render.schemas import load
from tests.cli.terminal import environment_of, experience_anywhere, run_in_terminal
from tests.support.command import GitregCommand
from tests.support.pipelines import md5_of
from tests.support.repository import Repository

EVIL: Final = (
    "</details></summary>",
    "`|<img src=x onerror=alert(1)>",
    "@octocat #1 !2 GH-3",
    "[x](javascript:alert(1)) ![p](https://evil.example/p.png)",
    "-->\n\n# hi\n- x",
    "a\nb | c",
    "\u202eevil\u200b\x1b[31m",
    "www.evil.example https://evil.example user@evil.example",
    "``` ```` `",
    "\\| \\` $x$ :smile: {{ x }} ${{ github.token }}",
    "::error::x",
    MARKER,
    "x" * 500,
    "&lt;b&gt; &#64;all",
)
OF_OURS: Final = {
    "code",
    "details",
    "h3",
    "h4",
    "li",
    "p",
    "strong",
    "sub",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "a",
}


def point(text: str, size: int, path: str) -> str:
    return f"outs:\n- md5: {md5_of(text)}\n  size: {size}\n  hash: md5\n  path: {path}\n"


@pytest.fixture
def review(repository: Repository) -> Repository:
    """A pull request that trains ``churn`` again, adds ``sent`` and takes ``old`` away."""
    entry = "churn:\n  path: models/churn.pkl\n  type: model\n  labels: [tabular]\n  goals: {auc: higher}\n  metrics: [metrics.json]\n"
    first = entry + "  params: [params.yaml]\n\nold:\n  path: models/old.pkl\n"
    files = {
        "artifacts.yaml": first,
        "models/churn.pkl.dvc": point("1", 40_100_000, "churn.pkl"),
        "models/old.pkl.dvc": point("o", 9, "old.pkl"),
    }
    repository.commit({**files, "metrics.json": '{"auc": 0.83}', "params.yaml": "depth: 4\n", "train.py": "1"}, "First")
    repository.register("churn", "v1.2.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.2.0")
    repository.tick()
    repository.git("checkout", "--quiet", "-b", "feature")
    second = (
        entry.replace("[tabular]", "[pii, tabular]") + "  params: [params.yaml]\n\nsent:\n  path: models/sent.onnx\n  oops: 1\n"
    )
    files = {
        "artifacts.yaml": second,
        "models/churn.pkl.dvc": point("2", 41_000_000, "churn.pkl"),
        "models/sent.onnx.dvc": point("s", 412_000_000, "sent.onnx"),
    }
    repository.commit({**files, "metrics.json": '{"auc": 0.86}', "params.yaml": "depth: 6\n", "train.py": "2"}, "Second")
    return repository


def test_a_review_reads_what_changed(review: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("diff", "main", "HEAD", "--against", "prod")) == snapshot("""\

exit 0
Model registry: 1 added, 1 changed, 1 removed; auc of churn 0.83 -> 0.86 better; 1 new warning
base: main (COMMIT); head: HEAD (COMMIT)

~ churn changed (bytes, 1 metric, 1 parameter, labels; v1.2.0 is the latest, prod has v1.2.0)
what    name    base          prod v1.2.0   head          change                against prod
metric  auc     0.83          0.83          0.86          +0.03 (+3.6%) better  +0.03 (+3.6%) better
bytes   size    40.1 MB       40.1 MB       41.0 MB       changed               changed
bytes   hash    md5:c4ca4238  md5:c4ca4238  md5:c81e728d  changed               changed
entry   labels  tabular       tabular       pii, tabular  changed               changed
param   depth   4             4             6             +2 (+50%)             +2 (+50%)

- old removed (no version yet; nothing of it is in prod)
what   name  base
bytes  path  models/old.pkl
bytes  size  9 bytes
bytes  hash  md5:d9567975

+ sent added (no version yet; nothing of it is in prod)
what   name  head
bytes  path  models/sent.onnx
bytes  size  412.0 MB
bytes  hash  md5:03c7c0ac

code changed, 1 commit by 1 person, 1 file: train.py changed

findings of check: 1 new warning
finding            where                what
new warning GR106  artifacts.yaml:11:3  'sent' has the unknown field 'oops'

After the merge:
  gitreg register churn --bump minor    # v1.2.0 -> v1.3.0
  gitreg register sent
""")


def test_the_comment_has_a_verdict_tables_and_what_comes_next(review: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("diff", "--md")) == snapshot("""\

exit 0
<!-- gitreg:diff:v1 -->
### Model registry: 1 added, 1 changed, 1 removed; `auc` of `churn` `0.83 -> 0.86` better; 1 new warning

|  | artifact | type | what | now |
| --- | --- | --- | --- | --- |
| ~&nbsp;changed | `churn` | `model` | bytes, 1 metric, 1 parameter, labels | `v1.2.0`; `prod` has `v1.2.0` |
| -&nbsp;removed | `old` |  | `models/old.pkl, DVC, 9 bytes` | no version yet |
| +&nbsp;added | `sent` |  | `models/sent.onnx, DVC, 412.0 MB` | no version yet |

#### `churn` changed

| what | name | base | work tree | change |
| --- | --- | --- | --- | --- |
| metric | `auc` | `0.83` | `0.86` | `+0.03 (+3.6%)` **better** |
| bytes | `size` | `40.1 MB` | `41.0 MB` | changed |
| bytes | `hash` | `md5:c4ca4238` | `md5:c81e728d` | changed |
| entry | `labels` | `tabular` | `pii, tabular` | changed |

<details><summary>1 parameter, package or data file of <code>churn</code></summary>

| what | name | base | work tree | change |
| --- | --- | --- | --- | --- |
| param | `depth` | `4` | `6` | `+2 (+50%)` |

</details>

#### Findings

| finding | where | what |
| --- | --- | --- |
| **new warning GR106** | `artifacts.yaml:11:3` | `'sent' has the unknown field 'oops'` |

#### After the merge

- `gitreg register churn --bump minor` (`v1.2.0 -> v1.3.0`)
- `gitreg register sent`

<details><summary>code changed, 1 commit by 1 person, 1 file</summary>

- `train.py` changed

</details>

<sub>[gitreg](https://github.com/gitreg/gitreg) 0.1.0: base <code>COMMIT &#40;merge base with main&#41;</code>, head <code>the work tree &#40;COMMIT, the same as HEAD&#41;</code></sub>
""")


def test_it_always_says_something(review: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("diff", "HEAD", "HEAD")) == snapshot("""\

exit 0
No changes in the model registry
base: HEAD (COMMIT); head: HEAD (COMMIT)
""")
    assert experience_anywhere(gitreg("diff", "HEAD", "HEAD", "--md")) == snapshot("""\

exit 0
<!-- gitreg:diff:v1 -->
### No changes in the model registry

<sub>[gitreg](https://github.com/gitreg/gitreg) 0.1.0: base <code>HEAD &#40;COMMIT&#41;</code>, head <code>HEAD &#40;COMMIT&#41;</code></sub>
""")


def test_the_exit_code_says_whether_the_registry_differs(review: Repository, gitreg: GitregCommand) -> None:
    assert gitreg("diff", "--exit-code").code == 1
    assert gitreg("diff", "HEAD", "--exit-code").code == 0
    assert gitreg("diff").code == 0


def test_options_that_contradict_each_other_are_refused(review: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("diff", "--md", "--json")) == snapshot("""\

exit 2
---- stderr
error: --md and --json were both given
hint: choose one of them
""")
    assert experience_anywhere(gitreg("diff", "--merge-base")) == snapshot("""\

exit 2
---- stderr
error: --merge-base needs BASE
hint: gitreg diff --merge-base main; without BASE the merge base is taken anyway
""")
    assert experience_anywhere(gitreg("diff", "main", "HEAD", "--staged")) == snapshot("""\

exit 2
---- stderr
error: with --staged the index is the other side, so only one revision can be named
hint: leave one out
""")


@pytest.mark.parametrize("options", [("main", "HEAD", "--against", "prod"), (), ("HEAD", "HEAD"), ("--staged", "main")])
def test_json_follows_its_schema(review: Repository, gitreg: GitregCommand, options: tuple[str, ...]) -> None:
    (review.path / "metrics.json").write_text("{")
    document = json.loads(gitreg("diff", "--json", *options).stdout)
    schema = load("diff")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_json_says_what_a_program_needs(review: Repository, gitreg: GitregCommand) -> None:
    document = json.loads(gitreg("diff", "main", "HEAD", "--against", "prod", "--json").stdout)
    changed = {one["name"]: one for one in document["artifacts"]}
    assert {name: (one["change"], one["next"]) for name, one in changed.items()} == {
        "churn": ("changed", "gitreg register churn --bump minor"),
        "old": ("removed", None),
        "sent": ("added", "gitreg register sent"),
    }
    assert changed["churn"]["held"]["version"] == "v1.2.0"
    assert [(one["code"], one["new"]) for one in document["findings"]] == [("GR106", True)]
    assert document["verdict"] == "Model registry: 1 added, 1 changed, 1 removed; auc of churn 0.83 -> 0.86 better; 1 new warning"


@pytest.mark.parametrize("columns", [80, 200])
def test_a_terminal_shows_tables_that_fit(review: Repository, columns: int) -> None:
    shown = run_in_terminal(review, "diff", "main", "--against", "prod", columns=columns, env={"NO_COLOR": "1"})
    lines = shown.replace("\r", "").splitlines()
    assert max(len(line) for line in lines) <= columns
    assert lines[0].startswith("Model registry: 1 added")
    assert any("better" in line for line in lines)
    assert "against" in shown
    assert ("1 more column (change): --json, or a wider terminal" in shown) == (columns == 80)


@pytest.fixture
def evil(repository: Repository) -> Repository:
    """Fourteen artifacts whose every text is hostile, changed on a branch with such a name."""

    def write(more: str) -> dict[str, str]:
        entries: dict[str, Any] = {
            f"m{number}": {
                **dict.fromkeys(("type", "description", "owner", "license"), text + more),
                "path": f"f{number}",
                "labels": [text + more],
                "goals": {text: "higher"},
                "metrics": [f"x{number}.json"],
                "params": [f"x{number}.json"],
                "schema": {"inputs": [{"name": text, "type": text + more}]},
                f"{text[:50]}q": text + more,
            }
            for number, text in enumerate(EVIL)
        }
        values = {f"x{number}.json": json.dumps({text: len(more), f"{text}t": text + more}) for number, text in enumerate(EVIL)}
        blobs = {f"f{number}": more for number in range(len(EVIL) - 1)}
        return {"artifacts.yaml": json.dumps(entries), **values, **blobs, "requirements.txt": f"numpy=={len(more)}\n"}

    repository.commit(write("1"), "First")
    names = ("<b>x|`.py", "@octocat.py", "a -->.py", "[x](y).py", "#1.py", "\x1b[31m.py", "x`y|z.py")
    repository.git("checkout", "--quiet", "-b", "evil`|<b>@octocat#1")
    repository.commit({**write("22"), **dict.fromkeys(names, "1")}, EVIL[1])
    return repository


def test_a_comment_is_inert_whatever_the_repository_holds(evil: Repository, gitreg: GitregCommand) -> None:
    text = gitreg("diff", "main", "evil`|<b>@octocat#1", "--md").stdout
    assert text.startswith(f"{MARKER}\n### Model registry: 0 added, 14 changed, 0 removed")
    assert text.isprintable() or set(re.sub(r"[\x20-\x7e]", "", text)) == {"\n"}
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= OF_OURS
    assert re.findall(r"<a [^>]*>", html) == ['<a href="https://github.com/gitreg/gitreg">']
    said = re.sub(r"<!--.*?-->|<[^>]*>", "", re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL))
    assert not re.search(r"[@`\[\]]|#[0-9]|www|https?:|::|evil", said)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {4, 6}  # of findings, and of all else
    assert html.count("<details>") == html.count("</details>")


def test_a_terminal_is_not_fooled(evil: Repository) -> None:
    shown = run_in_terminal(evil, "diff", "main", "HEAD", columns=120, env={"NO_COLOR": "1"})
    assert not re.search(r"[\x1b\u202e\u200b]", shown)


@pytest.mark.slow
def test_a_comment_of_a_thousand_changes_is_not_too_long(repository: Repository, gitreg: GitregCommand) -> None:
    def write(text: str) -> dict[str, str]:
        long = {"description": "\u4e00" * 300, "owner": "`|" * 200}
        entries = {
            f"model-{number:04}": {"path": f"{number}.bin", "license": text, **{k: v + text for k, v in long.items()}}
            for number in range(1000)
        }
        return {"artifacts.yaml": json.dumps(entries)}

    repository.commit(write("a"))
    repository.commit(write("b"))
    text = gitreg("diff", "HEAD~1", "HEAD", "--md").stdout
    assert len(text.encode()) <= MOST_BYTES
    assert "0 added, 1000 changed, 0 removed" in text
    assert re.search(r"^Left out, to stay below 60,000 bytes: [0-9]+ rows\. All of it: `gitreg diff`$", text, re.MULTILINE)
    assert text.splitlines()[-3].startswith("<sub>")
    shown = gitreg("diff", "HEAD~1", "HEAD").stdout
    assert "950 more artifacts" in shown
    assert environment_of(repository)["TERM"] == "xterm-256color"


def test_what_cannot_be_read_is_told_beside(review: Repository, gitreg: GitregCommand) -> None:
    review.commit({"artifacts.yaml": "churn: {\n"}, "Break")
    assert experience_anywhere(gitreg("diff")) == snapshot("""\

exit 0
Model registry: 0 added, 0 changed, 0 removed, 2 unknown; 1 new error
base: COMMIT (merge base with main); head: the work tree (COMMIT, the same as HEAD)

findings of check: 1 new error
finding          where               what
new error GR101  artifacts.yaml:1:9  the file is no YAML: did not find expected node content

? churn not known, since its entry cannot be read at head (v1.2.0 is the latest, prod has v1.2.0)

? old not known, since its entry cannot be read at head (no version yet)

code changed, 1 commit by 1 person, 1 file: train.py changed
---- stderr
warning: COMMIT:artifacts.yaml:1:9: error GR101 the file is no YAML: did not find expected node content
""")
    assert experience_anywhere(gitreg("diff", "--md")) == snapshot("""\

exit 0
<!-- gitreg:diff:v1 -->
### Model registry: 0 added, 0 changed, 0 removed, 2 unknown; 1 new error

|  | artifact | type | what | now |
| --- | --- | --- | --- | --- |
| ?&nbsp;unknown | `churn` | `model` | not known, since its entry cannot be read at head | `v1.2.0`; `prod` has `v1.2.0` |
| ?&nbsp;unknown | `old` |  | not known, since its entry cannot be read at head | no version yet |

#### Findings

| finding | where | what |
| --- | --- | --- |
| **new error GR101** | `artifacts.yaml:1:9` | `the file is no YAML: did not find expected node content` |

<details><summary>code changed, 1 commit by 1 person, 1 file</summary>

- `train.py` changed

</details>

#### Not read

- `COMMIT:artifacts.yaml:1:9: error GR101 the file is no YAML: did not find expected node content`

<sub>[gitreg](https://github.com/gitreg/gitreg) 0.1.0: base <code>COMMIT &#40;merge base with main&#41;</code>, head <code>the work tree &#40;COMMIT, the same as HEAD&#41;</code></sub>
""")


def test_parameters_that_were_edited_and_not_run_are_those_of_the_work_tree_and_were_read(
    repository: Repository, gitreg: GitregCommand
) -> None:
    lock = "schema: '2.0'\nstages: {train: {cmd: x, params: {params.yaml: {rate: 1}}, outs: [{path: m.bin, md5: 'a'}]}}\n"
    files = {"dvc.yaml": "stages: {train: {cmd: x, params: [rate], outs: [m.bin]}}\n", "dvc.lock": lock}
    repository.commit({**files, "artifacts.yaml": "churn: {path: m.bin}\n", "params.yaml": "rate: 1\n"})
    (repository.path / "params.yaml").write_text("rate: 5\n", encoding="utf-8")
    said = "'train' was run with rate=1, and params.yaml of the {} has 5"
    for options in ((), ("--md",)):
        told = gitreg("diff", "HEAD", *options)
        assert (told.stdout + told.stderr).count(said.format("work tree")) == 1
        assert "this commit" not in told.stdout + told.stderr
        assert "Not read" not in told.stdout
    repository.git("add", "params.yaml")
    assert said.format("index") in gitreg("diff", "HEAD", "--staged").stdout
    repository.commit(message="Edit")
    (repository.path / "params.yaml").write_text("rate: 1\n", encoding="utf-8")
    markdown = gitreg("diff", "HEAD", "--md").stdout
    note = said.replace("the {}", "this commit")
    assert f"#### To be known\n\n- `churn base: {note}`\n" in markdown
    assert "Not read" not in markdown

from __future__ import annotations

import json
from typing import Any, Final

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience_anywhere, run_in_terminal
from tests.support.churn import make_churn, train_again
from tests.support.command import GitregCommand
from tests.support.repository import Repository

EVIL: Final = "`|\x1b[31m@someone <img src=x>\n| [x](http://example.com)"
ENTRY: Final[dict[str, Any]] = {
    "path": "m.bin",
    "license": EVIL,
    "owner": "@someone",
    "metrics": ["m.json"],
    "params": ["p.json"],
    "goals": {EVIL: "higher"},
    "schema": {"inputs": [{"name": EVIL, "type": "int"}]},
}


@pytest.fixture
def churn(repository: Repository) -> Repository:
    """The example pipeline with two versions, run by the real DVC."""
    make_churn(repository)
    train_again(repository)
    return repository


@pytest.fixture
def evil(repository: Repository) -> Repository:
    """Two versions whose every text is hostile."""
    for number in (1, 2):
        entry = {**ENTRY, "license": f"{EVIL}{number}", "schema": {"inputs": [{"name": f"{EVIL}{number}", "type": EVIL}]}}
        repository.commit(
            {
                "artifacts.yaml": json.dumps({"churn": entry}),
                "m.bin": str(number),
                "m.json": json.dumps({EVIL: 1 / number}),
                "p.json": json.dumps({EVIL: EVIL * number, "new\u202e": number}),
                "requirements.txt": f"numpy=={number}.0\n",
                f"a`|<b>@x {number}.py": "1",
            },
            f"{EVIL}{number}",
        )
        repository.register("churn", f"v{number}.0.0")
        repository.tick()
    return repository


@pytest.mark.slow
def test_compare_says_first_what_is_likely_to_matter(churn: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("compare", "churn#prod", "churn@latest")) == snapshot("""\

exit 0
churn v1.0.0 #prod -> churn v1.1.0
- the schema breaks callers: input 'calls' is gone
- worse: auc 0.7589 -> 0.703 (-7.4%), loss 0.6263 -> 0.6681 (+6.7%)
- the licence changed: MIT -> GPL-3.0-only
- data changed: data/users.csv
- parameters changed: train.rate 0.5 -> 0.05 (-90%), train.momentum 0.9 added (not in dvc.lock for its stages)
- packages have another major version: numpy 1.26.4 -> 2.0.1
- packages changed: pandas 2.2.2 added
- code changed, 1 commit by 1 person, 1 file: train.py
- metrics changed: accuracy 0.6333 -> 0.5667 (-11%)

what     name            v1.0.0 #prod         v1.1.0               change
metric   accuracy        0.6333               0.5667               -0.0666 (-11%)
metric   auc             0.7589               0.703                -0.0559 (-7.4%) worse
metric   loss            0.6263               0.6681               +0.0418 (+6.7%) worse
param    train.momentum  -                    0.9                  added, not in dvc.lock for its stages
param    train.rate      0.5                  0.05                 -0.45 (-90%)
data     data/users.csv  md5:ce597c17 6.7 kB  md5:7fafdbd2 3.3 kB  changed
package  numpy           1.26.4               2.0.1                changed (major)
package  pandas          -                    2.2.2                added
entry    license         MIT                  GPL-3.0-only         changed
bytes    hash            md5:9cc2db32         md5:7531310f         changed

schema
change                 means
input 'calls' is gone  breaks callers

code: 1 commit by 1 person, 1 file: train.py changed

commit   date        author       subject
COMMIT  2026-01-01  Ann Example  Train on half of the users
""")
    assert experience_anywhere(gitreg("compare", "churn#prod", "churn@latest", "--md")) == snapshot("""\

exit 0
### churn v1.0.0 &#35;<!-- -->prod -&#62; churn v1.1.0

- **the schema breaks callers**: `input 'calls' is gone`
- **worse**: `auc 0.7589 -> 0.703 (-7.4%)`, `loss 0.6263 -> 0.6681 (+6.7%)`
- **the licence changed**: `MIT -> GPL-3.0-only`
- **data changed**: `data/users.csv`
- **parameters changed**: `train.rate 0.5 -> 0.05 (-90%)`, `train.momentum 0.9 added (not in dvc.lock for its stages)`
- **packages have another major version**: `numpy 1.26.4 -> 2.0.1`
- **packages changed**: `pandas 2.2.2 added`
- **code changed, 1 commit by 1 person, 1 file**: `train.py`
- **metrics changed**: `accuracy 0.6333 -> 0.5667 (-11%)`

| what | name | v1.0.0 &#35;<!-- -->prod | v1.1.0 | change |
| --- | --- | --- | --- | --- |
| metric | `accuracy` | `0.6333` | `0.5667` | `-0.0666 (-11%)` |
| metric | `auc` | `0.7589` | `0.703` | `-0.0559 (-7.4%) worse` |
| metric | `loss` | `0.6263` | `0.6681` | `+0.0418 (+6.7%) worse` |
| param | `train.momentum` |  | `0.9` | `added, not in dvc.lock for its stages` |
| param | `train.rate` | `0.5` | `0.05` | `-0.45 (-90%)` |
| data | `data/users.csv` | `md5:ce597c17 6.7 kB` | `md5:7fafdbd2 3.3 kB` | `changed` |
| package | `numpy` | `1.26.4` | `2.0.1` | `changed (major)` |
| package | `pandas` |  | `2.2.2` | `added` |
| entry | `license` | `MIT` | `GPL-3.0-only` | `changed` |
| bytes | `hash` | `md5:9cc2db32` | `md5:7531310f` | `changed` |

#### Schema

| side | change | means |
| --- | --- | --- |
| v1.1.0 | `input 'calls' is gone` | breaks callers |

#### Code&#58; 1 commit by 1 person, 1 file

`train.py changed`

| commit | date | author | subject |
| --- | --- | --- | --- |
| `COMMIT` | 2026-01-01 | `Ann Example` | `Train on half of the users` |
""")
    document = json.loads(gitreg("compare", "churn#prod", "churn@latest", "--json", "--all").stdout)
    jsonschema.Draft202012Validator(load("compare")).validate(document)
    kinds = ("metrics", "params", "data", "packages", "entry", "schema", "code")
    assert [len(document[kind]) for kind in kinds] == [3, 4, 2, 4, 4, 1, 1]
    assert document["metrics"][1] == snapshot(
        {
            "changes": [
                {"absolute": -0.05590000000000006, "kind": "changed", "relative": -0.07365924364211367, "trend": "worse"}
            ],
            "files": ["metrics.json", "metrics.json"],
            "goal": "higher",
            "made_with": None,
            "name": "auc",
            "values": [0.7589, 0.703],
        }
    )
    assert document["data"][1] == snapshot(
        {
            "changes": [{"kind": "changed"}],
            "materials": [
                {"files": None, "hash": "md5:ce597c17f086d0e534d39eb742c8ff5a", "path": "data/users.csv", "size": 6650},
                {"files": None, "hash": "md5:7fafdbd27afa609819e7411efd138253", "path": "data/users.csv", "size": 3268},
            ],
        }
    )
    assert document["packages"][0] == snapshot(
        {
            "changes": [{"kind": "changed", "major": True}],
            "name": "numpy",
            "packages": [
                {"exact": True, "files": ["requirements.txt"], "stated": ["1.26.4"]},
                {"exact": True, "files": ["requirements.txt"], "stated": ["2.0.1"]},
            ],
        }
    )


def test_a_terminal_gets_a_table_that_fits(evil: Repository) -> None:
    for columns in (80, 200):
        shown = run_in_terminal(evil, "compare", "churn@v1.0.0", "churn@v2.0.0", columns=columns, env={"NO_COLOR": "1"})
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        table = [line for line in shown.splitlines() if not line.startswith(("- ", "code:"))]
        assert max(map(len, table)) <= columns


@pytest.mark.parametrize("columns", [80, 200])
def test_sentences_are_broken_where_a_terminal_ends(repository: Repository, columns: int) -> None:
    for minor in range(2):
        names = {f"a_metric_with_a_rather_long_name_{number}": number / 7 + minor for number in range(3)}
        repository.commit({"artifacts.yaml": "churn:\n  metrics: [m.json]\n", "m.json": json.dumps(names)})
        repository.register("churn", f"v1.{minor}.0")
        repository.tick()
    shown = run_in_terminal(repository, "compare", "churn@v1.0.0", "churn@v1.1.0", columns=columns, env={"NO_COLOR": "1"})
    sentence = shown.replace("\r", "").split("\n\n")[0].splitlines()[1:]
    assert max(map(len, sentence)) <= columns
    expected = {
        80: [
            "- metrics changed: a_metric_with_a_rather_long_name_0 0 -> 1,",
            "  a_metric_with_a_rather_long_name_1 0.142857 -> 1.14286 (+700%),",
            "  a_metric_with_a_rather_long_name_2 0.285714 -> 1.28571 (+350%)",
        ],
        200: [" ".join(line.strip() for line in sentence)],
    }
    assert sentence == expected[columns]


def test_nothing_differs_between_a_version_and_itself(evil: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("compare", "churn@v1.0.0", "churn@v1.0.0")) == snapshot("""\

exit 0
churn v1.0.0 -> churn v1.0.0
- nothing differs
""")
    assert experience_anywhere(gitreg("compare", "churn@v1.0.0", "churn@v1.0.0", "--md")) == snapshot("""\

exit 0
### churn v1.0.0 -&#62; churn v1.0.0

- nothing differs
""")


def test_markdown_is_short_enough_for_a_comment_and_names_what_prints_all_of_it(
    repository: Repository, gitreg: GitregCommand
) -> None:
    for number in (1, 2):
        entry = {"path": "m.bin", "params": ["p.json"], "schema": {"inputs": [{"name": f"age{number}", "type": "int"}]}}
        params = {f"layer-{index}.units": index + number for index in range(3000)}
        repository.commit({"artifacts.yaml": json.dumps({"churn": entry}), "m.bin": str(number), "p.json": json.dumps(params)})
        repository.register("churn", f"v{number}.0.0")
        repository.tick()
    text = gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", "--md").stdout
    assert 55_000 < len(text.encode()) <= 60_000
    assert "| `input 'age1' is 'age2' now` |" in text  # a table behind the one that is cut
    left, rows = text.splitlines()[-1], text.count("| param |")
    assert (
        left
        == f"Left out, to stay below 60,000 bytes: {3000 - rows + 1} rows. All of it: `gitreg compare churn@v1.0.0 churn@v2.0.0`"
    )
    everything = gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", "--md", "--all").stdout.splitlines()[-1]
    assert everything.endswith(" All of it: `gitreg compare churn@v1.0.0 churn@v2.0.0 --all`")
    repository.assign("churn", "bare", repository.commit({"p.json": "{}"}), version="v9.9.9")
    bare = gitreg("compare", "churn@v1.0.0", "churn#bare", "--md").stdout.splitlines()[-1]
    assert bare.endswith(" All of it: the same command without `--md`")


def test_hostile_text_is_one_line_of_text_everywhere(evil: Repository, gitreg: GitregCommand) -> None:
    plain, markdown = (gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", *options) for options in ((), ("--md",)))
    assert experience_anywhere(plain) == snapshot("""\

exit 0
churn v1.0.0 -> churn v2.0.0
- the schema breaks callers: input '`|\\x1b[31m@someone <img src=x>\\n| [x](http://example.com)1' is '`|\\x1b[31m@someone <img src=x>\\n| [x](http://example.com)2' now
- worse: `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com) 1 -> 0.5 (-50%)
- the licence changed: `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)1 -> `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)2
- parameters changed: `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com) `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com) -> `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)`|\\x1b[31m..., new\\u{202e} 1 -> 2 (+100%)
- packages have another major version: numpy 1.0 -> 2.0
- code changed, 1 commit by 1 person, 1 file: a`|<b>@x 2.py added

what     name                                                         v1.0.0                                                        v2.0.0                                                                    change
metric   `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)  1                                                             0.5                                                                       -0.5 (-50%) worse
param    `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)  `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)   `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)`|\\x1b[31m...  changed
param    new\\u{202e}                                                  1                                                             2                                                                         +1 (+100%)
package  numpy                                                        1.0                                                           2.0                                                                       changed (major)
entry    license                                                      `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)1  `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)2              changed
bytes    hash                                                         git:56a6051c                                                  git:d8263ee9                                                              changed

schema
change                                                                                                                                  means
input '`|\\x1b[31m@someone <img src=x>\\n| [x](http://example.com)1' is '`|\\x1b[31m@someone <img src=x>\\n| [x](http://example.com)2' now  breaks callers

code: 1 commit by 1 person, 1 file: a`|<b>@x 2.py added

commit   date        author       subject
COMMIT  2026-01-01  Ann Example  `|\\x1b[31m@someone <img src=x> | [x](http://example.com)2
""")
    assert experience_anywhere(markdown) == snapshot("""\

exit 0
### churn v1.0.0 -&#62; churn v2.0.0

- **the schema breaks callers**: <code>input &#39;&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;n&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;1&#39; is &#39;&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;n&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;2&#39; now</code>
- **worse**: <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41; 1 -&#62; 0.5 &#40;-50&#37;<!-- -->&#41;</code>
- **the licence changed**: <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;1 -&#62; &#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;2</code>
- **parameters changed**: <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41; &#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41; -&#62; &#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;&#96;&#124;&#92;x1b&#91;31m...</code>, <code>new&#92;u&#123;202e&#125; 1 -&#62; 2 &#40;&#43;100&#37;<!-- -->&#41;</code>
- **packages have another major version**: `numpy 1.0 -> 2.0`
- **code changed, 1 commit by 1 person, 1 file**: <code>a&#96;&#124;&#60;b&#62;&#64;<!-- -->x 2.py added</code>

| what | name | v1.0.0 | v2.0.0 | change |
| --- | --- | --- | --- | --- |
| metric | <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;</code> | `1` | `0.5` | `-0.5 (-50%) worse` |
| param | <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;</code> | <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;</code> | <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;&#96;&#124;&#92;x1b&#91;31m...</code> | `changed` |
| param | <code>new&#92;u&#123;202e&#125;</code> | `1` | `2` | `+1 (+100%)` |
| package | `numpy` | `1.0` | `2.0` | `changed (major)` |
| entry | `license` | <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;1</code> | <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;x0a&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;2</code> | `changed` |
| bytes | `hash` | `git:56a6051c` | `git:d8263ee9` | `changed` |

#### Schema

| side | change | means |
| --- | --- | --- |
| v2.0.0 | <code>input &#39;&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;n&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;1&#39; is &#39;&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62;&#92;n&#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;2&#39; now</code> | breaks callers |

#### Code&#58; 1 commit by 1 person, 1 file

<code>a&#96;&#124;&#60;b&#62;&#64;<!-- -->x 2.py added</code>

| commit | date | author | subject |
| --- | --- | --- | --- |
| `COMMIT` | 2026-01-01 | `Ann Example` | <code>&#96;&#124;&#92;x1b&#91;31m&#64;<!-- -->someone &#60;img src&#61;x&#62; &#124; &#91;x&#93;&#40;http&#58;&#47;&#47;example.com&#41;2</code> |
""")
    document = gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", "--json").stdout
    assert document.isascii()
    jsonschema.Draft202012Validator(load("compare")).validate(json.loads(document))


def test_what_could_not_be_read_is_a_warning(evil: Repository, gitreg: GitregCommand) -> None:
    evil.commit({"m.json": "{", "p.json": None})
    evil.register("churn", "v3.0.0")
    result = gitreg("compare", "churn@v2.0.0", "churn@v3.0.0")
    assert experience_anywhere(result) == snapshot("""\

exit 0
churn v2.0.0 -> churn v3.0.0
- not all of churn v3.0.0 could be read: m.json, p.json
- the bytes are the same

what    name                                                         v2.0.0                                                                    v3.0.0  change
metric  `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)  0.5                                                                       ?       not known
param   `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)  `|\\x1b[31m@someone <img src=x>\\x0a| [x](http://example.com)`|\\x1b[31m...  ?       not known
param   new\\u{202e}                                                  2                                                                         ?       not known
---- stderr
warning: p.json at commit COMMIT: git has no such file at this commit, so its values are not known
warning: m.json at commit COMMIT: it is no JSON: Expecting property name enclosed in double quotes
""")
    document = json.loads(gitreg("compare", "churn@v2.0.0", "churn@v3.0.0", "--json").stdout)
    assert sorted(problem["file"] for problem in document["problems"]) == ["m.json", "p.json"]


def test_three_versions_stand_side_by_side(evil: Repository, gitreg: GitregCommand) -> None:
    evil.commit({"artifacts.yaml": "churn: {path: m.bin, license: MIT}\n", "m.bin": "3"}, "Plain")
    evil.register("churn", "v3.0.0")
    evil.commit({"artifacts.yaml": "churn: {path: m.bin, license: GPL}\n", "m.bin": "4"}, "Plain")
    evil.register("churn", "v4.0.0")
    assert experience_anywhere(gitreg("compare", "churn@v3.0.0", "churn@v4.0.0", "churn@v3.0.0")) == snapshot("""\

exit 0
churn v3.0.0 -> churn v4.0.0, churn v3.0.0
- churn v4.0.0: the licence changed: MIT -> GPL
- churn v3.0.0: the bytes are the same

what   name     v3.0.0        v4.0.0                v3.0.0
entry  license  MIT           GPL changed           MIT
bytes  hash     git:e440e5c8  git:bf0d87ab changed  git:e440e5c8
---- stderr
note: 'churn' names no metrics: list their files under 'metrics' of its entry in artifacts.yaml
""")


def test_wrong_requests_end_with_a_hint(evil: Repository, gitreg: GitregCommand) -> None:
    requests = (
        ("churn@latest",),
        ("churn", "churn@latest"),
        ("churn@latest", "HEAD"),
        ("churn@prod", "churn@latest"),
        ("churn@latest", "churn@v1.0.0", "--md", "--json"),
        (),
    )
    assert [experience_anywhere(gitreg("compare", *request)) for request in requests] == snapshot(
        [
            """\

exit 2
---- stderr
error: there is nothing to compare with: name two versions
hint: gitreg compare 'churn#prod' 'churn@latest'
""",
            """\

exit 2
---- stderr
error: 'churn' names an artifact, not a version
hint: say which: gitreg compare 'churn#prod' 'churn@latest'
""",
            """\

exit 2
---- stderr
error: 'HEAD' is a revision, and versions are compared here
hint: compare revisions: gitreg diff 'churn@latest' 'HEAD'
""",
            """\

exit 2
---- stderr
error: 'churn@prod' is no valid selector: a version, 'latest' or 'stable' is expected here
  churn@prod
        ^
hint: for the holder of a stage write 'churn#prod'
""",
            """\

exit 2
---- stderr
error: --md and --json were both given
hint: choose one of them
""",
            """\

exit 2
---- stderr
error: missing argument 'A B [C...]'
hint: see: gitreg compare --help
""",
        ]
    )


def test_the_schema_requires_every_key_that_it_describes() -> None:
    def check(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("properties"), dict):
                assert sorted(node["properties"]) == node["required"]
                assert node["additionalProperties"] is True
            for value in node.values():
                check(value)
        elif isinstance(node, list):
            for value in node:
                check(value)

    check(load("compare"))


def test_three_versions_share_a_block_of_code_and_hashes_of_another_kind_are_marked(
    repository: Repository, gitreg: GitregCommand
) -> None:
    pointer = "outs:\n- {md5: 0cc175b9c0f1b6a831c399e269772661, hash: md5, path: m.bin}\n"
    repository.commit({"artifacts.yaml": "churn: {path: m.bin}\n", "m.bin": "1", "train.py": "1"}, "First")
    repository.register("churn", "v1.0.0")
    repository.commit({"train.py": "2", "m.bin": None, "m.bin.dvc": pointer, ".gitignore": "/m.bin\n"}, "Second")
    repository.register("churn", "v2.0.0")
    repository.register("churn", "v3.0.0")
    shown = gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", "churn@v3.0.0").stdout
    assert shown.count("train.py changed") == 1
    assert "code of churn v2.0.0 and of churn v3.0.0: 1 commit by 1 person, 1 file: train.py changed" in shown
    (line,) = [line for line in shown.splitlines() if line.startswith("bytes  hash")]
    assert line.count("md5:0cc175b9 not known") == 2


def test_versions_of_the_same_bytes_are_said_to_be_that(repository: Repository, gitreg: GitregCommand) -> None:
    for number, name in enumerate(("MIT", "GPL", "GPL"), 1):
        entry = {"path": "m.bin", "license": name, "labels": [str(number)]}
        repository.commit({"artifacts.yaml": json.dumps({"churn": entry}), "m.bin": "other" if number == 3 else "same"})
        repository.register("churn", f"v{number}.0.0")
        repository.tick()
    for options in ((), ("--md",)):
        assert "\n- the bytes are the same\n" in gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", *options).stdout
        assert "bytes are the same" not in gitreg("compare", "churn@v2.0.0", "churn@v3.0.0", *options).stdout
        several = gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", "churn@v3.0.0", *options).stdout
        assert [line[:14] for line in several.splitlines() if "bytes are the same" in line] == ["- churn v2.0.0"]


def test_what_was_not_run_again_is_not_filed_under_what_was_not_read(repository: Repository, gitreg: GitregCommand) -> None:
    lock = "schema: '2.0'\nstages: {train: {cmd: x, params: {params.yaml: {rate: 1}}, outs: [{path: m.bin, md5: 'a'}]}}\n"
    stages = "stages: {train: {cmd: x, params: [rate], outs: [m.bin]}}\n"
    entry = "churn: {path: m.bin}\n"
    for number in (1, 2):
        files = {"artifacts.yaml": entry, "dvc.yaml": stages, "dvc.lock": lock, "params.yaml": f"rate: {number}\n"}
        repository.commit(files)
        repository.register("churn", f"v{number}.0.0")
        repository.tick()
    text = gitreg("compare", "churn@v1.0.0", "churn@v2.0.0", "--md").stdout
    assert "#### To be known\n\n- `churn v2.0.0: 'train' was run with rate=1, and params.yaml of this commit has 2`\n" in text
    assert "Not read" not in text

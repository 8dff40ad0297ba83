from __future__ import annotations

import string
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.files.lock_scan import scan_lock
from gitreg.files.pipelines import parse_pipeline

LOCK: Final = """\
schema: '2.0'
stages:
  prepare:
    cmd: python prepare.py data/users.csv
    deps:
    - path: data/users.csv
      hash: md5
      md5: ce597c17f086d0e534d39eb742c8ff5a
      size: 6700
    params:
      params.yaml:
        prepare.min_tenure: 1
    outs:
    - path: prepared.csv
      hash: md5
      md5: 238d1d2d238d1d2d238d1d2d238d1d2d.dir
      size: 7800
      nfiles: 2
  train@eu:
    cmd: python train.py
    params:
      conf/model.yaml:
        name: forest
        rate: 0.5
        on: true
      params.yaml:
        train.epochs: 400
    outs:
    - path: model.pkl
      md5: '4f1ed7154f1ed7154f1ed7154f1ed715'
"""


def test_a_lock_of_dvc_is_scanned() -> None:
    scanned = scan_lock(LOCK.encode())
    assert scanned is not None
    assert {name: stage.params for name, stage in scanned.items()} == {
        "prepare": {"params.yaml": {"prepare.min_tenure": 1}},
        "train@eu": {"conf/model.yaml": {"name": "forest", "rate": 0.5, "on": True}, "params.yaml": {"train.epochs": 400}},
    }
    assert {name: stage.outs for name, stage in scanned.items()} == {
        "prepare": {"prepared.csv": "md5:238d1d2d238d1d2d238d1d2d238d1d2d.dir"},
        "train@eu": {"model.pkl": "md5-dos2unix:4f1ed7154f1ed7154f1ed7154f1ed715"},
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: '2.0'", "schema: '1.0'"),
        ("  prepare:\n", "  prepare: &a\n"),
        ("  train@eu:", "  prepare:"),
        ("  train@eu:", "  true:"),
        ("data/users.csv\n    deps", 'data/users.csv\n      "more"\n    deps'),
        ("cmd: python prepare.py", "cmd: 'python prepare.py"),
        ("cmd: python train.py", "cmd: |\n      python train.py"),
        ("cmd: python train.py", "cmd: python train.py # why"),
        ("cmd: python train.py", "cmd:\n    - python train.py"),
        ("        rate: 0.5\n", "        rate: '0.5'\n"),
        ("        rate: 0.5\n", "        rate:\n        - 1\n"),
        ("        rate: 0.5\n", "        rate: {a: 1}\n"),
        ("        rate: 0.5\n", "        rate: 0.5\n        rate: 0.6\n"),
        ("        rate: 0.5\n", "        rate: *a\n"),
        ("        rate: 0.5\n", "        rate: -\n"),
        ("        rate: 0.5\n", "        1: 0.5\n"),
        ("        rate: 0.5\n", "        rate: é\n"),
        ("        rate: 0.5\n", "        rate: 0.5\r\n"),
        ("        rate: 0.5\n", "        rate: 0.5\x0c\n"),
        ("      params.yaml:\n        train", "      conf/model.yaml:\n        train"),
        ("    outs:\n    - path: model.pkl", "    params:\n      x.yaml:\n        a: 1\n    outs:\n    - path: model.pkl"),
        ("    - path: model.pkl\n", ""),
        ("    outs:\n    - path: model.pkl", "      path: 1\n    outs:\n    - path: model.pkl"),
        ("stages:\n", "stages:\n    params:\n"),
    ],
)
def test_what_dvc_does_not_write_is_left_to_the_parser(old: str, new: str) -> None:
    changed = LOCK.replace(old, new, 1)
    assert changed != LOCK
    assert scan_lock(changed.encode()) is None
    assert scan_lock(b"") is None


_words: Final = st.text(string.ascii_letters + string.digits + "_.-+", min_size=1, max_size=8)
_names: Final = st.tuples(st.sampled_from(string.ascii_letters), _words).map("".join)
_files: Final = st.dictionaries(_names, st.dictionaries(_names, _words, min_size=1, max_size=3), min_size=1, max_size=2)


@given(stages=st.dictionaries(_names, _files, min_size=1, max_size=3))
def test_what_is_scanned_is_what_the_parser_reads(stages: dict[str, dict[str, dict[str, str]]]) -> None:
    lines = ["schema: '2.0'", "stages:"]
    for stage, files in stages.items():
        lines += [f"  {stage}:", "    cmd: python train.py", "    params:"]
        for file, values in files.items():
            lines += [f"      {file}:", *(f"        {name}: {value}" for name, value in values.items())]
    lock = "\n".join([*lines, ""]).encode()
    scanned = scan_lock(lock)
    definition = "stages:\n" + "".join(f"  {stage}: {{cmd: a}}\n" for stage in stages)
    pipeline, problems = parse_pipeline("dvc.yaml", definition.encode(), lock)
    if scanned is None:
        return
    assert problems == ()
    read = {stage.name: stage.params for stage in pipeline.stages}
    assert repr({name: read[name] for name in scanned}) == repr({name: said.params for name, said in scanned.items()})

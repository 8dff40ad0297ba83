from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.reconciliation import Place
from gitreg.errors import SyntaxFault, UsageFault
from gitreg.files.deployed import check_deployed_mapping, read_deployed
from gitreg.files.yaml import LARGEST

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TEXTS = st.sampled_from(["v1.0.0", "v2.0.0-rc.1", COMMIT, None])
NAMES = st.sampled_from(["churn", "models/nlp:sent", "a-b_c", "0"])
STAGES = st.sampled_from(["prod", "staging", "eu-west"])


def read(text: str | bytes) -> dict[tuple[str, str], str | None]:
    return {
        (*place,): version for place, version in read_deployed(text.encode() if isinstance(text, str) else text, "d.yaml").items()
    }


def sentence_of(text: str | bytes) -> str:
    with pytest.raises(UsageFault) as caught:
        read(text)
    assert caught.value.hint
    return caught.value.message


def test_a_mapping_of_mappings_is_read() -> None:
    text = f"# what runs\nchurn: {{prod: v1.2.0, staging: null}}\nmodels/nlp:sent:\n  prod: '{COMMIT}'\n  dev: ~\nempty: {{}}\n"
    assert read(text) == {
        ("churn", "prod"): "v1.2.0",
        ("churn", "staging"): None,
        ("models/nlp:sent", "prod"): COMMIT,
        ("models/nlp:sent", "dev"): None,
    }


def test_a_list_is_read() -> None:
    text = "- {artifact: churn, stage: prod, version: v1.2.0}\n- artifact: churn\n  stage: dev\n  version: null\n"
    assert read(text) == {("churn", "prod"): "v1.2.0", ("churn", "dev"): None}


@pytest.mark.parametrize("text", ["{}", "[]", "--- {}\n", "\ufeff{}", "{ }\r\n"])
def test_nothing_is_deployed_where_that_is_said(text: str) -> None:
    assert read(text) == {}


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "null", "~", "---\n", "\ufeff"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert sentence_of(text) == "d.yaml is empty, so nobody knows what is deployed"


@given(deployed=st.dictionaries(NAMES, st.dictionaries(STAGES, TEXTS)), indent=st.sampled_from([None, 2, "\t"]))
def test_json_in_either_shape_is_read_as_json(deployed: dict[str, dict[str, str | None]], indent: int | str | None) -> None:
    pairs = {(name, stage): text for name, stages in deployed.items() for stage, text in stages.items()}
    items = [{"artifact": name, "stage": stage, "version": text} for (name, stage), text in pairs.items()]
    assert read(json.dumps(deployed, indent=indent)) == pairs
    assert read(json.dumps(items, indent=indent)) == pairs
    assert check_deployed_mapping(deployed) == pairs


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("churn: {prod: 1.2}", "d.yaml:1:15: a text is expected here, not the number 1.2"),
        ("churn: {prod: true}", "d.yaml:1:15: a text is expected here, not true (a yes or no)"),
        ("churn: {prod: [v1.0.0]}", "d.yaml:1:15: a text is expected here, not a list"),
        ("churn: {prod: {version: v1.0.0}}", "d.yaml:1:15: a text is expected here, not a mapping"),
        ("churn: {prod: 1.2.0}", "d.yaml:1:15: '1.2.0' is no version and no id of a commit"),
        ("churn: {prod: latest}", "d.yaml:1:15: 'latest' is no version and no id of a commit"),
        ("churn: {prod: abcdef1}", "d.yaml:1:15: 'abcdef1' is no version and no id of a commit"),
        ("churn: {prod: ''}", "d.yaml:1:15: '' is no version and no id of a commit"),
        ("churn: v1.0.0", "d.yaml:1:8: a mapping from stage to version is expected here, not a text"),
        ("churn:", "d.yaml:1:6: a mapping from stage to version is expected here, not nothing"),
        ("churn: {prod/: v1.0.0}", "d.yaml:1:9: 'prod/' is no name of a stage"),
        ("a=b: {}", "d.yaml:1:1: 'a=b' is no name of an artifact"),
        ("../x: {}", "d.yaml:1:1: '../x' is no name of an artifact"),
        ('"churn\\n": {}', "d.yaml:1:1: 'churn\\n' is no name of an artifact"),
        ("x" * 100 + "!: {}", f"d.yaml:1:1: '{'x' * 60}...' is no name of an artifact"),
        ("churn", "d.yaml:1:1: a mapping of artifacts, or a list is expected here, not a text"),
        ("'null'", "d.yaml:1:1: a mapping of artifacts, or a list is expected here, not a text"),
        ("churn: {prod: v1.0.0, prod: v1.1.0}", "d.yaml:1:23: the key 'prod' stands twice"),
        ("churn: {}\nchurn: {}\n", "d.yaml:2:1: the key 'churn' stands twice"),
        ('{"churn": {}, "churn": {}}', "d.yaml:1:15: the key 'churn' stands twice"),
        ("1: {}", "d.yaml:1:1: a key must be text, not 1"),
        ("churn: &a {prod: v1.0.0}\nx: *a\n", "d.yaml:1:8: the anchor '&a' is not allowed"),
        ("churn: !!python/object:os.system {}", "d.yaml:1:8: the tag 'tag:yaml.org,2002:python/object:os.system' is not allowed"),
        ("{}\n---\n{}\n", "d.yaml:2:1: a second document begins here"),
        ("churn: {", "d.yaml:1:9: the file is no YAML: did not find expected node content"),
        (b"churn: {prod: \xff}", "d.yaml:1:15: the byte 0xff is not UTF-8"),
        ("churn: \x00", "d.yaml:1:8: the character U+0000 must not stand in the file as it is"),
        ("[1]", "d.yaml:1:2: a mapping with artifact, stage and version is expected here, not the number 1"),
        ("[null]", "d.yaml:1:2: a mapping with artifact, stage and version is expected here, not nothing"),
        ("[{artifact: a, stage: p}]", "d.yaml:1:2: a mapping with artifact, stage and version is expected here, not one without 'version'"),
        ("[{artifact: a, stage: p, version: v1.0.0, x: 1}]", "d.yaml:1:43: the key 'x' is unknown"),
        (
            "- {artifact: a, stage: p, version: v1.0.0}\n- {artifact: a, stage: p, version: v1.0.0}\n",
            "d.yaml:2:3: one version for each stage is expected here, not a second one for 'a#p' (line 1)",
        ),
    ],
)  # fmt: skip
def test_whatever_else_is_refused_with_its_place(text: str | bytes, sentence: str) -> None:
    assert sentence_of(text) == sentence


def test_the_hint_says_what_was_meant() -> None:
    def hint_of(text: str) -> str:
        with pytest.raises(UsageFault) as caught:
            read(text)
        return caught.value.hint

    assert hint_of("churn: {prod: 1.2.0}") == "write 'v1.2.0'"
    assert hint_of("churn: {prod: 1.2}") == "write the value in quotes"
    assert hint_of("models=churn: {}") == "write 'models:churn'"
    assert hint_of("[{artifct: a}]") == "did you mean 'artifact'?"
    assert hint_of("").startswith("if nothing is deployed, write {}")


def test_a_file_that_is_too_large_or_too_deep_is_given_up_soon() -> None:
    started = time.process_time()
    assert sentence_of(b" " * (LARGEST + 1)) == f"d.yaml has more than {LARGEST} bytes"
    assert sentence_of("[" * 100_000) == "d.yaml:1:65: the file is nested more than 64 levels deep"
    assert time.process_time() - started < 5


@given(data=st.one_of(st.binary(max_size=60), st.text("[]{}:,'\"&*!#- \n\tav0.1churnprodnull", max_size=60).map(str.encode)))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    faults: list[str] = []
    try:
        assert all(isinstance(place, Place) for place in read_deployed(data, "d.yaml"))
    except UsageFault as fault:
        faults.append(fault.message)
    assert all(message.startswith("d.yaml") and "\n" not in message for message in faults)


def test_what_a_program_hands_over_follows_the_same_rules() -> None:
    with pytest.raises(UsageFault, match="'a b' is no name of an artifact"):
        check_deployed_mapping({"a b": {"prod": None}})
    with pytest.raises(UsageFault, match="'p p' is no name of a stage"):
        check_deployed_mapping({"a": {"p p": None}})
    with pytest.raises(SyntaxFault, match=r"'1\.0\.0' is no valid version or commit"):
        check_deployed_mapping({"a": {"prod": "1.0.0"}})

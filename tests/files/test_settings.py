from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from gitreg.core.settings import Settings
from gitreg.errors import Refused, SettingsFault
from gitreg.files.settings import check_settings, is_remote_name, read_settings


def test_without_files_and_variables_anything_goes() -> None:
    assert read_settings(None, None, {}) == Settings()


def test_every_key_is_read() -> None:
    data = b"stages: [dev, staging, prod]\ntypes: [model, dataset]\nremote: upstream\npush: true\n"
    assert read_settings(data, None, {}) == Settings(
        stages=("dev", "staging", "prod"), types=("model", "dataset"), remote="upstream", push=True, file=".gitreg.yaml"
    )


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"stages:\ntypes: ~\n"])
def test_what_is_absent_or_null_is_the_default(data: bytes) -> None:
    assert read_settings(data, b"stages: [a]", {}) == Settings(file=".gitreg.yaml")


def test_gto_counts_only_where_gitreg_has_no_file_and_only_its_stages_and_types() -> None:
    gto = b"STAGES: [dev, a/b]\ntypes: &t [model]\nEMOJIS: true\nremote: -x\npush: 3\n"
    assert read_settings(None, gto, {}) == Settings(stages=("dev", "a/b"), types=("model",), file=".gto")
    assert read_settings(b"push: true", gto, {}) == Settings(push=True, file=".gitreg.yaml")


def test_the_environment_wins_over_the_file() -> None:
    variables = {"GITREG_STAGES": "x, y,", "GITREG_TYPES": "model", "GITREG_REMOTE": "mine", "GITREG_PUSH": "No", "HOME": "/"}
    data = b"stages: [dev]\nremote: upstream\npush: true\n"
    assert read_settings(data, None, variables) == Settings(
        stages=("x", "y"), types=("model",), remote="mine", push=False, file=".gitreg.yaml"
    )
    assert read_settings(None, None, {"GITREG_STAGES": "", "GITREG_PUSH": " "}) == Settings()


@pytest.mark.parametrize(
    ("text", "push"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("false", False), ("no", False)]
)
def test_push_is_a_yes_or_no_in_the_environment(text: str, push: bool) -> None:  # noqa: FBT001
    assert read_settings(None, None, {"GITREG_PUSH": text}).push is push


def messages(data: bytes | None = None, gto: bytes | None = None, **variables: str) -> list[str]:
    problems = check_settings(data, gto, variables)
    assert {problem.code for problem in problems} <= {"GR112"}
    return [f"{problem.file}:{problem.line}:{problem.column} {problem.message} | {problem.hint}" for problem in problems]


def test_all_that_is_wrong_is_named_with_its_place() -> None:
    assert messages(b"stage: [dev]\nstages: [a/b]\ntypes: model\nremote: --upload-pack=x\npush: yes\nzzz: 1\n") == snapshot(
        [
            ".gitreg.yaml:1:1 the key 'stage' is unknown | did you mean 'stages'?",
            ".gitreg.yaml:2:9 'stages' names 'a/b', which is no valid stage: a stage has no '/', since git could not keep it beside 'prod' | ",
            ".gitreg.yaml:3:8 'types' must be a list of texts, not a text | ",
            ".gitreg.yaml:4:9 'remote' is '--upload-pack=x', which is no name of a remote: letters, digits, '_', '.', '/', '-' | ",
            ".gitreg.yaml:5:7 'push' must be true or false, not a text | ",
            ".gitreg.yaml:6:1 the key 'zzz' is unknown | the keys are stages, types, remote, push",
        ]
    )


def test_a_stage_that_stands_twice_or_is_a_number_is_wrong() -> None:
    assert messages(b"stages: [a, a]\n") == [".gitreg.yaml:1:9 'stages' names 'a' twice | "]
    assert messages(b"stages: [a, 1]\n") == [
        ".gitreg.yaml:1:13 'stages' must be a text, not the number 1 | write the value in quotes"
    ]


def test_a_file_that_is_no_yaml_or_no_mapping_is_wrong_in_both_forms() -> None:
    for data in (b"a: [", b"- a", b"\xff"):
        assert len(messages(data)) == 1
        assert len(messages(None, data)) == 1
    assert len(messages(b"stages: &x [a]\n")) == 1


def test_variables_are_checked_like_the_file() -> None:
    assert messages(GITREG_PUSH="maybe", GITREG_REMOTE="-x", GITREG_STAGES="a b") == snapshot(
        [
            "None:None:None GITREG_STAGES names 'a b', which is no valid stage: it does not fit the grammar of names | set or unset GITREG_STAGES",
            "None:None:None GITREG_REMOTE is '-x', which is no name of a remote: letters, digits, '_', '.', '/', '-' | set or unset GITREG_REMOTE",
            "None:None:None GITREG_PUSH is 'maybe', not 1, true, yes, 0, false or no | set or unset GITREG_PUSH",
        ]
    )


def test_reading_refuses_at_the_first_thing_that_is_wrong_and_says_where() -> None:
    with pytest.raises(SettingsFault) as caught:
        read_settings(b"stages: [a]\nstag: []\n", None, {})
    assert isinstance(caught.value, Refused)
    assert (caught.value.message, caught.value.hint) == (".gitreg.yaml:2:1: the key 'stag' is unknown", "did you mean 'stages'?")
    assert (caught.value.file, caught.value.line, caught.value.column) == (".gitreg.yaml", 2, 1)
    with pytest.raises(SettingsFault, match=r"^GITREG_PUSH is 'maybe'"):
        read_settings(None, None, {"GITREG_PUSH": "maybe"})


@pytest.mark.parametrize("name", ["", "-x", "a b", "a..b", "../x", "a/", "a.lock", "https://host/x", "a\n", "ä", "@"])
def test_these_are_no_names_of_remotes(name: str) -> None:
    assert not is_remote_name(name)


@given(
    st.binary() | st.none(),
    st.binary() | st.none(),
    st.dictionaries(st.sampled_from(["GITREG_PUSH", "GITREG_STAGES", "GITREG_REMOTE"]), st.text()),
)
def test_settings_are_read_or_refused_and_nothing_else(data: bytes | None, gto: bytes | None, variables: dict[str, str]) -> None:
    problems = check_settings(data, gto, variables)
    try:
        read_settings(data, gto, variables)
    except SettingsFault:
        assert problems
    else:
        assert not problems

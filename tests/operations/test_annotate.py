from __future__ import annotations

import pytest

from gitreg.errors import Conflict, FileFault, NotFound, Refused, UsageFault
from gitreg.files.edit import HEADER
from tests.operations.picture import Open, picture
from tests.support.repository import Repository

WRITTEN = b"""\
# models of the team\r
churn:   # the old one\r
  path: 'models/churn.pkl'\r
  labels: [ tabular ]\r
  custom:\r
    threshold: 0.5   # tuned\r
  colour: red\r
\r
zebra: {path: zebra.bin}\r
"""


def text(repository: Repository, file: str = "artifacts.yaml") -> str:
    return (repository.path / file).read_bytes().decode()


def test_the_first_entry_makes_the_file_with_a_line_that_names_the_schema(repository: Repository, opened: Open) -> None:
    edited = opened(repository).annotate("churn", {"path": "models/churn.pkl", "type": "model"})
    assert text(repository) == f"{HEADER}churn:\n  path: models/churn.pkl\n  type: model\n"
    assert (edited.file, edited.commit, edited.pushed) == ("artifacts.yaml", None, False)
    assert edited.diff.startswith("--- /dev/null\n+++ b/artifacts.yaml\n")


def test_every_byte_that_need_not_change_is_kept(repository: Repository, opened: Open) -> None:
    (repository.path / "artifacts.yaml").write_bytes(WRITTEN)
    edited = opened(repository).annotate("churn", {"path": "models/new.pkl"})
    assert (repository.path / "artifacts.yaml").read_bytes() == WRITTEN.replace(b"'models/churn.pkl'", b"models/new.pkl")
    assert [line[0] for line in edited.diff.splitlines()[3:] if line[0] != " "] == ["-", "+"]


def test_labels_are_united_with_those_that_are_there(repository: Repository, opened: Open) -> None:
    (repository.path / "artifacts.yaml").write_bytes(WRITTEN)
    opened(repository).annotate("churn", {"labels": ["weekly", "tabular", "weekly"]})
    assert "labels: [tabular, weekly]\r\n" in text(repository)


def test_a_label_that_is_given_twice_stands_once_in_a_new_entry_too(repository: Repository, opened: Open) -> None:
    opened(repository).annotate("churn", {"labels": ["hot", "hot"]})
    assert text(repository).count("hot") == 1


def test_custom_is_merged_key_by_key(repository: Repository, opened: Open) -> None:
    (repository.path / "artifacts.yaml").write_bytes(WRITTEN)
    opened(repository).annotate("churn", {"custom": {"epochs": 3}})
    opened(repository).annotate("churn", {"custom": {"epochs": 4}})
    assert "threshold: 0.5" in text(repository)
    assert "epochs: 4" in text(repository)


@pytest.mark.parametrize(("field", "line"), [("path", "path"), ("labels", "labels"), ("custom", "threshold")])
def test_none_takes_a_field_away(repository: Repository, opened: Open, field: str, line: str) -> None:
    (repository.path / "artifacts.yaml").write_bytes(WRITTEN)
    opened(repository).annotate("churn", {field: None})
    assert f"{line}:" not in text(repository).partition("zebra")[0]
    assert "colour: red\r\n" in text(repository)


def test_what_is_said_already_is_not_written_again(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": WRITTEN})
    before = picture(repository)
    edited = opened(repository).annotate("churn", {"path": "models/churn.pkl", "labels": ["tabular"]}, commit=True)
    assert (edited.diff, edited.commit, edited.notes) == ("", None, ("artifacts.yaml says so already",))
    assert picture(repository) == before


def test_an_artifact_of_a_folder_stands_in_the_file_of_that_folder(repository: Repository, opened: Open) -> None:
    (repository.path / "models/nlp").mkdir(parents=True)
    edited = opened(repository).annotate("models/nlp:sent", {"path": "sent.bin"}, commit=True)
    assert edited.file == "models/nlp/artifacts.yaml"
    assert text(repository, "models/nlp/artifacts.yaml").endswith("sent:\n  path: sent.bin\n")


def test_a_folder_that_is_not_there_is_not_made(repository: Repository, opened: Open) -> None:
    with pytest.raises(NotFound, match="no folder 'models/nlp'"):
        opened(repository).annotate("models/nlp:sent", {"path": "sent.bin"})
    assert list(repository.files()) == ["README.md"]


def test_a_folder_that_is_a_file_is_no_folder(repository: Repository, opened: Open) -> None:
    with pytest.raises(NotFound, match=r"no folder 'README\.md'"):
        opened(repository).annotate("README.md:sent", {"path": "sent.bin"})


def test_a_dry_run_shows_the_diff_and_writes_nothing(repository: Repository, opened: Open) -> None:
    before = picture(repository)
    edited = opened(repository).annotate("churn", {"path": "a"}, commit=True, dry_run=True)
    assert edited.dry_run
    assert edited.diff.endswith("+churn:\n+  path: a\n")
    assert picture(repository) == before


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("churn", {"colour": "red"}),
        ("churn", {"path": "/etc/passwd"}),
        ("churn", {"path": ["a"]}),
        ("churn", {"virtual": "yes"}),
        ("a//b", {"path": "a"}),
        ("--all", {"path": "a"}),
        ("$(id)", {"path": "a"}),
        ("churn@v1.0.0", {"path": "a"}),
        ("churn#prod", {"path": "a"}),
    ],
)
def test_a_bad_name_field_or_value_is_refused(repository: Repository, opened: Open, name: str, fields: dict[str, object]) -> None:
    with pytest.raises(UsageFault):
        opened(repository).annotate(name, fields)
    assert list(repository.files()) == ["README.md"]


def test_a_type_that_the_settings_do_not_list_is_refused(repository: Repository, opened: Open) -> None:
    repository.commit({".gitreg.yaml": "types: [model]\n"})
    with pytest.raises(Refused, match="type 'data' is not among"):
        opened(repository).annotate("churn", {"type": "data"})


def test_a_name_that_differs_only_by_case_from_one_that_has_tags_is_refused(repository: Repository, opened: Open) -> None:
    repository.register("Churn", "v1.0.0")
    with pytest.raises(Conflict, match="differs from 'Churn' only by case"):
        opened(repository).annotate("churn", {"path": "a"})


def test_an_entry_that_is_there_may_be_changed_though_another_differs_from_it_only_by_case(
    repository: Repository, opened: Open
) -> None:
    repository.commit({"artifacts.yaml": "a_b:\n  path: x\n\nA_B:\n  path: y\n"})
    opened(repository).annotate("A_B", {"path": "z"})
    assert text(repository) == "a_b:\n  path: x\n\nA_B:\n  path: z\n"


@pytest.mark.parametrize("broken", ["a: [\n", "a: 1\na: 2\n", "a: &x {path: b}\n", "- list\n", b"\xff\n", "a: {}\n---\nb: {}\n"])
def test_a_file_that_would_lose_something_is_not_edited(repository: Repository, opened: Open, broken: str | bytes) -> None:
    repository.commit({"artifacts.yaml": broken})
    before = picture(repository)
    with pytest.raises(FileFault):
        opened(repository).annotate("churn", {"path": "a"}, commit=True)
    assert picture(repository) == before


def test_a_bad_neighbour_does_not_stop_an_edit(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "bad: 5\n"})
    opened(repository).annotate("churn", {"path": "a"})
    assert text(repository) == "bad: 5\n\nchurn:\n  path: a\n"

from __future__ import annotations

import pytest

from gitreg.errors import FileFault, NotFound, UsageFault
from tests.operations.picture import Open, picture
from tests.support.repository import Repository

WRITTEN = b"""\
# models of the team\r
alpha: {path: alpha.bin}\r
\r
# about churn\r
churn:   # the old one\r
  path: 'models/churn.pkl'\r
  # in the middle\r
  type: model\r
\r
zebra:\r
  path: "zebra.bin"\r
"""


def test_an_entry_goes_and_every_other_byte_stays(repository: Repository, opened: Open) -> None:
    (repository.path / "artifacts.yaml").write_bytes(WRITTEN)
    edited = opened(repository).remove("churn")
    assert (repository.path / "artifacts.yaml").read_bytes() == (
        b'# models of the team\r\nalpha: {path: alpha.bin}\r\n\r\n# about churn\r\nzebra:\r\n  path: "zebra.bin"\r\n'
    )
    assert (edited.file, edited.commit) == ("artifacts.yaml", None)
    assert "-churn:   # the old one" in edited.diff


def test_the_last_entry_leaves_an_empty_mapping_which_gto_can_read(repository: Repository, opened: Open) -> None:
    (repository.path / "artifacts.yaml").write_text("# head\nchurn:\n  path: a\n")
    opened(repository).remove("churn")
    assert (repository.path / "artifacts.yaml").read_text() == "# head\n{}\n"


def test_an_entry_that_is_added_and_removed_leaves_the_bytes_as_they_were(repository: Repository, opened: Open) -> None:
    (repository.path / "artifacts.yaml").write_bytes(WRITTEN)
    registry = opened(repository)
    registry.annotate("middle", {"path": "a", "labels": ["x"]})
    registry.remove("middle")
    assert (repository.path / "artifacts.yaml").read_bytes() == WRITTEN


def test_the_events_of_an_artifact_stay(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: a\n"})
    repository.register("churn", "v1.0.0")
    registry = opened(repository)
    registry.remove("churn", commit=True)
    assert registry.resolve("churn@latest").version == "v1.0.0"


def test_an_entry_of_a_folder_goes_from_the_file_of_that_folder(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "sent:\n  path: a\n", "models/nlp/artifacts.yaml": "sent:\n  path: b\n"})
    opened(repository).remove("models/nlp:sent")
    assert repository.files()["models/nlp/artifacts.yaml"] == b"{}\n"
    assert repository.files()["artifacts.yaml"] == b"sent:\n  path: a\n"


def test_a_dry_run_shows_the_diff_and_writes_nothing(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": WRITTEN})
    before = picture(repository)
    edited = opened(repository).remove("churn", commit=True, dry_run=True)
    assert (edited.dry_run, edited.commit) == (True, None)
    assert edited.diff.startswith("--- a/artifacts.yaml\n+++ b/artifacts.yaml\n")
    assert picture(repository) == before


def test_a_name_that_is_nearly_right_is_named_in_the_hint(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": WRITTEN})
    with pytest.raises(NotFound) as caught:
        opened(repository).remove("chrun")
    assert caught.value.hint == "did you mean 'churn'?"


def test_an_entry_of_dvc_yaml_is_not_ours_to_remove(repository: Repository, opened: Open) -> None:
    repository.commit({"dvc.yaml": "artifacts:\n  churn:\n    path: a\n"})
    with pytest.raises(NotFound, match=r"there is no artifacts\.yaml"):
        opened(repository).remove("churn")


def test_a_bad_entry_can_be_removed(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "bad: 5\n\nchurn:\n  path: a\n"})
    opened(repository).remove("bad")
    assert repository.files()["artifacts.yaml"] == b"churn:\n  path: a\n"


@pytest.mark.parametrize("broken", ["a: [\n", "a: 1\na: 2\n", b"\xff\n"])
def test_a_file_that_would_lose_something_is_not_edited(repository: Repository, opened: Open, broken: str | bytes) -> None:
    repository.commit({"artifacts.yaml": broken})
    before = picture(repository)
    with pytest.raises(FileFault):
        opened(repository).remove("a")
    assert picture(repository) == before


@pytest.mark.parametrize("name", ["churn@v1.0.0", "churn#prod", "--all", ""])
def test_what_is_no_name_of_an_artifact_is_refused(repository: Repository, opened: Open, name: str) -> None:
    with pytest.raises(UsageFault):
        opened(repository).remove(name)

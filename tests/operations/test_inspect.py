"""`inspect` of versions wherever their bytes are; entries that are filled from files, and checked against them."""

from __future__ import annotations

import pickle
import zlib
from pathlib import Path

import pytest

from gitreg.core.problems import Problem
from gitreg.errors import ExternalFault, NotFound
from gitreg.registry import Registry, inspect_file
from tests.formats.samples import sample
from tests.git.inside import enter
from tests.support.dvc import set_up_dvc, track
from tests.support.repository import Repository
from tests.support.servers.storage import folder_storage

ENTRY = "churn:\n  path: churn.onnx\n"


@pytest.fixture
def store(repository: Repository, tmp_path: Path) -> Path:
    """A repository whose model DVC keeps."""
    place = tmp_path / "store"
    set_up_dvc(repository, folder_storage(place))
    track(repository, "models/churn.onnx", sample("churn.onnx"), store=place)
    repository.commit({"artifacts.yaml": "churn:\n  path: models/churn.onnx\n"})
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    return place


def problems(repository: Repository, code: str, *, staged: bool = False, rev: str | None = None) -> list[Problem]:
    with Registry(repository.path) as registry:
        return [problem for problem in registry.check(staged=staged, rev=rev).problems if problem.code == code]


@pytest.mark.parametrize("selector", ["churn", "churn@v1.0.0", "churn@latest", "churn#prod"])
def test_a_selector_is_inspected_where_its_bytes_are(repository: Repository, store: Path, selector: str) -> None:
    with Registry(repository.path) as registry:
        found = registry.inspect(selector)
    assert (found.file.format, found.file.inputs[0].name, found.artifact) == ("onnx", "x", "churn")
    assert found.version == (None if selector == "churn" else "v1.0.0")
    assert (found.path, found.commit) == ("models/churn.onnx", repository.git("rev-parse", "HEAD").strip())
    assert found.address.startswith(str(store))


def test_a_file_in_git_is_inspected(repository: Repository) -> None:
    repository.commit({"artifacts.yaml": ENTRY, "churn.onnx": sample("churn.onnx")})
    with Registry(repository.path) as registry:
        found = registry.inspect("churn")
    assert (found.file.format, found.notes) == ("onnx", ())


def test_a_large_file_in_git_is_inspected(repository: Repository) -> None:
    repository.commit(
        {"artifacts.yaml": ENTRY, "churn.onnx": sample("churn.onnx") + b"\x32\xff\xff\xff\x03" + bytes((8 << 20) - 1)}
    )
    with Registry(repository.path) as registry:
        found = registry.inspect("churn")
    assert (found.file.inputs[0].name, found.file.size > 8 << 20) == ("x", True)


def test_a_folder_is_inspected_by_the_file_that_says_the_most(repository: Repository, tmp_path: Path) -> None:
    place = tmp_path / "store"
    set_up_dvc(repository, folder_storage(place))
    shard = sample("churn.safetensors")
    track(repository, "hub", {"config.json": b"{}", "a-1.safetensors": shard, "a-2.safetensors": shard}, store=place)
    repository.commit({"artifacts.yaml": "hub:\n  path: hub\n"})
    with Registry(repository.path) as registry:
        found = registry.inspect("hub")
    assert (found.member, found.file.parameters, found.file.metadata["files"]) == ("a-1.safetensors", 20, "2")


def test_a_model_counts_more_than_texts_of_no_known_kind_beside_it(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text('{"auc": 0.9}')
    (tmp_path / "notes.txt").write_text("words")
    assert (inspect_file(tmp_path).member, inspect_file(tmp_path).file.format) == ("metrics.json", "unknown")
    (tmp_path / "model.pkl").write_bytes(pickle.dumps({"w": 1}))
    assert (inspect_file(tmp_path).member, inspect_file(tmp_path).file.format) == ("model.pkl", "pickle")


def test_of_a_pickle_that_is_damaged_nobody_knows_what_it_would_run(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(pickle.dumps({"w": 1})[:2] + b"\xff\xff")
    assert inspect_file(tmp_path / "model.pkl").file.unsafe == ("nobody knows what, since it is damaged or breaks off at byte 3",)


def test_a_folder_of_mlflow_says_its_signature_and_what_its_pickle_imports(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text(
        "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n    python_version: 3.11.7\n"
        "  sklearn:\n    pickled_model: model.pkl\n    sklearn_version: 1.5.0\nmlflow_version: 2.14.0\nrun_id: abc\n"
        'signature:\n  inputs: \'[{"type": "double", "name": "age", "required": true}]\'\n'
        '  outputs: \'[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]\'\n'
    )
    (tmp_path / "model.pkl").write_bytes(sample("pipeline-5.pkl"))
    found = inspect_file(tmp_path)
    assert (found.member, found.file.format, found.file.framework, found.file.framework_version) == (
        "MLmodel", "mlmodel", "sklearn", "1.5.0",
    )  # fmt: skip
    assert [(tensor.name, tensor.type, tensor.shape) for tensor in (*found.file.inputs, *found.file.outputs)] == [
        ("age", "float64", None),
        ("output-0", "int64", (None,)),
    ]
    assert {"mlflow.sklearn", "sklearn.pipeline.Pipeline"} <= set(found.file.imports)
    assert found.file.unsafe == ()


def test_a_saved_model_is_found_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "variables").mkdir()
    (tmp_path / "variables" / "variables.index").write_bytes(b"x")
    (tmp_path / "saved_model.pb").write_bytes(sample("saved_model.pb"))
    found = inspect_file(tmp_path)
    assert (found.member, found.file.format) == ("saved_model.pb", "savedmodel")
    assert found.file.size == len(sample("saved_model.pb")) + 1


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.onnx"
    secret.write_bytes(sample("churn.onnx"))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "model.onnx").symlink_to(secret)
    found = inspect_file(folder).file
    assert (found.format, found.unread) == ("unknown", 1)
    assert "1 link, hidden folder or special file of this folder was not looked at, such as 'model.onnx'" in found.notes


EVIL = b"cposix\nsystem\n(S'touch /tmp/x'\ntR."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("evil.pkl", EVIL),
        ("deep/er/evil.joblib", zlib.compress(EVIL)),
        ("evil.bin", EVIL),
        ("evil.weird", b"\x80\x02" + EVIL),
        ("evil.gguf", b"GGUF00000" + EVIL),
        ("README", EVIL[:-1] + b"and then it breaks off"),
        ("requirements.txt", EVIL),
        ("evil.npy", b"\x80\x04" + EVIL),
        ("z.safetensors", b"\x80\x04" + EVIL),
    ],
)
@pytest.mark.parametrize("main", ["churn.safetensors", "churn.pkl"])
def test_every_file_of_a_folder_that_could_run_code_counts(tmp_path: Path, main: str, name: str, data: bytes) -> None:
    (tmp_path / main).write_bytes(sample(main) if main.endswith("tensors") else pickle.dumps({"a": 1}))
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(data)
    found = inspect_file(tmp_path)
    assert "posix.system" in {*found.file.imports} & {*found.file.unsafe}
    assert any(name in text for text in (*found.file.notes, found.member or "")) or name == "z.safetensors"


def test_texts_beside_a_model_run_no_code(tmp_path: Path) -> None:
    (tmp_path / "churn.safetensors").write_bytes(sample("churn.safetensors"))
    texts = {
        "a.csv": "customer\nann\nbob\n",
        "README.md": "# model\n",
        "config.json": "{}",
        "b.txt": "(class\nof\nmodels)",
        "c": "",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    found = inspect_file(tmp_path).file
    assert (found.imports, found.unsafe, found.unread, found.notes) == ((), (), 0, ())


def test_a_version_whose_folder_has_a_file_that_runs_code_says_so(repository: Repository, tmp_path: Path) -> None:
    place = tmp_path / "store"
    set_up_dvc(repository, folder_storage(place))
    track(repository, "hub", {"a.safetensors": sample("churn.safetensors"), "evil.pkl": EVIL}, store=place)
    repository.commit({"artifacts.yaml": "hub:\n  path: hub\nlocal:\n  path: local\n", "local/a.pkl": EVIL, "local/a.onnx": b""})
    with Registry(repository.path) as registry:
        assert [registry.inspect(name).file.unsafe for name in ("hub", "local")] == [("posix.system",)] * 2


def test_files_of_a_folder_that_are_too_many_are_counted(repository: Repository, tmp_path: Path) -> None:
    place = tmp_path / "store"
    set_up_dvc(repository, folder_storage(place))
    files = {"a.safetensors": sample("churn.safetensors"), **{f"{number}.txt": b"x%d" % number for number in range(100)}}
    track(repository, "hub", files, store=place)
    repository.commit({"artifacts.yaml": "hub:\n  path: hub\n"})
    with Registry(repository.path) as registry:
        found = registry.inspect("hub").file
    assert found.unread == 36
    assert found.notes == ("36 files of this folder were not looked at, and could run code when loaded",)


def test_an_empty_file_is_not_the_one_that_says_the_most(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"")
    (tmp_path / "b.safetensors").write_bytes(sample("churn.safetensors"))
    found = inspect_file(tmp_path)
    assert (found.member, found.file.format) == ("b.safetensors", "safetensors")
    assert "a.onnx: it is empty" in found.file.notes


def test_what_is_not_there_is_not_found(repository: Repository, store: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        inspect_file(tmp_path / "nothing")
    with Registry(repository.path) as registry:
        with pytest.raises(NotFound, match="'chrun'"):
            registry.inspect("chrun")
        for path in sorted(store.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        with pytest.raises(NotFound, match=r"there is no .*store"):
            registry.inspect("churn#prod")


def test_a_device_is_no_file(tmp_path: Path) -> None:
    del tmp_path
    with pytest.raises(ExternalFault, match="is no plain file"):
        inspect_file("/dev/null")


def test_differences_between_entry_and_file_are_told(repository: Repository) -> None:
    schema = "  schema:\n    inputs:\n      - {name: x, type: int64, shape: [N, 4]}\n"
    repository.commit({"artifacts.yaml": ENTRY + schema, "churn.onnx": sample("churn.onnx")})
    with Registry(repository.path) as registry:
        (change,) = registry.inspect("churn").differences
    assert (change.text, change.breaking) == ("input 'x' is float32, and was int64", True)


def test_add_fills_framework_and_schema(repository: Repository, tmp_path: Path) -> None:
    set_up_dvc(repository, folder_storage(tmp_path / "store"))
    (repository.path / "churn.onnx").write_bytes(sample("churn.onnx"))
    with Registry(repository.path) as registry:
        registry.add(repository.path / "churn.onnx", "churn")
        registry.add(repository.path / "churn.onnx", "churn")
        assert registry.check().problems == ()
    text = (repository.path / "artifacts.yaml").read_text()
    assert "framework: onnx" in text
    assert text.count("schema:") == 1
    assert "name: x" in text


def test_add_leaves_what_a_person_wrote_and_says_that_the_file_differs(repository: Repository, tmp_path: Path) -> None:
    set_up_dvc(repository, folder_storage(tmp_path / "store"))
    schema = "  framework: mine\n  schema:\n    inputs:\n      - {name: z, type: int64}\n"
    repository.commit({"artifacts.yaml": ENTRY + schema})
    (repository.path / "churn.onnx").write_bytes(sample("churn.onnx"))
    with Registry(repository.path) as registry:
        added = registry.add(repository.path / "churn.onnx", "churn")
    assert (repository.path / "artifacts.yaml").read_text() == ENTRY + schema
    assert "annotate 'churn' --inspect --unset schema" in added.notes[0]


def test_annotate_fills_only_when_asked_and_overwrites_only_what_is_taken_away(repository: Repository) -> None:
    written = "  schema:\n    inputs:\n      - {name: z, type: int64}\n"
    repository.commit({"artifacts.yaml": ENTRY + written, "churn.onnx": sample("churn.onnx")})
    with Registry(repository.path) as registry:
        registry.annotate("churn", {"owner": "ann"})
        assert "framework" not in (repository.path / "artifacts.yaml").read_text()
        registry.annotate("churn", {}, inspect=True)
        assert "framework: onnx" in (repository.path / "artifacts.yaml").read_text()
        assert "name: z" in (repository.path / "artifacts.yaml").read_text()
        assert len(problems(repository, "GR113")) == 1
        registry.annotate("churn", {"schema": None}, inspect=True)
    assert "name: z" not in (repository.path / "artifacts.yaml").read_text()
    assert problems(repository, "GR113") == []


@pytest.mark.parametrize(
    ("name", "data", "note"),
    [
        ("a.json", b"{}", "a.json: nobody here knows this kind of file"),
        ("a.onnx", b"hello, world", "a.onnx: its name says onnx, and its bytes do not"),
        ("a.pkl", pickle.dumps([1]), "a.pkl: it says nothing of framework and schema"),
    ],
)
def test_annotate_says_why_a_file_fills_nothing(repository: Repository, name: str, data: bytes, note: str) -> None:
    repository.commit({"artifacts.yaml": f"churn:\n  path: {name}\n", name: data})
    with Registry(repository.path) as registry:
        idle = registry.annotate("churn", {}, inspect=True)
        assert (idle.diff, idle.notes[0]) == ("", note)
        assert registry.annotate("churn", {"owner": "ann"}, inspect=True).notes[0] == note
        assert registry.annotate("churn", {"owner": "ann"}, inspect=True).notes[:2] == ("artifacts.yaml says so already", note)


def test_annotate_reads_what_only_the_storage_has(repository: Repository, store: Path) -> None:
    (repository.path / "models" / "churn.onnx").unlink(missing_ok=True)
    with Registry(repository.path) as registry:
        registry.annotate("churn", {}, inspect=True)
    assert "framework: onnx" in (repository.path / "artifacts.yaml").read_text()
    assert store.is_dir()


@pytest.mark.parametrize("where", ["work tree", "index", "commit"])
def test_check_warns_of_a_schema_that_is_not_that_of_the_file(repository: Repository, where: str) -> None:
    schema = "  schema:\n    inputs:\n      - {name: x, type: float32, shape: [N, 4, 4]}\n"
    repository.commit({"artifacts.yaml": ENTRY + schema, "churn.onnx": sample("churn.onnx")})
    found = problems(repository, "GR113", staged=where == "index", rev="HEAD" if where == "commit" else None)
    assert [problem.message for problem in found] == [
        "the schema of 'churn' is not that of its file: input 'x' has the shape [N, 4], and had [N, 4, 4]"
    ]
    assert (found[0].file, found[0].line) == ("artifacts.yaml", 4)  # where the schema begins


def test_check_warns_of_a_file_that_could_run_code(repository: Repository) -> None:
    evil = pickle.dumps({"a": pytest.fail})
    repository.commit({"artifacts.yaml": "churn:\n  path: churn.pkl\n", "churn.pkl": evil})
    (problem,) = problems(repository, "GR114")
    assert "loading the file of 'churn' could run code" in problem.message


def test_check_reads_the_cache_where_the_work_tree_lacks_the_file(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(repository, monkeypatch)
    set_up_dvc(repository, folder_storage(tmp_path / "store"))
    (repository.path / "churn.pkl").write_bytes(pickle.dumps({"a": pytest.fail}))
    with Registry(repository.path) as registry:
        registry.add(repository.path / "churn.pkl", "churn", commit=True)
    (repository.path / "churn.pkl").unlink()
    assert len(problems(repository, "GR114", rev="HEAD")) == 1
    assert len(problems(repository, "GR114")) == 1

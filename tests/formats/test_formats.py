"""What the headers of files say that the real libraries wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from gitreg.core.model_files import ModelFile, Tensor
from tests.formats.samples import names, read, read_sample, sample

FEATURES = ("age", "fee", "used")


def summary(file: ModelFile) -> tuple[object, ...]:
    """Give what nearly every format has."""
    inputs = [(tensor.name, tensor.type, tensor.shape) for tensor in file.inputs]
    outputs = [(tensor.name, tensor.type, tensor.shape) for tensor in file.outputs]
    return file.format, file.framework, inputs, outputs, file.parameters, dict(file.quantization)


@pytest.mark.parametrize("name", names())
def test_a_file_that_a_library_wrote_is_read_without_a_note_of_damage(name: str) -> None:
    found = read_sample(name)
    assert found.format != "unknown"
    assert found.size == len(sample(name))
    assert [
        note for note in found.notes if "early" in note or "sense" in note or "contradicts" in note or "looked at" in note
    ] == []


@pytest.mark.parametrize("name", [name for name in names() if name not in {"pipeline-0.pkl", "saved_model.pb"}])
def test_the_name_of_a_file_does_not_matter_where_its_bytes_tell(name: str) -> None:
    assert read(sample(name), "weights.bin").format == read_sample(name).format


def test_onnx_says_inputs_outputs_opsets_and_parameters() -> None:
    found = read_sample("churn.onnx")
    assert summary(found) == snapshot(
        ("onnx", "onnx", [("x", "float32", ("N", 4))], [("y", "float32", ("N", 2))], 10, {"float32": 1, "int8": 1})
    )
    assert (dict(found.opset), found.ir_version, found.framework_version) == ({"ai.onnx": 17, "com.example": 2}, 8, None)
    assert dict(found.metadata) == snapshot(
        {"author": "Ann", "graph": "churn", "nodes": "1", "producer": "gitreg", "producer_version": "1.0"}
    )
    assert found.notes == ("it uses operators of 'com.example', which whoever runs it must have",)


def test_onnx_says_that_parameters_are_in_another_file() -> None:
    found = read_sample("outside.onnx")
    assert found.parameters == 10
    assert "parameters are in another file: 'weights.bin'" in found.notes
    assert found.unsafe == ()


@pytest.mark.parametrize("place", [b"/etc/passw", b"../weights", b"a/../../ab", b"C:\\weights"])
def test_onnx_whose_parameters_are_anywhere_else_is_unsafe(place: bytes) -> None:
    data = sample("outside.onnx").replace(b"weights.bin", place + b"x" * (11 - len(place)))
    (name,) = read(data, "a.onnx").unsafe
    assert name.startswith("reads ")


def test_safetensors_counts_what_its_tensors_hold() -> None:
    found = read_sample("churn.safetensors")
    assert summary(found) == ("safetensors", "pytorch", [], [], 10, {"float16": 1, "float32": 1})
    assert dict(found.metadata) == {"by": 'Ann "A"', "format": "pt"}
    assert found.notes == ()


def test_gguf_says_architecture_and_quantization() -> None:
    found = read_sample("churn.gguf")
    assert summary(found) == ("gguf", "gguf", [], [], 400, {"F32": 2})
    assert dict(found.metadata) == snapshot(
        {
            "general.architecture": "llama",
            "general.name": "tiny",
            "gguf_version": "3",
            "llama.block_count": "2",
            "llama.context_length": "64",
            "vocabulary": "5",
        }
    )


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_a_pickle_says_class_version_and_number_of_features(protocol: int) -> None:
    found = read_sample(f"pipeline-{protocol}.pkl")
    assert summary(found) == ("pickle", "sklearn", [("X", None, (None, 3))], [], None, {})
    assert found.framework_version
    assert found.metadata["class"] == "sklearn.pipeline.Pipeline"
    assert found.metadata["steps"] == "StandardScaler -> LogisticRegression"
    assert "sklearn.linear_model._logistic.LogisticRegression" in found.imports
    assert found.unsafe == ()


@pytest.mark.parametrize("ending", ["pkl", "joblib", "zlib.joblib", "gz.joblib", "bz2.joblib", "xz.joblib", "lzma.joblib"])
def test_an_estimator_says_which_columns_it_was_trained_with(ending: str) -> None:
    found = read_sample(f"forest.{ending}")
    assert found.format == ("pickle" if ending == "pkl" else "joblib")
    assert tuple(tensor.name for tensor in found.inputs) == FEATURES
    assert found.metadata["classes"] == "2"
    assert found.unsafe == ()
    assert "sklearn.tree._tree.Tree" in found.imports


def test_skops_says_what_would_have_to_be_trusted() -> None:
    found = read_sample("pipeline.skops")
    assert summary(found) == ("skops", "sklearn", [("X", None, (None, 3))], [], None, {})
    assert found.imports == snapshot(
        (
            "builtins.dict",
            "builtins.list",
            "builtins.str",
            "builtins.tuple",
            "numpy.float64",
            "numpy.ndarray",
            "sklearn.linear_model._logistic.LogisticRegression",
            "sklearn.pipeline.Pipeline",
            "sklearn.preprocessing._data.StandardScaler",
        )
    )
    assert found.unsafe == ()


@pytest.mark.parametrize(("name", "kind"), [("state.pt", "torch"), ("legacy.pt", "torch-legacy"), ("script.pt", "torchscript")])
def test_torch_counts_its_tensors(name: str, kind: str) -> None:
    found = read_sample(name)
    assert summary(found) == (kind, "pytorch", [], [], 11, {"float32": 4})
    assert found.unsafe == ()


def test_a_whole_module_of_torch_says_its_classes() -> None:
    found = read_sample("whole.pt")
    assert found.imports == snapshot(
        (
            "builtins.set",
            "collections.OrderedDict",
            "torch.FloatStorage",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_tensor_v2",
            "torch.nn.modules.activation.ReLU",
            "torch.nn.modules.container.Sequential",
            "torch.nn.modules.linear.Linear",
        )
    )
    assert (found.unsafe, found.parameters) == ((), 11)


@pytest.mark.parametrize("ending", ["json", "ubj"])
def test_xgboost_says_features_trees_and_version(ending: str) -> None:
    found = read_sample(f"named.{ending}")
    assert summary(found) == snapshot(
        (
            "xgboost",
            "xgboost",
            [("age", "int64", None), ("fee", "float32", None), ("used", "float32", None)],
            [("prediction", "float32", (None,))],
            None,
            {},
        )
    )
    assert dict(found.metadata) == snapshot(
        {"base_score": "[5.25E-1]", "booster": "gbtree", "objective": "reg:squarederror", "trees": "3"}
    )
    assert found.framework_version
    assert read_sample(f"plain.{ending}").inputs == (Tensor(name="X", type="float32", shape=(None, 3)),)


def test_lightgbm_says_features_and_trees() -> None:
    found = read_sample("lightgbm.txt")
    assert summary(found) == snapshot(
        (
            "lightgbm",
            "lightgbm",
            [("age", "float64", None), ("fee", "float64", None), ("used", "float64", None)],
            [("prediction", "float64", (None,))],
            None,
            {},
        )
    )
    assert dict(found.metadata) == snapshot(
        {
            "label_index": "0",
            "model_version": "v4",
            "num_class": "1",
            "num_tree_per_iteration": "1",
            "objective": "binary sigmoid:1",
            "trees": "3",
        }
    )


def test_catboost_says_features_trees_and_version() -> None:
    found = read_sample("churn.cbm")
    assert [(tensor.name, tensor.type) for tensor in found.inputs] == [
        ("age", "float32"),
        ("fee", "float32"),
        ("used", "category"),
    ]
    assert (found.framework_version, found.metadata["trees"], found.metadata["loss_function"]) == ("1.2.10", "3", "Logloss")


@pytest.mark.parametrize("name", ["churn.keras", "churn.h5"])
def test_keras_says_inputs_outputs_and_parameters(name: str) -> None:
    found = read_sample(name)
    expected = ([("features", "float32", (None, 3))], [("score", "float32", (None, 1))], 11, {"float32": 4})
    assert summary(found) == ("keras" if name.endswith("keras") else "hdf5", "keras", *expected)
    assert found.framework_version
    assert found.unsafe == ()


def test_code_inside_of_a_model_of_keras_is_unsafe() -> None:
    assert read_sample("lambda.keras").unsafe == ("code in a layer Lambda", "code in a layer __lambda__")


def test_any_file_of_hdf5_says_what_its_datasets_hold() -> None:
    assert summary(read_sample("latest.h5")) == ("hdf5", None, [], [], 6, {"float64": 1})


def test_a_saved_model_says_its_signature() -> None:
    found = read_sample("saved_model.pb")
    assert summary(found) == snapshot(
        ("savedmodel", "tensorflow", [("features", "float32", (None, 3))], [("output_0", "float32", (None, 1))], None, {})
    )
    assert found.metadata["signature"] == "serving_default"
    assert found.framework_version


def test_arrays_say_type_and_shape() -> None:
    assert summary(read_sample("array.npy")) == ("npy", "numpy", [], [], 6, {"int64": 1})
    found = read_sample("arrays.npz")
    assert summary(found) == ("npz", "numpy", [], [], 9, {"float32": 1, "float64": 1})
    assert found.metadata["w"] == "float64 [2, 3]"


def test_arrays_of_objects_are_pickles_and_unsafe() -> None:
    assert read_sample("objects.npz").unsafe == ("a pickle in an array of objects",)


def test_an_array_of_objects_is_none_of_texts() -> None:
    for kind, name in (("|O", "object"), ("|O8", "object"), ("<U3", "string"), ("<f4", "float32")):
        header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': (2,), }}\n".encode()
        found = read(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header, "a.npy")
        assert (dict(found.quantization), found.metadata["array"]) == ({name: 1}, f"{name} [2]")
        assert bool(found.unsafe) == (name == "object")


TEXT = b"hello, world, this is a text\nof several lines, and no model at all\n" * 3


@pytest.mark.parametrize(
    "ending", ["bst", "cbm", "gguf", "h5", "keras", "lgb", "npy", "npz", "onnx", "pt", "pth", "safetensors", "skops", "ubj"]
)
@pytest.mark.parametrize("data", [b"hello", TEXT, b"2 " + TEXT])
def test_a_name_alone_makes_no_model(data: bytes, ending: str) -> None:
    found = read(data, f"a.{ending}")
    assert (found.format, found.framework, found.unsafe) == ("unknown", None, ())
    assert found.notes[0].startswith("its name says ")
    assert found.notes[0].endswith(", and its bytes do not")
    assert len(found.notes) > 1


NONSENSE = {
    "a version and a text": b"\x08\x07\x12\x03abc and a text that is no model",
    "a version alone": b"\x08\x07",
    "a version and a producer": b"\x08\x07\x12\x03abc",
    "a field that no model has, cut off": b"\x08\x07\x12\x03abcJ\x70and",
    "a number that no model has": b"\x08\x07\x12\x03abc\x78\x05",
    "a number where the operators should be": b"\x08\x07\x12\x03abc\x40\x05",
    "text in the place of a graph": b"\x08\x07:\x0dno graph here",
}


@pytest.mark.parametrize("what", NONSENSE)
@pytest.mark.parametrize("name", ["a.onnx", "a.bin"])
def test_what_only_begins_as_onnx_does_is_none_and_says_nothing_of_a_model(what: str, name: str) -> None:
    found = read(NONSENSE[what], name)
    assert (found.format, found.framework, found.ir_version, dict(found.metadata), found.unsafe) == (
        "unknown",
        None,
        None,
        {},
        (),
    )
    says_so = "its name says onnx, and its bytes do not" if name == "a.onnx" else "nobody here knows this kind of file"
    assert found.notes[0] == says_so


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x08\x07\x12\x03abc"]))
def test_bytes_without_inputs_parameters_operators_and_a_graph_are_onnx_only_where_they_break_off(
    data: bytes, head: bytes
) -> None:
    found = read(head + data, "a.onnx")
    shows = found.inputs or found.outputs or found.opset or found.parameters is not None or found.unsafe
    breaks_off = any(note.startswith("it ends early") for note in found.notes)
    assert found.format != "onnx" or shows or breaks_off or b":" in head + data


@given(st.integers(3, len(sample("churn.onnx"))))
def test_a_model_of_onnx_stays_one_wherever_it_breaks_off(length: int) -> None:
    between_fields = {10, 15}  # before the graph: then it is a whole message without one
    found = read(sample("churn.onnx")[:length], "a.onnx")
    assert found.format == ("unknown" if length in between_fields else "onnx")


def test_a_model_that_breaks_off_keeps_its_format_where_its_bytes_tell() -> None:
    for name in ("churn.onnx", "churn.safetensors", "churn.gguf", "array.npy"):
        assert read(sample(name)[:60], name).format == read_sample(name).format


def test_a_single_byte_that_is_missing_is_one_byte() -> None:
    assert read(b"\x80\x04K", "a.pkl").notes == ("it ends early: 1 byte should follow byte 3, and 0 do",)


def test_what_nobody_knows_says_so() -> None:
    assert read(b"hello, world", "a.txt") == ModelFile(format="unknown", size=12, notes=("nobody here knows this kind of file",))
    assert read(b"", "a.onnx").notes == ("it is empty",)

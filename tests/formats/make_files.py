"""Writes the samples of this folder anew, with the real libraries; no test runs it.

    python3 -m venv /tmp/formats && . /tmp/formats/bin/activate
    pip install onnx safetensors gguf scikit-learn joblib skops xgboost lightgbm catboost h5py tensorflow torch
    python tests/formats/make_files.py

Each sample is a JSON file with the versions that made it, and its bytes: packed with zlib, in base64.
"""

# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201, ICN001, T201

from __future__ import annotations

import base64
import json
import os
import pickle
import sys
import tempfile
import zlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FOLDER = Path(__file__).parent / "files"
PACKAGES = (
    "onnx", "safetensors", "gguf", "scikit-learn", "joblib", "skops", "xgboost", "lightgbm", "catboost", "h5py", "keras", "tensorflow",
    "tensorflow-cpu", "torch", "numpy",
)  # fmt: skip
FEATURES = ["age", "fee", "used"]


def versions():
    found = {"python": sys.version.split()[0]}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def keep(name, place):
    text = base64.b64encode(zlib.compress(Path(place).read_bytes(), 9)).decode()
    lines = [text[start : start + 120] for start in range(0, len(text), 120)]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps({"made_with": versions(), "data": lines}, indent=1) + "\n")


def data():
    import numpy

    features = numpy.random.RandomState(0).rand(40, 3)
    return features, (features[:, 0] > 0.5).astype(int)


def make_onnx():
    import numpy
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = numpy_helper.from_array(numpy.ones((4, 2), numpy.float32), "W")
    bias = numpy_helper.from_array(numpy.ones(2, numpy.int8), "Q")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "W"], ["y"])],
        "churn",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 2])],
        [weights, bias],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.example", 2)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="gitreg", producer_version="1.0")
    model.ir_version = 8
    helper.set_model_props(model, {"author": "Ann"})
    onnx.save(model, "churn.onnx")
    keep("churn.onnx", "churn.onnx")
    onnx.save(model, "outside.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0)
    keep("outside.onnx", "outside.onnx")


def make_tensors():
    import numpy
    from gguf import GGUFWriter
    from safetensors.numpy import save_file

    tensors = {"w": numpy.ones((4, 2), numpy.float32), "b": numpy.ones(2, numpy.float16)}
    save_file(tensors, "churn.safetensors", metadata={"format": "pt", "by": 'Ann "A"'})
    keep("churn.safetensors", "churn.safetensors")
    writer = GGUFWriter("churn.gguf", "llama")
    writer.add_name("tiny")
    writer.add_block_count(2)
    writer.add_context_length(64)
    writer.add_token_list([f"token{number}" for number in range(5)])
    for number in range(2):
        writer.add_tensor(f"blk.{number}.w", numpy.zeros((2, 100), numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    keep("churn.gguf", "churn.gguf")


def make_sklearn():
    import joblib
    import numpy
    import skops.io
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features, labels = data()
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, labels)
    for protocol in (0, 2, 5):
        Path(f"pipeline-{protocol}.pkl").write_bytes(pickle.dumps(pipeline, protocol=protocol))
        keep(f"pipeline-{protocol}.pkl", f"pipeline-{protocol}.pkl")
    forest = RandomForestClassifier(2, max_depth=2, random_state=0)
    forest.fit(features, numpy.array(["yes" if label else "no" for label in labels], dtype=object))
    forest.feature_names_in_ = numpy.array(FEATURES, dtype=object)
    Path("forest.pkl").write_bytes(pickle.dumps(forest))
    keep("forest.pkl", "forest.pkl")
    for name, compress in {
        "": 0,
        ".zlib": 3,
        ".gz": ("gzip", 3),
        ".bz2": ("bz2", 3),
        ".xz": ("xz", 3),
        ".lzma": ("lzma", 3),
    }.items():
        joblib.dump(forest, f"forest{name}.joblib", compress=compress)
        keep(f"forest{name}.joblib", f"forest{name}.joblib")
    skops.io.dump(pipeline, "pipeline.skops")
    keep("pipeline.skops", "pipeline.skops")
    numpy.savez("arrays.npz", w=numpy.ones((2, 3)), b=numpy.zeros(3, numpy.float32))
    numpy.savez_compressed("objects.npz", w=numpy.array([{}], dtype=object))
    numpy.save("array.npy", numpy.ones((2, 3), numpy.int64))
    for name in ("arrays.npz", "objects.npz", "array.npy"):
        keep(name, name)


def make_torch():
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1))
    torch.save(model.state_dict(), "state.pt")
    torch.save(model, "whole.pt")
    torch.save(model.state_dict(), "legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.trace(model, torch.zeros(1, 3)).save("script.pt")
    for name in ("state.pt", "whole.pt", "legacy.pt", "script.pt"):
        keep(name, name)


def make_boosted():
    import catboost
    import lightgbm
    import xgboost

    features, labels = data()
    matrix = xgboost.DMatrix(features, labels, feature_names=FEATURES, feature_types=["int", "float", "float"])
    regressor = xgboost.train({"max_depth": 2, "objective": "reg:squarederror"}, matrix, 3)
    classifier = xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(features, labels)
    for ending in ("json", "ubj"):
        regressor.save_model(f"named.{ending}")
        keep(f"named.{ending}", f"named.{ending}")
        classifier.save_model(f"plain.{ending}")
        keep(f"plain.{ending}", f"plain.{ending}")
    dataset = lightgbm.Dataset(features, labels, feature_name=FEATURES)
    lightgbm.train({"objective": "binary", "min_data_in_leaf": 2, "verbose": -1}, dataset, 3).save_model("lightgbm.txt")
    keep("lightgbm.txt", "lightgbm.txt")
    rows = [[float(one), float(two), str(int(three * 2))] for one, two, three in features]
    model = catboost.CatBoostClassifier(iterations=3, depth=2, verbose=0, allow_writing_files=False)
    model.fit(catboost.Pool(rows, labels, cat_features=[2], feature_names=FEATURES))
    model.save_model("churn.cbm")
    keep("churn.cbm", "churn.cbm")


def make_keras():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import h5py
    import keras
    import numpy

    layers = [keras.layers.Dense(2, activation="relu"), keras.layers.Dense(1, name="score")]
    model = keras.Sequential([keras.Input((3,), name="features"), *layers])
    model.save("churn.keras")
    model.save("churn.h5")
    model.export("saved")
    entrance = keras.Input((3,), name="features")
    double = keras.layers.Lambda(lambda value: value * 2, output_shape=(3,))
    keras.Model(entrance, double(keras.layers.Dense(3)(entrance))).save("lambda.keras")
    with h5py.File("latest.h5", "w", libver="latest") as file:
        file.attrs["by"] = "Ann"
        file.create_group("group").create_dataset("weights", data=numpy.zeros((2, 3)))
    for name in ("churn.keras", "churn.h5", "lambda.keras", "latest.h5"):
        keep(name, name)
    keep("saved_model.pb", "saved/saved_model.pb")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for make in (make_onnx, make_tensors, make_sklearn, make_torch, make_boosted, make_keras):
            make()
            print(make.__name__)


if __name__ == "__main__":
    main()

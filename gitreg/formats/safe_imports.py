"""Names that a pickle of a model may import, since what they make does nothing else.

The list is short on purpose, and what is not in it counts as unsafe. From most modules only classes are on it, never functions:
sklearn alone has some that read and write anything (``sklearn.datasets.fetch_openml``). A class counts by its name, which
begins with a capital letter; what is made of it can be called, which is reported by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gitreg.formats.pickle_values import Name

_CLASS: Final = re.compile(r"_{0,2}[A-Z][A-Za-z0-9_]*")
_OUTSIDERS: Final = frozenset({
    "_build_utils", "_testing", "callbacks", "conftest", "datasets", "externals", "hub", "io", "multiprocessing", "parallel",
    "plotting",
    "test", "testing", "tests", "utils_testing",
})  # fmt: skip

_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "builtins": frozenset({
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "range", "set", "slice",
        "str", "tuple",
    }),
    "_codecs": frozenset({"encode"}),
    "collections": frozenset({"Counter", "OrderedDict", "defaultdict", "deque"}),
    "copyreg": frozenset({"__newobj__", "__newobj_ex__", "_reconstructor"}),
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "decimal": frozenset({"Decimal"}),
    "fractions": frozenset({"Fraction"}),
    "uuid": frozenset({"UUID"}),
    "catboost.core": frozenset({"CatBoost", "CatBoostClassifier", "CatBoostRanker", "CatBoostRegressor", "_CatBoostBase"}),
    "lightgbm.basic": frozenset({"Booster"}),
    "xgboost.core": frozenset({"Booster"}),
    "joblib.numpy_pickle": frozenset({"NumpyArrayWrapper"}),
    "numpy": frozenset({
        "bool_", "dtype", "float16", "float32", "float64", "int16", "int32", "int64", "int8", "ndarray", "str_", "uint16",
        "uint32",
        "uint64", "uint8",
    }),
    "numpy.core.multiarray": frozenset({"_reconstruct", "scalar"}),
    "numpy._core.multiarray": frozenset({"_reconstruct", "scalar"}),
    "numpy.core.numeric": frozenset({"_frombuffer"}),
    "numpy._core.numeric": frozenset({"_frombuffer"}),
    "numpy.ma.core": frozenset({"_mareconstruct", "MaskedArray"}),
    "numpy.random._pickle": frozenset({"__bit_generator_ctor", "__generator_ctor", "__randomstate_ctor"}),
    "pandas._libs.internals": frozenset({"_unpickle_block"}),
    "pandas.core.indexes.base": frozenset({"_new_Index", "Index"}),
    "pandas.core.frame": frozenset({"DataFrame"}),
    "pandas.core.series": frozenset({"Series"}),
    "torch": frozenset({
        "BFloat16Storage", "BoolStorage", "ByteStorage", "CharStorage", "DoubleStorage", "FloatStorage", "HalfStorage",
        "IntStorage",
        "LongStorage", "ShortStorage", "Size", "Tensor", "bfloat16", "bool", "complex128", "complex64", "device", "dtype",
        "float16",
        "float32", "float64", "int16", "int32", "int64", "int8", "per_channel_affine", "per_tensor_affine", "qint8", "quint8",
        "strided", "uint8",
    }),
    "torch._tensor": frozenset({"_rebuild_from_type_v2"}),
    "torch._utils": frozenset({
        "_rebuild_meta_tensor_no_storage", "_rebuild_parameter", "_rebuild_parameter_with_state", "_rebuild_qtensor",
        "_rebuild_sparse_tensor", "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3",
    }),
    "torch.jit._pickle": frozenset({
        "build_boollist", "build_doublelist", "build_intlist", "build_tensor_from_id", "build_tensorlist", "restore_type_tag",
    }),
    "torch.nn.parameter": frozenset({"Buffer", "Parameter"}),
    "torch.serialization": frozenset({"_get_layout"}),
    "torch.storage": frozenset({"TypedStorage", "UntypedStorage"}),
    "sklearn.metrics._dist_metrics": frozenset({"newObj"}),
    "sklearn.neighbors._ball_tree": frozenset({"newObj"}),
    "sklearn.neighbors._kd_tree": frozenset({"newObj"}),
    "sklearn._loss._loss": frozenset({"__pyx_unpickle_CyLossFunction"}),
}  # fmt: skip
"""Single names, by their modules."""

_CLASSES_OF: Final = (
    "lightgbm.sklearn", "numpy.dtypes", "pandas.core.arrays", "pandas.core.dtypes.dtypes",
    "pandas.core.indexes", "pandas.core.internals", "scipy.sparse", "sklearn", "torch.nn.modules", "xgboost.sklearn",
)  # fmt: skip
"""Modules whose classes are safe, and those of the modules below them."""

_FRAMEWORKS: Final = (
    ("sklearn", "sklearn"), ("xgboost", "xgboost"), ("lightgbm", "lightgbm"), ("catboost", "catboost"), ("torch", "pytorch"),
    ("keras", "keras"), ("tensorflow", "tensorflow"), ("statsmodels", "statsmodels"), ("spacy", "spacy"), ("pandas", "pandas"),
    ("numpy", "numpy"),
)  # fmt: skip


def is_safe(name: Name) -> bool:
    """Say whether importing a name, and calling it, does nothing but make a value."""
    if name.name in _NAMES.get(name.module, ()):
        return True
    if not _CLASS.fullmatch(name.name) or _OUTSIDERS & set(name.module.split(".")):
        return False
    return any(name.module == module or name.module.startswith(f"{module}.") for module in _CLASSES_OF)


def find_framework(names: set[str], first: str = "") -> str | None:
    """Say which framework is at work, from what is imported; that of the outermost object counts most."""
    roots = {name.partition(".")[0] for name in names}
    outermost = first.partition(".")[0]
    found = next((framework for root, framework in _FRAMEWORKS[:-2] if root == outermost), None)
    return found or next((framework for root, framework in _FRAMEWORKS if root in roots), None)

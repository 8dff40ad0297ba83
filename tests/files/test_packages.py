from __future__ import annotations

import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.files.packages_conda import parse_spec
from gitreg.files.packages_file import LARGEST_PACKAGES, MOST_PACKAGES, read_packages_file
from gitreg.files.packages_included import list_included, may_include
from gitreg.files.packages_project import to_specifier


def told(path: str, text: str | bytes, *, optional: bool = False) -> list[str]:
    """Write packages that are optional or are not: ``NAME VERSION`` of exact ones, and ``NAME ? SPECIFIER`` of others."""
    packages, problem = read_packages_file(path, text.encode() if isinstance(text, str) else text)
    assert problem is None
    assert all(package.file == path for package in packages)
    return [
        f"{item.name} {item.version}" if item.version else f"{item.name} ? {item.specifier}".strip()
        for item in packages
        if item.optional is optional
    ]


def sentence(path: str, text: str | bytes) -> str:
    packages, problem = read_packages_file(path, text.encode() if isinstance(text, str) else text)
    assert packages == ()
    assert problem is not None
    assert (problem.code, problem.file) == ("GR401", path)
    return problem.message


REQUIREMENTS = """\
# a comment
--index-url https://user:secret@example.com/simple
-r other.txt
-c constraints.txt
numpy==1.26.4 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
Scikit_Learn >= 1.4, <2 ; python_version >= "3.11"  # why not
torch==2.1.0+cu118
jax===0.4-odd
scipy
pandas[excel,plot]~=2.0
ruamel.yaml != 0.18.0
tensorflow==2.*
keras (==3.0.1)
private @ https://user:secret@example.com/private-1.2.3-py3-none-any.whl#sha256=aa
git-only @ git+https://github.com/example/git-only.git@v1
https://example.com/wheels/lonely-0.1-cp311-cp311-linux_x86_64.whl
https://example.com/source-2.0.tar.gz
-e git+https://github.com/example/edited.git#egg=Edited
-e .
.[extra]
-e ..[extra]
./wheels/local-3.0-py3-none-any.whl
wheels\\third-1.0-py3-none-any.whl[extra] ; python_version > "3"
bare-1.1-1-cp311-cp311-linux_x86_64.whl
"""


def test_requirements_tell_exact_versions_from_ranges_and_from_nothing() -> None:
    assert told("train/requirements.txt", REQUIREMENTS) == [
        "numpy 1.26.4",
        "scikit-learn ? >=1.4,<2",
        "torch 2.1.0+cu118",
        "jax 0.4-odd",
        "scipy ?",
        "pandas ? ~=2.0",
        "ruamel-yaml ? !=0.18.0",
        "tensorflow ? ==2.*",
        "keras 3.0.1",
        "private 1.2.3",
        "git-only ?",
        "lonely 0.1",
        "source 2.0",
        "edited ?",
        "local 3.0",
        "third 1.0",
        "bare 1.1",
    ]


def test_no_address_and_so_no_password_is_kept() -> None:
    assert "secret" not in repr(read_packages_file("requirements.txt", REQUIREMENTS.encode()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_requirements_may_have_a_byte_order_mark_as_those_that_windows_writes(encoding: str) -> None:
    assert told("requirements.txt", "numpy==1.26.4\r\nscipy==1.11\r\n".encode(encoding)) == ["numpy 1.26.4", "scipy 1.11"]


UV = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "churn"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "numpy" },
]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://index.example.com/simple" }
sdist = { url = "https://files.example.com/numpy-1.26.4.tar.gz", hash = "sha256:aa", size = 15786129 }
wheels = [
    { url = "https://files.example.com/numpy.whl", hash = "sha256:bb", size = 20630554 },
]

[[package]]
name = "torch"
version = "2.1.0"
source = { registry = "https://index.example.com/simple" }
resolution-markers = ["sys_platform == 'darwin'"]

[[package]]
name = "torch"
version = "2.1.0+cpu"
source = { registry = "https://wheels.example.com/cpu" }
"""
POETRY = '[[package]]\nname = "numpy"\nversion = "1.26.4"\ndescription = "Arrays"\noptional = false\n\n[metadata]\nlock-version = "2.0"\n'
OLD_POETRY = '[[package]]\ncategory = "main"\ndescription = "Arrays"\nname = "numpy"\nversion = "1.26.4"\n'
PDM = '[metadata]\ngroups = ["default"]\n\n[[package]]\nname = "numpy"\nversion = "1.26.4"\nrequires_python = ">=3.9"\n'
PYLOCK = 'lock-version = "1.0"\ncreated-by = "uv"\n\n[[packages]]\nname = "numpy"\nversion = "1.26.4"\nindex = "https://index.example.com/simple"\n'
PIPFILE = {
    "_meta": {"hash": {"sha256": "aa"}, "pipfile-spec": 6},
    "default": {"numpy": {"hashes": ["sha256:aa"], "version": "==1.26.4"}, "ours": {"git": "https://example.com/x.git"}},
    "develop": {"pytest": {"version": "==8.0.0"}, "odd": 3},
}
ENVIRONMENT = """\
name: churn
channels: [conda-forge]
dependencies:
  - python=3.11
  - numpy=1.26.4=py311h64a7726_0
  - conda-forge::pytorch==2.1.0
  - scipy>=1.11,<2
  - pandas
  - pip:
      - keras==3.0.1
      - -r other.txt
"""
CONDA_LOCK = """\
version: 1
package:
- {name: numpy, version: 1.26.4, manager: conda, platform: linux-64}
- {name: numpy, version: 1.26.4, manager: conda, platform: osx-arm64}
- {name: keras, version: 3.0.1, manager: pip, platform: linux-64}
"""
MLMODEL = """\
artifact_path: model
flavors:
  python_function:
    env: {conda: conda.yaml, virtualenv: python_env.yaml}
    loader_module: mlflow.sklearn
    python_version: 3.11.7
  sklearn: {pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 1.4.2}
mlflow_version: 2.11.1
"""
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
[project]
name = "churn"
requires-python = ">=3.11"
dependencies = ["numpy>=1.26", "scipy==1.11.4"]
[project.optional-dependencies]
plots = ["matplotlib"]
[dependency-groups]
test = ["pytest>=8", {include-group = "lint"}]
lint = []
[tool.uv]
dev-dependencies = ["ruff==0.1.0"]
[tool.poetry.dependencies]
keras = "^3.0.1"
torch = {version = "2.1.0", source = "cpu"}
jax = "*"
either = "1.0 || 2.0"
ours = {path = "../ours"}
[tool.poetry.group.dev.dependencies]
mypy = "~1.8"
"""


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("uv.lock", UV, ["numpy 1.26.4", "torch 2.1.0", "torch 2.1.0+cpu"]),
        ("uv.lock", UV.replace("\n", "\r\n"), ["numpy 1.26.4", "torch 2.1.0", "torch 2.1.0+cpu"]),
        ("uv.lock", UV.replace('version = "1.26.4"\n', "").replace('name = "numpy"\n', "name='numpy'\n"), ["numpy ?", "torch 2.1.0", "torch 2.1.0+cpu"]),
        ("poetry.lock", POETRY, ["numpy 1.26.4"]),
        ("poetry.lock", OLD_POETRY, ["numpy 1.26.4"]),
        ("sub/pdm.lock", PDM, ["numpy 1.26.4"]),
        ("pylock.toml", PYLOCK, ["numpy 1.26.4"]),
        ("pylock.gpu.toml", PYLOCK, ["numpy 1.26.4"]),
        ("Pipfile.lock", json.dumps(PIPFILE), ["numpy 1.26.4", "ours ?"]),
        ("environment.yml", ENVIRONMENT, ["python ? ==3.11.*", "numpy 1.26.4", "torch 2.1.0", "scipy ? >=1.11,<2", "pandas ?", "keras 3.0.1"]),
        ("conda.yaml", ENVIRONMENT, ["python ? ==3.11.*", "numpy 1.26.4", "torch 2.1.0", "scipy ? >=1.11,<2", "pandas ?", "keras 3.0.1"]),
        ("conda-lock.yml", CONDA_LOCK, ["numpy 1.26.4", "keras 3.0.1"]),
        ("model/MLmodel", MLMODEL, ["mlflow 2.11.1", "python 3.11.7", "scikit-learn 1.4.2"]),
        ("pyproject.toml", PYPROJECT, ["python ? >=3.11", "numpy ? >=1.26", "scipy 1.11.4", "keras ? >=3.0.1,<4", "torch 2.1.0", "jax ?", "either ? 1.0 || 2.0", "ours ?"]),
    ],
)  # fmt: skip
def test_every_file_of_an_environment_is_read(path: str, text: str, found: list[str]) -> None:
    assert told(path, text) == found


def test_what_is_for_development_counts_only_where_a_lock_has_nothing_else() -> None:
    assert told("Pipfile.lock", json.dumps({**PIPFILE, "default": {}}), optional=True) == ["pytest 8.0.0", "odd ?"]
    assert told("Pipfile.lock", json.dumps(PIPFILE), optional=True) == []


def test_the_extras_of_a_project_and_what_is_for_development_are_optional() -> None:
    assert told("pyproject.toml", PYPROJECT, optional=True) == ["matplotlib ?", "ruff 0.1.0", "pytest ? >=8", "mypy ? >=1.8,<1.9"]
    groups = '[dependency-groups]\ntrain = ["torch==2.1.0"]\ntest = ["pytest"]\n'
    assert (told("pyproject.toml", groups), told("pyproject.toml", groups, optional=True)) == (["torch 2.1.0"], ["pytest ?"])
    assert told("pyproject.toml", "[tool.poetry.group]\nodd = 3\n") == []


def test_poetry_says_of_packages_and_groups_that_they_are_optional() -> None:
    text = """[tool.poetry.dependencies]
numpy = "1.26.4"
torch = {version = "2.1.0", optional = true}
[tool.poetry.group.gpu]
optional = true
[tool.poetry.group.gpu.dependencies]
jax = "*"
"""
    assert (told("pyproject.toml", text), told("pyproject.toml", text, optional=True)) == (
        ["numpy 1.26.4"],
        ["torch 2.1.0", "jax ?"],
    )


def test_a_group_has_what_the_groups_have_that_it_includes() -> None:
    text = """[dependency-groups]
ml = [{include-group = "Test_Base"}, "torch==2.1.0", {include-group = "ml"}]
test-base = ["pytest>=8", {include-group = "lint"}]
lint = ["ruff==0.1.0"]
"""
    assert told("pyproject.toml", text) == ["torch 2.1.0", "pytest ? >=8", "ruff 0.1.0"]
    assert told("pyproject.toml", text, optional=True) == ["pytest ? >=8", "ruff 0.1.0"]


@pytest.mark.parametrize(
    ("spec", "version", "specifier"),
    [
        ("numpy", None, ""),
        ("numpy=1.26", None, "==1.26.*"),
        ("numpy=1.26.*", None, "==1.26.*"),
        ("numpy==1.26.4", "1.26.4", ""),
        ("numpy=1.26.4=py311_0", "1.26.4", ""),
        ("numpy 1.26.4", "1.26.4", ""),
        ("numpy 1.26.4 py311_0", "1.26.4", ""),
        ("numpy 1.26.*", None, "==1.26.*"),
        ("numpy[version='>=1,<2']", None, ">=1,<2"),
        ("numpy[build=py311_0]", None, ""),
        ("numpy=1.2*", None, "=1.2*"),
        ("numpy=1.2|1.3", None, "=1.2|1.3"),
    ],
)
def test_conda_writes_versions_in_its_own_way(spec: str, version: str | None, specifier: str) -> None:
    package = parse_spec(spec, "environment.yml")
    assert package is not None
    assert (package.name, package.version, package.specifier) == ("numpy", version, specifier)


@pytest.mark.parametrize("spec", ["", "=1", "a" * 600, "!"])
def test_what_names_nothing_in_conda_is_no_package(spec: str) -> None:
    assert parse_spec(spec, "environment.yml") is None


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1", ">=1,<2"),
        ("^2.0b1", ">=2.0b1,<3"),
        ("1.2.3", "==1.2.3"),
        ("1.2.*", "==1.2.*"),
        (">=1, <2", ">=1,<2"),
        ("", ""),
    ],
)
def test_poetry_writes_ranges_in_its_own_way(constraint: str, specifier: str) -> None:
    assert to_specifier(constraint) == specifier


@pytest.mark.parametrize(
    ("path", "text", "begin"),
    [
        ("uv.lock", "[[package]]\nname =\n", "it cannot be read: Invalid value"),
        ("uv.lock", b"[[package]]\nname = '\xff'", "it cannot be read: 'utf-8' codec"),
        ("Pipfile.lock", "{", "it cannot be read: Expecting property name"),
        ("Pipfile.lock", "[" * 100_000, "it is nested too deep"),
        ("environment.yml", "dependencies: [", "it cannot be read: the file is no YAML"),
        ("environment.yml", "- numpy", "it cannot be read: the top level is no mapping"),
        ("conda-lock.yml", "a: " + "[" * 100, "it cannot be read: the file is nested more than 64 levels deep"),
        ("pyproject.toml", "a = " + "[" * 100_000, "it is nested too deep"),
        ("pyproject.toml", "a = 1\n" + "#" * (3 << 20), "it cannot be read: it has"),
    ],
)
def test_a_file_that_is_broken_is_a_problem(path: str, text: str | bytes, begin: str) -> None:
    assert sentence(path, text).startswith(begin)


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("uv.lock", "[[package]]\nname =\n", (2, 7)),
        ("uv.lock", '[[package]]\nname = "a"\n<<<<<<< HEAD\nversion = "1"\n=======\nversion = "2"\n>>>>>>> main\n', (3, 1)),
        ("poetry.lock", '[[package]]\nname = "a"\nversion = "1"\n\n=======\r\n', (5, 1)),
        ("Pipfile.lock", '{\n  "default": }', (2, 14)),
        ("environment.yml", "name: x\ndependencies: [", (2, 16)),
        ("requirements.txt", "numpy==1\n<<<<<<< HEAD\n", (2, None)),
        ("uv.lock", b"[[package]]\nname = '\xff'", (None, None)),
    ],
)
def test_where_a_parser_stopped_is_the_place_of_the_problem(
    path: str, text: str | bytes, place: tuple[int | None, int | None]
) -> None:
    _, problem = read_packages_file(path, text.encode() if isinstance(text, str) else text)
    assert problem is not None
    assert (problem.line, problem.column) == place
    assert "at line" not in problem.message


@pytest.mark.parametrize("path", ["requirements.txt", "uv.lock", "environment.yml"])
def test_a_file_that_is_too_large_is_not_read(path: str) -> None:
    data = b"#" * (LARGEST_PACKAGES + 1)
    tracemalloc.start()
    try:
        assert "more than" in sentence(path, data)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_of_too_many_packages_the_first_are_read() -> None:
    data = "".join(f"p{number}==1\n" for number in range(MOST_PACKAGES + 2)).encode()
    packages, problem = read_packages_file("requirements.txt", data)
    assert len(packages) == MOST_PACKAGES
    assert problem is not None
    assert "more than 20000 packages" in problem.message


def test_a_name_or_a_version_of_any_length_is_no_package_and_is_a_problem() -> None:
    packages, problem = read_packages_file("requirements.txt", f"a=={'1' * 600}\nc==1\n".encode())
    assert [package.name for package in packages] == ["c"]
    assert problem is not None
    assert problem.message == "what it says of a package has more than 500 characters, so that is left out"


@pytest.mark.parametrize("line", ["numpy=1.2", "==5", "foo>>>3", '"a line that means nothing"', "numpy 1.2"])
def test_a_line_that_is_no_requirement_is_a_problem_and_the_others_are_read(line: str) -> None:
    packages, problem = read_packages_file(
        "requirements.txt", f"scipy==1.11 \\\n  --hash=sha256:aa\n{line}\npandas==2.0\n".encode()
    )
    assert [package.name for package in packages] == ["scipy", "pandas"]
    assert problem is not None
    assert (problem.code, problem.file) == ("GR401", "requirements.txt")
    assert problem.message == "line 3 cannot be read as a requirement, so it may name more packages"


def test_of_many_lines_that_are_no_requirements_the_first_is_told() -> None:
    message = sentence("requirements.txt", "==5\n=6\n=7 \\")
    assert message == "line 1 and 2 other lines cannot be read as a requirement, so it may name more packages"


@pytest.mark.parametrize(
    "line",
    [
        "git+https://user:secret@github.com/huggingface/transformers.git",
        "-e git+https://github.com/huggingface/transformers.git",
        "--editable=git+ssh://git@github.com/huggingface/transformers.git@v4",
        "-e ./vendored/transformers",
        "vendored/transformers",
        "C:\\\\wheels\\\\third",
        "./transformers.whl",
        "transformers.zip",
        "https://github.com/huggingface/transformers/archive/main.zip",
    ],
)
def test_a_place_that_does_not_tell_the_name_of_its_package_is_a_problem_in_every_file_of_lines(line: str) -> None:
    lines = {
        "requirements.txt": (f"numpy==1.0\n{line}\n", 2),
        "environment.yml": (f"dependencies:\n- numpy==1.0\n- pip:\n  - '{line}'\n", 4),
        "pyproject.toml": (f"[project]\ndependencies = ['numpy==1.0', '{line}']\n", None),
    }
    for path, (text, number) in lines.items():
        packages, problem = read_packages_file(path, text.encode())
        assert [package.name for package in packages] == ["numpy"]
        assert problem is not None
        assert (problem.code, problem.file, problem.line) == ("GR401", path, number)
        assert "secret" not in repr(problem)


def test_pixi_and_hatch_and_what_overrides_name_packages_too() -> None:
    text = """[tool.uv]
override-dependencies = ["torch==1.13"]
[tool.pixi.dependencies]
pytorch = "1.13.*"
numpy = {version = ">=1"}
scipy = "*"
[tool.pixi.pypi-dependencies]
keras = "==3.0.1"
[tool.hatch.envs.default]
dependencies = ["jax"]
"""
    assert told("pyproject.toml", text) == ["torch 1.13", "keras 3.0.1", "torch ? ==1.13.*", "numpy ? >=1", "scipy ?"]
    assert told("pyproject.toml", text, optional=True) == ["jax ?"]


def test_a_comment_does_not_go_on_in_the_next_line() -> None:
    assert told("requirements.txt", "numpy==1.26.4\n  # scipy==1.9 \\\ntorch==1.13.1\na\\\n# b\nc\n") == [
        "numpy 1.26.4",
        "torch 1.13.1",
        "a ?",
        "c ?",
    ]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_of_a_workspace_only_the_project_of_the_lock_is_no_package(quote: str) -> None:
    text = "".join(
        f"[[package]]\nname = {quote}{name}{quote}\nversion = {quote}1.0{quote}\nsource = {{ {kind} = {quote}{place}{quote} }}\n\n"
        for name, kind, place in (("ours", "virtual", "."), ("lib", "editable", "packages/lib"), ("torch", "virtual", "../torch"))
    )
    assert told("uv.lock", text) == ["lib 1.0", "torch 1.0"]


def test_conda_calls_some_packages_otherwise() -> None:
    text = "dependencies: [matplotlib-base=3.5, opencv=4.5]\n"
    assert told("environment.yml", text) == ["matplotlib ? ==3.5.*", "opencv-python ? ==4.5.*"]


def test_very_many_groups_that_include_one_another_take_no_more_than_their_length() -> None:
    large = "all = [" + ", ".join(f'"p{number}"' for number in range(5_000)) + "]\n"
    many = "".join(f'g{number} = [{{include-group = "all"}}]\n' for number in range(2_000))
    packages, problem = read_packages_file("pyproject.toml", f"[dependency-groups]\n{large}{many}".encode())
    assert (len(packages), problem) == (5_000, None)


def test_of_places_without_a_name_it_is_said_that_they_are_no_names() -> None:
    assert sentence("requirements.txt", "./a\n") == "line 1 does not say which package it is, so it may name more packages"
    message = sentence("requirements.txt", "./a\n./b\n")
    assert message == "line 1 and 1 other line do not say which packages they are, so it may name more packages"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("environment.yml", 'dependencies:\n- pip:\n  - "transformers >=4 <5"\n', 3),
        ("environment.yml", "dependencies:\n- a\n- 3\n", 3),
        ("environment.yml", "dependencies:\n- a\n- sel(linux): pytorch=1.13\n", 3),
        ("environment.yml", "dependencies:\n- a\n- pip: [b]\n  c: 1\n", 3),
        ("pyproject.toml", '[dependency-groups]\nrun = ["a", {include-group = "ml"}]\n', None),
        ("pyproject.toml", '[project]\ndependencies = ["a", {name = "torch"}]\n', None),
        ("pyproject.toml", 'dependency-groups = ["torch"]\n', None),
        ("pyproject.toml", '[tool.poetry.group.ml]\ndependencies = ["torch"]\n', None),
        ("environment.yml", "dependencies:\n- https://user:secret@host/linux-64/numpy-1-0.conda\n", 2),
        ("environment.yml", "dependencies:\n- pip: transformers\n", 2),
        ("environment.yml", "dependencies:\n- pip:\n  - a: b\n", 3),
        ("environment.yml", "dependencies: transformers\n", 1),
        ("environment.yml", "dependencies: [a]\ndependencies: [b]\n", 2),
        ("pyproject.toml", '[project]\ndependencies = ["transformers >=4 <5"]\n', None),
        ("pyproject.toml", '[project]\ndependencies = "transformers"\n', None),
        ("pyproject.toml", "[project]\ndependencies = [3]\n", None),
        ("conda-lock.yml", "package:\n- {version: 1}\n", None),
        ("conda-lock.yml", "package: transformers\n", None),
        ("Pipfile.lock", "[]", None),
        ("Pipfile.lock", '{"default": []}', None),
        ("uv.lock", '[[package]]\nversion = "1"\n', None),
        ("uv.lock", 'package = "transformers"\n', None),
        ("requirements.txt", f"transformers>={'1' * 600}\n", None),
        ("requirements.txt", "-" + "r" * 5000, 1),
        ("requirements.txt", "-i x\n" * 1001, 1001),
        ("requirements.txt", f"a{' ' * (1 << 16)}", None),
    ],
)
def test_what_may_be_a_package_is_never_lost_without_a_word(path: str, text: str, line: int | None) -> None:
    packages, problem = read_packages_file(path, text.encode())
    if text.startswith("a "):
        assert [package.name for package in packages] == ["a"]  # nothing but blanks follows
        return
    assert "transformers" not in {package.name for package in packages}
    assert problem is not None
    assert (problem.code, problem.file, problem.line) == ("GR401", path, line)
    assert "secret" not in repr((packages, problem))


def test_a_package_of_a_lock_without_a_version_is_listed_without_one() -> None:
    lock = {"_meta": {"hash": {"sha256": "aa"}}, "default": {"transformers": {}, "torch": "odd", "numpy": {"version": "*"}}}
    assert told("Pipfile.lock", json.dumps(lock)) == ["transformers ?", "torch ?", "numpy ?"]
    assert told("conda-lock.yml", "package:\n- {name: numpy}\n") == ["numpy ?"]


def test_what_python_is_required_is_told_even_where_it_is_no_specifier() -> None:
    assert told("pyproject.toml", '[project]\nrequires-python = "3.11"\n') == ["python ? 3.11"]


HOSTILE = [
    "=" * 200_000,
    "a" + "[" * 200_000,
    "a" + " #" * 100_000,
    "a@" * 100_000,
    "a\\\n" * 100_000,
    "a==1 " + "--x " * 100_000,
    "a/" * 100_000 + "=",
    "-r " + "x" * 1_000_000,
    "- pip:\n  - -r" + " " * 1_000_000 + "x",
    "-r x\n" * 200_000,
    "-e" + " " * 1_000_000 + "x",
    "a" + " " * 1_000_000 + "b",
    "a==" + " " * 1_000_000 + "b c",
    ";" * 1_000_000,
    '"' * 1_000_001,
    "a-1" * 300_000 + ".whl",
    "./" + "a-1" * 300_000 + ".whl",
    "%41" * 300_000,
    "[[package]]\n" * 80_000,
    'a = [\n    "x",\n' * 60_000,
    "a = [" + "{ a = 1 }, " * 90_000,
    'x = "' + "\\" * 1_000_001,
    "a." * 500_000 + "a=1",
    '"a".' * 250_000 + "a=1",
    "a = {" + "a." * 500_000 + "a=1}",
    ("a." * 64 + "a=1\n") * 7_700,
    "".join(f"[{number:x}]\n" for number in range(130_000)),
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["requirements.txt", "environment.yml", "uv.lock", "pyproject.toml"])
def test_no_line_takes_long(path: str, text: str) -> None:
    if path == "environment.yml" and not text.startswith("-"):
        text = f"dependencies: ['{text}']"
    data = text.encode()
    begin = time.process_time()
    read_packages_file(path, data)
    list_included(path, data) if may_include(path) else ()
    assert time.process_time() - begin < 5  # the quadratic ones took minutes


@given(st.sampled_from(["requirements.txt", "uv.lock", "Pipfile.lock", "environment.yml", "conda-lock.yml", "MLmodel", "pyproject.toml"]), st.binary(max_size=80))  # fmt: skip
def test_no_bytes_make_it_fail(path: str, data: bytes) -> None:
    read_packages_file(path, data)

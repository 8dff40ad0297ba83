"""Every kind of problem that `check` finds, made in a repository; several can be made in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.support.pipelines import format_lock
from tests.support.repository import Repository

MISSING: Final = "1" * 40
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Scenario:
    """What makes a problem, and where the problem then is.

    Attributes:
        make: makes it.
        place: attributes that the problem must have.
        hint: the hint, or a part of it; nothing can be done without one.
    """

    make: Callable[[Repository], object]
    place: dict[str, Any]
    hint: str


def _file(text: str | bytes, line: int, column: int | None, hint: str, artifact: str | None = None) -> Callable[[str], Scenario]:
    """Make a problem with an ``artifacts.yaml`` in a folder named after its code."""

    def scenario(code: str) -> Scenario:
        folder = code.lower()
        file = f"{folder}/artifacts.yaml"
        place = {"file": file, "line": line, "column": column, "tag": None, "artifact": artifact and f"{folder}:{artifact}"}
        return Scenario(lambda repository: repository.commit({file: text}), place, hint)

    return scenario


def _tag(make: Callable[[Repository, str], object], hint: str, **place: object) -> Callable[[str], Scenario]:
    """Make a problem with the tags of an artifact named after its code."""

    def scenario(code: str) -> Scenario:
        name = code.lower()
        found = {key: value.replace("*", name) if isinstance(value, str) else value for key, value in place.items()}
        return Scenario(
            lambda repository: make(repository, name), {"file": None, "artifact": name, **found}, hint.replace("*", name)
        )

    return scenario


def _model(field: str, content: str, hint: str, line: int, column: int) -> Callable[[str], Scenario]:
    """Make a problem with an entry and the model file that it points at."""

    def scenario(code: str) -> Scenario:
        folder = code.lower()
        files = {f"{folder}/artifacts.yaml": f"churn:\n  path: a.pkl\n  {field}", f"{folder}/a.pkl": content}
        place = {"file": f"{folder}/artifacts.yaml", "line": line, "column": column, "artifact": f"{folder}:churn"}
        return Scenario(lambda repository: repository.commit(files), place, hint)

    return scenario


def _facts(code: str) -> Scenario:
    """Make a problem with a file of metrics that an entry names."""
    folder = code.lower()
    files = {f"{folder}/artifacts.yaml": "churn:\n  metrics: [m.json]\n", f"{folder}/m.json": '{"auc": 0.9,\n "loss": }\n'}
    place = {"file": f"{folder}/m.json", "line": 2, "column": 10, "artifact": None}
    return Scenario(lambda repository: repository.commit(files), place, "look at this line")


def _idle(code: str) -> Scenario:
    """Make a goal of a metric that is called otherwise."""
    folder = code.lower()
    entry = "churn:\n  metrics: [m.json]\n  goals: {loss: lower}\n"
    files = {f"{folder}/artifacts.yaml": entry, f"{folder}/m.json": '{"test": {"loss": 1}}\n'}
    place = {"file": f"{folder}/artifacts.yaml", "line": 1, "column": 1, "artifact": f"{folder}:churn"}
    return Scenario(lambda repository: repository.commit(files), place, "write 'test.loss' in its place")


def _stale(code: str) -> Scenario:
    """Make a pipeline that was run with another parameter than there is."""
    folder = code.lower()
    files = {
        f"{folder}/artifacts.yaml": "churn:\n  path: model\n",
        f"{folder}/dvc.yaml": "stages:\n  train: {cmd: python train.py, params: [rate], outs: [model]}\n",
        f"{folder}/dvc.lock": format_lock({"train": ({}, {"model": "m"})}, {"train": {"rate": 0.1}}),
        f"{folder}/params.yaml": "rate: 0.2\n",
    }
    place = {"file": f"{folder}/dvc.lock", "line": None, "artifact": f"{folder}:churn"}
    return Scenario(lambda repository: repository.commit(files), place, "dvc repro")


def _both_files(repository: Repository) -> None:
    path = "path: a\n"
    repository.commit({"gr110/artifacts.yaml": f"churn:\n  {path}", "gr110/dvc.yaml": "artifacts:\n  churn:\n    path: b\n"})
    repository.commit({"gr110/a": "1\n", "gr110/b": "2\n"})


def _settings_with_types(repository: Repository) -> None:
    _settings(repository)
    repository.commit({"gr109/artifacts.yaml": "churn:\n  type: poem\n"})


def _settings(repository: Repository) -> None:
    repository.commit({".gitreg.yaml": "types: [model]\nstages: [dev, prod]\n"})


def _tag_of_a_tag(repository: Repository, name: str) -> None:
    repository.tag("inner")
    repository.tag(f"{name}@v1.0.0", "inner")


def _tag_of_a_tree(repository: Repository, name: str) -> None:
    repository.tag(f"{name}@v1.0.0", "HEAD^{tree}")


def _renamed(repository: Repository, name: str) -> None:
    repository.register(name, "v1.0.0")
    repository.git("update-ref", f"refs/tags/{name}@v2.0.0", f"refs/tags/{name}@v1.0.0")


def _raw(tagger: bytes, *, commit: bytes = b"") -> Callable[[Repository, str], object]:
    """Write the tag object of a Registration with a tagger line, or none."""

    def make(repository: Repository, name: str) -> None:
        target = commit or repository.git("rev-parse", "HEAD").encode()
        tag = f"{name}@v1.0.0".encode()
        repository.raw_tag(tag.decode(), b"object %b\ntype commit\ntag %b\n%b\nx\n" % (target, tag, tagger))

    return make


def _loose(content: str) -> Callable[[Repository, str], object]:
    """Write the file of a ref."""

    def make(repository: Repository, name: str) -> None:
        place = repository.path / repository.git("rev-parse", "--git-path", f"refs/tags/{name}@v1.0.0")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{content}\n")

    return make


def _twice(repository: Repository, name: str) -> None:
    repository.register(name, "v1.0.0")
    repository.commit(message="Next")
    repository.tag(f"{name}@v1.0.0#2", at=repository.tick())


def _deregistered_elsewhere(repository: Repository, name: str) -> None:
    repository.register(name, "v1.0.0")
    repository.commit(message="Next")
    repository.tag(f"{name}@v1.0.0!", at=repository.tick())


def _shared(repository: Repository, name: str) -> None:
    repository.register(name, "v1.0.0-rc.1")
    repository.register(name, "v1.0.0", at=repository.tick())


def _in_other_case(repository: Repository, name: str) -> None:
    repository.register(name.upper(), "v1.0.0")
    repository.git("pack-refs", "--all")  # so that the two are two files where case does not count
    repository.register(name, "v1.0.0")


def _stage_of_no_settings(repository: Repository, name: str) -> None:
    _settings(repository)
    repository.assign(name, "moon")


TAGGER: Final = b"tagger Ann Example <ann@example.com> "

MAKERS: Final[dict[str, Callable[[str], Scenario]]] = {
    "GR101": _file("churn:\n  path: [\n", 2, 10, "look at this line"),
    "GR102": _file("churn: &x\n  path: s3://b/a\n", 1, 8, "write the value where it is needed"),
    "GR103": _file("churn:\n  path: s3://b/a\n  path: s3://b/b\n", 3, 3, "keep one of the two; the one in line 2 counts"),
    "GR104": _file("good: {}\n-churn:\n  path: s3://b/a\n", 2, 1, "letters, digits"),
    "GR105": _file("churn:\n  type: 5\n", 2, 9, "write the value in quotes", "churn"),
    "GR106": _file("churn:\n  colour: red\n", 2, 3, "put free metadata under 'custom'", "churn"),
    "GR107": _file("churn:\n  path: ../a\n", 2, 9, "name a file or folder below", "churn"),
    "GR108": _file("churn:\n  path: a.bin\n", 2, 9, "dvc add gr108/a.bin", "churn"),
    "GR109": lambda code: Scenario(
        _settings_with_types,
        {"file": f"{code.lower()}/artifacts.yaml", "line": 2, "column": 9, "artifact": "gr109:churn"},
        "use one of them, or add it to 'types' in .gitreg.yaml",
    ),
    "GR110": lambda code: Scenario(
        _both_files,
        {"file": f"{code.lower()}/artifacts.yaml", "line": 2, "column": 9, "artifact": "gr110:churn"},
        "keep one of them; gr110/artifacts.yaml counts",
    ),
    "GR111": _file("churn: {}\n\nChurn: {}\n", 3, 1, "different in more than case", "Churn"),
    "GR112": lambda _: Scenario(
        lambda repository: repository.commit({".gitreg.yaml": "push: true\nstagse: [dev]\n"}),
        {"file": ".gitreg.yaml", "line": 2, "column": 1},
        "stages",
    ),
    "GR113": _model(
        "schema:\n    inputs:\n    - {name: fee, type: float64}\n",
        "tree\nversion=v4\nnum_class=1\nfeature_names=age\nfeature_infos=[0:1]\nTree=0\n",
        "gitreg annotate 'gr113:churn' --inspect --unset schema",
        4,
        5,
    ),
    "GR114": _model("type: model\n", "cposix\nsystem\n(S'id'\ntR.", "keep it as ONNX, safetensors or skops", 2, 9),
    "GR201": _tag(lambda r, name: r.tag(f"{name}@v1.0.0", lightweight=True), "git fetch --force --tags", tag="*@v1.0.0"),
    "GR202": _tag(_tag_of_a_tag, "make the tag anew", tag="*@v1.0.0"),
    "GR203": _tag(_tag_of_a_tree, "make the tag anew", tag="*@v1.0.0"),
    "GR204": _tag(_renamed, "git fetch --force origin 'refs/tags/*@v2.0.0:refs/tags/*@v2.0.0'", tag="*@v2.0.0"),
    "GR205": _tag(_raw(b""), "make the tag anew", tag="*@v1.0.0"),
    "GR206": _tag(_raw(TAGGER + b"-5 +0000\n"), "make the tag anew", tag="*@v1.0.0"),
    "GR207": _tag(_loose(MISSING), "git tag -d '*@v1.0.0' && git fetch --tags", tag="*@v1.0.0"),
    "GR208": _tag(_raw(TAGGER + b"1767225600 +0000\n", commit=MISSING.encode()), "git fetch --unshallow", tag="*@v1.0.0"),
    "GR209": _tag(_loose("nothing"), '--git-path refs/tags/*@v1.0.0)" && git fetch --tags', tag="*@v1.0.0", artifact=None),
    "GR210": _tag(_raw(TAGGER + b"1767225600 +0000\n\n" + b"words " * 800_000), "make the tag anew", tag="*@v1.0.0"),
    "GR301": _tag(_twice, "register a new version there: gitreg register '*'", tag="*@v1.0.0#2"),
    "GR302": _tag(_deregistered_elsewhere, "gitreg deregister '*@v1.0.0'", tag="*@v1.0.0!"),
    "GR303": _tag(_shared, "if nobody uses GTO", tag=None),
    "GR304": _tag(lambda r, name: r.register(name, "v1.0.0", at=r.now + DAY), "check the clock", tag="*@v1.0.0"),
    "GR305": _tag(_stage_of_no_settings, "add it to 'stages' in .gitreg.yaml", tag="*#moon#1"),
    "GR306": _tag(_in_other_case, "use 'GR306' for both", tag=None),
    "GR307": _tag(lambda r, name: r.assign(name, "dev", version="v9.0.0"), "gitreg history '*'", tag="*#dev#1"),
    "GR308": _tag(lambda r, name: r.unassign(name, "dev"), "gitreg show '*'", tag="*#dev!#1"),
    "GR309": _tag(lambda r, name: r.register(name, "v1.0.0"), "gitreg annotate '*' --path PATH", tag=None),
    "GR401": _facts,
    "GR402": _stale,
    "GR403": _idle,
}  # fmt: skip

OF_FILES_AND_TAGS: Final[dict[str, Scenario]] = {code: make(code) for code, make in MAKERS.items()}

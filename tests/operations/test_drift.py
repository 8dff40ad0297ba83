"""A parameter was changed and the pipeline not run again: what a version was made with is what the lock says, everywhere."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitreg.core.drift import STALE
from gitreg.core.facts import merge_values
from gitreg.core.problems import Severity, severity_of
from gitreg.core.views import VersionDetail
from gitreg.files import lock_scan
from gitreg.git.repository import Repository as GitRepository
from gitreg.operations.context import Context
from gitreg.operations.load_facts import Place, Wanted, load_facts
from tests.operations.picture import Open
from tests.support.command import GitregCommand
from tests.support.pipelines import format_definition, format_lock
from tests.support.repository import Repository

SENTENCE = "'train' was run with rate=0.12, and params.yaml of this commit has 0.99"


@pytest.fixture
def stale(repository: Repository) -> Repository:
    """A version whose pipeline was run with a rate of 0.12, with 0.99 in the file of parameters."""
    repository.commit(
        {
            "artifacts.yaml": "churn: {path: model}\n",
            "dvc.yaml": format_definition({"train": ", deps: [train.py], params: [rate, seed], outs: [model]"}),
            "dvc.lock": format_lock({"train": ({"train.py": "1"}, {"model": "m"})}, {"train": {"rate": 0.12, "seed": 7}}),
            "params.yaml": "rate: 0.99\nseed: 7\n",
            "train.py": "1",
        },
        "Change the rate alone",
    )
    repository.register("churn", "v1.0.0")
    repository.tick()
    return repository


def test_show_gives_the_value_of_the_lock_and_says_that_the_file_has_another(stale: Repository, opened: Open) -> None:
    shown = opened(stale).show("churn@v1.0.0", metrics=True)
    assert isinstance(shown, VersionDetail)
    assert shown.facts is not None
    assert merge_values(shown.facts.params) == {"rate": 0.12, "seed": 7}
    assert [(problem.code, problem.file, problem.message) for problem in shown.facts.problems] == [(STALE, "dvc.lock", SENTENCE)]


def test_search_answers_with_the_value_of_the_lock_and_tells_of_the_file(stale: Repository, opened: Open) -> None:
    registry = opened(stale)
    assert [registry.search(query).matched for query in ("param.rate>0.9", "param.rate=0.12")] == [0, 1]
    assert registry.search("param.rate<1").notes == (f"churn v1.0.0: {SENTENCE}",)
    assert registry.search("param.seed=7").notes == ()


def test_what_was_found_once_is_found_again_in_the_cache(stale: Repository, opened: Open) -> None:
    for number in range(1, 10):
        stale.commit({"other": str(number)})
        stale.register("churn", f"v1.{number}.0")
        stale.tick()
    asked = [opened(stale).search("param.rate=0.12", history=True) for _ in range(2)]
    assert [(found.matched, len(found.notes)) for found in asked] == [(10, 10), (10, 10)]


def test_card_export_and_diff_say_it_too(stale: Repository, gitreg: GitregCommand) -> None:
    stale.commit({"params.yaml": "rate: 0.5\nseed: 7\n"})
    card = gitreg("card", "churn@v1.0.0", cwd=stale.path).stdout
    assert "| `rate` | `0.12` |" in card
    assert "## Not run again" in card
    exported = gitreg("export", "--what", "params", cwd=stale.path)
    assert [json.loads(line)["text"] for line in exported.stdout.splitlines()] == ["0.12", "7"]
    assert SENTENCE in exported.stderr
    compared = gitreg("diff", "HEAD~1", "HEAD", cwd=stale.path)
    assert "0.12 (params.yaml: 0.99)  0.12 (params.yaml: 0.5)  not run" in compared.stdout
    assert SENTENCE in compared.stderr


def test_the_guide_of_a_reproduction_says_what_will_not_be_the_same(stale: Repository, gitreg: GitregCommand) -> None:
    place = stale.path.parent / "again"
    gitreg("reproduce", "churn@v1.0.0", "-o", str(place), cwd=stale.path)
    assert f"{SENTENCE}, so what it makes now may be something else" in (place / "REPRODUCE.md").read_text(encoding="utf-8")


def test_check_warns_of_the_work_tree_the_index_and_a_revision(stale: Repository, opened: Open) -> None:
    (stale.path / "params.yaml").write_text("rate: 0.12\nseed: 7\n")
    (stale.path / "train.py").write_text("2")
    registry = opened(stale)
    found = {
        how: [problem.message for problem in report.problems if problem.code == STALE and problem.file == "dvc.lock"]
        for how, report in {
            "work tree": registry.check(), "index": registry.check(staged=True), "revision": registry.check(rev="HEAD"),
        }.items()
    }  # fmt: skip
    assert found == {
        "work tree": ["'train' was run with another train.py than the work tree has"],
        "index": [SENTENCE.replace("this commit", "the index")],
        "revision": [SENTENCE],
    }
    assert all(severity_of(problem) is Severity.WARNING for problem in registry.check().problems if problem.code == STALE)


def test_check_tells_a_difference_once_however_many_artifacts_a_pipeline_makes(stale: Repository, opened: Open) -> None:
    for count in (2, 101):
        names = "".join(f"a{number}: {{path: model/{number}}}\n" for number in range(count))
        stale.commit({"artifacts.yaml": names})
        assert [problem.message for problem in opened(stale).check(rev="HEAD").problems if problem.code == STALE] == [SENTENCE]


def test_check_counts_what_it_does_not_tell(stale: Repository, opened: Open) -> None:
    deps = {f"{number}.py": "1" for number in range(9)}
    definition = format_definition({"train": f", deps: [{', '.join(deps)}], outs: [model]"})
    lock = format_lock({"train": (deps, {"model": "m"})})
    stale.commit({"dvc.yaml": definition, "dvc.lock": lock, **dict.fromkeys(deps, "2")})
    told = [problem.message for problem in opened(stale).check(rev="HEAD").problems if problem.code == STALE]
    assert len(told) == 6
    assert "and 4 more differences of this kind" in told


def test_a_pipeline_that_only_measures_what_it_reads_does_not_say_what_it_was_made_with_before_the_one_that_makes_it(
    stale: Repository, opened: Open
) -> None:
    stale.commit(
        {
            "dvc.yaml": format_definition(
                {"train": ", params: [rate], outs: [model]", "measure": ", deps: [model], params: [rate], outs: [table]"}
            ),
            "dvc.lock": format_lock(
                {"train": ({}, {"model": "m"}), "measure": ({"model": "m"}, {"table": "t"})},
                {"train": {"rate": 0.12}, "measure": {"rate": 0.3}},
            ),
        }
    )
    stale.register("churn", "v1.1.0")
    assert [opened(stale).search(f"param.rate={value} version:v1.1.0").matched for value in (0.12, 0.3, 0.99)] == [1, 0, 0]


BROKEN_YAML = "stages: [\n"


def test_a_pipeline_whose_definition_cannot_be_read_was_run_with_what_its_lock_says(
    stale: Repository, opened: Open, gitreg: GitregCommand
) -> None:
    stale.commit({"dvc.yaml": BROKEN_YAML})
    stale.register("churn", "v1.1.0")
    registry = opened(stale)
    assert [registry.search(f"param.rate={value} version:v1.1.0").matched for value in (0.12, 0.99)] == [1, 0]
    found = registry.search("metric.auc>0 version:v1.1.0")
    assert (found.matched, [finding.reasons for finding in found.unknown]) == (
        0,
        [("dvc.yaml: the file is no YAML: did not find expected node content",)],
    )
    exported = gitreg("export", "--what", "params", cwd=stale.path)
    assert [json.loads(line)["text"] for line in exported.stdout.splitlines()] == ["0.12", "7"] * 2


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"dvc.yaml": BROKEN_YAML, "dvc.lock": None}, "dvc.yaml"),
        ({"dvc.yaml": BROKEN_YAML, "dvc.lock": BROKEN_YAML}, "dvc.yaml"),
        ({"dvc.lock": BROKEN_YAML}, "dvc.lock"),
        ({"dvc.yaml": "stages:\n  train: {cmd: x, wdir: '${where}', params: [rate], outs: [model]}\n"}, "dvc.yaml"),
    ],
)
def test_where_nothing_tells_what_a_pipeline_was_run_with_a_file_of_parameters_is_no_answer(
    files: dict[str, str | None], reason: str, stale: Repository, opened: Open
) -> None:
    stale.commit(files)
    stale.register("churn", "v1.1.0")
    registry = opened(stale)
    for query in ("param.rate=0.99", "param.rate=0.12", "has:param.rate", "not param.rate=0.99"):
        found = registry.search(f"{query} version:v1.1.0")
        assert (found.matched, found.doubtful) == (0, 1), query
        assert found.unknown[0].reasons[0].startswith(f"{reason}: ")


def test_parameters_that_an_entry_names_are_no_answer_either_where_nothing_tells_what_was_run(
    stale: Repository, opened: Open
) -> None:
    entry = "churn: {path: model, params: [params.yaml, record.yaml]}\n"
    stale.commit({"artifacts.yaml": entry, "dvc.lock": BROKEN_YAML, "record.yaml": "depth: 3\n"})
    stale.register("churn", "v1.1.0")
    found = [opened(stale).search(f"param.{text} version:v1.1.0") for text in ("rate=0.99", "depth=3")]
    assert [(one.matched, one.doubtful) for one in found] == [(0, 1), (1, 0)]


def test_a_parameter_that_was_run_with_is_known_where_its_file_cannot_be_read_or_is_gone(
    stale: Repository, opened: Open, gitreg: GitregCommand
) -> None:
    for number, content in enumerate(("rate: {", None), 1):
        stale.commit({"params.yaml": content})
        stale.register("churn", f"v1.{number}.0")
        registry = opened(stale)
        found = registry.search(f"param.rate=0.12 version:v1.{number}.0")
        assert [finding.values["param.rate"] for finding in found.matches] == [(0.12,)]
        lost = registry.search(f"param.depth=1 version:v1.{number}.0")
        assert [finding.reasons[0].partition(":")[0] for finding in lost.unknown] == ["params.yaml"]
        shown = registry.show(f"churn@v1.{number}.0", metrics=True)
        assert isinstance(shown, VersionDetail)
        assert shown.facts is not None
        assert (shown.facts.drift, [problem.file for problem in shown.facts.problems]) == ((), ["params.yaml"])
        exported = gitreg("export", "--what", "params", cwd=stale.path)
        assert [json.loads(line)["text"] for line in exported.stdout.splitlines()] == ["0.12", "7"] * (1 + number)


def test_of_a_file_that_cannot_be_read_the_lock_gives_no_more_than_the_entry_asks_for(stale: Repository, opened: Open) -> None:
    entry = "churn: {path: model, params: [{path: params.yaml, keys: [seed]}]}\n"
    stale.commit({"artifacts.yaml": entry, "params.yaml": "rate: {"})
    stale.register("churn", "v1.1.0")
    shown = opened(stale).show("churn@v1.1.0", metrics=True)
    assert isinstance(shown, VersionDetail)
    assert shown.facts is not None
    assert merge_values(shown.facts.params) == {"seed": 7}


def test_a_file_that_only_a_broken_pipeline_names_has_the_values_of_the_lock_alone(stale: Repository, opened: Open) -> None:
    lock = format_lock({"train": ({}, {"model": "m"})}, {"train": {"rate": 0.12}}).replace("params.yaml", "conf/p.yaml")
    stale.commit({"dvc.yaml": BROKEN_YAML, "dvc.lock": lock, "conf/p.yaml": "rate: 0.5\ndepth: 3\n", "params.yaml": None})
    stale.register("churn", "v1.1.0")
    registry = opened(stale)
    queries = ("param.rate=0.12", "param.rate=0.5", "param.depth=3")
    found = [registry.search(f"{query} version:v1.1.0") for query in queries]
    assert [(one.matched, one.doubtful) for one in found] == [(1, 0), (0, 0), (0, 1)]


def test_a_pipeline_far_away_that_cannot_be_read_may_be_the_one_that_makes_an_artifact(
    repository: Repository, opened: Open
) -> None:
    repository.commit({"artifacts.yaml": "churn: {path: models/m}\n", "models/m": "1", "train/dvc.yaml": BROKEN_YAML})
    repository.register("churn", "v1.0.0")
    found = opened(repository).search("metric.auc>0")
    assert (found.matched, found.doubtful) == (0, 1)


def test_a_number_is_the_one_that_dvc_wrote_into_the_lock_however_it_is_written(stale: Repository, opened: Open) -> None:
    lock = format_lock({"train": ({}, {"model": "m"})}, {"train": {"rate": 1000, "seed": "'123'"}})
    stale.commit({"dvc.lock": lock, "params.yaml": "rate: 1_000\nseed: !!str 123\n"})
    stale.register("churn", "v1.1.0")
    found = opened(stale).search("param.rate=1000 version:v1.1.0")
    assert (found.matched, found.notes) == (1, ())


def test_of_a_key_that_stands_twice_nobody_knows_the_value(stale: Repository, opened: Open) -> None:
    stale.commit({"params.yaml": "rate: 0.12\nseed: 7\ndepth: 1\ndepth: 2\n"})
    stale.register("churn", "v1.1.0")
    registry = opened(stale)
    queries = ("param.depth=2", "param.depth=1", "param.rate=0.12")
    found = [registry.search(f"{query} version:v1.1.0") for query in queries]
    assert [(one.matched, one.doubtful) for one in found] == [(0, 1), (0, 1), (1, 0)]
    assert found[0].unknown[0].reasons == ("params.yaml: the key 'depth' stands twice",)


_MATERIALS = ["raw.csv", "prepared.csv", "model"]
_GRAPHS = st.fixed_dictionaries(
    {name: st.tuples(*(st.sets(st.sampled_from(_MATERIALS), max_size=2) for _ in range(2))) for name in ("prepare", "train")}
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(_GRAPHS, _GRAPHS), min_size=20, max_size=20))
def test_a_lock_that_is_scanned_says_of_which_stages_a_version_came_what_the_parser_says(
    pairs: list[tuple[dict[str, tuple[set[str], set[str]]], ...]], repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    for defined, run in pairs:
        options = {
            name: f", deps: [{', '.join(sorted(deps))}], outs: [{', '.join(sorted(outs))}], params: [{name}]"
            for name, (deps, outs) in defined.items()
        }
        locked = {
            name: (dict.fromkeys(sorted(deps), "1"), dict.fromkeys(sorted(outs), "2")) for name, (deps, outs) in run.items()
        }
        lock = format_lock(locked, {name: {name: 10} for name in run})
        commits.append(
            repository.commit({
                "artifacts.yaml": "churn: {path: model}\n", "params.yaml": "prepare: 99\ntrain: 99\n",
                "dvc.yaml": format_definition(options), "dvc.lock": lock,
            })
        )  # fmt: skip
    places = [Place("churn", commit) for commit in commits]

    def load() -> list[object]:
        with GitRepository.open(repository.path) as opened:
            return [(facts.params, facts.drift) for _, facts in load_facts(Context(opened), places, Wanted(params=True))]

    with monkeypatch.context() as patch:
        patch.setenv("GITREG_CACHE_DIR", str(repository.path / "params.yaml" / "cache"))  # no folder can be there
        scanned = load()
        patch.setattr(lock_scan, "scan_lock", lambda _data: None)
        assert load() == scanned


HALF = "'train' was run with another clean.csv than 'prepare' made last"


@pytest.mark.parametrize("written", ["as DVC does", "as nobody does"])
def test_a_pipeline_of_which_a_stage_was_not_run_again_is_told_wherever_a_version_is_read(
    written: str, repository: Repository, opened: Open, gitreg: GitregCommand
) -> None:
    stages = {
        "prepare": ", params: [low], outs: [clean.csv]",
        "train": ", deps: [clean.csv], outs: [model], metrics: [m.json: {cache: false}]",
    }
    lock = format_lock(
        {"prepare": ({}, {"clean.csv": "new"}), "train": ({"clean.csv": "old"}, {"model": "m", "m.json": '{"auc": 0.8}'})},
        {"prepare": {"low": 30}},
    )  # fmt: skip
    repository.commit(
        {
            "artifacts.yaml": "churn: {path: model}\n",
            "dvc.yaml": format_definition(stages),
            "dvc.lock": lock if written == "as DVC does" else f"# mine\n{lock}",
            "params.yaml": "low: 30\n",
            "m.json": '{"auc": 0.8}',
        }
    )
    repository.register("churn", "v1.0.0")
    registry = opened(repository)
    assert [problem.message for problem in registry.facts("churn@v1.0.0").problems] == [HALF]
    for query in ("param.low=30", "metric.auc>0.7"):
        for _ in range(2):  # the second time from the cache
            found = opened(repository).search(query)
            assert (found.matched, found.notes) == (1, (f"churn v1.0.0: {HALF}",))
    assert registry.trace("churn@v1.0.0").notes == (HALF,)
    repository.commit({"params.yaml": "low: 31\n"})
    repository.register("churn", "v1.1.0")
    assert f"churn v1.0.0: {HALF}" in opened(repository).compare("churn@v1.0.0", "churn@v1.1.0").notes
    assert HALF in gitreg("card", "churn@v1.0.0", cwd=repository.path).stdout


def test_metrics_that_somebody_changed_after_the_run_are_told(repository: Repository, opened: Open) -> None:
    lock = format_lock({"train": ({}, {"model": "m", "m.json": '{"auc": 0.8}\n'})})
    files = {
        "artifacts.yaml": "churn: {path: model}\n",
        "dvc.yaml": format_definition({"train": ", outs: [model], metrics: [m.json: {cache: false}]"}),
        "dvc.lock": lock,
    }
    for version, metrics in (("v1.0.0", '{"auc": 0.8}\n'), ("v1.1.0", '{"auc": 0.8}\r\n'), ("v1.2.0", '{"auc": 0.9}\n')):
        repository.commit({**files, "m.json": metrics})
        repository.register("churn", version)
    said = "'train' made another m.json than this commit has"
    assert opened(repository).search("metric.auc>0.1", history=True).notes == (f"churn v1.2.0: {said}",)
    assert opened(repository).trace("churn@v1.2.0").notes == (said,)

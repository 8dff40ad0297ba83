"""Metrics and parameters of versions, as rows and as small pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gitreg.core.compare_values import may_have_metric
from gitreg.core.facts import Facts, Missing, find_by_file, merge_values
from gitreg.core.pipelines import Value
from gitreg.core.state import Version
from gitreg.core.trends import Trend, list_trends
from gitreg.core.value_texts import format_value
from gitreg.core.views import ArtifactDetail
from gitreg.render.blocks import Column, Fit, Table
from gitreg.render.comparison_lines import UNKNOWN
from gitreg.render.text import escape

_BARS: Final = "▁▂▃▄▅▆▇█"
_NO_BAR: Final = "·"
_LONGEST: Final = 40  # versions in a picture
_WHOLE: Final = 4  # columns of metrics that are not cut off
MOST_COLUMNS: Final = 40
"""Metrics in a table; JSON has all of them."""


def draw_sparkline(numbers: Sequence[float | None]) -> str:
    """Draw numbers as bars from the smallest to the largest of them, with a dot for what is no number; the last forty."""
    shown = numbers[-_LONGEST:]
    known = [number for number in shown if number is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = high / 2 - low / 2  # halves, since the difference of two floats may be no float
    return "".join(_NO_BAR if number is None else _BARS[_height(number / 2 - low / 2, span)] for number in shown)


def render_trends(detail: ArtifactDetail) -> Table | None:
    """Show how metrics moved: one row for each, the oldest version first in its picture; None where there are none."""
    versions = detail.versions[::-1]
    trends = [trend for trend in _follow(detail, versions) if any(number is not None for number in trend.numbers)]
    if not trends:
        return None
    columns = (Column("metric", Fit.FOLD), Column("goal"), Column("trend"), Column("first"), Column("latest"), Column("best"))
    return Table(columns=columns, rows=tuple(_trend_row(trend, versions) for trend in trends), title="trends, oldest first")


def metric_columns(detail: ArtifactDetail) -> tuple[tuple[Column, ...], Mapping[str, tuple[str, ...]]]:
    """Make the columns of metrics in the list of versions: the columns, and the cells by version."""
    names = detail.metrics[:MOST_COLUMNS]
    columns = tuple(Column(escape(name), Fit.WHOLE if index < _WHOLE else Fit.CUT) for index, name in enumerate(names))
    trends = _follow(detail, detail.versions)
    known = detail.facts or {}
    files = [{file for facts in known.values() for file in find_by_file(facts.metrics, name)} for name in names]
    cells = {
        version.version: tuple(
            _write_cell(trend.values[index], known[version.version], places) for trend, places in zip(trends, files, strict=True)
        )
        for index, version in enumerate(detail.versions)
    }
    return columns, cells


def _write_cell(value: Value | Missing, facts: Facts, files: Iterable[str]) -> str:
    """Write a metric of a version; a question mark where it may be in a file that could not be read."""
    if value is Missing.MISSING and facts.problems and may_have_metric(facts, files):
        return UNKNOWN
    return format_value(value)


def render_facts(facts: Facts) -> tuple[Table, ...]:
    """Show the metrics and parameters of a version, in full."""
    goals = facts.entry.goals if facts.entry else {}
    metrics = tuple((name, _format_exactly(value), goals.get(name, "")) for name, value in merge_values(facts.metrics).items())
    params = tuple((name, _format_exactly(value)) for name, value in merge_values(facts.params).items())
    with_goals = any(goal for _, _, goal in metrics)
    tables = (
        Table(
            columns=(Column("metric", Fit.FOLD), Column("value", Fit.FOLD), *([Column("goal")] if with_goals else [])),
            rows=tuple(row if with_goals else row[:2] for row in metrics),
        ),
        Table(columns=(Column("parameter", Fit.FOLD), Column("value", Fit.FOLD)), rows=params),
    )
    return tuple(table for table in tables if table.rows)


def _follow(detail: ArtifactDetail, versions: Sequence[Version]) -> tuple[Trend, ...]:
    """Follow the metrics that are shown through versions."""
    known = detail.facts or {}
    goals = detail.entry.goals if detail.entry else {}
    return list_trends(detail.metrics[:MOST_COLUMNS], [known[version.version] for version in versions], goals)


def _trend_row(trend: Trend, versions: Sequence[Version]) -> tuple[str, ...]:
    """Show one metric."""
    best = "" if trend.best is None else f"{format_value(trend.values[trend.best])} ({versions[trend.best].version})"
    known = [value for value in trend.values if not isinstance(value, Missing)]
    picture = draw_sparkline(trend.numbers)
    return trend.name, trend.goal or "", picture, format_value(known[0]), format_value(known[-1]), best


def _height(above: float, span: float) -> int:
    """Choose a bar; the one in the middle, where all are equal."""
    return round(above / span * (len(_BARS) - 1)) if span > 0 else len(_BARS) // 2 - 1


def _format_exactly(value: Value) -> str:
    """Write a value with all its digits."""
    return repr(value) if isinstance(value, float) else value if isinstance(value, str) else format_value(value)

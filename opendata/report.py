"""report.html: one self-contained page about a release, in both languages, that asks nothing of the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

import catalog
from catalog.errors import Text
from catalog.quality import SCORE_DEFINITION
from opendata import charts, words
from opendata.quality import Anomaly, AnomalyKind, calendar, suppression
from opendata.spec import Measure, Rate, Spec
from opendata.templating import page


def render(spec: Spec, version: str, data: pl.DataFrame, facts: Mapping[str, Any]) -> str:
    """The page.

    Args:
        spec: The dataset's spec.
        version: The release's version.
        data: The published table.
        facts: `columns`, `lists` (code lists by dimension), `policy`, `legal_basis`, `licence` (bilingual texts),
            `conditions` (points of Article 9(2)), `repairs` (what was mended in the source), `assessed` (quality).

    Returns:
        HTML without a script and without an external address.
    """
    title, chart = _chart(spec, data, facts["lists"])
    labels = {name: one.label for name, one in _figures(spec).items()}
    return page(
        "report.html",
        entry=spec.entry,
        version=version,
        revisions=spec.revisions,
        notice=spec.notice,
        chart=chart,
        chart_title=title,
        score=catalog.score(facts["assessed"].measured),
        score_definition=SCORE_DEFINITION,
        quality=words.quality(facts["assessed"].measured),
        anomalies=_anomalies(spec, facts["assessed"].anomalies, facts["lists"]),
        remarks=facts["assessed"].remarks,
        suppression=words.suppressed(suppression(data, list(labels)), labels),
        **{
            key: facts[key]
            for key in ("columns", "policy", "legal_basis", "licence", "conditions", "repairs")
        },
    )


def _chart(spec: Spec, data: pl.DataFrame, lists: Mapping[str, catalog.CodeList]) -> tuple[str, str]:
    """The first measure or rate over time, other dimensions at their totals; empty without a calendar."""
    found = _headline(spec, data, lists)
    if found is None:
        return "", ""
    rows, time = found
    measure, label = next(iter(_figures(spec).items()))
    totals = [_total(codes).labels.vi for name, codes in lists.items() if name != time]
    chart = charts.time_series(
        rows,
        time,
        measure,
        title=f"{label.label.vi}: {spec.entry.title.vi}",
        subtitle=", ".join([*totals, label.unit.vi]),
        decimals=label.decimals if isinstance(label, Rate) else 0,
    )
    return f"{label.label.vi}: {spec.entry.title.vi}", charts.svg(chart)


def _figures(spec: Spec) -> dict[str, Measure | Rate]:
    """What is published of each cell: measures, then rates."""
    return {name: spec.table.measures[name] for name in spec.table.published} | dict(spec.table.rates)


def _headline(
    spec: Spec, data: pl.DataFrame, lists: Mapping[str, catalog.CodeList]
) -> tuple[pl.DataFrame, str] | None:
    """The rows of the shortest periods at the totals of all other dimensions, and the name of the time column.

    Returns:
        None when the dataset has no calendar.
    """
    time = calendar(spec)
    if time is None:
        return None
    leaves = [code.code for code in catalog.leaves(lists[time])]
    rows = data.filter(
        pl.col(time).is_in(leaves),
        *(pl.col(name) == _total(codes).code for name, codes in lists.items() if name != time),
    )
    return rows, time


def _anomalies(
    spec: Spec, found: Sequence[Anomaly], lists: Mapping[str, catalog.CodeList]
) -> list[dict[str, Any]]:
    """The unusual points by kind: how many, and the labels of the first few."""
    named = {name: {code.code: code.labels for code in codes.codes} for name, codes in lists.items()}
    rows = []
    for kind, labels in _KINDS.items():
        points = [one for one in found if one.kind == kind]
        shown = [
            {
                "cell": [
                    named[name][code] for name, code in zip(spec.table.dimensions, one.key, strict=True)
                ],
                "measure": spec.table.measures[one.measure].label,
                "size": words.decimal(one.size) if one.size else None,
            }
            for one in points[:_SHOWN]
        ]
        rows.append({"labels": labels, "count": words.count(len(points)), "points": shown})
    return rows


def _total(codes: catalog.CodeList) -> catalog.Code:
    """The code that stands for everything."""
    return next(code for code in codes.codes if code.parent is None)


_SHOWN = 5
_KINDS: dict[AnomalyKind, Text] = {
    "break": Text("Điểm gãy đã khai báo (trạng thái B)", "Declared breaks (status B)"),
    "level_shift": Text(
        "Thay đổi mức từ năm trước: tăng từ 3 lần hoặc giảm còn 1/3 (số lần)",
        "Change of level from the year before: threefold or to a third (factor)",
    ),
    "outlier": Text(
        "Tháng khác thường so với trung vị của chuỗi (điểm z hiệu chỉnh trên 3,5)",
        "Months far from the median of their series (modified z-score above 3.5)",
    ),
}

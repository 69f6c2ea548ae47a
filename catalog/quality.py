"""What is measured of a dataset's quality (Decree 102/2025, Articles 16(2) and 18(4)), and the score made of it.

The dimensions are those of the W3C's list for the Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/). How much
is hidden for confidentiality is reported beside them and never part of the score: a score that rose with fewer hidden
cells would ask for less protection. Outliers are not part of it either: an epidemic is not an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Literal, get_args

from pydantic import TypeAdapter

from catalog.labels import Labels, Strict

QualityDimension = Literal["completeness", "timeliness", "consistency", "accuracy"]


class Metric(Strict):
    """One metric.

    Attributes:
        dimension: The dimension of quality that it belongs to.
        labels: Its name.
        definition: How it is computed.
    """

    dimension: QualityDimension
    labels: Labels
    definition: Labels


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one metric gave for one version.

    Attributes:
        metric: Id of the metric.
        value: 0 (worst) to 1 (best), at most four decimals.
    """

    metric: str
    value: float


@cache
def metrics() -> dict[str, Metric]:
    """Every metric by its id, in the order of reports."""
    text = (files("catalog") / "data" / "quality.json").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Metric]).validate_json(text)


def by_dimension(measured: Sequence[Measurement]) -> dict[QualityDimension, float]:
    """The mean of the measurements of each dimension that was measured, 0 to 1."""
    found = {
        dimension: [m.value for m in measured if metrics()[m.metric].dimension == dimension]
        for dimension in get_args(QualityDimension)
    }
    return {dimension: fmean(values) for dimension, values in found.items() if values}


def score(measured: Sequence[Measurement]) -> int | None:
    """The mean of the dimensions that were measured, times 100, rounded down; None when nothing was measured.

    100 is only for a dataset without any shortcoming that was looked for.
    """
    dimensions = by_dimension(measured)
    # Rounded first: the mean of four times 0.29 is 0.29 and not 0.28999.
    return int(round(100 * fmean(dimensions.values()), 6)) if dimensions else None


DIMENSIONS: dict[QualityDimension, Labels] = {
    "completeness": Labels(vi="Đầy đủ", en="Completeness"),
    "timeliness": Labels(vi="Kịp thời", en="Timeliness"),
    "consistency": Labels(vi="Nhất quán", en="Consistency"),
    "accuracy": Labels(vi="Chính xác", en="Accuracy"),
}
SCORE = Labels(vi="Điểm chất lượng (0 đến 100)", en="Quality score (0 to 100)")
SCORE_DEFINITION = Labels(
    vi="Trung bình các chỉ số của từng khía cạnh (đầy đủ, kịp thời, nhất quán, chính xác), rồi trung bình các khía "
    "cạnh đo được, nhân 100, làm tròn xuống. Phần bị che để bảo vệ thông tin không tính vào điểm.",
    en="The mean of the metrics of each dimension (completeness, timeliness, consistency, accuracy), then the mean of "
    "the dimensions that were measured, times 100, rounded down. What is hidden for confidentiality is no part of it.",
)

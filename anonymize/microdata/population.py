"""k-map: how many people of the population a record could be, known or estimated."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.microdata.classes import N, extract, keys
from anonymize.microdata.models import KMap

SLACK = 1e-9


def known_map(frame: pl.DataFrame, check: KMap, population: pl.DataFrame) -> pl.DataFrame:
    """Per class `records`, `reached` (people in the population) and `fails`.

    A class that the population lacks counts nobody; one with more records than people is refused as well: those are not
    the people that the counts are about.
    """
    data = extract(frame, check.quasi_identifiers)
    people = extract(population, check.quasi_identifiers, people=str(check.count))
    names = keys(data)
    counted = people.group_by(names).agg(pl.col("people").sum().cast(pl.Float64).alias("reached"))
    classes = data.group_by(names).agg(pl.len().alias(N))
    found = classes.join(counted, on=names, how="left", nulls_equal=True).select(
        N, pl.col("reached").fill_null(0.0)
    )
    return found.with_columns(fails=(pl.col("reached") < check.k) | (pl.col("reached") < pl.col(N)))


def estimated_map(frame: pl.DataFrame, check: KMap) -> pl.DataFrame:
    """Per class `records`, `reached` (1 / estimated risk) and `fails`."""
    if check.weight is None:
        data = extract(frame, check.quasi_identifiers)
        sampled = pl.lit(check.fraction, pl.Float64)
    else:
        data = extract(frame, check.quasi_identifiers, w=check.weight)
        sampled = (pl.len() / pl.col("w").sum()).cast(pl.Float64)
    classes = data.group_by(keys(data)).agg(pl.len().alias(N), sampled.alias("p"))
    risk = individual_risk(classes[N].to_numpy().astype(float), classes["p"].to_numpy())
    found = classes.select(N).with_columns(reached=pl.Series(1 / risk))
    return found.with_columns(fails=pl.col("reached") < check.k * (1 - SLACK))


def individual_risk(f: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """E(1/F | f) where the population count F is the number of draws until the f-th success of probability p.

    The published form p^f / f x 2F1(f, f; f + 1; 1 - p) overflows; Euler's transformation makes it
    p / f x 2F1(1, 1; f + 1; 1 - p), a series of positive terms below the pole.
    Source: L. Franconi, S. Polettini, "Individual risk estimation in mu-Argus: a review", PSD 2004, section 3.

    Args:
        f: Records per class, at least 1.
        p: Sampling fraction per class, above 0 and at most 1.

    Returns:
        One risk per class, from 0 to 1.
    """
    from scipy.special import hyp2f1

    return np.asarray(p / f * hyp2f1(1.0, 1.0, f + 1.0, 1.0 - p), np.float64)

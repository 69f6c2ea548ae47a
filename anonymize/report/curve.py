"""The utility curve: what other thresholds would have hidden."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from pydantic import ValidationError

from anonymize.errors import InfeasibleError, PolicyError, Problem, Text
from anonymize.known import Known
from anonymize.policy import Protection
from anonymize.protect import Protected, protect
from anonymize.report.blocking import number
from anonymize.report.losses import lost
from anonymize.report.sheets import Sheet
from anonymize.table import Table


def utility_curve(
    table: Table, policy: Protection, thresholds: Iterable[int], *, known: Known = (), seed: int = 0
) -> Sheet:
    """Protects the table once per threshold and tells what is hidden; confidential.

    Source: the risk-utility map, Handbook on Statistical Disclosure Control, chapter 4 (information loss for tables).

    Args:
        table: The table.
        policy: The promises; every rule with a threshold takes each of `thresholds` in turn, other rules stay.
        thresholds: The thresholds to try.
        known: Earlier releases, as for `protect`.
        seed: As for `protect`.

    Returns:
        A confidential sheet, one row per threshold, ascending: `threshold`, `feasible`, `primary`, `secondary`,
        `suppressed` (cells), `share` (of all cells), `suppressed_value`, `share_value` (of the sum of all cells,
        margins included), `blocking` (cells that cannot be protected). Where it is not feasible, what is hidden is
        null.

    Raises:
        PolicyError: No rule has a threshold, or a rule refuses one; or as for `protect`.
    """
    earlier = list(known)
    wanted = sorted(set(thresholds))
    policies = [_with(policy, threshold) for threshold in wanted]
    rows = [_tried(table, each, earlier, seed) for each in policies]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    told = frame.with_columns(pl.Series("threshold", wanted, pl.Int64)).select("threshold", *_SCHEMA)
    title = Text("Mức che theo từng ngưỡng", "What each threshold would hide")
    return Sheet("curve", title, told, True)


def _with(policy: Protection, threshold: int) -> Protection:
    """The policy with this threshold, validated like any other."""
    if not any("threshold" in type(rule).model_fields for rule in policy.rules):
        raise PolicyError([_NONE])
    try:
        rules = tuple(
            type(rule).model_validate({**rule.model_dump(), "threshold": threshold})
            if "threshold" in type(rule).model_fields
            else rule
            for rule in policy.rules
        )
    except ValidationError:
        raise PolicyError([_problem(threshold)]) from None
    return policy.model_copy(update={"rules": rules})


def _tried(
    table: Table, policy: Protection, known: list[pl.DataFrame | Protected], seed: int
) -> tuple[object, ...]:
    try:
        safe = protect(table, policy, known, seed=seed)
    except InfeasibleError as error:
        return (False, *[None] * 6, number(error))
    cells = lost(safe)
    reasons = cells["reason"]
    hidden = cells.filter("hidden")
    total, value = float(cells["value"].sum()), float(hidden["value"].sum())
    primary = int((reasons == "primary").sum())
    return (
        True,
        primary,
        hidden.height - primary,
        hidden.height,
        hidden.height / cells.height,
        value,
        value / total if total else 0.0,
        0,
    )


_SCHEMA = {
    "feasible": pl.Boolean,
    "primary": pl.Int64,
    "secondary": pl.Int64,
    "suppressed": pl.Int64,
    "share": pl.Float64,
    "suppressed_value": pl.Float64,
    "share_value": pl.Float64,
    "blocking": pl.Int64,
}
_NONE = Problem(
    "protection.rules",
    Text("Không quy tắc nào có ngưỡng.", "No rule has a threshold."),
    Text("Khai báo quy tắc số đếm nhỏ.", "Declare a rule for small counts."),
)


def _problem(threshold: int) -> Problem:
    return Problem(
        "thresholds",
        Text(f"Ngưỡng {threshold} không hợp lệ.", f"The threshold {threshold} is not valid."),
        Text("Dùng số nguyên từ 2 trở lên.", "Use whole numbers from 2."),
    )

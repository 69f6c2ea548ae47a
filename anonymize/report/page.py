"""The report on one protected table."""

from __future__ import annotations

import polars as pl

from anonymize.audit import WHAT, Audit
from anonymize.errors import PolicyError, Problem, Text
from anonymize.policy import Protection
from anonymize.protect import Protected, check
from anonymize.report.losses import by_reason, counted, leveled, lost, valued
from anonymize.report.sheets import Report, Sheet


def report(safe: Protected, policy: Protection, audit: Audit) -> Report:
    """How much is hidden, why, and where it hurts.

    The publishable sheets count cells, which every reader can do: `suppressed` (per measure), `levels` (per level of
    each hierarchy) and `audit` (its summary). The confidential ones are `reasons` (hidden cells and value by reason),
    `values` (value hidden per level) and `codes` (both per code, worst first). A sum of hidden values would be one more
    equation for an attacker, hence confidential. Margins count like every other cell.

    Args:
        safe: The table.
        policy: The promises.
        audit: The verdict on exactly these cells.

    Raises:
        PolicyError: The policy does not fit the table, or the audit is about other cells.
    """
    check(safe.table, policy)
    if audit.digest != safe.digest:
        raise PolicyError([_OTHER])
    cells = lost(safe)
    measured = ["measure"] if "measure" in safe.table.keys else []
    if not measured:
        cells, measured = cells.with_columns(measure=pl.lit(safe.table.measures[0])), ["measure"]
    along = leveled(cells, safe.table.dimensions)
    level = ["dimension", "level"]
    codes = along.group_by(level, maintain_order=True).agg(
        pl.col("code").n_unique().cast(pl.Int64).alias("codes")
    )
    return Report(
        Text("Báo cáo bảo vệ bảng số liệu", "Disclosure control report"),
        (
            Sheet("suppressed", _TITLES["suppressed"], counted(cells, measured), False),
            Sheet("levels", _TITLES["levels"], codes.join(counted(along, level), on=level), False),
            Sheet("audit", _TITLES["audit"], _verdict(audit), False),
        ),
        (
            Sheet("reasons", _TITLES["reasons"], by_reason(cells, measured), True),
            Sheet("values", _TITLES["values"], valued(along, level), True),
            Sheet("codes", _TITLES["codes"], _codes(along), True),
        ),
    )


def _codes(along: pl.DataFrame) -> pl.DataFrame:
    by = ["dimension", "code", "level"]
    found = counted(along, by).join(valued(along, by), on=by)
    return found.sort("share", "dimension", "level", "code", descending=[True, False, False, False])


def _verdict(audit: Audit) -> pl.DataFrame:
    """The findings by kind as the summary counts them ("shown" among "exact"), one row per kind."""
    counts = audit.summary()
    rows = [(kind, text.vi, text.en, counts[kind]) for kind, text in WHAT.items() if kind in counts]
    schema = {"check": pl.String, "what_vi": pl.String, "what_en": pl.String, "found": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


_TITLES = {
    "suppressed": Text("Số ô bị che", "Suppressed cells"),
    "levels": Text("Ô bị che theo cấp của mỗi chiều", "Suppressed cells per level of each dimension"),
    "audit": Text("Kết quả kiểm tra độc lập", "Result of the independent audit"),
    "reasons": Text("Ô bị che theo lý do", "Suppressed cells by reason"),
    "values": Text("Giá trị bị che theo cấp của mỗi chiều", "Suppressed value per level of each dimension"),
    "codes": Text("Ô và giá trị bị che theo mã", "Suppressed cells and value per code"),
}
_OTHER = Problem(
    "audit",
    Text("Kết quả kiểm tra thuộc về các ô khác.", "The audit is about other cells."),
    Text("Kiểm tra lại đúng bảng này.", "Audit this very table again."),
)

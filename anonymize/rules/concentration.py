"""Rules of concentration: a cell that few large contributions dominate gives these away.

Handbook on Statistical Disclosure Control, chapter 4.2 (sensitivity measures) and, for the protection levels, table
4.2. With X the cell and x1 >= x2 >= ... its contributions, all without their signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from anonymize.contributions import TOP
from anonymize.errors import Problem, Text
from anonymize.rules.verdict import (
    Index,
    Mask,
    Parameters,
    Percent,
    Vector,
    Verdict,
    Zeros,
    largest,
    misfit,
    needs_largest,
    percent,
    size,
)

if TYPE_CHECKING:
    from anonymize.table import Table


class Dominance(Parameters):
    """(n, k) dominance: a cell is sensitive when its n largest contributions exceed k percent of it.

    Attributes:
        kind: The name of the rule in a dataset spec.
        n: How many contributions are added up.
        k: Percent of the cell that they may hold.
    """

    kind: Literal["dominance"] = "dominance"
    n: Annotated[int, Field(ge=1, le=TOP)]
    k: Percent


class PPercent(Parameters):
    """p%: a cell is sensitive when others can estimate its largest contribution to within p percent.

    Attributes:
        kind: The name of the rule in a dataset spec.
        p: Percent of the largest contribution.
        n: How many other contributors may put together what they know; 1 is the second largest alone.
        levels: "share": the interval must cover p percent of the cell on both sides, which is never less than the
            handbook asks. "formula": p/100 x1 - (X - x1 - x2), the handbook's.
    """

    kind: Literal["p_percent"] = "p_percent"
    p: Percent
    n: Annotated[int, Field(ge=1, le=TOP - 1)] = 1
    levels: Literal["share", "formula"] = "share"


class PriorPosterior(Parameters):
    """pq: as p%, where everybody can estimate each contribution to within q percent beforehand.

    Attributes:
        kind: The name of the rule in a dataset spec.
        p: Percent of the largest contribution that nobody may come closer to.
        q: Percent to which contributions are known beforehand; 100 makes it the p% rule.
        levels: "formula": p/q x1 - (X - x1 - x2), the handbook's. "share": p percent of the cell.
    """

    kind: Literal["prior_posterior"] = "prior_posterior"
    p: Percent
    q: Annotated[float, Field(gt=0, le=100)] = 100.0
    levels: Literal["share", "formula"] = "formula"

    @model_validator(mode="after")
    def _p_below_q(self) -> PriorPosterior:
        if self.p >= self.q:
            raise ValueError("p must be below q / p phải nhỏ hơn q")
        return self


class Request(Parameters):
    """Request rule: a cell is sensitive when one that asked for protection holds more than a share of it.

    Source: tau-ARGUS User's Manual, section 2.2.1 (request rule, as used for foreign trade).

    Attributes:
        kind: The name of the rule in a dataset spec.
        share: Percent of the cell that one who asked may hold.
        protect: Protection level on both sides, in percent of the cell.
    """

    kind: Literal["request"] = "request"
    share: Percent
    protect: Percent = 10.0


def dominance(rule: Dominance, table: Table, zeros: Zeros) -> Verdict:
    """Cells whose n largest contributions exceed k percent; level (100/k)(x1 + ... + xn) - X."""
    top = largest(table, rule.n).sum(axis=1).astype(float)
    excess = top * 100 - rule.k * size(table)
    return _concentrated(excess > 0, excess / rule.k)


def p_percent(rule: PPercent, table: Table, zeros: Zeros) -> Verdict:
    """Cells where what is left without the largest and the n next is below p percent of the largest."""
    excess = _excess(table, rule.p, rule.n)
    share = percent(size(table), rule.p)
    return _concentrated(excess > 0, share if rule.levels == "share" else excess / 100)


def prior_posterior(rule: PriorPosterior, table: Table, zeros: Zeros) -> Verdict:
    """Cells where q percent of what is left without the two largest is below p percent of the largest."""
    x = largest(table, 2).astype(float)
    excess = rule.p * x[:, 0] - rule.q * (size(table) - x.sum(axis=1))
    share = percent(size(table), rule.p)
    return _concentrated(excess > 0, share if rule.levels == "share" else excess / rule.q)


def request(rule: Request, table: Table, zeros: Zeros) -> Verdict:
    """Cells where somebody who asked for protection holds more than the declared share."""
    assert table.contributions is not None
    hit = table.contributions.asked * 100.0 > rule.share * size(table)
    return _concentrated(hit, percent(size(table), rule.protect))


def dominance_unfit(rule: Dominance, table: Table) -> list[Problem]:
    """Needs the n largest contributions."""
    return needs_largest(table, rule.kind, rule.n)


def p_percent_unfit(rule: PPercent, table: Table) -> list[Problem]:
    """Needs the largest contribution and those of the n that may estimate it."""
    return needs_largest(table, rule.kind, rule.n + 1)


def prior_posterior_unfit(rule: PriorPosterior, table: Table) -> list[Problem]:
    """Needs the two largest contributions."""
    return needs_largest(table, rule.kind, 2)


def request_unfit(rule: Request, table: Table) -> list[Problem]:
    """Needs to know who asked."""
    if table.contributions is not None and table.contributions.requests:
        return []
    remedy = Text("Khai báo contributor= và request=.", "Declare contributor= and request=.")
    return [
        misfit(rule.kind, "cần biết ai yêu cầu bảo vệ.", "needs to know who asked for protection.", remedy)
    ]


def _excess(table: Table, p: float, n: int) -> Vector:
    """By how much (times 100) the rule is broken: p x1 - 100 (X - x1 - x2 - ... - x(n+1))."""
    x = largest(table, n + 1).astype(float)
    return np.asarray(p * x[:, 0] - 100 * (size(table) - x.sum(axis=1)))


def _concentrated(hit: Mask, level: Vector | Index) -> Verdict:
    # Of an amount one whole number is enough to be left with: how much doubt there is, the levels say.
    whole = np.ceil(np.where(hit, level, 0) * (1 - 1e-12)).astype(np.int64)
    return Verdict(hit, 1, whole, whole)

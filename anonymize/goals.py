"""What must hold for every cell: how much doubt an attacker is to be left with, given what they know already."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from anonymize.policy import Protection
from anonymize.relations import Index
from anonymize.rules import judge
from anonymize.table import Table

Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]

UNBOUNDED = np.int64(1) << 60
FLOOR = -(np.int64(1) << 51)
"""What amounts that may be negative are at least: below every amount, and sums of it still fit into 64 bits."""
PEOPLE = np.int64(1) << 40
"""People are numbered from here, contributors from 0: a clinic is not its only patient."""
USUAL = 100
"""A table whose cells cost no more than this in the middle is weighed in persons."""
USUAL_AMOUNT = 5
"""The same where protection levels are declared: amounts differ so much that cells are counted rather than weighed."""
TOLERANCE = 1e-6
"""How far a solver's answer may be off."""


@dataclass(frozen=True, slots=True)
class Goals:
    """The promises for cells, Int64 arrays with one entry per cell.

    Attributes:
        need: How many whole numbers must remain possible; 0 for cells that are not sensitive.
        below: The attacker's interval must reach this far below the truth (lower protection level).
        above: Likewise above it (upper protection level).
        lower: What everybody knows the cell to be at least while it is hidden.
        upper: What everybody knows it to be at most.
        alone: Who is alone in the cell and so knows it: a number per person or contributor, -1 for nobody.
        cost: What hiding the cell costs.
        never: Cells that a publisher declared to stay published.
        always: Cells that a publisher declared to be hidden, sensitive or not.
    """

    need: Index
    below: Index
    above: Index
    lower: Index
    upper: Index
    alone: Index
    cost: Index
    never: Mask
    always: Mask

    @property
    def sensitive(self) -> Mask:
        """Cells that nobody may come too close to."""
        return self.need > 0


def goals(table: Table, policy: Protection) -> Goals:
    """The promises of a policy for the rows of `table.cells`; the rules must fit the table (`rules.unfit`)."""
    values = table.values
    need, below, above = (np.zeros(len(values), np.int64) for _ in range(3))
    for rule in policy.rules:
        verdict = judge(rule, table, zeros=policy.zeros)
        hit = verdict.sensitive
        need = np.where(hit, np.maximum(need, verdict.need), need)
        below = np.where(hit, np.maximum(below, verdict.below), below)
        above = np.where(hit, np.maximum(above, verdict.above), above)
    # Cells that are never published need no protection.
    need = np.where(table.seen, need, 0)
    lower = _lower(table, policy)
    if table.marks is not None:
        below = np.where((need > 0) & (table.marks.lpl >= 0), table.marks.lpl, below)
        above = np.where((need > 0) & (table.marks.upl >= 0), table.marks.upl, above)
    # Nobody can be kept from knowing what everybody knows.
    below = np.minimum(below, np.maximum(values - lower, 0))
    upper = np.full(len(values), UNBOUNDED)
    never = _never(table) | _wholes(table, policy, need > 0)
    always = np.zeros(len(values), bool) if table.marks is None else table.marks.always & table.seen
    alone = _alone(table) if policy.insiders else np.full(len(values), -1)
    return Goals(need, below, above, lower, upper, alone, _cost(table), never, always)


def _lower(table: Table, policy: Protection) -> Index:
    if table.signed:
        return np.full(len(table.values), FLOOR)
    known_positive = policy.zeros == "published" and policy.apriori == "positive"
    # Nobody is told that a cell that is never published is not zero.
    return np.where(table.seen & known_positive, 1, 0)


def _alone(table: Table) -> Index:
    """The only person of a count; of other cells the only contributor."""
    sole = np.full(len(table.values), -1)
    if table.contributions is not None:
        sole = table.contributions.sole
    sole = sole if table.magnitude else np.where(table.values == 1, PEOPLE + table.persons, sole)
    return np.where(table.seen, sole, -1)


def _cost(table: Table) -> Index:
    """The declared costs, else the values (without signs); next to nothing for what is preferred to be hidden."""
    if table.marks is None:
        return np.abs(table.values)
    cost = np.where(table.marks.preferred, 0, np.abs(table.values))
    return np.where(table.marks.cost >= 0, table.marks.cost, cost)


def kept(table: Table, policy: Protection) -> Mask:
    """The cells that must stay published, without the work of the other promises where that can be saved."""
    if any(rule.kind == "complement" for rule in policy.rules):
        return goals(table, policy).never
    return _never(table)


def _never(table: Table) -> Mask:
    if table.marks is None:
        return np.zeros(len(table.values), bool)
    return np.asarray(table.marks.never | table.marks.structural)


def _wholes(table: Table, policy: Protection, sensitive: Mask) -> Mask:
    """Wholes that stay published beside a small complement: doubt about the part is doubt about the rest then."""
    kept, width = np.zeros(len(table.values), bool), len(table.measures)
    for rule in policy.rules:
        if rule.kind == "complement":
            part, whole = table.measures.index(rule.part), table.measures.index(rule.whole)
            few = judge(rule, table, zeros=policy.zeros).sensitive[part::width]
            kept[whole::width] |= few & ~sensitive[whole::width]
    return kept


def promises(table: Table, policy: Protection) -> list[Goals]:
    """All that must hold at once: `goals`, and before it that nothing can be computed with all that everybody knows.

    An alternative table that fits what is known for one promise fits that for the next as well.

    Where zeros are published everybody knows that a hidden count is at least 1. A policy that counts the possible
    numbers without that knowledge must still leave two of them with it (promise G1).
    """
    wanted = goals(table, policy)
    if policy.zeros != "published" or policy.apriori == "positive" or table.signed:
        return [wanted]
    two, nothing = np.where(wanted.sensitive, 2, 0), np.zeros(len(wanted.need), np.int64)
    lower = np.where(table.seen, np.maximum(wanted.lower, 1), wanted.lower)
    return [replace(wanted, need=two, below=nothing, above=nothing, lower=lower), wanted]


def weight(wanted: Goals, cells: Mask) -> float:
    """What stands for one counted person in the costs of these cells: more than 1 where cells cost more by nature."""
    cost, levels = wanted.cost[cells], max(wanted.below.max(initial=0), wanted.above.max(initial=0))
    usual = USUAL if levels == 0 else USUAL_AMOUNT
    return max(1.0, float(np.median(cost)) / usual) if len(cost) else 1.0


def take(whole: Goals, rows: Index | slice) -> Goals:
    """The promises for some of the cells."""
    return Goals(*(getattr(whole, field.name)[rows] for field in fields(whole)))


def possible(low: Vector, high: Vector) -> Vector:
    """How many whole numbers lie in [low, high]."""
    return np.asarray(np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE) + 1)


def short(wanted: Goals, truth: Index, low: Vector, high: Vector) -> Mask:
    """The cells for which the interval [low, high] leaves less doubt than promised."""
    few = possible(low, high) < wanted.need
    # A solver is right to so many digits: amounts in the millions are not known to a millionth.
    off_below, off_above = (TOLERANCE * np.maximum(1, level) for level in (wanted.below, wanted.above))
    near = (low > truth - wanted.below + off_below) | (high < truth + wanted.above - off_above)
    return np.asarray(few | (near & wanted.sensitive))

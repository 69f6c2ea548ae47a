"""The exact choice of secondary cells: least cost, with a proven bound.

Benders decomposition (Fischetti and Salazar, Solving the cell suppression problem on tabular data with linear
constraints, Management Science 47 (2001)): a 0/1 program chooses cells, the attackers' linear programs judge the
choice and answer with cuts. The relaxation is tightened with cuts first, heuristics led by it give patterns, then
branch and bound and attackers take turns. Whenever it stops, the best safe pattern so far is returned with the gap
that is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anonymize.elimination import Task
from anonymize.goals import Goals
from anonymize.optimal import incumbent
from anonymize.optimal.cheapest import cheapest, exchange
from anonymize.optimal.component import Component, Mask, Vector, Wish, split, waive
from anonymize.optimal.cuts import Row, bridges, first_rows, refuse, separate
from anonymize.optimal.incumbent import Incumbent, offer
from anonymize.optimal.master import Answer, Master, activate, branch, extend, master, relax, tighten
from anonymize.optimal.reach import Attackers, attackers
from anonymize.optimal.whole import betrayed
from anonymize.relations import Index

SLOW = 1e-4
"""The relaxation is left when its bound grows by less than this part over `PATIENCE` rounds."""
PATIENCE = 6
LATER = 4
"""Rounds of the relaxation between two branchings."""
LEAD = 10
"""Rounds of the relaxation between two patterns led by it."""
COARSE = 1e-3
"""Relative gap of the first branchings: while attackers still find fault, the best point is not needed."""
PRECISE = 1e-6
"""Relative precision of the solver: a smaller gap is none."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much work a component may cost; all of it counted, none of it timed: the same answer everywhere.

    Attributes:
        exchanges: Times the heuristic tries to replace every secondary cell by cheaper ones.
        relaxations: Rounds of cuts before the first branching.
        branchings: Times branch and bound and attackers take turns.
        nodes: Nodes of all branchings together.
        gap: Relative gap that is good enough; 0 asks for the optimum.
        stop: Asked between two steps; True ends the search with what there is. Safety never depends on it.
    """

    exchanges: int = 1
    relaxations: int = 60
    branchings: int = 60
    nodes: int = 100_000
    gap: float = 0.0
    stop: Callable[[], bool] = lambda: False


QUICK = Budget(relaxations=0, branchings=0)
"""Heuristics alone."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """A safe pattern and how good it is.

    Attributes:
        hidden: Per cell whether it is hidden.
        cost: The cost of the cells hidden besides those that must be.
        bound: No safe pattern costs less, besides those that must be hidden.
        unmet: Sensitive cells that cannot be protected whatever is hidden: the pattern leaves them exposed.
    """

    hidden: Mask
    cost: float
    bound: float
    unmet: Index

    @property
    def gap(self) -> float:
        """Relative to the cost, by how much a cheaper pattern could undercut this one."""
        return _gap(self.cost, self.bound)

    @property
    def optimal(self) -> bool:
        """Whether no pattern is cheaper, up to the precision of the solver."""
        return self.gap <= PRECISE


def optimum(
    task: Task,
    start: Mask | None = None,
    *,
    cost: Vector,
    besides: Goals | None = None,
    budget: Budget | None = None,
) -> Optimum:
    """The cheapest safe pattern, or the best one found, and a lower bound.

    Safe means: every interval is as wide as promised, and nobody who is alone in cells can compute another sensitive
    cell from the sums, the bounds and all the cells in which they are alone; in small parts also over whole numbers.

    Args:
        task: What is to be hidden in one measure. Its values and levels may be whole numbers or amounts.
        start: A pattern to improve on; an unsafe one is made safe first.
        cost: Price of hiding each cell, not negative.
        besides: What must hold at once against readers who know narrower bounds, for the same sensitive cells.
        budget: How much work.
    """
    parts, stuck = split(task, cost, besides)
    must = task.goals.sensitive | task.forced
    hidden, bound, unmet = must.copy(), 0.0, [stuck]
    for part in parts:
        first = None if start is None else start[part.cells]
        found = _solve(part, first, budget or Budget())
        hidden[part.cells[found.hidden]] = True
        bound += found.bound
        unmet.append(part.cells[found.unmet])
    price = float(cost[hidden & ~must].sum())
    return Optimum(hidden, price, min(bound, price), np.unique(np.concatenate(unmet)))


@dataclass(slots=True)
class _Search:
    """The search in one component."""

    models: Attackers
    program: Master
    budget: Budget
    best: Incumbent
    bound: float
    grain: float
    nodes: int
    quiet: set[int]


def _solve(part: Component, start: Mask | None, budget: Budget) -> Optimum:
    part, models, pattern, hopeless = _heuristic(part)
    search = _Search(
        models, master(part), budget, incumbent.everything(part), 0.0, _grain(part), budget.nodes, set()
    )
    offer(search.best, models, pattern)
    if start is not None:
        offer(search.best, models, start)
    for _ in range(budget.exchanges):
        if not budget.stop():
            offer(search.best, models, exchange(models, search.best.hidden))
    if budget.relaxations or budget.branchings:
        _tighten_and_branch(search)
    lost = [cells for cells, _ in betrayed(part, search.best.hidden)]
    unmet = np.unique(np.concatenate([hopeless, *lost]))
    return Optimum(search.best.hidden, search.best.price, min(search.bound, search.best.price), unmet)


def _heuristic(part: Component) -> tuple[Component, Attackers, Mask, Index]:
    """The component without what nothing can protect, its models, a pattern, and the cells left out."""
    hopeless = np.zeros(0, np.int64)
    while True:
        models = attackers(part)
        pattern, failed = cheapest(models)
        if not failed:
            return part, models, pattern, hopeless
        hopeless = np.union1d(hopeless, [wish.column for wish in failed]).astype(np.int64)
        part = waive(part, failed)


def _tighten_and_branch(search: _Search) -> None:
    for wish in search.models.component.wishes:
        _learn(search, wish)
    _strengthen(search, search.budget.relaxations)
    gap, limit = COARSE, max(1, search.budget.nodes // 50)
    for _ in range(search.budget.branchings):
        if search.budget.stop() or _closed(search) or search.nodes <= 0:
            return
        answer = branch(
            search.program,
            nodes=min(limit, search.nodes),
            gap=max(gap, search.budget.gap / 2),
            start=search.best.hidden,
        )
        if answer is None:
            search.bound = search.best.price
            return
        search.nodes -= answer.nodes
        _raise(search, answer.bound)
        if _closed(search):
            return
        if len(answer.point) and not _judge(search, answer):
            _strengthen(search, LATER)
        else:
            # No fault was found, so only the branching itself can close the gap.
            gap, limit = gap / 10, 2 * limit


def _strengthen(search: _Search, rounds: int) -> None:
    """Cuts off fractional points as long as that raises the bound; a long run tries patterns led by them."""
    history: list[float] = []
    for turn in range(rounds):
        answer = relax(search.program)
        if answer is None:
            search.bound = search.best.price
            return
        _raise(search, answer.bound)
        tighten(search.program, answer, best=search.best.price, grain=search.grain)
        history.append(answer.bound)
        slow = turn >= PATIENCE and history[-1] - history[-1 - PATIENCE] <= SLOW * abs(history[-1])
        if search.budget.stop() or _closed(search):
            return
        last = slow or turn == rounds - 1 or not _cut(search, answer.point)
        if rounds > LATER and (last or turn % LEAD == LEAD // 2):
            _led(search, answer)
        if last:
            return


def _cut(search: _Search, point: Vector) -> int:
    """Adds cuts that a point violates; how many.

    Wishes that gave none last time are asked only when no other gives one.
    """
    rows = bridges(search.models.component, point)
    active = list(enumerate(search.program.active))
    for turn in (
        [i for i in active if i[0] not in search.quiet],
        [i for i in active if i[0] in search.quiet],
    ):
        for i, (wish, base) in turn:
            if search.budget.stop():
                break
            found = separate(search.models, wish, point, base)
            (search.quiet.discard if found else search.quiet.add)(i)
            rows += found
        added = extend(search.program, rows)
        if added:
            return added
    return 0


def _led(search: _Search, answer: Answer) -> None:
    """A pattern from the relaxation: cells it wants are cheap in the search."""
    part = search.models.component
    share = np.clip(answer.point[: len(part.cells)], 0, 1)
    pattern, failed = cheapest(search.models, cost=part.cost * (1 - 0.999 * share))
    if not failed:
        offer(search.best, search.models, pattern)


def _judge(search: _Search, answer: Answer) -> bool:
    """Whether the point is safe; if not it is cut off, and a safe pattern made of it."""
    part = search.models.component
    pattern = answer.point[: len(part.cells)] > 0.5
    broken = offer(search.best, search.models, pattern)
    rows = _against(search, answer.point, broken)
    if not broken:
        rows += [row for _, row in betrayed(part, pattern) if len(row.places)]
    return extend(search.program, rows) == 0


def _against(search: _Search, point: Vector, broken: list[Wish]) -> list[Row]:
    """Cuts against a point for the wishes that it breaks, and for what it hides in vain."""
    known = {(wish.column, wish.attacker): base for wish, base in search.program.active}
    rows = bridges(search.models.component, point)
    for wish in broken:
        name = (wish.column, wish.attacker)
        base = known[name] if name in known else _learn(search, wish)
        longer = np.concatenate([point, np.zeros(max(0, base + len(wish.up) - 1 - len(point)))])
        rows += refuse(search.models, wish, longer, base)
    return rows


def _learn(search: _Search, wish: Wish) -> int:
    base = activate(search.program, wish)
    extend(search.program, first_rows(search.models.component, wish, base))
    return base


def _raise(search: _Search, bound: float) -> None:
    if search.grain:
        bound = float(np.ceil(bound / search.grain - PRECISE)) * search.grain
    search.bound = max(search.bound, bound)


def _closed(search: _Search) -> bool:
    return _gap(search.best.price, search.bound) <= max(search.budget.gap, PRECISE / 10)


def _gap(price: float, bound: float) -> float:
    return max(0.0, (price - bound) / price) if price > 0 else 0.0


def _grain(part: Component) -> float:
    """What two different costs differ by at least: their common divisor when they are whole numbers, else 0."""
    free = part.cost[~part.fixed]
    whole = np.rint(free).astype(np.int64)
    return float(np.gcd.reduce(whole)) if len(free) and (free == whole).all() else 0.0

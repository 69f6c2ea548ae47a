"""The choice of cells as a 0/1 program over the cuts found so far: a relaxation, so its value is a lower bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anonymize.optimal.component import Component, Mask, Vector, Wish
from anonymize.optimal.cuts import Row

TIGHT = 1e-9


@dataclass(frozen=True, slots=True)
class Master:
    """The program; lists grow.

    Attributes:
        component: The component.
        active: The wishes it knows of, and the number of the first step variable of each.
        rows: The cuts.
        seen: What tells two cuts apart.
        floor: Lower bound per column: 1 for what is hidden in every pattern better than the best one known.
        ceiling: Upper bound per column.
        solver: The HiGHS model of the linear relaxation.
        price: Cost per column, scaled to about 1.
        unit: What one unit of `price` costs.
    """

    component: Component
    floor: Vector
    ceiling: Vector
    price: Vector
    unit: float
    solver: Any
    active: list[tuple[Wish, int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Answer:
    """A point of the relaxation.

    Attributes:
        point: The values of all variables; empty when none was found.
        bound: No pattern left costs less.
        reduced: Reduced costs of the columns; 0 after a branching.
        nodes: Nodes of the branching.
    """

    point: Vector
    bound: float
    reduced: Vector
    nodes: int = 0


def master(component: Component) -> Master:
    """An empty program."""
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    unit = float(np.median(component.cost[component.cost > 0])) if (component.cost > 0).any() else 1.0
    price = np.where(component.fixed, 0, component.cost / unit)
    low, high = component.fixed.astype(float), np.ones(len(price))
    none = np.zeros(0, np.int32)
    solver.addCols(len(price), price, low, high, 0, none, none, np.zeros(0))
    return Master(component, low, high, price, unit, solver)


def activate(program: Master, wish: Wish) -> int:
    """Makes a wish known; the number of its first step variable."""
    base = len(program.component.cells) + sum(len(w.up) - 1 for w, _ in program.active)
    program.active.append((wish, base))
    steps = len(wish.up) - 1
    none = np.zeros(0, np.int32)
    if steps:
        program.solver.addCols(
            steps, np.zeros(steps), np.zeros(steps), np.ones(steps), 0, none, none, np.zeros(0)
        )
    for j in range(1, steps):
        extend(program, [Row(np.array([base + j - 1, base + j]), np.array([1.0, -1.0]), 0.0)])
    return base


def extend(program: Master, rows: list[Row]) -> int:
    """Adds cuts that are new; how many."""
    added = 0
    for row in rows:
        name = row.places.tobytes() + np.round(row.coefficients, 9).tobytes()
        if name in program.seen:
            continue
        program.seen.add(name)
        program.rows.append(row)
        program.solver.addRow(
            row.side, np.inf, len(row.places), row.places.astype(np.int32), row.coefficients
        )
        added += 1
    return added


def relax(program: Master) -> Answer | None:
    """The linear relaxation; None when there is no pattern left within the bounds."""
    import highspy

    n, solver = len(program.price), program.solver
    solver.changeColsBounds(n, np.arange(n, dtype=np.int32), program.floor, program.ceiling)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    solution = solver.getSolution()
    value = solver.getInfo().objective_function_value
    return Answer(np.asarray(solution.col_value), value * program.unit, np.asarray(solution.col_dual)[:n])


def branch(program: Master, *, nodes: int, gap: float, start: Mask | None) -> Answer | None:
    """The 0/1 program by branch and bound; None when there is no pattern left.

    Args:
        program: The program.
        nodes: At most this many nodes.
        gap: Relative gap that is good enough.
        start: A pattern to begin with.

    Returns:
        The best point found (empty when none was) and what is proven: no pattern costs less.
    """
    import highspy

    n = len(program.price)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False), ("threads", 1), ("mip_max_nodes", nodes), ("mip_rel_gap", gap),
        ("random_seed", 0), ("mip_feasibility_tolerance", 1e-6),
    ):  # fmt: skip
        solver.setOptionValue(name, value)
    solver.passModel(program.solver.getModel())
    total = solver.getNumCol()
    kinds = np.full(total, highspy.HighsVarType.kInteger.value, np.uint8)
    solver.changeColsIntegrality(total, np.arange(total, dtype=np.int32), kinds)
    if start is not None:
        solver.setSolution(n, np.arange(n, dtype=np.int32), start.astype(float))
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    info = solver.getInfo()
    point = np.asarray(solver.getSolution().col_value)
    found = info.primal_solution_status == 2 and len(point) == total
    bound = info.mip_dual_bound * program.unit
    return Answer(np.rint(point) if found else np.zeros(0), bound, np.zeros(n), max(1, info.mip_node_count))


def tighten(program: Master, answer: Answer, *, best: float, grain: float) -> None:
    """Fixes what no better pattern does otherwise, by reduced costs.

    Args:
        program: The program; its bounds shrink.
        answer: The linear relaxation.
        best: Cost of the best pattern known, without what is hidden in every pattern.
        grain: Better patterns cost at least this much less.
    """
    room = (best - grain - answer.bound) / program.unit + TIGHT * max(1.0, best / program.unit)
    free = program.floor < program.ceiling
    value = answer.point[: len(program.price)]
    program.ceiling[free & (answer.reduced > room) & (value < 0.5)] = 0
    program.floor[free & (-answer.reduced > room) & (value > 0.5)] = 1

"""Linear programs over the changes an attacker cannot rule out, solved with HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from anonymize.goals import FLOOR, TOLERANCE
from anonymize.relations import Index

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix, csr_matrix

    from anonymize.attack import View
    from anonymize.system import System

Vector = NDArray[np.float64]

INTERIOR = 600
"""Above this many columns the interior point method without crossover is faster than the simplex method."""
NEAR, FAR = 2_000.0, 1e7
"""How far cells may move in the search for witnesses, and when a single bound is wanted."""
REACH = 100.0
"""How far amounts may move, in protection levels."""
EXACT = 1e6
"""Levels are scaled down to this at most: a solver keeps about a dozen digits, and tolerances are absolute."""


@dataclass(frozen=True, slots=True)
class Program:
    """Changes d of some cells of a view: sums keep, bounds hold for truth + d.

    Attributes:
        columns: Columns of the view.
        rows: The constraint matrix over these columns.
        row_low: Lower bound per row.
        row_high: Upper bound per row.
        low: Lower bound per column.
        high: Upper bound per column.
        solver: The HiGHS model.
        unit: Bounds and answers of the solver are in this unit, so that amounts in the billions keep their digits.
    """

    columns: Index
    rows: csr_matrix
    row_low: Vector
    row_high: Vector
    low: Vector
    high: Vector
    solver: Any
    unit: float = 1.0


def build(
    view: View, columns: Index, *, reach: float, integer: bool = False, vertices: bool = False
) -> Program:
    """The program over whole connected components.

    Args:
        view: The attacker's view.
        columns: All columns of one or more components, ascending.
        reach: No cell moves further up than this.
        integer: Whether changes are whole numbers.
        vertices: Whether answers must be vertices, exact but slow for many columns.
    """
    levels = np.maximum(view.goals.below[columns], view.goals.above[columns])
    widest = float(levels.max(initial=0))
    unit = 1.0 if integer else max(1.0, widest / EXACT)
    rows, *bounds = constraints(view, columns, reach=max(reach, REACH * widest))
    row_low, row_high, low, high = (bound / unit for bound in bounds)
    model = replace(pose(rows, row_low, row_high, low, high), columns=columns, unit=unit)
    if not integer:
        return _tuned(model, vertices=vertices)
    _set_integer(model.solver, len(columns))
    return model


def restricted(
    given: System, by_column: csc_matrix, columns: Index, *, reach: float, vertices: bool
) -> Program:
    """The program over some columns of a system, all others as they are.

    Args:
        given: The system.
        by_column: Its rows, by column.
        columns: The columns that may change, ascending; whole components, or part of one.
        reach: No cell moves further than this.
        vertices: As for `build`.
    """
    rows = by_column[:, columns].tocsr().astype(float)
    rows = rows[np.diff(rows.indptr) > 0]
    unit = max(1.0, given.widest / EXACT)
    reach = max(reach, REACH * given.widest)
    low = np.maximum((given.lower[columns] - given.truth[columns]).astype(float), -reach) / unit
    high = np.minimum((given.upper[columns] - given.truth[columns]).astype(float), reach) / unit
    still = np.zeros(rows.shape[0])
    model = replace(pose(rows, still, still, low, high), columns=columns, unit=unit)
    return _tuned(model, vertices=vertices)


def _tuned(model: Program, *, vertices: bool) -> Program:
    """Sets the method: many columns by interior points, few by the simplex method from where it stands."""
    if len(model.columns) > INTERIOR and not vertices:
        model.solver.setOptionValue("solver", "ipm")
        model.solver.setOptionValue("run_crossover", "off")
    else:
        model.solver.setOptionValue("presolve", "off")
        model.solver.setOptionValue("simplex_strategy", 4)
    return model


def pose(rows: csr_matrix, row_low: Vector, row_high: Vector, low: Vector, high: Vector) -> Program:
    """A program over any columns, for the solver HiGHS chooses."""
    solver = _solver(rows, row_low, row_high, low, high)
    return Program(np.arange(rows.shape[1]), rows, row_low, row_high, low, high, solver)


def constraints(
    view: View, columns: Index, *, reach: float
) -> tuple[csr_matrix, Vector, Vector, Vector, Vector]:
    """Rows, their bounds and the bounds of the columns of `build`."""
    from scipy.sparse import csr_matrix, vstack

    place = np.full(len(view.cells), -1, np.int64)
    place[columns] = np.arange(len(columns))
    sums = view.sums[:, columns]
    sums = sums[np.diff(sums.indptr) > 0]
    inside = np.flatnonzero(place[view.part] >= 0)
    part, whole = view.part[inside], view.whole[inside]
    n = len(inside)
    ordered = csr_matrix(
        (np.repeat([1.0, -1.0], n), (np.tile(np.arange(n), 2), place[np.concatenate([part, whole])])),
        shape=(n, len(columns)),
    )
    still = np.zeros(sums.shape[0])
    slack = (view.truth[whole] - view.truth[part]).astype(float)
    rows = vstack([sums, ordered]).tocsr()
    low = (view.goals.lower[columns] - view.truth[columns]).astype(float)
    low[view.goals.lower[columns] <= FLOOR] = -reach
    high = np.minimum((view.goals.upper[columns] - view.truth[columns]).astype(float), reach)
    below = np.full(n, -np.inf)
    return rows, np.concatenate([still, below]), np.concatenate([still, slack]), low, high


def _solver(rows: csr_matrix, row_low: Vector, row_high: Vector, low: Vector, high: Vector) -> Any:
    import highspy

    by_column = rows.tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = rows.shape[1], rows.shape[0]
    model.col_cost_ = np.zeros(rows.shape[1])
    model.col_lower_, model.col_upper_ = low, high
    model.row_lower_, model.row_upper_ = row_low, row_high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = by_column.indptr, by_column.indices
    model.a_matrix_.value_ = by_column.data
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    # One thread: the same answer on every machine.
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    return solver


def _set_integer(solver: Any, columns: int) -> None:
    import highspy

    kinds = np.full(columns, highspy.HighsVarType.kInteger.value, np.uint8)
    solver.changeColsIntegrality(columns, np.arange(columns, dtype=np.int32), kinds)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_max_nodes", 2_000)


def extreme(program: Program, cost: Vector) -> Vector | None:
    """The changes of least cost, or None when the solver gives no change that truly fits (TOLERANCE x unit)."""
    n = len(program.columns)
    scale = np.abs(cost).max() or 1.0
    program.solver.changeColsCost(n, np.arange(n, dtype=np.int32), cost / scale)
    program.solver.run()
    change: Vector = np.asarray(program.solver.getSolution().col_value)
    return change * program.unit if len(change) == n and fits(program, change) else None


def optimal(program: Program) -> bool:
    """Whether the last answer is proven to be the best."""
    import highspy

    return bool(program.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def fits(program: Program, change: Vector) -> bool:
    """Whether a change, in the unit of the program, satisfies every sum and bound."""
    if (change < program.low - TOLERANCE).any() or (change > program.high + TOLERANCE).any():
        return False
    sums = program.rows @ change
    return bool((sums >= program.row_low - TOLERANCE).all() and (sums <= program.row_high + TOLERANCE).all())


def fix(program: Program, place: int, low: float, high: float) -> None:
    """Bounds one column (a place in `columns`) until `release`."""
    program.solver.changeColBounds(place, low, high)


def release(program: Program, place: int) -> None:
    """Undoes `fix`."""
    program.solver.changeColBounds(place, program.low[place], program.high[place])

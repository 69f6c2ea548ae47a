"""Controlled rounding: one mixed-integer program over the sums of the table, in units of the base."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from anonymize import program
from anonymize.errors import InfeasibleError, Problem, Text
from anonymize.perturb.methods import ControlledRounding
from anonymize.program import Program
from anonymize.relations import Index, Relations, build, owners
from anonymize.table import Table

GAP = 0.005
"""The search stops when the deviation is proven to be within half a percent of the least."""
FAR = 20.0
"""A unit beyond the adjacent multiples costs this many times the base: it is the last resort."""


class Rounded(NamedTuple):
    """A controlled rounding.

    Attributes:
        values: The counts, aligned with `Table.cells`.
        messages: What could not be kept, and where the search was cut short.
    """

    values: Index
    messages: tuple[Text, ...]


class _Outcome(NamedTuple):
    """One measure: its counts, cells beyond their adjacent multiples, whether proven best."""

    values: Index
    beyond: int
    best: bool


def rounded(table: Table, method: ControlledRounding) -> Rounded:
    """The least deviating table of multiples of the base that adds up.

    Raises:
        InfeasibleError: The budget of the search was spent before any table was found.
    """
    width = len(table.measures)
    relations = build(list(table.dimensions.values()))
    result = np.zeros((relations.cells, width), np.int64)
    messages: list[Text] = []
    for m, name in enumerate(table.measures):
        outcome = _one(relations, table.values[m::width], method)
        if outcome is None:
            raise InfeasibleError([_unfinished(name)])
        result[:, m] = outcome.values
        messages += _messages(name, outcome)
    return Rounded(result.ravel(), tuple(messages))


def _one(relations: Relations, values: Index, method: ControlledRounding) -> _Outcome | None:
    """Zero-restricted if such a table exists, else as near to that as possible."""
    floor, rest = values // method.base, values % method.base
    model = _model(relations, floor, rest, (method, False))
    found = program.extreme(model, _cost(rest, method.base))
    if found is not None:
        return _Outcome((floor + np.rint(found).astype(np.int64)) * method.base, 0, program.optimal(model))
    model = _model(relations, floor, rest, (method, True))
    far = np.full(2 * len(rest), FAR * method.base)
    found = program.extreme(model, np.concatenate([_cost(rest, method.base), far]))
    if found is None:
        return None
    near, more, less = np.rint(found).astype(np.int64).reshape(3, -1)
    beyond = int(((more != 0) | (less != 0)).sum())
    return _Outcome((floor + near + more - less) * method.base, beyond, program.optimal(model))


def _cost(rest: Index, base: int) -> NDArray[np.float64]:
    """|published - count| is linear between two adjacent multiples."""
    return np.asarray((base - 2.0 * rest) * (rest > 0), np.float64)


def _model(relations: Relations, floor: Index, rest: Index, how: tuple[ControlledRounding, bool]) -> Program:
    """One column per cell: how many units it goes up; with slack two more: units beyond, up and down."""
    from scipy.sparse import csr_matrix, hstack

    method, slack = how
    signs = np.ones(len(relations.members))
    signs[relations.start[:-1]] = -1.0
    shape = (len(relations.start) - 1, len(floor))
    sums = csr_matrix((signs, (owners(relations), relations.members)), shape=shape)
    still = -(sums @ floor).astype(float)
    high = (rest > 0).astype(float)
    if slack:
        sums = hstack([sums, sums, -sums]).tocsr()
        high = np.concatenate([high, np.full(len(rest), np.inf), floor.astype(float)])
    model = program.pose(sums, still, still, np.zeros(len(high)), high)
    _whole(model.solver, len(high), method.nodes)
    # With the deviation of going down everywhere the objective is the whole deviation: the gap then has a meaning.
    scale = FAR * method.base if slack else np.abs(_cost(rest, method.base)).max() or 1.0
    model.solver.changeObjectiveOffset(float(rest.sum()) / scale)
    return model


def _whole(solver: Any, columns: int, nodes: int) -> None:
    import highspy

    kinds = np.full(columns, highspy.HighsVarType.kInteger.value, np.uint8)
    solver.changeColsIntegrality(columns, np.arange(columns, dtype=np.int32), kinds)
    solver.setOptionValue("mip_rel_gap", GAP)
    solver.setOptionValue("mip_max_nodes", nodes)


def _messages(name: str, outcome: _Outcome) -> list[Text]:
    found = []
    if outcome.beyond:
        n = outcome.beyond
        found.append(Text(
            f"{name}: không có bảng làm tròn nào chỉ dùng bội số liền kề; {n} ô phải đi xa hơn.",
            f"{name}: no rounding to adjacent multiples adds up; {n} cells had to go further.",
        ))  # fmt: skip
    if not outcome.best:
        found.append(Text(
            f"{name}: hết ngân sách tìm kiếm (nodes) trước khi chứng minh là tốt nhất.",
            f"{name}: the budget of the search (nodes) was spent before the best was proven.",
        ))  # fmt: skip
    return found


def _unfinished(name: str) -> Problem:
    return Problem(
        f"controlled_rounding: {name}",
        Text("chưa tìm được bảng nào trong ngân sách tìm kiếm.", "no table was found within the budget."),
        Text(
            "Tăng nodes, giảm số chiều, hoặc dùng small_count_rounding.",
            "Raise nodes, use fewer dimensions, or use small_count_rounding.",
        ),
    )

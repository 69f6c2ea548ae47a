"""A task in the shape the compiled elimination wants: cells numbered bottom-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.goals import Goals, weight
from anonymize.relations import Index, Relations

if TYPE_CHECKING:
    from anonymize.greedy import Found, Problem, State

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be hidden in one measure; arrays have one entry per cell.

    Attributes:
        relations: The sums.
        values: Int64 counts.
        goals: What must hold for each cell.
        forced: Hidden for another reason.
        allowed: May be hidden at all: not known already, and no zero where zeros are published.
        besides: A tighter promise that must hold at the same time (`promises`).
    """

    relations: Relations
    values: Index
    goals: Goals
    forced: Mask
    allowed: Mask
    besides: Goals | None = None

    @property
    def cost(self) -> Index:
        """What hiding each cell costs."""
        return self.goals.cost

    @property
    def unit(self) -> float:
        """What stands for one counted person in the costs."""
        return weight(self.goals, self.allowed)


@dataclass(frozen=True, slots=True)
class Choice:
    """A pattern, and what it could not achieve.

    Attributes:
        hidden: The cells to hide.
        exposed: Sensitive cells that can be computed even with everything around them hidden.
        pairs: Two columns: cells that betray each other even so.
    """

    hidden: Mask
    exposed: Index
    pairs: Index


def slacks(task: Task) -> Index:
    """Per promise and cell how far the cell is above what everybody knows it to be at least."""
    return np.array([task.values - promise.lower for promise in _promises(task)])


def quotas(task: Task) -> Index:
    """Per promise and sum how far its sensitive parts must be able to move; 0 where it has none.

    That far must the hidden parts of a sum, the cell among them, be able to give while its total is published.
    """
    relations = task.relations
    found = []
    for promise, slack in zip(_promises(task), slacks(task), strict=True):
        level = np.where(promise.above > 0, slack + promise.above, 0)
        move = np.where(promise.sensitive, np.maximum(promise.need - 1, level), 0)
        move = np.append(move, 0)[relations.members]
        move[relations.start[:-1]] = 0
        found.append(
            np.maximum.reduceat(move, relations.start[:-1]) if len(relations.start) > 1 else move[:0]
        )
    return np.array(found)


def _promises(task: Task) -> list[Goals]:
    return [task.goals, *([] if task.besides is None else [task.besides])]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A task with its cells numbered bottom-up, fewest leaf cells first.

    Attributes:
        task: The task.
        order: Per number its cell.
        place: Per cell its number.
        problem: The task in these numbers, without a candidate set.
    """

    task: Task
    order: Index
    place: Index
    problem: Problem


def prepare(task: Task, *, seed: int) -> Prepared:
    """Numbers the cells of a task."""
    from anonymize.greedy import Problem

    relations = task.relations
    order = np.lexsort((np.arange(relations.cells), relations.rank, relations.leaves))
    place = np.empty(relations.cells + 1, np.int64)
    place[order] = np.arange(relations.cells)
    place[-1] = -1
    members = place[relations.members]
    by_parent, first, touching, touch = lookups(relations.start, members, relations.cells)
    problem = Problem(
        relations.start, members, by_parent, first, touching, touch, quotas(task), np.zeros(0, np.bool_),
        task.goals.sensitive[order], slacks(task)[:, order], task.goals.alone[order],
        relations.links, seed + 88_172_645_463_325_252,
    )  # fmt: skip
    return Prepared(task, order, place[:-1], problem)


def lookups(start: Index, members: Index, cells: int) -> tuple[Index, Index, Index, Index]:
    """Where each cell is the total of a sum, and where it is a member: `by_parent`, `first`, `touching`, `touch`."""
    parent = members[start[:-1]] if len(start) > 1 else members[:0]
    parent = np.where(parent < 0, cells, parent)
    by_parent = np.argsort(parent, kind="stable")
    first = np.searchsorted(parent[by_parent], np.arange(cells + 1))
    by_member = np.argsort(members, kind="stable")
    touch = np.searchsorted(members[by_member], np.arange(cells + 1))
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    return by_parent, first, owner[by_member], touch


def publish(prepared: Prepared, hidden: Mask, candidates: Index) -> Choice:
    """Hides the candidate set but for what the greedy can publish of `candidates`, in this order."""
    from anonymize.greedy import decide

    problem = prepared.problem._replace(hidden=hidden[prepared.order])
    order = prepared.place[candidates]
    state, found = enlarged(problem, lambda state, found: decide(problem, state, found, order))
    back = np.zeros(len(state.stays), bool)
    back[prepared.order[state.stays]] = True
    return Choice(back, np.sort(prepared.order[found.exposed]), prepared.order[found.pairs])


def enlarged(
    problem: Problem, then: Callable[[State, Found], None], *, notes: bool = False
) -> tuple[State, Found]:
    """The greedy's state for a candidate set after a first step, with as much memory as this needs.

    Args:
        problem: With the candidate set.
        then: The step.
        notes: Whether there is room for notes, so that steps to come can be taken back.
    """
    from anonymize import greedy, sparse, undo

    cells = len(problem.hidden) + 1
    childless = problem.first[1:] == problem.first[:-1]
    columns = int((childless & problem.hidden).sum())
    room = 4096 + 200 * columns
    while True:
        try:
            memory = sparse.empty(cells, columns, room)
            state, found = greedy.begin(problem, memory, undo.notes(cells, columns, room if notes else 0))
            then(state, found)
            return state, found
        except MemoryError:
            room *= 4

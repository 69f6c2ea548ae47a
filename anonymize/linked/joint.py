"""One system of everything that is out and a table: what readers know of it, and where the table changes that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import View
from anonymize.goals import PEOPLE, UNBOUNDED, Goals, take
from anonymize.linked.equations import Equations, equations
from anonymize.linked.model import Publication
from anonymize.linked.pool import spread
from anonymize.linked.unify import Variables, scaled, unify
from anonymize.relations import Index

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Mask = NDArray[np.bool_]
Kind = TypeVar("Kind", np.int64, np.bool_)


@dataclass(frozen=True, slots=True)
class Joint:
    """Publications as one system.

    Attributes:
        given: The unknowns.
        found: The equations between them.
        linked: Pairs of unknowns (part, whole): concepts of which one counts part of the other.
        states: Per publication what its readers have.
    """

    given: Variables
    found: Equations
    linked: tuple[Index, Index]
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What the readers of one publication have, per row: the unknown, whether it is shown, the promises."""

    variable: Index
    shown: Mask
    seen: Mask
    numbers: dict[str, Index]
    zeros: bool
    people: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What readers of some publications know, per unknown and then per remainder.

    Attributes:
        known: Somebody shows it.
        held: It is in one of the publications.
        goals: What was promised, the strictest promise first; bounds are those that any publication gives away.
        least: The tighter lower bound: where zeros are shown a hidden cell is at least 1.
    """

    known: Mask
    held: Mask
    goals: Goals
    least: Index


def joint(
    publications: Sequence[Publication], open_: Sequence[Mask], parts: Sequence[tuple[str, str]] = ()
) -> Joint:
    """Unifies publications.

    Args:
        publications: All of them, the oldest first.
        open_: Per publication the rows that are or may be hidden; equations between other cells are left out.
        parts: Pairs of concepts (part, whole) of which readers know that the first never exceeds the second.
    """
    given = unify(publications)
    cells = len(given.truth)
    states = tuple(
        _state(one, rows.variable, publications) for one, rows in zip(publications, given.rows, strict=True)
    )
    reach, lower, unknown = np.zeros(cells, np.int64), np.zeros(cells, np.int64), np.zeros(cells, bool)
    for state, mask in zip(states, open_, strict=True):
        numbers, at = state.numbers, state.variable
        np.maximum.at(reach, at, numbers["need"] + numbers["below"] + numbers["above"])
        np.minimum.at(lower, at, numbers["lower"])
        unknown[at[mask]] = True
    signed = np.zeros(len(publications), bool)
    np.logical_or.at(signed, given.concept, lower < 0)
    given, found = equations(given, unknown, reach, signed=signed[given.concept])
    return Joint(given, found, _linked(given, parts), states)


def restated(of: Joint, earlier: int, shown: Sequence[Mask]) -> Joint:
    """The same system where the publications from number `earlier` on show exactly these rows."""
    states = [replace(state, shown=own) for state, own in zip(of.states[earlier:], shown, strict=True)]
    return replace(of, states=(*of.states[:earlier], *states))


def reading(of: Joint, publications: Sequence[int]) -> Reading:
    """What readers of these publications know together."""
    cells, rest = len(of.given.truth), len(of.found.rest)
    names = ("need", "below", "above", "lower", "least")
    need, below, above, lower, least = (np.zeros(cells, np.int64) for _ in names)
    lower[:], least[:] = -UNBOUNDED, -UNBOUNDED
    upper = np.full(cells, UNBOUNDED)
    known, held, people = (np.zeros(cells, bool) for _ in range(3))
    for number in publications:
        state = of.states[number]
        at, numbers, hidden = state.variable, state.numbers, ~state.shown
        held[at] = True
        known[at[state.shown]] = True
        people[at[state.seen & state.people]] = True
        for column, name in (
            (need, "need"),
            (below, "below"),
            (above, "above"),
            (lower, "lower"),
            (least, "lower"),
        ):
            np.maximum.at(column, at[hidden], numbers[name][hidden])
        np.minimum.at(upper, at[hidden], numbers["upper"][hidden])
        if state.zeros:
            np.maximum.at(least, at[hidden & state.seen], 1)
    truth = of.given.truth
    # What nobody publishes is not negative.
    lower[lower == -UNBOUNDED] = 0
    least = np.where(least == -UNBOUNDED, lower, least)
    below = np.minimum(below, np.maximum(truth - lower, 0))
    # What is not true binds nobody; no bound may make the truth impossible.
    bounds = np.minimum(lower, truth), np.maximum(upper, truth), np.minimum(np.maximum(least, lower), truth)
    alone = _alone(of, (truth == 1) & people & held)
    none = np.zeros(cells + rest, bool)
    lower, upper, least = bounds
    goals = Goals(
        need=_with(need, rest, 0), below=_with(below, rest, 0), above=_with(above, rest, 0),
        lower=_with(lower, rest, 0), upper=_with(upper, rest, int(UNBOUNDED)), alone=_with(alone, rest, -1),
        cost=_with(np.abs(truth), rest, 0), never=none, always=none,
    )  # fmt: skip
    return Reading(_with(known, rest, 0), _with(held, rest, 1), goals, _with(least, rest, 0))


def views(of: Joint, read: Reading, columns: Index, rows: Index) -> list[View]:
    """What an attacker sees of these unknowns (columns, ascending) in these equations, for each promise."""
    place = np.full(len(read.known), -1, np.int64)
    place[columns] = np.arange(len(columns))
    truth = np.concatenate([of.given.truth, of.found.rest])[columns]
    part, whole = (place[side] for side in of.linked)
    both = (part >= 0) & (whole >= 0)
    goals = take(read.goals, columns)
    seen = View(
        columns,
        matrix(of.found, rows, place),
        part[both],
        whole[both],
        truth,
        _capped(of, read, goals, place),
    )
    tight = np.maximum(seen.goals.lower, read.least[columns])
    if (tight == seen.goals.lower).all():
        return [seen]
    nothing = np.zeros(len(columns), np.int64)
    two = np.where(seen.goals.sensitive, 2, 0)
    first = replace(seen.goals, need=two, below=nothing, above=nothing, lower=tight)
    return [replace(seen, goals=first), seen]


def matrix(found: Equations, rows: Index, place: Index) -> csr_matrix:
    """The equations over the unknowns that have a place: parts +1, totals -1."""
    from scipy.sparse import csr_matrix

    owner, entry, first = entries(found, rows)
    column = place[found.members[entry]]
    inside = column >= 0
    shape = (len(rows), int(place.max(initial=-1)) + 1)
    sign = np.where(first, -1.0, 1.0)[inside]
    return csr_matrix((sign, (owner[inside], column[inside])), shape=shape)


def entries(found: Equations, rows: Index) -> tuple[Index, Index, Mask]:
    """Per member of these equations: which of them, its place in `members`, whether it is the total."""
    owner, entry = spread(found.start, rows)
    return owner, entry, entry == found.start[rows][owner]


def touched(of: Joint, before: Reading, after: Reading, earlier: int) -> tuple[Index, Index]:
    """The unknowns and the equations of the components where later publications change what can be known.

    Args:
        of: The system.
        before: What readers of the earlier publications know.
        after: What readers of all know.
        earlier: The number of earlier publications.

    Returns:
        Unknowns (ascending) and equations.
    """
    old, now = before.goals, after.goals
    more = (now.need > old.need) | (now.below > old.below) | (now.above > old.above)
    more |= (now.lower > old.lower) | (now.upper < old.upper) | (after.least > before.least)
    new = (after.known & ~before.known) | (more & ~after.known)
    new |= after.held & ~before.held
    return components(of, after.known, new, of.found.source >= earlier, joining=before.held)


def components(
    of: Joint, known: Mask, start: Mask, fresh: Mask, *, joining: Mask | None = None
) -> tuple[Index, Index]:
    """The unknowns and equations of the components that hold something of `start` or `fresh`.

    Args:
        of: The system.
        known: What is known.
        start: Unknowns, known or not, that are looked for.
        fresh: Equations that are looked for.
        joining: Components with nothing of this are left out.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    cells, height = len(known), len(of.found.start) - 1
    start = _across(of, start)
    owner, entry, _ = entries(of.found, np.arange(height))
    member = of.found.members[entry]
    free = ~known[member]
    part, whole = of.linked
    tied = ~known[part] & ~known[whole]
    ends = np.concatenate([owner[free] + cells, part[tied]]), np.concatenate([member[free], whole[tied]])
    size = cells + height
    graph = coo_matrix((np.ones(len(ends[0]), bool), ends), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    wanted = np.zeros(size, bool)
    wanted[label[:cells][start & ~known]] = True
    hot = fresh.copy()
    np.logical_or.at(hot, owner, start[member])
    wanted[label[cells:][hot]] = True
    if joining is not None:
        joining = _across(of, joining)
        old = np.zeros(size, bool)
        old[label[:cells][joining & ~known]] = True
        beside = np.zeros(height, bool)
        np.logical_or.at(beside, owner, joining[member])
        old[label[cells:][beside]] = True
        wanted &= old
    some = np.bincount(owner, free, height) > 0
    return np.flatnonzero(wanted[label[:cells]] & ~known), np.flatnonzero(wanted[label[cells:]] & some)


def _across(of: Joint, cells: Mask) -> Mask:
    """These unknowns, and the parts and wholes that they bound."""
    part, whole = of.linked
    found = cells.copy()
    found[whole[cells[part]]] = True
    found[part[cells[whole]]] = True
    return found


def _state(one: Publication, variable: Index, publications: Sequence[Publication]) -> State:
    shown = one.cells["value"].is_not_null().to_numpy()
    seen = one.cells["seen"].to_numpy() if "seen" in one.cells.columns else np.ones(len(shown), bool)
    return State(variable, shown & seen, seen, scaled(one, publications), one.zeros, one.people)


def _alone(of: Joint, one: Mask) -> Index:
    """Who is alone in each cell of one person: cells of one person within each other hold the same one."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    single = np.append(one, np.zeros(len(of.found.rest), bool))
    owner, entry, first = entries(of.found, np.arange(len(of.found.start) - 1))
    member = of.found.members[entry]
    total = of.found.members[of.found.start[owner]]
    same = single[total] & single[member] & ~first
    shape = (len(single), len(single))
    graph = coo_matrix((np.ones(int(same.sum())), (total[same], member[same])), shape=shape)
    label = connected_components(graph, directed=False)[1]
    return np.where(one, PEOPLE + label[: len(one)], -1)


def _linked(given: Variables, parts: Sequence[tuple[str, str]]) -> tuple[Index, Index]:
    """Cells at the same place whose concepts are part and whole, where no revision speaks against it."""
    number = {one.concept: i for i, one in reversed([*enumerate(given.publications)])}
    found: list[tuple[Index, Index]] = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for part, whole in parts:
        if part not in number or whole not in number:
            continue
        a, b = (np.flatnonzero(given.concept == number[name]) for name in (part, whole))
        b = b[np.argsort(given.key[b], kind="stable")]
        start = np.searchsorted(given.key[b], given.key[a])
        end = np.searchsorted(given.key[b], given.key[a], side="right")
        sizes = end - start
        left = np.repeat(a, sizes)
        step = np.arange(len(left)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        right = b[np.repeat(start, sizes) + step]
        fits = given.truth[left] <= given.truth[right]
        found.append((left[fits], right[fits]))
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def _capped(of: Joint, read: Reading, goals: Goals, place: Index) -> Goals:
    """What a part and its whole bound of each other where one of the two is known."""
    part, whole = of.linked
    lower, upper, truth = goals.lower.copy(), goals.upper.copy(), of.given.truth
    capped = (place[part] >= 0) & read.known[whole]
    np.minimum.at(upper, place[part[capped]], truth[whole[capped]])
    raised = (place[whole] >= 0) & read.known[part]
    np.maximum.at(lower, place[whole[raised]], truth[part[raised]])
    return replace(goals, lower=lower, upper=upper)


def _with(column: NDArray[Kind], rest: int, value: int) -> NDArray[Kind]:
    """The same with a value for every remainder."""
    return np.append(column, np.full(rest, value, column.dtype))

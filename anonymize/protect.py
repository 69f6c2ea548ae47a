"""Protection of a table: hide what must not be shown, and whatever would give it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import hideable
from anonymize.elimination import Choice, Task
from anonymize.errors import InfeasibleError, PolicyError, Problem, Text
from anonymize.goals import promises, take
from anonymize.known import Earlier, Known, gather, populations
from anonymize.policy import Protection, companions, ordered_measures
from anonymize.protected import PUBLISHED, SUPPRESSED, Protected, cell_codes, digest, publish
from anonymize.relations import Relations, relate, with_sums
from anonymize.suppress import Effort, select
from anonymize.table import Table
from anonymize.terms import check

if TYPE_CHECKING:
    from anonymize.linked import Memory

__all__ = ["PUBLISHED", "SUPPRESSED", "Protected", "cell_codes", "check", "digest", "protect", "publish"]

Mask = NDArray[np.bool_]

EXACT = 1_500
"""Cells that may be hidden, up to which the exact choice is offered."""


def protect(
    table: Table,
    policy: Protection,
    known: Known = (),
    *,
    seed: int = 0,
    effort: Effort = "default",
    memory: Memory | None = None,
) -> Protected:
    """Hides the sensitive cells and as little else as is needed so that nobody can compute them.

    The null-space greedy chooses cells that no linear algebra gives back (promise G1, insiders included); the interval
    attack then finds sensitive cells that are still known too closely (G2), and further cells are hidden for these.

    Args:
        table: The table.
        policy: The promises.
        known: Earlier releases: frames with the key columns of `table.cells` and `value`, or `Protected` tables.
        seed: Same table, policy, `known`, seed and effort: the same pattern, on any machine.
        effort: How long to look for a pattern that hides less; never whether it is safe. "low", "default" and "high"
            are the length of a local search; "optimal" solves the problem exactly, for small tables, and tells
            the optimality gap (`Protected.gap`).
        memory: Everything else that is out and counts the same: other datasets, versions of other codes
            (`anonymize.linked`).

    Raises:
        PolicyError: The policy names a measure that the table lacks, an earlier release cannot be matched, or the
            table is too large for "optimal".
        TableError: A count is larger than the count that it is a part of.
        InfeasibleError: Cells that cannot be protected, because they or what surrounds them is already public.
    """
    check(table, policy)
    relations = relate(table)
    earlier = gather(table, known, relations)
    if memory is None:
        hidden, gap = _hidden(table, policy, relations, earlier, (seed, effort))
    else:
        hidden, gap = _remembered(table, policy, (relations, earlier), memory, (seed, effort))
    return replace(publish(table, hidden, policy), gap=gap)


def _hidden(
    table: Table, policy: Protection, relations: Relations, earlier: Earlier, how: tuple[int, Effort]
) -> tuple[Mask, float | None]:
    """What is to be hidden of a table by itself, and the optimality gap."""
    from anonymize import repair

    hidden, gap = _chosen(table, policy, relations, earlier, how)
    wide = repair.widen(table, hidden, policy, relations=relations, earlier=earlier, seed=how[0])
    final = wide | _beside(table, wide, policy, earlier)
    # The bound is one on what was chosen; what came on top is not measured against it.
    return final, gap if (final == hidden).all() else None


def _remembered(
    table: Table,
    policy: Protection,
    public: tuple[Relations, Earlier],
    memory: Memory,
    how: tuple[int, Effort],
) -> tuple[Mask, float | None]:
    """The same with everything that is out: first by itself, then what the memory asks for besides."""
    from anonymize import linked

    relations, earlier = public
    scene = linked.scene(table, policy, memory)
    if scene is None:
        return _hidden(table, policy, relations, earlier, how)
    found = linked.before(scene, seed=how[0])
    revealed = earlier.revealed | found.revealed
    both = Earlier(revealed, (earlier.hidden | found.hidden) & ~revealed, earlier.sums)
    try:
        hidden, gap = _hidden(table, policy, relations, both, how)
    except InfeasibleError:
        problems = linked.blocking(scene, seed=how[0])
        if problems:
            raise InfeasibleError(problems) from None
        # What was given away before is not held against the table: it is protected as if it were not out.
        both = replace(both, revealed=earlier.revealed)
        hidden, gap = _hidden(table, policy, relations, both, how)
    final = hidden
    while True:
        wide = linked.widen(scene, final, seed=how[0])
        final = wide | _beside(table, wide, policy, both)
        if (final == wide).all():
            return final, gap if (final == hidden).all() else None


def _chosen(
    table: Table, policy: Protection, relations: Relations, earlier: Earlier, how: tuple[int, Effort]
) -> tuple[Mask, float | None]:
    """The pattern of the selection, measure by measure, every whole before its parts; and its optimality gap."""
    width = len(table.measures)
    *tighter, wanted = promises(table, policy)
    before = tighter[0] if tighter else None
    allowed = hideable(table, policy, earlier)
    # A measure not chosen yet is hidden where it must be: this is what its companions follow.
    hidden = ((wanted.sensitive | wanted.always) & allowed).reshape(-1, width)
    gaps: list[float] = []
    blocked: list[int] = np.flatnonzero((wanted.sensitive | wanted.always) & ~allowed).tolist()
    for name in ordered_measures(policy.subsets, set(table.measures)):
        m = table.measures.index(name)
        own = take(wanted, slice(m, None, width))
        own = replace(own, need=np.where(allowed[m::width], own.need, 0))
        tight = take(before, slice(m, None, width)) if before else None
        task = Task(
            with_sums(relations, earlier.sums[m]),
            table.values[m::width],
            own,
            (_follow(table, policy, name, hidden, earlier) | own.always) & allowed[m::width] & ~own.sensitive,
            allowed[m::width],
            tight,
        )
        choice = select(task, table.grid, list(table.dimensions.values()), seed=how[0], effort=how[1])
        if how[1] == "optimal":
            choice, gap = _exact(task, choice)
            gaps.append(gap)
        hidden[:, m] = choice.hidden
        blocked += (np.concatenate([choice.exposed, choice.pairs.ravel()]) * width + m).tolist()
    if blocked:
        from anonymize import repair

        raise InfeasibleError(repair.blocking(table, np.unique(blocked)))
    return hidden.ravel(), max(gaps) if gaps else None


def _exact(task: Task, choice: Choice) -> tuple[Choice, float]:
    """The optimum of one measure, or the best pattern the budget allows."""
    from anonymize.optimal import optimum

    if task.allowed.sum() > EXACT:
        raise PolicyError([_TOO_LARGE])
    best = optimum(task, choice.hidden, cost=task.cost.astype(float), besides=task.besides)
    return Choice(best.hidden, np.union1d(choice.exposed, best.unmet), choice.pairs), best.gap


def _follow(table: Table, policy: Protection, name: str, hidden: NDArray[np.bool_], earlier: Earlier) -> Mask:
    """A part is hidden wherever its whole is: it would be a lower bound. So are measures declared to go together.

    What an earlier release hid stays hidden: its pattern was safe, and a new one between the cells that are public
    by now may not exist.
    """
    m, width = table.measures.index(name), len(table.measures)
    wholes = [table.measures.index(s.whole) for s in policy.subsets if s.part == name]
    wholes += [table.measures.index(other) for other in companions(policy, name)]
    found = hidden[:, wholes].any(axis=1) | earlier.hidden[m::width]
    found = (found & (table.values[m::width] != 0)) | ~table.seen[m::width]
    return np.asarray(found & ~earlier.revealed[m::width])


def _beside(table: Table, hidden: Mask, policy: Protection, earlier: Earlier) -> Mask:
    """Rows to be hidden with others: companions of a hidden measure, other names of a hidden population.

    Hiding more never helps an attacker.
    """
    column = {name: table.measures.index(name) for group in policy.together for name in group}
    each = hidden.reshape(-1, len(table.measures)).copy()
    for name, own in column.items():
        each[:, own] |= hidden.reshape(each.shape)[:, [column[m] for m in companions(policy, name)]].any(
            axis=1
        )
    same = populations(table)
    held = np.zeros(len(same), bool)
    held[same[each.ravel()]] = True
    return np.asarray(held[same] & hideable(table, policy, earlier))


_TOO_LARGE = Problem(
    "effort",
    Text(
        f"bảng có hơn {EXACT} ô có thể che: quá lớn để tìm nghiệm tối ưu.",
        f"more than {EXACT} cells can be hidden: too large for the optimum.",
    ),
    Text('Dùng effort="high".', 'Use effort="high".'),
)

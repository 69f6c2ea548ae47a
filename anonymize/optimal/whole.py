"""Patterns that only whole numbers betray: found by the integer programs of small parts, cut off one by one."""

from __future__ import annotations

import numpy as np

from anonymize.attack import View
from anonymize.goals import Goals, take
from anonymize.integers import LARGEST, doubts
from anonymize.intervals import components, intervals
from anonymize.optimal.component import INFORMED, PUBLIC, Component, Mask
from anonymize.optimal.cuts import Row
from anonymize.relations import Index


def betrayed(component: Component, hidden: Mask) -> list[tuple[Index, Row]]:
    """Where whole numbers leave less doubt than promised: the cells, and the cut against it.

    What is connected with a cell decides: until a published cell beside it joins, the cell stays betrayed.
    """
    if component.truth.dtype.kind != "i":
        return []
    found = _judged(component, hidden, component.goals, PUBLIC)
    if component.besides is not None:
        found += _judged(component, hidden, component.besides, INFORMED)
    return found


def _judged(component: Component, hidden: Mask, goals: Goals, reader: int) -> list[tuple[Index, Row]]:
    seen = _view(component, hidden, goals)
    labels = components(seen)
    found = doubts(seen, labels, intervals(seen, labels, seed=0, largest=LARGEST))
    pairs = [(c, reader) for c, _ in found.narrow]
    pairs += [(b, int(seen.goals.alone[a])) for a, b in found.insider]
    troubled = {c for c, who in pairs if (int(seen.cells[c]), who) not in component.waived}
    result = []
    for label in sorted({int(labels[c]) for c in troubled}):
        columns = seen.cells[labels == label]
        cells = seen.cells[sorted(c for c in troubled if labels[c] == label)]
        result.append((cells, _beside(component, hidden, columns)))
    return result


def _view(component: Component, hidden: Mask, goals: Goals) -> View:
    cells = np.flatnonzero(hidden)
    sums = component.sums[:, cells]
    sums = sums[np.diff(sums.indptr) > 0]
    nothing = np.zeros(0, np.int64)
    return View(cells, sums, nothing, nothing, component.truth[cells], take(goals, cells))


def _beside(component: Component, hidden: Mask, columns: Index) -> Row:
    """At least one published cell that shares a sum with these must be hidden."""
    touched = np.unique(component.sums[:, columns].nonzero()[0])
    around = np.unique(component.sums[touched].nonzero()[1])
    places = around[~hidden[around]].astype(np.int64)
    return Row(places, np.ones(len(places)), 1.0)

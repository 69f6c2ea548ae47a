"""How closely an attacker knows what a hidden part is short of its hidden whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from anonymize import program
from anonymize.attack import View
from anonymize.goals import Mask, possible
from anonymize.policy import Protection
from anonymize.relations import Index
from anonymize.rules import Complement, judge
from anonymize.table import Table


def pinned(view: View, labels: Index, table: Table, policy: Protection) -> Index:
    """Columns of parts whose small complement leaves fewer whole numbers than its rule asks.

    Doubt about a part is doubt about its complement only where the whole is published; where both are hidden, their
    difference has an interval of its own.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        table: The table.
        policy: Its rules `complement` are looked at.
    """
    found = [
        part
        for part, whole, need in complements(view, table, policy)
        if _numbers(view, labels, part, whole) < need
    ]
    return np.array(found, np.int64)


def complements(view: View, table: Table, policy: Protection) -> Iterator[tuple[int, int, int]]:
    """Columns of a part and of its whole, both hidden, and how many whole numbers their difference needs."""
    for rule in policy.rules:
        if isinstance(rule, Complement):
            verdict = judge(rule, table, zeros=policy.zeros)
            for part, whole in _both_hidden(view, table, rule, verdict.sensitive).tolist():
                yield part, whole, min(verdict.need, int(view.goals.need[part]))


def _both_hidden(view: View, table: Table, rule: Complement, sensitive: Mask) -> Index:
    """(column of the part, column of the whole) where the complement is sensitive and both are hidden."""
    column = np.full(len(table.values), -1, np.int64)
    column[view.cells] = np.arange(len(view.cells))
    parts = np.flatnonzero(sensitive)
    wholes = parts - table.measures.index(rule.part) + table.measures.index(rule.whole)
    pairs = np.stack([column[parts], column[wholes]], axis=1)
    return np.asarray(pairs[(pairs >= 0).all(axis=1)])


def _numbers(view: View, labels: Index, part: int, whole: int) -> int:
    """How many whole numbers the difference may be."""
    columns = np.flatnonzero(labels == labels[part])
    model = program.build(view, columns, reach=program.FAR, vertices=True)
    cost = np.zeros(len(columns))
    places = np.searchsorted(columns, [part, whole])
    ends = []
    for sign in (1.0, -1.0):
        cost[places] = -sign, sign
        change = program.extreme(model, cost)
        ends.append(0.0 if change is None else float(change[places[1]] - change[places[0]]))
    return int(possible(np.array(ends[:1]), np.array(ends[1:]))[0])

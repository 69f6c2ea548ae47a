"""Every attack on what a reader sees, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymize import nullspace
from anonymize.attack import View
from anonymize.errors import Text
from anonymize.evidence import Evidence, gathered
from anonymize.exact import Exposure, expose
from anonymize.goals import possible
from anonymize.integers import Doubt, doubts
from anonymize.intervals import BOUNDING, Intervals, components, intervals
from anonymize.nullspace import Basis
from anonymize.relations import Index
from anonymize.system import system
from ytemo_display.progress import tell

if TYPE_CHECKING:
    from anonymize.audit import Kind

SUMS = Text("Tấn công bằng phép cộng trừ", "Attacking by sums")


@dataclass(frozen=True, slots=True)
class Examined:
    """What the attacks found; columns of the views.

    Attributes:
        found: Kind of finding and column.
        intervals: Of the last view.
        evidence: Per view the alternative tables.
        labels: Per column its connected component.
        moves: The changes that no published sum sees.
    """

    found: set[tuple[Kind, int]]
    intervals: Intervals
    evidence: list[Evidence]
    labels: Index
    moves: Basis


def examine(views: Sequence[View], *, seed: int) -> Examined:
    """Attacks by sums, by intervals and over the whole numbers.

    Args:
        views: The attacker's view for each promise, the tightest bounds first; the published sums are the same.
        seed: For random vectors and objectives.
    """
    tell(SUMS)
    labels, moves = components(views[0]), nullspace.basis(system(views[0]).rows)
    exposure, before = expose(views[0], moves, seed=seed), None
    found: set[tuple[Kind, int]] = set()
    evidence = []
    for seen in views:
        tell(BOUNDING)
        now = intervals(seen, labels, seed=seed, moves=moves, before=before)
        doubt = doubts(seen, labels, now)
        evidence.append(gathered(seen, system(seen), now, doubt))
        found |= _kinds(exposure, now, doubt)
        before = now
    assert before is not None
    exact = {column for kind, column in found if kind == "exact"}
    # What can be computed under one promise need not be called narrow under another.
    found = {(kind, column) for kind, column in found if kind == "exact" or column not in exact}
    return Examined(found, before, evidence, labels, moves)


def _kinds(exposure: Exposure, found: Intervals, doubt: Doubt) -> set[tuple[Kind, int]]:
    left = possible(found.low, found.high)
    exact = set(exposure.exact.tolist())
    narrow = {int(c) for c in found.narrow if left[c] > 1} | {c for c, n in doubt.narrow if n > 1}
    exact |= {int(c) for c in found.narrow if left[c] <= 1} | {c for c, n in doubt.narrow if n <= 1}
    insider = {int(b) for _, b in exposure.insider} | {b for _, b in doubt.insider}
    result: set[tuple[Kind, int]] = {("exact", c) for c in exact}
    result |= {("narrow", c) for c in narrow - exact}
    return result | {("insider", c) for c in insider - exact}

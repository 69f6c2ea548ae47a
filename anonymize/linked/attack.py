"""The attack on a table together with everything that was released before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from anonymize.errors import Text
from anonymize.linked import explain
from anonymize.linked.equations import only
from anonymize.linked.joint import Joint, Reading, components, joint, reading, touched, views
from anonymize.linked.model import Leak, Memory, Publication
from anonymize.relations import Index
from ytemo_display.progress import tell

Mask = NDArray[np.bool_]
Kind = Literal["exact", "narrow", "insider"]
_ATTACKING = Text("Tấn công cùng mọi bản đã phát hành", "Attacking with everything released before")
WORSE: dict[Kind, int] = {"insider": 0, "narrow": 1, "exact": 2}


@dataclass(frozen=True, slots=True)
class Broken:
    """Promises that are broken: unknown -> how; and what the attacker saw."""

    kinds: dict[int, Kind]
    read: Reading
    columns: Index
    rows: Index


def attack(
    candidate: Sequence[Publication], memory: Memory, *, insiders: int = 1, seed: int = 1
) -> tuple[Leak, ...]:
    """What a table gives away together with what is out, in itself or in other releases.

    What was given away before it came, and what nothing that is out has a part in, is not told.

    Args:
        candidate: The table as it is to be released (`publications`).
        memory: What is out.
        insiders: As in `Protection`.
        seed: For the random vectors of the attack.

    Raises:
        PolicyError: A publication is incomplete.
    """
    earlier = relevant(memory, candidate)
    if not earlier:
        return ()
    tell(_ATTACKING)
    every = [*earlier, *candidate]
    of = joint(every, [one.cells["value"].is_null().to_numpy() for one in every], memory.parts)
    found = fresh(of, len(earlier), insiders=insiders, seed=seed)
    return explain.leaks(of, found.kinds, found.read, (found.columns, found.rows), candidate=len(earlier))


def standing(earlier: Sequence[Publication], *, insiders: int = 1, seed: int = 1) -> tuple[Leak, ...]:
    """What is given away among publications that are out; nothing can be done about it but to know.

    Raises:
        PolicyError: A publication is incomplete.
    """
    if not earlier:
        return ()
    of = joint(earlier, [one.cells["value"].is_null().to_numpy() for one in earlier])
    read = reading(of, range(len(earlier)))
    everything = np.ones(len(read.known), bool)
    columns, rows = components(of, read.known, everything, np.ones(len(of.found.start) - 1, bool))
    kinds = _broken(of, read, (columns, rows), insiders=insiders, seed=seed) | _shown(read)
    return explain.leaks(of, kinds, read, (columns, rows), candidate=None)


def relevant(memory: Memory, candidate: Sequence[Publication]) -> tuple[Publication, ...]:
    """What is out and has to do with what a table counts."""
    concepts = {one.concept for one in candidate}
    while more := {c for pair in memory.parts if concepts & {*pair} for c in pair} - concepts:
        concepts |= more
    return tuple(one for one in memory.earlier if one.concept in concepts)


def fresh(of: Joint, earlier: int, *, insiders: int, seed: int) -> Broken:
    """The promises that publications from number `earlier` on break, and that held before."""
    before, after = reading(of, range(earlier)), reading(of, range(len(of.states)))
    columns, rows = touched(of, before, after, earlier)
    kinds = _broken(of, after, (columns, rows), insiders=insiders, seed=seed) | _shown(after)
    if kinds:
        kinds = _new(of, kinds, before, earlier, insiders=insiders, seed=seed)
    return Broken(kinds, after, columns, rows)


def _new(
    of: Joint, kinds: dict[int, Kind], before: Reading, earlier: int, *, insiders: int, seed: int
) -> dict[int, Kind]:
    """Without what was as bad before."""
    start = np.zeros(len(before.known), bool)
    start[[*kinds]] = True
    old = replace(of, found=only(of.found, of.found.source < earlier))
    columns, rows = components(
        old, before.known, start & before.held, np.zeros(len(old.found.start) - 1, bool)
    )
    then = _broken(old, before, (columns, rows), insiders=insiders, seed=seed) | _shown(before)
    return {v: kind for v, kind in kinds.items() if v not in then or WORSE[then[v]] < WORSE[kind]}


def _shown(read: Reading) -> dict[int, Kind]:
    """What one publication hides, and promised that, and another shows."""
    return dict.fromkeys(np.flatnonzero(read.known & read.goals.sensitive).tolist(), "exact")


def _broken(
    of: Joint, read: Reading, where: tuple[Index, Index], *, insiders: int, seed: int
) -> dict[int, Kind]:
    """Every attack on these unknowns."""
    # Compiled code and solvers load only when there is something to attack.
    from anonymize.examine import examine
    from anonymize.linked.insiders import betrayed
    from anonymize.linked.persons import known

    columns, rows = where
    if not len(columns) or not read.goals.sensitive[columns].any():
        return {}
    if insiders < 1:
        nobody = np.full(len(read.known), -1, np.int64)
        read = replace(read, goals=replace(read.goals, alone=nobody))
    seen = views(of, read, columns, rows)
    found, own = examine(seen, seed=seed), known(of, read, where)
    kinds: dict[int, Kind] = {}
    for kind, column in found.found:
        unknown = int(columns[column])
        if kind == "insider" and own.within[column]:
            continue  # Who it was that computes it is not told: it may be somebody who knew.
        if kind in WORSE and (unknown not in kinds or WORSE[kinds[unknown]] < WORSE[kind]):
            kinds[unknown] = kind
    for column in betrayed(seen[0], found.labels, found.moves, own, together=insiders, seed=seed).tolist():
        kinds.setdefault(int(columns[column]), "insider")
    return kinds

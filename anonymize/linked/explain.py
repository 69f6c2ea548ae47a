"""How several releases give a cell away: which sums, of which releases, in codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from anonymize.errors import Text
from anonymize.linked import words
from anonymize.linked.joint import Joint, Reading, entries
from anonymize.linked.model import Leak
from anonymize.linked.persons import known
from anonymize.linked.reason import Part, Vector, combined, near, squeezed
from anonymize.relations import Index

Kind = Literal["exact", "narrow", "insider"]

MOST = 40
"""So many leaks are explained to the last sum; of more only the nearest sum is told."""
LEVELS = (1, 2, 3, 5, 9, None)
"""How far away, in sums, an explanation is looked for; the shortest first."""
PERSONS = 20
"""So many people alone in a cell are tried, the nearest first, to explain what one of them computes."""


def leaks(
    of: Joint,
    kinds: Mapping[int, Kind],
    read: Reading,
    where: tuple[Index, Index],
    *,
    candidate: int | None,
) -> tuple[Leak, ...]:
    """What was found, in words, sorted.

    Args:
        of: The system.
        kinds: Unknown -> what is wrong with it.
        read: What readers know.
        where: The unknowns and equations that were attacked.
        candidate: The number of the first publication that is under judgement; what its publications give away
            of themselves alone is left out, the audit of the table tells it.
    """
    found = []
    for number, unknown in enumerate(sorted(kinds)):
        leak = _leak(of, (unknown, kinds[unknown]), read, where, thorough=number < MOST)
        own = candidate is not None and {*leak.by, *leak.hidden_in} <= {of.given.publications[candidate].name}
        if not own:
            found.append(leak)
    return tuple(sorted(found, key=lambda leak: (leak.kind, leak.concept, leak.cell)))


def _leak(
    of: Joint, case: tuple[int, Kind], read: Reading, where: tuple[Index, Index], *, thorough: bool
) -> Leak:
    unknown, kind = case
    hiding = words.hiding(of, unknown)
    concept = of.given.publications[int(of.given.concept[unknown])].concept
    cell = words.cell(of, unknown, hiding[-1])
    names = tuple(dict.fromkeys(of.given.publications[p].name for p in hiding))
    by, relation = _reason(of, case, read, where, thorough=thorough)
    return Leak(kind, concept, cell, names, by, relation)


def _reason(
    of: Joint, case: tuple[int, Kind], read: Reading, where: tuple[Index, Index], *, thorough: bool
) -> tuple[tuple[str, ...], Text]:
    unknown, kind = case
    if read.known[unknown]:
        return words.published(of, unknown)
    for level in LEVELS if thorough else ():
        part = near(of, read, where, unknown, level)
        if kind == "exact" and (times := combined(part, unknown)) is not None:
            return words.computed(of, unknown, _terms(of, read, part, times))
        if kind == "insider" and (told := _insider(of, read, part, unknown)) is not None:
            return told
        if (
            kind != "insider"
            and (rows := squeezed(of, read, part, unknown, exact=kind == "exact")) is not None
        ):
            return words.bounded(of, read, unknown, rows)
    return words.bounded(of, read, unknown, _beside(of, where[1], unknown))


def _insider(of: Joint, read: Reading, part: Part, unknown: int) -> tuple[tuple[str, ...], Text] | None:
    """The nearest person alone in cells from which the unknown follows."""
    own = known(of, read, (part.columns, part.rows))
    column = int(np.searchsorted(part.columns, unknown))
    order = np.argsort(own.column, kind="stable")
    aware = {*own.who[own.column == column].tolist()}
    persons = [one for one in dict.fromkeys(own.who[order].tolist()) if one not in aware]
    for person in persons[:PERSONS]:
        times = combined(part, unknown, part.columns[own.column[own.who == person]])
        if times is not None:
            terms = _terms(of, read, part, times)
            return words.computed(of, unknown, terms, insider=_alone(read, part, person))
    return None


def _alone(read: Reading, part: Part, person: int) -> Index:
    """The cells that somebody is alone in, the near ones if there are any."""
    near = part.columns[read.goals.alone[part.columns] == person]
    return near if len(near) else np.flatnonzero(read.goals.alone == person)


def _terms(of: Joint, read: Reading, part: Part, times: Vector) -> dict[int, float]:
    """Known cells -> how many times each stands in the sum that is the unknown."""
    used = np.flatnonzero(np.abs(times) > 1e-7)
    owner, entry, first = entries(of.found, part.rows[used])
    member = of.found.members[entry]
    sign = np.where(first, 1.0, -1.0) * times[used][owner]
    found: dict[int, float] = {}
    for cell, amount in zip(member.tolist(), sign.tolist(), strict=True):
        found[cell] = found.get(cell, 0.0) + amount
    return {cell: amount for cell, amount in found.items() if read.known[cell] and abs(amount) > 1e-7}


def _beside(of: Joint, rows: Index, unknown: int) -> list[int]:
    """The shortest equation of an unknown."""
    owner, entry, _ = entries(of.found, rows)
    own = rows[owner[of.found.members[entry] == unknown]]
    sizes = np.diff(of.found.start)[own]
    return [int(row) for row in own[np.lexsort((own, sizes))][:1]]

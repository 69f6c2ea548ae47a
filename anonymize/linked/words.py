"""Cells and sums in words: codes and names of releases, never a number of a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from anonymize.errors import Text
from anonymize.goals import UNBOUNDED
from anonymize.linked.joint import Joint, Reading
from anonymize.relations import Index

TERMS = 8
"""So many cells of a sum are named."""
EVERYTHING = Text("tất cả", "everything")
REST = Text("phần còn lại", "the rest")


def hiding(of: Joint, unknown: int) -> list[int]:
    """The publications that hide an unknown and promised that; those that just hide it where none did."""
    hidden = [(p, bool(need > 0)) for p, shown, need in _rows(of, unknown) if not shown]
    return [p for p, promised in hidden if promised] or [p for p, _ in hidden]


def showing(of: Joint, unknown: int) -> list[int]:
    """The publications that show an unknown."""
    return [p for p, shown, _ in _rows(of, unknown) if shown]


def cell(of: Joint, unknown: int, publication: int) -> tuple[tuple[str, str], ...]:
    """The codes of an unknown as a publication names it, by axis; axes where it holds everything are left out."""
    one = of.given.publications[publication]
    row = int(np.flatnonzero(of.states[publication].variable == unknown)[0])
    codes = one.cells.row(row, named=True)
    return tuple((axis, codes[axis]) for axis in one.places if one.places[axis][codes[axis]] is not None)


def name(of: Joint, unknown: int, among: Iterable[int] = ()) -> Text:
    """An unknown in words, as one of these publications names it if it can."""
    if unknown >= len(of.given.truth):
        return REST
    own = [p for p, _, _ in _rows(of, unknown)]
    if not own:
        return _unpublished(of, unknown)
    wanted = [p for p in among if p in own]
    codes = " × ".join(f"{axis} {code}" for axis, code in cell(of, unknown, (wanted or own)[-1]))
    return Text(codes, codes) if codes else EVERYTHING


def _unpublished(of: Joint, unknown: int) -> Text:
    """A cell that nobody publishes, by codes of any publication."""
    found = []
    for number, (axis, places) in enumerate(of.given.axes.items()):
        place = int(of.given.places[unknown, number])
        if places.held[place] is not None:
            names = (c for one in of.given.publications for c, held in one.places.get(axis, {}).items()
                     if places.number[held] == place)  # fmt: skip
            found.append(f"{axis} {next(names)}")
    codes = " × ".join(found)
    return Text(codes, codes) if codes else EVERYTHING


def published(of: Joint, unknown: int) -> tuple[tuple[str, ...], Text]:
    """That a release simply shows it."""
    by = named(of, showing(of, unknown)[:1])
    what = name(of, unknown, showing(of, unknown))
    return by, Text(f"{what.vi} đã công bố", f"{what.en} is published")


def computed(
    of: Joint, unknown: int, terms: Mapping[int, float], *, insider: Index | None = None
) -> tuple[tuple[str, ...], Text]:
    """That a cell is a sum of published ones; of these and what an insider knows.

    Args:
        of: The system.
        unknown: The cell.
        terms: Published cells and how many times each stands in the sum.
        insider: The cells that the insider is alone in.
    """
    if not terms:  # bounds alone: to say what they come to would be to tell the cell
        own = hiding(of, unknown)
        what = name(of, unknown, own)
        return named(of, own), Text(
            f"{what.vi} suy ra được từ giới hạn đã biết", f"{what.en} follows from bounds that are known"
        )
    chosen = chosen_by(of, terms)
    called = {c: name(of, c, chosen) for c in terms}
    plus = sorted(terms, key=lambda c: (terms[c] < 0, int(of.given.truth[c] == 0), called[c].en))
    called = _apart(of, called)
    sides = [name(of, unknown, hiding(of, unknown)), *(called[c] for c in plus[:TERMS])]
    sums = []
    for language in (0, 1):
        text = sides[0][language] + " = "
        for place, (c, side) in enumerate(zip(plus[:TERMS], sides[1:], strict=True)):
            amount = terms[c]
            sign = (" + " if place else "") if amount > 0 else (" - " if place else "-")
            text += f"{sign}{_times(abs(amount))}{side[language]}"
        if len(plus) > TERMS:
            text += (f" ± {len(plus) - TERMS} ô khác", f" ± {len(plus) - TERMS} more cells")[language]
        sums.append(text)
    if insider is None:
        return named(of, chosen), Text(*sums)
    who = name(of, int(insider[0]))
    return named(of, chosen), Text(
        f"{sums[0]}, với người duy nhất trong {who.vi}", f"{sums[1]}, for whoever is alone in {who.en}"
    )


def _apart(of: Joint, called: Mapping[int, Text]) -> dict[int, Text]:
    """The names of cells; where two have one, as after a revision, with the release that shows each."""
    often = Counter(text.en for text in called.values())
    found = dict(called)
    for c, text in called.items():
        if often[text.en] > 1:
            (release,) = named(of, showing(of, c)[-1:])
            found[c] = Text(f"{text.vi} ({release})", f"{text.en} ({release})")
    return found


def bounded(of: Joint, read: Reading, unknown: int, rows: Iterable[int]) -> tuple[tuple[str, ...], Text]:
    """That sums hold a cell in narrow bounds."""
    rows = [*rows]
    members = [of.found.members[of.found.start[r] : of.found.start[r + 1]].tolist() for r in rows]
    known = {c: 1.0 for own in members for c in own if read.known[c]}
    by = chosen_by(of, known)
    cells = {unknown, *(c for own in members for c in own if not read.known[c])}
    by = sorted({*by, *(p for c in cells for p in _bounding(of, c))})
    shown: list[Text] = []
    for own in members[:2]:
        sides = [name(of, c, by) for c in own[: TERMS + 1]]
        more = " + …" if len(own) > TERMS + 1 else ""
        shown.append(Text(*(f"{sides[0][i]} = {' + '.join(s[i] for s in sides[1:])}{more}" for i in (0, 1))))
    if not shown:
        what = name(of, unknown, hiding(of, unknown))
        shown = [Text(f"{what.vi} nằm trong giới hạn hẹp", f"{what.en} lies within narrow bounds")]
    return named(of, by), Text("; ".join(s.vi for s in shown), "; ".join(s.en for s in shown))


def chosen_by(of: Joint, terms: Iterable[int]) -> list[int]:
    """Few publications that show these cells, the latest preferred."""
    left = {c: set(showing(of, c)) for c in terms}
    found: list[int] = []
    while left:
        counts: dict[int, int] = {}
        for shown in left.values():
            for p in shown:
                counts[p] = counts.get(p, 0) + 1
        if not counts:
            break
        best = max(counts, key=lambda p: (counts[p], p))
        found.append(best)
        left = {c: shown for c, shown in left.items() if best not in shown}
    return sorted(found)


def named(of: Joint, publications: Iterable[int]) -> tuple[str, ...]:
    """The names of releases, each once, the oldest first."""
    return tuple(dict.fromkeys(of.given.publications[p].name for p in sorted(publications)))


def _bounding(of: Joint, unknown: int) -> list[int]:
    """The publications that bound a cell without showing it, as a rate does."""
    if unknown >= len(of.given.truth):
        return []
    found = []
    for p, state in enumerate(of.states):
        rows = np.flatnonzero((state.variable == unknown) & ~state.shown)
        numbers = state.numbers
        if ((numbers["upper"][rows] < UNBOUNDED) | (numbers["lower"][rows] > 1)).any():
            found.append(p)
    return found


def _rows(of: Joint, unknown: int) -> list[tuple[int, bool, int]]:
    """(publication, shown, need) of every release that has an unknown."""
    found = []
    for p, state in enumerate(of.states):
        for row in np.flatnonzero(state.variable == unknown).tolist():
            found.append((p, bool(state.shown[row]), int(state.numbers["need"][row])))
    return found


def _times(amount: float) -> str:
    return "" if abs(amount - 1) < 1e-7 else f"{round(amount, 3):g} · "

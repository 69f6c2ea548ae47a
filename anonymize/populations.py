"""Which codes of a dimension have the same population, and what the sums between populations are.

A code stands for the set of leaves under it. Codes of equal sets are the same population whatever tree they are in and
whatever they are called; one of them takes part in the sums, the others are tied to it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Parents = Mapping[str, str]
Held = frozenset[str]
Sums = tuple[tuple[str, tuple[str, ...]], ...]


def holdings(parents: Parents) -> dict[str, Held]:
    """Code -> the leaves under it (a leaf holds itself)."""
    children = below(parents)
    found: dict[str, Held] = {}
    for code in downwards(parents)[::-1]:
        parts = children.get(code)
        found[code] = frozenset().union(*(found[c] for c in parts)) if parts else frozenset([code])
    return found


def below(parents: Parents) -> dict[str, list[str]]:
    """Code -> its children, sorted; leaves have no entry."""
    children: dict[str, list[str]] = {}
    for child, parent in sorted(parents.items()):
        children.setdefault(parent, []).append(child)
    return children


def downwards(parents: Parents) -> list[str]:
    """The codes of a tree, every parent before its children."""
    children = below(parents)
    ordered = sorted(set(parents.values()) - set(parents))
    for code in ordered:  # grows while it is read
        ordered += children.get(code, ())
    return ordered


def stand_ins(groupings: Sequence[Parents], omitted: Collection[str]) -> dict[str, str]:
    """Each code whose population is tabulated -> the code that takes part in the sums for it.

    That is the shown code farthest from the root, so that a chain of single children ends in it. A leaf that is never
    shown stands for itself when no shown code has its population.
    """
    leaves = set(groupings[0]) - set(groupings[0].values())
    best: dict[Held, tuple[bool, int, str]] = {}
    every: dict[str, Held] = {}
    for parents in groupings:
        held = holdings(parents)
        every |= held
        for depth, code in enumerate(downwards(parents)):
            if code not in omitted or code in leaves:
                rank = (code in omitted, -depth, code)
                best[held[code]] = min(best.get(held[code], rank), rank)
    return {code: best[held][2] for code, held in every.items() if held in best}


def sums(groupings: Sequence[Parents], omitted: Collection[str], stands: Mapping[str, str]) -> Sums:
    """The sums over tabulated codes, sorted; the ties of equal populations among them."""
    found: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
    for parents in groupings:
        children = below(parents)
        for code in children.keys() & stands.keys():
            total = stands[code]
            if len(children[code]) > 1:
                parts = expanded(code, children, omitted, stands)
                # The same sum may be written with different codes of the same populations.
                plain = total, tuple(sorted(stands[p] for p in parts))
                found[plain] = min(found.get(plain, parts), parts)
            if code not in omitted and code != total:
                found[code, (total,)] = (total,)
    return tuple(sorted((total, parts) for (total, _), parts in found.items()))


def expanded(
    code: str, children: Mapping[str, list[str]], omitted: Collection[str], stands: Mapping[str, str]
) -> tuple[str, ...]:
    """The nearest tabulated codes under `code`: an omitted child is replaced by its equal or by what is below it."""
    found: list[str] = []
    for child in children[code]:
        if child not in omitted:
            found.append(child)
        elif child in stands:
            found.append(stands[child])
        else:
            found += expanded(child, children, omitted, stands)
    return tuple(sorted(found))


def replaced(
    groupings: Sequence[Parents], omitted: Collection[str], stands: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Each code that is not tabulated -> the tabulated codes whose sum it is."""
    found: dict[str, tuple[str, ...]] = {}
    for parents in groupings:
        children = below(parents)
        for code in sorted({*parents, *parents.values()} & set(omitted)):
            if code in stands:
                if stands[code] != code:
                    found[code] = (stands[code],)
            else:
                found.setdefault(code, expanded(code, children, omitted, stands))
    return found

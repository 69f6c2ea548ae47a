"""Brute force: every table of whole numbers that agrees with what is published; independent of the package."""

from itertools import product


class TooManyError(Exception):
    """More possibilities than brute force can list."""


def tables(leaves, cells, shown, floor, highest):
    """All assignments of the leaf cells (tuples of leaf positions) such that every published cell has its number.

    leaves: list of leaf names; cells: cell -> tuple of leaves it sums; shown: cell -> number or None (hidden);
    floor: what a hidden cell is at least; highest: no leaf is larger. A leaf that is no cell is only not negative.
    """
    found = []
    order = list(leaves)
    complete = {}
    for cell, parts in cells.items():
        complete.setdefault(max(order.index(p) for p in parts), []).append(cell)
    value = {}
    steps = iter(range(30_000))

    def fits(cell):
        total = sum(value[p] for p in cells[cell])
        return total == shown[cell] if shown[cell] is not None else total >= floor

    # No leaf is larger than a published cell that holds it.
    most = dict.fromkeys(order, highest)
    for cell, parts in cells.items():
        for p in parts if shown[cell] is not None else ():
            most[p] = min(most[p], shown[cell])

    def step(i):
        if next(steps, None) is None:
            raise TooManyError
        if i == len(order):
            found.append({cell: sum(value[p] for p in parts) for cell, parts in cells.items()})
            return
        for x in range(most[order[i]] + 1):
            value[order[i]] = x
            if all(fits(cell) for cell in complete.get(i, ())):
                step(i + 1)

    step(0)
    return found


def holdings(groupings):
    """Code -> tuple of its leaf codes, over child -> parent mappings that share their leaves."""
    inner = {parent for g in groupings for parent in g.values()}
    held = {}
    for parents in groupings:
        for leaf in set(parents) - inner:
            code = leaf
            while code is not None:
                held.setdefault(code, set()).add(leaf)
                code = parents.get(code)
    return {code: tuple(sorted(parts)) for code, parts in held.items()}


def grid(dimensions):
    """dimensions: list of {code: tuple of leaf codes}; the leaf cells and cell -> leaf cells."""
    leaf_codes = [sorted({leaf for parts in d.values() for leaf in parts}) for d in dimensions]
    leaves = list(product(*leaf_codes))
    cells = {
        cell: tuple(product(*(d[c] for d, c in zip(dimensions, cell, strict=True))))
        for cell in product(*(sorted(d) for d in dimensions))
    }
    return leaves, cells


def verdict(found, truth, cells, *, sensitive, need):
    """What the promises say about the possible tables: exact, narrow and insider cells.

    truth: cell -> number, for the leaf cells too.
    """
    exact, narrow, insider = set(), set(), set()
    for cell in sensitive:
        possible = {t[cell] for t in found}
        if len(possible) == 1:
            exact.add(cell)
        elif len(possible) < need:
            narrow.add(cell)
    alone = [cell for cell in sensitive if truth[cell] == 1]
    person = {cell: next(p for p in cells[cell] if truth[p] == 1) for cell in alone}
    for p in set(person.values()):
        # Alone in cells, somebody knows all of them, and that what is within them is theirs or empty.
        own = [set(cells[a]) for a in alone if person[a] == p]
        known = [c for c, parts in cells.items() if any(set(parts) <= o for o in own)]
        rest = [t for t in found if all(t[c] == truth[c] for c in known)]
        insider |= {b for b in sensitive if b not in known and len({t[b] for t in rest}) == 1}
    return exact, narrow, insider - exact

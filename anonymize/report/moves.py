"""The recodes worth trying next: those that change a cell which could not be protected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anonymize.hierarchy import Hierarchy
from anonymize.report.blocking import Codes
from anonymize.report.recode import Recode, coarser
from anonymize.report.tree import Tree, depths, topmost, tree, under
from anonymize.table import Table

Plan = tuple[Recode, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A plan to try next.

    Attributes:
        plan: The recodes, one per dimension, sorted.
        level: Whether the last step treated a whole level alike.
    """

    plan: Plan
    level: bool


def moves(table: Table, plan: Plan, blocking: Sequence[Codes]) -> Iterator[Move]:
    """Plans one step coarser than `plan`.

    In each dimension: merge a blocking code with its siblings, or drop what is below it; merge all blocking codes at
    once; leave out its level; go one level up everywhere; keep the total only.

    Args:
        table: The table before any recode.
        plan: What has been tried.
        blocking: The cells that could then not be protected; without any, only whole levels are changed.
    """
    done = {step.dimension: step for step in plan}
    dropped = {name for name, step in done.items() if coarser(table.dimensions[name], step) is None}
    for name, hierarchy in table.dimensions.items():
        if name in dropped:
            continue
        own = done.get(name, Recode(name))
        last = len(dropped) + 1 == len(table.dimensions)
        codes = [cell[name] for cell in blocking if name in cell]
        for step, level in _steps(hierarchy, own, codes):
            if step != own and not (last and coarser(hierarchy, step) is None):
                rest = [other for other in plan if other.dimension != name]
                yield Move(tuple(sorted([*rest, step])), level)


def _steps(hierarchy: Hierarchy, own: Recode, blocking: Sequence[str]) -> Iterator[tuple[Recode, bool]]:
    found = tree(hierarchy)
    if found.total is not None:
        yield Recode(own.dimension, (found.total,)), True
    current = coarser(hierarchy, own)
    if not found.nested or current is None:
        return
    now = tree(current)
    level = depths(now, current.codes)
    deepest = max(level.values())
    yield from _merged(found, own, _groups(now, level, deepest - 1), level=True)
    codes = [_seen(found, level, code) for code in blocking]
    if not codes:
        return
    first = codes[0]
    parents = [now.above[code] for code in codes if code in now.above]
    yield from _merged(found, own, parents[:1] if first in now.above else [], level=False)
    yield from _merged(found, own, [first] if first in now.below else [], level=False)
    yield from _merged(found, own, parents, level=False)
    yield from _merged(found, own, _groups(now, level, level[first] - 1), level=True)
    if level[first] > 0 and first in now.below:
        yield _normal(found, own, omitted=_groups(now, level, level[first])), True


def _merged(found: Tree, own: Recode, codes: Sequence[str], *, level: bool) -> Iterator[tuple[Recode, bool]]:
    if codes:
        yield _normal(found, own, merged=codes), level


def _normal(found: Tree, own: Recode, *, merged: Sequence[str] = (), omitted: Sequence[str] = ()) -> Recode:
    """The recode with more codes; what is below a merged code needs no mention, so equal plans are equal."""
    tops = topmost(found, [*own.merged, *merged])
    gone = {code for parent in tops for code in under(found, parent)} | set(tops)
    return Recode(own.dimension, tops, tuple(sorted({*own.omitted, *omitted} - gone)))


def _groups(now: Tree, level: dict[str, int], depth: int) -> list[str]:
    return [code for code, at in level.items() if at == depth and code in now.below]


def _seen(found: Tree, level: dict[str, int], code: str) -> str:
    """The code itself, or the tabulated code that took it in."""
    while code not in level and code in found.above:
        code = found.above[code]
    return code

"""What is left of a whole when a part of it is known: the men, where one release counts all and another the women.

No release need have these cells. Whoever has both releases computes them all the same, so small counts among them are
promised what other small counts are: the memory has them as cells that are never published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from anonymize import Protection, SmallCount, Table
from anonymize.goals import UNBOUNDED
from anonymize.linked import WHOLE, Memory, Place, Publication, publications, rest_of
from anonymize.rules.frequency import small

FEW: Final = 4
"""In fewer cells two tables may differ in one direction by chance."""

Leaves = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Axis:
    """The axis on which a release is a part.

    Attributes:
        name: The axis.
        leaves: All that there are on it.
        others: The other axes.
        number: Place on any of these -> its number; the whole has 0.
    """

    name: str
    leaves: frozenset[str]
    others: tuple[str, ...]
    number: Mapping[Place, int]

    @property
    def keys(self) -> list[str]:
        """The columns with the numbers of places on the other axes."""
        return _keys(self.others)


def with_rests(memory: Memory, table: Table, policy: Protection, leaves: Leaves) -> Memory:
    """The memory, and what releases of a part leave of releases of the whole, the table among them.

    Args:
        memory: From `recall`.
        table: The table that is to be judged; it may be the part, or the whole.
        policy: Its promises for small counts, which hold for what is left as well.
        leaves: Axis on which some release is fixed to one code -> all leaves of that axis.
    """
    below = max((rule.threshold for rule in policy.rules if isinstance(rule, SmallCount)), default=0)
    if not leaves or not below or table.magnitude:
        return memory
    out = (*memory.earlier, *_own(memory, table, policy))
    rests = [rest for axis in _axes(out, leaves) for rest in _rests(out, axis)]
    promised = [_promised(rest, below, policy) for rest in rests]
    return replace(memory, earlier=(*memory.earlier, *promised))


def resembling(memory: Memory, table: Table, policy: Protection) -> list[str]:
    """The datasets of which a table looks like a part that does not say so, or that look like parts of it.

    They count the same in the same cells by what they declare, and one is nowhere above the other and below it in most
    cells: women alone beside both sexes, without `fixed`. Nothing is taken for granted from that: late reports may
    look the same.

    Args:
        memory: From `recall`.
        table: The table that is to be judged.
        policy: Its promises.

    Returns:
        The ids, sorted.
    """
    own = _own(memory, table, policy)
    others = [one for one in memory.earlier if _dataset(one.name) != _dataset(memory.name)]
    names, number = _numbered((*others, *own))
    keys = _keys(names)
    found = set()
    for mine in () if table.magnitude else own:
        cells: dict[str, list[pl.DataFrame]] = {}
        for one in others:
            if one.concept == mine.concept:
                cells.setdefault(_dataset(one.name), []).append(_keyed(one, names, number))
        for id, theirs in cells.items():
            if _nowhere_above(_keyed(mine, names, number), pl.concat(theirs), keys):
                found.add(id)
    return sorted(found)


def _own(memory: Memory, table: Table, policy: Protection) -> tuple[Publication, ...]:
    """The table as one that was released without showing anything yet."""
    return publications(table, np.ones(len(table.values), bool), policy, memory)


def _dataset(release: str) -> str:
    """The id in the name of a release."""
    return release.split()[0]


def _nowhere_above(mine: pl.DataFrame, theirs: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Whether one is nowhere above the other, and below it in most of the cells that are not empty in both."""
    newest = theirs.unique(keys, keep="last", maintain_order=True)
    both = mine.join(newest, on=keys, suffix="_", maintain_order="left").filter(
        (pl.col("truth") > 0) | (pl.col("truth_") > 0)
    )
    lower, higher = (both["truth"] < both["truth_"]).sum(), (both["truth"] > both["truth_"]).sum()
    return both.height >= FEW and min(lower, higher) == 0 and 2 * max(lower, higher) > both.height


def _axes(out: Sequence[Publication], leaves: Leaves) -> Iterator[_Axis]:
    names, number = _numbered(out)
    for name in sorted(leaves):
        yield _Axis(name, leaves[name], tuple(other for other in names if other != name), number)


def _numbered(out: Sequence[Publication]) -> tuple[tuple[str, ...], Mapping[Place, int]]:
    """All axes, and a number for every place on them."""
    names = sorted({name for one in out for name in one.places})
    held = {place for one in out for places in one.places.values() for place in places.values()} - {WHOLE}
    places = sorted(held, key=lambda place: sorted(place or ()))
    return tuple(names), {WHOLE: 0} | {place: n for n, place in enumerate(places, start=1)}


def _rests(out: Sequence[Publication], axis: _Axis) -> Iterator[Publication]:
    """What each part leaves of each whole, as far as no release has these cells; what several leave once.

    A release with the axis as a dimension is no whole here: what it shows of its cells is judged with these.
    """
    for concept, held in dict.fromkeys((one.concept, _fixed(one, axis)) for one in out):
        same = {number: one for number, one in enumerate(out) if one.concept == concept}
        part = _cells({n: one for n, one in same.items() if _fixed(one, axis) == held}, axis, held)
        whole = _cells({n: one for n, one in same.items() if axis.name not in one.places}, axis, WHOLE)
        if held is WHOLE or held == axis.leaves or part is None or whole is None:
            continue
        left, known = _left(part, whole, axis.keys), _cells(same, axis, axis.leaves - held)
        if known is not None:
            left = left.join(known, on=axis.keys, how="anti", maintain_order="left")
        left = left.unique([*axis.keys, "truth"], keep="first", maintain_order=True)
        for (of, by), cells in left.partition_by("whole", "part", as_dict=True, maintain_order=True).items():
            yield _publication(same[int(by)], same[int(of)].name, cells, (axis, rest_of(held)))


def _fixed(one: Publication, axis: _Axis) -> Place:
    """The place that all of a publication has on an axis; the whole where it is more than a part."""
    places = {*one.places.get(axis.name, {}).values()}
    return places.pop() if len(places) == 1 else WHOLE


def _cells(same: Mapping[int, Publication], axis: _Axis, place: Place) -> pl.DataFrame | None:
    """The cells of publications at a place of the axis, the oldest first; None when there are none.

    Returns:
        The numbers of their other places, `truth`, `number` of the publication, `shown`.
    """
    found = [cells for number, one in same.items() if (cells := _at(one, number, axis, place)) is not None]
    return pl.concat(found) if found else None


def _at(one: Publication, number: int, axis: _Axis, place: Place) -> pl.DataFrame | None:
    cells = one.cells
    if axis.name in one.places:
        codes = [code for code, held in one.places[axis.name].items() if held == place]
        if not codes:
            return None
        cells = cells.filter(pl.col(axis.name).is_in(codes))
    elif place is not WHOLE:
        return None
    keyed = _keyed(replace(one, cells=cells), axis.others, axis.number)
    return keyed.with_columns(number=pl.lit(number))


def _keys(names: Sequence[str]) -> list[str]:
    """The columns with the numbers of places on these axes."""
    return [f"@{name}" for name in names]


def _keyed(one: Publication, names: Sequence[str], number: Mapping[Place, int]) -> pl.DataFrame:
    """The cells of a publication by the numbers of their places on these axes.

    Returns:
        These numbers, `truth`, `shown`.
    """
    numbers = [
        pl.col(name).replace_strict(
            {code: number[held] for code, held in one.places[name].items()}, return_dtype=pl.Int64
        )
        if name in one.places
        else pl.lit(0, pl.Int64)
        for name in names
    ]
    keys = [found.alias(key) for key, found in zip(_keys(names), numbers, strict=True)]
    return one.cells.select(*keys, "truth", shown=pl.col("value").is_not_null())


def _left(part: pl.DataFrame, whole: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The cells of both with the difference as their truth, where that can be a number of people.

    Of several versions those that were the newest at one time: others are no part and whole of each other. Whoever is
    alone in a part knows what is left of a whole that is shown, whatever becomes of the part.
    """
    mine, all_ = (
        cells.select(*keys, pl.col("number").alias("at"), pl.struct("truth", "number", "shown").alias(name))
        for name, cells in (("part", part), ("whole", whole))
    )
    met = [
        one.join_asof(other, on="at", by=[*keys], check_sortedness=False)
        for one, other in ((mine, all_), (all_, mine))
    ]
    part_, whole_ = pl.col("part").struct, pl.col("whole").struct
    alone = (part_.field("truth") == 1) & whole_.field("shown")
    both = pl.concat(met, how="diagonal").drop_nulls(["part", "whole"]).filter(~alone)
    left = both.select(
        *keys,
        (whole_.field("truth") - part_.field("truth")).alias("truth"),
        part_.field("number").alias("part"),
        whole_.field("number").alias("whole"),
    )
    return left.filter(pl.col("truth") >= 0)


def _publication(part: Publication, whole: str, left: pl.DataFrame, at: tuple[_Axis, Place]) -> Publication:
    """What a part leaves of a whole; its sums follow from theirs."""
    axis, place = at
    (held,) = part.places[axis.name]
    places: dict[str, dict[str, Place]] = {axis.name: {f"≠ {held}": place}}
    columns = [pl.lit(f"≠ {held}").alias(axis.name)]
    for name, key in zip(axis.others, axis.keys, strict=True):
        if name in part.places:
            places[name] = dict(part.places[name])
            codes = {axis.number[of]: code for code, of in part.places[name].items()}
            columns.append(pl.col(key).replace_strict(codes, return_dtype=pl.String).alias(name))
    cells = left.select(*columns, "truth")
    return Publication(f"{whole} − {part.name}", part.concept, places, {}, cells, zeros=part.zeros)


def _promised(rest: Publication, below: int, policy: Protection) -> Publication:
    """The same with the promise for counts below a threshold; nobody publishes these cells."""
    lowest, need = small(below, policy.zeros)
    hit = pl.col("truth").is_between(lowest, below - 1)
    numbers = {"below": 0, "above": 0, "lower": 0, "upper": int(UNBOUNDED)}
    cells = rest.cells.with_columns(
        value=pl.lit(None, pl.Int64),
        seen=pl.lit(False),
        need=pl.when(hit).then(pl.lit(need, pl.Int64)).otherwise(pl.lit(0, pl.Int64)),
        **{name: pl.lit(of, pl.Int64) for name, of in numbers.items()},
    )
    return replace(rest, cells=cells)

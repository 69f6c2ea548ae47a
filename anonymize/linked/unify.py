"""Which cells of several publications are one: the same concept, the same place on every axis, the same true number.

Where a revision changed the number the old and the new cell are two unknowns: whoever takes them for one computes
something that is not true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.errors import PolicyError, Problem, Text
from anonymize.goals import UNBOUNDED
from anonymize.linked.model import NUMBERS, WHOLE, Publication
from anonymize.linked.places import Axis, empty, numbered
from anonymize.relations import Index

Mask = NDArray[np.bool_]
Keys = NDArray[np.uint64]

LONGEST = 1 << 63
"""So many places over all axes have a number each."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The cells of one publication, aligned with `Publication.cells`.

    Attributes:
        places: Int64, cells x axes: numbers of places.
        key: The place of the cell over all axes, as one number.
        variable: Int64: which unknown the cell is.
        sums: Per axis (number of the total, numbers of its parts).
        nobody: Per axis the leaves (bits) that hold nobody.
    """

    places: Index
    key: Keys
    variable: Index
    sums: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
    nobody: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Variables:
    """The unknowns of several publications, and these in their terms.

    Attributes:
        publications: The publications.
        axes: Axis -> its places.
        weight: Per axis and place what it adds to the key of a cell.
        rows: Per publication its cells.
        concept: Int64 per unknown: the first publication of its concept.
        key: Per unknown its place.
        places: Int64, unknowns x axes.
        truth: Int64 per unknown, in the finest decimals of its concept.
        first: Int64 per unknown: the first publication that has it.
    """

    publications: tuple[Publication, ...]
    axes: dict[str, Axis]
    weight: tuple[Keys, ...]
    rows: tuple[Rows, ...]
    concept: Index
    key: Keys
    places: Index
    truth: Index
    first: Index


def unify(publications: Sequence[Publication]) -> Variables:
    """Numbers the cells of publications by what they count.

    Raises:
        PolicyError: A publication has a code without a place, or lacks a column or a number; codes and numbers are
            not told.
    """
    problems = [problem for one in publications for problem in _problems(one)]
    if problems:
        raise PolicyError(problems)
    axes = {name: Axis() for name in sorted({axis for one in publications for axis in one.places})}
    numbers = [_numbers(one, axes) for one in publications]
    places = [_places(one, axes, own) for one, own in zip(publications, numbers, strict=True)]
    weight = _weights([len(axis.held) for axis in axes.values()])
    keys = [_keys(weight, place) for place in places]
    concepts = {one.concept: i for i, one in reversed([*enumerate(publications)])}
    concept = np.concatenate(
        [np.full(len(k), concepts[p.concept]) for p, k in zip(publications, keys, strict=True)]
    )
    truth = np.concatenate([scaled(one, publications)["truth"] for one in publications])
    key, owner = np.concatenate(keys), np.repeat(np.arange(len(keys)), [len(k) for k in keys])
    order = np.lexsort((owner, truth, key, concept))
    new = np.append(True, np.zeros(max(len(order) - 1, 0), bool))[: len(order)]
    for column in (truth, key, concept):
        new[1:] |= column[order][1:] != column[order][:-1]
    variable = np.empty(len(order), np.int64)
    variable[order] = np.cumsum(new) - 1
    first = order[new]
    ends = np.cumsum([len(k) for k in keys])[:-1]
    rows = [
        Rows(p, k, v, *_structure(one, axes, own))
        for one, own, p, k, v in zip(
            publications, numbers, places, keys, np.split(variable, ends), strict=True
        )
    ]
    every = np.concatenate(places)
    return Variables(
        tuple(publications), axes, weight, tuple(rows),
        concept[first], key[first], every[first], truth[first], owner[first],
    )  # fmt: skip


def scaled(one: Publication, publications: Sequence[Publication]) -> dict[str, Index]:
    """The numbers of a publication in the finest decimals that any publication of its concept has."""
    finest = max(other.decimals for other in publications if other.concept == one.concept)
    factor = 10 ** (finest - one.decimals)
    found = {name: one.cells[name].to_numpy() for name in NUMBERS}
    if factor == 1:
        return found
    endless = {name: np.abs(found[name]) >= UNBOUNDED // factor for name in NUMBERS}
    return {name: np.where(endless[name], found[name], found[name] * factor) for name in NUMBERS}


def find(keys: Keys, variables: Index, wanted: Keys) -> Index:
    """The unknowns of a publication at these places, -1 where it has none; its keys are ascending."""
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, variables[at], -1)


def _numbers(one: Publication, axes: dict[str, Axis]) -> dict[str, dict[str, int]]:
    """Axis -> code -> number of its place."""
    return {
        axis: {code: numbered(axes[axis], held) for code, held in sorted(places.items())}
        for axis, places in one.places.items()
    }


def _places(one: Publication, axes: dict[str, Axis], numbers: dict[str, dict[str, int]]) -> Index:
    found = np.empty((one.cells.height, len(axes)), np.int64)
    for number, (name, axis) in enumerate(axes.items()):
        if name in numbers:
            codes = numbers[name]
            found[:, number] = one.cells[name].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
        else:
            found[:, number] = numbered(axis, WHOLE)
    return found


def _structure(
    one: Publication, axes: dict[str, Axis], numbers: dict[str, dict[str, int]]
) -> tuple[tuple[tuple[tuple[int, tuple[int, ...]], ...], ...], tuple[int, ...]]:
    sums, nobody = [], []
    for name, axis in axes.items():
        own = one.sums.get(name, ())
        codes = numbers.get(name, {})
        sums.append(tuple((codes[total], tuple(codes[part] for part in parts)) for total, parts in own))
        nobody.append(empty(axis, codes, own))
    return tuple(sums), tuple(nobody)


def _weights(sizes: list[int]) -> tuple[Keys, ...]:
    """What each place adds to a key: digits of one number, or random numbers where it would be too long for 64 bits."""
    total = 1
    for size in sizes:
        total *= max(size, 1)
    if total < LONGEST:
        steps = np.cumprod([1, *(max(size, 1) for size in sizes)])
        return tuple(
            np.arange(size, dtype=np.uint64) * np.uint64(step)
            for size, step in zip(sizes, steps, strict=False)
        )
    rng = np.random.default_rng(1)
    return tuple(rng.integers(0, 1 << 64, size, np.uint64) for size in sizes)


def _keys(weight: tuple[Keys, ...], places: Index) -> Keys:
    key = np.zeros(len(places), np.uint64)
    for number, own in enumerate(weight):
        key += own[places[:, number]]
    return key


def _problems(one: Publication) -> list[Problem]:
    """What is missing in a publication: nothing of it may be left out of the attack in silence."""
    lacking = sorted({*one.places, "value", *NUMBERS} - {*one.cells.columns})
    if lacking:
        listed = ", ".join(lacking)
        return [_problem(one, f"thiếu cột {listed}.", f"lacks the columns {listed}.")]
    problems = []
    for axis, codes in one.places.items():
        strange = int((~one.cells[axis].is_in([*codes])).fill_null(True).sum())
        if strange:
            problems.append(_problem(
                one, f"có {strange} ô với mã không rõ trên trục {axis}.",
                f"has {strange} cells with codes of unknown place on the axis {axis}.",
            ))  # fmt: skip
        named = {code for total, parts in one.sums.get(axis, ()) for code in (total, *parts)}
        if named - {*codes}:
            problems.append(_problem(
                one, f"có tổng với mã không rõ trên trục {axis}.",
                f"has sums with codes of unknown place on the axis {axis}.",
            ))  # fmt: skip
    unread = [name for name in NUMBERS if one.cells[name].dtype != pl.Int64 or one.cells[name].null_count()]
    if unread:
        listed = ", ".join(unread)
        problems.append(_problem(one, f"thiếu số ở cột {listed}.", f"lacks numbers in the columns {listed}."))
    return problems


def _problem(one: Publication, vi: str, en: str) -> Problem:
    return Problem(
        f"memory: {one.name}",
        Text(f"Bản công bố {vi}", f"The release {en}"),
        Text(
            "Đọc lại bản này đầy đủ trước khi công bố bảng mới.",
            "Read this release in full before a new table is published.",
        ),
    )

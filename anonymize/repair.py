"""Wider intervals: what must be hidden besides, when a sensitive cell is still known too closely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anonymize import augment
from anonymize.attack import hideable, targets, view
from anonymize.augment import Scene
from anonymize.checks import named
from anonymize.errors import InfeasibleError, Problem, Text
from anonymize.integers import LARGEST, doubts
from anonymize.intervals import components, intervals, witness
from anonymize.known import Earlier
from anonymize.policy import Protection
from anonymize.relations import Index, Relations, with_sums
from anonymize.suppress import Task, close, siblings
from anonymize.table import Table

Mask = NDArray[np.bool_]

ROUNDS = 40
REWARDS = (15.0, 60.0, 240.0)
"""Worth of protecting a cell in the joint searches: cheap protection first, it often serves the rest."""


def widen(
    table: Table, hidden: Mask, policy: Protection, *, relations: Relations, earlier: Earlier, seed: int
) -> Mask:
    """Hides further cells until the interval attack finds no sensitive cell too narrow.

    What an alternative table proves stays proven when more is hidden, so every search only looks at the rest.

    Raises:
        InfeasibleError: Cells stay narrow whatever is hidden.
    """
    truth = table.values.astype(float)
    need = targets(table.values, policy)[1]
    scene = Scene(table, policy, relations, earlier, hidden.copy(), truth.copy(), truth.copy(), need)
    _join(scene, seed)
    for turn in range(ROUNDS):
        before = int(scene.hidden.sum())
        stuck = [row for row in augment.missing(scene).tolist() if not _settled(scene, row)]
        doubtful = _doubtful(scene, seed + turn)
        troubled = np.union1d(np.array(stuck, np.int64), doubtful)
        if not len(troubled):
            return scene.hidden
        _around(scene, troubled)
        if int(scene.hidden.sum()) == before:
            raise InfeasibleError(blocking(table, troubled))
    raise InfeasibleError(blocking(table, troubled))


def _join(scene: Scene, seed: int) -> None:
    """Protects most cells in joint searches, block by block, both directions, at rising prices."""
    rng = np.random.default_rng(seed)
    count = len(scene.table.dimensions)
    one = [tuple(int(d == e) for e in range(count)) for d in range(count)]
    near, wide = (0,) * count, (1,) * count
    for reward, steps in zip(REWARDS, ([near], [near, *one, wide], [wide]), strict=True):
        for levels in steps:
            _witnessed(scene, seed)
            for rows, around in augment.blocks(scene, augment.missing(scene), levels=levels):
                augment.push(scene, rows, around, reward=reward, seed=int(rng.integers(1 << 30)))
    _witnessed(scene, seed)


def _witnessed(scene: Scene, seed: int) -> None:
    """Lets random alternative tables widen what they can."""
    seen = view(scene.table, scene.hidden, scene.policy, relations=scene.relations, earlier=scene.earlier)
    low, high = scene.low[seen.cells], scene.high[seen.cells]
    witness(seen, components(seen), low, high, seed=seed)
    scene.low[seen.cells], scene.high[seen.cells] = low, high


def _settled(scene: Scene, row: int) -> bool:
    """Whether a row is wide by now, or could be made so."""
    return row not in augment.missing(scene) or augment.alone(scene, row)


def _doubtful(scene: Scene, seed: int) -> Index:
    """Rows that whole numbers betray, in small components."""
    seen = view(scene.table, scene.hidden, scene.policy, relations=scene.relations, earlier=scene.earlier)
    labels = components(seen)
    whole = doubts(seen, labels, intervals(seen, labels, seed=seed, largest=LARGEST))
    columns = np.unique(np.array([*(c for c, _ in whole.narrow), *(b for _, b in whole.insider)], np.int64))
    return seen.cells[columns]


def blocking(table: Table, rows: Index) -> list[Problem]:
    """One problem per cell that cannot be protected, with the recode that would merge it away."""
    shown = table.cells.select(*table.keys)[rows[:20]].to_dicts()
    problems = [Problem(named(codes), _CANNOT, _recode(table, codes)) for codes in shown]
    if len(rows) > len(shown):
        rest = table.cells.select(*table.keys)[rows[20:]]
        problems.append(
            Problem(f"{rest.height} more cells", _CANNOT, _recode(table, rest.row(0, named=True)))
        )
    return problems


_CANNOT = Text(
    "không thể bảo vệ: các ô chung quanh đã công bố hoặc không đủ để che.",
    "cannot be protected: what surrounds it is public already or too little to hide it.",
)


def _recode(table: Table, codes: dict[str, str]) -> Text:
    """Merging the code with its siblings in the dimension with fewest codes lost."""
    options = []
    for name, hierarchy in table.dimensions.items():
        parent = hierarchy.parents.get(codes[name])
        if parent is not None:
            size = sum(1 for p in hierarchy.parents.values() if p == parent)
            options.append((size, name, codes[name], parent))
    if not options:
        return Text(
            "Bỏ bảng này hoặc công bố ở mức gộp hơn.", "Leave this table out or publish a coarser one."
        )
    _, name, code, parent = min(options)
    return Text(
        f"Gộp {name}={code} vào {parent} (không công bố các mã dưới {parent}).",
        f"Recode {name}: publish {parent} without the codes below it, {code} among them.",
    )


def _around(scene: Scene, rows: Index) -> None:
    """Hides the smallest cells beside these rows, and what they need in turn; where no linear program helps."""
    width = len(scene.table.measures)
    allowed = hideable(scene.table, scene.policy, scene.earlier)
    for m in range(width):
        own = rows[rows % width == m] // width
        nothing = np.zeros(scene.relations.cells, bool)
        task = Task(
            with_sums(scene.relations, scene.earlier.sums[m]),
            scene.table.values[m::width],
            nothing.astype(np.int64),
            (scene.need > 0)[m::width],
            nothing,
            allowed[m::width],
            scene.need[m::width],
            1 if scene.policy.zeros == "published" else 0,
        )
        hidden = scene.hidden[m::width]
        scene.hidden[m::width] = close(task, hidden | siblings(task, own, hidden, 1))

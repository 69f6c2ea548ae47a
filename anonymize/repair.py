"""Wider intervals: what must be hidden besides, when a sensitive cell is still known too closely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anonymize import augment, nullspace, reach
from anonymize.attack import hideable
from anonymize.augment import Scene
from anonymize.checks import named
from anonymize.coalitions import betrayed
from anonymize.complements import pinned
from anonymize.elimination import Task
from anonymize.errors import InfeasibleError, Problem, Text
from anonymize.goals import promises, short, take
from anonymize.hierarchy import Hierarchy
from anonymize.integers import LARGEST, doubts
from anonymize.intervals import components, intervals, settle, witness
from anonymize.known import Earlier
from anonymize.policy import Protection
from anonymize.relations import Index, Relations, with_sums
from anonymize.suppress import beside
from anonymize.system import system
from anonymize.table import Table
from ytemo_display.progress import tell

Mask = NDArray[np.bool_]

ROUNDS = 40
STEPS = ((5.0, 0), (20.0, 0), (20.0, 1), (80.0, 1))
"""The joint searches: worth of each step of a cell towards its goal, and how wide the neighbourhoods are. Cheap
protection first: it often serves the rest."""
AMOUNT_STEPS = (*STEPS, (320.0, 1))
"""The same for amounts."""
FEW = 12
"""So few cells are protected one by one."""
WIDENING = Text("Nới khoảng của ô nhạy cảm", "Widening the intervals of sensitive cells")


def widen(
    table: Table, hidden: Mask, policy: Protection, *, relations: Relations, earlier: Earlier, seed: int
) -> Mask:
    """Hides further cells until the interval attack finds no sensitive cell too narrow.

    What an alternative table proves stays proven when more is hidden, so every search only looks at the rest.

    Raises:
        InfeasibleError: Cells stay narrow whatever is hidden.
    """
    low, high, hidden = table.values.astype(float), table.values.astype(float), hidden.copy()
    *first, last = promises(table, policy)
    for promise in [*first, last]:
        state, public = (hidden, low, high), (relations, earlier)
        # Coalitions and complements depend on what is hidden alone: they are looked at once, in the end.
        _widen(augment.scene(table, policy, public, state, promise), seed, final=promise is last)
    return hidden


def _widen(scene: Scene, seed: int, *, final: bool) -> None:
    _join(scene, seed)
    for turn in range(ROUNDS):
        before = int(scene.hidden.sum())
        stuck = [row for row in augment.missing(scene).tolist() if not _settled(scene, row)]
        doubtful = _doubtful(scene, seed + turn, final=final)
        troubled = np.union1d(np.array(stuck, np.int64), doubtful)
        if not len(troubled):
            return
        _around(scene, troubled)
        if int(scene.hidden.sum()) == before:
            break
    raise InfeasibleError(blocking(scene.table, troubled))


def _join(scene: Scene, seed: int) -> None:
    """Protects most cells in joint searches, block by block, both directions, at rising prices."""
    rng = np.random.default_rng(seed)
    if scene.table.magnitude:
        _settle(scene, seed)
    left = _hopeless(scene)
    steps = AMOUNT_STEPS if scene.table.magnitude else STEPS
    for step, (reward, level) in enumerate(steps):
        for rows, around in augment.blocks(scene, left, level=level):
            tell(WIDENING, step, len(steps))
            augment.push(scene, rows, around, reward=reward, seed=int(rng.integers(1 << 30)))
        _witnessed(scene, seed)
        left = augment.missing(scene)
        if len(left) <= FEW:
            return


def _hopeless(scene: Scene) -> Index:
    """Rows that single sums show to be narrow: no alternative table need be looked for."""
    seen = augment.seen(scene, scene.hidden)
    given, cells = system(seen), len(seen.cells)
    low, high = (bound[:cells].astype(float) for bound in reach.bounds(given))
    return np.asarray(seen.cells[short(seen.goals, seen.truth, low, high)])


def _settle(scene: Scene, seed: int) -> None:
    """Widens what hidden cells alone allow: levels of amounts are rarely met by random tables.

    A search for further cells looks near a row only, and would hide some where a longer way is open.
    """
    seen = augment.seen(scene, scene.hidden)
    low, high = scene.low[seen.cells], scene.high[seen.cells]
    settle(seen, components(seen), low, high, seed=seed)
    scene.low[seen.cells], scene.high[seen.cells] = low, high


def _witnessed(scene: Scene, seed: int) -> None:
    """Lets random alternative tables widen what they can."""
    seen = augment.seen(scene, scene.hidden)
    low, high = scene.low[seen.cells], scene.high[seen.cells]
    witness(seen, components(seen), low, high, seed=seed)
    scene.low[seen.cells], scene.high[seen.cells] = low, high


def _settled(scene: Scene, row: int) -> bool:
    """Whether a row is wide by now, or could be made so."""
    return row not in augment.missing(scene) or augment.alone(scene, row)


def _doubtful(scene: Scene, seed: int, *, final: bool) -> Index:
    """Rows that whole numbers betray in small components; in the end also what coalitions or complements tell."""
    seen = augment.seen(scene, scene.hidden)
    labels = components(seen)
    whole = doubts(seen, labels, intervals(seen, labels, seed=seed, largest=LARGEST))
    columns = np.array([*(c for c, _ in whole.narrow), *(b for _, b in whole.insider)], np.int64)
    if not final:
        return np.asarray(seen.cells[np.unique(columns)])
    moves = nullspace.basis(system(seen).rows)
    several = betrayed(seen, moves, scene.table, together=scene.policy.insiders, seed=seed)
    rest = pinned(seen, labels, scene.table, scene.policy)
    return np.asarray(seen.cells[np.unique(np.concatenate([columns, several, rest]))])


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
    """Merging the code with its siblings in the dimension where that costs fewest cells; `suggest_recode` verifies."""
    options = []
    for name, hierarchy in table.dimensions.items():
        for parent, children in hierarchy.relations:
            # One child is the same population, and cells that are never published cannot be merged.
            if codes[name] in children and len(children) > 1 and not hierarchy.unseen & {*children}:
                lost = len(_under(hierarchy, parent)) / len(hierarchy.codes)
                options.append((lost, name, codes[name], parent))
    if not options:
        return Text(
            "Bỏ bảng này hoặc công bố ở mức gộp hơn.", "Leave this table out or publish a coarser one."
        )
    _, name, code, parent = min(options)
    return Text(
        f"Gộp {name}={code} vào {parent} (không công bố các mã dưới {parent}).",
        f"Recode {name}: publish {parent} without the codes below it, {code} among them.",
    )


def _under(hierarchy: Hierarchy, code: str) -> set[str]:
    """Every tabulated code below a code."""
    found, frontier = set[str](), {code}
    while frontier:
        parts = {
            child for parent, children in hierarchy.relations if parent in frontier for child in children
        }
        frontier = parts - found
        found |= parts
    return found


def _around(scene: Scene, rows: Index) -> None:
    """Hides the smallest cells beside these rows, and what they need in turn; where no linear program helps."""
    width = len(scene.table.measures)
    allowed = hideable(scene.table, scene.policy, scene.earlier)
    for m in range(width):
        own = rows[rows % width == m] // width
        task = Task(
            with_sums(scene.relations, scene.earlier.sums[m]),
            scene.table.values[m::width],
            take(scene.goals, slice(m, None, width)),
            ~scene.table.seen[m::width],
            allowed[m::width],
        )
        hidden = scene.hidden[m::width]
        scene.hidden[m::width] = beside(task, own, hidden, 1)

"""What a table must hide besides, so that nothing is given away together with what was released before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import hideable
from anonymize.checks import named
from anonymize.errors import InfeasibleError, Problem, Text
from anonymize.goals import goals
from anonymize.known import Earlier, populations
from anonymize.linked import choose, explain, ways
from anonymize.linked.attack import Broken, fresh, relevant
from anonymize.linked.candidate import measures, publications
from anonymize.linked.equations import only
from anonymize.linked.joint import Joint, Reading, components, joint, reading, restated
from anonymize.linked.model import Leak, Memory
from anonymize.policy import Protection
from anonymize.table import Table
from ytemo_display.progress import tell

Mask = NDArray[np.bool_]

ROUNDS = 40
NAMED = 20
"""So many cells that cannot be protected are named."""
_WIDENING = Text("Che thêm vì các bản đã phát hành", "Hiding more for what was released before")


@dataclass(frozen=True, slots=True)
class Scene:
    """A table among everything that is out.

    Attributes:
        table: The table.
        policy: Its promises.
        memory: What is out.
        of: The joint system; the table comes last.
        earlier: How many publications came before.
        allowed: Per row of `Table.cells`: it can be hidden.
    """

    table: Table
    policy: Protection
    memory: Memory
    of: Joint
    earlier: int
    allowed: Mask


def scene(table: Table, policy: Protection, memory: Memory) -> Scene | None:
    """The table among what is out; None where nothing is out that counts the same.

    Raises:
        PolicyError: A publication is incomplete, or the memory does not know what the table counts.
    """
    allowed, width = hideable(table, policy, _nothing(table)), len(table.measures)
    candidates = publications(table, allowed, policy, memory)
    earlier = relevant(memory, candidates)
    if not earlier:
        return None
    opened = [one.cells["value"].is_null().to_numpy() for one in earlier]
    opened += [allowed[m::width] for m in measures(table, memory)]
    of = joint([*earlier, *candidates], opened, memory.parts)
    return Scene(table, policy, memory, of, len(earlier), allowed)


def before(scene: Scene, *, seed: int = 0) -> Earlier:
    """What is out, in terms of single cells of a table: which are shown already, and which were hidden for a promise.

    Args:
        scene: The table among what is out.
        seed: For the random vectors of the attack.

    Raises:
        InfeasibleError: The table promises to hide what is out; what was given away before it came is not held
            against it.
    """
    table, policy = scene.table, scene.policy
    shown, hid = np.zeros(len(table.values), bool), np.zeros(len(table.values), bool)
    read, width = reading(scene.of, range(scene.earlier)), len(table.measures)
    kept = _protecting(scene, read)
    for number, m in enumerate(measures(table, scene.memory)):
        at = scene.of.states[scene.earlier + number].variable
        shown[m::width] = read.known[at]
        hid[m::width] = kept[at]
    wanted = goals(table, policy)
    promised = (wanted.sensitive | wanted.always) & shown
    if promised.any():
        leaks = [leak for leak in _leaks(scene, scene.allowed, seed=seed) if leak.kind == "exact"]
        if leaks:
            raise InfeasibleError(problems(leaks))
    # A cell that was given away before is hidden all the same, where it is promised.
    return Earlier(shown & ~promised, hid, tuple(() for _ in table.measures))


def _protecting(scene: Scene, read: Reading) -> Mask:
    """Per unknown whether earlier releases hide it among cells of which one is promised: it may be what protects that.

    What they hide for nothing of this kind, as the people of an area beside its few cases, need not stay hidden.
    """
    old = replace(scene.of, found=only(scene.of.found, scene.of.found.source < scene.earlier))
    promised, nothing = read.goals.sensitive & ~read.known, np.zeros(len(old.found.start) - 1, bool)
    columns, _ = components(old, read.known, promised, nothing)
    found = np.zeros(len(read.known), bool)
    found[columns] = read.held[columns]
    return found


def widen(scene: Scene, hidden: Mask, *, seed: int = 0) -> Mask:
    """Hides further cells of a table until it gives nothing away together with what is out.

    Args:
        scene: The table among what is out.
        hidden: What is hidden already, per row of `Table.cells`.
        seed: For the random vectors of the attack.

    Raises:
        InfeasibleError: Whatever is hidden of the table, something is given away: the cells, the releases, how.
    """
    for turn in range(ROUNDS):
        broken = _broken(scene, hidden, seed=seed + turn)
        if not broken.kinds:
            return hidden
        tell(_WIDENING, turn, ROUNDS)
        more = hidden | (_chosen(scene, hidden, seed) if turn == 0 else _mended(scene, hidden, broken))
        if turn > 0 and (more == hidden).all():
            # What was known too closely before cannot be made wide, but may have to be kept from being computed.
            more = hidden | _about(scene, broken)
            if (more == hidden).all():
                break
        hidden = more
    raise InfeasibleError(blocking(scene, seed=seed) or problems(_leaks(scene, hidden, seed=seed)))


def blocking(scene: Scene, *, seed: int = 0) -> list[Problem]:
    """Why a table cannot be protected: what is given away though everything is hidden that can be."""
    return problems(_leaks(scene, scene.allowed, seed=seed))


def problems(leaks: Sequence[Leak]) -> list[Problem]:
    """Leaks as reasons why a table cannot be protected."""
    found = [Problem(named(dict(leak.cell)), told(leak), _RECODE) for leak in leaks[:NAMED]]
    if len(leaks) > NAMED:
        found.append(Problem(f"{len(leaks) - NAMED} more cells", told(leaks[NAMED]), _RECODE))
    return found


def told(leak: Leak) -> Text:
    """A leak in words: which releases, and how."""
    hidden, by = ", ".join(leak.hidden_in), ", ".join(leak.by)
    vi, en = _KINDS[leak.kind]
    return Text(
        f"bị che trong {hidden}, nhưng {vi} khi ghép {by}: {leak.relation.vi}.",
        f"is hidden in {hidden}, but {en} from {by}: {leak.relation.en}.",
    )


def _stated(scene: Scene, hidden: Mask) -> Joint:
    """The system with these cells of the table hidden."""
    width, shown = len(scene.table.measures), scene.table.seen & ~hidden
    own = [shown[m::width] for m in measures(scene.table, scene.memory)]
    return restated(scene.of, scene.earlier, own)


def _broken(scene: Scene, hidden: Mask, *, seed: int) -> Broken:
    return fresh(_stated(scene, hidden), scene.earlier, insiders=scene.policy.insiders, seed=seed)


def _leaks(scene: Scene, hidden: Mask, *, seed: int) -> tuple[Leak, ...]:
    """What is given away with these cells hidden, by the table itself too."""
    broken = _broken(scene, hidden, seed=seed)
    where = broken.columns, broken.rows
    return explain.leaks(_stated(scene, hidden), broken.kinds, broken.read, where, candidate=None)


def _chosen(scene: Scene, hidden: Mask, seed: int) -> Mask:
    """What linear algebra asks to hide besides."""
    of, opened = _stated(scene, hidden), _stated(scene, scene.allowed)
    now, past = reading(of, range(len(of.states))), reading(of, range(scene.earlier))
    read = reading(opened, range(len(opened.states)))
    if scene.policy.insiders < 1:
        read = replace(read, goals=replace(read.goals, alone=np.full_like(read.goals.alone, -1)))
    wanted, free = goals(scene.table, scene.policy), _unknowns(scene, scene.allowed) & ~past.known
    promised = _unknowns(scene, wanted.sensitive | wanted.always)
    where = components(opened, read.known, free | promised, np.zeros(len(opened.found.start) - 1, bool))
    return _rows(scene, choose.chosen(opened, read, where, ~now.known, free, seed=seed))


def _mended(scene: Scene, hidden: Mask, broken: Broken) -> Mask:
    """What the cheapest changes move that keep the broken promises."""
    free = _unknowns(scene, scene.allowed)
    return _rows(scene, ways.cheapest(_stated(scene, hidden), broken, free, scene.earlier))


def _about(scene: Scene, broken: Broken) -> Mask:
    """All that can be hidden and has to do with broken promises."""
    opened, free = _stated(scene, scene.allowed), _unknowns(scene, scene.allowed)
    start = np.zeros(len(free), bool)
    start[[*broken.kinds]] = True
    known = reading(opened, range(len(opened.states))).known
    columns, _ = components(opened, known, start, np.zeros(len(opened.found.start) - 1, bool))
    return _rows(scene, columns[free[columns]])


def _unknowns(scene: Scene, rows: Mask) -> Mask:
    """The unknowns of these rows."""
    width = len(scene.table.measures)
    found = np.zeros(len(scene.of.given.truth) + len(scene.of.found.rest), bool)
    for number, m in enumerate(measures(scene.table, scene.memory)):
        found[scene.of.states[scene.earlier + number].variable[rows[m::width]]] = True
    return found


def _rows(scene: Scene, unknowns: NDArray[np.int64]) -> Mask:
    """The rows of these unknowns that can be hidden, with those of the same population."""
    width, found = len(scene.table.measures), np.zeros(len(scene.allowed), bool)
    for number, m in enumerate(measures(scene.table, scene.memory)):
        found[m::width] = np.isin(scene.of.states[scene.earlier + number].variable, unknowns)
    same = populations(scene.table)
    held = np.zeros(len(same), bool)
    held[same[found]] = True
    return np.asarray(held[same] & scene.allowed)


def _nothing(table: Table) -> Earlier:
    none = np.zeros(len(table.values), bool)
    return Earlier(none, none, tuple(() for _ in table.measures))


_KINDS = {
    "exact": Text("tính lại được chính xác", "can be computed exactly"),
    "narrow": Text("bị biết quá sát", "is known too closely"),
    "insider": Text(
        "người duy nhất trong một ô khác tính được", "whoever is alone in another cell can compute it"
    ),
}
_RECODE = Text(
    "Gộp mã hoặc bỏ bảng con này: không che thêm được gì giúp ích.",
    "Merge codes or leave this sub-table out: hiding more of the table does not help.",
)

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
from anonymize.linked import choose, ways
from anonymize.linked.attack import Broken, attack, fresh, relevant
from anonymize.linked.candidate import measures, publications
from anonymize.linked.joint import Joint, components, joint, reading, restated
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
    """A table among everything that is out; `hidden` (per row of `Table.cells`) grows in place."""

    table: Table
    policy: Protection
    memory: Memory
    of: Joint
    earlier: int
    hidden: Mask
    allowed: Mask


def widen(table: Table, hidden: Mask, policy: Protection, memory: Memory, *, seed: int = 0) -> Mask:
    """Hides further cells of a table until it gives nothing away together with what is out.

    Args:
        table: The table.
        hidden: What is hidden already, per row of `Table.cells`.
        policy: The promises.
        memory: What is out.
        seed: For the random vectors of the attack.

    Raises:
        InfeasibleError: Whatever is hidden of the table, something is given away: the cells, the releases, how.
        PolicyError: A publication is incomplete.
    """
    scene = _scene(table, hidden, policy, memory)
    if scene is None:
        return hidden
    for turn in range(ROUNDS):
        of = restated(scene.of, scene.earlier, _candidates(scene, scene.hidden))
        broken = fresh(of, scene.earlier, insiders=policy.insiders, seed=seed + turn)
        if not broken.kinds:
            return scene.hidden
        tell(_WIDENING, turn, ROUNDS)
        if turn == 0 and _chosen(scene, of, seed):
            continue
        if not _mended(scene, broken):
            break
    raise InfeasibleError(blocking(table, policy, memory, scene.hidden))


def before(table: Table, policy: Protection, memory: Memory) -> Earlier:
    """What is out, in terms of single cells of a table: which are shown already, and which were always hidden.

    Raises:
        InfeasibleError: The table promises to hide what is out; what was given away before it came is not held
            against it.
        PolicyError: A publication is incomplete.
    """
    shown, hid = np.zeros(len(table.values), bool), np.zeros(len(table.values), bool)
    scene = _scene(table, np.zeros(len(table.values), bool), policy, memory)
    if scene is None:
        return Earlier(shown, hid, tuple(() for _ in table.measures))
    read = reading(scene.of, range(scene.earlier))
    width = len(table.measures)
    for number, m in enumerate(measures(table, memory)):
        at = scene.of.states[scene.earlier + number].variable
        shown[m::width] = read.known[at]
        hid[m::width] = read.held[at] & ~read.known[at]
    wanted = goals(table, policy)
    promised = (wanted.sensitive | wanted.always) & shown
    if promised.any():
        masked = publications(table, hideable(table, policy, _nothing(table)), policy, memory)
        leaks = [leak for leak in attack(masked, memory, insiders=0) if leak.kind == "exact"]
        if leaks:
            raise InfeasibleError(problems(leaks))
    # A cell that was given away before is hidden all the same, where it is promised.
    return Earlier(shown & ~promised, hid, tuple(() for _ in table.measures))


def blocking(table: Table, policy: Protection, memory: Memory, hidden: Mask | None = None) -> list[Problem]:
    """Why a table cannot be protected: what is given away though everything is hidden that can be, or as it stands."""
    everything = hideable(table, policy, _nothing(table))
    for mask in [everything] if hidden is None else [everything, hidden]:
        leaks = attack(publications(table, mask, policy, memory), memory, insiders=policy.insiders)
        if leaks:
            return problems(leaks)
    return []


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


def _scene(table: Table, hidden: Mask, policy: Protection, memory: Memory) -> Scene | None:
    """The table among what is out; None where nothing is out that counts the same."""
    candidates = publications(table, hidden, policy, memory)
    earlier = relevant(memory, candidates)
    if not earlier:
        return None
    allowed, width = hideable(table, policy, _nothing(table)), len(table.measures)
    opened = [one.cells["value"].is_null().to_numpy() for one in earlier]
    opened += [(allowed | hidden)[m::width] for m in measures(table, memory)]
    of = joint([*earlier, *candidates], opened, memory.parts)
    return Scene(table, policy, memory, of, len(earlier), hidden.copy(), allowed)


def _candidates(scene: Scene, hidden: Mask) -> list[Mask]:
    """Per measure the rows that are shown."""
    width, shown = len(scene.table.measures), scene.table.seen & ~hidden
    return [shown[m::width] for m in measures(scene.table, scene.memory)]


def _chosen(scene: Scene, of: Joint, seed: int) -> bool:
    """Hides what linear algebra asks for; whether anything was hidden."""
    now = reading(of, range(len(of.states)))
    past = reading(of, range(scene.earlier))
    free = _unknowns(scene, scene.allowed) & ~past.known
    everything = scene.hidden | scene.allowed
    opened = restated(scene.of, scene.earlier, _candidates(scene, everything))
    read = reading(opened, range(len(opened.states)))
    if scene.policy.insiders < 1:
        read = replace(read, goals=replace(read.goals, alone=np.full_like(read.goals.alone, -1)))
    wanted = goals(scene.table, scene.policy)
    promised = _unknowns(scene, wanted.sensitive | wanted.always)
    where = components(opened, read.known, free | promised, np.zeros(len(opened.found.start) - 1, bool))
    found = choose.chosen(opened, read, where, ~now.known, free, seed=seed)
    count = int(scene.hidden.sum())
    _hide(scene, found)
    return int(scene.hidden.sum()) > count


def _mended(scene: Scene, broken: Broken) -> bool:
    """Hides what the cheapest changes move that keep the broken promises; whether anything was hidden."""
    free = _unknowns(scene, scene.allowed)
    count = int(scene.hidden.sum())
    found = ways.cheapest(scene.of, broken, free, scene.earlier)
    if not len(found):
        return False
    _hide(scene, found)
    return int(scene.hidden.sum()) > count


def _unknowns(scene: Scene, rows: Mask) -> Mask:
    """The unknowns of these rows."""
    width = len(scene.table.measures)
    found = np.zeros(len(scene.of.given.truth) + len(scene.of.found.rest), bool)
    for number, m in enumerate(measures(scene.table, scene.memory)):
        found[scene.of.states[scene.earlier + number].variable[rows[m::width]]] = True
    return found


def _hide(scene: Scene, unknowns: NDArray[np.int64]) -> None:
    width = len(scene.table.measures)
    for number, m in enumerate(measures(scene.table, scene.memory)):
        own = np.isin(scene.of.states[scene.earlier + number].variable, unknowns)
        scene.hidden[m::width] |= own & scene.allowed[m::width]
    same = populations(scene.table)
    held = np.zeros(len(same), bool)
    held[same[scene.hidden]] = True
    np.logical_or(scene.hidden, held[same] & scene.allowed, out=scene.hidden)


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

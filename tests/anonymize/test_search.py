"""The local search: a try that is taken back leaves no trace, and nothing depends on the machine."""

import os
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize import reopen
from anonymize.elimination import Task, enlarged, prepare
from anonymize.goals import goals
from anonymize.greedy import decide
from anonymize.relations import relate

POLICY = an.Protection(rules=[an.SmallCount(threshold=5)], apriori="nonnegative")
TREE = {f"{g}{i}": g for g in "ABCD" for i in range(5)} | dict.fromkeys("ABCD", "T")


def table(seed):
    counts = np.random.default_rng(seed).poisson(3.0, 400)
    place = np.divmod(np.arange(400), 20)
    leaves = [code for code in TREE if len(code) == 2]
    frame = pl.DataFrame(
        {"x": [leaves[i] for i in place[0]], "y": [leaves[i] for i in place[1]], "n": counts}
    )
    return an.Table.from_records(frame, {d: an.Hierarchy.from_parents(d, TREE) for d in "xy"}, count="n")


@pytest.fixture
def started(request):
    """A problem with every cell a candidate, the greedy's state after it, and scratch memory."""
    given = table(request.param)
    wanted = goals(given, POLICY)
    allowed = given.values > 0
    task = Task(relate(given), given.values, wanted, np.zeros(len(allowed), bool), allowed)
    prepared = prepare(task, seed=request.param)
    problem = prepared.problem._replace(hidden=allowed[prepared.order])
    memory = reopen.scratch(problem)
    first = np.flatnonzero(problem.hidden & ~problem.sensitive)[::-1]

    def then(state, found):
        decide(problem, state, found, first)
        reopen.reduce_all(state, memory)

    return problem, *enlarged(problem, then, notes=True), memory


def columns(state):
    """What the matrix says: per live column its entries."""
    m = state.matrix
    each = (slice(s, s + n) for s, n in zip(m.col_start, m.col_len, strict=True) if n)
    return {(tuple(m.entry_row[at].tolist()), tuple(m.entry_value[at].tolist())) for at in each}


def trace(state):
    d, cells = state.directions, state.alive
    vectors = d.one[:-1] * cells[:-1], d.two[:-1] * cells[:-1]
    return [state.stays.tolist(), state.room.tolist(), *(v.tolist() for v in vectors), columns(state)]


@pytest.mark.parametrize("started", range(5), indirect=True)
def test_a_try_taken_back_leaves_no_trace(started):
    problem, state, found, memory = started
    rng = np.random.default_rng(1)
    before, pattern = trace(state), state.stays.copy()
    published = np.flatnonzero(problem.hidden & ~pattern)
    hidden = np.flatnonzero(pattern & ~problem.sensitive)
    for size in (1, 5, 20):
        opened = rng.choice(published, size, replace=False)
        reopen.reopen(problem, state, opened, memory)
        tried = np.append(opened, rng.choice(hidden, len(hidden) // 2, replace=False))
        decide(problem, state, found, rng.permutation(tried))
        reopen.close(problem, state, pattern, tried)
        assert trace(state) == before


@pytest.mark.parametrize("started", range(5), indirect=True)
def test_opened_cells_have_the_room_a_fresh_start_gives_them(started):
    problem, state, _, memory = started
    published = np.flatnonzero(problem.hidden & ~state.stays)
    opened = np.random.default_rng(2).choice(published, 12, replace=False)
    reopen.reopen(problem, state, opened, memory)
    fresh, _ = enlarged(problem._replace(hidden=state.stays.copy()), lambda *_: None)
    moving = [s.directions.one[:-1] != 0 for s in (state, fresh)]
    assert (moving[0][state.stays] == moving[1][state.stays]).all()
    assert len(columns(state)) == len(columns(fresh))


def test_more_effort_hides_no_more():
    def cost(effort):
        reasons = an.protect(table(3), POLICY, effort=effort).reasons["reason"]
        return (reasons == "secondary").sum()

    assert cost("high") <= cost("default") <= cost("low")


def test_same_pattern_on_any_number_of_threads():
    program = (
        "import anonymize as an; from tests.anonymize.test_search import POLICY, table; "
        "print(an.protect(table(0), POLICY).digest)"
    )
    names = ("NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    runs = [
        subprocess.check_output([sys.executable, "-c", program], env=os.environ | dict.fromkeys(names, count))
        for count in ("1", "2", "5")
    ]
    assert runs[0] == runs[1] == runs[2]

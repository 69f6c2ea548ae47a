"""The state table: every state is reached, and none is published without two approvals."""

from dataclasses import dataclass, field
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.approvals import table
from opendata.errors import GateError, VerificationError
from opendata.ledger import KINDS

ACTS = sorted({line.event for line in table.transitions()})
PEOPLE = ("a", "b", "c")


@dataclass(frozen=True, eq=False)
class Happened:
    kind: str
    who: str = ""
    number: int = 1
    facts: dict = field(default_factory=dict)


def test_the_table_speaks_of_known_states_and_events():
    assert tuple(table.words()) == get_args(table.State)
    for line in table.transitions():
        assert {*line.start, line.end} <= table.words().keys()
        assert line.event in KINDS
        assert (line.people == 0) == (not line.roles)


def test_an_act_in_a_state_leads_to_one_state():
    starts = [(line.act, start) for line in table.transitions() for start in line.start]
    assert len(starts) == len(set(starts))
    assert len({(line.act, line.event) for line in table.transitions()}) == len(ACTS)


def reached():
    """Every life that up to seven events lead to, and the events."""
    found = {(): table.Life("draft", {})}
    layer = dict(found)
    for _ in range(7):
        after = {}
        for events, (kind, who) in product(layer, product(ACTS, PEOPLE)):
            try:
                after[(*events, Happened(kind, who))] = table.life((*events, Happened(kind, who)))
            except VerificationError:
                continue
        unseen = {}
        for events, life in after.items():
            unseen.setdefault((life.state, tuple(sorted(life.acts.items()))), events)
        layer = {events: after[events] for events in unseen.values()}
        found |= layer
    return found


def test_every_state_is_reached_and_published_only_after_two_people_approved():
    seen = set()
    for events, life in reached().items():
        seen.add(life.state)
        if any(event.kind == "published" for event in events):
            first = next(n for n, event in enumerate(events) if event.kind == "published")
            assert len({event.who for event in events[:first] if event.kind == "approved"}) >= 2
    assert seen == set(get_args(table.State))


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE)), max_size=12))
def test_no_order_of_events_publishes_without_two_approvals_of_two_people(events):
    """The oracle counts approvals between submission and publication, and knows nothing of the table."""
    happened = [Happened(kind, who) for kind, who in events]
    try:
        state = table.state(happened)
    except VerificationError:
        return
    kinds = [kind for kind, _ in events]
    if "published" in kinds or state in ("published", "superseded"):
        before = events[: kinds.index("published")]
        assert kinds.index("submitted") < kinds.index("published")
        assert len({who for kind, who in before if kind == "approved"}) >= 2
        assert not {"returned", "refused"} & {kind for kind, _ in before}


@given(st.integers(2, 5))
def test_as_many_approve_as_the_submission_asks_for(wanted):
    events = [Happened("submitted", "s", facts={"statement": {"approvers": wanted}})]
    for number in range(wanted):
        assert table.state(events) == "submitted"
        events.append(Happened("approved", f"a{number}"))
    assert table.state(events) == "approved"


@pytest.mark.parametrize("said", [0, 1, -3, None, "2", True])
def test_fewer_than_two_is_never_asked_for(said):
    submitted = Happened("submitted", "s", facts={"statement": {"approvers": said}})
    assert table.life([submitted]).approvers == 2


def test_what_does_not_move_a_version_is_passed_over():
    assert table.state([Happened("built"), Happened("announced"), Happened("submitted")]) == "submitted"


def test_an_impossible_act_tells_state_and_what_is_possible():
    with pytest.raises(GateError) as refused:
        table.require(table.Life("draft", {}), "approve", "a", place="cases 2026.1")
    (problem,) = refused.value.problems
    assert "draft" in problem.what.en
    assert "bản nháp" in problem.what.vi
    assert "submit" in problem.remedy.en
    with pytest.raises(GateError) as refused:
        table.require(table.Life("refused", {}), "approve", "a", place="cases 2026.1")
    assert "new one" in refused.value.problems[0].remedy.en


def test_two_people_restore():
    events = [Happened(k, w) for k, w in (("submitted", "s"), ("approved", "a"), ("approved", "b"))]
    events += [Happened("published"), Happened("withdrawn", "a"), Happened("restored", "a")]
    assert table.state(events) == "withdrawn"
    assert table.life(events).acts == {"restore": ("a",)}
    assert table.state([*events, Happened("restored", "b")]) == "approved"
    with pytest.raises(VerificationError):
        table.state([*events, Happened("restored", "a")])

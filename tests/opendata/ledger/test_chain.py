"""Any other content of any field of any event, kept in place or moved: the chain does not close."""

import dataclasses
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from opendata import ledger
from opendata.ledger import Entry
from opendata.ledger.events import chained
from tests.opendata.ledger.conftest import DAY

said = st.text(max_size=20).filter(lambda text: "\0" not in text)
entries = st.lists(st.tuples(st.sampled_from(sorted(ledger.KINDS)), said, said), min_size=1, max_size=5)
FIELDS = ["kind", "who", "why", "manifest", "digest", "previous", "facts", "at"]


@given(entries, st.data())
def test_whatever_is_altered_is_told(entries, data):
    events, after = [], (0, ledger.GENESIS)
    for kind, who, why in entries:
        events.append(chained(Entry(kind, who=who, why=why), at=DAY, after=after))
        after = (events[-1].number, events[-1].digest)
    assert ledger.check(events, known=after) == []
    place = data.draw(st.integers(0, len(events) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    other = {"facts": {"z": 1}, "at": DAY + timedelta(seconds=1)}.get(field, "other")
    altered = dataclasses.replace(events[place], **{field: other})
    if altered != events[place]:
        events[place] = altered
        assert ledger.check(events, known=after) != []

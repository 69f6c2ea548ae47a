"""Notices of changes and errors: their states, public counts without the notifier, one answer for all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from catalog.annexes import Registers, overdue, sheets
from catalog.corrections import Notice, answer, due, state, statistics

RECEIVED = date(2026, 3, 2)
NOTICE = {
    "dataset": "cases",
    "kind": "error",
    "received": RECEIVED,
    "matter": {"vi": "Số mắc tháng 5 thấp hơn báo cáo.", "en": "May is lower than was reported."},
}


def notice(**changes):
    return Notice.model_validate(NOTICE | changes)


def ruling(outcome="accepted", **changes):
    reason = {"vi": "Báo cáo gửi muộn.", "en": "A late report."}
    return {"outcome": outcome, "date": date(2026, 3, 9), "reason": reason} | changes


@pytest.mark.parametrize(
    ("decided", "after", "expected"),
    [
        (None, 30, "open"),
        (None, 31, "overdue"),
        (ruling(), 30, "accepted"),
        (ruling(), 31, "overdue"),
        (ruling(version="2026.2"), 99, "corrected"),
        (ruling("declined"), 99, "declined"),
    ],
)
def test_where_a_notice_stands(decided, after, expected):
    today = RECEIVED + timedelta(days=after)
    assert state(notice(ruling=decided), days=30, today=today) == expected


def test_the_period_is_the_agencys():
    assert due(notice(), 10) == date(2026, 3, 12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"notifier": "Nguyễn Văn A"},
        {"kind": "praise"},
        {"dataset": "Nguyễn Văn A"},
        {"ruling": ruling(date=date(2026, 3, 1))},
        {"ruling": ruling("declined", version="2026.2")},
    ],
)
def test_what_a_notice_cannot_say(wrong):
    with pytest.raises(ValidationError) as refused:
        notice(**wrong)
    assert "Nguyễn" not in str(refused.value)


@given(st.lists(st.tuples(st.sampled_from(["change", "addition", "error"]), st.integers(0, 60))))
def test_statistics_count_every_notice_once_and_show_nothing_else(listed):
    notices = [notice(kind=kind, received=RECEIVED + timedelta(days=late)) for kind, late in listed]
    counts = statistics(notices, days=30, today=date(2026, 4, 15))
    assert (len(counts), sum(one.count for one in counts)) == (15, len(notices))
    assert {type(getattr(one, name)) for one in counts for name in one.__slots__} == {str, int}


@given(
    st.none()
    | st.builds(ruling, st.just("accepted"), version=st.none() | st.just("2026.2"))
    | st.builds(ruling, st.just("declined"))
)
def test_the_answer_does_not_depend_on_the_decision(decided):
    assert answer(notice(ruling=decided), days=30) == answer(notice(), days=30)


def test_the_answer_says_nothing_of_the_matter_and_confirms_nobody():
    text = answer(notice(matter={"vi": "Ô của tôi.", "en": "My cell."}), days=30)
    assert "My cell" not in text.en
    assert "neither confirms nor denies" in text.en
    assert "không xác nhận và không phủ nhận" in text.vi


def test_the_annex_holds_counts_only_and_late_ones_are_listed_for_the_agency():
    found = Registers(date(2026, 12, 1), notices={"2026-001": notice()})
    page = sheets(found)[-1]
    assert page.rows[2] == ("Sai sót", "0", "1", "0", "0", "0")
    assert "cases" not in str(page.rows)
    assert overdue(found)["notices"] == ("2026-001",)

"""When a dataset is due, and what each release reports."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from opendata.schedule import Lag, Schedule, dues
from opendata.schedule.moments import late_days
from opendata.spec import Spec

MONTHS = {"MONTHLY": 1, "BIMONTHLY": 2, "QUARTERLY": 3, "ANNUAL_3": 4, "ANNUAL_2": 6, "ANNUAL": 12}
DAYS = {"DAILY": 1, "WEEKLY": 7, "BIWEEKLY": 14}
DAY = timedelta(days=1)


def schedule(first, **more):
    return Schedule(**{"from": first} | more)


def listed(made, frequency, count=4):
    return [(str(due.day), f"{due.start} {due.end}") for due in islice(dues(made, frequency), count)]


def test_monthly_on_the_tenth_reports_the_month_before():
    assert listed(schedule(date(2026, 2, 10)), "MONTHLY", 3) == [
        ("2026-02-10", "2026-01-01 2026-01-31"),
        ("2026-03-10", "2026-02-01 2026-02-28"),
        ("2026-04-10", "2026-03-01 2026-03-31"),
    ]


def test_a_year_is_told_in_june_of_the_next():
    made = schedule(date(2026, 6, 15), lag=Lag(months=6))
    assert listed(made, "ANNUAL", 2) == [
        ("2026-06-15", "2025-01-01 2025-12-31"),
        ("2027-06-15", "2026-01-01 2026-12-31"),
    ]


def test_the_last_day_of_every_month_is_day_31():
    found = [due.day for due in islice(dues(schedule(date(2027, 12, 31), day=31), "MONTHLY"), 4)]
    assert list(map(str, found)) == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]


def test_weeks_end_some_days_before():
    made = schedule(date(2026, 1, 7), day="wednesday", lag=Lag(days=3))
    assert listed(made, "WEEKLY", 2) == [
        ("2026-01-07", "2025-12-29 2026-01-04"),
        ("2026-01-14", "2026-01-05 2026-01-11"),
    ]


def test_the_hour_is_that_of_the_publisher():
    (due,) = islice(dues(schedule(date(2026, 2, 10), hour="09:30"), "MONTHLY"), 1)
    assert due.moment == datetime(2026, 2, 10, 2, 30, tzinfo=UTC)


def test_late_is_counted_in_days_of_the_publisher():
    made = schedule(date(2026, 2, 10))
    (due,) = islice(dues(made, "MONTHLY"), 1)
    found = [late_days(made, due, datetime(2026, 2, 10, hour, tzinfo=UTC)) for hour in (0, 2, 16, 17)]
    assert found == [0, 0, 0, 1]  # 17:00 UTC is midnight in Ha Noi


def test_the_series_ends_with_until_and_with_the_calendar():
    assert len(listed(schedule(date(2026, 2, 10), until=date(2027, 1, 10)), "MONTHLY", 99)) == 12
    assert len(listed(schedule(date(9999, 1, 10)), "MONTHLY", 99)) <= 12
    assert len(listed(schedule(date(9999, 12, 29)), "DAILY", 99)) == 3


@given(
    first=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    frequency=st.sampled_from(sorted(MONTHS)),
    lag=st.integers(1, 14),
    last=st.booleans(),
)
def test_cycles_of_months_against_a_walk_over_all_days(first, frequency, lag, last):
    months = MONTHS[frequency]
    ends = first.day == monthrange(first.year, first.month)[1]
    day = 31 if last and ends else first.day
    made = schedule(first, day=day if last and ends else None, lag=Lag(months=lag))
    expected, today = [], first
    while len(expected) < 4:
        passed = (today.year - first.year) * 12 + today.month - first.month
        if passed % months == 0 and today.day == min(day, monthrange(today.year, today.month)[1]):
            expected.append(today)
        today += DAY
    found = list(islice(dues(made, frequency), 4))
    assert [due.day for due in found] == expected
    for due, following in pairwise(found):
        assert due.end + DAY == following.start  # no day twice, none left out
    for due in found:
        assert due.start.day == 1
        assert (due.end + DAY).day == 1
        between = (due.day.year - due.end.year) * 12 + due.day.month - due.end.month
        assert between == lag


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(sorted(DAYS)), st.integers(1, 40))
def test_cycles_of_days(first, frequency, lag):
    found = list(islice(dues(schedule(first, lag=Lag(days=lag)), frequency), 3))
    assert [due.day for due in found] == [first + number * DAYS[frequency] * DAY for number in range(3)]
    for due in found:
        assert (due.day - due.end).days == lag
        assert (due.end - due.start).days == DAYS[frequency] - 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Asia/Hanoi"},
        {"timezone": "../etc/passwd"},
        {"hour": "24:00"},
        {"hour": 9},
        {"day": 0},
        {"day": "thứ hai"},
        {"retries": 10},
        {"often": True},
    ],
)
def test_what_is_not_known_is_refused(wrong):
    with pytest.raises(ValidationError):
        schedule(date(2026, 2, 10), **wrong)


@pytest.mark.parametrize(
    ("frequency", "wrong"),
    [
        ("AS_NEEDED", {}),
        ("MONTHLY_2", {}),
        ("MONTHLY", {"day": 11}),
        ("MONTHLY", {"day": "tuesday"}),
        ("MONTHLY", {"lag": {"days": 1}}),
        ("WEEKLY", {"day": "monday"}),
        ("WEEKLY", {"lag": {"months": 1}}),
        ("DAILY", {"day": "tuesday"}),
        ("MONTHLY", {"until": "2026-02-09"}),
        ("MONTHLY", {"from": "2026-02-01"}),
        ("ANNUAL", {"lag": {"months": 26}}),
    ],
)
def test_what_does_not_fit_the_record_is_refused(spec, frequency, wrong):
    spec["entry"]["frequency"] = frequency
    spec["schedule"] = {"from": "2026-02-10"} | wrong
    with pytest.raises(ValidationError, match=r"type=schedule"):
        Spec.model_validate_json(_json(spec))


def test_a_release_bears_the_day_on_which_it_was_due(spec):
    spec["entry"] |= {"frequency": "MONTHLY", "temporal": {"start": "2026-01-01", "end": "2026-01-31"}}
    spec["schedule"] = {"from": "2026-02-10"}
    made = Spec.model_validate_json(_json(spec))
    _, second = islice(dues(made.schedule, "MONTHLY"), 2)
    entry = made.at(second).entry
    assert (entry.modified, entry.temporal.end) == (date(2026, 3, 10), date(2026, 2, 28))
    assert (entry.temporal.start, entry.issued) == (made.entry.temporal.start, made.entry.issued)
    assert made.entry.modified is None


def test_a_spec_without_a_schedule_is_what_it_was(spec):
    assert "schedule" not in Spec.model_validate_json(_json(spec)).model_dump(mode="json")


def _json(spec):
    import json

    return json.dumps(spec, default=str)

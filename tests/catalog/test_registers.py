"""The open-data list and the coverage of the 24 groups: statuses on a day, due dates, every group."""

import re
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import catalog
from catalog.annexes import Registers, overdue, sheets
from catalog.databases import Database
from catalog.entry import Frequency
from catalog.frequencies import cycles, months_later, next_due
from catalog.registers import OpenDataset, coverage, due, open_data_list, review_due, status

DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


def database(**changes):
    base = {
        "name": {"vi": "Giám sát bệnh truyền nhiễm", "en": "Communicable disease surveillance"},
        "owner": {"name": {"vi": "Sở Y tế", "en": "Department of Health"}},
        "groups": [3, 1],
        "category": "2b",
        "frequency": "DAILY",
        "contact": {"name": {"vi": "Phòng Dữ liệu", "en": "Data office"}, "email": "dulieu@example.org"},
        "access": "personal",
        "access_route": {"vi": "Văn bản gửi Sở Y tế", "en": "A letter to the department"},
        "master_data": False,
        "reviewed": "2026-01-31",
    }
    return Database.model_validate(base | changes)


@pytest.fixture
def dataset(entry):
    def made(id="cases", **changes):
        facts = {key: changes.pop(key) for key in ("version", "released", "declared") if key in changes}
        return OpenDataset(id, entry.model_copy(update=changes), **facts)

    return made


def test_a_database_is_checked_and_its_groups_sorted():
    assert database().groups == (1, 3)
    for wrong in (
        {"groups": []},
        {"groups": [25]},
        {"groups": [1, 1]},
        {"master_data": "no"},
        {"category": "5"},
    ):
        with pytest.raises(ValidationError):
            database(**wrong)


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        ({}, "2026-02-28", "planned"),
        ({}, "2026-03-01", "planned"),
        ({}, "2026-03-02", "overdue"),
        ({"version": "2026.1", "released": date(2026, 3, 1)}, "2027-03-01", "published"),
        ({"version": "2026.1", "released": date(2026, 3, 1)}, "2027-03-02", "overdue"),
        (
            {"version": "2026.1", "released": date(2026, 3, 1), "frequency": "IRREG"},
            "2099-01-01",
            "published",
        ),
        ({"version": "2026.1", "released": date(2026, 3, 1), "declared": False}, "2099-01-01", "withdrawn"),
    ],
)
def test_where_a_dataset_stands_on_a_day(dataset, facts, today, expected):
    assert status(dataset(**facts), today=date.fromisoformat(today)) == expected


def test_every_frequency_has_a_name_and_those_that_promise_have_a_period():
    assert set(cycles()) == set(get_args(Frequency))
    silent = {name for name in cycles() if next_due(date(2026, 1, 1), name) is None}
    assert silent == {"IRREG", "AS_NEEDED", "NOT_PLANNED", "NEVER", "OTHER", "UNKNOWN"}


@given(DAYS, st.integers(0, 240), st.integers(0, 240))
def test_months_later_keeps_the_day_or_the_end_of_the_month(day, months, more):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert later <= months_later(day, months + more)


def test_the_list_is_open_data_only_by_owner_group_and_id(dataset):
    other = catalog.Agent(name=catalog.Labels(vi="Bộ Y tế", en="Ministry of Health"))
    found = open_data_list(
        [dataset("b"), dataset("a"), dataset("z", groups=(1,)), dataset("m", publisher=other),
         dataset("x", access="personal")]
    )  # fmt: skip
    assert [one.id for one in found] == ["m", "z", "a", "b"]


def test_every_group_is_covered_or_shown_empty(dataset):
    shown = coverage([database()], [dataset(), dataset("gone", declared=False)], today=date(2026, 1, 1))
    assert [one.group for one in shown] == list(range(1, 25))
    assert (shown[0].databases, shown[0].datasets) == (
        1,
        {"planned": 1, "published": 0, "overdue": 0, "withdrawn": 1},
    )
    assert (shown[1].databases, sum(shown[1].datasets.values())) == (0, 0)


def test_a_record_is_reviewed_again_in_time(dataset):
    assert review_due(database(), months=1) == date(2026, 2, 28)
    assert due(dataset(version="2026.1", released=date(2026, 3, 1), declared=False)) is None
    late = overdue(Registers(date(2026, 8, 1), {"surveillance": database()}, [dataset()]))
    assert late == {"databases": ("surveillance",), "datasets": ("cases",), "notices": ()}


def test_sheets_are_rectangular_and_in_vietnamese(dataset):
    found = sheets(Registers(date(2026, 2, 1), {"surveillance": database()}, [dataset()]))
    assert [sheet.name for sheet in found] == ["databases", "open-data", "coverage", "corrections"]
    assert all(len(row) == len(sheet.headings) for sheet in found for row in sheet.rows)
    assert found[0].rows[0][1:3] == ("surveillance", "Giám sát bệnh truyền nhiễm")
    assert "Kế hoạch" in found[1].rows[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found[0].rows[0][-1])

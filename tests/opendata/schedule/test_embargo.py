"""Nothing of what is due is published before its moment."""

from datetime import date

import pytest
import yaml

from opendata.errors import GateError, SpecError
from opendata.pipeline import build
from opendata.schedule import embargo
from tests.opendata.schedule.conftest import MONTHLY, add, at, deliver, monthly


@pytest.mark.parametrize(
    ("end", "moment"),
    [
        ("2025-12-31", None),  # before the series
        ("2026-01-30", None),
        ("2026-01-31", "2026-02-10 09:00"),
        ("2026-02-27", "2026-02-10 09:00"),
        ("2026-02-28", "2026-03-10 09:00"),
    ],
)
def test_it_is_the_period_that_is_held_back(office, end, moment):
    found = embargo.opens(office.spec(MONTHLY), date.fromisoformat(end))
    assert found == (at(moment) if moment else None)


def test_without_a_schedule_or_without_embargo_nothing_is_held_back(office):
    add(office, embargo=False)
    spec = office.spec(MONTHLY)
    assert embargo.opens(spec, date(2026, 2, 28)) is None
    assert embargo.opens(spec.model_copy(update={"schedule": None}), date(2026, 2, 28)) is None


@pytest.fixture
def release(office):
    """January, built by hand under a date of its own."""
    deliver(office, "2026-01")
    return build(MONTHLY, office.root)[0]


def test_by_hand_neither_whatever_date_it_bears(office, release):
    with pytest.raises(GateError, match=r"2026-02-10 09:00 \(Asia/Ho_Chi_Minh\)") as refused:
        embargo.require(office, release, clock=lambda: at("2026-02-10 08:59"))
    assert refused.value.exit_code == 6
    embargo.require(office, release, clock=lambda: at("2026-02-10 09:00"))


def test_a_spec_that_cannot_be_read_opens_nothing(office, release):
    office.spec_path(MONTHLY).write_text(yaml.safe_dump(monthly(timezone="Mars/Olympus")))
    with pytest.raises(SpecError):
        embargo.require(office, release, clock=lambda: at("2027-01-01 00:00"))


def test_what_has_no_spec_has_no_schedule(office, release):
    office.spec_path(MONTHLY).unlink()
    embargo.require(office, release, clock=lambda: at("2026-02-01 00:00"))

"""A release tells its period: not before its figures have come, and nothing after it."""

from itertools import islice

import polars as pl
import pytest

from opendata.datasets import Dataset
from opendata.errors import SourceError
from opendata.pipeline import make
from opendata.schedule import dues
from opendata.schedule.arrival import NotArrivedError
from tests.opendata.schedule.conftest import MONTHLY, deliver


def opened(office, number=0):
    """The dataset at its n-th due moment."""
    spec = office.spec(MONTHLY)
    due = next(islice(dues(spec.schedule, spec.entry.frequency), number, None))
    return Dataset(MONTHLY, spec.at(due), office)


def test_what_is_due_holds_its_period_and_nothing_after_it(office):
    deliver(office, "2026-01", "2026-02", "2026-03")
    records = opened(office, 1).read()
    assert records.frame["month"].unique().sort().to_list() == ["2026-01", "2026-02"]
    assert "2026-02" in records.warnings[-1].what.en


def test_without_the_last_month_the_source_has_not_arrived(office):
    deliver(office, "2026-01", "2026-03")
    with pytest.raises(NotArrivedError, match=r"2026-02.*not arrived|not arrived.*2026-02") as refused:
        opened(office, 1).read()
    assert refused.value.exit_code == 3


def test_a_source_that_is_not_there_is_told_as_ever(office):
    with pytest.raises(SourceError, match=r"months\.csv"):
        opened(office).read()


def test_rows_that_wait_to_be_filled_in_are_no_figures(office):
    from dataclasses import replace

    from opendata.schedule.arrival import within

    deliver(office, "2026-01")
    read = opened(office).read()
    empty = read.frame.with_columns(cases=pl.lit(None, pl.Int64))
    with pytest.raises(NotArrivedError):
        within(opened(office).spec, replace(read, frame=empty))


def test_a_dataset_without_a_schedule_keeps_every_record(office):
    deliver(office, "2026-01", "2026-02")
    spec = office.spec(MONTHLY).model_copy(update={"schedule": None})
    assert Dataset(MONTHLY, spec, office).read().frame["month"].n_unique() == 2


def test_the_same_release_on_whatever_day_it_is_made(office):
    deliver(office, "2026-01", "2026-02")
    release, written = make(opened(office, 1))
    assert written
    assert release.manifest["released"] == "2026-03-10"
    assert release.manifest["entry"]["temporal"]["end"] == "2026-02-28"
    again, written = make(opened(office, 1))
    assert (again.version, written) == ("2026.1", False)
    months = pl.read_parquet(release.directory / "data.parquet")["month"].unique().sort()
    assert months.to_list() == ["2026-01", "2026-02"]

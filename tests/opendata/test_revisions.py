"""Provisional and final figures, and what allows a final one to change."""

import re
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata import pipeline, revisions
from opendata.errors import PersonalDataError, SpecError
from opendata.revisions import Correction, Revisions, Shown
from tests.opendata.conftest import RECORDS, respec

PROVISIONAL = Revisions.model_validate({"provisional": {"dimension": "month", "from": "2026-03"}})


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("2026-02", "A"), ("2026-03", "P"), ("2026-12", "P"), ("2025-12", "A"), ("2025-Q4", "A"), ("2026-Q1", "P"),
        ("2026-Q2", "P"), ("2025", "A"), ("2026", "P"), ("2027", "P"),
    ],
)  # fmt: skip
def test_a_period_is_provisional_when_it_holds_a_provisional_month(code, status):
    table = pl.DataFrame({"month": [code], "n": [7], "n_status": ["A"]})
    assert revisions.marked(table, PROVISIONAL)["n_status"].to_list() == [status]


def test_what_is_hidden_or_missing_stays_so():
    statuses = ["Q", "O", "E", "A"]
    table = pl.DataFrame({"month": "2026-04", "n": [None, None, 7, 8], "n_status": statuses})
    assert revisions.marked(table, PROVISIONAL)["n_status"].to_list() == ["Q", "O", "E", "P"]
    assert revisions.marked(table, None).equals(table)
    assert revisions.marked(table, Revisions()).equals(table)


KEYS = ["a", "b", "c"]
cells = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(st.integers(0, 3), st.sampled_from(["A", "P", "Q"])), min_size=1
)
days = st.integers(1, 28).map(lambda day: date(2026, 1, day))


def table(cells: dict[str, tuple[int, str]]) -> pl.DataFrame:
    rows = [(key, None if s == "Q" else n, s) for key, (n, s) in cells.items()]
    return pl.DataFrame(rows, {"area": pl.String, "n": pl.Int64, "n_status": pl.String}, orient="row")


def allowed(out: list[tuple[date, dict]], new: dict, corrections: list[date]) -> bool:
    """Naively: every cell of the new table against the last version that showed it as final."""
    for key, (value, status) in new.items():
        final = [(day, old[key][0]) for day, old in out if old.get(key, (0, ""))[1] == "A"]
        revised = final and status != "Q" and (value != final[-1][1] or status == "P")
        if revised and not any(day >= final[-1][0] for day in corrections):
            return False
    return True


@given(st.lists(st.tuples(days, cells), max_size=3), cells, st.lists(days, max_size=2))
def test_a_final_figure_changes_only_by_a_correction(out, new, corrections):
    out = sorted(out, key=lambda version: version[0])
    reason = {"vi": "Báo cáo bổ sung", "en": "Late reports"}
    policy = Revisions(corrections=tuple(Correction(date=day, what=reason) for day in corrections))
    shown = [Shown(str(n), day, table(old), ("n",)) for n, (day, old) in enumerate(out)]
    try:
        revisions.require(policy, table(new), before=shown, released=date(2026, 2, 1))
        passed = True
    except SpecError:
        passed = False
    assert passed == allowed(out, new, corrections)
    revisions.require(None, table(new), before=shown, released=date(2026, 2, 1))


def revise(workspace, spec, **section):
    """The next version, in which one more case was reported, under this policy."""
    spec["entry"]["modified"] = "2026-04-06"
    if section:
        spec["revisions"] = section
    respec(workspace, spec)
    records = workspace.root / "data/records.csv"
    records.write_text(RECORDS.replace("S3,M,48,0", "S3,M,53,0"), encoding="utf-8")
    return pipeline.build("cases", workspace.root)[0]


@pytest.fixture
def first(workspace):
    return pipeline.build("cases", workspace.root)[0]


def test_without_a_policy_figures_may_be_revised_and_the_change_log_tells(first, workspace, spec):
    changes = (revise(workspace, spec).directory / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"cases: \d figures changed, \d+ stayed", changes)


POLICY = {"vi": "Số liệu chính thức không đổi.", "en": "Final figures do not change."}


@pytest.mark.parametrize("day", [None, "2026-02-01", "2026-04-07"])
def test_a_final_figure_that_changes_is_refused(first, workspace, spec, day):
    reason = {"vi": "Tỉnh báo bổ sung.", "en": "A province reported more."}
    corrections = [{"date": day, "what": reason}] if day else []
    with pytest.raises(SpecError) as refused:
        revise(workspace, spec, policy=POLICY, corrections=corrections)
    (problem,) = refused.value.problems
    assert problem.where.startswith("cases, 2026.1: area ")
    assert "area VN, sex _T" in problem.where
    assert re.match(r"\d figures that were published as final have changed", problem.what.en)
    assert "revisions.corrections, dated from 2026-02-02" in problem.remedy.en
    assert not {"48", "53"} & set(problem.where.split())


def test_a_correction_says_why_and_stands_in_every_file_that_readers_see(first, workspace, spec):
    reason = {"vi": "Tỉnh báo bổ sung.", "en": "A province reported more."}
    release = revise(workspace, spec, policy=POLICY, corrections=[{"date": "2026-04-01", "what": reason}])
    changes = (release.directory / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "- Correction of 2026-04-01: A province reported more.\n" in changes
    page = (release.directory / "report.html").read_text(encoding="utf-8")
    for text in (*POLICY.values(), *reason.values()):
        assert text in page
    assert release.manifest["revisions"]["corrections"] == [{"date": "2026-04-01", "what": reason}]


@pytest.fixture
def monthly(workspace, spec):
    """Two months of the same register; March is provisional."""
    header, *rows = RECORDS.splitlines()
    lines = [f"month,{header}"] + [f"2026-0{month},{row}" for month in (2, 3) for row in rows]
    (workspace.root / "data/records.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spec["entry"] |= {
        "temporal": {"start": "2026-02-01", "end": "2026-03-31"},
        "issued": "2026-04-06",
        "frequency": "MONTHLY",
    }
    spec["source"]["columns"].insert(0, {"name": "month"})
    month = {"label": {"vi": "Tháng", "en": "Month"}, "calendar": "months"}
    spec["table"]["dimensions"] = {"month": month} | spec["table"]["dimensions"]
    spec["revisions"] = {"provisional": {"dimension": "month", "from": "2026-03"}}
    respec(workspace, spec)
    return workspace


def statuses(release, month):
    data = pl.read_parquet(release.directory / "data.parquet").filter(pl.col("month") == month)
    return set(data["cases_status"])


def change(workspace, month):
    records = workspace.root / "data/records.csv"
    text = records.read_text(encoding="utf-8")
    records.write_text(text.replace(f"{month},S2,M,3181", f"{month},S2,M,3190"), encoding="utf-8")


def test_provisional_figures_change_freely_and_become_final(monthly, spec):
    first, _ = pipeline.build("cases", monthly.root)
    assert (statuses(first, "2026-02"), statuses(first, "2026-03")) == ({"A", "Q"}, {"P", "Q"})
    change(monthly, "2026-03")
    spec["revisions"]["provisional"]["from"] = "2026-04"
    spec["entry"]["modified"] = "2026-05-06"
    respec(monthly, spec)
    second, _ = pipeline.build("cases", monthly.root)
    assert statuses(second, "2026-03") == {"A", "Q"}
    changes = (second.directory / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "cells now final (P → A)" in changes
    assert "Figures from 2026-04 on are provisional (P)." in changes
    change(monthly, "2026-02")
    with pytest.raises(SpecError, match=r"cases, 2026\.2: month 2026-02"):
        pipeline.build("cases", monthly.root)


def test_a_final_figure_does_not_become_provisional_again(monthly, spec):
    pipeline.build("cases", monthly.root)
    spec["revisions"]["provisional"]["from"] = "2026-02"
    respec(monthly, spec)
    with pytest.raises(SpecError, match="become provisional"):
        pipeline.build("cases", monthly.root)


@pytest.mark.parametrize("name", ["area", "week"])
def test_only_a_calendar_can_be_provisional(workspace, spec, name):
    spec["revisions"] = {"provisional": {"dimension": name, "from": "2026-03"}}
    respec(workspace, spec)
    with pytest.raises(SpecError, match="names no dimension with a calendar"):
        pipeline.build("cases", workspace.root)


def test_personal_data_in_a_policy_is_refused(workspace, spec):
    told = {"vi": "Hỏi ông Nguyễn Văn An, CCCD 001085012345.", "en": "Ask the office."}
    spec["revisions"] = {"corrections": [{"date": "2026-02-01", "what": told}]}
    respec(workspace, spec)
    with pytest.raises(PersonalDataError, match=r"revisions\.corrections\.0\.what\.vi") as refused:
        pipeline.build("cases", workspace.root)
    assert refused.value.exit_code == 4

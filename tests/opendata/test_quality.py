"""The quality report: what is measured, what is found unusual, and that nothing hidden goes into it."""

import json
from datetime import date

import polars as pl
import pytest
import rdflib
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import Problem, Text
from opendata import pipeline, quality
from opendata.quality import anomalies
from opendata.quality.assessment import _timeliness, _unrepaired
from opendata.source import Applied, Provenance, Totals
from tests.opendata.conftest import fresh

DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]


def series(values, months=MONTHS, statuses=None):
    statuses = statuses or ["Q" if value is None else "A" for value in values]
    return pl.DataFrame(
        {"area": ["N"] * len(months), "time": months, "cases": values, "cases_status": statuses},
        schema_overrides={"cases": pl.Int64},
    )


def found(data):
    return [(one.kind, one.key) for one in anomalies(data, ["area", "time"], ["cases"], time="time")]


def test_an_epidemic_month_is_found_and_a_usual_one_is_not():
    usual = [100 + month % 7 for month in range(24)]
    assert found(series(usual)) == []
    assert found(series([*usual[:20], 4000, *usual[21:]])) == [("outlier", ("N", "2024-09"))]


def test_a_constant_series_and_a_short_one_have_no_outliers():
    assert found(series([50] * 23 + [5000])) == []  # no usual deviation to compare with
    assert found(series([1, 2, 90], MONTHS[:3])) == []


def test_a_level_that_triples_is_found_between_published_years_only():
    years = ["2021", "2022", "2023", "2024"]
    assert found(series([100, 300, 299, 90], years)) == [
        ("level_shift", ("N", "2024")),
        ("level_shift", ("N", "2022")),
    ]
    assert found(series([100, None, 299, 290], years)) == []


def test_a_declared_break_is_told_with_its_cell():
    data = series([100, 101], MONTHS[:2], ["A", "B"])
    assert found(data) == [("break", ("N", "2023-02"))]


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=24, max_size=24))
@settings(max_examples=50, deadline=None)
def test_a_hidden_cell_is_as_if_it_were_not_there(values):
    data = series(values)
    shown = data.filter(pl.col("cases").is_not_null())
    assert anomalies(data, ["area", "time"], ["cases"], time="time") == anomalies(
        shown, ["area", "time"], ["cases"], time="time"
    )


def test_the_share_of_unrepaired_figures_does_not_give_the_number_of_rows():
    repairs = (
        Applied("truncate", "a.xls", "", (), 1, "reason"),
        Applied("drop_rows", "a.xls", "", (), 9, "r"),
    )
    assert _unrepaired(Provenance((), repairs, figures=84_672)) == 0.99
    assert _unrepaired(Provenance((), repairs, figures=150)) == 0.99
    assert _unrepaired(Provenance((), (), figures=7)) == 1.0
    assert _unrepaired(Provenance(())) is None


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    made = fresh(tmp_path_factory.mktemp("quality") / "workspace")
    path = made.spec_path("cases")
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    spec["protection"]["subsets"] = [{"part": "deaths", "whole": "cases"}]
    path.write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return made, pipeline.build("cases", made.root, progress=lambda vi, en: None)[0]


def test_timeliness_is_measured_against_the_promised_cycle(built):
    spec = built[0].spec("cases")
    # 2024 was over on 31 December; promised yearly; out on 2 February 2026, 398 days later.
    assert _timeliness(spec, spec.entry.issued) == pytest.approx(365 / 398)
    later = spec.model_copy(update={"entry": spec.entry.model_copy(update={"issued": date(2025, 1, 20)})})
    assert _timeliness(later, date(2026, 6, 1)) == 1.0  # a correction does not make the data late


def test_the_release_reports_its_quality_everywhere_alike(built):
    folder = built[1].directory
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["quality"]
    assert set(told["measurements"]) == {
        "code_coverage",
        "timeliness",
        "parts_within_wholes",
        "read_as_found",
    }
    graph = rdflib.Graph().parse(folder / "dcat.ttl")
    values = sorted(float(value) for value in graph.objects(None, DQV.value))
    assert values == sorted([*told["measurements"].values(), told["score"]])
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert f"<strong>{told['score']}</strong> / 100" in report


def test_remarks_on_the_source_are_counted_without_their_places(built):
    spec = built[0].spec("cases")
    remark = Problem("secret.xls, sheet A", Text("Có ghi chú.", "Has notes."), Text("Xem lại.", "Look."))
    table = pl.read_parquet(built[1].directory / "data.parquet")
    stored = {name: built[0].code_list(name) for name in ("areas", "sexes")}
    lists = {"area": stored["areas"], "sex": stored["sexes"]}
    origin = Provenance((), (), (remark, remark), 10, Totals(4, 3))
    assessed = quality.assess(quality.Subject(spec, table, lists, stored, origin), released=date(2026, 2, 2))
    assert assessed.remarks == ((remark.what, 2),)
    assert {one.metric: one.value for one in assessed.measured}["source_totals"] == 0.75

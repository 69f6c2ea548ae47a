"""What a publication table says of every cell, and what it refuses."""

import polars as pl
import pytest

from catalog import Labels
from opendata import tables
from opendata.tables import TableError
from tests.opendata.tables.conftest import CODEBOOK, DATA, HIDDEN_VALUE, TITLE


def lay(data=DATA, measures=("cases",), **options):
    given = {"rows": "area", "columns": "sex", "codebook": CODEBOOK, "title": TITLE} | options
    return tables.publication_table(data, list(measures), **given)


def shown(table):
    return {line.label: [f"{cell.flag}{cell.shown}" for cell in line.cells] for line in table.lines}


def test_suppressed_missing_and_zero_are_three_things_and_flags_are_letters():
    assert shown(lay()) == {
        "Cả nước": ["4.480", "p2.200"],
        "Miền Bắc": ["b4.480", "0"],
        "Bắc <một>": ["×", "…"],
        "Miền Nam": ["×", "…"],  # a combination that the data leave out is missing, not nought
    }


def test_numbers_of_either_language():
    assert shown(lay(measures=["rate"]))["Cả nước"] == ["4.480,3", "e0,5"]
    assert shown(lay(measures=["rate"], language="en", decimals=2))["Whole country"] == ["4,480.25", "e0.50"]


def test_only_marks_that_occur_are_explained():
    assert [mark for mark, _ in lay().notes] == ["×", "…", "p", "b"]
    assert "không được hiểu là số 0" in dict(lay().notes)["×"]
    assert [mark for mark, _ in lay(measures=["rate"], language="en").notes] == ["×", "…", "e"]
    whole = DATA.filter(pl.col("area") == "N")
    assert [mark for mark, _ in lay(whole).notes] == ["b"]


def test_totals_stand_before_their_parts_whatever_the_order_of_the_list():
    assert [(line.label, line.depth) for line in lay().lines] == [
        ("Cả nước", 0),
        ("Miền Bắc", 1),
        ("Bắc <một>", 2),
        ("Miền Nam", 1),
    ]
    without_north = DATA.filter(pl.col("area") != "N")
    assert [(line.label, line.depth) for line in lay(without_north).lines][1] == ("Bắc <một>", 1)


def test_heads_and_units():
    one = lay(subtitle=Labels(vi="Năm 2025.", en="2025"))
    assert [head.label for head in one.heads] == ["Chung hai giới", "Nữ"]
    assert one.subtitle == "Năm 2025. Đơn vị tính: người"
    two = lay(measures=["cases", "rate"], language="en")
    assert [(head.over, head.label) for head in two.heads][:2] == [
        ("Both sexes", "Cases (persons)"),
        ("Both sexes", "Rate (per 1000)"),
    ]
    assert two.subtitle == ""
    alone = lay(DATA.filter(sex="_T"), columns=None)
    assert [head.label for head in alone.heads] == ["Số mắc"]


def test_periods_run_across_without_a_gap():
    data = pl.DataFrame(
        {"area": ["VN", "VN"], "year": ["2023", "2025"], "cases": [1, 2], "cases_status": ["A", "A"]}
    )
    table = lay(data, columns="year")
    assert [head.label for head in table.heads] == ["2023", "2024", "2025"]
    assert shown(table) == {"Cả nước": ["1", "…", "2"]}


@pytest.mark.parametrize("status", ["Q", "O"])
def test_a_number_beside_a_status_that_hides_it_is_refused(status):
    leaking = DATA.with_columns(
        pl.when(cases_status=status).then(HIDDEN_VALUE).otherwise("cases").alias("cases")
    )
    with pytest.raises(TableError) as refusal:
        lay(leaking)
    assert str(HIDDEN_VALUE) not in f"{refusal.value!r}{refusal.value.problems}"
    assert "suppressed" in str(refusal.value)


WRONG = {
    "no status": (DATA.drop("cases_status"), {}),
    "an unknown status": (DATA.with_columns(cases_status=pl.lit("X")), {}),
    "a cell twice": (pl.concat([DATA, DATA]), {}),
    "a dimension left over": (DATA, {"columns": None}),
    "a code that the list does not hold": (DATA.with_columns(area=pl.lit("Z")).head(1), {}),
    "no rows": (DATA.clear(), {}),
    "a column that the codebook does not hold": (DATA, {"columns": "age"}),
    "a measure as a dimension": (DATA, {"rows": "rate"}),
    "a dimension as a measure": (DATA, {"measures": ["area"]}),
    "no measure": (DATA, {"measures": []}),
    "one dimension twice": (DATA, {"columns": "area"}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_release_is_refused(wrong):
    data, options = WRONG[wrong]
    with pytest.raises(TableError) as refusal:
        lay(data, **options)
    assert all(p.what.vi and p.what.en and p.remedy.vi and p.remedy.en for p in refusal.value.problems)


def test_all_mistakes_of_use_at_once():
    with pytest.raises(TableError) as refusal:
        lay(measures=["area", "deaths"], rows="rate")
    assert len(refusal.value.problems) == 3


def test_a_table_that_is_printed_shows_its_size_only():
    assert repr(lay()) == "PublicationTable('Số mắc theo vùng', 4 x 2, 'vi')"

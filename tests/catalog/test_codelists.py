"""Code lists: what is refused, how names are found, and the lists that come with the package."""

import csv
import itertools
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog
from catalog.shipped import names

HEADER = "code,parent,label_vi,label_en,aliases\n"
SHIPPED = (
    "age-5-year", "age-health-reports", "economic-region-34", "economic-region-63", "icd-10-blocks",
    "icd-10-chapters", "notifiable-diseases", "obs-status", "province-34", "province-34-2026", "province-40",
    "province-44", "province-45", "province-53", "province-61", "province-63", "province-64", "sex",
)  # fmt: skip


def refused(rows):
    with pytest.raises(catalog.CodeListError) as caught:
        catalog.parse(HEADER + rows, "test")
    return caught.value.problems


def test_parse_reads_tree_labels_and_aliases():
    found = catalog.parse(
        "\ufeff" + HEADER + "VN,,Việt Nam,Viet Nam,\n01,VN,Hà Nội,Ha Noi,HN; Hanoi\n", "test"
    )
    assert catalog.parents(found) == {"01": "VN"}
    assert found.codes[1].aliases == ("HN", "Hanoi")


def test_all_mistakes_come_at_once():
    found = refused("a,b,A,A,\nb,a,B,B,\nc,zz,C,C,\nc,,C,TODO,\né,,E,E,\n")
    assert [p.where for p in found] == [
        "test, line 5, label_en", "test, line 6", "test, code c", "test, code a", "test, code b",
    ]  # fmt: skip
    assert all(p.what.vi and p.remedy.vi for p in found)


def test_hidden_letters_in_a_label_are_refused():
    (problem,) = refused("1,,Hà\u200b Nội,Ha Noi,\n")
    assert problem.where == "test, line 2, label_vi"


@pytest.mark.parametrize("text", ["", "code,label\n1,x\n", HEADER, HEADER + "1,,a\n", HEADER + '1,,"a,b,\n'])
def test_a_file_of_another_form_is_refused(text):
    with pytest.raises(catalog.CodeListError):
        catalog.parse(text, "test")


def test_one_name_for_two_codes_is_refused():
    (problem,) = refused("1,,Hà Nội,Ha Noi,\n2,,Huế,Hue,hà-nội\n")
    assert problem.where == "test, codes 1, 2"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("TP. H.C.M", "79"), ("tp hồ chí minh", "79"), ("Bà Rịa -V.Tàu", "77"), ("BR-VT", "77"),
        ("TT - Huế", "46"), ("Thừa Thiên - Huế", "46"), ("Đắc Lắc", "66"), ("Cà  Mau", "96"),
        ("Sơn la", "14"), ("Khánh Hoà", "56"), ("Thanh Hoá", "38"), ("Tỉnh Hoà Bình", "17"),
        ("Thua Thien Hue", "46"), ("01", "01"), ("\u00d0ồng Nai", "75"),
    ],
)  # fmt: skip
def test_provinces_are_found_as_sources_write_them(written, code):
    known = catalog.match(catalog.builtin("province-63"))
    assert known[catalog.normal(written)] == code
    assert known[catalog.normal(unicodedata.normalize("NFD", written))] == code


@given(st.text(max_size=20))
def test_normal_is_stable_and_blind_to_form_case_and_separators(text):
    once = catalog.normal(text)
    assert catalog.normal(once) == once
    assert catalog.normal(unicodedata.normalize("NFD", text)) == catalog.normal(
        unicodedata.normalize("NFC", text)
    )
    assert catalog.normal(f" - {text} . ") == once


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_list_has_one_name_per_code_and_reaches_its_root(name):
    found = catalog.builtin(name)
    up = catalog.parents(found)
    assert len(set(catalog.match(found).values())) == len(found.codes)
    roots = {c.code for c in found.codes} - set(up)
    assert len(roots) == (6 if name == "obs-status" else 1)


def test_every_shipped_list_is_tested():
    assert names() == SHIPPED


def test_an_unknown_list_names_the_known_ones():
    with pytest.raises(catalog.CodeListError) as caught:
        catalog.builtin("province-65")
    assert "province-63" in caught.value.problems[0].remedy.vi


@pytest.mark.parametrize(
    ("name", "size"), [("province-63", 63), ("province-34", 34), ("province-34-2026", 34)]
)
def test_provinces_lie_in_six_regions_of_one_country(name, size):
    found = catalog.builtin(name)
    up = catalog.parents(found)
    regions = {code for code, parent in up.items() if parent == "VN"}
    provinces = {code for code, parent in up.items() if parent in regions}
    assert (len(regions), len(provinces)) == (6, size)
    assert all(code.isdigit() for code in provinces)
    assert all(c.labels.en.isascii() for c in found.codes)


def test_icd_10_has_its_chapters_and_all_263_blocks_and_every_block_lies_in_what_is_above_it():
    found, chapters = catalog.builtin("icd-10-blocks"), catalog.builtin("icd-10-chapters")
    up = catalog.parents(found)
    assert {c for c, over in up.items() if over == "_T"} == {c.code for c in catalog.leaves(chapters)}
    assert (len(catalog.leaves(chapters)), len(catalog.leaves(found))) == (22, 263)
    for code, over in up.items():
        (first, last), (start, end) = code.split("-"), (over if over != "_T" else "A00-Z99").split("-")
        assert start <= first <= last <= end
    ends = [code.code.split("-") for code in catalog.leaves(found)]
    assert all(last < first for (_, last), (first, _) in itertools.pairwise(sorted(ends)))
    assert (up["M05-M14"], up["T20-T25"], up["V01-V09"], up["V01-V99"]) == (
        "M00-M25", "T20-T32", "V01-V99", "V01-X59",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "size"), [("province_63_legacy", 63), ("province_34", 34)])
def test_codes_and_names_are_the_official_ones(shared, name, size):
    known = catalog.match(catalog.builtin(f"province-{size}"))
    with (shared / "data" / "geo" / f"{name}.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == size
    for row in rows:
        assert known[catalog.normal(row["full_name_vi"])] == row["code"]


def test_vintages_meet_without_a_gap():
    old, new = catalog.builtin("province-63"), catalog.builtin("province-34")
    assert (old.valid_from, old.valid_to) == (date(2008, 8, 1), date(2025, 6, 30))
    assert (new.valid_from, new.valid_to) == (date(2025, 7, 1), date(2026, 4, 29))
    assert catalog.builtin("province-34-2026").valid_from == date(2026, 4, 30)


def test_every_disease_and_province_of_the_yearbooks_is_known(shared):
    polars = pytest.importorskip("polars")
    read = polars.read_parquet(shared / "data" / "gdpm" / "expected-2013-2016.parquet")
    diseases = {c.code for c in catalog.builtin("notifiable-diseases").codes} - {"_T"}
    assert set(read["disease"].unique()) == diseases
    english = {c.labels.en for c in catalog.builtin("province-63").codes if c.code.isdigit()}
    assert set(read["province"].unique()) == english


TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§"
UNICODE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ"


@pytest.mark.parametrize("year", range(2013, 2017))
def test_every_province_of_a_real_workbook_matches(shared, year):
    xlrd = pytest.importorskip("xlrd")
    decode = str.maketrans(TCVN3, UNICODE)
    known = catalog.match(catalog.builtin("province-63"))
    provinces = {c.code for c in catalog.builtin("province-63").codes if c.code.isdigit()}
    for sheet in xlrd.open_workbook(shared / "data" / "gdpm" / f"nien-giam-{year}.xls").sheets():
        written = [str(sheet.cell_value(row, 0)).translate(decode) for row in range(2, sheet.nrows)]
        assert {known.get(catalog.normal(name)) for name in written if name.strip()} == provinces


def test_the_calendar_nests_months_in_quarters_in_years():
    found = catalog.months(2013, 2014)
    up = catalog.parents(found)
    assert (up["2013-05"], up["2013-Q2"], up["2013"]) == ("2013-Q2", "2013", "_T")
    assert len(found.codes) == 1 + 2 * (1 + 4 + 12)
    january = next(c for c in found.codes if c.code == "2013-01")
    assert (january.labels.vi, january.labels.en) == ("Tháng 1 năm 2013", "January 2013")


@pytest.mark.parametrize("years", [(2014, 2013), (0, 1), (2013, 10000)])
def test_years_out_of_order_or_range_are_refused(years):
    with pytest.raises(catalog.CodeListError):
        catalog.months(*years)

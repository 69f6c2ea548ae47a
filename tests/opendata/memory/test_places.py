"""What a code holds: areas of every vintage, lists that are alike, periods."""

from datetime import date

import pytest

import catalog
from catalog.correspondences import targets
from opendata.memory.places import TIME, Atlas, atlas, between, months, place
from opendata.memory.trees import as_json, from_json, tree


def listed(name: str, *rows: str) -> catalog.CodeList:
    return catalog.parse("\n".join(["code,parent,label_vi,label_en,aliases", *rows]), name)


def drawn(*lists: catalog.CodeList) -> Atlas:
    return atlas(map(tree, lists))


COMMUNES = listed(
    "communes",
    "VN,,Việt Nam,Viet Nam,",
    "01,VN,Hà Nội,Ha Noi,",
    "04,VN,Cao Bằng,Cao Bang,",
    "01-a,01,Xã A,Commune A,",
    "01-b,01,Xã B,Commune B,",
)


@pytest.mark.parametrize("vintage", ["province-34", "province-34-2026", "province-61", "province-40"])
def test_a_province_holds_the_pieces_of_those_it_was_made_of_in_any_vintage(vintage):
    known = drawn()
    goes = targets(catalog.correspondence("province-63", vintage))
    back = targets(catalog.correspondence(vintage, "province-63"))
    for code, parts in back.items():
        whole = frozenset().union(*(place(known, "province-63", part) or () for part in parts))
        held = place(known, vintage, code)
        assert held is not None
        assert held <= whole
        if all(goes[part] == (code,) for part in parts):
            assert held == whole


def test_regions_by_themselves_are_those_of_their_provinces_and_differ_between_vintages():
    known = drawn()
    for code in ("RRD", "NMM", "SE", "MRD"):
        assert place(known, "economic-region-34", code) == place(known, "province-34", code)
        assert place(known, "economic-region-63", code) == place(known, "province-63", code)
    assert place(known, "province-34", "SE") != place(known, "province-63", "SE")
    assert place(known, "province-34", "VN") is None


def test_chapters_hold_their_blocks():
    known = drawn()
    assert place(known, "icd-10-chapters", "A00-B99") == place(known, "icd-10-blocks", "A00-B99")
    assert known.axis["icd-10-chapters"] == known.axis["icd-10-blocks"] != known.axis["sex"]


def test_a_finer_list_of_the_office_keeps_the_provinces_what_they_are():
    known = drawn(COMMUNES)
    assert known.axis["communes"] == known.axis["province-34"]
    assert place(known, "communes", "01") == place(known, "province-34", "01")
    assert place(known, "communes", "01-a") == {"01-a"}


def test_lists_of_the_same_codes_and_names_are_one_axis_and_others_are_not():
    twin = listed("gender", "T,,Chung,Both,", "M,T,Nam,Male,", "F,T,Nữ,Female,")
    other = listed("severity", "T,,Chung,All,", "M,T,Nhẹ,Mild,", "F,T,Nặng,Fatal,")
    known = drawn(twin, other)
    assert known.axis["gender"] == known.axis["sex"]
    assert known.axis["severity"] == "severity"


def test_codes_of_other_lists_are_known_by_their_names():
    plates = listed("plates", "VN,,Việt Nam,Viet Nam,", "HN,VN,Hà Nội,Ha Noi,", "CB,VN,Cao Bằng,Cao Bang,")
    wards = listed(
        "wards",
        "VN,,Việt Nam,Viet Nam,",
        "H,VN,Hà Nội,Ha Noi,",
        "C,VN,Cao Bằng,Cao Bang,",
        "x,C,Xã A,Commune A,",
    )
    known = drawn(plates, wards)
    assert known.axis["plates"] == known.axis["wards"] == known.axis["province-34"]
    assert place(known, "plates", "HN") == place(known, "wards", "H") == place(known, "province-34", "01")
    assert place(known, "wards", "x") == {"x"}
    assert place(known, "plates", "VN") is None


def test_a_code_that_another_code_takes_is_kept_apart():
    first = listed("grade", "T,,Cả,All,", "1,T,Nhẹ,Mild,", "2,T,Nặng,Grave,")
    other = listed("level", "T,,Cả,All,", "a,T,Nhẹ,Mild,", "b,T,Nặng,Grave,", "1,T,Khác,Other,")
    known = drawn(first, other)
    assert known.axis["grade"] == known.axis["level"]
    assert place(known, "level", "a") == place(known, "grade", "1") == {"1"}
    assert place(known, "level", "1") == {"1'"}


def test_a_list_with_own_codes_for_years_is_time():
    years = listed(
        "years", "ALL,,Tất cả,All,", "2024,ALL,Năm 2024,Year 2024,", "2025,ALL,Năm 2025,Year 2025,"
    )
    own = listed("a-years", "ALL,,Tất cả,All,", "Y1,ALL,Năm 2024,Year 2024,", "Y2,ALL,Năm 2025,Year 2025,")
    known = drawn(years, own)
    assert known.axis["a-years"] == TIME
    assert place(known, "a-years", "Y1") == months("2024")


def test_an_edited_list_holds_what_any_edition_held():
    before = listed(
        "wards", "T,,Cả,All,", "N,T,Bắc,North,", "S,T,Nam,South,", "n1,N,Một,One,", "s1,S,Ba,Three,"
    )
    after = listed(
        "wards",
        "T,,Cả,All,",
        "N,T,Bắc,North,",
        "S,T,Nam,South,",
        "n1,N,Một,One,",
        "n2,N,Hai,Two,",
        "s1,S,Ba,Three,",
    )
    known = drawn(before, after)
    assert place(known, "wards", "N") == {"n1", "n2"}
    assert place(known, "wards", "T") is None


def test_lists_of_periods_are_time():
    years = listed(
        "years", "ALL,,Tất cả,All,", "2024,ALL,Năm 2024,Year 2024,", "2025-Q1,ALL,Quý một,First quarter,"
    )
    known = drawn(years)
    assert known.axis["years"] == TIME
    assert place(known, "years", "2025-Q1") == {"2025-01", "2025-02", "2025-03"}
    assert place(known, "years", "ALL") == months("2024") | months("2025-Q1")


def test_a_period_touches_every_month_of_it():
    assert between(date(2025, 11, 3), date(2026, 2, 1)) == ("2025-11", "2025-12", "2026-01", "2026-02")
    assert frozenset(between(date(2024, 1, 1), date(2024, 12, 31))) == months("2024")


@pytest.mark.parametrize("codes", [COMMUNES, catalog.builtin("province-34")])
def test_a_list_comes_back_from_json(codes):
    assert from_json(as_json(tree(codes))) == tree(codes)

"""Cross tables: what is read, what is refused with its place, what a declared repair makes of it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata import source
from tests.opendata.source.samples import BODY, CROSS, HEADER, refusal, section, write

SECRET = "Zq7bimat"  # stands for a value that no message may show


def body(**cells: Any) -> list[list[Any]]:
    """The rows of a good sheet with some cells (A1 addresses) changed."""
    rows = [list(row) + [None] * 4 for row in (*HEADER, *BODY)]
    for place, value in cells.items():
        rows[int(place[1:]) - 1][ord(place[0]) - 65] = value
    return rows


def read(root: Path, content: dict[str, Any], **changes: Any) -> source.Records:
    write(root / "a.xlsx", content)
    return source.read(section(CROSS, **changes), root=root, codes=lambda _: {})


def test_one_row_for_each_combination(tmp_path: Path) -> None:
    records = read(tmp_path, {"Ta": body()})
    assert records.frame.columns == ["year", "disease", "province", "month", "cases", "deaths"]
    assert records.frame.rows()[:3] == [
        ("2020", "cholera", "01", "1", 1, 0),
        ("2020", "cholera", "01", "2", 2, 0),
        ("2020", "cholera", "02", "1", 3, 1),
    ]


def test_another_year_needs_only_another_spec(tmp_path: Path) -> None:
    wide = [["Tỉnh", *(f"T{m}" for m in (1, 2, 3))], ["Bắc", 1, 2, 3], ["Nam", 4, 5, 6]]
    spec = {
        "sheets": {"column": "disease", "values": {"Bệnh tả": "cholera"}},
        "header": {"first": 3},
        "rows": {"column": "province", "header": "Tỉnh", "values": {"Bắc": "01", "Nam": "03"}},
        "spread": {"header": ["T{month}"], "values": {"month": {"first": 1, "last": 3}}},
        "measures": ["cases"],
        "compose": {"month": "{year}-{month:02}"},
    }
    write(tmp_path / "a.xlsx", {"Bệnh tả": [["BÁO CÁO NĂM"], [], *wide]}, merge=())
    frame = source.read(section(CROSS, **spec), root=tmp_path, codes=lambda _: {}).frame
    assert frame.columns == ["disease", "province", "month", "cases"]
    assert frame["month"].unique(maintain_order=True).to_list() == ["2020-01", "2020-02", "2020-03"]
    assert frame["cases"].sum() == 21


@pytest.mark.parametrize(
    ("cells", "where", "what"),
    [
        ({"B3": SECRET}, "B3", "Text in a column of numbers"),
        ({"B3": "12"}, "B3", "Text in a column of numbers"),
        ({"C4": 1.5}, "C4", "not a whole number"),
        ({"C4": -1}, "C4", "negative"),
        ({"C4": 987654321098}, "C4", "too large"),
        ({"D5": "#REF!"}, "D5", "formula error"),
        ({"D5": datetime(2020, 5, 1)}, "D5", "date or a true/false"),
        ({"D5": True}, "D5", "date or a true/false"),
        ({"E5": None}, "E5", "empty cell"),
        ({"E5": "  "}, "E5", "empty cell"),
        ({"A4": SECRET}, "A4", "not in “rows.values”"),
        ({"A4": "bắc"}, "A3, A4", "same code"),
        ({"A4": "TỔNG CỘNG"}, "A4", "row of totals"),
        ({"A4": None}, "A4", "without a label"),
        ({"A4": 7}, "A4", "not text"),
        ({"F4": SECRET}, "F4", "without a heading"),
        ({"H2": 17}, "H", "not declared"),
        ({"F1": "Tổng"}, "F", "not declared"),
        ({"A1": "Huyện"}, "A", "not declared"),
        ({"D1": "Tháng 3"}, "D, E", "not declared"),
        ({"D1": "Tháng 1"}, "B, D", "mean the same"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_address(
    tmp_path: Path, cells: dict[str, Any], where: str, what: str
) -> None:
    found = refusal(lambda: read(tmp_path, {"Ta": body(**cells)}))
    assert any(place == f"a.xlsx, Ta!{where}" and what in text for place, text in found), found
    assert SECRET not in str(found)


def test_missing_rows_and_blank_rows(tmp_path: Path) -> None:
    rows = [*HEADER, BODY[0], [None] * 5, BODY[2]]
    assert refusal(lambda: read(tmp_path, {"Ta": rows})) == [
        ("a.xlsx, Ta!A4", "An empty row between rows of data."),
        ("a.xlsx, Ta", "Rows are missing for the codes: 02."),
    ]


def test_missing_columns_are_named(tmp_path: Path) -> None:
    found = refusal(lambda: read(tmp_path, {"Ta": [row[:3] for row in (*HEADER, *BODY)]}))
    assert {what for _, what in found} >= {f"The column “2 / {m}” is missing." for m in ("cases", "deaths")}


def test_sheets_must_be_declared_and_there(tmp_path: Path) -> None:
    sheets = {"column": "disease", "values": {"Ta": "cholera", "Soi": "measles"}}
    assert refusal(lambda: read(tmp_path, {"Ta": body(), "Ghi chu": [["x"]]}, sheets=sheets)) == [
        ("a.xlsx, Ghi chu", "The sheet is not declared."),
        ("a.xlsx", "The declared sheet “Soi” is missing."),
    ]


def test_all_mistakes_of_all_files_at_once_and_a_long_list_is_cut(tmp_path: Path) -> None:
    names = [f"f{i}.xlsx" for i in range(40)]
    for name in names:
        write(tmp_path / name, {"Ta": body(B3="x", C4=0.5, A5="y")})
    files = [{"path": name} for name in names] + [{"path": "none.xlsx"}]
    found = refusal(lambda: source.read(section(CROSS, files=files), root=tmp_path, codes=lambda _: {}))
    assert found[0] == ("none.xlsx", "There is no such file.")
    assert found[-1][1] == "There are 101 more mistakes."


def test_many_cells_of_one_kind_are_one_mistake(tmp_path: Path) -> None:
    texts = {f"{column}{row}": "x" for column in "BCDE" for row in (3, 4, 5)}
    [(place, _)] = refusal(lambda: read(tmp_path, {"Ta": body(**texts)}))
    assert place.startswith("a.xlsx, Ta!B3, ")
    assert place.endswith(" (+4)")


@pytest.mark.parametrize(
    ("cells", "repair", "value"),
    [
        ({"B3": 1.9}, {"kind": "truncate"}, 1),
        ({"B3": 1.9}, {"kind": "truncate", "cells": ["B3"], "sheet": "Ta"}, 1),
        ({"B3": 1.401}, {"kind": "thousands", "cells": ["B3"]}, 1401),
        ({"B3": " 12 "}, {"kind": "text_to_number"}, 12),
        ({"A3": "Mien Bac"}, {"kind": "rename", "from": "Mien Bac", "to": "Bắc"}, 1),
        ({"G4": "x"}, {"kind": "drop_columns", "letters": ["G"]}, 1),
        ({"F1": "Cả năm", "F2": "M"}, {"kind": "drop_columns", "headers": ["Cả năm / M"]}, 1),
    ],
)
def test_a_declared_repair_makes_it_pass_and_is_on_record(
    tmp_path: Path, cells: dict[str, Any], repair: dict[str, Any], value: int
) -> None:
    records = read(tmp_path, {"Ta": body(**cells)}, repairs=[repair | {"reason": "why"}])
    assert records.frame["cases"][0] == value
    [applied] = records.repairs
    assert (applied.kind, applied.file, applied.sheet, applied.count) == (repair["kind"], "a.xlsx", "Ta", 1)
    assert applied.reason == "why"


def test_rows_and_sheets_are_dropped_by_declaration(tmp_path: Path) -> None:
    rows = [*body(), ["Tổng", 9, 3, 12, 3], ["Nam", 5, 2, 6, 2], [], ["Ghi chú: số sơ bộ"]]
    repairs = [
        {"kind": "drop_rows", "labels": ["tổng"], "reason": "totals"},
        {
            "kind": "drop_rows",
            "file": "a.xlsx",
            "sheet": "Ta",
            "rows": [7, 8, 9],
            "reason": "twice, footnote",
        },
        {"kind": "drop_sheet", "sheet": "Ghi chu", "reason": "notes"},
        {"kind": "rename_sheet", "from": "Benh ta", "to": "Ta", "reason": "name"},
    ]
    records = read(tmp_path, {"Benh ta": rows, "Ghi chu": [["x"]]}, repairs=repairs)
    assert records.frame["cases"].sum() == 21
    assert {(r.kind, r.places) for r in records.repairs} == {
        ("drop_rows", ("6",)),
        ("drop_rows", ("7", "8", "9")),
        ("drop_sheet", ("Ghi chu",)),
        ("rename_sheet", ("Benh ta",)),
    }


@pytest.mark.parametrize(
    ("below", "compared", "agreeing"),
    [
        ([["Tổng", 9, 3, 12, 3]], 4, 4),
        ([["Tổng", 9, 3, 13, 3]], 4, 3),
        ([["Tổng", 9, None, 12, 3]], 4, 3),
        ([["Tổng", 9, 3.5, 12, 3]], 3, 3),
        ([["Cộng", 4, 1, 6, 1], ["Tổng", 9, 3, 12, 3]], 0, 0),  # nothing says of what each is the total
        ([], 0, 0),
    ],
)
def test_the_total_that_a_table_writes_is_compared_with_its_rows(
    tmp_path: Path, below: Any, compared: int, agreeing: int
) -> None:
    labels = sorted({row[0] for row in below})
    repairs = [{"kind": "drop_rows", "labels": labels, "reason": "totals"}] if labels else []
    records = read(tmp_path, {"Ta": [*body(), *below]}, repairs=repairs)
    assert records.totals == source.Totals(compared, agreeing)
    assert records.provenance.totals == records.totals


def test_empty_cells_as_declared(tmp_path: Path) -> None:
    sheets = {"Ta": body(B3=None, C3="-")}
    dash = {"kind": "set_empty", "cells": ["C3"], "reason": "a dash means none"}
    for empty, value in (("zero", 0), ("missing", None)):
        assert read(tmp_path, sheets, empty=empty, repairs=[dash]).frame.row(0)[4:] == (value, value)


@pytest.mark.parametrize(
    "repair",
    [
        {"kind": "truncate"},
        {"kind": "truncate", "cells": ["B3"]},
        {"kind": "drop_rows", "labels": ["Tổng"]},
        {"kind": "drop_columns", "letters": ["Z"]},
        {"kind": "rename", "from": "x", "to": "Nam"},
        {"kind": "rename_sheet", "from": "x", "to": "Ta"},
        {"kind": "drop_sheet", "sheet": "x"},
    ],
)
def test_a_repair_that_applies_to_nothing_is_refused(tmp_path: Path, repair: dict[str, Any]) -> None:
    found = refusal(lambda: read(tmp_path, {"Ta": body()}, repairs=[repair | {"reason": "why"}]))
    assert found[0][0] == "source.repairs[0]"


def test_a_letter_does_not_drop_a_column_with_a_heading(tmp_path: Path) -> None:
    drop = {"kind": "drop_columns", "letters": ["F"], "reason": "why"}
    found = refusal(lambda: read(tmp_path, {"Ta": body(F1="Tháng 3", F2="M", F3=1)}, repairs=[drop]))
    assert found == [("a.xlsx, Ta!F", "drop_columns names a column by letter that has a heading.")]


def test_headings_centred_without_merging_need_a_word(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"Ta": body()}, merge=())
    plain = section(CROSS)
    assert refusal(lambda: source.read(plain, root=tmp_path, codes=lambda _: {}))
    filled = section(CROSS, header={"rows": 2, "fill": "right"})
    assert source.read(filled, root=tmp_path, codes=lambda _: {}).frame["cases"].sum() == 21


def test_the_repr_shows_counts_only(tmp_path: Path) -> None:
    records = read(tmp_path, {"Ta": body()})
    assert repr(records).startswith("Records(6 rows, 6 columns, ")
    assert "Trung" not in repr(records)
    assert "Trung" not in repr(records.texts)


@settings(max_examples=25)
@given(data=st.data())
def test_any_table_reads_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    figures = data.draw(
        st.fixed_dictionaries(
            {
                (p, m, c): st.integers(0, 10**9)
                for p in ("01", "02", "03")
                for m in ("1", "2")
                for c in ("M", "C")
            }
        )
    )
    names = {"01": "Bắc", "02": "Trung", "03": "Nam"}
    order = data.draw(st.permutations(sorted({(m, c) for _, m, c in figures})))
    labels = data.draw(st.permutations(sorted(names)))
    rows: list[list[Any]] = [["Tỉnh", *(f"Tháng {m}" for m, _ in order)], ["Tỉnh", *(c for _, c in order)]]
    rows += [[names[p], *(figures[p, m, c] for m, c in order)] for p in labels]
    root = tmp_path_factory.mktemp("any")
    write(root / "a.xlsx", {"Ta": rows}, merge=())
    frame = source.read(section(CROSS), root=root, codes=lambda _: {}).frame
    read_back = {(p, m, "M"): cases for _, _, p, m, cases, _ in frame.rows()}
    read_back |= {(p, m, "C"): deaths for _, _, p, m, _, deaths in frame.rows()}
    assert read_back == figures

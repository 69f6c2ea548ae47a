"""Opening workbooks: what is refused before any cell is read, and every text that the scan must see."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from opendata import source
from opendata.errors import SourceError
from opendata.source.encodings import encode
from opendata.source.excel import open_book
from opendata.source.grid import Flaw, address, position
from tests.opendata.source.samples import BODY, CROSS, HEADER, refusal, section, write

NAME = "Nguyễn Thị Bưởi"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path / "a.xlsx", {"Ta": [*HEADER, *BODY]})


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xls", b"\0" * 4096, "empty"),
        ("a.xlsx", b"<html><table></table></html>", "not an Excel workbook"),
        ("a.xls", b"tinh,thang\n", "not an Excel workbook"),
        ("a.xlsx", packed({"readme.txt": b"x"}), "not an Excel workbook"),
        ("a.xls", OLE + b"\0" * 2000, "not an Excel workbook"),
        ("a.xls", OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", OLE + b"\0" * 2000, "extension"),
        ("a.xls", packed({"xl/workbook.xml": b"<x/>"}), "extension"),
        ("a.xlsx", packed({"xl/workbook.xml": b"0" * (60 << 20)}), "unreasonable size"),
        (
            "a.xlsx",
            packed({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
            "unreasonable size",
        ),
    ],
)
def test_what_is_no_readable_workbook_is_refused(name: str, data: bytes, what: str) -> None:
    [(place, text)] = refusal(lambda: open_book(data, name))
    assert place == name
    assert what in text


def test_a_cell_far_away_does_not_fill_the_memory(good: Path) -> None:
    content = parts(good)
    sheet = content["xl/worksheets/sheet1.xml"]
    content["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    assert "unreasonable size" in refusal(lambda: open_book(packed(content), "a.xlsx"))[0][1]


@given(data=st.data())
def test_damage_ends_as_a_refusal_or_as_a_workbook(
    tmp_path_factory: pytest.TempPathFactory, data: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "damage.xlsx"
    if not path.exists():
        write(path, {"Ta": [*HEADER, *BODY]})
    damaged = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=8)):
        damaged[at] ^= data.draw(st.integers(1, 255))
    with suppress(SourceError):
        open_book(bytes(damaged), "a.xlsx")


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    assert refusal(lambda: source.texts(section(CROSS), tmp_path)) == [("a.xlsx", "There is no such file.")]


def test_a_damaged_old_workbook_is_refused(shared: Path) -> None:
    data = (shared / "data/gdpm/nien-giam-2013.xls").read_bytes()
    assert refusal(lambda: open_book(data[: len(data) // 2], "a.xls"))[0][0] == "a.xls"


def test_addresses() -> None:
    assert [address(0, 0), address(9, 25), address(0, 26), address(1048575, 16383)] == [
        "A1",
        "Z10",
        "AA1",
        "XFD1048576",
    ]
    assert position("XFD1048576") == (1048575, 16383)


@given(row=st.integers(0, 1048575), column=st.integers(0, 16383))
def test_an_address_leads_back(row: int, column: int) -> None:
    assert position(address(row, column)) == (row, column)


def test_cells_keep_their_kind_and_place(tmp_path: Path) -> None:
    rows = [[], [None, "x", 2, 1.5, True, date(2020, 1, 2), "#REF!"]]
    book = open_book(write(tmp_path / "a.xlsx", {"S": rows}, merge=()).read_bytes(), "a.xlsx")
    [sheet] = book.sheets
    assert [v for v in sheet.cells[1] if v] == ["x", 2.0, 1.5, True, date(2020, 1, 2), Flaw.ERROR]
    assert sheet.cells[1][6] is Flaw.ERROR


def planted(path: Path, where: str) -> Path:
    """A good workbook with a name in one place."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Ta")
        other = book.add_worksheet(NAME if where == "sheet" else "Khac")
        bold = book.add_format({"bold": True})
        plant = {
            "cell far away": lambda: sheet.write("AB90", NAME),
            "rich text": lambda: sheet.write_rich_string("C9", "Nguyễn ", bold, "Thị", " Bưởi"),
            "hidden sheet": lambda: (other.write("A1", NAME), other.hide()),
            "note": lambda: sheet.write_comment("B3", NAME),
            "author of a note": lambda: sheet.write_comment("B3", "x", {"author": NAME}),
            "property": lambda: book.set_properties({"author": NAME}),
            "own property": lambda: book.set_custom_property("Người nhập", NAME),
            "header": lambda: sheet.set_header(f"&C{NAME}"),
            "text box": lambda: sheet.insert_textbox("B20", NAME),
            "chart title": lambda: _chart(book, sheet),
            "choice list": lambda: sheet.data_validation("B3", {"validate": "list", "source": [NAME, "x"]}),
            "prompt": lambda: sheet.data_validation("B3", {"validate": "any", "input_message": NAME}),
            "formula": lambda: sheet.write_formula("B9", f'=IF(FALSE,"{NAME}","")', None, ""),
            "alternative text": lambda: sheet.insert_textbox("B20", "x", {"description": NAME}),
            "defined name": lambda: book.define_name("ai", f'="{NAME}"'),
            "sheet": lambda: None,
        }
        plant[where]()
    return path


def _chart(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Ta!$B$3:$B$4"})
    chart.set_title({"name": NAME})
    sheet.insert_chart("H3", chart)


PLACES = (
    "cell far away,rich text,hidden sheet,note,author of a note,property,own property,header,text box,chart title,"
    "choice list,prompt,formula,alternative text,defined name,sheet"
)


@pytest.mark.parametrize("where", PLACES.split(","))
def test_a_planted_name_reaches_the_scan_from_anywhere(tmp_path: Path, where: str) -> None:
    planted(tmp_path / "a.xlsx", where)
    found = source.texts(section(CROSS), tmp_path)
    assert any(NAME in t.text for t in found)
    assert all(NAME not in t.place for t in found) or where in ("hidden sheet", "sheet")


def test_a_note_is_found_at_its_cell_and_a_reviewer_is_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Ta")
        for r, row in enumerate([["Tỉnh", "M"], ["Bắc", 1]]):
            sheet.write_row(r, 0, row)
        sheet.write_comment("B2", "+7")
        sheet.hide()
        book.add_worksheet("Khac").activate()
    spec = {
        "header": {"rows": 1},
        "rows": {"column": "province", "header": "Tỉnh", "values": {"Bắc": "01"}},
        "spread": {"header": ["{measure}"], "values": {"measure": {"M": "cases"}}},
        "measures": ["cases"],
        "repairs": [{"kind": "drop_sheet", "sheet": "Khac", "reason": "empty"}],
    }
    records = source.read(section(CROSS, **spec), root=tmp_path, codes=lambda _: {})
    assert ("a.xlsx, Ta!B2 (note)", "+7") in {(t.place, t.text) for t in records.texts}
    assert [w.where for w in records.warnings] == ["a.xlsx, Ta", "a.xlsx, Ta!B2"]


@pytest.mark.parametrize(
    ("number", "digits"),
    [(912345678, "0912345678"), (1099012345, "001099012345"), (79123456789, "079123456789")],
)
def test_ids_and_phones_typed_as_numbers_get_their_zeros_back(
    tmp_path: Path, number: int, digits: str
) -> None:
    write(tmp_path / "a.xlsx", {"Ta": [*HEADER, ["Bắc", number, 0, 1, 1]]})
    numbers = {t.text: t.place for t in source.texts(section(CROSS), tmp_path) if t.kind == "number"}
    assert numbers == {str(number): "a.xlsx, Ta!B3", digits: "a.xlsx, Ta!B3"}


def test_old_encodings_are_scanned_decoded_even_when_nothing_else_fits(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"Khac": [[encode(NAME, "tcvn3"), NAME]]}, merge=())
    found = [t.text for t in source.texts(section(CROSS, encoding="tcvn3"), tmp_path)]
    assert found.count(NAME) == 2
    assert NAME in {t.text for t in source.texts(section(CROSS, encoding="detect"), tmp_path)}


def test_the_encoding_is_detected_or_refused(tmp_path: Path) -> None:
    def legacy(rows: Any) -> Any:
        return [[encode(v, "vni") if isinstance(v, str) else v for v in row] for row in rows]

    words = ["Hải Dương", "Nghệ An", "Hòa Bình", "Đồng Tháp", "Quảng Ngãi", "Thừa Thiên Huế", "Bến Tre"]
    rows = [*HEADER, *BODY]
    drop = {"kind": "drop_rows", "labels": words, "reason": "not wanted"}
    detecting = section(CROSS, encoding="detect", repairs=[drop])
    write(tmp_path / "a.xlsx", {"Ta": legacy([*rows, *([w, 1, 1, 1, 1] for w in words)])})
    assert source.read(detecting, root=tmp_path, codes=lambda _: {}).frame["cases"].sum() == 21
    found = refusal(lambda: source.read(section(CROSS, encoding="tcvn3"), root=tmp_path, codes=lambda _: {}))
    assert found == [("a.xlsx", "The texts of the file are written in vni, not in the declared encoding.")]
    assert "Đồng Tháp" in {t.text for t in source.texts(section(CROSS), tmp_path)}
    write(tmp_path / "a.xlsx", {"Ta": legacy(rows)})
    found = refusal(lambda: source.read(section(CROSS, encoding="detect"), root=tmp_path, codes=lambda _: {}))
    assert found == [("a.xlsx", "The encoding of the texts cannot be told with certainty.")]
    write(tmp_path / "a.xlsx", {"Ta": [*rows, ["Hà", 1, 1, 1, 1]]})  # the byte of "à" means nothing in TCVN3
    found = refusal(lambda: source.read(section(CROSS, encoding="tcvn3"), root=tmp_path, codes=lambda _: {}))
    assert found == [("a.xlsx, Ta!A6", "The text is not in the declared encoding.")]

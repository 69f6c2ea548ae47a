"""The table on a page and in Excel: the same cells, deterministic bytes, nothing from the network."""

import re
import sys
import zipfile
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from opendata import tables
from opendata.tables import TableError
from tests.opendata.tables.conftest import DATA
from tests.opendata.tables.test_layout import lay


def page(**options):
    return tables.great_table(lay(**options)).as_raw_html()


def test_the_page_shows_every_cell_with_its_mark():
    html = page(measures=["cases", "rate"])
    assert "4.480,3" in html
    assert '<sup title="sơ bộ" style="line-height: 0">p</sup>\N{NO-BREAK SPACE}2.200' in html
    assert 'aria-label="đã che"' in html
    assert "×  Đã che để không ai bị nhận ra" in html
    assert html.count('scope="row"') == 4
    assert html.count('scope="colgroup"') == 2


def test_the_page_is_deterministic_and_two_tables_do_not_share_their_style():
    assert page() == page()
    ids = {re.search(r'<div id="(\w+)"', page(measures=[measure]))[1] for measure in ("cases", "rate")}
    assert len(ids) == 2


def test_the_page_asks_nothing_of_the_network_and_labels_are_no_markup():
    html = page()
    assert "http" not in html
    assert "Bắc &lt;một&gt;" in html


def read(path):
    """The rows of the sheet as another reader sees them."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name("table").to_python()


def part(path, name):
    with zipfile.ZipFile(path) as book:
        return unescape(book.read(f"xl/{name}").decode())


def test_a_notebook_shows_the_page_and_the_same_as_text():
    shown = lay(measures=["cases", "rate"], language="en")._repr_mimebundle_()
    assert shown["text/html"] == page(measures=["cases", "rate"], language="en")
    lines = shown["text/plain"].splitlines()
    assert lines[0] == "Cases by area"
    assert lines[1].split()[-1] == "Female"
    assert [line.split() for line in lines[3:5]] == [
        ["Whole", "country", "4,480", "4,480.3", "p", "2,200", "e", "0.5"],
        ["North", "b", "4,480", "12.0", "0", "0.0"],
    ]
    assert len({len(line) for line in lines[3:7]}) == 1  # beneath each other
    assert [line[0] for line in lines[7:]] == ["×", "…", "p", "e", "b"]


def test_totals_are_bold_and_nothing_else():
    assert (
        page().count("font-weight: bold;") - page(data=DATA.filter(area="S")).count("font-weight: bold;") == 6
    )
    assert 'style="font-weight: bold;"' not in page(data=DATA.filter(area="S"))


def test_without_the_extra_there_is_the_text_and_a_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "great_tables", None)
    monkeypatch.setattr("opendata.tables.layout.find_spec", lambda name: None)
    assert list(lay()._repr_mimebundle_()) == ["text/plain"]
    with pytest.raises(TableError, match=r"ytemo\[lab\]"):
        tables.great_table(lay())


@pytest.fixture
def path(tmp_path):
    return tables.write_xlsx(lay(measures=["cases", "rate"]), tmp_path / "table.xlsx")


def test_numbers_are_numbers_in_excel_and_their_letters_are_format(path):
    rows = {row[0]: row[1:] for row in read(path)[4:8]}
    assert rows == {
        "Cả nước": [4480, 4480.25, 2200, 0.5],
        "Miền Bắc": [4480, 12, 0, 0],
        "Bắc <một>": ["×", "×", "…", 1.25],
        "Miền Nam": ["×", "…", "…", "…"],
    }
    formats = set(re.findall(r'formatCode="(.*?)"/', part(path, "styles.xml")))
    assert formats >= {"#,##0;-#,##0", "#,##0.0;-#,##0.0", '"p "#,##0;"p "-#,##0', '"e "#,##0.0;"e "-#,##0.0'}


def test_the_sheet_has_title_heads_and_notes(path):
    rows = read(path)
    assert rows[0][0] == "Số mắc theo vùng"
    assert rows[2] == ["Vùng", "Chung hai giới", "", "Nữ", ""]
    assert rows[3][1:3] == ["Số mắc (người)", "Tỷ suất (‰)"]
    assert [row[0][:1] for row in rows[8:]] == ["", "×", "…", "p", "e", "b"]


def test_the_sheet_is_ready_to_be_printed(path):
    sheet = part(path, "worksheets/sheet1.xml")
    assert 'topLeftCell="B5"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "table!$3:$4" in part(path, "workbook.xml")


def test_the_workbook_is_deterministic(tmp_path):
    files = [tables.write_xlsx(lay(), tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx")]
    assert files[0] == files[1]


def test_a_table_without_a_second_dimension(tmp_path):
    table = lay(DATA.filter(sex="_T"), columns=None)
    rows = read(tables.write_xlsx(table, tmp_path / "t.xlsx"))
    assert rows[2] == ["Vùng", "Số mắc"]
    assert rows[4] == ["Cả nước", 4480]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(TableError) as refusal:
        tables.write_xlsx(lay(), tmp_path / "no" / "t.xlsx")
    assert str(tmp_path) not in str(refusal.value)

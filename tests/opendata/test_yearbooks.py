"""The real yearbooks with something planted in them: refused before anything else, and nothing is written."""

from pathlib import Path

import pytest
import xlrd
import yaml
from xlsxwriter import Workbook

from opendata import pipeline
from opendata.errors import PersonalDataError, SourceError
from opendata.workspace import Workspace
from tests.opendata.conftest import written
from tests.opendata.yearbooks import yearbook_workspace

ID = "notifiable-diseases"
FAR, PROVINCE, COUNT = (30, 38), (20, 0), (20, 3)  # row and column, counted from 0


def copy(source: Path, target: Path, planted: dict[tuple[int, int], object], note: str | None = None) -> None:
    """The workbook as .xlsx, with other things in some cells of its first sheet."""
    book = Workbook(str(target))
    for number, sheet in enumerate(xlrd.open_workbook(source).sheets()):
        made = book.add_worksheet(sheet.name)
        for row in range(sheet.nrows):
            for column, value in enumerate(sheet.row_values(row)):
                made.write(row, column, value)
        if number == 0:
            for (row, column), value in planted.items():
                made.write(row, column, value)
            if note:
                made.write_comment(5, 5, note)
    book.close()


@pytest.fixture
def yearbook(tmp_path, shared):
    """A workspace on a copy of the yearbook of 2016 with something planted."""

    def make(planted=None, note=None) -> Workspace:
        workspace = yearbook_workspace(tmp_path / "w", shared, range(2016, 2017))
        copy(shared / "data/gdpm/nien-giam-2016.xls", workspace.root / "data/copy.xlsx", planted or {}, note)
        path = workspace.spec_path(ID)
        spec = yaml.safe_load(path.read_text(encoding="utf-8"))
        spec["source"]["files"][0]["path"] = "data/copy.xlsx"
        path.write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return workspace

    return make


@pytest.mark.parametrize(
    ("planted", "note"),
    [
        ({FAR: "Nguyễn Thị Hồng Nhung"}, None),
        ({PROVINCE: "NguyÔn V¨n Hïng"}, None),  # in the workbook's own encoding
        ({(64, 0): "Cộng, lập biểu Nguyễn Thị Hồng Nhung"}, None),
        ({FAR: "001085012345"}, None),
        ({COUNT: 1085012345.0}, None),  # an id as a number, its leading zeros lost
        ({}, "Hỏi BS Trần Văn Bình, 0912345678"),
    ],
    ids=["a name far off", "a name as a province", "a total row", "an id", "an id as a count", "a comment"],
)
def test_personal_data_in_the_workbook_stop_the_run(yearbook, planted, note):
    workspace = yearbook(planted, note)
    with pytest.raises(PersonalDataError) as refused:
        pipeline.build(ID, workspace.root, progress=lambda vi, en: None)
    assert refused.value.exit_code == 4
    assert all("data/copy.xlsx" in problem.where for problem in refused.value.problems)
    for secret in ("Nhung", "Hùng", "Bình", "85012345"):
        assert secret not in str(refused.value)
    assert written(workspace) == []


@pytest.mark.parametrize(
    "planted", [{COUNT: "nhiều"}, {COUNT: 2.5}, {COUNT: -1.0}, {PROVINCE: "Xứ Nghệ"}, {(64, 0): "Cả nước"}]
)
def test_a_workbook_that_is_not_as_declared_names_the_sheet_and_cell(yearbook, planted):
    workspace = yearbook(planted)
    with pytest.raises(SourceError) as refused:
        pipeline.build(ID, workspace.root, progress=lambda vi, en: None)
    assert refused.value.exit_code == 3
    assert any("Ta" in problem.where for problem in refused.value.problems)
    assert written(workspace) == []

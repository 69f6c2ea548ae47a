"""The registers of a workspace: read, checked, exported, read back by other readers."""

import csv
import hashlib
import io
import re
import shutil
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from opendata import annex, pipeline, registers
from opendata.errors import PersonalDataError, SpecError, VerificationError
from tests.opendata.test_cli import opendata

TODAY = date(2026, 6, 1)
DATABASE = """
name: {vi: "Giám sát bệnh truyền nhiễm", en: "Communicable disease surveillance"}
owner: {name: {vi: "Cục Phòng bệnh", en: "Department of Disease Prevention"}}
groups: [1, 3]
category: "2a"
frequency: DAILY
contact: {name: {vi: "Bộ phận dữ liệu", en: "Data office"}, email: dulieu@example.org}
access: personal
access_route: {vi: "Văn bản đề nghị theo Điều 10", en: "A written request under Article 10"}
master_data: false
reviewed: 2026-01-15
"""
NOTICE = """
dataset: cases
kind: error
received: 2026-03-02
matter: {vi: "Số mắc thấp hơn báo cáo.", en: "Cases are lower than was reported."}
"""


@pytest.fixture
def filled(workspace):
    (workspace.root / "databases/surveillance.yaml").write_text(DATABASE, encoding="utf-8")
    (workspace.root / "corrections/2026-001.yaml").write_text(NOTICE, encoding="utf-8")
    return workspace


def built(workspace):
    pipeline.build("cases", workspace.root, progress=lambda vi, en: None)
    return workspace


def refused(workspace, error=SpecError):
    with pytest.raises(error) as found:
        registers.collect(workspace, today=TODAY)
    return [problem.where for problem in found.value.problems]


def test_an_empty_workspace_has_registers_too(workspace, tmp_path):
    found = registers.collect(workspace, today=date(2026, 1, 1))
    assert [one.id for one in found.datasets] == ["cases"]
    page = (annex.write(found, tmp_path)[-1]).read_text(encoding="utf-8")
    assert "None yet" in page


def test_what_was_released_and_is_not_declared_any_more_is_withdrawn(filled):
    built(filled)
    (one,) = registers.collect(filled, today=TODAY).datasets
    assert (one.version, one.released, one.declared) == ("2026.1", date(2026, 2, 2), True)
    filled.spec_path("cases").unlink()
    (one,) = registers.collect(filled, today=TODAY).datasets
    assert (one.declared, one.entry.title.en) == (False, "Cases of disease by region, 2024")


def test_a_release_that_was_changed_is_no_entry(filled):
    built(filled)
    (filled.root / "releases/cases/2026.1/data.csv").write_text("x")
    assert refused(filled, VerificationError)


def test_every_mistake_is_told_at_once_and_no_name(filled):
    root = filled.root
    (root / "databases/surveillance.yaml").write_text(DATABASE.replace("[1, 3]", "[0]"), encoding="utf-8")
    (root / "corrections/Nguyen Van A.yaml").write_text(NOTICE, encoding="utf-8")
    (root / "corrections/2026-002.yaml").write_text(NOTICE.replace("cases", "gone"), encoding="utf-8")
    ruling = (
        'ruling: {outcome: accepted, date: 2026-03-05, version: "2026.9", reason: {vi: "Muộn.", en: "Late."}}'
    )
    (root / "corrections/2026-003.yaml").write_text(NOTICE + ruling, encoding="utf-8")
    places = refused(filled)
    assert len(places) == 4
    assert any("surveillance.yaml, line 4: groups" in place for place in places)
    assert any(place.endswith("2026-003.yaml: ruling.version") for place in places)
    assert not any("Nguyen" in place for place in places)


@pytest.mark.parametrize(
    "broken", [b"name: \xff", b"- a list", b"groups: [1]\ngroups: [2]", b"a: &b [1]\nc: *b"]
)
def test_a_file_that_cannot_be_read_is_named_with_its_folder(filled, broken):
    (filled.root / "databases/broken.yaml").write_bytes(broken)
    assert [place.split(",")[0].split(":")[0] for place in refused(filled)] == ["databases/broken.yaml"]


def test_personal_data_in_a_record_are_refused(filled):
    text = DATABASE.replace("Văn bản đề nghị", "Gọi ông Nguyễn Văn An, 0912345678, văn bản đề nghị")
    (filled.root / "databases/surveillance.yaml").write_text(text, encoding="utf-8")
    assert all("databases/surveillance.yaml" in place for place in refused(filled, PersonalDataError))


@pytest.mark.parametrize(
    "changed",
    ["matter: {vi: Bà Trần Thị Bích Ngọc báo số mắc thấp", "matter: {vi: Gọi lại 0912345678 về số mắc"],
)
def test_a_notice_names_no_person(filled, changed):
    text = NOTICE.replace('matter: {vi: "Số mắc thấp hơn báo cáo."', changed)
    (filled.root / "corrections/2026-001.yaml").write_text(text, encoding="utf-8")
    places = refused(filled, PersonalDataError)
    assert {place.rpartition(".")[0] for place in places} == {"corrections/2026-001.yaml.matter"}


@pytest.mark.parametrize("day", ["2026-06-02", "9999-12-31"])
def test_a_day_that_lies_ahead_is_refused_in_every_record(filled, day):
    database = DATABASE.replace("2026-01-15", day)
    (filled.root / "databases/surveillance.yaml").write_text(database, encoding="utf-8")
    ruling = f'ruling: {{outcome: accepted, date: {day}, reason: {{vi: "Muộn.", en: "Late."}}}}'
    (filled.root / "corrections/2026-002.yaml").write_text(NOTICE + ruling, encoding="utf-8")
    received = NOTICE.replace("2026-03-02", day)
    (filled.root / "corrections/2026-003.yaml").write_text(received, encoding="utf-8")
    assert refused(filled) == [
        "databases/surveillance.yaml: reviewed",
        "corrections/2026-002.yaml: ruling.date",
        "corrections/2026-003.yaml: received",
    ]


def test_annexes_are_the_same_bytes_for_the_same_day_and_read_back_alike(filled, tmp_path):
    found = registers.collect(built(filled), today=TODAY)
    first = {path.name: path.read_bytes() for path in annex.write(found, tmp_path)}
    again = {path.name: path.read_bytes() for path in annex.write(found, tmp_path)}
    assert {n: hashlib.sha256(d).digest() for n, d in first.items()} == {
        n: hashlib.sha256(d).digest() for n, d in again.items()
    }
    book = CalamineWorkbook.from_filelike(io.BytesIO(first["registers.xlsx"]))
    for name in ("databases", "open-data", "coverage", "corrections"):
        assert first[f"{name}.csv"].startswith(b"\xef\xbb\xbf")
        text = first[f"{name}.csv"].decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert book.get_sheet_by_name(name).to_python() == rows
        assert text.splitlines()[0].isascii() is False


def test_the_sheet_with_counts_of_notices_says_on_paper_that_it_stays_inside(filled, tmp_path):
    annex.write(registers.collect(filled, today=TODAY), tmp_path)
    with zipfile.ZipFile(tmp_path / "registers.xlsx") as book:
        told = ["lưu hành nội bộ" in book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, 5)]
    assert told == [False, False, False, True]


def test_the_page_is_self_contained_and_tells_nothing_of_a_notice(filled, tmp_path):
    found = registers.collect(filled, today=TODAY)
    page = annex.write(found, tmp_path)[-1].read_text(encoding="utf-8")
    assert not re.search(r"<script|src=|url\(|<link|href=", page)
    assert "Thủ trưởng cơ quan" in page
    assert "2026-07-15" in page  # the review of a record of January is due in July
    assert "2026-001" not in page
    assert "thấp hơn báo cáo" not in page


def test_the_command_writes_the_annexes_and_lists_what_is_late(filled):
    done = opendata("--lang", "en", "register", cwd=filled.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert (filled.root / "registers/registers.html").is_file()
    assert "Overdue: notices/2026-001" in done.stdout
    shutil.rmtree(filled.root / "registers")
    (filled.root / "registers").write_text("a file")
    assert opendata("register", cwd=filled.root).returncode == 2


def test_the_answer_to_a_notice_is_printed_and_is_the_same_whatever_was_decided(filled):
    path = filled.root / "corrections/2026-001.yaml"
    said = set()
    for outcome in ("accepted", "declined"):
        ruling = f'ruling: {{outcome: {outcome}, date: 2026-03-05, reason: {{vi: "Muộn.", en: "Late."}}}}'
        path.write_text(NOTICE + ruling, encoding="utf-8")
        said.add(opendata("register", "--answer", "2026-001", cwd=filled.root).stdout)
    (answer,) = said
    assert "chậm nhất đến 01/04/2026" in answer
    assert "không xác nhận và không phủ nhận" in answer
    assert not (filled.root / "registers").exists()
    done = opendata("register", "--answer", "2026-009", cwd=filled.root)
    assert (done.returncode, "corrections/2026-009.yaml" in done.stderr) == (2, True)


def test_the_example_workspace_has_registers(tmp_path):
    assert opendata("init", str(tmp_path), "--example").returncode == 0
    done = opendata("register", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = (tmp_path / "registers/databases.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 3

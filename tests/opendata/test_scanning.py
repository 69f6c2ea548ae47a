"""The scan of files, folders and notebooks: whatever is planted wherever is found, and never shown."""

import json
import random
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from opendata import data as published
from opendata import gates, reviews, scanning
from opendata.errors import PersonalDataError, SpecError
from tests.opendata.test_cli import opendata

NAME, ID, PHONE = "Nguyễn Thị Hồng Nhung", "001085012345", "0912345678"
RNG = random.Random(1)
IDS = [f"{RNG.choice(['001', '079', '036'])}{RNG.randrange(4)}{RNG.randrange(10**8):08}" for _ in range(60)]


def notebook(path: Path, *outputs: dict, source: str = "1 + 1", **metadata: object) -> None:
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": source,
        "execution_count": 1,
        "outputs": list(outputs),
    }
    content = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), encoding="utf-8")


def result(kind: str, content: object) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {kind: content}}


def workbook(path: Path, *, cell="ok", note=None, hidden=None, author=None) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("data")
    sheet.write_column(0, 0, ["area", "N1", cell])
    if note:
        sheet.write_comment(1, 0, note)
    if hidden:
        more = book.add_worksheet("more")
        more.write(0, 0, hidden)
        more.hide()
    book.set_properties({"author": author} if author else {})
    book.close()


def named_sheet(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet(NAME).write(0, 0, ID)
    book.close()


def filtered(path: Path) -> None:
    """The name is in no row any more, but an Enum writes all its entries."""
    names = pl.Series("area", ["North", "South"], dtype=pl.Enum(["North", "South", NAME]))
    pl.DataFrame({"area": names, "n": [1, 2]}).write_parquet(path)


def with_metadata(path: Path) -> None:
    table = pl.DataFrame({"area": ["North"]}).to_arrow().replace_schema_metadata({"author": NAME})
    pq.write_table(table, path)


PLANTED = {
    "a value": lambda f: (f / "a.csv").write_text(f"area,n\nN1,3\n{NAME},4\n", encoding="utf-8"),
    "ids under an opaque header": lambda f: (f / "a.csv").write_text("c1\n" + "\n".join(IDS)),
    "ids as numbers": lambda f: pl.DataFrame({"c1": [int(n) for n in IDS]}).write_parquet(f / "a.parquet"),
    "a column name": lambda f: (f / "a.csv").write_text("area,HO_TEN\nN1,\n"),
    "the title above a table": lambda f: (f / "a.csv").write_text(f"Lập bởi {NAME}\narea,n\nN1,3\n", "utf-8"),
    "a cell of a workbook": lambda f: workbook(f / "a.xlsx", cell=NAME),
    "a comment": lambda f: workbook(f / "a.xlsx", note=f"Hỏi {NAME}"),
    "a hidden sheet": lambda f: workbook(f / "a.xlsx", hidden=f"CCCD {ID}"),
    "the name of a sheet": lambda f: named_sheet(f / "a.xlsx"),
    "a property": lambda f: workbook(f / "a.xlsx", author=NAME),
    "a dictionary": lambda f: filtered(f / "a.parquet"),
    "the metadata of Parquet": lambda f: with_metadata(f / "a.parquet"),
    "the metadata of JSON": lambda f: (f / "a.json").write_text(json.dumps({"k": [{"by": NAME}]})),
    "a comment in a page": lambda f: (f / "a.html").write_text(f"<p>ok</p><!-- {NAME} -->", "utf-8"),
    "a line": lambda f: (f / "README.md").write_text(f"# Số liệu\n\nGọi {PHONE}\n", "utf-8"),
    "a file name": lambda f: (f / f"ket qua {NAME}.txt").write_text("ok"),
    "an output": lambda f: notebook(f / "a.ipynb", result("text/plain", [f"{NAME}"])),
    "a table shown": lambda f: notebook(f / "a.ipynb", result("text/html", f"<td>{ID}</td><td>CCCD</td>")),
    "a stream": lambda f: notebook(
        f / "a.ipynb", {"output_type": "stream", "name": "stdout", "text": f"{NAME}\n"}
    ),
    "a traceback": lambda f: notebook(
        f / "a.ipynb",
        {
            "output_type": "error",
            "ename": "KeyError",
            "evalue": NAME,
            "traceback": [f"\x1b[0;31m{NAME}\x1b[0m"],
        },
    ),
    "the data in a chart": lambda f: notebook(
        f / "a.ipynb",
        result("application/vnd.vegalite.v5+json", {"datasets": {"d": [{"who": NAME, "n": 3}]}}),
    ),
    "the code": lambda f: notebook(f / "a.ipynb", source=f"# hỏi {NAME}\nx = 1"),
}


@pytest.mark.parametrize("case", PLANTED)
def test_whatever_is_planted_is_found_and_never_shown(tmp_path, case):
    PLANTED[case](tmp_path)
    found = scanning.scan(tmp_path)
    assert not found.ok
    refused = gates.refused(found.findings)
    shown = str(refused) + repr(refused.findings)
    assert not [secret for secret in (*NAME.split(), ID, PHONE, IDS[0]) if secret in shown.replace("Thị", "")]


def test_a_folder_without_personal_data_passes(tmp_path):
    workbook(tmp_path / "a.xlsx", note="Số liệu sơ bộ", author="Bộ Y tế")
    (tmp_path / "b.csv").write_text("area;n\nMiền Bắc;3\n", "utf-8")
    notebook(tmp_path / "c.ipynb", result("text/plain", "4"))
    pl.DataFrame({"area": ["North"], "n": [[1, 2]]}).write_parquet(tmp_path / "d.parquet")
    assert scanning.scan(tmp_path).ok


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", b"%PDF-1.7"),
        ("photo.png", b"\x89PNG"),
        ("a.txt", b"B\xd6nh vi\xd6n"),
        ("a.json", b"{"),
        ("a.parquet", b"PAR1"),
        ("a.xlsx", b"PK"),
        ("a.ipynb", b"{}"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PersonalDataError) as refused:
        scanning.scan(tmp_path)
    assert [problem.where for problem in refused.value.problems] == [name]
    assert all(p.remedy.vi and p.remedy.en for p in refused.value.problems)


def test_the_command_has_exit_code_4_and_masks(tmp_path):
    PLANTED["a value"](tmp_path)
    done = opendata("--lang", "en", "scan", str(tmp_path / "a.csv"))
    assert done.returncode == 4
    assert "a.csv: area: personal data: name of a person [4 words]" in done.stderr
    assert "Nhung" not in done.stdout + done.stderr
    assert opendata("scan", str(tmp_path / "b.csv")).returncode == 2
    (tmp_path / "a.csv").write_text("area,n\nN1,3\n")
    assert opendata("scan", str(tmp_path / "a.csv")).returncode == 0


def decide(path: Path, **decision: str) -> None:
    made = [review.model_copy(update=decision) for review in reviews.read(path)]
    reviews.write(path, made, [])


def test_a_review_covers_what_was_reviewed_and_nothing_else(tmp_path):
    file, review = tmp_path / "a.csv", tmp_path / "review.yaml"
    PLANTED["ids under an opaque header"](tmp_path)
    asked = opendata("--lang", "en", "scan", str(file), "--review", str(review))
    assert (asked.returncode, "1 findings to be decided" in asked.stdout) == (4, True)
    assert IDS[0] not in review.read_text("utf-8")
    assert opendata("scan", str(file), "--review", str(review)).returncode == 4
    decide(review, decision="harmless", reason="codes of devices", by="Trần Văn Bình")
    assert opendata("scan", str(file), "--review", str(review)).returncode == 0
    file.write_text(file.read_text() + f"\n{ID}")
    assert opendata("scan", str(file), "--review", str(review)).returncode == 4


@pytest.mark.parametrize("decision", ["drop", "recode"])
def test_what_is_to_be_dropped_is_refused_until_it_is_gone(tmp_path, decision):
    review = tmp_path / "review.yaml"
    PLANTED["a value"](tmp_path)
    reviews.write(review, [], scanning.scan(tmp_path / "a.csv").findings)
    decide(review, decision=decision)
    assert not scanning.scan(tmp_path / "a.csv", reviews.read(review)).ok


def test_harmless_needs_a_reason_and_a_name(tmp_path):
    review = tmp_path / "review.yaml"
    PLANTED["a value"](tmp_path)
    reviews.write(review, [], scanning.scan(tmp_path / "a.csv").findings)
    review.write_text(review.read_text("utf-8").replace("decision: null", "decision: harmless"), "utf-8")
    with pytest.raises(SpecError) as refused:
        reviews.read(review)
    assert "review.yaml, line" in refused.value.problems[0].where


def test_entries_that_no_row_uses_are_left_in_no_file(tmp_path):
    filtered(tmp_path / "data.parquet")
    table = pl.read_parquet(tmp_path / "data.parquet").with_columns(pl.col("area").cast(pl.String))
    assert published.leftovers(tmp_path, table) == ["data.parquet"]
    published.write_parquet(table, tmp_path / "data.parquet", {})
    assert published.leftovers(tmp_path, table) == []

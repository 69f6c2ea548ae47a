"""What the figures mean: codebook, labels, status, and how to cite them."""

import dataclasses
import json
import re

import polars as pl
import pytest

import opendata as od
from opendata.client import citing
from opendata.client.reading import text
from opendata.errors import SpecError, VerificationError


@pytest.fixture(scope="module")
def data(built):
    return od.published("cases", portal=built.root)


def test_codebook(data):
    book = data.codebook()
    assert book["name"].to_list() == data.load().columns
    cases = book.row(by_predicate=pl.col("name") == "cases", named=True)
    assert (cases["label_vi"], cases["label_en"], cases["unit_vi"], cases["unit_en"]) == (
        "Số mắc",
        "Cases",
        "người",
        "persons",
    )
    assert book.filter(pl.col("of") == "cases")["name"].to_list() == ["cases_status"]


def test_codes(data):
    codes = data.codes()
    assert set(codes["column"]) == {"area", "sex", "cases_status", "deaths_status"}
    assert codes.filter(column="area", code="N1").row(0, named=True) | {"note_vi": None, "note_en": None} == {
        "column": "area",
        "codelist": "areas",
        "vintage": "",
        "code": "N1",
        "parent": "N",
        "label_vi": "Vùng Bắc 1",
        "label_en": "North 1",
        "note_vi": None,
        "note_en": None,
    }


def test_labels(data):
    frame = data.load(["cases", "area", "cases_status"])
    vi, en = data.labels(frame), data.labels(frame, "en")
    assert vi.columns == ["cases", "area", "area_label", "cases_status", "cases_status_label"]
    assert vi.filter(area="N1")["area_label"].unique().to_list() == ["Vùng Bắc 1"]
    assert en.filter(area="N1")["area_label"].unique().to_list() == ["North 1"]
    assert en.select(frame.columns).equals(frame)
    assert data.labels(vi).equals(vi)
    assert data.labels(pl.DataFrame({"x": [1]})).columns == ["x"]


def test_labels_of_other_codes_are_refused_without_showing_them(data):
    with pytest.raises(SpecError, match="area: holds codes") as refused:
        data.labels(pl.DataFrame({"area": ["N1", "Zebra"]}))
    assert "Zebra" not in str(refused.value)
    with pytest.raises(SpecError, match="language"):
        data.labels(pl.DataFrame(), "fr")


def test_suppressed_missing_and_zero_are_never_confused():
    frame = pl.DataFrame({"n": [0, None, None, 7], "n_status": ["A", "Q", "O", "A"]})
    found = frame.select(
        zero=od.is_zero("n"), suppressed=od.is_suppressed("n"), missing=od.is_missing("n")
    ).to_dict(as_series=False)
    assert found == {
        "zero": [True, False, False, False],
        "suppressed": [False, True, False, False],
        "missing": [False, False, True, False],
    }
    assert frame.lazy().filter(od.is_suppressed("n")).collect().height == 1


def test_status(data):
    frame = data.load()
    rows = {row["measure"]: row for row in data.status().to_dicts()}
    assert set(rows) == {"cases", "deaths"}
    for measure, row in rows.items():
        assert row["cells"] == frame.height
        assert row["suppressed"] == frame[measure].null_count()
        assert row["zero"] == (frame[measure] == 0).sum()
        assert row["above_zero"] + row["zero"] + row["suppressed"] + row["missing"] == row["cells"]
    assert rows["cases"]["suppressed"] > 0
    assert rows["deaths"]["zero"] > 0


def test_cite(data, built, web, cache):
    sha = next(file.sha256 for file in data.files if file.name == "data.parquet")
    online = od.published("cases", portal=web.url, cache=cache)
    page = f"{web.url}/datasets/cases/2026.2.html"
    assert (built.root / "site" / page.removeprefix(f"{web.url}/")).is_file()
    assert online.cite("apa") == (
        f"Ministry of Health. (2026). Cases of disease by region, 2024 (Version 2026.2) [Data set]. {page}"
    )
    assert online.cite() == (
        "Bộ Y tế (2026), Số mắc bệnh theo vùng, năm 2024 [Bộ dữ liệu], phiên bản 2026.2, phát hành ngày 02/02/2026, "
        f"{page}, SHA-256 (data.parquet): {sha}."
    )
    bibtex = parsed(online.cite("bibtex"))
    assert bibtex["author"] == "{Bộ Y tế}"
    assert bibtex["title"] == "{Số mắc bệnh theo vùng, năm 2024}"
    assert (bibtex["year"], bibtex["month"], bibtex["url"]) == ("2026", "2", page)
    assert sha in bibtex["note"]
    assert "urn:uuid:" in data.cite("apa")
    with pytest.raises(SpecError, match=r"style: .*bibtex, apa, vi"):
        data.cite("mla")


def test_bibtex_of_awkward_titles(data):
    title = {"vi": 'Tỷ lệ 50% & {5} #1_a ~ ^ \\ "tên" ở $', "en": "A } brace"}
    facts = dataclasses.replace(about(data, title=title), where="https://x.org/{a}_b%20c")
    fields = parsed(citing.cite(facts, "bibtex"))
    assert fields["title"] == (
        r"{Tỷ lệ 50\% \& \textbraceleft{}5\textbraceright{} \#1\_a \textasciitilde{} \textasciicircum{} "
        r"\textbackslash{} \textquotedbl{}tên\textquotedbl{} ở \$}"
    )
    assert fields["url"] == "https://x.org/%7Ba%7D_b%20c"


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"entry": {}}', '{"entry": {"title": 3}, "released": "x"}']
)
def test_a_manifest_that_is_none(manifest):
    with pytest.raises(VerificationError):
        citing.cited(manifest, "")


def test_an_agency_that_made_what_another_publishes(data):
    creator = {"name": {"vi": "Cục Phòng bệnh", "en": "Department of Disease Prevention"}}
    facts = about(data, creator=creator)
    assert citing.cite(facts, "apa").startswith("Department of Disease Prevention. (2026). ")
    assert citing.cite(facts, "apa").endswith("[Data set]. Ministry of Health. p")
    assert citing.cite(facts, "vi").startswith("Cục Phòng bệnh (2026), ")
    assert "phiên bản 2026.2, Bộ Y tế, phát hành" in citing.cite(facts, "vi")


def about(data, **changes) -> citing.Cited:
    """What is cited of a version whose catalogue record says something else."""
    manifest = json.loads(text(data, "manifest.json"))
    return citing.cited(json.dumps(manifest | {"entry": manifest["entry"] | changes}), "p")


def parsed(text: str) -> dict[str, str]:
    """The fields of an entry, as BibTeX finds them: by counting braces, whatever stands before them."""
    head, body = text.split(",", 1)
    assert re.fullmatch(r"@misc\{[A-Za-z0-9.-]+", head)
    fields, name, depth, start = {}, "", 1, 0
    for place, sign in enumerate(body):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "{" and depth == 2:
            name, start = body[start:place].strip(" ,\n="), place + 1
        elif sign == "}" and depth == 1:
            fields[name], start = body[start:place], place + 1
        elif depth == 0:
            assert not body[place + 1 :].strip()
            break
    assert depth == 0
    return fields

"""The real yearbooks of 2013-2016, read exactly as the package that published them decoded them."""

import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
import yaml
from pydantic import TypeAdapter

import catalog
from opendata import source
from opendata.errors import SourceError

YEARS = range(2013, 2017)
SECTION = """
kind: excel
files:
  - {path: gdpm/nien-giam-2013.xls, set: {year: "2013"}}
  - {path: gdpm/nien-giam-2014.xls, set: {year: "2014"}}
  - {path: gdpm/nien-giam-2015.xls, set: {year: "2015"}}
  - {path: gdpm/nien-giam-2016.xls, set: {year: "2016"}}
encoding: tcvn3
sheets:
  column: disease
  values:
    {Ta: cholera, T.Han: typhoid, LyTT: shigella, Ly amip: amoebiasis, Tieu chay: diarrhea, SXH: dengue,
    V.nao: encephalitis, Sot ret: malaria, V.Gan: hepatitis, Dai: rabies, V.MN: meningitis, T.Dau: chickenpox,
    B.Hau: diphteria, Ho ga: pertussis, UVSS: nntetanus, UV khac: tetanus, Liet MC: polio, Soi: measles,
    Quai bi: mumps, Rubella: rubella, Cum: ili, CumA(H5N1): h5n1, APC: adenovirus, Dich hach: plague,
    Than: anthrax, Leptospira: leptospiriosis, TCM: hfmd, Lien cau lon: ssuis}
header: {rows: 2, fill: right}
rows: {column: province, header: Tỉnh/T.phố, codes: province-63}
spread:
  header: ["Tháng {month}", "{measure}"]
  values: {month: {first: 1, last: 12}, measure: {M: cases, C: deaths}}
measures: [cases, deaths]
repairs:
  - {kind: rename_sheet, file: gdpm/nien-giam-2014.xls, from: Xoắc khuẩn vàng da, to: Leptospira, reason: misnamed}
  - {kind: drop_columns, letters: [Z], reason: population without a heading}
  - {kind: truncate, file: gdpm/nien-giam-2014.xls, sheet: Cum, cells: [P8, R8, V8, H25], reason: not whole}
"""


def section(*, without: str | None = None, years: range = YEARS) -> source.Source:
    spec = yaml.safe_load(SECTION)
    spec["files"] = [file for file in spec["files"] if int(file["set"]["year"]) in years]
    spec["repairs"] = [r for r in spec["repairs"] if r["kind"] != without]
    return TypeAdapter(source.Source).validate_python(spec)


def leaves(name: str) -> Mapping[str, str]:
    codes = catalog.builtin(name)
    inner = set(catalog.parents(codes).values())
    return {label: code for label, code in catalog.match(codes).items() if code not in inner}


@pytest.fixture(scope="module")
def records(shared: Path) -> source.Records:
    return source.read(section(), root=shared / "data", codes=leaves)


def test_every_figure_of_four_years(shared: Path, records: source.Records) -> None:
    expected = pl.read_parquet(shared / "data/gdpm/expected-2013-2016.parquet")
    codes = leaves("province-63")
    to_code = {name: codes[catalog.normal(name)] for name in expected["province"].unique()}
    expected = expected.select(
        pl.col("year", "disease").cast(pl.String),
        pl.col("province").replace_strict(to_code),
        pl.col("month").cast(pl.String),
        pl.col("cases", "deaths").cast(pl.Int64),
    )
    assert records.frame.height == 84_672
    assert records.frame.columns == expected.columns
    assert records.frame.equals(expected.sort("year", "disease", "province", "month"))


def test_what_was_left_out_is_on_record(records: source.Records) -> None:
    kinds = [r.kind for r in records.repairs]
    assert {k: kinds.count(k) for k in set(kinds)} == {"rename_sheet": 1, "drop_columns": 84, "truncate": 1}
    [cut] = [r for r in records.repairs if r.kind == "truncate"]
    assert (cut.file, cut.sheet, cut.count) == ("gdpm/nien-giam-2014.xls", "Cum", 4)
    assert cut.places == ("P8", "R8", "V8", "H25")


def test_texts_are_decoded_and_located(records: source.Records) -> None:
    by_kind = {
        kind: {t.text for t in records.texts if t.kind == kind}
        for kind in ("cell", "sheet", "note", "property")
    }
    assert {"Tỉnh/T.phố", "Bình Phước", "Đắk Lắk", "TP. H.C.M"} <= by_kind["cell"]
    assert {"Cum", "Xoắc khuẩn vàng da"} <= by_kind["sheet"]
    assert len([t for t in records.texts if t.kind == "note"]) == 7
    assert by_kind["property"]


@pytest.mark.parametrize(
    ("kind", "what", "where"),
    [
        ("truncate", "not a whole number", "gdpm/nien-giam-2014.xls, Cum!P8, R8, V8, H25"),
        ("rename_sheet", "not declared", "gdpm/nien-giam-2014.xls, Xoắc khuẩn vàng da"),
        ("drop_columns", "without a heading", "gdpm/nien-giam-2014.xls, Ta!Z3"),
    ],
)
def test_each_oddity_is_refused_until_it_is_declared(shared: Path, kind: str, what: str, where: str) -> None:
    with pytest.raises(SourceError) as caught:
        source.read(section(without=kind, years=range(2014, 2015)), root=shared / "data", codes=leaves)
    assert any(what in p.what.en and p.where == where for p in caught.value.problems)


def test_the_scan_comes_first_and_is_quick(shared: Path) -> None:
    start = time.perf_counter()
    found = source.texts(section(), shared / "data")
    assert len(found) > 10_000
    assert time.perf_counter() - start < 10

"""Rates: exact rounding, what they give away, and releases that hold them."""

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import frictionless
import polars as pl
import pyarrow.parquet as pq
import pyshacl
import pytest
import rdflib
import yaml
from hypothesis import given
from hypothesis import strategies as st

import catalog
import opendata as od
from opendata import charts, pipeline, rates, site
from opendata import spec as specs
from opendata import workspace as workspaces
from opendata.cards import of_dataset
from opendata.charts.wording import wording_for
from opendata.data import as_cells, check_written, read_back, write_xlsx
from opendata.errors import SpecError, VerificationError
from opendata.rates import Formula
from opendata.release import Release, private_folder
from opendata.site.reading import shown
from opendata.tables import publication_table
from opendata.workspace import Workspace
from tests.opendata.conftest import RECORDS, SPEC, fresh, respec

COUNTS = st.integers(0, 2**63 - 1) | st.integers(0, 5000)
FORMULAS = st.builds(
    Formula, st.just("n"), st.just("d"), st.sampled_from([1, 100, 1000, 100_000, 10**9]), st.integers(0, 6)
)

LETHALITY = {
    "label": {"vi": "Tỷ lệ chết trên mắc", "en": "Case fatality"},
    "unit": {"vi": "phần trăm", "en": "percent"},
    "of": "deaths",
    "over": "cases",
    "per": 100,
    "decimals": 2,
}


def table(n: int | None, d: int | None) -> pl.DataFrame:
    rows = {"area": ["x"], "n": [n], "n_status": ["Q" if n is None else "A"], "d": [d], "d_status": ["Q"]}
    return pl.DataFrame(rows, schema_overrides={"n": pl.Int64, "d": pl.Int64}).with_columns(
        d_status=pl.lit("Q" if d is None else "A")
    )


def half_up(n: int, d: int, rate: Formula) -> Fraction:
    """The oracle: with fractions, never a float."""
    return Fraction((Fraction(n * rate.scale, d) + Fraction(1, 2)).__floor__(), 10**rate.decimals)


@given(COUNTS, COUNTS, FORMULAS)
def test_a_rate_is_rounded_half_up_once_from_whole_numbers(n, d, rate):
    found = rates.computed(table(n, d), {"r": rate})
    assert found.schema["r"] == pl.Decimal(38, rate.decimals)
    [value], [status] = found["r"], found["r_status"]
    assert (status, value is None) == (("A", False) if d else ("O", True))
    if d:
        assert Fraction(value) == half_up(n, d, rate)


@given(st.none() | COUNTS, st.none() | COUNTS, FORMULAS)
def test_a_hidden_count_hides_its_rates(n, d, rate):
    found = rates.computed(table(n, d), {"r": rate}).row(0, named=True)
    hidden = n is None or d is None
    assert (found["r_status"] == "Q") == hidden
    assert not hidden or found["r"] is None


SMALL = st.integers(0, 60)


@given(
    SMALL, SMALL, st.builds(Formula, st.just("n"), st.just("d"), st.sampled_from([1, 100]), st.integers(0, 2))
)
def test_a_rate_leaves_exactly_the_counts_that_round_to_it(n, d, rate):
    whole = rates.computed(table(n, d), {"r": rate})
    for measure in ("n", "d") if d else ():
        row = rates.shown(whole.drop(measure, f"{measure}_status"), {"r": rate}).row(0, named=True)
        rounded = half_up(n, d, rate)
        fits = [
            x for x in range(2000)
            if (measure == "n" or x) and half_up(*((x, d) if measure == "n" else (n, x)), rate) == rounded
        ]  # fmt: skip
        unbounded = measure == "d" and rounded == 0
        expected = (fits[0] if fits else None, None if unbounded else fits[-1])
        assert (row["measure"], (row["low"], row["high"])) == (measure, expected)


def test_that_a_rate_is_counted_among_none_is_told():
    rate = Formula("n", "d", 100, 1)
    bare = rates.computed(table(7, 0), {"r": rate}).drop("d", "d_status")
    assert rates.shown(bare, {"r": rate}).rows() == [("x", "r", "d", 0, 0)]


def test_of_two_unpublished_counts_a_rate_gives_the_proportion():
    rate = Formula("n", "d", 100, 1)
    bare = rates.computed(table(7, 9), {"r": rate}).drop("n", "n_status", "d", "d_status")
    assert rates.shown(bare, {"r": rate}).rows() == [("x", "r", "n", None, None), ("x", "r", "d", None, None)]


@given(COUNTS, COUNTS, FORMULAS)
def test_a_rate_of_published_or_hidden_counts_gives_nothing_away(n, d, rate):
    for data in (table(n, d), table(None, d), table(n, None)):
        assert rates.shown(rates.computed(data, {"r": rate}), {"r": rate}).is_empty()


@given(st.integers(2**62, 2**63 - 1), st.integers(2**62, 2**63 - 1), FORMULAS)
def test_the_largest_counts_are_bounded_too(n, d, rate):
    whole = rates.computed(table(n, d), {"r": rate})
    for measure, truth in (("n", n), ("d", d)):
        [low], [high] = rates.shown(whole.drop(measure, f"{measure}_status"), {"r": rate}).select(
            "low", "high"
        )
        assert low <= truth
        assert high is None or truth <= high


MISTAKES = {
    "a measure that is not there": ({"over": "people"}, "name no measure of the table: people"),
    "itself": ({"of": "cases"}, "over itself"),
    "for none": ({"per": 0}, "greater than or equal to 1"),
    "for less than none": ({"per": -1000}, "greater than or equal to 1"),
    "half decimals": ({"decimals": -1}, "greater than or equal to 0"),
    "too many decimals": ({"decimals": 7}, "less than or equal to 6"),
    "an unknown key": ({"round": "up"}, "unknown key"),
}


@pytest.mark.parametrize(("change", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_rate_that_cannot_be_is_refused(workspace: Workspace, spec, change, says):
    spec["table"]["rates"] = {"lethality": LETHALITY | change}
    respec(workspace, spec)
    with pytest.raises(SpecError, match=says):
        specs.load(workspace.spec_path("cases"))


@pytest.mark.parametrize("name", ["cases", "area", "cases_status", "status"])
def test_a_rate_has_a_name_of_its_own(workspace: Workspace, spec, name):
    spec["table"]["rates"] = {name: LETHALITY}
    respec(workspace, spec)
    with pytest.raises(SpecError, match=r"used twice|mean something else"):
        specs.load(workspace.spec_path("cases"))


def test_a_measure_is_published_or_in_a_rate(workspace: Workspace, spec):
    spec["table"]["measures"]["deaths"]["published"] = False
    respec(workspace, spec)
    with pytest.raises(SpecError, match="neither published nor in a rate: deaths"):
        specs.load(workspace.spec_path("cases"))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Release:
    """Cases and deaths with the share of the two, all published."""
    return released(tmp_path_factory.mktemp("rates"), hide=())


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Release:
    """The same, of the deaths the rate alone."""
    return released(tmp_path_factory.mktemp("bare"), hide=("deaths",))


def released(folder: Path, hide: tuple[str, ...]) -> Release:
    workspace, spec = fresh(folder / "workspace"), yaml.safe_load(SPEC)
    spec["table"]["rates"] = {"lethality": LETHALITY}
    for name in hide:
        spec["table"]["measures"][name]["published"] = False
    respec(workspace, spec)
    return pipeline.build("cases", workspace.root)[0]


def truth() -> pl.DataFrame:
    """The counts of every cell and margin, added up without this package."""
    records = pl.read_csv(RECORDS.encode())
    above = {"area": lambda code: [code, code[0], "VN"], "sex": lambda code: [code, "_T"]}
    spread = records.with_columns(
        pl.col(name).map_elements(codes, return_dtype=pl.List(pl.String)) for name, codes in above.items()
    )
    return spread.explode("area").explode("sex").group_by("area", "sex").agg(pl.col("cases", "deaths").sum())


def test_rates_of_every_cell_and_margin_come_from_its_counts(made):
    data = pl.read_parquet(made.directory / "data.parquet")
    assert data.columns[-2:] == ["lethality", "lethality_status"]
    assert data.schema["lethality"] == pl.Decimal(38, 2)
    joined = data.join(truth(), on=["area", "sex"], suffix="_true", validate="1:1")
    assert joined.height == data.height
    for row in joined.iter_rows(named=True):
        hidden = "Q" in (row["cases_status"], row["deaths_status"])
        assert row["lethality_status"] == ("Q" if hidden else "A")
        if not hidden:
            rate = Formula("deaths", "cases", 100, 2)
            assert Fraction(row["lethality"]) == half_up(row["deaths_true"], row["cases_true"], rate)
    assert set(joined["lethality_status"]) == {"A", "Q"}


def test_files_hold_the_same_rates_with_all_their_decimals(made):
    rows = read_back(made.directory)
    assert rows["data.parquet"] == rows["data.csv"] == rows["data.xlsx"]
    shown = {row[-2] for row in rows["data.csv"][1:]}
    assert all(re.fullmatch(r"(\d+\.\d\d)?", text) for text in shown)
    assert any(text.endswith("0") for text in shown)
    [column] = [c for c in pq.read_schema(made.directory / "data.parquet") if c.name == "lethality"]
    assert str(column.type) == "decimal128(38, 2)"


def test_a_rate_that_reads_back_otherwise_is_no_release(made, tmp_path):
    data = pl.read_parquet(made.directory / "data.parquet")
    shutil.copytree(made.directory, tmp_path / "copy")
    finer = data.with_columns(pl.col("lethality") + pl.lit("0.001").cast(pl.Decimal(38, 3)))
    write_xlsx(finer, tmp_path / "copy/data.xlsx", "t")
    with pytest.raises(VerificationError, match=r"data\.xlsx"):
        check_written(data, tmp_path / "copy")


def test_a_count_that_is_not_published_is_nowhere_but_protected_as_if_it_were(made, bare):
    full, data = (pl.read_parquet(one.directory / "data.parquet") for one in (made, bare))
    assert data.equals(full.drop("deaths", "deaths_status"))
    described = json.loads((bare.directory / "codebook.json").read_text(encoding="utf-8"))
    assert [c["name"] for c in described["columns"]] == data.columns
    assert Release.open(bare.directory).manifest["audit"]["ok"]


def test_the_codebook_says_how_a_rate_is_made(bare):
    columns = catalog.read_codebook((bare.directory / "codebook.json").read_text(encoding="utf-8"))
    [rate] = [column for column in columns if column.role == "rate"]
    assert (rate.type, rate.of, rate.over, rate.per, rate.decimals) == ("number", "deaths", "cases", 100, 2)
    assert rate.note.vi.startswith("Số chết (deaths) ÷ Số mắc (cases) × 100,")
    assert rate.note.en.startswith("Deaths (deaths) ÷ Cases (cases) × 100,")
    assert rates.described(columns) == {"lethality": Formula("deaths", "cases", 100, 2)}
    assert [c.of for c in columns if c.role == "status"] == ["cases", "lethality"]


def test_a_codebook_without_rates_says_nothing_of_them(made):
    columns = json.loads((made.directory / "codebook.json").read_text(encoding="utf-8"))["columns"]
    assert [column["name"] for column in columns if "per" in column] == ["lethality"]


def test_the_metadata_are_valid(bare, shared):
    shapes = rdflib.Graph().parse(shared / "data/shapes/dcat-ap-3.0.1-SHACL.ttl")
    graph = rdflib.Graph().parse(bare.directory / "dcat.ttl")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    assert conforms, report
    package = frictionless.validate(str(bare.directory / "datapackage.json"))
    assert package.valid, package.flatten(["type", "note"])
    fields = json.loads((bare.directory / "datapackage.json").read_text())["resources"][0]["schema"]["fields"]
    [field] = [field for field in fields if field["name"] == "lethality"]
    assert field["rate"] == {"of": "deaths", "over": "cases", "per": 100, "decimals": 2}
    edition = shown(bare.directory).edition
    [column] = [
        c for c in json.loads(catalog.csvw(edition))["tableSchema"]["columns"] if c["name"] == "lethality"
    ]
    assert (column["datatype"], column["required"]) == ("number", False)
    [rows, *_] = json.loads(catalog.croissant(edition))["recordSet"]
    assert {f["name"]: f["dataType"] for f in rows["field"]}["lethality"] == "sc:Float"
    named = [variable["name"] for variable in json.loads(catalog.schema_org(edition))["variableMeasured"]]
    assert named == ["cases", "lethality"]


def test_readers_load_describe_and_count_rates(bare):
    read = od.published("cases", portal=bare.directory.parents[2])
    assert read.load()["lethality"].dtype == pl.Decimal(38, 2)
    rate = read.codebook().row(by_predicate=pl.col("name") == "lethality", named=True)
    assert (rate["role"], rate["label_en"], rate["unit_vi"]) == ("rate", "Case fatality", "phần trăm")
    counted = {row["measure"]: row for row in read.status().to_dicts()}
    assert counted.keys() == {"cases", "lethality"}
    data = read.load()
    assert counted["lethality"]["suppressed"] == (data["lethality_status"] == "Q").sum() > 0
    assert read.verify().height


def test_a_rate_is_drawn_and_laid_out(bare):
    data = pl.read_parquet(bare.directory / "data.parquet").filter(sex="M")
    drawn = charts.ranked_bars(data, "area", "lethality", title="Tỷ lệ chết", decimals=2)
    spec = json.dumps(drawn.to_dict(), ensure_ascii=False)
    number = data.filter(area="VN")["lethality"].item()
    assert f'"{number}"'.replace(".", ",") in spec
    assert "đã che" in spec
    columns = catalog.read_codebook((bare.directory / "codebook.json").read_text(encoding="utf-8"))
    laid = publication_table(
        data, ["cases", "lethality"], rows="area", codebook=columns,
        title=catalog.Labels(vi="Tỷ lệ chết", en="Case fatality"),
    )  # fmt: skip
    assert str(number).replace(".", ",") in {line.cells[1].shown for line in laid.lines}


def test_report_and_card_tell_of_rates_and_not_of_unpublished_counts(bare):
    report = (bare.directory / "report.html").read_text(encoding="utf-8")
    assert "Tỷ lệ chết trên mắc" in report
    assert "Số chết (deaths) ÷ Số mắc (cases) × 100," in report
    assert "<code>deaths</code>" not in report
    workspace = bare.directory.parents[2]
    card = of_dataset(od.dataset("cases", workspace=workspace))
    assert [(row[0], row[1].en) for row in card.grids[0].rows] == [
        ("area", "dimension"), ("sex", "dimension"), ("cases", "measure"), ("lethality", "rate"),
    ]  # fmt: skip


def test_what_rates_show_stays_known(made, bare):
    measures = ["cases", "deaths"]
    seen, inferred = (as_cells(one.directory / "data.parquet", measures) for one in (made, bare))
    both = seen.join(inferred, on=["area", "sex", "measure"], suffix="_inferred", validate="1:1")
    assert both.height == seen.height == inferred.height
    cases, deaths = (both.filter(measure=name) for name in measures)
    assert cases["value"].equals(cases["value_inferred"], null_equal=True)
    rate = pl.read_parquet(bare.directory / "data.parquet").select("area", "sex", "lethality")
    told = deaths.join(rate, on=["area", "sex"], maintain_order="left").with_columns(
        expected=pl.when(pl.col("lethality").is_not_null()).then("value")
    )
    assert told["value_inferred"].equals(told["expected"], null_equal=True)
    assert told["value_inferred"].count()


def test_without_the_counts_behind_its_rates_an_earlier_release_stops_the_next(bare, tmp_path):
    workspace = tmp_path / "workspace"
    shutil.copytree(bare.directory.parents[2], workspace)
    private = private_folder(workspace / "releases/cases/2026.1")
    (private / rates.COUNTS).unlink()
    with pytest.raises(VerificationError, match="shows by rates alone") as refused:
        pipeline.build("cases", workspace, version="2026.2")
    assert refused.value.exit_code == 8


def test_a_hidden_count_is_in_no_public_byte(bare):
    hidden = truth().join(
        pl.read_parquet(bare.directory / "data.parquet"), on=["area", "sex"], suffix="_shown"
    )
    telling = hidden.filter(pl.col("cases_status") == "Q", pl.col("cases") > 1000)["cases"].to_list()
    assert telling
    for path in bare.directory.iterdir():
        assert not [n for n in telling if str(n).encode() in path.read_bytes()], path.name


def test_a_chart_never_shows_more_decimals_than_are_published(bare):
    data = pl.read_parquet(bare.directory / "data.parquet")
    small = data.with_columns(pl.col("lethality") * pl.lit("0.00").cast(pl.Decimal(38, 2)))
    assert wording_for(small, "lethality", title="").decimals == 2  # by its size alone it would be four
    assert wording_for(data, "lethality", title="", decimals=2).decimals == 2
    assert wording_for(data, "cases", title="").decimals == 0


def test_a_release_may_hold_rates_alone(tmp_path):
    alone = released(tmp_path, hide=("cases", "deaths"))
    data = pl.read_parquet(alone.directory / "data.parquet")
    assert data.columns == ["area", "sex", "lethality", "lethality_status"]
    assert set(rates.shown(data, {"lethality": Formula("deaths", "cases", 100, 2)})["measure"]) == {
        "deaths",
        "cases",
    }
    again, wrote = pipeline.build("cases", alone.directory.parents[2], version="2026.2")
    assert wrote
    assert pl.read_parquet(again.directory / "data.parquet").equals(data)


def test_the_page_of_a_version_says_how_a_rate_is_made(bare, tmp_path):
    folder = site.write(workspaces.find(bare.directory.parents[2]), tmp_path / "site").folder
    page = (folder / "datasets/cases/2026.1.html").read_text(encoding="utf-8")
    assert "Deaths (deaths) ÷ Cases (cases) × 100," in page
    assert '"decimals":2' in (folder / "datasets/cases/2026.1.explore.html").read_text(encoding="utf-8")

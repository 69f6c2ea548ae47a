"""Which releases have to do with a table: by concept, by column, by what is fixed; and what is not lost on the way."""

import hashlib
import json

import polars as pl
import pytest

from opendata import memory
from opendata.errors import VerificationError
from opendata.workspace import Workspace
from tests.opendata.memory import offices
from tests.opendata.memory.test_leaks_across_time import by_area, split


@pytest.fixture
def office(tmp_path):
    """A workspace with the release `cases 2026.1`."""
    made = offices.office(tmp_path / "office")
    offices.add(made, "cases", by_area())
    offices.build(made, "cases")
    return made


def earlier(office: Workspace, name: str) -> list[str]:
    found, table = offices.opened(office, name)
    subject = memory.subject(found.spec, table, found.code_lists())
    return [one.name for one in memory.recall(office, (name, "2026.1"), subject).memory.earlier]


def named(office: Workspace, measure: str, **changed: object) -> None:
    label = {"label": {"vi": "Nhãn", "en": "Label"}, "unit": {"vi": "người", "en": "persons"}}
    measures = {measure: label | changed}
    offices.add(office, "other", by_area().rename({"cases": measure}), (measure,), measures=measures)


def test_measures_of_one_name_count_the_same(office):
    named(office, "cases")
    assert earlier(office, "other") == ["cases 2026.1"]


def test_measures_of_other_names_do_not_unless_the_spec_says_so(office):
    named(office, "patients")
    assert earlier(office, "other") == []
    named(office, "patients", concept="cases")
    assert earlier(office, "other") == ["cases 2026.1"]


def test_measures_of_one_column_of_one_file_count_the_same_whatever_they_are_called(office):
    named(office, "patients")
    path = office.spec_path("other")
    text = path.read_text(encoding="utf-8").replace("data/other.csv", "data/cases.csv")
    text = text.replace('"name": "patients",', '"name": "patients", "header": "cases",')
    path.write_text(text, encoding="utf-8")
    assert earlier(office, "other") == ["cases 2026.1"]


def copied(office: Workspace) -> None:
    """The dataset `other`: a copy of the file of `cases` whose column goes by another name."""
    offices.add(office, "other", by_area())
    path = office.spec_path("other")
    spec = json.loads(path.read_text(encoding="utf-8"))
    spec["source"]["columns"][-1] |= {"name": "patients", "header": "cases"}
    spec["table"]["measures"] = {"patients": spec["table"]["measures"].pop("cases")}
    path.write_text(json.dumps(spec, ensure_ascii=False, default=str), encoding="utf-8")


def test_a_copy_of_a_file_counts_the_same_whatever_its_path_and_its_measure_are_called(office):
    copied(office)
    found, table = offices.opened(office, "other")
    assert found.audit(found.protect(table)).remembered == 1
    release = offices.build(office, "other")
    digest = hashlib.sha256((office.root / "data/other.csv").read_bytes()).hexdigest().encode()
    assert not any(digest in path.read_bytes() for path in release.directory.iterdir())


def test_a_file_that_differs_is_no_copy(office):
    copied(office)
    by_area(S2=71).write_csv(office.root / "data/other.csv")
    found, table = offices.opened(office, "other")
    assert found.audit(found.protect(table)).remembered == 0


def test_what_is_told_of_source_files_must_be_what_it_was(office):
    copied(office)
    path = office.root / "releases/cases/2026.1.private/inputs.json"
    path.write_text(path.read_text(encoding="utf-8").replace("cases.csv", "c.csv"), encoding="utf-8")
    with pytest.raises(VerificationError, match=r"inputs\.json"):
        offices.build(office, "other")


def test_people_are_shown_though_an_incidence_left_them_out_where_cases_are_few(office):
    text = {"label": {"vi": "Nhãn", "en": "Label"}, "unit": {"vi": "người", "en": "persons"}}
    rate = text | {"of": "cases", "over": "people", "per": 100_000, "decimals": 3}
    people = by_area().with_columns(people=pl.Series([91_300, 84_250, 77_700, 120_000, 65_000]))
    measures = {"cases": text, "people": text | {"published": False}}
    offices.add(office, "incidence", people, ("cases", "people"), rates={"rate": rate}, measures=measures)
    shown = pl.read_parquet(offices.build(office, "incidence").directory / "data.parquet")
    assert set(shown.filter(pl.col("rate").is_null())["area"]) > {"N1"}
    offices.add(office, "people", people.drop("cases"), ("people",))
    shown = pl.read_parquet(offices.build(office, "people").directory / "data.parquet")
    assert shown["people"].null_count() == 0


def test_another_period_has_nothing_in_common(office):
    offices.add(
        office, "cases-2025", by_area(), entry={"temporal": {"start": "2025-01-01", "end": "2025-12-31"}}
    )
    assert earlier(office, "cases-2025") == []


def test_a_slice_is_put_where_it_belongs(office):
    women = split({"N1": 30, "N2": 40}, "sex", ["F", "M"]).filter(sex="F").drop("sex")
    offices.add(office, "women", women, fixed={"of": {"codes": "sexes", "code": "F"}})
    found, table = offices.opened(office, "women")
    subject = memory.subject(found.spec, table, found.code_lists())
    held = memory.recall(office, ("women", "2026.1"), subject).memory
    assert held.places["of"] == {"F": frozenset({"F"})}
    assert held.axes == {"area": "area"}


def test_a_slice_at_a_code_that_is_none_is_refused(office):
    offices.add(office, "women", by_area(), fixed={"of": {"codes": "sexes", "code": "X"}})
    with pytest.raises(Exception, match=r"table\.fixed\.of\.code"):
        offices.opened(office, "women")


def test_an_earlier_version_of_other_columns_stays_known(office):
    """A breakdown that comes, goes, or takes another measure with it: what the table can express is known to it."""
    notice = {
        "announced": "2026-02-02",
        "effective": "2026-06-02",
        "what": {"vi": "Thêm tuổi.", "en": "Ages."},
    }
    offices.add(office, "cases", by_area(S2=71))
    path = office.spec_path("cases")
    path.write_text(
        path.read_text(encoding="utf-8")[:-1] + f', "notice": {notice}}}'.replace("'", '"'), encoding="utf-8"
    )
    offices.build(office, "cases")
    ages = split({"N1": 3, "N2": 40, "N3": 50, "S1": 60, "S2": 71}, "age", ["A0", "A1", "A2"])
    offices.add(office, "cases", ages, entry={"modified": "2026-06-10"})
    found, table = offices.opened(office, "cases")
    known = found.known(table)
    assert [set(frame["age"]) for frame in known] == [{"_T"}, {"_T"}]
    release = offices.build(office, "cases", "2027.1")
    shown = pl.read_parquet(release.directory / "data.parquet")
    total = shown.filter(age="_T").select("area", "cases")
    before = pl.read_parquet(office.root / "releases/cases/2026.2/data.parquet").select("area", "cases")
    assert total.equals(before)  # the totals stay as hidden as they were

"""The planted leaks across time: each pattern is safe by itself, and refused with what was released before."""

import re
from collections.abc import Callable
from typing import NamedTuple

import polars as pl
import pytest

import anonymize
from opendata import ledger
from opendata.errors import DisclosureError
from opendata.workspace import Workspace
from tests.opendata.memory import offices

AREAS = {"N1": 3, "N2": 40, "N3": 50, "S1": 60, "S2": 70}
FIRST = [{"area": "N1"}, {"area": "N2"}]  # hidden by a first release; N3 and N are shown


def by_area(**changed: int) -> pl.DataFrame:
    return pl.DataFrame([*(AREAS | changed).items()], schema=["area", "cases"], orient="row")


def split(counts: dict[str, int], column: str, codes: list[str]) -> pl.DataFrame:
    """The same people over a further column, nearly evenly."""
    rows = [
        (area, code, n // len(codes) + (k < n % len(codes)))
        for area, n in counts.items()
        for k, code in enumerate(codes)
    ]
    return pl.DataFrame(rows, schema=["area", column, "cases"], orient="row")


def out(office: Workspace, name: str, records: pl.DataFrame, cells: list[dict[str, str]]) -> None:
    """Release a dataset with exactly these cells hidden; the pattern is a safe one."""
    offices.add(office, name, records)
    found, table = offices.opened(office, name)
    safe = offices.hidden(found, table, cells)
    assert found.release(safe, found.audit(safe)).write()


class Planted(NamedTuple):
    """What comes after: prepares the next release and says what it would hide; and who gives it away then."""

    dataset: str
    prepare: Callable[[Workspace], list[dict[str, str]]]
    names: tuple[str, ...]


def revision(office: Workspace) -> list[dict[str, str]]:
    out(office, "cases", by_area(), FIRST)
    offices.add(office, "cases", by_area(N3=51))
    return [{"area": "N1"}, {"area": "N3"}]


def withdrawn(office: Workspace) -> list[dict[str, str]]:
    out(office, "cases", by_area(), FIRST)
    with ledger.open_ledger(office).writing() as writer:
        writer.append(ledger.Entry("withdrawn", dataset="cases", version="2026.1"))
    return [{"area": "N1"}, {"area": "N3"}]


def breakdown(office: Workspace) -> list[dict[str, str]]:
    out(office, "cases", by_area(), FIRST)
    offices.add(office, "cases-by-age", split(AREAS, "age", ["A0", "A1", "A2"]))
    return [{"area": "N1"}, {"area": "N3"}]


def other_codes(office: Workspace) -> list[dict[str, str]]:
    """The same areas under codes of another list, known by their names."""
    out(office, "cases", by_area(), FIRST)
    text = (office.root / "codes/areas.csv").read_text(encoding="utf-8")
    own = re.sub(r"\b([NS])([123])\b(?=,)", r"R-\1\2", text)
    (office.root / "codes/regions.csv").write_text(own, encoding="utf-8")
    regions = by_area().select(region="R-" + pl.col("area"), cases="cases")
    offices.add(office, "regions", regions)
    return [{"region": "R-N1"}, {"region": "R-N3"}]


def new_provinces(office: Workspace) -> list[dict[str, str]]:
    counts = {"02": 3, "08": 60, "04": 40, "24": 70, "27": 80}  # 02 and 08 became one province, 24 and 27 too
    old = pl.DataFrame([*counts.items()], schema=["province", "cases"], orient="row")
    out(office, "old-provinces", old, [{"province": "02"}, {"province": "04"}])
    merged = {"08": 63, "04": 40, "24": 150}
    offices.add(
        office,
        "new-provinces",
        pl.DataFrame([*merged.items()], schema=["new_province", "cases"], orient="row"),
    )
    return []


def total_elsewhere(office: Workspace) -> list[dict[str, str]]:
    months = split(AREAS | {"N1": 83, "N2": 94}, "month", ["2024-01", "2024-02", "2024-03"])
    months = months.with_columns(
        cases=pl.when((pl.col("area") == "N1") & (pl.col("month") == "2024-01")).then(3).otherwise("cases")
    )
    cells = [{"area": area, "month": month} for area in ("N1", "N2") for month in ("2024-01", "2024-Q1")]
    out(office, "by-month", months, cells)
    quarter = months.group_by("area", maintain_order=True).agg(pl.col("cases").sum())
    offices.add(
        office, "by-quarter", quarter, entry={"temporal": {"start": "2024-01-01", "end": "2024-03-31"}}
    )
    return []


FEMALE = {"of": {"codes": "sexes", "code": "F"}}


def part(office: Workspace) -> list[dict[str, str]]:
    """Hardly any men in one area: no release has them as a cell, and two give them away."""
    out(office, "both-sexes", by_area(N1=30), [])
    offices.add(office, "women", by_area(N1=27, N2=20, N3=25, S1=30, S2=35), fixed=FEMALE)
    return []


def whole(office: Workspace) -> list[dict[str, str]]:
    offices.add(office, "women", by_area(N1=27, N2=20, N3=25, S1=30, S2=35), fixed=FEMALE)
    found, table = offices.opened(office, "women")
    safe = offices.hidden(found, table, [])
    assert found.release(safe, found.audit(safe)).write()
    offices.add(office, "both-sexes", by_area(N1=30))
    return []


def rates(office: Workspace) -> None:
    """A dataset that shows the incidence, and neither counts nor people."""
    label = {"label": {"vi": "Nhãn", "en": "Label"}, "unit": {"vi": "người", "en": "persons"}}
    made = {"rate": label | {"of": "cases", "over": "people", "per": 100_000, "decimals": 3}}
    measures = {"cases": label | {"published": False}, "people": label}
    people = by_area().with_columns(people=pl.Series([91_300, 84_250, 77_700, 120_000, 65_000]))
    offices.add(office, "incidence", people, ("cases", "people"), rates=made, measures=measures)


OTHERS = [{"area": area, "measure": "cases"} for area in ("N1", "N3")]


def rate(office: Workspace) -> list[dict[str, str]]:
    out(office, "cases", by_area(), FIRST)
    rates(office)
    return OTHERS


def after_a_rate(office: Workspace) -> list[dict[str, str]]:
    rates(office)
    found, table = offices.opened(office, "incidence")
    safe = offices.hidden(found, table, OTHERS)
    assert found.release(safe, found.audit(safe)).write()
    offices.add(office, "cases", by_area())
    return FIRST


LEAKS = {
    "a revision by one": Planted("cases", revision, ("cases 2026.1",)),
    "a version that was withdrawn": Planted("cases", withdrawn, ("cases 2026.1",)),
    "a new breakdown": Planted("cases-by-age", breakdown, ("cases 2026.1", "cases-by-age")),
    "the same areas under other codes": Planted("regions", other_codes, ("cases 2026.1", "regions")),
    "new provinces after the old": Planted("new-provinces", new_provinces, ("old-provinces 2026.1", "new-provinces")),
    "a total in another dataset": Planted("by-quarter", total_elsewhere, ("by-month 2026.1", "by-quarter")),
    "a part after the whole": Planted("women", part, ("both-sexes 2026.1", "women")),
    "a whole after the part": Planted("both-sexes", whole, ("women 2026.1", "both-sexes")),
    "a rate of what was hidden": Planted("incidence", rate, ("cases 2026.1", "incidence")),
    "what a rate has shown": Planted("cases", after_a_rate, ("incidence 2026.1", "cases")),
}  # fmt: skip


@pytest.fixture(params=LEAKS)
def case(request, tmp_path):
    """The workspace before the next release, the dataset with its table, the planted pattern, the case."""
    office = offices.office(tmp_path / "office")
    planted = LEAKS[request.param]
    cells = planted.prepare(office)
    found, table = offices.opened(office, planted.dataset)
    return office, found, offices.hidden(found, table, cells), planted


def test_what_is_safe_by_itself_is_refused_and_the_releases_are_named(case):
    _, found, safe, planted = case
    assert anonymize.audit(safe, found.spec.protection).ok
    audit = found.audit(safe)
    assert audit.linked > 0
    with pytest.raises(DisclosureError) as refused:
        found.release(safe, audit)
    assert refused.value.exit_code == 5
    for problem in refused.value.problems:
        assert problem.what.vi
        assert problem.remedy.vi
    for name in planted.names:
        assert name in str(refused.value)


def test_with_the_memory_a_safe_pattern_is_found(case):
    _, found, safe, _ = case
    protected = found.protect(safe.table)
    audit = found.audit(protected)
    assert audit.ok
    assert found.release(protected, audit).write()


def test_where_nothing_helps_the_refusal_names_the_release(tmp_path):
    office = offices.office(tmp_path / "office")
    out(office, "cases", by_area(), FIRST)
    # What the stricter promise of the second dataset calls sensitive was shown by the first.
    strict = {"rules": [{"kind": "small_count", "threshold": 55}]}
    offices.add(office, "cases-again", by_area(), protection=strict)
    with pytest.raises(DisclosureError, match=r"cases 2026\.1") as refused:
        offices.build(office, "cases-again")
    assert refused.value.exit_code == 5
    assert not list((office.root / "releases").glob("cases-again/2026*"))

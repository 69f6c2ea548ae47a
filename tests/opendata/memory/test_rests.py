"""What is left of a whole when a part of it is known: which cells the memory adds, and what it promises for them."""

import polars as pl
import pytest

from anonymize.linked import Publication
from opendata import memory, pipeline
from opendata.workspace import Workspace
from tests.opendata.memory import offices
from tests.opendata.memory.test_leaks_across_time import AREAS, FEMALE, by_area, split

WOMEN = {"N1": 1, "N2": 38, "N3": 25, "S1": 30, "S2": 35}


@pytest.fixture
def office(tmp_path):
    """A workspace with nothing released."""
    return offices.office(tmp_path / "office")


def rests(office: Workspace, name: str) -> list[Publication]:
    found, table = offices.opened(office, name)
    about = memory.subject(found.spec, table, found.code_lists())
    held = memory.recall(office, (name, "2026.1"), about)
    whole = memory.with_rests(held.memory, table, found.spec.protection, held.leaves)
    assert whole.earlier[: len(held.memory.earlier)] == held.memory.earlier
    return [*whole.earlier[len(held.memory.earlier) :]]


def women(office: Workspace) -> None:
    offices.add(office, "women", by_area(**WOMEN), fixed=FEMALE)


def test_small_counts_among_what_is_left_are_promised_and_never_published(office):
    offices.add(office, "both-sexes", by_area())
    offices.build(office, "both-sexes")
    women(office)
    (rest,) = rests(office, "women")
    assert rest.name == "both-sexes 2026.1 − women"
    cells = rest.cells.filter(pl.col("area").is_in(AREAS.keys()))
    assert dict(cells.select("area", "truth").rows()) == {area: n - WOMEN[area] for area, n in AREAS.items()}
    assert [*cells.filter(pl.col("need") > 0)["area"]] == ["N1", "N2"]
    assert rest.cells["value"].null_count() == rest.cells.height
    assert not rest.cells["seen"].any()


def test_cells_that_a_release_has_are_its_own(office):
    offices.add(office, "by-sex", split(AREAS, "sex", ["F", "M"]))
    offices.build(office, "by-sex")
    women(office)
    assert rests(office, "women") == []


def test_whoever_is_alone_in_the_part_knows_what_is_left_of_a_whole_that_is_shown(office):
    offices.add(office, "both-sexes", by_area(N1=5))
    offices.build(office, "both-sexes")
    women(office)
    (rest,) = rests(office, "women")
    assert "N1" not in rest.cells["area"]


def test_of_several_versions_the_newest_at_a_time_belong_together(office):
    offices.add(office, "both-sexes", by_area())
    offices.build(office, "both-sexes")
    offices.add(office, "both-sexes", by_area(S2=71))
    offices.build(office, "both-sexes")
    women(office)
    cells = pl.concat(rest.cells for rest in rests(office, "women"))
    assert cells.height == 8
    assert cells.filter(area="S2")["truth"].to_list() == [71 - WOMEN["S2"]]


def test_each_measure_leaves_its_own(office):
    both = by_area().with_columns(deaths=pl.Series([3, 9, 9, 9, 9]))
    offices.add(office, "both-sexes", both, ("cases", "deaths"))
    offices.build(office, "both-sexes")
    part = by_area(**WOMEN).with_columns(deaths=pl.Series([1, 6, 6, 6, 6]))
    offices.add(office, "women", part, ("cases", "deaths"), fixed=FEMALE)
    found = {rest.concept: rest.cells.filter(area="N2")["truth"].item() for rest in rests(office, "women")}
    assert found == {"cases": 2, "deaths": 3}


def test_without_a_part_there_is_nothing_left(office):
    offices.add(office, "both-sexes", by_area())
    offices.build(office, "both-sexes")
    offices.add(office, "again", by_area())
    assert rests(office, "again") == []


def test_a_release_with_the_axis_as_a_dimension_is_judged_by_its_own_cells(office):
    offices.add(office, "by-age", split(AREAS, "age", ["A0", "A1", "A2"]))
    offices.build(office, "by-age")
    fixed = {"of": {"codes": "ages", "code": "A0"}}
    offices.add(office, "children", by_area(N1=1, N2=13, N3=16, S1=20, S2=23), fixed=fixed)
    assert rests(office, "children") == []


DISEASES = """code,parent,label_vi,label_en,aliases
ALL,,Mọi bệnh,All diseases,
DEN,ALL,Sốt xuất huyết,Dengue,
MEA,ALL,Sởi,Measles,
HFM,ALL,Tay chân miệng,Hand foot mouth,
"""


def test_what_is_left_takes_nothing_from_what_all_parts_together_give_away(office):
    """The list is one with a longer one that ships; these three are all the diseases that there are records of."""
    (office.root / "codes/diseases.csv").write_text(DISEASES, encoding="utf-8")
    parts = {"DEN": 27, "MEA": 3, "HFM": 8}
    offices.add(office, "all-diseases", by_area(**dict.fromkeys(AREAS, sum(parts.values()))))
    offices.build(office, "all-diseases")
    for code, count in parts.items():
        fixed = {"disease": {"codes": "diseases", "code": code}}
        offices.add(office, code.lower(), by_area(**dict.fromkeys(AREAS, count)), fixed=fixed)
        if code != "HFM":
            offices.build(office, code.lower())
    found, table = offices.opened(office, "hfm")
    leaks = found.audit(offices.hidden(found, table, [])).findings
    assert {dict(leak.cell)["disease"] for leak in leaks} == {"MEA"}


@pytest.mark.parametrize(
    ("told", "second"),
    [
        (["both-sexes"], {"n": by_area(**WOMEN)}),
        ([], {"n": by_area(**WOMEN), "fixed": FEMALE}),
        ([], {"n": by_area()}),
        ([], {"n": by_area(S2=71)}),
        ([], {"n": by_area(**WOMEN | {"N1": 90})}),
    ],
    ids=["a part", "declared", "the same", "one revised", "another thing"],
)
def test_what_looks_like_a_part_and_does_not_say_so_is_told(office, told, second):
    offices.add(office, "both-sexes", by_area())
    offices.build(office, "both-sexes")
    offices.add(office, "second", second.pop("n"), **second)
    found, table = offices.opened(office, "second")
    problems = found.resembling(table)
    assert [problem.what.en.partition(" as ")[2].partition(",")[0] for problem in problems] == told


def test_a_build_tells_it_and_goes_on(office):
    offices.add(office, "both-sexes", by_area())
    offices.build(office, "both-sexes")
    offices.add(office, "second", by_area(N2=20, N3=20, S1=20, S2=20))
    said = []
    pipeline.build("second", office.root, progress=lambda vi, en: said.append(en))
    assert [line for line in said if "table.fixed" in line]

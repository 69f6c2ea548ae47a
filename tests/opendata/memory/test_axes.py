"""How releases are laid over a table where one has an axis twice, and which times have to do with each other."""

from opendata.memory.axes import Carrier, reach, slots, ways
from opendata.memory.places import TIME, months

PLACES = {"01": frozenset({"01"})}
LIVES, TREATED = Carrier("residence", "province", PLACES), Carrier("hospital", "province", PLACES)
PROVINCE, SEX = Carrier("province", "province", PLACES), Carrier("sex", "sex", PLACES)


def laid(table: list[Carrier], other: list[Carrier]) -> list[dict[str, str]]:
    return list(ways(table, other, slots(table, [other])))


def test_an_axis_is_named_by_the_columns_of_the_table():
    assert laid([PROVINCE], [LIVES, SEX]) == [{"residence": "province", "sex": "sex"}]


def test_where_the_table_has_an_axis_twice_an_earlier_release_is_laid_both_ways():
    assert laid([LIVES, TREATED], [PROVINCE]) == [{"province": "residence"}, {"province": "hospital"}]


def test_where_an_earlier_release_has_an_axis_twice_every_way_counts():
    assert laid([PROVINCE], [LIVES, TREATED]) == [
        {"residence": "province", "hospital": "province (2)"},
        {"residence": "province (2)", "hospital": "province"},
    ]


def test_columns_of_the_same_names_are_the_same():
    assert laid([LIVES, TREATED], [TREATED, LIVES]) == [{"residence": "residence", "hospital": "hospital"}]


def test_times_that_nothing_adds_up_with_those_of_the_table_are_out_of_reach():
    table = [Carrier("month", TIME, {"2025-03": months("2025-03")})]
    year = [Carrier(TIME, TIME, {"2025": months("2025")}, "2025")]
    other = [Carrier("month", TIME, {code: months(code) for code in ("2024-12", "2025-12", "2026-01")})]
    assert reach(table, [other]) == months("2025-03")
    assert reach(table, [year, other]) == months("2025")

"""The registers as tables: what they hold on a day, and that nothing else passes for one."""

from datetime import date

import pytest

from catalog import corrections
from catalog.annexes import Registers
from catalog.corrections import Notice
from catalog.registertables import REGISTERS, cells, columns, departures, rows


def lines(register, found=None):
    found = found or Registers(date(2026, 6, 1))
    made = [cells(register, row) for row in rows(register, found)]
    return [tuple("" if cell is None else str(cell) for cell in row) for row in made]


def header(register):
    return [column.name for column in columns(register)]


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_is_one(register):
    assert departures(register, header(register), lines(register)) == ()
    assert departures(register, [*header(register), "more"], lines(register)) == ("(columns)",)
    assert departures(register, header(register), [["x"]]) == ("(rows)",)


def test_a_list_released_before_a_column_was_added_is_still_one():
    older = [name for name in header("open-data") if name != "withdrawn"]
    assert departures("open-data", older, []) == ()
    assert departures("open-data", older[:-1], []) == ("(columns)",)


@pytest.mark.parametrize(
    ("column", "value"), [("databases", "many"), ("databases", "-1"), ("planned", ""), ("group", "25")]
)
def test_a_cell_of_another_kind_is_told(column, value):
    found = [list(line) for line in lines("coverage")]
    found[3][header("coverage").index(column)] = value
    assert departures("coverage", header("coverage"), found) == (column,)


def test_coverage_has_every_group_once():
    found = lines("coverage")
    assert len(found) == 24
    assert departures("coverage", header("coverage"), found[1:]) == ("(rows)",)
    assert departures("coverage", header("coverage"), [*found, found[0]]) == ("(rows)",)


@pytest.mark.parametrize("interval", [("3", "3"), ("0", "3"), ("1", "5"), ("5", "4"), ("5", "14")])
def test_a_count_of_notices_that_is_no_agreed_interval_is_none(interval):
    found = lines("notices")
    assert departures("notices", header("notices"), [(*found[0][:2], *interval), *found[1:]]) == ("(rows)",)


def test_one_notice_and_none_look_the_same_and_change_nothing_within_the_year():
    text = {"vi": "Thấp.", "en": "Low."}
    notice = Notice(dataset="cases", kind="error", received="2025-03-02", matter=text)
    late = notice.model_copy(update={"received": date(2026, 1, 1)})
    few, five = [notice] * 4, [notice] * 5
    for known in (few, [notice], [late] * 9):
        made = Registers(date(2026, 6, 1), notices={str(n): one for n, one in enumerate(known)})
        assert lines("notices", made) == lines("notices")
    made = Registers(date(2026, 6, 1), notices={str(n): one for n, one in enumerate(five)})
    assert ("error", "pending", "5", "9") in lines("notices", made)


def test_a_decision_counts_from_its_year_on():
    text = {"vi": "Khớp.", "en": "Agrees."}
    ruling = {"outcome": "declined", "date": "2026-02-01", "reason": text}
    notice = Notice(dataset="cases", kind="change", received="2025-12-31", matter=text, ruling=ruling)
    for today, outcome in ((date(2026, 12, 31), "pending"), (date(2027, 1, 1), "declined")):
        counted = corrections.bands([notice] * 5, on=corrections.counted_until(today))
        assert [one.outcome for one in counted if one.at_least == 5] == [outcome]

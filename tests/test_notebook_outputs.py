"""The search for hidden values in outputs finds every way in which a notebook could show one."""

import polars as pl
import pytest

from tests.notebook_outputs import leaks

HIDDEN = pl.DataFrame({"province": ["01", "96"], "cases": [40, 17], "cases_status": ["A", "Q"]})
SAFE = HIDDEN.with_columns(cases=pl.when(cases_status="A").then("cases"))


def chart(rows, **around):
    spec = {"layer": [{"data": {"values": rows}, "encoding": {"x": {"value": 3}}}], **around}
    return {"data": {"application/vnd.vegalite.v5+json": spec, "text/plain": "a chart"}}


def page(frame):
    return {"data": {"text/html": frame._repr_html_(), "text/plain": str(frame)}}


def printed(frame):
    return {"output_type": "stream", "text": [f"{frame.to_dicts()}\n"]}


FORMS = {"a chart": lambda frame: chart(frame.to_dicts()), "a table": page, "printed rows": printed}


@pytest.mark.parametrize("form", FORMS)
def test_a_number_beside_a_status_that_hides_it_is_found(form):
    assert leaks(FORMS[form](HIDDEN)) == ["a number beside cases_status Q"]
    assert not leaks(FORMS[form](SAFE))


@pytest.mark.parametrize("form", FORMS)
def test_a_frame_from_before_suppression_is_found(form):
    confidential = pl.DataFrame({"province": ["01", "96", "79"], "value": [40, 3, 0]})
    assert leaks(FORMS[form](confidential)) == ["a small count of value"]


def test_a_status_in_words_and_the_rows_of_an_older_chart_are_found():
    cells = pl.DataFrame({"province": ["96"], "value": [17], "status": ["suppressed"]})
    assert leaks(page(cells)) == ["a number beside status suppressed"]
    older = chart([], datasets={"data-1": [{"value": 17, "status": "Q"}]})
    assert leaks(older) == ["a number beside status Q"]


def test_what_is_no_value_is_left_alone():
    rows = [
        {"province": "96", "value": None, "status": "Q"},
        {"legend": "Đã che"},
        {"rate": 3, "status": "A"},
    ]
    assert not leaks(chart(rows))
    assert not leaks({"output_type": "stream", "text": "{'value': broken} {1, 2} {3}"})


def test_what_was_found_is_told_without_the_value():
    assert not any("17" in problem for problem in leaks(page(HIDDEN)))

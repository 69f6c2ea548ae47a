"""Which changes of columns break what readers have written."""

from dataclasses import replace

import pytest

import catalog
from opendata.diff.schema import same_rows, same_values, schema


def labels(text: str) -> catalog.Labels:
    return catalog.Labels(vi=text, en=text)


def codes(**parents: str | None) -> catalog.CodeList:
    found = tuple(catalog.Code(code, parent, labels(code)) for code, parent in parents.items())
    return catalog.CodeList("areas", "", None, None, found)


AREA = catalog.Column("area", "dimension", "string", labels("Area"), codelist=codes(VN=None, N="VN", S="VN"))
N = catalog.Column("n", "measure", "integer", labels("Number"), unit=labels("persons"))
STATUS = catalog.Column("n_status", "status", "string", labels("Status"), of="n")
BEFORE = (AREA, N, STATUS)


def after(**changes: object) -> tuple[catalog.Column, ...]:
    """The columns with one of them changed."""
    (name, change), *_ = changes.items()
    return tuple(replace(c, **change) if c.name == name else c for c in BEFORE)


BREAKING = {
    "a column is gone": ((AREA,), "table.measures.n", "gone"),
    "a dimension is gone": ((N, STATUS), "table.dimensions.area", "gone"),
    "a dimension is added": (
        (*BEFORE, replace(AREA, name="home")),
        "table.dimensions.home",
        "a row means something else",
    ),
    "another type": (after(n={"type": "number"}), "table.measures.n.type", "type"),
    "another unit": (after(n={"unit": labels("thousands")}), "table.measures.n.unit", "unit"),
    "another role": (after(n={"role": "attribute"}), "table.attributes.n", "something else"),
    "another code list": (
        after(area={"codelist": replace(AREA.codelist, id="areas-34")}),
        "table.dimensions.area.codes",
        "code list",
    ),
    "a code that moved": (
        after(area={"codelist": codes(VN=None, N="VN", S="N")}),
        "table.dimensions.area.codes",
        "belong to another code now: S.",
    ),
}


@pytest.mark.parametrize("case", BREAKING)
def test_what_breaks(case):
    new, where, what = BREAKING[case]
    (found,) = schema(BEFORE, new)
    assert (found.kind, found.where) == ("breaking", where)
    assert what in found.what.en
    assert found.what.vi != found.what.en


ADDITIVE = {
    "a measure": (*BEFORE, replace(N, name="m"), replace(STATUS, name="m_status", of="m")),
    "a label": after(n={"labels": labels("How many")}),
    "a name of a code": after(
        area={
            "codelist": replace(
                AREA.codelist, codes=(*AREA.codelist.codes[:2], catalog.Code("S", "VN", labels("South")))
            )
        }
    ),
}


@pytest.mark.parametrize("case", ADDITIVE)
def test_what_only_adds(case):
    (found,) = schema(BEFORE, ADDITIVE[case])
    assert found.kind == "additive"


def test_more_codes_are_no_change_of_a_column():
    assert schema(BEFORE, after(area={"codelist": codes(VN=None, N="VN", S="VN", C="VN")})) == ()


def test_a_code_is_gone_only_when_its_list_has_it_no_longer():
    fewer = codes(VN=None, N="VN")
    assert schema(BEFORE, after(area={"codelist": fewer}), {"areas": AREA.codelist}) == ()
    (found,) = schema(BEFORE, after(area={"codelist": fewer}), {"areas": fewer})
    assert (found.kind, found.what.en) == (
        "breaking",
        "codes that were published are in its list no longer: S.",
    )


def test_only_what_means_the_same_is_compared():
    assert same_rows(BEFORE, after(area={"codelist": codes(VN=None)}))
    assert not same_rows(BEFORE, after(area={"codelist": replace(AREA.codelist, id="areas-34")}))
    assert not same_rows(BEFORE, (N, STATUS))
    assert same_values(BEFORE, BEFORE) == ("n",)
    assert same_values(BEFORE, after(n={"unit": labels("thousands")})) == ()


RATE = catalog.Column("r", "rate", "number", labels("Rate"), of="n", over="m", per=1000, decimals=1)


def test_a_rate_that_is_made_otherwise_breaks():
    (found,) = schema((*BEFORE, RATE), (*BEFORE, replace(RATE, per=100_000)))
    assert (found.kind, found.where) == ("breaking", "table.rates.r")

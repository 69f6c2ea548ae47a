"""The comparison against a naive one over dictionaries, and what it never says."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import catalog
from opendata.diff import compare
from opendata.diff.comparing import LARGEST, Edition
from opendata.diff.wording import largest, summary

LABELS = catalog.Labels(vi="Cột", en="Column")
KEYS = [(a, b) for a in ("_T", "n", "s") for b in ("_T", "F", "M")]
Cells = dict[tuple[str, str], tuple[int, str]]  # key -> what is true, and its status

statuses = st.sampled_from(["A", "A", "A", "P", "Q", "O"])
versions = st.dictionaries(st.sampled_from(KEYS), st.tuples(st.integers(0, 9), statuses), min_size=1)


def columns(codes: set[str]) -> tuple[catalog.Column, ...]:
    listed = catalog.CodeList(
        "areas", "", None, None, tuple(catalog.Code(c, None, LABELS) for c in sorted(codes))
    )
    return (
        catalog.Column("area", "dimension", "string", LABELS, codelist=listed),
        catalog.Column("sex", "dimension", "string", LABELS),
        catalog.Column("n", "measure", "integer", LABELS, unit=LABELS),
        catalog.Column("n_status", "status", "string", LABELS, of="n"),
    )


def edition(version: str, cells: Cells) -> Edition:
    """What a version shows of what is true."""
    rows = [(a, b, None if s in "QO" else n, s) for (a, b), (n, s) in sorted(cells.items())]
    names = {"area": pl.String, "sex": pl.String, "n": pl.Int64, "n_status": pl.String}
    table = pl.DataFrame(rows, schema=names, orient="row")
    return Edition("cases", version, columns({a for a, _ in cells}), table)


def shown(cells: Cells, key: tuple[str, str]) -> int | None:
    value, status = cells[key]
    return None if status in "QO" else value


@given(versions, versions)
def test_it_finds_what_a_naive_comparison_finds(old, new):
    found = compare(edition("1", old), edition("2", new))
    both = [key for key in KEYS if key in old and key in new]
    pairs = [(key, shown(old, key), shown(new, key)) for key in both]
    compared = [(key, v, w) for key, v, w in pairs if v is not None and w is not None]
    changed = {key: (v, w) for key, v, w in compared if v != w}
    rows = found.rows
    assert (rows.added, rows.removed) == (len(new.keys() - old.keys()), len(old.keys() - new.keys()))
    assert (rows.changed, rows.same) == (len(changed), len(both) - len(changed))
    (n,) = found.measures
    assert (n.changed, n.same) == (len(changed), len(compared) - len(changed))
    moved = [(old[key][1], new[key][1]) for key in both if old[key][1] != new[key][1]]
    assert {(t.before, t.after): t.cells for t in n.transitions} == {one: moved.count(one) for one in moved}
    sizes = sorted((abs(w - v) / v for v, w in changed.values() if v), reverse=True)
    assert [abs(one.relative) for one in n.largest] == [round(size, 6) for size in sizes[:LARGEST]]
    assert n.from_zero == sum(v == 0 for v, _ in changed.values())
    listed = {tuple(row[:2]): row[2] for row in found.keys.iter_rows()}
    expected = dict.fromkeys(new.keys() - old.keys(), "added") | dict.fromkeys(
        old.keys() - new.keys(), "removed"
    )
    assert listed == expected | dict.fromkeys(changed, "changed")
    values = {tuple(row[:2]): row[2:] for row in found.values["n"].iter_rows()}
    assert values == changed
    areas = {a for a, _ in old}, {a for a, _ in new}
    assert [(set(c.added), set(c.gone)) for c in found.codes] == [
        (areas[1] - areas[0], areas[0] - areas[1]) for _ in [0] if areas[0] != areas[1]
    ]


@given(versions, versions, st.data())
def test_nothing_is_said_of_a_cell_that_either_version_hides(old, new, data):
    """Whatever is true of it, and whatever the other version shows of it, the diff is the same."""
    hidden = {key for cells in (old, new) for key, (_, status) in cells.items() if status in "QO"}
    hidden &= old.keys() & new.keys()

    def other(cells: Cells) -> Cells:
        values = {key: (data.draw(st.integers(0, 9)), cells[key][1]) for key in sorted(hidden)}
        return cells | values

    said = compare(edition("1", old), edition("2", new))
    told = compare(edition("1", other(old)), edition("2", other(new)))
    assert said == told
    assert said.keys.equals(told.keys)
    assert said.values["n"].equals(told.values["n"])
    assert (summary(said), largest(said, each=9)) == (summary(told), largest(told, each=9))


@given(versions)
def test_a_version_does_not_differ_from_itself(cells):
    assert compare(edition("1", cells), edition("1", cells)).empty


@given(versions, versions)
def test_looked_at_backwards_what_was_added_is_removed(old, new):
    there, back = compare(edition("1", old), edition("2", new)), compare(edition("2", new), edition("1", old))
    assert (there.rows.added, there.rows.removed) == (back.rows.removed, back.rows.added)
    assert there.rows.changed == back.rows.changed
    assert there.empty == back.empty

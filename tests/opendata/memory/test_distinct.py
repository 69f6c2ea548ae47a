"""The distinct cells of many versions say what the versions say: every cell, and every sum with all its cells."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.linked import NUMBERS
from opendata.memory.distinct import fresh
from opendata.memory.subjects import Dimension, Subject
from opendata.memory.trees import Tree
from opendata.memory.truth import Remembered

AREAS = ("N", (("N1", "N2"),)), ("S", (("S1", "S2"),)), ("VN", (("N", "S"), ("N1", "N2", "S1", "S2")))
SUMS = tuple((whole, parts) for whole, splits in AREAS for parts in splits)
SEX = (("T", ("F", "M")),)


def version(counts: dict[tuple[str, str], int | None], hidden: set[tuple[str, str]]) -> Remembered:
    """A version of some cells; a sum has only those codes that the version holds."""
    areas = tuple(sorted({area for area, _ in counts}))
    sums = tuple((w, parts) for w, parts in SUMS if w in areas and all(part in areas for part in parts))
    rows = [
        (a, s, "n", None if (a, s) in hidden else n, n, 0, 0, 0, 0, 0, True, False)
        for (a, s), n in counts.items()
    ]
    columns = ["area", "sex", "measure", "value", *NUMBERS, "seen", "primary"]
    schema = {name: pl.Int64 if name in {"value", *NUMBERS} else None for name in columns}
    one = Tree("areas", {}, {})
    dimensions = {"area": Dimension(one, areas, sums), "sex": Dimension(one, ("F", "M", "T"), SEX)}
    subject = Subject(("2024-01",), dimensions, {}, {"n": frozenset("n")}, (), True)
    return Remembered(subject, pl.DataFrame(rows, schema=schema, orient="row"))


def said(subject: Subject, cells: pl.DataFrame) -> set[object]:
    """Every cell, and every sum all of whose cells are there: as readers have it, with the truth."""
    rows = {(r["area"], r["sex"]): (r["value"], r["truth"]) for r in cells.iter_rows(named=True)}
    found: set[object] = set(rows.items())
    for axis, name in enumerate(("area", "sex")):
        for whole, parts in subject.dimensions[name].sums:
            for key in rows:
                if key[axis] == whole:
                    members = [key, *((*key[:axis], part, *key[axis + 1 :]) for part in parts)]
                    if all(m in rows for m in members):
                        found.add(tuple((m, rows[m]) for m in members))
    return found


KEYS = [(area, sex) for area in ("N", "N1", "N2", "S", "S1", "S2", "VN") for sex in ("F", "M", "T")]
VERSIONS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2), min_size=1),
        st.sets(st.sampled_from(KEYS)),
    ),
    min_size=1,
    max_size=4,
)


@given(VERSIONS)
@settings(max_examples=60, deadline=None)
def test_nothing_that_versions_say_is_lost(drawn):
    before, distinct, whole = None, set(), set()
    for counts, hidden in drawn:
        now = version(counts, hidden)
        distinct |= said(now.subject, fresh(now, before))
        whole |= said(now.subject, now.cells)
        before = now
    assert distinct == whole


def test_a_version_that_says_nothing_new_adds_nothing():
    one = version(dict.fromkeys(KEYS, 7), set())
    assert fresh(one, one).height == 0

"""What is hidden for the memory: by linear programs where linear algebra is not enough, and for amounts."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize import linked
from anonymize.linked import choose, unify
from tests.anonymize.linked.releases import flat, held, release, small

WARDS = {"w1": "a", "w2": "a", "w3": "b", "w4": "b", "a": "T", "b": "T"}


@pytest.fixture
def without_algebra(monkeypatch):
    """Leaves everything to the linear programs."""
    monkeypatch.setattr(choose, "chosen", lambda *_, **__: np.zeros(0, np.int64))


def areas(counts):
    made = release("areas 1", counts, area=flat(counts))
    return replace(made, places={"area": {code: held(WARDS)[code] for code in (*counts, "T")}})


def hidden(safe):
    return set(safe.cells.filter(pl.col("value").is_null())[safe.table.keys[0]])


def protected(now, *earlier, policy=None):
    policy, memory = policy or small(), now.memory(*earlier)
    safe = an.protect(now.table, policy, memory=memory)
    assert an.audit(safe, policy, memory=memory).ok
    return hidden(safe)


def wards(counts, hiding, policy=None):
    made = release("wards 1", counts, area=flat(counts))
    return made.hiding(hiding, policy)


def test_a_cell_that_can_be_computed_is_given_room(without_algebra):
    first = wards({"w1": 3, "w2": 20, "w3": 4, "w4": 30}, {"w1", "w3"})
    assert protected(areas({"a": 23, "b": 34}), first) == {"a", "b"}


def test_bounds_that_are_too_narrow_are_widened(without_algebra):
    """w1 + w2 = 2, both hidden and at least 1, are 1 each as soon as a is out."""
    first = wards({"w1": 1, "w2": 1, "w3": 40, "w4": 30}, {"w1", "w2", "w3"})
    now = areas({"a": 2, "b": 70})
    leaks = linked.attack(now.hiding(set(), small(2)), now.memory(first))
    assert {(leak.kind, leak.cell, leak.by) for leak in leaks} == {
        ("exact", (("area", code),), ("areas 1",)) for code in ("w1", "w2")
    }
    assert {leak.relation.en for leak in leaks} == {"area a = area w1 + area w2"}
    assert protected(now, first, policy=small(2)) == {"a", "b"}


def test_somebody_alone_is_kept_from_computing_others(without_algebra):
    first = wards({"w1": 1, "w2": 3, "w3": 40, "w4": 30}, {"w1", "w2", "w3"})
    assert protected(areas({"a": 4, "b": 70}), first, policy=small(2)) == {"a", "b"}


def test_where_nothing_helps_it_is_said_so(without_algebra):
    """w1 + w3 = T - w2 - w4 leaves room; another release shows w1 + w2 and w2."""
    first = wards({"w1": 3, "w2": 21, "w3": 4, "w4": 0}, {"w1", "w3"})
    other = release("two 1", {"w1": 3, "w2": 21}, area=flat(["w1", "w2"])).hiding(set(), small(2))
    with pytest.raises(an.InfeasibleError, match="two 1"):
        protected(areas({"a": 24, "b": 4}), first, other)


def test_amounts_of_other_decimals_are_one_cell():
    def spent(name, amounts):
        frame = pl.DataFrame({"area": list(amounts), "cost": list(amounts.values())})
        tree = an.Hierarchy.flat("area", amounts, total="T")
        policy = an.Protection(rules=[an.Manual()])
        table = an.Table.from_records(frame, {"area": tree}, value="cost")
        places = {"area": {code: frozenset([code]) for code in amounts} | {"T": None}}
        return table, policy, linked.Memory(name, {"cost": "spending"}, {"area": "area"}, places)

    table, policy, memory = spent("costs 1", {"a": 3, "b": 20, "c": 30})
    first = linked.publications(table, table.cells["area"].is_in(["a", "b"]).to_numpy(), policy, memory)
    (whole,) = first
    marked = whole.cells.with_columns(need=pl.when(area="a").then(2).otherwise(0).cast(pl.Int64))
    first = (replace(whole, cells=marked),)
    table, policy, memory = spent("costs 2", {"a": 3.0, "b": 20.0, "c": 30.25})
    memory = replace(memory, earlier=first)
    candidate = linked.publications(table, table.cells["area"].is_in(["a", "c"]).to_numpy(), policy, memory)
    assert candidate[0].decimals == 2
    (leak,) = linked.attack(candidate, memory)
    assert (leak.cell, leak.hidden_in) == ((("area", "a"),), ("costs 1",))


def test_so_many_places_that_a_cell_needs_more_than_64_bits_are_told_apart_all_the_same(monkeypatch):
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=flat("abc")).hiding({"a", "b"})
    now = release("visits 2", {"a": 4, "b": 20, "c": 30}, area=flat("abc"))
    plain = linked.attack(now.hiding({"a", "c"}), now.memory(first))
    monkeypatch.setattr(unify, "LONGEST", 0)
    assert linked.attack(now.hiding({"a", "c"}), now.memory(first)) == plain


def test_several_measures_keep_their_own_cells():
    table = an.Table.from_records(
        pl.DataFrame({"area": ["a", "b", "c"], "cases": [3, 20, 30], "deaths": [9, 9, 9]}),
        {"area": an.Hierarchy.flat("area", "abc", total="T")},
        count=["cases", "deaths"],
    )
    cases = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=flat("abc"))
    memory = replace(cases.memory(cases.hiding({"a", "c"})), name="both 1", concepts={"cases": "cases"})
    safe = an.protect(table, small(), memory=memory)
    assert set(safe.cells.filter(pl.col("value").is_null()).select("area", "measure").rows()) == {
        ("a", "cases"),
        ("c", "cases"),
    }
    assert an.audit(safe, small(), memory=memory).ok

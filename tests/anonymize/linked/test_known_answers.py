"""Leaks across releases, by hand: each found with kind, relation and releases, and mended where that can be."""

from dataclasses import replace

import polars as pl
import pytest

import anonymize as an
from anonymize import linked
from anonymize.linked import words
from anonymize.linked.joint import joint
from tests.anonymize.linked.releases import Release, flat, held, release, small, told

AREA = flat("abc")
SEX = flat("fm", "S")


def refused(safe, now, *earlier, policy=None):
    """The joint findings of a pattern, and that the same pattern alone is fine."""
    assert an.audit(safe, policy or small()).ok
    audit = an.audit(safe, policy or small(), memory=now.memory(*earlier))
    assert not audit.ok
    return [finding for finding in audit.findings if finding.kind == "linked"]


def mended(now, *earlier, policy=None):
    """The pattern that protect finds with the memory; the audit accepts it."""
    memory = now.memory(*earlier)
    safe = an.protect(now.table, policy or small(), memory=memory)
    assert an.audit(safe, policy or small(), memory=memory).ok
    return set(safe.cells.filter(pl.col("value").is_null()).select(safe.table.keys).rows())


def test_a_revision_by_one_gives_the_old_cell_away():
    """1: a + b = T - c, a and b hidden. 2: a is revised, b shown: the old a = T - b - c."""
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA).hiding({"a", "b"})
    now = release("visits 2", {"a": 4, "b": 20, "c": 30}, area=AREA)
    leaks = linked.attack(now.hiding({"a", "c"}), now.memory(first))
    assert told(leaks) == {
        ("exact", (("area", "a"),), (name,), ("visits 1", "visits 2")) for name in ("visits 1", "visits 2")
    }
    assert {leak.relation.en for leak in leaks} == {"area a = everything - area b - area c"}
    assert mended(now, first) == {("a",), ("b",)}


def test_a_new_breakdown_gives_a_hidden_cell_back():
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA).hiding({"a", "b"})
    by_sex = {"a": (2, 1), "b": (9, 11), "c": (10, 20)}
    records = {(area, sex): n for area, both in by_sex.items() for sex, n in zip("fm", both, strict=True)}
    now = release("visits by sex 1", records, area=AREA, sex=SEX)
    hidden = {("a", "f"), ("a", "m"), ("c", "f"), ("c", "m"), ("a", "S"), ("c", "S")}
    leaks = linked.attack(now.hiding(hidden), now.memory(first))
    exact = [leak for leak in leaks if leak.kind == "exact"]
    assert {(leak.cell, leak.hidden_in) for leak in exact} == {
        ((("area", "a"),), ("visits 1", "visits by sex 1")),
    }
    assert exact[0].by == ("visits 1", "visits by sex 1")
    assert "area b" in exact[0].relation.en
    assert mended(now, first) >= {("a", "S"), ("b", "S"), ("a", "f"), ("a", "m")}


OLD = {"p1": "N1", "p2": "N1", "p3": "N2", "p4": "N2", "N1": "T", "N2": "T"}


def test_old_and_new_provinces():
    """Published apart: p1 and p2 hidden beside p3 and p4; the new N1 is shown, and p2 was shown in a third."""
    counts = {"p1": 3, "p2": 20, "p3": 40, "p4": 50}
    old = release("old 1", counts, area=flat(counts))
    new = release("new 1", {"N1": 23, "N2": 90}, area=flat(["N1", "N2"]))
    new = replace(new, places={"area": held(OLD) | {"T": None}})
    first = old.hiding({"p1", "p3"})
    leaks = linked.attack(new.hiding(set()), new.memory(first))
    assert told(leaks) == {("exact", (("area", "p1"),), ("old 1",), ("old 1", "new 1"))}
    assert leaks[0].relation.en == "area p1 = area N1 - area p2"
    # Counts of 23 and 90 can be hidden together.
    assert mended(new, first) == {("N1",), ("N2",)}


def test_a_version_that_was_withdrawn_was_seen():
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA)
    withdrawn, now = first.hiding({"a", "c"}), replace(first, name="visits 2")
    (finding,) = refused(now_hiding(now, {"a", "b"}), now, withdrawn)
    assert "visits 1, visits 2" in finding.what.en
    assert finding.cell == (("area", "a"),)
    assert mended(now, withdrawn) == {("a",), ("c",)}


def now_hiding(now, cells):
    keys = now.table.cells.select(now.table.keys).rows()
    return (
        an.protect(now.table, small())
        if cells is None
        else _published(now, [key[0] in cells for key in keys])
    )


def _published(now, hidden):
    import numpy as np

    from anonymize.protect import publish

    return publish(now.table, np.array(hidden), small())


def test_a_total_published_in_another_dataset():
    """Two wards, 3 and 20, are hidden in one dataset; another shows what both are together, less others."""
    wards = {"w1": "a", "w2": "a", "w3": "b", "w4": "b", "a": "T", "b": "T"}
    counts = {"w1": 3, "w2": 20, "w3": 4, "w4": 30}
    first = release("wards 1", counts, area=wards).hiding({"w1", "w3", "a", "b"})
    now = release("areas 1", {"a": 23, "b": 34}, area=flat("ab"))
    now = replace(now, places={"area": {code: held(wards)[code] for code in "abT"}})
    leaks = linked.attack(now.hiding(set()), now.memory(first))
    assert told(leaks) == {
        ("exact", (("area", "w1"),), ("wards 1",), ("wards 1", "areas 1")),
        ("exact", (("area", "w3"),), ("wards 1",), ("wards 1", "areas 1")),
    }
    assert mended(now, first) == {("a",), ("b",)}


def test_a_derived_rate():
    """A rate with few digits bounds the count that another release hides: 100000 x 3 / 1000 lies in 299.5 to 300.5."""
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA).hiding({"a", "b"})
    rates = release("rates 1", {"a": 3, "b": 20, "c": 30}, area=AREA)
    (counts,) = rates.hiding({"a", "b", "c", "T"})
    about = pl.when(area="a").then
    bounded = counts.cells.with_columns(
        need=pl.lit(0, pl.Int64), lower=about(3).otherwise("lower"), upper=about(3).otherwise("upper")
    )
    rate = replace(counts, cells=bounded, zeros=False)
    leaks = linked.attack([rate], rates.memory(first))
    assert ("exact", (("area", "a"),), ("visits 1",), ("rates 1",)) in told(leaks)
    # One that tells 2 to 5 leaves enough.
    wide = counts.cells.with_columns(
        need=pl.lit(0, pl.Int64), lower=about(1).otherwise("lower"), upper=about(5).otherwise("upper")
    )
    assert linked.attack([replace(counts, cells=wide, zeros=False)], rates.memory(first)) == ()


def test_a_year_is_its_months():
    months = {"m1": "q1", "m2": "q1", "m3": "q2", "m4": "q2", "q1": "2025", "q2": "2025"}
    counts = {("a", "m1"): 2, ("a", "m2"): 8, ("a", "m3"): 7, ("a", "m4"): 9}
    counts |= {("b", month): n + 40 for (_, month), n in counts.items()}
    monthly = release("monthly 1", counts, area=flat("ab"), time=months)
    monthly = replace(
        monthly, places=monthly.places | {"time": held(months) | {"2025": frozenset(months) - {"q1", "q2"}}}
    )
    hidden = {("a", "m1"), ("b", "m1"), ("a", "2025"), ("b", "2025"), ("a", "q1"), ("b", "q1")}
    first = monthly.hiding(hidden)
    year = {"time": {"Y": frozenset({"m1", "m2", "m3", "m4"})}}
    now = release("yearly 1", {"a": 26, "b": 186}, area=flat("ab"), constant=year)
    leaks = linked.attack(now.hiding(set()), now.memory(first))
    assert ("exact", (("area", "a"), ("time", "m1")), ("monthly 1",), ("monthly 1", "yearly 1")) in told(
        leaks
    )
    # All that can be hidden of the year is its areas.
    assert mended(now, first) == {("a",), ("b",)}


def month(name, counts):
    """A release of one month, by area; its area a is hidden beside b."""
    made = release(name, counts, area=AREA, constant={"time": {name: frozenset([name])}})
    return made.hiding({"a", "b"})


def test_a_quarter_is_its_months_though_each_came_out_by_itself():
    """a is 3, 20 and 30 in the months, which hide it beside b where they must; the quarter shows it."""
    one = month("m1", {"a": 3, "b": 20, "c": 30})
    rest = [
        release(name, counts, area=AREA, constant={"time": {name: frozenset([name])}}).hiding(set())
        for name, counts in {"m2": {"a": 20, "b": 21, "c": 31}, "m3": {"a": 30, "b": 22, "c": 32}}.items()
    ]
    now = release(
        "quarter",
        {"a": 53, "b": 63, "c": 93},
        area=AREA,
        constant={"time": {"q1": frozenset(["m1", "m2", "m3"])}},
    )
    leaks = linked.attack(now.hiding(set()), now.memory(one, *rest))
    by = ("m1",), ("m2", "m3", "quarter")
    assert told(leaks) == {("exact", (("area", "a"), ("time", "m1")), *by)}
    assert leaks[0].relation.en == "area a × time m1 = area a × time q1 - area a × time m2 - area a × time m3"
    assert mended(now, one, *rest) == {("a",), ("b",)}


def test_a_year_of_new_provinces_is_months_of_old_and_of_new_ones():
    """The reform falls into the year: old p1, p2 in m1, new N1 in m2. Nobody publishes N1 in m1."""
    first = release(
        "m1", {"p1": 3, "p2": 20, "p3": 40, "p4": 50}, area=flat(["p1", "p2", "p3", "p4"]),
        constant={"time": {"m1": frozenset(["m1"])}},
    ).hiding({"p1", "p3"})  # fmt: skip
    new = {"area": held(OLD)}
    second = release(
        "m2", {"N1": 25, "N2": 60}, area=flat(["N1", "N2"]), constant={"time": {"m2": frozenset(["m2"])}}
    )
    second = replace(second, places=second.places | new).hiding(set())
    now = release(
        "year",
        {"N1": 48, "N2": 150},
        area=flat(["N1", "N2"]),
        constant={"time": {"Y": frozenset(["m1", "m2"])}},
    )
    now = replace(now, places=now.places | new)
    leaks = linked.attack(now.hiding(set()), now.memory(first, second))
    assert told(leaks) == {("exact", (("area", "p1"), ("time", "m1")), ("m1",), ("m1", "m2", "year"))}
    assert (
        leaks[0].relation.en == "area p1 × time m1 = area N1 × time Y - area N1 × time m2 - area p2 × time m1"
    )
    assert mended(now, first, second) == {("N1",), ("N2",)}
    every = [*first, *second, *now.hiding(set())]
    of = joint(every, [one.cells["value"].is_null().to_numpy() for one in every])
    assert "area N1 × time m1" in {words.name(of, unknown).en for unknown in range(len(of.given.truth))}


def test_where_nothing_helps_the_releases_are_named():
    """a is computed from two releases already as soon as anybody counts it: c and T are out."""
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA)
    others = release("others 1", {"b": 20, "c": 30}, area=flat("bc", "O"))
    others = replace(others, places={"area": held(AREA) | {"O": frozenset("bc")}})
    total = release("total 1", {"x": 53}, area=flat("x"))
    total = replace(total, places={"area": {"x": None, "T": None}})
    now = replace(first, name="visits 2")
    with pytest.raises(an.InfeasibleError) as caught:
        an.protect(now.table, small(), memory=now.memory(others.hiding(set()), total.hiding(set())))
    (problem,) = caught.value.problems
    assert problem.where == "cell area=a"
    for name in ("others 1", "total 1", "visits 2"):
        assert name in problem.what.en
        assert name in problem.what.vi
    assert "3" not in problem.what.en.replace("visits 2", "")


def test_what_is_shown_elsewhere_cannot_be_hidden():
    shown = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA).hiding(set(), small(2))
    now = release("visits 2", {"a": 3, "b": 20, "c": 31}, area=AREA)
    with pytest.raises(an.InfeasibleError, match=r"visits 1.*area a is published"):
        an.protect(now.table, small(), memory=now.memory(shown))


def test_what_was_given_away_before_is_not_held_against_a_table():
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA)
    before = first.hiding({"a", "b"}), replace(first, name="visits 2").hiding({"a", "c"})
    now = replace(first, name="visits 3")
    assert linked.attack(now.hiding({"a", "b"}), now.memory(*before)) == ()
    assert {leak.cell for leak in linked.standing([*before[0], *before[1]])} == {(("area", "a"),)}
    assert ("a",) in mended(now, *before)


def test_what_an_earlier_release_hid_for_no_promise_need_not_stay_hidden():
    """Of the people of large areas nothing is promised; that a release hid some tells nothing that these would give."""
    first = release("incidence 1", {"a": 900, "b": 2000, "c": 3000}, area=AREA).hiding({"a", "b"})
    now = release("people 1", {"a": 900, "b": 2000, "c": 3000}, area=AREA)
    assert mended(now, first) == set()
    few = release("incidence 1", {"a": 900, "b": 2000, "c": 4}, area=AREA).hiding({"b", "c"})
    assert mended(release("people 1", {"a": 900, "b": 2000, "c": 4}, area=AREA), few) == {("b",), ("c",)}


def test_what_was_too_close_before_is_at_least_not_computed():
    """Two releases leave few numbers for a and c already. A table of a and of b + c hides both and is not refused."""
    policy = small(3, **NONE)
    tree = {"a": "A", "b": "A", "c": "T", "A": "T"}
    first = release("visits 1", {"a": 6, "b": 7, "c": 0}, area=tree).hiding({"A", "a", "b", "c"}, policy)
    counts = {("a", "f"): 5, ("a", "m"): 1, ("b", "f"): 2, ("b", "m"): 5, ("c", "f"): 0, ("c", "m"): 0}
    second = release("visits by sex 1", counts, area=AREA, sex=SEX)
    shown = {("T", "S"), ("T", "m"), ("a", "f"), ("b", "S"), ("b", "m")}
    codes = {(area, sex) for area in "abcT" for sex in "fmS"}
    now = release("groups 1", {"a": 6, "bc": 7}, area=flat(["a", "bc"]))
    now = replace(now, places={"area": {"a": frozenset("a"), "bc": frozenset("bc"), "T": None}})
    assert mended(now, first, second.hiding(codes - shown, policy), policy=policy) == {("a",), ("bc",)}


def test_unrelated_concepts_never_touch():
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA).hiding({"a", "b"})
    now = release("deaths 1", {"a": 3, "b": 20, "c": 30}, "deaths", area=AREA)
    assert linked.attack(now.hiding({"a", "c"}), now.memory(first)) == ()
    assert mended(now, first) == mended(now)


def test_a_part_bounds_its_whole_in_another_release():
    cases = release("cases 1", {"a": 3, "b": 20, "c": 30}, area=AREA).hiding({"a", "b"})
    now = release("deaths 1", {"a": 3, "b": 19, "c": 19}, "deaths", area=AREA)
    apart = now.memory(cases)
    both = replace(apart, parts=(("deaths", "cases"),))
    candidate = now.hiding(set(), small(2))
    assert linked.attack(candidate, apart) == ()
    (leak,) = linked.attack(candidate, both)
    assert (leak.kind, leak.cell, leak.hidden_in) == ("narrow", (("area", "a"),), ("cases 1",))
    assert linked.fingerprint(both) != linked.fingerprint(apart)


def test_an_equation_that_is_true_by_chance_only_costs_cells():
    """Another population has the same numbers under the same codes: taken for one, it hides more, never less."""
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA).hiding({"a", "c"})
    now = release("visits 2", {"a": 3, "b": 20, "c": 30}, area=AREA)
    assert mended(now, first) == {("a",), ("c",)}
    assert an.audit(an.protect(now.table, small(), memory=now.memory(first)), small()).ok


def test_whoever_is_alone_in_a_cell_of_one_release_knows_it_in_another():
    counts = {("a", "f"): 1, ("a", "m"): 3, ("b", "f"): 30, ("b", "m"): 40}
    first = release("visits 1", {"a": 4, "b": 70}, area=flat("ab")).hiding(set(), small(2))
    now = release("visits by sex 1", counts, area=flat("ab"), sex=SEX)
    hidden = {("a", "f"), ("a", "m"), ("b", "f"), ("b", "m"), ("a", "S"), ("b", "S")}
    leaks = linked.attack(now.hiding(hidden), now.memory(first))
    insider = [leak for leak in leaks if leak.kind == "insider"]
    assert [leak.cell for leak in insider] == [(("area", "a"), ("sex", "m"))]
    assert insider[0].by == ("visits 1",)
    assert insider[0].relation.en.endswith("for whoever is alone in area a × sex f")
    assert [leak.kind for leak in linked.attack(now.hiding(hidden), now.memory(first), insiders=0)] == [
        "exact"
    ]


NONE = {"zeros": "suppressed"}


def test_the_only_person_of_an_area_knows_that_its_other_parts_are_empty():
    """A counts one person, of a. Where A comes in one release and its parts in another, they know that b is empty."""
    parts = {"a": "A", "b": "A", "c": "C", "d": "C", "A": "T", "C": "T"}
    whole = release("areas 1", {"A": 1, "C": 30}, area=flat("AC"))
    first = replace(whole, places={"area": held(parts)}).hiding({"A", "C"}, small(2, **NONE))
    now = release("parts 1", {"a": 1, "b": 0, "c": 10, "d": 20}, area=flat("abcd"))
    assert linked.attack(now.hiding({*"abc"}, small(2, **NONE)), now.memory(first)) == ()
    assert mended(now, first, policy=small(2, **NONE)) == {("a",), ("b",), ("c",)}


def test_what_the_only_person_of_an_area_computes_beside_it():
    """A counts one person, of a; so they know that b and d are empty, and from b + c, which is published, what c is."""
    tree = {"a": "A", "b": "A", "d": "A", "c": "C", "e": "C", "A": "T", "C": "T"}
    counts = {"a": 1, "b": 0, "d": 0, "c": 4, "e": 30}
    first = release("visits 1", counts, area=tree).hiding({*"abcdeAC"}, small(**NONE))
    now = release("visits 2", {"bc": 4, "d": 0, "e": 30}, area=flat(["bc", "d", "e"], "S"))
    now = replace(
        now, places={"area": {code: frozenset(code) for code in ("bc", "d", "e")} | {"S": frozenset("bcde")}}
    )
    hidden = {"d", "e", "S"}
    (leak,) = linked.attack(now.hiding(hidden, small(2, **NONE)), now.memory(first))
    assert (leak.kind, leak.cell) == ("insider", (("area", "c"),))
    assert leak.relation.en == "area c = area bc, for whoever is alone in area A"
    assert linked.attack(now.hiding({*hidden, "bc"}, small(2, **NONE)), now.memory(first)) == ()
    assert mended(now, first, policy=small(2, **NONE)) >= {("bc",)}


def test_two_who_put_together_what_they_know():
    """The quarter tells a1 + a2 + a3; whoever is alone in m1 and whoever is alone in m2 compute m3 together."""
    months = {"m1": 1, "m2": 1, "m3": 4}
    out = [
        release(name, {"a": n, "b": 30, "c": 40}, area=AREA, constant={"time": {name: frozenset([name])}})
        for name, n in months.items()
    ]
    earlier = [one.hiding({"a", "b"}) for one in out]
    time = {"time": {"q1": frozenset(months)}}
    now = release("quarter", {"a": 6, "b": 90, "c": 120}, area=AREA, constant=time)
    candidate, memory = now.hiding(set()), now.memory(*earlier)
    assert linked.attack(candidate, memory, insiders=1) == ()
    found = told(linked.attack(candidate, memory, insiders=2))
    assert {(kind, cell) for kind, cell, _, _ in found} >= {("insider", (("area", "a"), ("time", "m3")))}


def test_the_basis_covers_the_memory():
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA)
    now = replace(first, name="visits 2")
    memories = [
        None,
        now.memory(),
        now.memory(first.hiding({"a", "b"})),
        now.memory(first.hiding({"a", "c"})),
    ]
    names = {an.basis(small(), memory=memory) for memory in memories}
    assert len(names) == len(memories)
    assert an.basis(small()) == an.basis(small(), memory=None)
    safe = an.protect(now.table, small(), memory=memories[2])
    audit = an.audit(safe, small(), memory=memories[2])
    assert audit.basis == an.basis(small(), memory=memories[2])
    assert (audit.remembered, audit.summary()["linked"]) == (1, 0)
    assert an.check_certificate(safe, audit.certificate, small()).ok
    alone = an.audit(safe, small())
    assert alone.remembered is None
    assert "linked" not in alone.summary()


def test_a_memory_that_is_not_whole_is_refused():
    first = release("visits 1", {"a": 3, "b": 20, "c": 30}, area=AREA)
    (whole,) = first.hiding({"a", "b"})
    now = replace(first, name="visits 2")
    cases = {
        "lacks the columns truth": replace(whole, cells=whole.cells.drop("truth")),
        "lacks numbers in the columns truth": replace(
            whole, cells=whole.cells.with_columns(truth=pl.lit(None, pl.Int64))
        ),
        "1 cells with codes of unknown place": replace(
            whole, places={"area": {c: frozenset(c) for c in "Tab"}}
        ),
    }
    for message, broken in cases.items():
        with pytest.raises(an.PolicyError, match=message) as caught:
            linked.attack(now.hiding({"a", "b"}), now.memory([broken]))
        assert "visits 1" in str(caught.value)
    strange = Release("x", now.table, {"area": {"a": frozenset("a")}})
    with pytest.raises(an.PolicyError, match="codes without a place: T, b, c"):
        strange.hiding(set())

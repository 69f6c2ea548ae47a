"""What was published before is part of the attack."""

import polars as pl

import anonymize as an
from anonymize.protect import publish

POLICY = an.Protection(rules=(an.SmallCount(threshold=5),))


def table(**counts: int) -> an.Table:
    frame = pl.DataFrame({"area": list(counts), "n": list(counts.values())})
    return an.Table.from_records(frame, {"area": an.Hierarchy.flat("area", counts, total="T")}, count="n")


def test_a_new_code_was_no_part_of_an_old_total():
    """Then: total 23 shown, a and b hidden. Now: total 25 and b = 20 shown, a and the new c hidden. a = 23 - 20."""
    before = pl.DataFrame({"area": ["T", "a", "b"], "value": [23, None, None]})
    now = table(a=3, b=20, c=2)
    hidden = now.cells["area"].is_in(["a", "c"]).to_numpy()
    alone = an.audit(publish(now, hidden, POLICY), POLICY)
    joint = an.audit(publish(now, hidden, POLICY), POLICY, known=[before])
    assert joint.exact > alone.exact


def test_what_was_hidden_stays_hidden():
    codes = {code: 30 + number for number, code in enumerate("abcdefgh")} | {"x": 2}
    first = an.protect(table(**codes), POLICY)
    again = an.protect(table(**codes), POLICY, known=[first])
    assert again.cells.equals(first.cells)


def test_an_audit_says_what_it_was_made_against():
    safe = an.protect(table(a=3, b=20, c=30), POLICY)
    assert an.audit(safe, POLICY).basis == an.basis(POLICY)
    assert an.audit(safe, POLICY, known=[safe.cells]).basis == an.basis(POLICY, [safe.cells])
    assert an.basis(POLICY, [safe.cells]) != an.basis(POLICY)

"""How places are numbered, and how one is made up of others."""

from anonymize.linked.model import WHOLE
from anonymize.linked.places import PARTLY, SUPPOSED, WHOLLY, Axis, cover, empty, numbered, splits


def axis(*places):
    made = Axis()
    for place in places:
        numbered(made, place if place is WHOLE else frozenset(place))
    return made


def covered(made, own, place, nobody=0):
    found = cover(made, own, nobody)
    return found.parts[found.start[place] : found.start[place + 1]].tolist(), found.complete[place]


def test_the_same_leaves_are_one_place_whatever_they_are_called():
    made = axis("ab", "ba", WHOLE)
    assert len(made.held) == 2
    assert numbered(made, frozenset("ab")) == 0
    assert numbered(made, WHOLE) == 1


def test_a_place_stands_for_itself_or_for_the_largest_places_within_it():
    made = axis("a", "b", "c", "ab", "abc", "bcd")
    assert covered(made, [0, 1, 2, 3], 3) == ([3], WHOLLY)
    assert covered(made, [0, 1, 2, 3], 4) == ([3, 2], WHOLLY)
    assert covered(made, [0, 1, 2], 5) == ([1, 2], PARTLY)
    assert covered(made, [4], 0) == ([], PARTLY)


def test_where_the_largest_leave_a_gap_the_smallest_may_fill_it():
    made = axis("a", "ab", "bc", "d", "abcd")
    assert covered(made, [0, 1, 2, 3], 4) == ([0, 3, 2], WHOLLY)


def test_leaves_that_hold_nobody_need_no_code():
    made = axis("a", "b", "abc")
    codes = {"A": 0, "B": 1, "T": 2}
    nobody = empty(made, codes, (("T", ("A", "B")),))
    assert nobody == 1 << made.leaf["c"]
    assert covered(made, [0, 1], 2) == ([0, 1], PARTLY)
    assert covered(made, [0, 1], 2, nobody) == ([0, 1], WHOLLY)


def test_the_whole_is_all_leaves_as_far_as_anybody_knows():
    made = axis("a", "b", WHOLE)
    assert covered(made, [0, 1], 2) == ([0, 1], SUPPOSED)
    assert covered(made, [0], 2) == ([0], PARTLY)
    assert empty(made, {"A": 0, "T": 2}, (("T", ("A",)),)) & 1 << made.leaf["b"]


def test_splits_are_by_the_largest_and_by_the_smallest():
    made = axis("a", "b", "c", "ab", "abc")
    assert splits(made, range(5)) == [(3, (0, 1)), (4, (0, 1, 2)), (4, (2, 3))]

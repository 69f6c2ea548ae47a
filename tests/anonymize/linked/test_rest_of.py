"""What a place leaves of the whole is a place of its own, and no further leaf."""

from anonymize.linked import WHOLE, rest_of
from anonymize.linked.places import Axis, numbered, splits

A, B, C = (frozenset({leaf}) for leaf in "abc")


def test_the_whole_is_a_place_and_what_it_leaves_and_still_all_places_together():
    axis = Axis()
    whole, a, b, c, rest = (numbered(axis, place) for place in (WHOLE, A, B, C, rest_of(A)))
    assert splits(axis, [whole, a, b, c, rest]) == [(whole, (a, b, c)), (whole, (a, rest))]
    assert splits(axis, [whole, b, rest]) == []

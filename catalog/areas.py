"""The finest areas that two vintages have in common: what a series over both can be drawn for without a break."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.correspondences import Correspondence, Link, compose, correspondence, targets


def common(before: str, after: str) -> tuple[Correspondence, Correspondence]:
    """How both lists go over into the areas that they share.

    Areas are the smallest sets of codes that lie in each other whole, so that nothing is split on the way and
    `roll_up` takes both. An area is called by its codes of the later list, with "+" between them. Parts smaller than
    a code that moved stay marked (`Link.moved`).

    Args:
        before: Id of the earlier list, such as "province-40".
        after: Id of the later one, such as "province-63".

    Returns:
        From the earlier list to the areas, and from the later one. A list between the two goes there through the
        later one, see `through`.

    Raises:
        VintageError: When no chain of correspondences leads from the one to the other.
    """
    along = correspondence(before, after)
    area = _areas(along)
    name = f"{before}/{after}"
    moved = (
        {link.before for link in along.links if link.moved},
        {link.after for link in along.links if link.moved},
    )
    earlier = {code: area[goes[0]] for code, goes in targets(along).items()}
    return (
        Correspondence(before, name, _links(earlier, moved[0]), along.source),
        Correspondence(after, name, _links(area, moved[1]), along.source),
    )


def through(between: str, after: Correspondence) -> Correspondence:
    """How a list between the two goes over into their areas.

    Args:
        between: Id of a list that lies between the two in time.
        after: The second of what `common` gave.
    """
    return compose(correspondence(between, after.before), after)


def _areas(along: Correspondence) -> dict[str, str]:
    """Later code -> its area: the codes that are tied to it by any earlier code, directly or in turn."""
    together = {link.after: {link.after} for link in along.links}
    for goes in targets(along).values():
        joined = set().union(*(together[code] for code in goes))
        for code in joined:
            together[code] = joined
    return {code: "+".join(sorted(codes)) for code, codes in together.items()}


def _links(area: dict[str, str], moved: Iterable[str]) -> tuple[Link, ...]:
    whole = list(area.values())
    return tuple(
        Link(code, name, "merged" if whole.count(name) > 1 else "renamed", code in moved)
        for code, name in sorted(area.items())
    )

"""Codes of a dimension: which code is the sum of which others, in one tree or in several over the same leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from anonymize.errors import Problem, TableError, Text
from anonymize.populations import Parents, Sums, holdings, replaced, stand_ins, sums


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """One dimension: its codes and the sums between them.

    With one tree every code has one parent. With several groupings over the same leaves a code may be part of several
    totals, and a total may be split in several ways: `relations` is then no tree, but still without cycles.

    Attributes:
        name: The name of the dimension, also the column of a frame that holds its codes.
        parents: child code -> parent code, omitted codes included; where groupings disagree, as the first has it.
        root: The one code without a parent (it may be omitted).
        codes: The codes that a table holds, sorted.
        leaves: The codes without children, sorted; records carry these.
        relations: (parent, children): parent = sum of children, over tabulated codes only, sorted. The same parent may
            appear several times. Codes of the same population are tied by a relation with a single child.
        unseen: Those of `codes` that are never published: the pieces of vintages that do not nest. They are unknowns
            of the attacker, with no other bound than that they are not negative.
        omitted: Each code that a table does not hold -> the codes of the table whose sum it is; a single one has the
            same population.
    """

    name: str
    parents: Parents
    root: str
    codes: tuple[str, ...]
    leaves: tuple[str, ...]
    relations: Sums
    unseen: frozenset[str]
    omitted: Mapping[str, tuple[str, ...]]

    @staticmethod
    def from_parents(name: str, parents: Parents, *, omit: Iterable[str] = ()) -> Hierarchy:
        """A tree from child -> parent pairs.

        Args:
            name: The dimension.
            parents: child code -> parent code; exactly one code has no parent: the root.
            omit: Codes that are structure only and never tabulated, such as the root over several years. The
                sums then join the nearest tabulated codes. A leaf cannot be omitted: its parent would no
                longer be a sum of what the table shows.

        Raises:
            TableError: Not one root, a cycle, an empty or non-text code, an omitted leaf or unknown code.
        """
        omitted = frozenset(omit)
        problems = _problems(name, parents) or _odd(name, omitted, set(parents.values()))
        if problems:
            raise TableError(problems)
        return _build(name, [parents], omitted)

    @staticmethod
    def from_groupings(name: str, groupings: Sequence[Parents], *, omit: Iterable[str] = ()) -> Hierarchy:
        """Several trees over the same leaves, all of them tabulated and attacked together.

        Areas by county and by size class, or a country in the provinces of before and after a reform. Codes of the
        same name are the same cells, so they must hold the same leaves; codes of different names that hold the same
        leaves are recognised as the same population.

        Args:
            name: The dimension.
            groupings: child code -> parent code, one mapping per tree; the leaves and the root are the same in all.
            omit: Codes that are never published. A group is left out as in `from_parents`. A leaf stays in the table
                as an unknown (`unseen`), unless a published code has the same population: this is how vintages that
                do not nest are joined, with the pieces in which old and new areas overlap as leaves. Every such piece
                costs unknowns, so merge communes that share both areas into one piece.

        Raises:
            TableError: No grouping; one that is no tree; other leaves, another root or other contents of a code than
                in the first one; an unknown code in `omit`.
        """
        omitted, problems = frozenset(omit), [] if groupings else [_none(name)]
        for number, parents in enumerate(groupings):
            problems += _problems(f"{name}, groupings[{number}]", parents)
        problems = problems or _disagreements(name, groupings)
        problems = problems or _odd(name, omitted, {c for g in groupings for c in (*g, *g.values())})
        if problems:
            raise TableError(problems)
        return _build(name, groupings, omitted)

    @staticmethod
    def refinement(name: str, *vintages: Parents, total: str = "_T") -> Hierarchy:
        """Vintages that do not nest, such as provinces before and after a reform, joined through their overlaps.

        Args:
            name: The dimension.
            vintages: Per vintage: piece -> area. The pieces are the same in all; they are never published.
            total: The code over all areas of every vintage.

        Returns:
            A hierarchy that publishes the areas of all vintages and the total. Records carry the pieces.

        Raises:
            TableError: As `from_groupings`.
        """
        groupings = [{**pieces, **dict.fromkeys(pieces.values(), total)} for pieces in vintages]
        return Hierarchy.from_groupings(name, groupings, omit={piece for v in vintages for piece in v})

    @staticmethod
    def flat(name: str, codes: Iterable[str], *, total: str = "_T") -> Hierarchy:
        """A list of codes under one total.

        Args:
            name: The dimension.
            codes: The codes below the total.
            total: The code of the total.

        Raises:
            TableError: No codes, or the total is one of them.
        """
        return Hierarchy.from_parents(name, dict.fromkeys(codes, total))

    def __repr__(self) -> str:
        return f"Hierarchy({self.name!r}, {len(self.codes)} codes, {len(self.leaves)} leaves)"


def _build(name: str, groupings: Sequence[Parents], omitted: Collection[str]) -> Hierarchy:
    """The hierarchy of groupings known to fit each other."""
    parents = {child: parent for g in reversed(groupings) for child, parent in g.items()}
    stands = stand_ins(groupings, omitted)
    nodes = {*parents, *parents.values()}
    leaves = tuple(sorted(set(groupings[0]) - set(groupings[0].values())))
    shown = {code for code in nodes if code not in omitted}
    unseen = frozenset(stands.values()) - shown
    (root,) = _roots(groupings[0])
    return Hierarchy(
        name, MappingProxyType(dict(sorted(parents.items()))), root, tuple(sorted(shown | unseen)), leaves,
        sums(groupings, omitted, stands), unseen, MappingProxyType(replaced(groupings, omitted, stands)),
    )  # fmt: skip


def _problems(name: str, parents: Parents) -> list[Problem]:
    bad = [code for pair in parents.items() for code in pair if not isinstance(code, str) or not code.strip()]
    if bad:
        return [_problem(name, "có mã rỗng hoặc không phải chuỗi.", "has an empty or non-text code.")]
    roots = sorted(_roots(parents))
    problems = []
    if len(roots) != 1:
        listed = ", ".join(roots[:5]) or "-"
        problems.append(_problem(
            name,
            f"cần đúng một mã gốc, có {len(roots)} ({listed}).",
            f"needs exactly one root, has {len(roots)} ({listed}).",
        ))  # fmt: skip
    cyclic = _cyclic(parents)
    if cyclic:
        listed = ", ".join(cyclic[:5])
        problems.append(_problem(name, f"có vòng lặp qua {listed}.", f"has a cycle through {listed}."))
    return problems


def _odd(name: str, omitted: Collection[str], allowed: Collection[str]) -> list[Problem]:
    """Codes that cannot be omitted."""
    odd = sorted(set(omitted) - set(allowed))
    if not odd:
        return []
    listed = ", ".join(odd[:5])
    return [_problem(
        name,
        f"không thể lược bỏ {listed}: là mã lá hoặc không có trong cây.",
        f"cannot omit {listed}: a leaf or not in the tree.",
    )]  # fmt: skip


def _none(name: str) -> Problem:
    return _problem(name, "không có cách nhóm nào.", "has no grouping.")


def _disagreements(name: str, groupings: Sequence[Parents]) -> list[Problem]:
    """Where further groupings do not fit the first: leaves, root, or what a code of the same name holds."""
    first, problems = holdings(groupings[0]), []
    leaves = {code for code, held in first.items() if held == {code}}
    for number, parents in enumerate(groupings[1:], 1):
        own = holdings(parents)
        bottom = set(own) - set(parents.values())
        odd = {
            ("có mã lá khác", "has other leaves"): bottom ^ leaves,
            ("có mã gốc khác", "has another root"): _roots(parents) ^ _roots(groupings[0]),
            ("có mã cùng tên nhưng gồm các lá khác", "has codes of the same name over other leaves"): {
                c for c in own.keys() & first.keys() if bottom == leaves and own[c] != first[c]
            },
        }
        for (vi, en), codes in odd.items():
            listed = ", ".join(sorted(codes)[:5])
            if codes:
                where = f"{name}, groupings[{number}]"
                problems.append(_problem(where, f"{vi}: {listed}.", f"{en}: {listed}."))
        first = own | first
    return problems


def _roots(parents: Parents) -> set[str]:
    return set(parents.values()) - set(parents)


def _cyclic(parents: Parents) -> list[str]:
    """Codes that reach themselves; every path is walked once."""
    fine: set[str] = set()
    for start in sorted(parents):
        path: dict[str, None] = {}
        code = start
        while code in parents and code not in fine and code not in path:
            path[code] = None
            code = parents[code]
        if code in path:
            return sorted(path)
        fine.update(path)
    return []


def _problem(name: str, vi: str, en: str) -> Problem:
    return Problem(
        f"dimension {name}",
        Text(f"Cây mã {vi}", f"The hierarchy {en}"),
        Text(
            "Khai báo lại mã con -> mã cha của chiều này.",
            "Correct the child -> parent codes of this dimension.",
        ),
    )

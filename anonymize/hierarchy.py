"""Code trees: which code is the sum of which others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from anonymize.errors import Problem, TableError, Text


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """One dimension: its codes and the sums between them.

    Attributes:
        name: The name of the dimension, also the column of a frame that holds its codes.
        parents: child code -> parent code, the whole tree, omitted codes included.
        root: The one code without a parent (it may be omitted).
        codes: The codes that a table shows, sorted.
        leaves: The codes without children, sorted; records carry these.
        relations: (parent, children): parent = sum of children, over tabulated codes only, sorted.
    """

    name: str
    parents: Mapping[str, str]
    root: str
    codes: tuple[str, ...]
    leaves: tuple[str, ...]
    relations: tuple[tuple[str, tuple[str, ...]], ...]

    @staticmethod
    def from_parents(name: str, parents: Mapping[str, str], *, omit: Iterable[str] = ()) -> Hierarchy:
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
        problems = _problems(name, parents, omitted)
        if problems:
            raise TableError(problems)
        return _build(name, dict(sorted(parents.items())), omitted)

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


def _build(name: str, parents: dict[str, str], omitted: Collection[str]) -> Hierarchy:
    nodes = sorted({*parents, *parents.values()})
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)
    shown = tuple(code for code in nodes if code not in omitted)
    relations = tuple((code, _below(code, children, omitted)) for code in shown if code in children)
    (root,) = (code for code in nodes if code not in parents)
    leaves = tuple(code for code in nodes if code not in children)
    return Hierarchy(name, MappingProxyType(parents), root, shown, leaves, relations)


def _below(code: str, children: Mapping[str, list[str]], omitted: Collection[str]) -> tuple[str, ...]:
    """The nearest tabulated codes under `code`: an omitted child is replaced by what is below it."""
    found: list[str] = []
    for child in children[code]:
        found += _below(child, children, omitted) if child in omitted else (child,)
    return tuple(sorted(found))


def _problems(name: str, parents: Mapping[str, str], omitted: Collection[str]) -> list[Problem]:
    bad = [code for pair in parents.items() for code in pair if not isinstance(code, str) or not code.strip()]
    if bad:
        return [_problem(name, "có mã rỗng hoặc không phải chuỗi.", "has an empty or non-text code.")]
    nodes = {*parents, *parents.values()}
    roots = sorted(nodes - set(parents))
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
    odd = sorted(code for code in omitted if code not in set(parents.values()))
    if odd:
        listed = ", ".join(odd[:5])
        problems.append(_problem(
            name,
            f"chỉ được lược bỏ mã nhóm: {listed} là mã lá hoặc không có trong cây.",
            f"only a group can be omitted: {listed} is a leaf or not in the tree.",
        ))  # fmt: skip
    return problems


def _cyclic(parents: Mapping[str, str]) -> list[str]:
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

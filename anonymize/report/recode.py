"""Global recoding of a table: coarser codes, a level less, or a dimension at its total only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.errors import PolicyError, Problem, Text
from anonymize.hierarchy import Hierarchy
from anonymize.known import Known
from anonymize.report.tree import Tree, topmost, tree, under
from anonymize.table import Table

SHOWN = 10


@dataclass(frozen=True, slots=True, order=True)
class Recode:
    """What is done to one dimension.

    Attributes:
        dimension: Its name.
        merged: Codes that become leaves: what is below them is no longer tabulated. The total of the dimension among
            them drops the dimension.
        omitted: Group codes that are no longer tabulated, while what is below them still is.
    """

    dimension: str
    merged: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """What to do, in both languages."""
        vi, en = [], []
        if self.merged:
            vi.append(f"chỉ công bố đến {_listed(self.merged)}, không công bố các mã bên dưới")
            en.append(f"publish {_listed(self.merged)} without the codes below")
        if self.omitted:
            vi.append(f"không công bố nhóm {_listed(self.omitted)}")
            en.append(f"leave out the groups {_listed(self.omitted)}")
        return Text(f"{self.dimension}: {'; '.join(vi)}.", f"{self.dimension}: {'; '.join(en)}.")


def _listed(codes: Sequence[str]) -> str:
    more = f", ... (+{len(codes) - SHOWN})" if len(codes) > SHOWN else ""
    return ", ".join(codes[:SHOWN]) + more


def recode(table: Table, recodes: Sequence[Recode]) -> Table:
    """The table aggregated anew from its leaf cells with coarser codes.

    Source: global recoding, Handbook on Statistical Disclosure Control, chapters 3 and 4 (table redesign).

    Args:
        table: A table of counts.
        recodes: At most one per dimension.

    Raises:
        PolicyError: The cells do not tell everything about the table (amounts, contributors, marks, leaf cells that are
            not tabulated): recode the records. Or: an unknown dimension or code, a dimension twice, alternative
            groupings to be merged, no dimension left.
    """
    problems = _problems(table, recodes)
    if problems:
        raise PolicyError(problems)
    rows = _leaf_rows(table)
    dimensions = dict(table.dimensions)
    for step in recodes:
        hierarchy = dimensions[step.dimension]
        coarse = coarser(hierarchy, step)
        if coarse is None:
            del dimensions[step.dimension]
            continue
        dimensions[step.dimension] = coarse
        place = places(hierarchy, step)
        column = pl.col(step.dimension).replace_strict(
            list(place), list(place.values()), return_dtype=pl.String
        )
        rows = rows.with_columns(column)
    count = table.measures[0] if len(table.measures) == 1 else list(table.measures)
    recoded = Table.from_records(rows, dimensions, count=count)
    if not _agree(table, recodes, recoded):
        raise PolicyError([_RECORDS])
    return recoded


def coarser(hierarchy: Hierarchy, step: Recode) -> Hierarchy | None:
    """The hierarchy after a recode; None when only its total is left."""
    found = tree(hierarchy)
    if found.total in step.merged:
        return None
    gone = {code for parent in step.merged for code in under(found, parent)}
    parents = {child: parent for child, parent in found.above.items() if child not in gone}
    omitted = {code for code in step.omitted if code not in gone and code not in step.merged}
    if found.total is None:  # several tops: the root is structure only
        parents |= dict.fromkeys(found.tops, hierarchy.root)
        omitted.add(hierarchy.root)
    return Hierarchy.from_parents(hierarchy.name, parents, omit=omitted)


def places(hierarchy: Hierarchy, step: Recode) -> dict[str, str]:
    """Leaf -> the leaf that takes it in."""
    found = tree(hierarchy)
    into = {code: parent for parent in topmost(found, step.merged) for code in under(found, parent)}
    return {leaf: into.get(leaf, leaf) for leaf in hierarchy.leaves}


def recode_known(table: Table, recodes: Sequence[Recode], known: Known) -> list[pl.DataFrame]:
    """Earlier releases in terms of the recoded table: the rows whose codes it still has.

    Args:
        table: The table before the recode.
        recodes: At most one per dimension.
        known: Earlier releases, as for `protect`, in codes of `table`.
    """
    found = []
    for item in known:
        frame = item if isinstance(item, pl.DataFrame) else item.cells
        for step in recodes:
            hierarchy = table.dimensions[step.dimension]
            coarse = coarser(hierarchy, step)
            kept = coarse.codes if coarse is not None else [tree(hierarchy).total]
            frame = frame.filter(pl.col(step.dimension).is_in(kept))
            frame = frame.drop(step.dimension) if coarse is None else frame
        found.append(frame)
    return found


def _agree(table: Table, recodes: Sequence[Recode], coarse: Table) -> bool:
    """Whether every cell of the recoded table is a cell of the table with the same value."""
    totals = [pl.lit(code).alias(name) for name, code in coordinates(table, recodes).items()]
    same = coarse.cells.with_columns(totals).join(table.cells, on=[*table.keys, "value"], how="semi")
    return same.height == coarse.cells.height


def _leaf_rows(table: Table) -> pl.DataFrame:
    """One row per leaf cell, one column per measure."""
    leaf = (pl.col(name).is_in(hierarchy.leaves) for name, hierarchy in table.dimensions.items())
    rows = table.cells.filter(*leaf)
    if len(table.measures) == 1:
        return rows.rename({"value": table.measures[0]})
    return rows.pivot(
        on="measure", on_columns=list(table.measures), index=list(table.dimensions), values="value"
    )


def _problems(table: Table, recodes: Sequence[Recode]) -> list[Problem]:
    # What a table may know beyond its cells is lost when it is built anew from them.
    if any(getattr(table, name, None) for name in ("magnitude", "contributions", "marks")):
        return [_RECORDS]
    problems = []
    names = [step.dimension for step in recodes]
    for step in recodes:
        hierarchy = table.dimensions.get(step.dimension)
        if hierarchy is None or names.count(step.dimension) > 1:
            problems.append(_problem(step.dimension, "không có hoặc lặp lại.", "is unknown or given twice."))
            continue
        problems += _code_problems(step, tree(hierarchy))
    left = set(table.dimensions) - {s.dimension for s in recodes if _drops(table, s)}
    if not problems and not left:
        problems.append(_problem("*", "không còn chiều nào.", "leaves no dimension."))
    return problems


def _drops(table: Table, step: Recode) -> bool:
    return step.dimension in table.dimensions and tree(table.dimensions[step.dimension]).total in step.merged


def _code_problems(step: Recode, found: Tree) -> list[Problem]:
    odd = [code for code in (*step.merged, *step.omitted) if code not in found.below]
    if odd:
        listed = _listed(odd)
        return [_problem(step.dimension, f"không có nhóm {listed}.", f"has no group {listed}.")]
    if not found.nested and step.merged != found.tops:
        return [_problem(step.dimension, "có nhiều cách nhóm.", "has alternative groupings.")]
    return []


_RECORDS = Problem(
    "recode",
    Text("Không thể gộp mã từ các ô của bảng này.", "This table cannot be recoded from its cells."),
    Text("Gộp mã trong bản ghi rồi lập bảng lại.", "Recode the records and build the table anew."),
)


def _problem(name: str, vi: str, en: str) -> Problem:
    return Problem(
        f"recode {name}",
        Text(f"Chiều {vi}", f"The dimension {en}"),
        Text("Dùng chiều và mã nhóm của bảng.", "Use dimensions and group codes of the table."),
    )


def coordinates(table: Table, recodes: Sequence[Recode]) -> Mapping[str, str]:
    """Dimensions dropped by the recodes -> the code of their total."""
    totals = {s.dimension: tree(table.dimensions[s.dimension]).total for s in recodes if _drops(table, s)}
    return {name: total for name, total in totals.items() if total is not None}

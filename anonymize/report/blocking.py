"""The cells that make a policy infeasible: read back from the error that names them; confidential."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from anonymize.checks import named
from anonymize.errors import InfeasibleError, Problem, Text
from anonymize.report.sheets import Sheet
from anonymize.table import Table

Codes = dict[str, str]
_MORE = re.compile(r"(\d+) more cells")


def number(error: InfeasibleError) -> int:
    """How many cells block, those that the error only counts included."""
    more = (_MORE.fullmatch(problem.where) for problem in error.problems)
    return sum(int(found[1]) if found else 1 for found in more)


def cells(error: InfeasibleError, table: Table) -> list[Codes]:
    """The codes of the cells that the error names."""
    wanted = {problem.where for problem in error.problems}
    if not wanted:
        return []
    keys = table.keys
    # `named` joins codes with commas, which a code may hold too: compare whole names, never split them.
    name = pl.concat_str(
        [pl.lit("cell ")]
        + [pl.concat_str([pl.lit(f"{', ' if i else ''}{key}="), pl.col(key)]) for i, key in enumerate(keys)]
    )
    rows = table.cells.select(keys).filter(name.is_in(list(wanted))).to_dicts()
    assert all(named(row) in wanted for row in rows), "a name is built as the error builds it"
    return [{dimension: row[dimension] for dimension in table.dimensions} for row in rows]


def sheet(problems: Sequence[Problem]) -> Sheet:
    """The blocking cells as a confidential sheet: `cell`, what is wrong and the first recode to think of."""
    frame = pl.DataFrame(
        [(p.where, *p.what, *p.remedy) for p in problems],
        schema=dict.fromkeys(("cell", "what_vi", "what_en", "recode_vi", "recode_en"), pl.String),
        orient="row",
    )
    title = Text("Các ô không bảo vệ được", "Cells that cannot be protected")
    return Sheet("blocking", title, frame, True)

"""The cases of the YAML files beside this one, and the tables and policies that they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict

import anonymize as an
from tests.spec.grids import Cell, Grid, draw, parts

FOLDER = Path(__file__).resolve().parent
Codes = dict[str, list[str]]
"""Code -> the codes that it is the sum of."""


class Case(BaseModel):
    """One table, one policy, and what is expected of them.

    Attributes:
        title: What the case says, in a few words.
        title_vi: The same in Vietnamese.
        text: Why, in a sentence.
        source: Where it was published.
        open: How the product differs so far; the case is expected to fail.
        table: The table, margins drawn or not; leaves may be drawn as sums of contributions.
        values: What the numbers are.
        trees: Dimension -> its tree, or its groupings; a dimension without has its codes under `_T`.
        vintages: Dimension -> areas over pieces that are never published, one tree per vintage.
        omit: Codes that are structure only.
        show: The sub-tables of a set of linked tables.
        marks: flag, cost, lpl, upl -> a drawing.
        known: Earlier releases; x is hidden in them.
        protection: As in a dataset spec.
        sensitive: s: sensitive.
        levels: below/above: how far the interval of a sensitive cell must reach.
        audit: Patterns with the verdict on them: x hidden, or the kinds of finding.
        intervals: Bounds within which everybody knows a cell of the first pattern.
        protect: The one best pattern.
        infeasible: The cells that no pattern protects.
        refused: What the message says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str
    title_vi: str
    text: str
    source: str | None = None
    open: str | None = None
    table: str
    values: Literal["counts", "amounts"] = "counts"
    trees: dict[str, Codes | list[Codes]] = {}
    vintages: dict[str, list[Codes]] = {}
    omit: dict[str, list[str]] = {}
    show: list[list[str]] | None = None
    marks: dict[Literal["flag", "cost", "lpl", "upl"], str] = {}
    known: list[str] = []
    protection: dict[str, Any]
    sensitive: str | None = None
    levels: str | None = None
    audit: list[str] = []
    intervals: str | None = None
    protect: str | None = None
    infeasible: list[str] | None = None
    refused: str | None = None


class Topic(BaseModel):
    """One file: a rule or another part of the behaviour.

    Attributes:
        order: Its place in the reference.
        title: What it is about.
        title_vi: The same in Vietnamese.
        rule: The rule whose parameters are listed.
        text: The introduction.
        formula: When a cell is sensitive, and its protection levels.
        cases: The cases.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    order: int
    title: str
    title_vi: str
    rule: str | None = None
    text: str
    formula: str | None = None
    cases: list[Case]


def topics() -> dict[str, Topic]:
    """File name -> topic, in the order of the reference."""
    found = {
        path.stem: Topic.model_validate(yaml.safe_load(path.read_text("utf-8")))
        for path in FOLDER.glob("*.yaml")
    }
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def policy(case: Case) -> an.Protection:
    return an.Protection.model_validate(case.protection)


def table(case: Case) -> an.Table:
    grid = draw(case.table)
    dimensions = {name: hierarchy(case, grid, name) for name in grid.dimensions}
    leaves = [cell for cell in grid.words if all(map(is_leaf, dimensions.values(), cell))]
    told = any(sign in grid.words[cell] for cell in leaves for sign in ":+")
    frame = pl.DataFrame([row for cell in leaves for row in rows(grid, cell)], infer_schema_length=None)
    column = {"contributor": "who", "holding": "holding", "weight": "weight", "request": "asked"}
    given = {option: name for option, name in column.items() if told and given_for(frame[name])}
    numbers = {"count" if case.values == "counts" else "value": list(grid.measures)}
    made = an.Table.from_records(frame, dimensions, show=case.show, **numbers, **given)
    marks = declared(case)
    if marks is None:
        return made
    return an.mark(made, marks if len(made.measures) > 1 else marks.drop("measure"))


def hierarchy(case: Case, grid: Grid, name: str) -> an.Hierarchy:
    omit = case.omit.get(name, [])
    if name in case.vintages:
        return an.Hierarchy.refinement(name, *map(upward, case.vintages[name]))
    if name not in case.trees:
        return an.Hierarchy.flat(name, [code for code in grid.codes(name) if code != "_T"])
    trees = case.trees[name]
    if isinstance(trees, dict):
        return an.Hierarchy.from_parents(name, upward(trees), omit=omit)
    return an.Hierarchy.from_groupings(name, list(map(upward, trees)), omit=omit)


def upward(tree: Codes) -> dict[str, str]:
    return {child: parent for parent, children in tree.items() for child in children}


def is_leaf(hierarchy: an.Hierarchy, code: str) -> bool:
    return code in hierarchy.leaves


def rows(grid: Grid, cell: Cell) -> list[dict[str, Any]]:
    """The records of a drawn leaf cell; whoever has no name is somebody else in every cell."""
    found = []
    for number, part in enumerate(parts(grid.words[cell])):
        found.append(
            dict(zip(grid.dimensions, cell, strict=False))
            | dict.fromkeys(grid.measures, 0)
            | {cell[-1]: int(part["amount"] or 0), "who": part["who"] or f"{cell} {number}"}
            | {
                "holding": part["holding"],
                "asked": part["asked"] is not None,
                "weight": int(part["weight"] or 1),
            }
        )
    return found


def given_for(column: pl.Series) -> bool:
    """Whether a drawing names holdings, says that somebody asked, or gives weights."""
    nothing = {"who": "", "holding": None, "asked": False, "weight": 1}[column.name]
    return column.ne_missing(nothing).any()


def declared(case: Case) -> pl.DataFrame | None:
    """What is declared about single cells."""
    drawn = {name: draw(text) for name, text in case.marks.items()}
    if not drawn:
        return None
    first = next(iter(drawn.values()))
    found = [
        dict(zip(first.dimensions, cell, strict=False))
        | {"measure": cell[-1]}
        | {name: None if (word := grid.words.get(cell, ".")) == "." else word for name, grid in drawn.items()}
        for cell in first.words
    ]
    frame = pl.DataFrame(found, infer_schema_length=None).filter(
        pl.any_horizontal(pl.col(*drawn).is_not_null())
    )
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name in drawn if name != "flag")


def keys(made: an.Table) -> list[Cell]:
    """The cells of a table as in a drawing, in the order of its rows."""
    only = made.measures if len(made.measures) == 1 else ()
    return [(*row, *only) for row in made.cells.select(made.keys).iter_rows()]


def hidden(made: an.Table, drawing: str) -> np.ndarray:
    """Which rows a pattern hides: the words that do not begin with a dot."""
    words = draw(drawing).words
    return np.array([not words.get(cell, ".").startswith(".") for cell in keys(made)])


def earlier(case: Case, made: an.Table) -> list[pl.DataFrame]:
    """The earlier releases as frames."""
    frames = []
    for drawing in case.known:
        grid = draw(drawing)
        wide = len(made.measures) > 1
        found = [
            dict(zip(grid.dimensions, cell, strict=False))
            | ({"measure": cell[-1]} if wide else {})
            | {"value": None if word == "x" else int(word)}
            for cell, word in grid.words.items()
        ]
        frames.append(pl.DataFrame(found, schema_overrides={"value": pl.Int64}))
    return frames

"""Small workspaces with several datasets, each a CSV and a spec made of its columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

import anonymize
from anonymize.protect import publish
from opendata import pipeline
from opendata import workspace as workspaces
from opendata.datasets import Dataset, dataset
from opendata.release import Release
from opendata.workspace import Workspace
from tests.opendata.conftest import AREAS, SEXES, SPEC

LISTS = {
    "area": "areas",
    "region": "regions",
    "sex": "sexes",
    "province": "province-63",
    "new_province": "province-34",
    "age": "ages",
}
AGES = """code,parent,label_vi,label_en,aliases
_T,,Mọi lứa tuổi,All ages,
A0,_T,Dưới 15 tuổi,Under 15,
A1,_T,Từ 15 đến 59 tuổi,15 to 59,
A2,_T,Từ 60 tuổi,60 and over,
"""


def office(folder: Path) -> Workspace:
    """A workspace with code lists and no dataset."""
    made = workspaces.init(folder)
    for name, text in (("areas", AREAS), ("sexes", SEXES), ("ages", AGES)):
        (made.root / f"codes/{name}.csv").write_text(text, encoding="utf-8")
    return made


def add(
    office: Workspace, name: str, records: pl.DataFrame, counts: Iterable[str] = ("cases",), **changed: Any
) -> None:
    """Write a dataset: every column of the records that is no measure is a dimension.

    Args:
        office: The workspace.
        name: Its id.
        records: Leaf rows; `month` is a calendar.
        counts: The measures.
        changed: Further keys of the section `table`; `entry` and `protection` are merged into those sections.
    """
    spec = yaml.safe_load(SPEC)
    keys = [column for column in records.columns if column not in set(counts)]
    spec["source"]["files"] = [{"path": f"data/{name}.csv"}]
    spec["source"]["columns"] = [
        *({"name": key} | ({} if key == "month" else {"codes": LISTS[key]}) for key in keys),
        *({"name": measure, "type": "count"} for measure in counts),
    ]
    spec["entry"] |= changed.pop("entry", {})
    spec["protection"] |= changed.pop("protection", {})
    label, unit = {"vi": "Nhãn", "en": "Label"}, {"vi": "người", "en": "persons"}
    spec["table"] = {
        "dimensions": {
            key: {"label": label} | ({"calendar": "months"} if key == "month" else {"codes": LISTS[key]})
            for key in keys
        },
        "measures": {measure: {"label": label, "unit": unit} for measure in counts},
    } | changed
    records.write_csv(office.root / f"data/{name}.csv")
    text = json.dumps(spec, ensure_ascii=False, indent=1, default=str)  # JSON is YAML without aliases
    office.spec_path(name).write_text(text, encoding="utf-8")


def build(office: Workspace, name: str, version: str | None = None) -> Release:
    """The main job."""
    return pipeline.build(name, office.root, version=version)[0]


def opened(office: Workspace, name: str) -> tuple[Dataset, anonymize.Table]:
    """A dataset with its table."""
    found = dataset(name, workspace=office)
    return found, found.aggregate(found.read())


def hidden(found: Dataset, table: anonymize.Table, cells: Iterable[Mapping[str, str]]) -> anonymize.Protected:
    """The table with exactly these cells hidden, whatever the memory says."""
    mask = np.zeros(table.cells.height, bool)
    for cell in cells:
        mask |= (
            table.cells.select(pl.all_horizontal(pl.col(k) == v for k, v in cell.items()))
            .to_series()
            .to_numpy()
        )
    return publish(table, mask, found.spec.protection)

"""A monthly dataset, small enough to be built in a second, and its source month by month."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from opendata import workspace as workspaces
from opendata.workspace import Workspace
from tests.opendata.conftest import AREAS, SEXES, SPEC

MONTHLY = "monthly"
AREA = ("N1", "N2", "N3", "S1", "S2", "S3")


def at(text: str) -> datetime:
    """A moment in Ha Noi, told as there: "2026-02-10 09:00"."""
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


def monthly(**schedule) -> dict:
    """Its spec as data."""
    spec = yaml.safe_load(SPEC)
    entry = {"frequency": "MONTHLY", "temporal": {"start": "2026-01-01", "end": "2026-01-31"}}
    spec["entry"] |= entry | {"issued": "2026-02-10"}
    columns = [
        {"name": "area", "codes": "areas"},
        {"name": "month"},
        {"name": "cases", "type": "count"},
    ]
    spec["source"] = {"kind": "csv", "files": [{"path": "data/months.csv"}], "columns": columns}
    del spec["table"]["dimensions"]["sex"], spec["table"]["measures"]["deaths"]
    label = {"vi": "Tháng", "en": "Month"}
    spec["table"]["dimensions"]["month"] = {"label": label, "calendar": "months"}
    spec["schedule"] = {"from": "2026-02-10"} | schedule
    return spec


def add(workspace, id: str = MONTHLY, **schedule) -> None:
    """Write the spec of a monthly dataset into a workspace."""
    text = yaml.safe_dump(monthly(**schedule), allow_unicode=True, sort_keys=False)
    workspace.spec_path(id).write_text(text, encoding="utf-8")


def deliver(workspace, *months: str) -> None:
    """Bring the extract with the months so far."""
    rows = [
        f"{area},{month},{100 * place + int(month[5:])}"
        for month in months
        for place, area in enumerate(AREA, start=1)
    ]
    text = "\n".join(["area,month,cases", *rows]) + "\n"
    (workspace.root / "data" / "months.csv").write_text(text, encoding="utf-8")


def make_office(folder: Path) -> Workspace:
    """A workspace with the monthly dataset; its source has not come yet."""
    made = workspaces.init(folder / "office")
    (made.root / "codes/areas.csv").write_text(AREAS, encoding="utf-8")
    (made.root / "codes/sexes.csv").write_text(SEXES, encoding="utf-8")
    add(made)
    return made


@pytest.fixture
def office(tmp_path):
    """A workspace with the monthly dataset; its source has not come yet."""
    return make_office(tmp_path)

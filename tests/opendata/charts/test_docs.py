"""Every code block of docs/charts.md runs, in order, on the example dataset."""

import re
from pathlib import Path

import altair as alt
import polars as pl
import pytest

import opendata as od
from opendata import charts, demo
from opendata import workspace as workspaces
from opendata.charts.wording import REMARKS
from tests.opendata.charts.drawn import marks

PAGE = Path(__file__).parents[3] / "docs" / "charts.md"


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example dataset's table where the page looks for it; small counts are hidden here, not protected."""
    workspace = workspaces.init(tmp_path / "w")
    demo.add_example(workspace)
    dataset = od.dataset("notifiable-diseases", workspace=workspace)
    cells = dataset.aggregate(dataset.read()).cells.pivot(
        on="measure", index=["disease", "province", "time"], values="value"
    )
    small = {name: pl.col(name).is_between(1, 4) for name in ("cases", "deaths")}
    folder = workspace.root / "releases" / "notifiable-diseases" / "2026.1"
    folder.mkdir(parents=True)
    cells.with_columns(
        *(pl.when(~hidden).then(pl.col(name)).alias(name) for name, hidden in small.items()),
        *(
            pl.when(hidden).then(pl.lit("Q")).otherwise(pl.lit("A")).alias(f"{name}_status")
            for name, hidden in small.items()
        ),
    ).write_parquet(folder / "data.parquet")
    monkeypatch.chdir(workspace.root)
    return workspace.root


def test_the_page_runs_and_shows_every_kind(release: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    drawn = {name: value for name, value in names.items() if isinstance(value, alt.TopLevelMixin)}
    assert set(drawn) == {"line", "lines", "panels", "bars", "heat", "tiles", "area", "pyramid"}
    hidden = [
        row
        for chart in drawn.values()
        for row in chart.to_dict()["data"]["values"]
        if row.get("status") == "Q"
    ]
    assert len(hidden) > 20
    assert sum(len(marks(charts.svg(chart), "suppressed")) for chart in drawn.values()) == len(hidden)
    assert REMARKS["Q"].vi in (release / "charts.html").read_text(encoding="utf-8")
    assert (release / "dengue.png").stat().st_size > 10_000


def test_the_page_names_every_public_function() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert not [name for name in charts.__all__ if name != "ChartError" and f"charts.{name}(" not in page]

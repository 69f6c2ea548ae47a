"""The real yearbooks of 2013 to 2016 as a dataset: the example spec with another source, and nothing else changed."""

from pathlib import Path

import yaml

from opendata import workspace as workspaces
from opendata.workspace import Workspace

REPAIRS = yaml.safe_load("""
- years: [2014]
  repair: {kind: rename_sheet, file: data/nien-giam-2014.xls, from: Xoắc khuẩn vàng da, to: Leptospira,
           reason: "Trang bệnh xoắn khuẩn vàng da của năm 2014 có tên khác"}
- years: [2013, 2014, 2015]
  repair: {kind: drop_columns, letters: [Z], reason: "Cột dân số không có tiêu đề"}
- years: [2014]
  repair: {kind: truncate, file: data/nien-giam-2014.xls, sheet: Cum, cells: [P8, R8, V8, H25],
           reason: "Số mắc không nguyên trong bản gốc"}
""")


def yearbook_workspace(root: Path, shared: Path, years: range = range(2013, 2017)) -> Workspace:
    """A workspace whose dataset reads the real workbooks of some years."""
    made = workspaces.init(root)
    spec = yaml.safe_load(workspaces.template().read_text(encoding="utf-8"))
    names = [f"nien-giam-{year}.xls" for year in years]
    for name in names:
        (made.root / "data" / name).symlink_to(shared / "data/gdpm" / name)
    spec["source"]["files"] = [
        {"path": f"data/{name}", "set": {"year": str(year)}} for name, year in zip(names, years, strict=True)
    ]
    spec["source"]["repairs"] = [r["repair"] for r in REPAIRS if set(r["years"]) & set(years)]
    spec["entry"]["temporal"] = {"start": f"{years[0]}-01-01", "end": f"{years[-1]}-12-31"}
    text = yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)
    made.spec_path("notifiable-diseases").write_text(text, encoding="utf-8")
    return made

"""From a workbook to a protected, audited, catalogued open dataset on a CKAN portal.

```python
import opendata as od

ds = od.dataset("notifiable-diseases", workspace="demo")
records = ds.read()
safe = ds.protect(ds.aggregate(records))
release = ds.release(safe, ds.audit(safe))
release.write()
od.Portal("http://127.0.0.1:25300", token=...).publish(release)

frame = od.load("notifiable-diseases", portal="http://127.0.0.1:25300")
od.published("notifiable-diseases", portal="http://127.0.0.1:25300").cite("bibtex")
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import polars  # noqa: F401 (nobody works without it: what is timed as reading is then reading)

if TYPE_CHECKING:
    from opendata.bars import progress
    from opendata.client import (
        Published,
        is_missing,
        is_suppressed,
        is_zero,
        load,
        published,
        scan,
        search,
    )
    from opendata.datasets import Dataset, dataset
    from opendata.errors import OpendataError
    from opendata.portal import Portal
    from opendata.release import Release
    from opendata.workspace import Workspace

__all__ = [
    "Dataset",
    "OpendataError",
    "Portal",
    "Published",
    "Release",
    "Workspace",
    "dataset",
    "is_missing",
    "is_suppressed",
    "is_zero",
    "load",
    "progress",
    "published",
    "scan",
    "search",
]

_HOMES = {
    "Dataset": "opendata.datasets",
    "OpendataError": "opendata.errors",
    "Portal": "opendata.portal",
    "Published": "opendata.client",
    "Release": "opendata.release",
    "Workspace": "opendata.workspace",
    "dataset": "opendata.datasets",
    "is_missing": "opendata.client",
    "is_suppressed": "opendata.client",
    "is_zero": "opendata.client",
    "load": "opendata.client",
    "progress": "opendata.bars",
    "published": "opendata.client",
    "scan": "opendata.client",
    "search": "opendata.client",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a researcher never pays for the publisher's tools."""
    if name in _HOMES:
        try:
            return getattr(import_module(_HOMES[name]), name)
        except ModuleNotFoundError as error:
            from opendata.doctor import extras

            raise extras.lacking(error) or error from None
    raise AttributeError(f"module 'opendata' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

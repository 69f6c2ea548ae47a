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
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendata.client import load
    from opendata.datasets import Dataset, dataset
    from opendata.errors import OpendataError
    from opendata.portal import Portal
    from opendata.release import Release
    from opendata.workspace import Workspace

__all__ = ["Dataset", "OpendataError", "Portal", "Release", "Workspace", "dataset", "load"]

_HOMES = {
    "Dataset": "opendata.datasets",
    "OpendataError": "opendata.errors",
    "Portal": "opendata.portal",
    "Release": "opendata.release",
    "Workspace": "opendata.workspace",
    "dataset": "opendata.datasets",
    "load": "opendata.client",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a researcher never pays for the publisher's tools."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'opendata' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

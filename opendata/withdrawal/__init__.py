"""Withdrawal: what was published is taken back, and a tombstone says so; the memory of disclosure keeps it.

```python
from opendata import approvals, withdrawal

case = withdrawal.case_of(workspace, "admissions", "2026.1")
decision = withdrawal.Decision(reason, "decree-102-2025/11", emergency=True)
withdrawal.withdraw(case, approvals.read_key(folder, "kiem-duyet-1"), decision, portal=portal)
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendata.withdrawal.deciding import (
        Decision,
        Withdrawn,
        case_of,
        files,
        page,
        portal_for,
        reason,
        restore,
        withdraw,
    )
    from opendata.withdrawal.remembering import tombstones
    from opendata.withdrawal.tombstone import Tombstone, read

_HOMES = {
    "Decision": "deciding",
    "Tombstone": "tombstone",
    "Withdrawn": "deciding",
    "case_of": "deciding",
    "files": "deciding",
    "page": "deciding",
    "portal_for": "deciding",
    "read": "tombstone",
    "reason": "deciding",
    "restore": "deciding",
    "tombstones": "remembering",
    "withdraw": "deciding",
}

__all__ = [
    "Decision",
    "Tombstone",
    "Withdrawn",
    "case_of",
    "files",
    "page",
    "portal_for",
    "read",
    "reason",
    "restore",
    "tombstones",
    "withdraw",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a reader of tombstones has no ledger."""
    if name in _HOMES:
        return getattr(import_module(f"opendata.withdrawal.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'opendata.withdrawal' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

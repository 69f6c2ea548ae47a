"""Approvals: nothing is published before two people other than its author have signed for these very bytes.

```python
from opendata import approvals

author = approvals.read_key(folder, "thong-ke")
approvals.submit(release, author, why="Số liệu tháng 11")
approvals.approve(release, approvals.read_key(folder, "kiem-duyet-1"))
approvals.approve(release, approvals.read_key(folder, "kiem-duyet-2"))
portal.publish(release)
```
Who may do what in which state stands in `states.json`; what happened stands in the ledger, each act signed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendata.approvals.acting import (
        approve,
        perform,
        refuse,
        return_,
        submit,
    )
    from opendata.approvals.acts import Act, Key, check_signed, sign, statement
    from opendata.approvals.cases import Case, case_of, recorded_case
    from opendata.approvals.joining import Office, add_person, join, revoke_key
    from opendata.approvals.keys import new_key, read_key
    from opendata.approvals.permits import Permit, permitted
    from opendata.approvals.persons import Person, people
    from opendata.approvals.standing import (
        approve_standing,
        covers,
        revoke_standing,
    )
    from opendata.approvals.surveying import anchors, states
    from opendata.approvals.table import (
        Life,
        State,
        Transition,
        life,
        possible,
        state,
        transitions,
    )

_HOMES = {
    "Act": "acts",
    "Case": "cases",
    "Key": "acts",
    "Life": "table",
    "Office": "joining",
    "Permit": "permits",
    "Person": "persons",
    "State": "table",
    "Transition": "table",
    "add_person": "joining",
    "anchors": "surveying",
    "approve": "acting",
    "approve_standing": "standing",
    "case_of": "cases",
    "check_signed": "acts",
    "covers": "standing",
    "join": "joining",
    "life": "table",
    "new_key": "keys",
    "people": "persons",
    "perform": "acting",
    "permitted": "permits",
    "possible": "table",
    "read_key": "keys",
    "recorded_case": "cases",
    "refuse": "acting",
    "return_": "acting",
    "revoke_key": "joining",
    "revoke_standing": "standing",
    "sign": "acts",
    "state": "table",
    "statement": "acts",
    "states": "surveying",
    "submit": "acting",
    "transitions": "table",
}

__all__ = [
    "Act",
    "Case",
    "Key",
    "Life",
    "Office",
    "Permit",
    "Person",
    "State",
    "Transition",
    "add_person",
    "anchors",
    "approve",
    "approve_standing",
    "case_of",
    "check_signed",
    "covers",
    "join",
    "life",
    "new_key",
    "people",
    "perform",
    "permitted",
    "possible",
    "read_key",
    "recorded_case",
    "refuse",
    "return_",
    "revoke_key",
    "revoke_standing",
    "sign",
    "state",
    "statement",
    "states",
    "submit",
    "transitions",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a reader who checks signatures has no database."""
    if name in _HOMES:
        return getattr(import_module(f"opendata.approvals.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'opendata.approvals' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""Disclosure control for aggregate tables: protect, attack, audit; and the personal-data scan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anonymize.audit import Audit, Finding, audit, basis
from anonymize.certificate import Certificate, Verdict, check_certificate
from anonymize.errors import AnonymizeError, InfeasibleError, PolicyError, ScanError, TableError
from anonymize.hierarchy import Hierarchy
from anonymize.marks import CellColumns, mark
from anonymize.policy import Protection, Subset
from anonymize.protect import Protected, digest, protect
from anonymize.rules import (
    Complement,
    Dominance,
    GroupDisclosure,
    Manual,
    MinContributors,
    PPercent,
    PriorPosterior,
    Request,
    SmallCount,
)
from anonymize.table import Table

if TYPE_CHECKING:
    from anonymize.pii import scan

__all__ = [
    "AnonymizeError",
    "Audit",
    "CellColumns",
    "Certificate",
    "Complement",
    "Dominance",
    "Finding",
    "GroupDisclosure",
    "Hierarchy",
    "InfeasibleError",
    "Manual",
    "MinContributors",
    "PPercent",
    "PolicyError",
    "PriorPosterior",
    "Protected",
    "Protection",
    "Request",
    "ScanError",
    "SmallCount",
    "Subset",
    "Table",
    "TableError",
    "Verdict",
    "audit",
    "basis",
    "check_certificate",
    "digest",
    "mark",
    "protect",
    "scan",
]


def __getattr__(name: str) -> Any:
    """Loads the personal-data scan only when it is asked for: its recognisers are heavy."""
    if name == "scan":
        from anonymize.pii import scan

        return scan
    raise AttributeError(f"module 'anonymize' has no attribute {name!r}")

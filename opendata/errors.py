"""Errors of the pipeline: one per exit code of the command line, each holding every mistake found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from catalog.errors import Problem

if TYPE_CHECKING:
    from anonymize.pii import Finding


class OpendataError(Exception):
    """Base of every refusal; `exit_code` is what the command line ends with, `problems` what it prints."""

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.where}: {p.what.en} {p.remedy.en}" for p in self.problems))


class SpecError(OpendataError):
    """Wrong use, or a spec or workspace that is not as it must be."""


class SourceError(OpendataError):
    """A source that cannot be read exactly as declared."""

    exit_code = 3


class PersonalDataError(OpendataError):
    """Personal data, or a column nobody declared; `findings` are what a person may review."""

    exit_code = 4

    def __init__(self, problems: Sequence[Problem], findings: Sequence[Finding] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__(problems)


class DisclosureError(OpendataError):
    """The audit found a cell that can be computed, or narrowed too far."""

    exit_code = 5


class GateError(OpendataError):
    """The law demands evidence, a basis or an approval that is not there."""

    exit_code = 6


class PortalError(OpendataError):
    """The portal refused, is down, or does not serve what was sent."""

    exit_code = 7


class UnreachableError(PortalError):
    """Nobody answers there: no network, wrong address, a proxy, or the portal is down."""


class NotCkanError(PortalError):
    """Somebody answers there, but it is not CKAN."""


class MissingError(PortalError):
    """There is no such dataset, version or file, or it is not public."""


class VerificationError(OpendataError):
    """A file is not what its manifest says."""

    exit_code = 8


class WithdrawnError(VerificationError):
    """The version was withdrawn by its publisher."""

"""Rules: which cells are sensitive, and how much doubt an attacker must be left with.

Each rule is a model (its parameters), a function from the cells of a table to a `Verdict`, and one that tells why the
rule cannot be applied to a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from anonymize.errors import Problem
from anonymize.rules import concentration, frequency, structure
from anonymize.rules.concentration import Dominance, PPercent, PriorPosterior, Request
from anonymize.rules.frequency import MinContributors, SmallCount
from anonymize.rules.structure import Complement, GroupDisclosure, Manual
from anonymize.rules.verdict import Verdict, Zeros, percent, size

if TYPE_CHECKING:
    from anonymize.table import Table

__all__ = [
    "Complement",
    "Dominance",
    "GroupDisclosure",
    "Manual",
    "MinContributors",
    "PPercent",
    "PriorPosterior",
    "Request",
    "Rule",
    "SmallCount",
    "Verdict",
    "Zeros",
    "judge",
    "unfit",
]

Rule = Annotated[
    SmallCount
    | MinContributors
    | Dominance
    | PPercent
    | PriorPosterior
    | Request
    | GroupDisclosure
    | Complement
    | Manual,
    Field(discriminator="kind"),
]

_JUDGES: dict[str, tuple[Callable[..., Verdict], Callable[..., list[Problem]]]] = {
    "small_count": (frequency.small_count, frequency.small_count_unfit),
    "min_contributors": (frequency.min_contributors, frequency.min_contributors_unfit),
    "dominance": (concentration.dominance, concentration.dominance_unfit),
    "p_percent": (concentration.p_percent, concentration.p_percent_unfit),
    "prior_posterior": (concentration.prior_posterior, concentration.prior_posterior_unfit),
    "request": (concentration.request, concentration.request_unfit),
    "group_disclosure": (structure.group_disclosure, structure.group_disclosure_unfit),
    "complement": (structure.complement, structure.complement_unfit),
    "manual": (structure.manual, structure.manual_unfit),
}


def judge(rule: Any, table: Table, *, zeros: Zeros) -> Verdict:
    """What a rule says about the cells of a table that it fits.

    Structural zeros are never sensitive: they are known. Levels that a rule declares itself replace its own.
    """
    verdict = _JUDGES[rule.kind][0](rule, table, zeros)
    if table.marks is not None:
        verdict = replace(verdict, sensitive=verdict.sensitive & ~table.marks.structural)
    whole = size(table)
    if rule.lpl is not None:
        verdict = replace(verdict, below=percent(whole, rule.lpl))
    if rule.upl is not None:
        verdict = replace(verdict, above=percent(whole, rule.upl))
    return verdict


def unfit(rule: Any, table: Table) -> list[Problem]:
    """Why a rule cannot be applied to a table; empty when it can."""
    return _JUDGES[rule.kind][1](rule, table)

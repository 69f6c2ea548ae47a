"""One recode on trial: protect the recoded table, audit it, and audit it again beside every earlier release."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from anonymize.audit import REMEDY, WHAT, Audit, audit
from anonymize.checks import named
from anonymize.errors import InfeasibleError, PolicyError, Problem
from anonymize.protect import Protected, protect
from anonymize.report import blocking
from anonymize.report.blocking import Codes
from anonymize.report.cost import Cost
from anonymize.report.moves import Plan
from anonymize.report.recode import recode, recode_known
from anonymize.report.together import Setting, together


@dataclass(frozen=True, slots=True, repr=False)
class Trial:
    """What became of one plan; confidential.

    Attributes:
        plan: The recodes.
        known: The earlier releases in codes of the recoded table.
        safe: The protected table, None if the plan failed.
        audit: Its audit, None if the plan failed.
        problems: Why it failed.
        blocking: The codes of cells that blocked it.
        count: How many cells blocked it.
        loss: What the plan costs.
    """

    plan: Plan
    known: list[pl.DataFrame]
    safe: Protected | None = None
    audit: Audit | None = None
    problems: tuple[Problem, ...] = ()
    blocking: tuple[Codes, ...] = ()
    count: int = 0
    loss: Cost = Cost(0.0, 0)  # noqa: RUF009 - a named tuple never changes

    def at(self, loss: Cost) -> Trial:
        """The trial with its loss noted."""
        return replace(self, loss=loss)


def attempt(where: Setting, plan: Plan) -> Trial:
    """Protects and audits the recoded table.

    Earlier releases may show cells that the recode drops, and together with the new, coarser sums they could give away
    others that they hid. With earlier releases the plan is therefore attacked a second time as a pattern of the full
    table: see `anonymize.report.together`.
    """
    coarse = recode(where.table, plan) if plan else where.table
    earlier = recode_known(where.table, plan, where.known)
    try:
        safe = protect(coarse, where.policy, earlier, seed=where.seed)
    except InfeasibleError as error:
        cells = tuple(blocking.cells(error, coarse))
        return Trial(plan, earlier, problems=error.problems, blocking=cells, count=blocking.number(error))
    except PolicyError as error:
        # A policy may name codes that this plan drops; a policy that is wrong in itself fails on the table as it is.
        if not plan:
            raise
        return Trial(plan, earlier, problems=error.problems, count=len(error.problems))
    verdict = audit(safe, where.policy, earlier)
    found = [(f.kind, dict(f.cell)) for f in verdict.findings]
    if where.known and plan and not found:
        found = together(where, plan, safe)
    if found:
        problems = tuple(Problem(named(cell), WHAT[kind], REMEDY) for kind, cell in found)
        cells = tuple(
            {name: cell[name] for name in cell if name in where.table.dimensions} for _, cell in found
        )
        return Trial(plan, earlier, problems=problems, blocking=cells, count=len(found))
    return Trial(plan, earlier, safe, verdict)

"""A recode that makes an infeasible table possible, tried and audited before it is suggested."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from anonymize import markup
from anonymize.audit import Audit
from anonymize.errors import InfeasibleError, Text
from anonymize.known import Known
from anonymize.policy import Protection
from anonymize.protect import Protected
from anonymize.report import blocking
from anonymize.report.cost import Cost, cost, measure
from anonymize.report.moves import Plan, moves
from anonymize.report.recode import Recode
from anonymize.report.sheets import CONFIDENTIAL, Sheet
from anonymize.report.together import Setting, setting
from anonymize.report.trial import Trial, attempt
from anonymize.table import Table


@dataclass(frozen=True, slots=True, repr=False)
class Suggestion:
    """A recode that works, and how it was found. Confidential as a whole.

    Attributes:
        recodes: What to do, one recode per dimension; none if the table can be protected as it is.
        table: The recoded table.
        known: The earlier releases in codes of that table.
        safe: The recoded table, protected.
        audit: The independent audit of `safe`, without findings.
        proven: Whether every cheaper plan considered was tried and failed; False when the search was cut short, and
            only whole levels were tried from then on.
        tried: What was tried, in the order of its loss: `recode_vi`, `recode_en`, `bits`, `cells_lost`, `feasible`,
            `blocking` (cells that could not be protected), `suppressed`.
        blocking: The cells that block the table as it is; no rows if none does.
    """

    recodes: tuple[Recode, ...]
    table: Table
    known: tuple[pl.DataFrame, ...]
    safe: Protected
    audit: Audit
    proven: bool
    tried: Sheet
    blocking: Sheet

    @property
    def text(self) -> Text:
        """The suggestion in both languages."""
        if not self.recodes:
            return Text("Không cần gộp mã.", "No recode is needed.")
        return _text(self.recodes)

    def __repr__(self) -> str:
        return f"Suggestion({len(self.recodes)} recodes, {self.tried.frame.height} tried)"

    def _repr_html_(self) -> str:
        """The suggestion, the blocking cells and what was tried, under a warning."""
        title = markup.heading(Text("Gợi ý gộp mã", "Suggested recode")) + markup.paragraph(CONFIDENTIAL)
        return title + markup.paragraph(self.text) + self.blocking._repr_html_() + self.tried._repr_html_()


def suggest_recode(
    table: Table, policy: Protection, known: Known = (), *, seed: int = 0, attempts: int = 40
) -> Suggestion:
    """Finds the recode with the smallest loss of information that can be protected, by protecting and auditing it.

    Plans are tried in the order of their loss (`anonymize.report.cost`): first the table as it is; then, from each plan
    that fails, every plan one step coarser that changes a cell which blocked it: merge siblings into their parent, drop
    a level, drop a dimension to its total. A further step never makes a plan cheaper, so the first that works is the
    cheapest of those considered (uniform-cost search). After `attempts` failures only plans that treat whole levels
    alike are tried, which are few. Against earlier releases the finer cells that the recode drops stay protected too:
    see `anonymize.report.trial`.

    Args:
        table: A table of counts.
        policy: The promises.
        known: Earlier releases, as for `protect`.
        seed: As for `protect`.
        attempts: How many plans to try before only whole levels are changed; each costs a protection and an audit.

    Raises:
        InfeasibleError: Nothing works; the problems are those of the table as it is.
        PolicyError: As `protect` and `recode`.
        TableError: As `protect`.
    """
    trials: list[Trial] = []
    for trial in _search(setting(table, policy, known, seed=seed), attempts):
        trials.append(trial)
        if trial.safe is not None and trial.audit is not None:
            return Suggestion(
                trial.plan,
                trial.safe.table,
                tuple(trial.known),
                trial.safe,
                trial.audit,
                len(trials) <= attempts,
                _tried(trials),
                blocking.sheet(trials[0].problems),
            )
    raise InfeasibleError(trials[0].problems)


def _search(where: Setting, attempts: int) -> Iterator[Trial]:
    """Trials in the order of loss; from `attempts` on of whole levels only."""
    table, leaves = where.table, measure(where.table)
    start: Plan = ()
    queue: list[tuple[Cost, Plan, bool]] = [(cost(table, leaves, start), start, True)]
    met, done = {start: True}, dict[Plan, Trial]()
    while queue:
        loss, plan, level = heapq.heappop(queue)
        if len(done) >= attempts and not level:
            continue
        if plan not in done:
            done[plan] = attempt(where, plan).at(loss)
            yield done[plan]
        trial = done[plan]
        for move in moves(table, plan, trial.blocking):
            whole = level and move.level
            if whole > met.get(move.plan, -1):
                met[move.plan] = whole
                heapq.heappush(queue, (cost(table, leaves, move.plan), move.plan, whole))


def _text(plan: Plan) -> Text:
    return Text(
        " ".join(step.text.vi for step in plan) or "–", " ".join(step.text.en for step in plan) or "–"
    )


def _tried(trials: Sequence[Trial]) -> Sheet:
    rows = [
        (
            *_text(t.plan),
            t.loss.bits,
            t.loss.cells,
            t.safe is not None,
            t.count,
            None if t.audit is None else t.audit.suppressed,
        )
        for t in trials
    ]
    title = Text("Các cách gộp mã đã thử", "Recodes that were tried")
    return Sheet("tried", title, pl.DataFrame(rows, schema=_SCHEMA, orient="row"), True)


_SCHEMA = {
    "recode_vi": pl.String,
    "recode_en": pl.String,
    "bits": pl.Float64,
    "cells_lost": pl.Int64,
    "feasible": pl.Boolean,
    "blocking": pl.Int64,
    "suppressed": pl.Int64,
}

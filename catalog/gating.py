"""The legal gate: may this dataset be opened, and which evidence says so.

Decree 102/2025 Article 9(2) puts conditions on information by group. Nobody can collect the consent of
everyone behind an aggregate, so the way through is evidence that the published cells are no longer
information related to a person, a family or a trade secret:

- (a) an audit of undertakings (dominance, p%, minimum contributors) of these cells, or the owner's consent;
- (b), (c) a passed disclosure audit and a clean personal-data scan, both of these cells;
- (d) a recorded decision replaces the consent of (a), or the disclosure audit of (b) and (c), for the groups
  and conditions that it names, while it holds. It never replaces the personal-data scan: point (d) does
  not mention health status or the other characteristics of individuals that point (b) protects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from catalog import demands, law
from catalog.entry import Entry
from catalog.errors import Problem
from catalog.evidence import Condition, Decision, OwnerConsent, UndertakingsAudit
from ytemo_display import bundle

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of a check that the build ran.

    Attributes:
        ok: Whether it passed.
        digests: SHA-256 of everything that it looked at.
    """

    ok: bool
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provided:
    """What the build proved about the cells that are about to be published.

    Attributes:
        cells: SHA-256 of the published cells; proofs of other cells do not count.
        disclosure_audit: The audit for disclosure.
        personal_data_scan: The scan for personal data.
        undertakings: The audit for concentration, when one was made.
    """

    cells: str
    disclosure_audit: Proof | None = None
    personal_data_scan: Proof | None = None
    undertakings: UndertakingsAudit | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One piece of evidence that answers one condition.

    Attributes:
        condition: The point of Article 9(2).
        kind: What answers: an evidence kind, "disclosure_audit" or "personal_data_scan".
        reference: Number and date of the document, or the digest.
    """

    condition: Condition
    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says.

    Attributes:
        ok: Whether the dataset may be opened: there is no problem.
        conditions: Points of Article 9(2) that apply -> the groups that bring them in.
        answered: What answers them.
        problems: Reasons to refuse, all of them.
        warnings: What a reviewer must see although it does not refuse.
    """

    ok: bool
    conditions: dict[Condition, tuple[int, ...]]
    answered: tuple[Answer, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from catalog.cards import of_verdict

        return bundle(of_verdict(self))


@dataclass(frozen=True, slots=True)
class _Case:
    entry: Entry
    provided: Provided | None
    on: date


def gate(entry: Entry, provided: Provided | None, *, on: date) -> Verdict:
    """Decide whether a dataset may be opened on a day.

    Args:
        entry: The catalogue record, evidence included.
        provided: What the build proved; None when it proved nothing.
        on: The day of release.

    Returns:
        The verdict; every problem names the provision, the groups and what to provide, in both languages.
    """
    case = _Case(entry, provided, on)
    applies = law.conditions(entry.groups)
    problems = [*declaration(entry, on=on)]
    answered: list[Answer] = []
    for condition, groups in applies.items():
        ask = _trade_secrets if condition == "9.2.a" else _people
        answers, missing = ask(case, condition, groups)
        answered += answers
        problems += missing
    return Verdict(not problems, applies, tuple(answered), tuple(problems), tuple(_warnings(case, answered)))


def declaration(entry: Entry, *, on: date) -> tuple[Problem, ...]:
    """What is wrong with what the entry itself declares, before anything is built.

    Args:
        entry: The catalogue record.
        on: The day of release.

    Returns:
        Problems with groups, category, data class, access and legal basis.
    """
    case = _Case(entry, None, on)
    return (*_groups(entry), *_classes(entry), *_data_class(case), *_basis(entry, on))


def _groups(entry: Entry) -> Iterator[Problem]:
    if not entry.groups:
        yield demands.no_groups()
    unknown = sorted(set(entry.groups) - set(law.groups()))
    if unknown:
        yield demands.unknown_groups(unknown)


def _classes(entry: Entry) -> Iterator[Problem]:
    if entry.category is None:
        yield demands.no_category()
    if entry.data_class is None:
        yield demands.no_data_class()
    if entry.data_class == "state_secret":
        yield demands.state_secret()
    if entry.access != "open":
        yield demands.not_open(entry.access)


def _basis(entry: Entry, on: date) -> Iterator[Problem]:
    if not entry.legal_basis:
        yield demands.no_basis()
        return
    known = [law.citations()[name] for name in entry.legal_basis if name in law.citations()]
    for name in entry.legal_basis:
        if name not in law.citations():
            yield law.unknown_citation(name, "entry.legal_basis")
    for cited in known:
        if cited.basis and law.ended(cited, on):
            yield demands.repealed(cited)
    if known and not any(cited.basis and law.in_force(cited, on) for cited in known):
        yield demands.nothing_opens(on)


def _data_class(case: _Case) -> Iterator[Problem]:
    """Core and important data (Law on Data) are opened by a recorded decision only."""
    restricted = case.entry.data_class in ("core", "important")
    if restricted and not any(set(case.entry.groups) <= set(d.groups) for d in _decisions(case)):
        yield demands.restricted_class(str(case.entry.data_class))


def _trade_secrets(
    case: _Case, condition: Condition, groups: tuple[int, ...]
) -> tuple[list[Answer], list[Problem]]:
    answers = [Answer(condition, e.kind, f"{e.number} ({e.date})") for e in _consents(case, groups)]
    answers += [Answer(condition, a.kind, a.digest) for a in _undertakings(case)]
    answers += _decided(case, condition, groups)
    return answers, [] if answers else [demands.trade_secrets(groups, _stale(case))]


def _people(case: _Case, condition: Condition, groups: tuple[int, ...]) -> tuple[list[Answer], list[Problem]]:
    provided = case.provided
    audit, missing_audit = _proved(case, provided.disclosure_audit if provided else None)
    scan, missing_scan = _proved(case, provided.personal_data_scan if provided else None)
    problems = []
    answers = [Answer(condition, "disclosure_audit", audit)] if audit else _decided(case, condition, groups)
    if not answers:
        problems.append(demands.disclosure_audit(condition, groups, missing_audit))
    if scan:
        answers.append(Answer(condition, "personal_data_scan", scan))
    else:
        problems.append(demands.personal_data_scan(condition, groups, missing_scan))
    return answers, problems


def _proved(case: _Case, proof: Proof | None) -> tuple[str | None, demands.Shortfall]:
    """The digest of the cells when the proof holds for them, and otherwise what it lacks."""
    if case.provided is None or proof is None:
        return None, "absent"
    if not proof.ok:
        return None, "failed"
    if not _SHA256.fullmatch(case.provided.cells) or case.provided.cells not in proof.digests:
        return None, "other_bytes"
    return case.provided.cells, "absent"


def _undertakings(case: _Case) -> list[UndertakingsAudit]:
    """Audits of concentration of these very cells, wherever they are recorded."""
    if case.provided is None:
        return []
    on_file = [e for e in case.entry.evidence if isinstance(e, UndertakingsAudit)]
    made = [case.provided.undertakings] if case.provided.undertakings else []
    return [a for a in (*made, *on_file) if a.digest == case.provided.cells]


def _consents(case: _Case, groups: tuple[int, ...]) -> list[OwnerConsent]:
    """The owners' consents that hold, when together they cover every group: none speaks for what another owns."""
    held = [e for e in case.entry.evidence if isinstance(e, OwnerConsent) and _holds(e, case.on)]
    covered = {group for consent in held for group in consent.groups or groups}
    return [e for e in held if not e.groups or set(e.groups) & set(groups)] if set(groups) <= covered else []


def _decisions(case: _Case) -> list[Decision]:
    return [e for e in case.entry.evidence if isinstance(e, Decision) and _holds(e, case.on)]


def _decided(case: _Case, condition: Condition, groups: tuple[int, ...]) -> list[Answer]:
    """Decisions under 9(2)(d) that name this condition and every group that brings it in."""
    return [
        Answer(condition, d.kind, f"{d.number} ({d.date})")
        for d in _decisions(case)
        if condition in d.conditions and set(groups) <= set(d.groups)
    ]


def _holds(document: OwnerConsent | Decision, on: date) -> bool:
    return document.date <= on and (document.expires is None or on <= document.expires)


def _stale(case: _Case) -> bool:
    """Whether something is on file that does not hold on the day."""
    dated = [e for e in case.entry.evidence if isinstance(e, OwnerConsent | Decision)]
    return any(not _holds(e, case.on) for e in dated)


def _warnings(case: _Case, answered: list[Answer]) -> Iterator[Problem]:
    known = [law.citations()[name] for name in case.entry.legal_basis if name in law.citations()]
    for cited in known:
        if not law.in_force(cited, case.on) and not (cited.basis and law.ended(cited, case.on)):
            yield demands.not_in_force(cited, case.on)
    for condition, reference in dict.fromkeys(
        (a.condition, a.reference) for a in answered if a.kind == "decision"
    ):
        yield demands.by_decision(condition, reference)
    if _stale(case):
        yield demands.stale_evidence(case.on)
    registers = [n for n in sorted(set(case.entry.groups)) if n in law.groups() and law.groups()[n].registry]
    if registers:
        yield demands.not_the_master_copy(registers)

"""Every case of the YAML files beside this one, and the rule reference made from them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import anonymize as an
from anonymize.attack import hideable
from anonymize.goals import goals
from anonymize.known import gather
from anonymize.protect import publish
from anonymize.relations import relate
from tests.spec import cases, reference
from tests.spec.grids import Cell, draw

TOPICS = cases.topics()


def parameter(name: str, case: cases.Case) -> object:
    marks = [pytest.mark.xfail(reason=case.open)] if case.open else []
    return pytest.param(case, id=f"{name}: {case.title}", marks=marks)


ALL = [parameter(name, case) for name, topic in TOPICS.items() for case in topic.cases]
BY_SUMS = {"exact", "narrow", "insider"}
"""Findings about cells that are hidden; others are drawn with a dot (published) or x (hidden) before them."""


def told(made: an.Table, drawing: str, words: dict[Cell, str]) -> str:
    """The drawing with these words, and dots for all other cells; cells not drawn are added below."""
    expected = draw(drawing)
    lines = drawing.strip().splitlines()
    (_, *columns), crossed = lines[0].split(), "/" in lines[0].split()[0]
    found = [lines[0].split()]
    for line in lines[1:]:
        label, *old = line.split()
        places = [(*label.split("."), c, "n") if crossed else (c, label) for c in columns]
        found.append(
            [label, *("-" if w == "-" else words.pop(p, ".") for w, p in zip(old, places, strict=True))]
        )
    assert {tuple(cell) for cell in seen(made)} == set(expected.words), "every cell of the table is drawn"
    return "\n".join(" ".join(line) for line in found)


def seen(made: an.Table) -> list[Cell]:
    return [cell for cell, shown in zip(cases.keys(made), made.seen, strict=True) if shown]


def plain(drawing: str) -> str:
    return "\n".join(" ".join(line.split()) for line in drawing.strip().splitlines())


def where(made: an.Table, mask: np.ndarray, word: str) -> dict[Cell, str]:
    return {cell: word for cell, hit, s in zip(cases.keys(made), mask, made.seen, strict=True) if hit and s}


def verdict(made: an.Table, hidden: np.ndarray, audit: an.Audit) -> dict[Cell, str]:
    """The pattern with the kinds of findings in it."""
    kinds: dict[Cell, set[str]] = {}
    for finding in audit.findings:
        codes = dict(finding.cell)
        measure = codes.pop("measure", made.measures[0])
        kinds.setdefault((*codes.values(), measure), set()).add(finding.kind)
    words = where(made, hidden, "x")
    for cell, found in kinds.items():
        kind = "+".join(sorted(found))
        words[cell] = f".{kind}" if cell not in words else kind if found <= BY_SUMS else f"x{kind}"
    return words


@pytest.mark.parametrize("case", ALL)
def test_case(case: cases.Case) -> None:
    if case.refused is not None:
        with pytest.raises((ValueError, an.AnonymizeError), match=case.refused):
            an.protect(cases.table(case), cases.policy(case))
        return
    made, policy = cases.table(case), cases.policy(case)
    assert not mistaken(case, made), "the margins drawn are those of the table"
    rules_say(case, made, policy)
    audit_says(case, made, policy)
    protect_gives(case, made, policy)


def mistaken(case: cases.Case, made: an.Table) -> list[Cell]:
    values = dict(zip(cases.keys(made), made.values.tolist(), strict=True))
    drawn = {cell: word for cell, word in draw(case.table).words.items() if word.lstrip("-").isdigit()}
    return [cell for cell, word in drawn.items() if cell in values and int(word) != values[cell]]


def rules_say(case: cases.Case, made: an.Table, policy: an.Protection) -> None:
    wanted = goals(made, policy)
    if case.sensitive is not None:
        words = where(made, wanted.sensitive, "s")
        assert told(made, case.sensitive, words) == plain(case.sensitive)
    if case.levels is not None:
        levels = zip(cases.keys(made), wanted.sensitive, wanted.below, wanted.above, strict=True)
        words = {cell: f"-{below}+{above}" for cell, hit, below, above in levels if hit}
        assert told(made, case.levels, words) == plain(case.levels)


def audit_says(case: cases.Case, made: an.Table, policy: an.Protection) -> None:
    for number, pattern in enumerate(case.audit):
        hidden = cases.hidden(made, pattern)
        audit = an.audit(publish(made, hidden, policy), policy, cases.earlier(case, made))
        assert told(made, pattern, verdict(made, hidden, audit)) == plain(pattern)
        if number == 0 and case.intervals is not None:
            assert told(made, case.intervals, intervals(made, audit)) == plain(case.intervals)


def protect_gives(case: cases.Case, made: an.Table, policy: an.Protection) -> None:
    known = cases.earlier(case, made)
    if case.protect is not None:
        safe = an.protect(made, policy, known)
        hidden = np.zeros(len(made.values), bool)
        hidden[made.seen] = safe.cells["value"].is_null().to_numpy()
        assert told(made, case.protect, where(made, hidden, "x")) == plain(case.protect)
        assert an.audit(safe, policy, known).ok
    if case.infeasible is not None:
        with pytest.raises(an.InfeasibleError) as caught:
            an.protect(made, policy, known)
        assert sorted(p.where for p in caught.value.problems) == sorted(case.infeasible)


@pytest.mark.nightly
@pytest.mark.parametrize("case", [p for p in ALL if p.values[0].protect])
def test_no_other_pattern_is_as_good(case: cases.Case) -> None:
    made, policy = cases.table(case), cases.policy(case)
    wanted, known = goals(made, policy), cases.earlier(case, made)
    best, must = cases.hidden(made, case.protect), wanted.sensitive | wanted.always
    may = hideable(made, policy, gather(made, known, relate(made))) & ~must & made.seen
    budget = wanted.cost[best & ~must].sum()
    cells = np.flatnonzero(may & (wanted.cost <= budget))
    for more in (list(c) for k in range(len(cells) + 1) for c in combinations(cells, k)):
        hidden = must | np.isin(np.arange(len(must)), more)
        if wanted.cost[more].sum() <= budget and not (hidden == best).all():
            assert not an.audit(publish(made, hidden | ~made.seen, policy), policy, known).ok


def intervals(made: an.Table, audit: an.Audit) -> dict[Cell, str]:
    found = {}
    for row in audit.intervals.filter(audit.intervals["kind"].is_in(["exact", "narrow"])).to_dicts():
        codes = [row[name] for name in made.dimensions]
        cell = (*codes, row.get("measure", made.measures[0]))
        found[cell] = f"{row['low']:g}..{row['high']:g}"
    return found


def test_every_rule_has_a_topic() -> None:
    assert {topic.rule for topic in TOPICS.values() if topic.rule} == set(reference.RULES)


def test_every_case_expects_something_and_has_a_title_of_its_own() -> None:
    everything = [case for topic in TOPICS.values() for case in topic.cases]
    expected = ("sensitive", "levels", "audit", "protect", "infeasible", "refused")
    assert all(any(getattr(case, name) for name in expected) for case in everything)
    assert len({case.title for case in everything}) == len(everything)


def test_the_reference_is_up_to_date() -> None:
    told_again = "run `python -m tests.spec.reference` and commit docs/rules.md"
    assert reference.FILE.read_text("utf-8") == reference.render(), told_again

"""The legal gate: all 24 groups, and every piece of evidence that may be missing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog
from catalog import law
from catalog.gating import Proof, Provided, gate

CELLS = "a" * 64
OTHER = "b" * 64
DAY = date(2026, 3, 1)
TEXT = {"vi": "Số liệu bệnh truyền nhiễm", "en": "Notifiable disease figures"}
PASSED = Proof(True, (CELLS,))
UNDERTAKINGS = catalog.UndertakingsAudit(kind="undertakings_audit", rules=("dominance",), digest=CELLS)
EVERYTHING = Provided(CELLS, PASSED, PASSED, UNDERTAKINGS)
ALL = range(1, 25)
NEEDS_OWNER = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 17, 18, 19, 24}
NEEDS_PERSON = {1, 3, 4, 5, 6, 11, 12, 13, 15, 19, 20}
NEEDS_FAMILY = NEEDS_PERSON - {20}
FREE = {14, 16, 21, 22, 23}


def an_entry(**changes):
    fields = {
        "title": TEXT, "description": TEXT, "keywords": [TEXT], "publisher": {"name": TEXT},
        "contact": {"name": TEXT, "email": "dulieumo@example.org"}, "groups": [1], "category": "2a",
        "data_class": "ordinary", "access": "open", "legal_basis": ["decree-102-2025/10.2.c"],
        "frequency": "ANNUAL", "temporal": {"start": "2013-01-01", "end": "2016-12-31"},
        "issued": "2026-03-01", "licence": "CC-BY-4.0",
    }  # fmt: skip
    return catalog.Entry.model_validate(fields | changes)


def consent(**changes):
    fields = {"kind": "owner_consent", "holder": TEXT, "number": "12/CV-YT", "date": "2026-01-05"}
    return fields | changes


def decision(**changes):
    fields = {
        "kind": "decision", "number": "345/QĐ-BYT", "date": "2026-01-05", "expires": "2026-12-31",
        "signer": TEXT, "necessity": TEXT, "scope": TEXT, "groups": [1],
        "conditions": ["9.2.a", "9.2.b", "9.2.c"],
    }  # fmt: skip
    return fields | changes


def english(verdict):
    return [problem.what.en for problem in verdict.problems]


@pytest.mark.parametrize("group", ALL)
def test_each_group_passes_with_all_its_evidence(group):
    assert gate(an_entry(groups=[group]), EVERYTHING, on=DAY).ok


@pytest.mark.parametrize("group", ALL)
def test_each_group_brings_in_the_conditions_of_the_decree(group):
    expected = {
        point: (group,)
        for point, groups in (("9.2.a", NEEDS_OWNER), ("9.2.b", NEEDS_PERSON), ("9.2.c", NEEDS_FAMILY))
        if group in groups
    }
    assert gate(an_entry(groups=[group]), EVERYTHING, on=DAY).conditions == expected
    assert (group in FREE) == (not expected)


WITHOUT = {
    "nothing at all": (None, "abc"),
    "no undertakings audit": (Provided(CELLS, PASSED, PASSED), "a"),
    "undertakings audit of other cells": (
        Provided(CELLS, PASSED, PASSED, UNDERTAKINGS.model_copy(update={"digest": OTHER})), "a",
    ),
    "no disclosure audit": (Provided(CELLS, None, PASSED, UNDERTAKINGS), "bc"),
    "failed disclosure audit": (Provided(CELLS, Proof(False, (CELLS,)), PASSED, UNDERTAKINGS), "bc"),
    "disclosure audit of other cells": (Provided(CELLS, Proof(True, (OTHER,)), PASSED, UNDERTAKINGS), "bc"),
    "no scan": (Provided(CELLS, PASSED, None, UNDERTAKINGS), "bc"),
    "a scan that found something": (Provided(CELLS, PASSED, Proof(False, (CELLS,)), UNDERTAKINGS), "bc"),
    "a scan of other cells": (Provided(CELLS, PASSED, Proof(True, (OTHER,)), UNDERTAKINGS), "bc"),
    "cells without a digest": (Provided("", Proof(True, ("",)), Proof(True, ("",)), UNDERTAKINGS), "abc"),
}  # fmt: skip


@pytest.mark.parametrize("group", ALL)
@pytest.mark.parametrize("missing", WITHOUT)
def test_each_group_without_each_piece(group, missing):
    provided, points = WITHOUT[missing]
    refused = {f"9.2.{p}" for p in points} & set(law.groups()[group].conditions)
    verdict = gate(an_entry(groups=[group]), provided, on=DAY)
    assert verdict.ok == (not refused)
    for point in refused:
        article = f"Article 9(2)({point[-1]}), Decree 102/2025/ND-CP: group {group} ("
        assert any(text.startswith(article) for text in english(verdict))
    for problem in verdict.problems:
        assert f"nhóm {group} (" in problem.what.vi
        assert problem.remedy.vi
        assert problem.remedy.en


@pytest.mark.parametrize("group", ALL)
@pytest.mark.parametrize("field", ["groups", "category", "data_class", "access", "legal_basis"])
def test_each_group_without_each_declaration(group, field):
    absent = () if field in ("groups", "legal_basis") else None
    entry = an_entry(groups=[group]).model_copy(update={field: absent})
    verdict = gate(entry, EVERYTHING, on=DAY)
    assert [problem.where for problem in verdict.problems] == [f"entry.{field}"]


@given(
    groups=st.sets(st.sampled_from(ALL), min_size=1),
    audit=st.booleans(),
    scan=st.booleans(),
    owner=st.booleans(),
    lifted=st.sets(st.sampled_from(["9.2.a", "9.2.b", "9.2.c"])),
    covered=st.sets(st.sampled_from(ALL), min_size=1),
)
def test_the_gate_against_the_decree_read_as_one_formula(groups, audit, scan, owner, lifted, covered):
    evidence = [decision(groups=sorted(covered), conditions=sorted(lifted))] + [consent()] * owner
    provided = Provided(CELLS, PASSED if audit else None, PASSED if scan else None)
    asks = {"9.2.a": NEEDS_OWNER, "9.2.b": NEEDS_PERSON, "9.2.c": NEEDS_FAMILY}

    def decided(point):
        return point in lifted and groups & asks[point] <= covered

    expected = (
        (not groups & NEEDS_OWNER or owner or decided("9.2.a"))
        and (not groups & NEEDS_PERSON or (scan and (audit or decided("9.2.b"))))
        and (not groups & NEEDS_FAMILY or (scan and (audit or decided("9.2.c"))))
    )
    assert gate(an_entry(groups=sorted(groups), evidence=evidence), provided, on=DAY).ok == bool(expected)


def test_conditions_are_the_union_over_groups():
    assert law.conditions([20, 2, 14, 20]) == {"9.2.a": (2,), "9.2.b": (20,)}


def test_all_mistakes_come_at_once():
    entry = an_entry(groups=[0, 25], category=None, data_class=None, access="personal", legal_basis=[])
    found = [problem.where for problem in gate(entry, None, on=DAY).problems]
    assert found == [
        f"entry.{name}" for name in ("groups", "category", "data_class", "access", "legal_basis")
    ]


@pytest.mark.parametrize("access", ["personal", "other"])
def test_only_open_data_are_published(access):
    assert not gate(an_entry(access=access), EVERYTHING, on=DAY).ok


def test_state_secrets_are_refused_whatever_is_on_file():
    entry = an_entry(data_class="state_secret", evidence=[decision()])
    assert "Article 1(2)" in english(gate(entry, EVERYTHING, on=DAY))[0]


@pytest.mark.parametrize("data_class", ["core", "important"])
def test_restricted_classes_need_a_decision_that_covers_every_group(data_class):
    def verdict(*evidence):
        entry = an_entry(groups=[1, 2], data_class=data_class, evidence=evidence)
        return gate(entry, EVERYTHING, on=DAY)

    assert not verdict().ok
    assert not verdict(decision(groups=[1])).ok
    assert verdict(decision(groups=[1, 2], conditions=[])).ok


def test_an_owner_may_consent_while_the_consent_holds():
    def verdict(**changes):
        entry = an_entry(groups=[7], evidence=[consent(**changes)])
        return gate(entry, Provided(CELLS, PASSED, PASSED), on=DAY)

    assert verdict().answered == (catalog.Answer("9.2.a", "owner_consent", "12/CV-YT (2026-01-05)"),)
    assert verdict(expires="2026-03-01").ok
    assert not verdict(expires="2026-02-28").ok
    assert not verdict(date="2026-03-02").ok
    assert "does not hold" in english(verdict(expires="2026-02-28"))[0]


@pytest.mark.parametrize(
    ("covered", "ok"),
    [
        ([[]], True),
        ([[6, 24]], True),
        ([[6], [24]], True),
        ([[6], []], True),
        ([[6]], False),
        ([[6], [9]], False),
    ],
)
def test_owners_consent_for_the_groups_that_they_name_and_for_no_others(covered, ok):
    evidence = [consent(groups=groups) for groups in covered]
    entry = an_entry(groups=[6, 20, 24], evidence=evidence)
    verdict = gate(entry, Provided(CELLS, PASSED, PASSED), on=DAY)
    assert verdict.ok == ok
    assert ok or [problem.what.en.split(": ")[0] for problem in verdict.problems] == [
        "Article 9(2)(a), Decree 102/2025/ND-CP"
    ]


def test_a_consent_that_names_no_groups_is_written_as_before():
    assert "groups" not in an_entry(evidence=[consent()]).model_dump(mode="json")["evidence"][0]


def test_an_undertakings_audit_on_file_counts_for_its_own_cells_only():
    def verdict(digest):
        evidence = [{"kind": "undertakings_audit", "rules": ["min_contributors"], "digest": digest}]
        return gate(an_entry(groups=[7], evidence=evidence), Provided(CELLS), on=DAY)

    assert verdict(CELLS).ok
    assert not verdict(OTHER).ok


def test_a_decision_replaces_what_it_names_and_is_shown():
    entry = an_entry(evidence=[decision()])
    verdict = gate(entry, Provided(CELLS, None, PASSED), on=DAY)
    assert verdict.ok
    assert {a.condition for a in verdict.answered if a.kind == "decision"} == {"9.2.a", "9.2.b", "9.2.c"}
    assert sum("Article 9(2)(d)" in warning.what.en for warning in verdict.warnings) == 3


@pytest.mark.parametrize(
    "limit",
    [
        {"conditions": ["9.2.a"]},
        {"groups": [3]},
        {"expires": "2026-02-28"},
        {"date": "2026-03-02"},
        {"conditions": []},
    ],
)
def test_a_decision_reaches_no_further_than_it_says(limit):
    assert not gate(an_entry(evidence=[decision(**limit)]), Provided(CELLS, None, PASSED), on=DAY).ok


def test_a_decision_never_replaces_the_personal_data_scan():
    verdict = gate(an_entry(evidence=[decision()]), Provided(CELLS, PASSED, None), on=DAY)
    assert not verdict.ok
    assert all("personal-data scan" in text for text in english(verdict))


@pytest.mark.parametrize("article", range(17, 22))
def test_repealed_open_data_articles_are_refused_even_beside_a_good_basis(article):
    entry = an_entry(legal_basis=[f"decree-47-2020/{article}", "decree-102-2025/10.2.c"])
    assert "Decree 194/2025/ND-CP" in english(gate(entry, EVERYTHING, on=DAY))[0]


def test_a_provision_not_yet_in_force_warns_and_does_not_count():
    entry = an_entry(legal_basis=["decree-102-2025/10.2.c", "circular-38-2024-tt-byt"])
    assert "Circular 38/2024" in gate(entry, EVERYTHING, on=DAY).warnings[0].what.en
    assert gate(entry, EVERYTHING, on=DAY).ok
    assert not gate(entry, EVERYTHING, on=date(2025, 6, 30)).ok
    assert not gate(an_entry(legal_basis=["circular-38-2024-tt-byt"]), EVERYTHING, on=date(2027, 6, 1)).ok


def test_an_unknown_citation_is_named():
    entry = an_entry(legal_basis=["decree-102-2025/99", "decree-102-2025/18.3"])
    assert ["decree-102-2025/99" in text for text in english(gate(entry, EVERYTHING, on=DAY))] == [True]


@pytest.mark.parametrize("group", [6, 9, 20, 24])
def test_registers_of_master_data_ask_for_a_note(group):
    warnings = gate(an_entry(groups=[group]), EVERYTHING, on=DAY).warnings
    assert any("Article 15" in warning.what.en for warning in warnings)

"""The section `entry`: what people may write in YAML, and what is refused."""

import json
from datetime import date, datetime

import pytest
from pydantic import ValidationError

import catalog

TEXT = {"vi": "Số liệu", "en": "Figures"}


def as_yaml(entry):
    return json.loads(entry.model_dump_json())


def mistakes(fields):
    with pytest.raises(ValidationError) as caught:
        catalog.Entry.model_validate(fields)
    return {".".join(map(str, error["loc"])): error for error in caught.value.errors()}


def test_an_entry_survives_yaml_and_json(entry):
    assert catalog.Entry.model_validate(as_yaml(entry)) == entry
    assert catalog.Entry.model_validate_json(entry.model_dump_json()) == entry
    dated = as_yaml(entry) | {"issued": date(2026, 3, 1)}
    assert catalog.Entry.model_validate(dated) == entry


def test_what_the_law_asks_for_may_be_absent_here(entry):
    legal = ("groups", "category", "data_class", "access", "legal_basis", "evidence")
    bare = {k: v for k, v in as_yaml(entry).items() if k not in legal}
    assert catalog.Entry.model_validate(bare).groups == ()


@pytest.mark.parametrize(
    "text",
    ["", "  ", "TODO", "todo: write", "TBD", "XXX", "...", "<title>", "[tiêu đề]", "N/A", "chưa có", "?"],
)
def test_placeholders_are_refused_in_both_languages(entry, text):
    found = mistakes(as_yaml(entry) | {"title": {"vi": text, "en": "Figures"}})
    assert found["title.vi"]["type"] == "placeholder"
    assert found["title.vi"]["ctx"]["vi"]


@pytest.mark.parametrize("text", ["Số\u200bliệu", "Số\x00liệu", "Số\u2028liệu", "\u202eSố liệu"])
def test_invisible_characters_are_refused(entry, text):
    assert set(mistakes(as_yaml(entry) | {"title": {"vi": text, "en": "Figures"}})) == {"title.vi"}


def test_text_is_kept_in_one_form():
    assert catalog.Labels(vi=" Tie\u0302\u0301ng ", en="x").vi == "Tiếng"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"titel": TEXT}, "titel"),
        ({"title": {"vi": "Số liệu"}}, "title.en"),
        ({"keywords": []}, "keywords"),
        ({"issued": 20260301}, "issued"),
        ({"issued": datetime(2026, 3, 1, 8)}, "issued"),
        ({"issued": "01/03/2026"}, "issued"),
        ({"modified": "2026-02-28"}, ""),
        ({"temporal": {"start": "2016-01-01", "end": "2013-01-01"}}, "temporal"),
        ({"groups": ["1"]}, "groups.0"),
        ({"groups": [True]}, "groups.0"),
        ({"category": "2"}, "category"),
        ({"frequency": "monthly"}, "frequency"),
        ({"licence": "CC0"}, "licence"),
        ({"spatial": "Viet Nam"}, "spatial"),
        ({"contact": {"name": TEXT}}, "contact"),
        ({"contact": {"name": TEXT, "email": "nobody"}}, "contact.email"),
        ({"publisher": {"name": TEXT, "uri": "javascript:alert(1)"}}, "publisher.uri"),
        ({"evidence": [{"kind": "promise"}]}, "evidence.0"),
        ({"evidence": [{"kind": "undertakings_audit", "rules": ["dominance"], "digest": "x"}]},
         "evidence.0.undertakings_audit.digest"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_place(entry, change, where):
    assert set(mistakes(as_yaml(entry) | change)) == {where}


def test_a_decision_has_an_end_and_a_scope():
    found = mistakes(
        {"evidence": [{"kind": "decision", "number": "1/QĐ", "date": "2026-01-01", "signer": TEXT}]}
    )
    missing = {place.removeprefix("evidence.0.decision.") for place in found if place.startswith("evidence")}
    assert missing == {"necessity", "scope", "groups", "expires"}


def test_messages_do_not_repeat_what_was_written(entry):
    with pytest.raises(ValidationError) as caught:
        catalog.Entry.model_validate(as_yaml(entry) | {"issued": "Nguyễn 079"})
    assert "Nguyễn" not in str(caught.value)


def test_entries_are_frozen(entry):
    with pytest.raises(ValidationError):
        entry.issued = date(2027, 1, 1)

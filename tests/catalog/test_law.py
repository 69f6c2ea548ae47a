"""The law data against the decree, and the days on which provisions hold."""

import json
import re
from datetime import date

import pytest

from catalog import law
from catalog.errors import LawError


def test_the_24_groups_say_what_the_decree_says(shared):
    read = json.loads((shared / "data" / "article5_map.json").read_text(encoding="utf-8"))
    for theirs, ours in zip(read, law.groups().values(), strict=True):
        assert theirs["group"] == ours.group
        assert (theirs["vi"], theirs["en"]) == (ours.labels.vi, ours.labels.en)
        assert tuple(theirs["conditional"]) == ours.conditions
        assert [dotted(p) for p in theirs["art14"]] == list(ours.national_database)
        assert [dotted(p.split(":")[0]) for p in theirs["art15"]] == list(ours.master_data)


def dotted(path):
    return ".".join(re.findall(r"\w+", path))


def test_five_groups_carry_no_condition():
    assert [n for n, group in law.groups().items() if not group.conditions] == [14, 16, 21, 22, 23]


def test_every_category_of_article_7():
    assert list(law.categories()) == ["1", "2a", "2b", "3", "4"]


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("decree-102-2025/10.2.c", date(2025, 6, 30), False),
        ("decree-102-2025/10.2.c", date(2025, 7, 1), True),
        ("decree-47-2020/17", date(2025, 8, 18), True),
        ("decree-47-2020/17", date(2025, 8, 19), False),
        ("decree-13-2023", date(2026, 1, 1), False),
        ("circular-38-2024-tt-byt", date(2026, 12, 31), False),
        ("circular-38-2024-tt-byt", date(2027, 1, 1), True),
        ("circular-23-2025-tt-byt", date(2026, 1, 1), False),  # its first day is not confirmed
    ],
)
def test_in_force(name, day, expected):
    assert law.in_force(law.citation(name), day) is expected


def test_citations_are_written_as_jurists_write_them():
    name = law.citation("decree-102-2025/9.2.a").name
    assert name.vi == "điểm a khoản 2 Điều 9 Nghị định 102/2025/NĐ-CP"
    assert name.en == "Article 9(2)(a), Decree 102/2025/ND-CP"


def test_what_repeals_is_itself_known():
    repeals = {c.repealed_by for c in law.citations().values() if c.repealed_by}
    assert repeals <= set(law.citations())


def test_a_provision_that_ended_says_when_and_by_what():
    for cited in law.citations().values():
        assert cited.valid_from is None or cited.valid_to is None or cited.valid_from <= cited.valid_to
        assert cited.repealed_by is None or cited.valid_to


def test_an_unknown_citation_is_an_error_in_both_languages():
    with pytest.raises(LawError) as caught:
        law.citation("decree-102-2025/99.9")
    assert "decree-102-2025/99.9" in caught.value.problems[0].what.vi

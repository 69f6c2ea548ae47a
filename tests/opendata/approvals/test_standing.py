"""Standing approvals: what a scheduler submits is approved while columns, codes, units, rules and publisher stay."""

import json
from datetime import date, timedelta

import pytest

from opendata import approvals
from opendata.approvals.terms import terms
from opendata.errors import GateError, PersonalDataError, SpecError
from tests.opendata.approvals.conftest import CODEBOOK, DAY, PROTECTION, Receipt
from tests.opendata.approvals.test_people import edit

UNTIL = date(2027, 6, 30)


def standing(bureau, release, *who, until=UNTIL):
    for one in who:
        approvals.approve_standing(release, bureau.keys[one], until=until, book=bureau.book)


@pytest.fixture
def covered(bureau):
    """A workspace in which two approvers have approved beforehand."""
    standing(bureau, bureau.release(), "kiem-duyet-1", "kiem-duyet-2")
    bureau.later(days=30)
    return bureau


def test_what_the_scheduler_submits_is_approved_at_once(covered):
    release = covered.release("2026.2", data=b"next month\n")
    assert approvals.covers(release, book=covered.book) == []
    covered.submit(release, "lich")
    assert covered.state(release) == "approved"
    acts = covered.permit(release).acts
    assert [act["act"] for act in acts] == ["submit", "approve_standing", "approve_standing"]
    assert (release.directory / "approvals.jsonld").exists()


def test_what_a_person_submits_is_not(covered):
    release = covered.release("2026.2")
    covered.submit(release)
    assert covered.state(release) == "submitted"


def test_one_is_not_enough_and_people_complete_it(bureau):
    standing(bureau, bureau.release(), "kiem-duyet-1")
    release = bureau.release("2026.2")
    problems = approvals.covers(release, book=bureau.book)
    assert "1 of 2" in problems[-1].what.en
    bureau.submit(release, "lich")
    assert bureau.state(release) == "submitted"
    bureau.approve(release, "kiem-duyet-1", "kiem-duyet-2")
    bureau.permit(release)


def test_the_same_person_twice_is_one(bureau):
    standing(bureau, bureau.release(), "kiem-duyet-1", "kiem-duyet-1")
    release = bureau.release("2026.2")
    bureau.submit(release, "lich")
    assert bureau.state(release) == "submitted"


def changed(**more):
    book = json.loads(CODEBOOK)
    return json.dumps({**book, **more})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"codebook": changed(columns=[{"name": "cases", "unit": {"vi": "lượt"}}])}, "columns"),
        ({"codebook": changed(columns=[*json.loads(CODEBOOK)["columns"], {"name": "deaths"}])}, "columns"),
        ({"codebook": changed(codelists=[{"id": "sex", "codes": [{"code": "M"}]}])}, "columns"),
        ({"protection": {"rules": [{"kind": "small_count", "threshold": 3}]}}, "protection"),
        ({"protection": PROTECTION | {"zeros": "published"}}, "protection"),
        ({"organization": "so-y-te"}, "organisation"),
    ],
)
def test_anything_that_changes_voids_it(covered, change, said):
    release = covered.release("2026.2", **change)
    assert said in approvals.covers(release, book=covered.book)[0].what.en
    covered.submit(release, "lich")
    assert covered.state(release) == "submitted"
    with pytest.raises(GateError):
        covered.permit(release)


def test_a_calendar_goes_on_by_itself(bureau):
    def calendar(*months):
        return changed(codelists=[{"id": "months", "codes": [{"code": code} for code in months]}])

    one = bureau.release(codebook=calendar("2026", "2026-01"))
    two = bureau.release("2026.2", codebook=calendar("2026", "2026-01", "2026-02"))
    assert terms(one.directory) == terms(two.directory)
    assert terms(bureau.release("2026.3", codebook=calendar("N", "S")).directory) != terms(two.directory)


def test_codes_that_had_no_records_may_have_some(bureau):
    """A province without a case in January has one in February: the list is the same."""

    def release(version, codes, whole):
        book = changed(codelists=[{"id": "sex", "codes": [{"code": code} for code in codes]}])
        return bureau.release(version, codebook=book, codelists={"sex": whole}).directory

    one = terms(release("2026.1", "F", "1" * 64))
    assert one == terms(release("2026.2", "FM", "1" * 64))
    assert one != terms(release("2026.3", "F", "2" * 64))


def test_it_ends_on_its_day(covered):
    covered.now = DAY.replace(year=2027, month=6, day=30, hour=16, minute=59)
    covered.submit(last := covered.release("2026.2"), "lich")
    assert covered.state(last) == "approved"
    covered.later(minutes=1)
    covered.submit(late := covered.release("2026.3"), "lich")
    assert covered.state(late) == "submitted"
    covered.permit(last)


@pytest.mark.parametrize("days", [-1, 401])
def test_days_that_cannot_be(bureau, days):
    with pytest.raises(SpecError, match="400"):
        standing(bureau, bureau.release(), "kiem-duyet-1", until=date(2026, 12, 10) + timedelta(days=days))


def test_only_approvers_give_and_end_them(bureau):
    release = bureau.release()
    with pytest.raises(GateError):
        standing(bureau, release, "thong-ke")
    with pytest.raises(GateError):
        approvals.revoke_standing(bureau.workspace, "cases", bureau.keys["lich"], why="x", book=bureau.book)
    with pytest.raises(PersonalDataError):
        approvals.revoke_standing(
            bureau.workspace, "cases", bureau.keys["kiem-duyet-1"], why="gọi 0912 345 678", book=bureau.book
        )


def revoke(bureau):
    key = bureau.keys["kiem-duyet-3"]
    approvals.revoke_standing(bureau.workspace, "cases", key, why="đổi mẫu", book=bureau.book)


def test_revoked_it_holds_no_more_also_for_what_waits(covered):
    waiting, out = covered.release("2026.2"), covered.release("2026.3")
    for release in (waiting, out):
        covered.submit(release, "lich")
    covered.permit(out).published(Receipt())
    revoke(covered)
    with pytest.raises(GateError, match="revoked"):
        covered.permit(waiting)
    covered.permit(out)
    covered.submit(after := covered.release("2026.4"), "lich")
    assert covered.state(after) == "submitted"


def test_after_revocation_they_are_given_anew(covered):
    revoke(covered)
    standing(covered, covered.release("2026.2"), "kiem-duyet-2", "kiem-duyet-3")
    covered.submit(release := covered.release("2026.3"), "lich")
    covered.permit(release)


def test_an_approver_who_may_not_any_more_approves_nothing_beforehand(covered):
    approvals.revoke_key(covered.workspace, "kiem-duyet-1", why="mất máy", book=covered.book)
    covered.submit(release := covered.release("2026.2"), "lich")
    assert covered.state(release) == "submitted"
    edit(covered, 'id = "kiem-duyet-2"', 'id = "kiem-duyet-2"\nuntil = 2026-12-31')
    problems = approvals.covers(release, book=covered.book)
    assert len(problems) == 3


def test_they_are_for_one_dataset(covered):
    covered.submit(release := covered.release(dataset="deaths"), "lich")
    assert covered.state(release) == "submitted"


def test_a_list_without_protection_may_be_submitted_for_people_to_approve(bureau):
    release = bureau.release(audit={"ok": True})
    bureau.submit(release, "lich")
    assert bureau.state(release) == "submitted"
    bureau.approve(release, "kiem-duyet-1", "kiem-duyet-2")
    bureau.permit(release)


def test_a_release_without_codebook_is_approved_by_people_only(bureau):
    release = bureau.release()
    (release.directory / "codebook.json").unlink()
    with pytest.raises(GateError, match="no codebook"):
        terms(release.directory)

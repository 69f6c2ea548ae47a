"""Somebody who can write the ledger and the files, but has not the keys of two approvers, publishes nothing."""

import shutil
from datetime import date, timedelta

import pytest

from opendata import approvals, site, withdrawal
from opendata.approvals import Key, persons, showing
from opendata.approvals.acts import sign, statement
from opendata.approvals.recording import Said, record
from opendata.errors import GateError, VerificationError
from opendata.ledger import Entry, Ledger, backups, building
from opendata.ledger.events import stamp
from opendata.withdrawal import Decision
from tests.opendata.approvals.conftest import CODEBOOK, Receipt
from tests.opendata.approvals.test_people import edit

APPROVERS = ("kiem-duyet-1", "kiem-duyet-2")


@pytest.fixture
def withdrawn(bureau):
    """A release that was out and is withdrawn; with a backup of the ledger of before that."""
    release = bureau.approved()
    bureau.permit(release).published(Receipt())
    backups.backup(bureau.book, bureau.workspace.root / "before.jsonl")
    said = withdrawal.reason("Sai số liệu tháng mười một", "The figures of November are wrong")
    case = withdrawal.case_of(bureau.workspace, "cases", "2026.1", book=bureau.book)
    withdrawal.withdraw(case, bureau.keys["kiem-duyet-1"], Decision(said, "decree-102-2025/24.1"))
    return release


@pytest.fixture
def standing(bureau):
    """The events of two standing approvals."""
    release = bureau.release()
    for who in APPROVERS:
        approvals.approve_standing(release, bureau.keys[who], until=date(2027, 6, 30), book=bureau.book)
    return [event for event in bureau.book.events() if event.kind == "standing_approved"]


def append(bureau, *entries):
    with bureau.book.writing() as writer:
        return [writer.append(entry, at=bureau.now) for entry in entries]


def again(event, **about):
    return Entry(about.pop("kind", event.kind), **about, who=event.who, why=event.why, facts=event.facts)


def joined(bureau, key, *roles):
    """`key_added` as `add_person` would refuse to write it."""
    person = persons.Person(key.id, None, roles, key.public)
    with bureau.book.writing() as writer:
        record(bureau.book, writer, key, Said("add_key", "key_added", more=persons.facts_of(person)))


def test_nobody_restores_what_was_withdrawn(bureau, withdrawn):
    about = {"dataset": "cases", "version": "2026.1", "manifest": approvals.case_of(withdrawn).manifest}
    append(bureau, *(Entry("restored", **about, who=who) for who in APPROVERS))
    assert bureau.state(withdrawn) == "approved"
    with pytest.raises(VerificationError, match="signature is wrong"):
        bureau.permit(withdrawn)


def test_one_person_does_not_restore_for_two(bureau, withdrawn):
    approvals.perform(
        approvals.case_of(withdrawn, book=bureau.book), bureau.keys["kiem-duyet-1"], "restore", why="xong"
    )
    first = bureau.book.events()[-1]
    about = {"dataset": "cases", "version": "2026.1", "manifest": first.manifest}
    append(bureau, Entry("restored", **about, who="kiem-duyet-2", why="xong", facts=first.facts))
    with pytest.raises(VerificationError, match="not this event"):
        bureau.permit(withdrawn)


def test_two_restore_and_it_is_out_again(bureau, withdrawn):
    for who in ("kiem-duyet-2", "kiem-duyet-3"):
        withdrawal.restore(withdrawn, bureau.keys[who], why="Đã kiểm tra lại nguồn", book=bureau.book)
    bureau.permit(withdrawn).published(Receipt())


def test_an_old_copy_of_the_ledger_does_not_undo_a_withdrawal(bureau, withdrawn):
    backups.restore(bureau.book, bureau.workspace.root / "before.jsonl", who="thong-ke", why="hỏng đĩa")
    assert bureau.state(withdrawn) == "published"
    with pytest.raises(VerificationError, match="does not hold that decision"):
        bureau.permit(withdrawn)


def test_a_copy_of_the_ledger_elsewhere_is_not_asked(bureau, tmp_path_factory):
    release = bureau.approved()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("ledger.sqlite", "ledger.head"):
        shutil.copy(bureau.workspace.root / name, elsewhere)
    approvals.refuse(release, bureau.keys["kiem-duyet-3"], why="Sai nguồn", book=bureau.book)
    with pytest.raises(GateError, match="not the ledger of this workspace"):
        approvals.permitted(release, book=Ledger(elsewhere))


def test_a_standing_approval_that_was_revoked_does_not_come_back(bureau, standing):
    key = bureau.keys["kiem-duyet-1"]
    approvals.revoke_standing(bureau.workspace, "cases", key, why="Đổi nguồn", book=bureau.book)
    append(bureau, *(again(event, dataset="cases") for event in standing))
    release = bureau.release("2026.2", data=b"next month\n")
    bureau.submit(release, "lich")
    assert bureau.state(release) == "submitted"


@pytest.mark.parametrize(
    ("who", "role", "codebook", "said"),
    [
        ("thong-ke", "scheduler", CODEBOOK, "role that this person does not have"),
        ("thong-ke", "author", CODEBOOK, "what a scheduler submitted"),
        ("lich", "scheduler", CODEBOOK.replace("sex", "age"), "these have changed"),
    ],
)
def test_standing_approvals_are_for_schedulers_and_for_what_it_is(
    bureau, standing, who, role, codebook, said
):
    release = bureau.release("2026.2", data=b"x\n", codebook=codebook)
    subject = approvals.case_of(release, book=bureau.book).subject
    terms = standing[0].facts["statement"]["terms"]
    with bureau.book.writing() as writer:
        number, digest = writer.head
        head = {"at": stamp(bureau.now), "ledger": {"number": number, "digest": digest}}
        more = head | {"approvers": 2, "role": role, "title": None, "terms": terms}
        facts = sign(statement("submit", subject, who=who, why="x", **more), bureau.keys[who]).facts
        writer.append(Entry("submitted", **subject, who=who, why="x", facts=facts), at=bureau.now)
        for event in standing:
            writer.append(again(event, kind="approved", **subject), at=bureau.now)
    assert bureau.state(release) == "approved"
    with pytest.raises(GateError, match=said):
        bureau.permit(release)


def test_nobody_gives_themselves_another_role(bureau):
    joined(bureau, bureau.keys["thong-ke"], "author", "approver")
    edit(bureau, 'id = "thong-ke"\nroles = ["author"]', 'id = "thong-ke"\nroles = ["author", "approver"]')
    release = bureau.release()
    bureau.submit(release, "kiem-duyet-3")
    with pytest.raises(GateError, match="with other roles"):
        bureau.approve(release, "thong-ke")


def test_a_revoked_key_stays_so_under_another_id(bureau):
    approvals.revoke_key(bureau.workspace, "kiem-duyet-2", why="Mất máy", book=bureau.book)
    key = Key("kiem-duyet-9", bureau.keys["kiem-duyet-2"].private)
    joined(bureau, key, "approver")
    edit(bureau, 'id = "kiem-duyet-2"', 'id = "kiem-duyet-9"')
    release = bureau.release()
    bureau.submit(release)
    with pytest.raises(GateError, match="revoked"):
        approvals.approve(release, key, book=bureau.book)


def test_the_site_shows_nothing_that_nobody_signed(bureau):
    release = bureau.release()
    subject = approvals.case_of(release, book=bureau.book).subject
    kinds = (("submitted", "thong-ke"), *(("approved", who) for who in APPROVERS))
    append(bureau, *(Entry(kind, **subject, who=who) for kind, who in kinds))
    with pytest.raises(VerificationError, match="signature is wrong"):
        site.visible.visible(bureau.workspace, now=bureau.now + timedelta(days=1))


def test_approvers_are_told_what_was_not_built_here(bureau):
    release = bureau.release(built=False)
    building.adopt(bureau.book, release.directory, who="thong-ke", why="có trước sổ cái")
    told = showing._adopted(bureau.book.events("cases", "2026.1"))
    assert ["Nobody attacked it here" in line.en for line in told] == [True]

"""One person withdraws, two put it back; nobody publishes what was withdrawn, and its files stay in the workspace."""

import json

import pytest

from opendata import approvals, pipeline, withdrawal
from opendata.errors import GateError, PersonalDataError, SpecError, VerificationError
from opendata.release import beside
from opendata.withdrawal import tombstone
from tests.opendata.withdrawal.conftest import ARTICLE, PAGE, REASON


def test_one_approver_withdraws_and_the_act_is_signed(office):
    office.publish("2026.1")
    done = office.withdraw("2026.1", successor="2026.2")
    assert done.fresh
    assert office.kinds("2026.1")[-1] == "withdrawn"
    stone = done.stone
    assert (stone.version, stone.article, stone.successor) == ("2026.1", ARTICLE, "2026.2")
    assert (stone.reason.vi, stone.reason.en) == REASON
    assert stone.contact.email == "opendata@example.org"
    assert stone.act["statement"]["who"] == "kiem-duyet-1"
    files = {path.name for path in office.release("2026.1").directory.iterdir()}
    assert dict(stone.files).keys() == files - {"SHA256SUMS", "approvals.jsonld"}


def test_the_author_alone_only_in_an_emergency(office):
    with pytest.raises(GateError, match="only in an emergency"):
        office.withdraw("2026.1", "thong-ke")
    assert "withdrawn" not in office.kinds("2026.1")
    assert office.withdraw("2026.1", "thong-ke", emergency=True).stone.emergency


def test_running_again_decides_nothing_anew(office):
    first = office.withdraw("2026.1")
    again = office.withdraw("2026.1", "kiem-duyet-2", article="law-91-2025")
    assert not again.fresh
    assert again.stone == first.stone
    assert office.kinds("2026.1").count("withdrawn") == 1


def test_all_mistakes_of_a_decision_at_once(office):
    with pytest.raises(SpecError) as refused:
        office.withdraw("2026.1", article="decree-102-2025/99", successor="2026.1")
    assert [one.where for one in refused.value.problems] == ["--article", "--successor"]
    with pytest.raises(SpecError) as refused:
        withdrawal.reason("…", "TODO")
    assert [one.where for one in refused.value.problems] == ["--reason-vi", "--reason-en"]
    assert "withdrawn" not in office.kinds("2026.1")


def test_a_reason_names_no_person(office):
    case = withdrawal.case_of(office.workspace, "cases", "2026.1")
    decision = withdrawal.Decision(
        withdrawal.reason("Hỏi ông Nguyễn Văn An, 0912 345 678", "A leak."), ARTICLE
    )
    with pytest.raises(PersonalDataError):
        withdrawal.withdraw(case, office.keys["kiem-duyet-1"], decision)
    assert "withdrawn" not in office.kinds("2026.1")


@pytest.mark.parametrize("version", ["2026.9", ""])
def test_what_the_ledger_does_not_know(office, version):
    with pytest.raises(SpecError, match="knows no such version"):
        withdrawal.case_of(office.workspace, "cases", version)


def test_nobody_publishes_it_and_its_files_stay(office):
    office.withdraw("2026.2")
    with pytest.raises(GateError, match="withdrawn") as refused:
        approvals.permitted(office.release("2026.2"))
    assert refused.value.exit_code == 6
    release, fresh = pipeline.build("cases", office.root, version="2026.2")
    assert (release.version, fresh) == ("2026.2", False)  # it is remembered, and rebuilt as it was
    assert beside(release.directory).is_file()


def test_two_restore_neither_of_them_the_author(office):
    office.publish("2026.1")
    office.withdraw("2026.1")
    with pytest.raises(GateError):
        office.restore("2026.1", "thong-ke")
    office.restore("2026.1", "kiem-duyet-3")
    with pytest.raises(GateError, match="withdrawn"):
        approvals.permitted(office.release("2026.1"))
    with pytest.raises(GateError, match="done this already"):
        office.restore("2026.1", "kiem-duyet-3")
    office.restore("2026.1", "kiem-duyet-1")
    assert not beside(office.release("2026.1").directory).exists()
    office.publish("2026.1")
    assert office.kinds("2026.1")[-3:] == ["restored", "restored", "published"]
    assert withdrawal.tombstones(office.workspace) == {}


def test_a_restored_version_can_be_withdrawn_again(office):
    office.withdraw("2026.1")
    office.restore("2026.1", "kiem-duyet-1", "kiem-duyet-2")
    assert office.withdraw("2026.1", "kiem-duyet-3").stone.act["statement"]["who"] == "kiem-duyet-3"
    (stone,) = withdrawal.tombstones(office.workspace)["cases"]
    assert stone.act["statement"]["who"] == "kiem-duyet-3"


def test_a_damaged_folder_stops_no_withdrawal_but_every_restoration(office):
    (office.root / "releases/cases/2026.1/manifest.json").write_text("{}")
    done = office.withdraw("2026.1")
    assert [name for name, _ in done.stone.files] == ["manifest.json"]
    with pytest.raises(VerificationError, match="manifest"):
        office.restore("2026.1", "kiem-duyet-1")


def test_published_while_it_was_withdrawn_is_told(office):
    permit = approvals.permitted(office.release("2026.1"))
    office.withdraw("2026.1")
    with pytest.raises(GateError, match="while it was being published"):
        permit.published(type("Receipt", (), {"url": PAGE, "written": 1}))
    assert office.kinds("2026.1")[-1] == "withdrawn"


def test_pages_of_other_portals_are_named(office):
    office.publish("2026.1")
    assert office.withdraw("2026.1").elsewhere == (PAGE,)


def test_the_tombstone_is_what_was_signed(office):
    text = tombstone.written(office.withdraw("2026.1").stone)
    assert tombstone.read(text, where="x").reason.en == REASON[1]
    said = json.loads(text)
    for name, other in {
        "reason": {"vi": "Khác", "en": "Other"},
        "successor": "2027.1",
        "version": "2026.2",
    }.items():
        with pytest.raises(VerificationError, match="signature is wrong"):
            tombstone.read(json.dumps(said | {name: other}), where="x")
    said["act"]["statement"]["article"] = "law-91-2025"
    with pytest.raises(VerificationError, match="signature is wrong"):
        tombstone.read(json.dumps(said | {"article": "law-91-2025"}), where="x")


def test_the_page_stands_by_itself_in_both_languages(office):
    page = withdrawal.page(office.withdraw("2026.1", emergency=True, successor="2026.2").stone)
    for text in (*REASON, "Article 11", "Điều 11", "2026.2", "in an emergency", "opendata@example.org"):
        assert text in page
    assert "http" not in page.replace("http-equiv", "")

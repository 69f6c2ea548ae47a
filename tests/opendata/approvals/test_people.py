"""People and their keys: made once, kept apart, known to the ledger, and revoked for good."""

import tomllib

import pytest

from catalog import Labels
from opendata import approvals
from opendata import workspace as workspaces
from opendata.approvals import Office, keys
from opendata.errors import GateError, PersonalDataError, SpecError
from tests.opendata.approvals.conftest import OFFICES

TITLE = Labels(vi='Phòng "Kiểm duyệt" số 1 \\ lầu 2', en="Review office 1")


@pytest.fixture
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("home") / "keys"


def join(bureau, place, id="kiem-duyet-9", **office):
    return approvals.join(bureau.workspace, place, id, Office(**({"roles": ("approver",)} | office)))


def test_a_key_is_a_file_for_its_owner(place):
    made = approvals.new_key(place, "kiem-duyet-9")
    path = place / "kiem-duyet-9.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert place.stat().st_mode & 0o777 == 0o700
    assert approvals.read_key(place, "kiem-duyet-9").public == made.public


def test_a_key_is_never_overwritten(place):
    before = approvals.new_key(place, "kiem-duyet-9")
    with pytest.raises(SpecError):
        approvals.new_key(place, "kiem-duyet-9")
    assert approvals.read_key(place, "kiem-duyet-9").public == before.public


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_not_used(place, mode):
    approvals.new_key(place, "kiem-duyet-9")
    (place / "kiem-duyet-9.pem").chmod(mode)
    with pytest.raises(GateError, match="others"):
        approvals.read_key(place, "kiem-duyet-9")


def test_a_locked_key_takes_its_passphrase(place):
    made = approvals.new_key(place, "kiem-duyet-9", passphrase="lúa nếp")
    assert keys.is_locked(place, "kiem-duyet-9")
    assert approvals.read_key(place, "kiem-duyet-9", passphrase="lúa nếp").public == made.public
    for wrong in (None, "lúa tẻ", ""):
        with pytest.raises(GateError):
            approvals.read_key(place, "kiem-duyet-9", passphrase=wrong)


def test_a_key_without_passphrase_does_not_mind_one(place):
    approvals.new_key(place, "kiem-duyet-9")
    approvals.read_key(place, "kiem-duyet-9", passphrase="lúa nếp")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_signs_nothing(place, content):
    approvals.new_key(place, "kiem-duyet-9")
    (place / "kiem-duyet-9.pem").write_bytes(content)
    with pytest.raises(GateError):
        approvals.read_key(place, "kiem-duyet-9")


def test_no_key_is_a_refusal(place):
    with pytest.raises(GateError):
        approvals.read_key(place, "kiem-duyet-9")


def test_the_folder_of_keys(tmp_path):
    assert keys.folder({"OPENDATA_KEYS": str(tmp_path)}) == tmp_path
    assert keys.folder({}).parts[-3:] == (".config", "ytemo", "keys")


def test_somebody_joins(bureau, place):
    person = join(bureau, place, title=TITLE)
    found = approvals.people(workspaces.find(bureau.workspace.root))
    assert found["kiem-duyet-9"] == person
    assert list(found) == [*OFFICES, "kiem-duyet-9"]
    event = bureau.book.events("")[-1]
    assert (event.kind, event.who) == ("key_added", "kiem-duyet-9")
    assert approvals.check_signed(event.facts, place="x")["key"] == person.key
    text = (bureau.workspace.root / "opendata.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["governance"]["approvers"] == 2


def test_an_id_is_given_once(bureau, place):
    before = (bureau.workspace.root / "opendata.toml").read_bytes()
    for id in ("kiem-duyet-1", "lich"):
        with pytest.raises(SpecError):
            join(bureau, place, id)
    assert (bureau.workspace.root / "opendata.toml").read_bytes() == before
    assert not list(place.glob("*"))


def test_an_id_of_the_past_is_not_given_again(bureau, place):
    path = bureau.workspace.root / "opendata.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("[[people]]")[0], encoding="utf-8")
    with pytest.raises(SpecError, match="never used again"):
        approvals.join(workspaces.find(path.parent), place, "kiem-duyet-1", Office(("approver",)))
    assert not list(place.glob("*"))


def test_one_key_is_one_person(bureau, place):
    key = bureau.keys["kiem-duyet-1"]
    with pytest.raises(SpecError):
        approvals.add_person(
            bureau.workspace, approvals.Key("kiem-duyet-9", key.private), Office(("approver",))
        )
    text = (bureau.workspace.root / "opendata.toml").read_text(encoding="utf-8")
    text += f'\n[[people]]\nid = "kiem-duyet-9"\nroles = ["approver"]\nkey = "{key.public}"\n'
    (bureau.workspace.root / "opendata.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match="same key"):
        workspaces.find(bureau.workspace.root)


@pytest.mark.parametrize("wrong", [{"roles": ("boss",)}, {"roles": ()}])
def test_roles_are_those_there_are(bureau, place, wrong):
    with pytest.raises(SpecError):
        join(bureau, place, **wrong)
    assert not list(place.glob("*"))


@pytest.mark.parametrize("id", ["Kiem Duyet", "a", "../x"])
def test_ids_are_plain(bureau, place, id):
    with pytest.raises(SpecError):
        join(bureau, place, id)
    assert not list(place.glob("*"))


def test_a_title_is_scanned(bureau, place):
    with pytest.raises(PersonalDataError):
        join(bureau, place, title=Labels(vi="Phòng kiểm duyệt 0912 345 678", en="Review office"))


def test_keys_never_lie_in_the_workspace(bureau):
    with pytest.raises(SpecError, match="in the workspace"):
        join(bureau, bureau.workspace.root / "keys")


def test_a_revoked_key_signs_no_more_and_what_it_signed_stays(bureau):
    release = bureau.approved()
    approvals.revoke_key(bureau.workspace, "kiem-duyet-1", why="mất máy", book=bureau.book)
    bureau.permit(release)
    later = bureau.release("2026.2")
    bureau.submit(later)
    with pytest.raises(GateError, match="revoked"):
        bureau.approve(later, "kiem-duyet-1")
    with pytest.raises(SpecError):
        approvals.revoke_key(bureau.workspace, "kiem-duyet-1", why="mất máy", book=bureau.book)


def test_revoking_takes_a_reason_and_somebody(bureau):
    with pytest.raises(SpecError):
        approvals.revoke_key(bureau.workspace, "kiem-duyet-1", why=" ", book=bureau.book)
    with pytest.raises(GateError):
        approvals.revoke_key(bureau.workspace, "nobody", why="x", book=bureau.book)


def edit(bureau, old, new):
    path = bureau.workspace.root / "opendata.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    bureau.workspace = workspaces.find(bureau.workspace.root)


def test_who_edits_the_file_becomes_no_approver(bureau):
    release = bureau.release()
    bureau.submit(release)
    edit(bureau, 'id = "lich"\nroles = ["scheduler"]', 'id = "lich"\nroles = ["approver"]')
    with pytest.raises(GateError, match="other roles"):
        bureau.approve(release, "lich")


def test_days_count_as_in_viet_nam(bureau):
    release = bureau.release()
    bureau.submit(release)
    edit(bureau, 'id = "kiem-duyet-1"', 'id = "kiem-duyet-1"\nuntil = 2026-12-10')
    bureau.later(hours=15)  # 0:00 on 11 December in Ha Noi
    with pytest.raises(GateError, match="does not act on 2026-12-11"):
        bureau.approve(release, "kiem-duyet-1")
    bureau.later(seconds=-1)
    bureau.approve(release, "kiem-duyet-1")


def test_nobody_acts_before_their_first_day(bureau):
    edit(bureau, 'id = "thong-ke"', 'id = "thong-ke"\nsince = 2026-12-11')
    with pytest.raises(GateError, match="does not act on 2026-12-10"):
        bureau.submit(bureau.release())


@pytest.mark.parametrize("number", [1, 0, -2])
def test_fewer_than_two_approvers_are_refused(bureau, number):
    with pytest.raises(SpecError, match="approvers"):
        edit(bureau, "approvers = 2", f"approvers = {number}")


def test_the_block_of_somebody_who_signed_stays(bureau):
    release = bureau.approved()
    edit(bureau, 'id = "kiem-duyet-2"', 'id = "kiem-duyet-9"')
    with pytest.raises(GateError, match="signed for this, and is not there any more"):
        bureau.permit(release)

"""Submitting, approving, returning, refusing; and leave to publish, for these very bytes only."""

import json
import shutil
from datetime import timedelta

import pytest

from opendata import approvals, site
from opendata.errors import GateError, PersonalDataError, SpecError, VerificationError
from opendata.ledger import Entry
from opendata.memory.releases import kept_back
from opendata.release import Release, digest
from tests.opendata.approvals.conftest import Receipt
from tests.opendata.approvals.test_people import edit


def test_from_draft_to_superseded(bureau):
    first = bureau.release()
    assert bureau.state(first) == "draft"
    bureau.submit(first)
    assert bureau.state(first) == "submitted"
    bureau.approve(first, "kiem-duyet-1")
    assert bureau.state(first) == "submitted"
    bureau.approve(first, "kiem-duyet-2")
    assert bureau.state(first) == "approved"
    bureau.permit(first).published(Receipt())
    assert bureau.state(first) == "published"
    second = bureau.approved("2026.2")
    bureau.permit(second).published(Receipt())
    assert (bureau.state(first), bureau.state(second)) == ("superseded", "published")
    assert bureau.book.check() == []


def test_every_act_is_signed_and_names_the_event_before_it(bureau):
    release = bureau.approved()
    events = bureau.book.events()
    for event in events[-3:]:
        act = approvals.check_signed(event.facts, place="x")
        assert act["manifest"] == event.manifest == digest(release.directory / "manifest.json")
        assert act["ledger"] == {"number": event.number - 1, "digest": event.previous}
        assert (act["who"], act["dataset"], act["version"]) == (event.who, event.dataset, event.version)


def test_the_submission_tells_what_it_was_made_with(bureau):
    event = bureau.submit(bureau.release())
    environment = event.facts["statement"]["environment"]
    assert environment["code"]["name"] == "ytemo"
    assert len(environment["packages_sha256"]) == 64
    assert environment["python"].startswith("3.")
    assert environment["workspace"] is None


def test_nobody_approves_what_they_submitted(bureau):
    release = bureau.release()
    bureau.submit(release, "kiem-duyet-3")
    with pytest.raises(GateError, match="submitted it"):
        bureau.approve(release, "kiem-duyet-3")
    bureau.approve(release, "kiem-duyet-1", "kiem-duyet-2")


def test_nobody_approves_twice(bureau):
    release = bureau.release()
    bureau.submit(release)
    with pytest.raises(GateError, match="already"):
        bureau.approve(release, "kiem-duyet-1", "kiem-duyet-1")
    with pytest.raises(GateError, match="1 of 2"):
        bureau.permit(release)


@pytest.mark.parametrize("who", ["thong-ke", "lich"])
def test_only_approvers_approve(bureau, who):
    release = bureau.release()
    bureau.submit(release, "kiem-duyet-3")
    with pytest.raises(GateError, match="roles"):
        bureau.approve(release, who)


def test_only_authors_and_schedulers_submit(bureau):
    with pytest.raises(GateError, match="roles"):
        bureau.submit(bureau.release(), "kiem-duyet-1")


def test_a_key_under_another_name_is_not_taken(bureau):
    release = bureau.release()
    bureau.submit(release)
    borrowed = approvals.Key("kiem-duyet-1", bureau.keys["thong-ke"].private)
    with pytest.raises(GateError, match="not that of this person"):
        approvals.approve(release, borrowed, book=bureau.book)


def test_nobody_of_that_id(bureau):
    release = bureau.release()
    with pytest.raises(GateError, match="nobody"):
        approvals.submit(
            release, approvals.Key("ai-do", bureau.keys["thong-ke"].private), why="x", book=bureau.book
        )


def test_more_approvers_by_opendata_toml_hold_for_what_is_submitted_then(bureau):
    earlier = bureau.approved()
    edit(bureau, "approvers = 2", "approvers = 3")
    bureau.permit(earlier)
    release = bureau.release("2026.2")
    bureau.submit(release)
    bureau.approve(release, "kiem-duyet-1", "kiem-duyet-2")
    with pytest.raises(GateError, match="2 of 3"):
        bureau.permit(release)
    edit(bureau, "approvers = 3", "approvers = 2")
    with pytest.raises(GateError, match="2 of 3"):
        bureau.permit(release)
    bureau.approve(release, "kiem-duyet-3")
    bureau.permit(release)


@pytest.mark.parametrize("act", ["return_", "refuse"])
def test_what_was_returned_or_refused_is_never_published(bureau, act):
    release = bureau.approved()
    getattr(approvals, act)(release, bureau.keys["kiem-duyet-1"], why="nhầm kỳ", book=bureau.book)
    assert bureau.state(release) == {"return_": "returned", "refuse": "refused"}[act]
    with pytest.raises(GateError):
        bureau.permit(release)
    for again in (bureau.submit, lambda r: bureau.approve(r, "kiem-duyet-3")):
        with pytest.raises(GateError, match="new one"):
            again(release)


@pytest.mark.parametrize(("approvers", "kept"), [(0, True), (1, True), (2, False)])
def test_what_all_had_approved_may_be_out_and_stays_in_memory(bureau, approvers, kept):
    release = bureau.release()
    bureau.submit(release)
    bureau.approve(release, *("kiem-duyet-1", "kiem-duyet-2")[:approvers])
    approvals.return_(release, bureau.keys["kiem-duyet-3"], why="nhầm kỳ", book=bureau.book)
    assert (("cases", "2026.1") in kept_back(bureau.book.events())) is kept


@pytest.mark.parametrize("act", ["return_", "refuse"])
def test_returning_and_refusing_take_an_approver_and_a_reason(bureau, act):
    release = bureau.release()
    bureau.submit(release)
    with pytest.raises(GateError):
        getattr(approvals, act)(release, bureau.keys["thong-ke"], why="nhầm", book=bureau.book)
    with pytest.raises(SpecError):
        getattr(approvals, act)(release, bureau.keys["kiem-duyet-1"], why=" ", book=bureau.book)


def test_reasons_are_scanned_since_everybody_reads_them(bureau):
    release = bureau.release()
    with pytest.raises(PersonalDataError):
        approvals.submit(release, bureau.keys["thong-ke"], why="gọi 0912 345 678", book=bureau.book)
    bureau.submit(release)
    with pytest.raises(PersonalDataError):
        approvals.approve(release, bureau.keys["kiem-duyet-1"], why="gọi 0912 345 678", book=bureau.book)
    assert [event.kind for event in bureau.book.events("cases")] == ["built", "submitted"]


def test_what_was_not_built_here_was_attacked_by_nobody(bureau):
    release = bureau.release(built=False)
    with pytest.raises(GateError, match="not built"):
        bureau.submit(release)


def test_nobody_approves_while_the_memory_of_what_is_out_has_a_hole(bureau):
    older, release = bureau.release(), bureau.release("2026.2")
    bureau.submit(release)
    shutil.rmtree(older.directory)
    with pytest.raises(VerificationError, match=r"2026\.1"):
        bureau.approve(release, "kiem-duyet-1")


def test_a_changed_byte_stops_every_act(bureau):
    release = bureau.approved()
    (release.directory / "data.csv").write_bytes(b"a,c\n")
    with pytest.raises(VerificationError):
        bureau.permit(release)
    with pytest.raises(VerificationError):
        bureau.approve(release, "kiem-duyet-3")


def resealed(bureau, release):
    """The same version with other content and a manifest that fits it, as somebody would who knows how."""
    for path in release.directory.iterdir():
        path.unlink()
    release.directory.rmdir()
    return bureau.release(release.version, data=b"a,c\n", built=False)


def test_other_bytes_void_the_approvals_also_under_a_fitting_manifest(bureau):
    release = resealed(bureau, bureau.approved())
    with pytest.raises(GateError, match="not built"):
        bureau.permit(release)
    facts = {"content_sha256": "", "private": {}}
    forge(bureau, release, ("built", "", facts))
    with pytest.raises(GateError, match="changed"):
        bureau.permit(release)


def test_other_bytes_cannot_be_approved_by_the_second_approver(bureau):
    release = bureau.release()
    bureau.submit(release)
    bureau.approve(release, "kiem-duyet-1")
    release = resealed(bureau, release)
    forge(bureau, release, ("built", "", {"private": {}}))
    with pytest.raises(GateError, match="not what was submitted"):
        bureau.approve(release, "kiem-duyet-2")


def test_a_release_outside_a_workspace_is_approved_by_nobody(bureau, tmp_path_factory):
    release = bureau.approved()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "2026.1"
    release.directory.rename(elsewhere)
    for directory in (elsewhere, release.directory):
        with pytest.raises((GateError, VerificationError)):
            bureau.permit(Release(directory, "cases", "2026.1"))


def test_a_release_under_another_name_is_refused(bureau):
    release = bureau.approved()
    moved = release.directory.with_name("2026.2")
    release.directory.rename(moved)
    for version in ("2026.1", "2026.2"):
        with pytest.raises(GateError):
            bureau.permit(Release(moved, "cases", version))


def forge(bureau, release, *entries):
    manifest = digest(release.directory / "manifest.json")
    with bureau.book.writing() as writer:
        for kind, who, facts in entries:
            writer.append(
                Entry(kind, dataset="cases", version=release.version, who=who, manifest=manifest, facts=facts)
            )


def test_events_that_nobody_signed_do_not_count(bureau):
    release = bureau.release()
    bureau.submit(release)
    forge(bureau, release, ("approved", "kiem-duyet-1", {}), ("approved", "kiem-duyet-2", {}))
    assert bureau.state(release) == "approved"
    with pytest.raises(VerificationError):
        bureau.permit(release)


@pytest.mark.parametrize(
    "facts", [{}, {"statement": 1}, {"statement": {"approvers": []}, "key": 1, "signature": 2}]
)
def test_a_submission_that_nobody_signed_permits_nothing(bureau, facts):
    release = bureau.release()
    forge(bureau, release, ("submitted", "thong-ke", facts))
    with pytest.raises(GateError, match="0 of 2"):
        bureau.permit(release)
    bureau.approve(release, "kiem-duyet-1")
    with pytest.raises(VerificationError):
        bureau.approve(release, "kiem-duyet-2")
    with pytest.raises(VerificationError):
        bureau.permit(release)


def test_a_spoiled_file_of_approvals_is_to_be_removed(bureau):
    release = bureau.approved()
    (release.directory / "approvals.jsonld").write_bytes(b"{}")
    with pytest.raises(VerificationError, match="made from the ledger"):
        bureau.permit(release)
    (release.directory / "approvals.jsonld").unlink()
    bureau.permit(release)


def test_an_approval_cannot_be_used_for_another_version_or_again(bureau):
    first = bureau.approved()
    facts = [event.facts for event in bureau.book.events("cases", "2026.1") if event.kind == "approved"]
    second = bureau.release("2026.2")
    bureau.submit(second)
    forge(bureau, second, ("approved", "kiem-duyet-1", facts[0]), ("approved", "kiem-duyet-2", facts[1]))
    with pytest.raises(VerificationError, match="not this event"):
        bureau.permit(second)
    bureau.permit(first)


def test_an_act_against_the_rules_stops_everything(bureau):
    release = bureau.release()
    forge(bureau, release, ("published", "", {}))
    with pytest.raises(VerificationError, match="rules"):
        bureau.submit(release)


def test_a_ledger_that_was_altered_permits_nothing(bureau):
    release = bureau.approved()
    (bureau.workspace.root / "ledger.head").write_text(json.dumps({"number": 99, "digest": "a" * 64}))
    with pytest.raises(VerificationError):
        bureau.permit(release)


def test_publishing_is_written_down_once_per_address(bureau):
    release = bureau.approved()
    permit = bureau.permit(release)
    assert [event.kind for event in permit.published(Receipt())] == ["published"]
    assert bureau.permit(release).published(Receipt()) == []
    assert len(permit.published(Receipt("https://portal.example/dataset/cases"))) == 1


def test_an_older_version_published_late_is_superseded_at_once(bureau):
    old, new = bureau.approved("2026.1"), bureau.approved("2026.2")
    bureau.permit(new).published(Receipt())
    bureau.permit(old).published(Receipt())
    assert (bureau.state(old), bureau.state(new)) == ("superseded", "published")
    bureau.permit(old)


def test_one_person_withdraws_and_two_restore(bureau):
    release = bureau.approved()
    bureau.permit(release).published(Receipt())
    case = approvals.recorded_case(bureau.workspace, "cases", "2026.1", book=bureau.book)
    approvals.perform(case, bureau.keys["thong-ke"], "withdraw", why="sai số")
    with pytest.raises(GateError, match="Restore"):
        bureau.permit(release)
    approvals.perform(case, bureau.keys["kiem-duyet-1"], "restore", why="đã sửa")
    with pytest.raises(GateError):
        bureau.permit(release)
    approvals.perform(case, bureau.keys["kiem-duyet-2"], "restore", why="đã sửa")
    bureau.permit(release)


def test_rehearsals_are_for_this_machine_and_not_on_the_site_beside_real_approvals(bureau, tmp_path_factory):
    from opendata import workspace as workspaces

    place = tmp_path_factory.mktemp("rehearsal")
    for id, role in (("tap-su", "author"), ("tap-su-1", "approver"), ("tap-su-2", "approver")):
        key = bureau.keys[id] = approvals.new_key(place, id)
        office = approvals.Office((role,), rehearsal=True)
        approvals.add_person(bureau.workspace, key, office, book=bureau.book)
        bureau.workspace = workspaces.find(bureau.workspace.root)
    release = bureau.release()
    bureau.submit(release, "tap-su")
    bureau.approve(release, "tap-su-1", "tap-su-2")
    bureau.permit(release, portal="http://127.0.0.1:25300")
    for portal in ("https://data.example.org", "http://127.0.0.1.example.org", "x"):
        with pytest.raises(GateError, match="rehearsal"):
            bureau.permit(release, portal=portal)
    bureau.approved("2026.2")
    tomorrow = bureau.now + timedelta(days=1)
    assert site.visible.visible(bureau.workspace, now=tomorrow) == {"cases": ["2026.2"]}


def test_states_and_anchors_of_a_workspace(bureau):
    bureau.approved()
    bureau.submit(bureau.release("2026.2"))
    found = approvals.states(bureau.workspace, book=bureau.book)
    assert {version: life.state for (_, version), life in found.items()} == {
        "2026.1": "approved",
        "2026.2": "submitted",
    }
    anchors, problems = approvals.anchors(bureau.workspace)
    assert len(anchors) == 3
    assert not problems
    held = {event.number: event.digest for event in bureau.book.events()}
    assert all(held[number] == seal for _, number, seal in anchors)

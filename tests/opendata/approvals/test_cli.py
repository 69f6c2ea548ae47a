"""opendata key, submit, approve, return, refuse: from a built release to leave to publish, by command."""

import pytest
from typer.testing import CliRunner

from opendata import approvals, ledger, pipeline
from opendata.cli import app
from opendata.errors import GateError
from opendata.workspace import find
from tests.opendata.conftest import fresh


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A workspace with a built release, and three people with keys, one of them locked."""
    made = fresh(tmp_path_factory.mktemp("office") / "workspace")
    pipeline.build("cases", made.root, version="2026.1")
    run = speaking(made, tmp_path_factory.mktemp("keys") / "keys")
    title = ("--title-vi", "Phòng Thống kê", "--title-en", "Statistics office")
    assert run("key", "new", "thong-ke", "--role", "author", *title).exit_code == 0
    assert run("key", "new", "kiem-duyet-1", "--role", "approver").exit_code == 0
    locked = run("key", "new", "kiem-duyet-2", "--role", "approver", "--passphrase", input="nếp\nnếp\n")
    assert locked.exit_code == 0
    return made, run


def speaking(workspace, keys, language="en"):
    """Run the command as somebody in a workspace with these keys."""

    def run(*arguments, input="", **variables):
        environment = {"OPENDATA_KEYS": str(keys), "OPENDATA_WORKSPACE": str(workspace.root)} | variables
        return CliRunner(env=environment).invoke(app, ["--lang", language, *arguments], input=input)

    return run


def test_from_submission_to_leave_to_publish(office):
    workspace, run = office
    release = pipeline.written("cases", workspace)
    early = run("approve", "cases", "--as", "kiem-duyet-1", "--yes")
    assert isinstance(early.exception, GateError)
    done = run("submit", "cases", "--as", "thong-ke", "--why", "Năm 2024")
    assert "waiting for approval (0/2)" in done.output
    assert "Submitted before" in run("submit", "cases", "--as", "thong-ke", "--why", "Năm 2024").output
    shown = run("approve", "cases", "--as", "kiem-duyet-1", input="y\n")
    assert "(1/2)" in shown.output
    for said in ("report.html", "of 27 cells suppressed", "thong-ke: Năm 2024", "9.2.b", "first version"):
        assert said in shown.output
    locked = run("approve", "cases", "--as", "kiem-duyet-2", "--yes")
    assert isinstance(locked.exception, GateError)
    done = run("approve", "cases", "--as", "kiem-duyet-2", "--yes", OPENDATA_KEY_PASSPHRASE="nếp")
    assert "approved, not published" in done.output
    assert "Approved by kiem-duyet-1" in done.output
    assert len(approvals.permitted(release).acts) == 3


def test_who_says_no_or_nothing_signs_nothing(office):
    workspace, run = office
    before = len(events(workspace))
    for answer in ("n\n", ""):
        assert run("approve", "cases", "--as", "kiem-duyet-1", input=answer).exit_code == 6
    assert len(events(workspace)) == before


def events(workspace):
    return ledger.open_ledger(workspace).events()


def test_people_are_listed_in_the_chosen_language(office, tmp_path):
    workspace, run = office
    assert "✓ thong-ke (author) Statistics office ed25519:" in run("key", "list").output
    assert "Phòng Thống kê" in speaking(workspace, tmp_path, "vi")("key", "list").output


def test_standing_approvals_by_command(office):
    workspace, run = office
    for id, secret in (("kiem-duyet-1", ""), ("kiem-duyet-2", "nếp")):
        more = ("--standing", "--until", "2027-06-30", "--yes")
        done = run("approve", "cases", "--as", id, *more, OPENDATA_KEY_PASSPHRASE=secret)
        assert done.exit_code == 0, done.output
    done = run("approve", "cases", "--as", "kiem-duyet-1", "--standing", "--revoke", "--why", "đổi mẫu")
    assert done.exit_code == 0
    kinds = [event.kind for event in events(workspace)][-3:]
    assert kinds == ["standing_approved", "standing_approved", "standing_revoked"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--standing",),
        ("--until", "2027-06-30"),
        ("--revoke",),
        ("--standing", "--revoke", "--until", "2027-06-30"),
        ("--standing", "--until", "soon", "--yes"),
    ],
)
def test_options_that_do_not_go_together(office, wrong):
    _, run = office
    assert run("approve", "cases", "--as", "kiem-duyet-1", *wrong).exit_code == 2


@pytest.mark.parametrize(("command", "state"), [("return", "returned"), ("refuse", "refused")])
def test_sending_back(tmp_path, command, state):
    made = fresh(tmp_path / "workspace")
    pipeline.build("cases", made.root)
    run = speaking(made, tmp_path / "keys", "vi")
    for id, role in (("thong-ke", "author"), ("kiem-duyet-1", "approver")):
        run("key", "new", id, "--role", role)
    run("submit", "cases", "--as", "thong-ke", "--why", "Năm 2024")
    done = run(command, "cases", "--as", "kiem-duyet-1", "--why", "nhầm kỳ")
    assert done.exit_code == 0, done.output
    (life,) = approvals.states(find(made.root)).values()
    assert life.state == state


def test_revoking(office):
    _, run = office
    assert run("key", "revoke", "thong-ke", "--why", "mất máy").exit_code == 0
    assert "✗ thong-ke" in run("key", "list").output


def test_rehearsing(tmp_path):
    made = fresh(tmp_path / "workspace")
    pipeline.build("cases", made.root)
    run = speaking(made, tmp_path / "keys")
    for _ in range(2):
        assert "in real life" in run("sandbox", "approve", "cases").output
    release = pipeline.written("cases", made)
    assert len(approvals.permitted(release, portal="http://localhost:1").acts) == 3
    assert {path.name for path in (made.root / ".keys").iterdir()} == {
        ".gitignore", "thong-ke.pem", "kiem-duyet-1.pem", "kiem-duyet-2.pem",
    }  # fmt: skip


def test_nobody_rehearses_where_real_people_are(office):
    _, run = office
    refused = run("sandbox", "approve", "cases")
    assert isinstance(refused.exception, GateError)


@pytest.mark.parametrize("command", [("adopt", "cases", "2026.1"), ("restore", "copy.jsonl")])
def test_nobody_vouches_in_another_name(office, tmp_path, command):
    workspace, _ = office
    stranger = speaking(workspace, tmp_path)
    before = ledger.open_ledger(workspace).events()
    done = stranger("ledger", *command, "--as", "kiem-duyet-1", "--why", "hỏng đĩa")
    assert isinstance(done.exception, GateError)
    approvals.new_key(tmp_path, "kiem-duyet-1")
    done = stranger("ledger", *command, "--as", "kiem-duyet-1", "--why", "hỏng đĩa")
    assert "not that of this person" in str(done.exception)
    assert ledger.open_ledger(workspace).events() == before

"""`approvals.jsonld`: any changed byte shows, and it says who approved what to whoever reads linked data."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Dataset, URIRef
from rdflib.namespace import PROV

from opendata import approvals
from opendata.approvals import Key, document
from opendata.errors import VerificationError
from opendata.release import Release, digest, verify
from tests.opendata.approvals.conftest import PROTECTION
from tests.opendata.approvals.test_acts import HEAD, KEY, OTHER

MANIFEST = "a" * 64
AUTHOR = Key("thong-ke", Ed25519PrivateKey.from_private_bytes(b"3" * 32))
THIRD = Key("kiem-duyet-3", Ed25519PrivateKey.from_private_bytes(b"4" * 32))


def act(key, name, number, **more):
    said = {"dataset": "cases", "version": "2026.1", "manifest": MANIFEST}
    role = "author" if name == "submit" else "approver"
    about = {
        "at": "2026-12-10T02:00:00.000Z",
        "ledger": HEAD | {"number": number},
        "role": role,
        "title": None,
    }
    more = about | ({"approvers": 2} if name == "submit" else {}) | more
    subject = {**said, **more.pop("subject", {})}
    return approvals.sign(approvals.statement(name, subject, who=key.id, why="đủ", **more), key)


SUBMITTED = act(AUTHOR, "submit", 1)
ACTS = (SUBMITTED, act(KEY, "approve", 2), act(OTHER, "approve", 3))
DATA = document.render(ACTS)


def test_a_file_that_is_right():
    assert document.check(MANIFEST, DATA) == []
    assert document.read(DATA) == ACTS


@settings(max_examples=300)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_no_byte_can_be_another(place, other):
    changed = DATA[:place] + bytes([DATA[place] ^ other]) + DATA[place + 1 :]
    assert document.check(MANIFEST, changed) != []


@settings(max_examples=200)
@given(st.integers(0, len(DATA) - 1), st.sampled_from([b"", b" ", b"\n", b"0"]))
def test_no_byte_can_be_missing_or_added(place, more):
    if more:
        assert document.check(MANIFEST, DATA[:place] + more + DATA[place:]) != []
    else:
        assert document.check(MANIFEST, DATA[:place] + DATA[place + 1 :]) != []


@given(st.binary(max_size=200))
def test_anything_else_is_refused(data):
    assert document.check(MANIFEST, data) != []


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@given(JSON, JSON)
def test_nothing_breaks_on_other_json(one, other):
    for told in (one, {"acts": one}, {"acts": [one, other]}, json.loads(DATA) | {"acts": one}):
        assert document.check(MANIFEST, json.dumps(told).encode()) != []


@pytest.mark.parametrize(
    "acts",
    [
        ACTS[:1],
        ACTS[:2],
        (ACTS[1], ACTS[0], ACTS[2]),
        (*ACTS[:2], ACTS[1]),
        (*ACTS, act(THIRD, "approve", 4)),
        (SUBMITTED, ACTS[1], act(Key("kiem-duyet-9", KEY.private), "approve", 3)),
        (SUBMITTED, ACTS[1], act(Key("kiem-duyet-1", OTHER.private), "approve", 3)),
        (SUBMITTED, ACTS[1], act(AUTHOR, "approve", 3)),
        (SUBMITTED, ACTS[1], act(Key("thong-ke-2", AUTHOR.private), "approve", 3)),
        (SUBMITTED, ACTS[1], act(OTHER, "approve", 3, role="author")),
        (SUBMITTED, ACTS[1], act(OTHER, "approve", 1)),
        (SUBMITTED, ACTS[1], act(OTHER, "return", 3)),
        (SUBMITTED, ACTS[1], act(OTHER, "approve", 3, subject={"manifest": "b" * 64})),
        (SUBMITTED, ACTS[1], act(OTHER, "approve", 3, subject={"version": "2026.2"})),
        (act(AUTHOR, "submit", 1, approvers=1), *ACTS[1:]),
        (act(AUTHOR, "submit", 1, approvers=3), *ACTS[1:]),
        (act(AUTHOR, "submit", 1, approvers="2"), *ACTS[1:]),
        (act(AUTHOR, "submit", 1, role="approver"), *ACTS[1:]),
        (act(AUTHOR, "approve", 1, approvers=2), *ACTS[1:]),
    ],
)
def test_signed_acts_that_are_no_approval_of_two_others(acts):
    assert document.check(MANIFEST, document.render(acts)) != []


def test_another_manifest_is_not_approved():
    assert document.check("b" * 64, DATA) != []


def test_keys_may_be_asked_for():
    keys = {one.key for one in ACTS}
    assert document.check(MANIFEST, DATA, trusted=keys) == []
    (problem,) = document.check(MANIFEST, DATA, trusted=keys - {OTHER.public})
    assert "kiem-duyet-2" in problem.where


def test_a_signature_in_other_letters_of_the_same_bytes_is_refused():
    """Base64 leaves bits over in its last letter: a reader that ignored them would not see the change."""
    facts = ACTS[1].facts
    loose = facts["signature"][:-3] + chr(ord(facts["signature"][-3]) + 1) + "=="
    assert base64.b64decode(loose) == base64.b64decode(facts["signature"])
    with pytest.raises(VerificationError):
        approvals.check_signed({**facts, "signature": loose}, place="x")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_it_is_linked_data():
    graph = Dataset(default_union=True)
    graph.parse(data=DATA, format="json-ld")
    used = URIRef(f"nih:sha-256;{MANIFEST}")
    assert len(list(graph.subjects(PROV.used, used))) == 3
    agents = set(graph.objects(predicate=PROV.agent))
    assert len(agents) == 3
    assert len(list(graph.triples((None, PROV.endedAtTime, None)))) == 3


def test_a_release_is_verified_with_its_approvals(bureau):
    release = bureau.approved()
    assert verify(release.directory) == []
    path = release.directory / "approvals.jsonld"
    data = path.read_bytes()
    for place in range(0, len(data), 97):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(VerificationError):
            Release.open(release.directory)
    path.unlink()
    path.mkdir()
    assert verify(release.directory) != []


def test_only_this_file_may_come_to_a_release(bureau):
    release = bureau.approved()
    (release.directory / "approvals.json").write_bytes(b"{}")
    assert [problem.where for problem in verify(release.directory)] == ["approvals.json"]


def test_approvals_of_another_release_are_found_out(bureau):
    one, other = bureau.approved(), bureau.release("2026.2", data=b"a,c\n")
    (other.directory / "approvals.jsonld").write_bytes((one.directory / "approvals.jsonld").read_bytes())
    assert verify(other.directory) != []


def test_a_lost_file_is_made_again_the_same(bureau):
    release = bureau.approved()
    path = release.directory / "approvals.jsonld"
    data = path.read_bytes()
    path.unlink()
    bureau.permit(release)
    assert path.read_bytes() == data
    assert path.stat().st_mode & 0o777 == 0o644


def test_approvals_that_the_ledger_does_not_know_permit_nothing(bureau):
    """Somebody made three keys and a file of their own: whole for a reader who trusts any key, not for us."""
    release = bureau.approved()
    manifest = digest(release.directory / "manifest.json")
    subject = {"subject": {"manifest": manifest}}
    keys = [Key(one.id, one.private) for one in (AUTHOR, KEY, OTHER)]
    acts = [
        act(key, name, number, **subject)
        for number, (key, name) in enumerate(zip(keys, ("submit", "approve", "approve"), strict=True), 1)
    ]
    (release.directory / "approvals.jsonld").write_bytes(document.render(acts))
    assert verify(release.directory) == []
    with pytest.raises(VerificationError, match="not that of these"):
        bureau.permit(release)


def test_what_a_standing_approval_was_bound_to_is_checked_by_readers(bureau):
    from tests.opendata.approvals.test_standing import standing

    first = bureau.release()
    standing(bureau, first, "kiem-duyet-1", "kiem-duyet-2")
    second = bureau.release("2026.2")
    bureau.submit(second, "lich")
    data = (second.directory / "approvals.jsonld").read_bytes()
    assert document.check(digest(second.directory / "manifest.json"), data) == []
    assert document.unlike(second.directory, data) == []
    other = bureau.release("2026.3", protection=PROTECTION | {"zeros": "hidden"})
    assert document.unlike(other.directory, data) != []


def test_a_reader_needs_no_database(bureau):
    """Verifying imports nothing of the publisher's tools."""
    import subprocess
    import sys

    release = bureau.approved()
    code = (
        "import sys; sys.modules['sqlalchemy'] = None; sys.modules['numba'] = None; "
        "from opendata.release import verify; from pathlib import Path; assert verify(Path(sys.argv[1])) == []"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code, str(release.directory)], check=True)

"""Signed statements: any other word, signature or key is refused."""

import copy

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from opendata.approvals import Key, check_signed, sign, statement
from opendata.errors import VerificationError

KEY = Key("kiem-duyet-1", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
OTHER = Key("kiem-duyet-2", Ed25519PrivateKey.from_private_bytes(b"2" * 32))
HEAD = {"number": 3, "digest": "0" * 64}


def signed(**more):
    subject = {"dataset": "cases", "version": "2026.1", "manifest": "a" * 64}
    said = statement(
        "approve", subject, who=KEY.id, why="đủ", at="2026-12-10T02:00:00.000Z", ledger=HEAD, **more
    )
    return sign(said, KEY)


def test_what_was_signed_is_read():
    act = check_signed(signed(role="approver").facts, place="x")
    assert (act["who"], act["role"], act.key) == ("kiem-duyet-1", "approver", KEY.public)


def test_a_private_key_is_never_shown():
    secret = KEY.private.private_bytes_raw()
    assert repr(KEY) == "Key(id='kiem-duyet-1')"
    assert secret.hex() not in repr(KEY)


@pytest.mark.parametrize(
    "name", ["act", "dataset", "version", "manifest", "who", "at", "why", "format", "ledger"]
)
def test_no_word_can_be_changed_or_left_out(name):
    facts = signed().facts
    for changed in ("x", None, 1):
        with pytest.raises(VerificationError):
            check_signed({**facts, "statement": {**facts["statement"], name: changed}}, place="x")
    with pytest.raises(VerificationError):
        check_signed(
            {**facts, "statement": {k: v for k, v in facts["statement"].items() if k != name}}, place="x"
        )


def test_nothing_can_be_added():
    facts = signed().facts
    with pytest.raises(VerificationError):
        check_signed({**facts, "statement": {**facts["statement"], "role": "approver"}}, place="x")
    with pytest.raises(VerificationError):
        check_signed({**facts, "more": 1}, place="x")


def test_another_key_is_not_taken():
    with pytest.raises(VerificationError):
        check_signed({**signed().facts, "key": OTHER.public}, place="x")


@given(st.data())
def test_every_letter_of_signature_and_key_counts(data):
    facts = signed().facts
    name = data.draw(st.sampled_from(["signature", "key"]))
    place = data.draw(st.integers(0, len(facts[name]) - 1))
    letter = data.draw(st.sampled_from("AQgw+/=09").filter(lambda letter: letter != facts[name][place]))
    changed = facts[name][:place] + letter + facts[name][place + 1 :]
    with pytest.raises(VerificationError):
        check_signed({**facts, name: changed}, place="x")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)


@given(JSON)
def test_anything_else_is_refused_and_nothing_breaks(thing):
    facts = copy.deepcopy(signed().facts)
    for candidate in (
        thing,
        {**facts, "statement": thing},
        {**facts, "signature": thing},
        {**facts, "key": thing},
    ):
        with pytest.raises(VerificationError):
            check_signed(candidate, place="x")

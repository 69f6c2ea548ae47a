"""The prefilter lets through everything that any recogniser finds."""

import random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.pii.canaries import CANARIES
from anonymize.pii.encoding import undecoded
from anonymize.pii.engine import analyse, ready
from anonymize.pii.prefilter import candidates
from anonymize.pii.text import fold, normalise
from tests.anonymize.pii import heldout, labelled, test_pii_texts

_WORDS = (
    "nguyễn Trần LÊ van Thi thị Văn an Hoa BN bệnh nhân ông Bà Lan dr. Mr John Smith patient name: họ "
    "tên: sinh ngày SN ns born on dob số nhà đường phố phường xã thôn tổ ngõ hẻm street CCCD cmnd MST stk "
    "tài khoản sđt biển số hộ chiếu bệnh án mrn cchn hành nghề BHXH thẻ bhyt Niê Y Giàng A T. B. Hồ Chí "
    "Minh tổng lượt đồng 12 079184012345 0912345670 +84 29A 123.45 1985 07/03/1984 24.013579 C1357924 DN4 "
    "790123456789 0123456789 013579/HNO -CCHN @ a.b example.org × ø Ð ð \u200b \u00a0 １２ ² µ ä ,"
)
WORDS = _WORDS.split(" ")
PIECES = st.sampled_from([*WORDS, *CANARIES.values(), "\n", ";"])
JOINS = st.sampled_from([" ", " ", " ", "", ", ", ": ", "-", ".", "/", "_", "\u00a0"])


def passes(text: str) -> bool:
    return candidates(pl.Series([text])).to_list() == [text]


def found(text: str) -> bool:
    return undecoded(text) or bool(analyse(ready(), normalise(text)))


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(PIECES, JOINS), min_size=1, max_size=7),
    st.sampled_from([str, str.upper, str.lower, str.title]),
)
def test_superset_on_composed_texts(parts, case) -> None:
    text = case("".join(word + join for word, join in parts))
    assert passes(text) or not found(text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_superset_on_any_text(text: str) -> None:
    assert passes(text) or not found(text)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(
    st.sampled_from(["", "0", "02", "09", "84", "0084", "079", "001"]),
    st.from_regex(r"[0-9 .\-]{4,14}", fullmatch=True),
)
def test_superset_on_numbers(head: str, tail: str) -> None:
    assert passes(head + tail) or not found(head + tail)


def test_superset_on_the_labelled_set() -> None:
    texts = [text for _, text in labelled.notes(random.Random(11), 6)] + [
        text for _, text in test_pii_texts.FOUND
    ]
    kept = set(candidates(pl.Series(texts)).to_list())
    assert not [i for i, text in enumerate(texts) if text not in kept and found(text)]


def test_superset_on_the_held_out_set() -> None:
    texts = [note.text for note in heldout.notes(random.Random(12), 3)]
    kept = set(candidates(pl.Series(texts).unique()).to_list())
    assert not [i for i, text in enumerate(texts) if text not in kept and found(text)]


_CUES = "cccd CMND mst stk TK sdt DT hc BHYT bhxh BN ba PID sba cchn ns sn bks vcb id x Pờ Le"
CUES = _CUES.split(" ")
CODES = st.from_regex(r"[A-Za-z]{0,3}[0-9./_-]{4,16}[A-Za-z]{0,3}", fullmatch=True)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(st.sampled_from(CUES), st.sampled_from(["", "-", ".", "/", "_"]), CODES, st.booleans())
def test_superset_on_codes(cue: str, join: str, code: str, cued: bool) -> None:
    text = cue + join + code if cued else code
    assert passes(text) or not found(text)


def test_codes_and_labels_are_not_candidates() -> None:
    harmless = [
        "01",
        "A90",
        "2013",
        "M",
        "0-4",
        "1234567",
        "Sởi",
        "8934567890123",
        "measles",
        "2016-12",
        "12,5",
        "1C25TYY-00000001",
        "INV2025000000123",
        "PO-2024-00017",
    ]
    assert candidates(pl.Series(harmless)).to_list() == []


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(max_size=30))
def test_folding_keeps_positions(text: str) -> None:
    assert len(fold(normalise(text))) == len(normalise(text))
    assert normalise(normalise(text)) == normalise(text)

"""TCVN3, VNI and VPS to Unicode and back, whichever way a reader took the bytes."""

import codecs
import subprocess
import unicodedata
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog
from opendata.source.detect import detect, is_syllable, readings
from opendata.source.encodings import LEGACY, LETTERS, TABLES, Legacy, Undecodable, decode, encode

encodings = pytest.mark.parametrize("encoding", LEGACY)
vietnamese = st.text(LETTERS + "abcdeghiklmnopqrstuvxyABCDEGHIKLMNOPQRSTUVXY 0123456789./()-")
NAMES = [
    code.labels.vi for name in ("province-63", "notifiable-diseases") for code in catalog.builtin(name).codes
]


def test_the_alphabet_has_134_letters() -> None:
    assert len(set(LETTERS)) == 134
    assert all(unicodedata.is_normalized("NFC", letter) for letter in LETTERS)


@encodings
def test_every_letter_has_a_code_of_its_own(encoding: Legacy) -> None:
    table = TABLES[encoding]
    assert set(LETTERS) - set(table) == (
        {x for x in LETTERS if _toned_capital(x)} if encoding == "tcvn3" else set()
    )
    assert len(set(table.values())) == len(table)


def _toned_capital(letter: str) -> bool:
    return letter.isupper() and any(
        mark in unicodedata.normalize("NFD", letter) for mark in "\u0300\u0309\u0303\u0301\u0323"
    )


@pytest.mark.parametrize("encoding", ["vni", "vps"])
@given(text=vietnamese)
def test_vni_and_vps_come_back_letter_for_letter(encoding: Legacy, text: str) -> None:
    assert decode(encode(text, encoding), encoding) == text


@given(text=vietnamese)
def test_tcvn3_comes_back_but_for_the_case_of_toned_capitals(text: str) -> None:
    back = decode(encode(text, "tcvn3"), "tcvn3")
    assert back == "".join(c.lower() if _toned_capital(c) else c for c in text)


@encodings
@given(text=vietnamese)
def test_a_windows_1252_reading_is_the_same_as_a_latin_1_reading(encoding: Legacy, text: str) -> None:
    latin = encode(text, encoding)
    cp1252 = codecs.decode(latin.encode("latin-1"), "cp1252", "replace")
    if "\ufffd" not in cp1252:
        assert decode(cp1252, encoding) == decode(latin, encoding)


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        ("TØnh/T.phè", "tcvn3", "Tỉnh/T.phố"),
        ("H¶i D\xad¬ng", "tcvn3", "Hải Dương"),
        ("§¾k L¾k", "tcvn3", "Đắk Lắk"),
        ("Ñaø Naüng", "vni", "Đà Nẵng"),
        ("Thöøa Thieân Hueá", "vni", "Thừa Thiên Huế"),
        ("AÁN", "vni", "ẤN"),
        ("Aán", "vni", "Ấn"),
        ("Hà N¶i", "vps", "Hà Nội"),
        ("Xoắc khuẩn vàng da", "tcvn3", "Xoắc khuẩn vàng da"),
        ("Ha\u0300 No\u0323\u0302i", "unicode", "Hà Nội"),
    ],
)
def test_known_words(raw: str, encoding: Legacy, text: str | None) -> None:
    assert decode(raw, encoding) == text


@pytest.mark.parametrize(
    ("raw", "encoding"), [("Hà Nam", "tcvn3"), ("Huøng §", "vni"), ("\x81\xa0\xff", "tcvn3")]
)
def test_a_byte_without_meaning_is_refused_and_not_shown(raw: str, encoding: Legacy) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(raw, encoding)
    assert raw not in str(caught.value)


@pytest.mark.skipif(which("iconv") is None, reason="iconv is not on this machine")
def test_tcvn3_agrees_with_the_standard_where_they_overlap() -> None:
    table = TABLES["tcvn3"]
    out = subprocess.run(
        ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"],
        input=" ".join(table.values()).encode("latin-1"),
        capture_output=True,
    )
    if out.returncode:
        pytest.skip("this iconv does not know TCVN 5712")
    assert unicodedata.normalize("NFC", out.stdout.decode()).split(" ") == list(table)


@pytest.mark.parametrize("encoding", ["unicode", *LEGACY])
def test_real_labels_are_detected(encoding: Legacy) -> None:
    assert detect([encode(name, encoding) for name in NAMES]).encoding == encoding


@pytest.mark.parametrize("encoding", ["unicode", *LEGACY])
@given(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=12))
def test_detection_refuses_rather_than_guess(encoding: Legacy, names: list[str]) -> None:
    written = [encode(name, encoding) for name in names]
    found = detect(written).encoding
    assert found in (encoding, None) or [decode(w, found) for w in written] == [
        decode(w, encoding) for w in written
    ]


@pytest.mark.parametrize(
    "texts", [["B¸o c¸o"], ["Müller", "Façade", "naïve", "coöperate", "Ångström", "señor", "œuvre"]]
)
def test_too_little_or_foreign_evidence_does_not_decide(texts: list[str]) -> None:
    assert detect(texts).encoding is None


@pytest.mark.parametrize(
    "word", ["nghiêng", "Huế", "quyết", "Đắk", "giêng", "khuẩn", "OẮC", "uống", "rượu", "khuỷu", "lý"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["bàt", "naïve", "Müller", "ngé" + "ng" * 2, "đđ", "àá"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_the_scan_gets_every_reading_of_a_doubtful_text() -> None:
    assert readings("Hµ Néi", "tcvn3") == ("Hà Nội",)
    assert readings("BÕn Tre", "tcvn3") == ("Bến Tre",)
    assert "Lê Thà" in readings("Lê Thà", "tcvn3")  # typed in Unicode into an old workbook
    assert "Hà Nội" in readings("Hµ Néi", None)

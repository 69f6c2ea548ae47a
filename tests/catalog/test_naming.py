"""Names for machines."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bệnh truyền nhiễm 2013–2016", "benh-truyen-nhiem-2013-2016"),
        ("Đắk Lắk", "dak-lak"),
        ("\u00d0ắk Lắk", "dak-lak"),
        ("Số ca mắc (theo tỉnh)", "so-ca-mac-theo-tinh"),
        ("ƯỠNG ƠN đường", "uong-on-duong"),
        ("!!!", ""),
    ],
)
def test_slug(text, expected):
    assert catalog.slug(text) == expected
    assert catalog.slug(unicodedata.normalize("NFD", text)) == expected


@given(st.text())
def test_slug_is_ascii_and_stable(text):
    made = catalog.slug(text)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", made)
    assert catalog.slug(made) == made

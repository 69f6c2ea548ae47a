"""A fast filter over distinct values that lets through everything any recogniser could find, and little else.

It runs in polars on folded text. Values with unusual characters (zero-width signs, full-width digits, other scripts)
are always let through: only for ordinary characters is folding in polars the same as in `text`.
"""

from __future__ import annotations

from functools import cache

import polars as pl
import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii import encoding
from anonymize.pii.lexicon import lexicon
from anonymize.pii.text import fold

_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_ORDINARY = (
    f"\\n\\t -~{_VIETNAMESE}{_VIETNAMESE.upper()}\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323“”‘’…–—•°²³"
)

_CALLED = (
    "ong|ba|anh|chi|chu|chau|be|cu|em|co|thay|bn|benh nhan|benh nhi|nguoi benh|bs|bac s[iy]|dieu duong|"
    "san phu|ths|ts|pgs|gs|mr|mrs|ms|miss|dr|prof|"
    "ho ten|ho va ten|ho & ten|hoten|full ?name|patient|surname|name of|"
    "ten chu ho|ten me|ten cha|ten bo|du khach|hanh khach|chuyen gia"
)
_BIRTH = "sinh|sn|ns|s\\.n|n\\.s|dob|d\\.o\\.b|born|yob|birth"
_LICENCE = "cchn|gphn|hanh nghe|practi[cs]e (?:certificate|licen[cs]e)|medical licen[cs]e"
_WHERE = (
    "so|nha|duong|pho|phuong|p\\.|xa|x\\.|thi tran|tt|quan|q\\.|ngo|ngach|"
    "hem|kiet|thon|ap|xom|khom|kp|tdp|to|buon|ban|khoi|"
    "doi|"
    "dia chi|dc|noi o|cho o|thuong tru|tam tru|noi cu tru|que quan|"
    "ho khau|cu ngu|tru tai|"
    "residing at|lives?|home address|address|"
    "street|str|st|road|rd|avenue|ave|lane|alley|boulevard"
)


def _anywhere(words: str) -> str:
    # Never \b: on Unicode text it costs the Rust engine an order of magnitude.
    return f"(?:^|[^a-z])(?:{words})(?:[^a-z]|$)"


@cache
def _names() -> str:
    words = lexicon()
    known = {
        fold(word) for word in (*words.strong, *words.common, *words.weak, *words.highland)
    } | words.foreign
    return "|".join(sorted(regex.escape(word) for word in known if word))


def candidates(values: pl.Series) -> pl.Series:
    """The values that recognisers must look at.

    Args:
        values: Distinct strings, as found in the data.

    Returns:
        Those that could hold personal data; a superset of what any recogniser finds.
    """
    name = values.name or "value"
    frame = values.rename(name).to_frame().lazy()
    raw = pl.col(name)
    folded = (
        raw.str.normalize("NFD")
        .str.replace_all(r"\p{Mn}", "")
        .str.to_lowercase()
        .str.replace_all("đ", "d", literal=True)
    )
    return (
        frame.with_columns(_folded=folded)
        .filter(_suspect(raw, pl.col("_folded")))
        .select(name)
        .collect()
        .to_series()
    )


def _suspect(raw: pl.Expr, folded: pl.Expr) -> pl.Expr:
    number = folded.str.contains(r"^[0-9]+$")
    listed = folded.str.contains(r"^(?:0|84|0084)[235789][0-9]{8,10}$|^0[0-9]{2}[0-3][0-9]{8}$")
    lettered = folded.str.contains("[a-z]")
    figures = folded.str.count_matches("[0-9]")
    numeric = ((figures >= 9) | (lettered & (figures >= 5))) & (~number | listed)
    words = lettered & (
        folded.str.contains(_anywhere(_names()))
        | raw.str.contains(r"\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}")
        | folded.str.contains(_anywhere(_CALLED))
        | folded.str.contains(f"@|[(\\[]at[)\\]]|{_anywhere(_LICENCE)}")
        | folded.str.contains(f"(?:^|[^a-z])(?:{_BIRTH})[^a-z]")
        | (folded.str.contains("[0-9,:–—-]") & folded.str.contains(f"(?:^|[^a-z])(?:{_WHERE})[^a-z]?"))
    )
    return raw.str.contains(f"[^{_ORDINARY}]") | raw.str.contains(encoding.TRIGGER) | numeric | words

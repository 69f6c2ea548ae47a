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
from anonymize.pii.shapes import CUED
from anonymize.pii.text import fold

_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_ORDINARY = (
    f"\\n\\t -~{_VIETNAMESE}{_VIETNAMESE.upper()}\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323“”‘’…–—•°²³"
)

_CALLED = (
    "ong|ba|anh|chi|chu|chau|be|cu|em|co|thay|bac|di|cau|mo|thim|y ta|y s[iy]|ho ly|duoc si|ho sinh|"
    "dong chi|d/c|ktv|dd|nb|"
    "khach|tourist|contact|interview(?:ed)?|participant|index case|hoc vien|nguoi nuoc ngoai|"
    "quoc tich|nationality|bn|benh nhan|benh nhi|nguoi benh|bs|bac s[iy]|dieu duong|"
    "san phu|ths|ts|pgs|gs|mr|mrs|ms|miss|dr|prof|"
    "ho ten|ho va ten|ho & ten|hoten|full ?name|patient|surname|name of|"
    "ten chu ho|ten me|ten cha|ten bo|du khach|hanh khach|chuyen gia"
)
_BIRTH = "sinh|sn|ns|ntns|nts|s\\.n|n\\.s|dob|d\\.o\\.b|born|yob|birth"
_LICENCE = (
    "cchnd?|gphnd?|hanh nghe|chung chi hn|practi[cs](?:e|ing) (?:certificate|licen[cs]e)|medical licen[cs]e"
)
_WHERE = (
    "so|sn|nha|can ho|phong|toa|chung cu|duong|pho|phuong|p\\.|xa|x\\.|thi tran|tt|quan|q\\.|ngo|ngach|"
    "hem|kiet|thon|ap|xom|khom|kp|tdp|to|buon|ban|khoi|"
    "doi|"
    "dia chi|dc|noi o|cho o|thuong tru|tam tru|noi cu tru|que quan|"
    "ho khau|cu ngu|tru tai|hktt|song tai|ngu tai|"
    "residing at|lives?|home address|address|"
    "street|str|st|road|rd|avenue|ave|lane|alley|boulevard"
)
# The Rust engine looks neither ahead nor back.
_ANNOUNCED = regex.sub(r"\(\?!(?:\[[^]]*\]|[^()])*\)", "", "|".join(CUED))
_START = "(?:^|[^a-z0-9])"
_IN_CODES = "|".join(
    (
        rf"{_START}(?:{_ANNOUNCED})",
        rf"{_START}[a-z]{{2}}[.-]?[1-5](?:[.-]?[0-9]){{12}}",
        rf"{_START}[0-9](?:[.-]?[0-9]){{11}}",
        rf"{_START}[0-9]{{10}}-[0-9]{{3}}",
        rf"{_START}(?:84|0084|0)[.-]?[1235789](?:[.-]{{0,2}}[0-9]){{7,9}}",
        rf"{_START}[1-9][0-9]-?[a-z][a-z0-9]?[0-9]?-{{1,3}}[0-9]{{3}}\.[0-9]{{2}}",
        f"(?:{_BIRTH})[^a-z]",
    )
)


def _anywhere(words: str) -> str:
    # Never \b: on Unicode text it costs the Rust engine an order of magnitude.
    return f"(?:^|[^a-z])(?:{words})(?:[^a-z]|$)"


@cache
def _names() -> str:
    words = lexicon()
    vietnamese = (*words.strong, *words.common, *words.weak, *words.highland, *words.clan)
    known = {fold(word) for word in vietnamese} | words.foreign | words.asian
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
    listed = folded.str.contains(
        r"^(?:0|84|0084)[235789][0-9]{8,10}$|^01[2689][0-9]{8}$|^0[0-9]{2}[0-3][0-9]{8}$"
    )
    lettered = folded.str.contains("[a-z]")
    figures = folded.str.count_matches("[0-9]")
    numeric = ((figures >= 9) | (lettered & (figures >= 5))) & (~number | listed)
    # A code such as 1C25TYY-0000001 has no words around it, so only shapes that need no cue can be in it.
    code = folded.str.contains(r"^[a-z0-9./_-]+$")
    numeric = numeric & (~code | listed | folded.str.contains(_IN_CODES))
    words = lettered & (
        (folded.str.contains(_anywhere(_names())) & (~code | folded.str.contains("[a-z][._-][a-z]")))
        | raw.str.contains(r"\p{Lu}\.\s*\p{Lu}|[HKhk]['’]")
        | raw.str.contains(r"\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}")
        | folded.str.contains(_anywhere(_CALLED))
        | folded.str.contains(f"@|[(\\[]at[)\\]]|{_anywhere(_LICENCE)}")
        | folded.str.contains(f"(?:^|[^a-z])(?:{_BIRTH})[^a-z]")
        | (folded.str.contains("[0-9,:–—-]") & folded.str.contains(f"(?:^|[^a-z])(?:{_WHERE})[^a-z]?"))
    )
    return raw.str.contains(f"[^{_ORDINARY}]") | raw.str.contains(encoding.TRIGGER) | numeric | words

"""Words around a match that raise or lower it, in Vietnamese and English; all patterns read folded text."""

from __future__ import annotations

from functools import cache

import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii.lexicon import sections

BOOST, FLOOR, PENALTY = 0.35, 0.6, 0.35
WINDOW, NAME_WINDOW, AFTER = 48, 24, 24  # characters

NUMERIC = frozenset(
    [
        "PERSONAL_ID",
        "ID_CARD_9",
        "SOCIAL_INSURANCE",
        "TAX_CODE",
        "PHONE",
        "PASSPORT",
        "VEHICLE_PLATE",
        "BANK_ACCOUNT",
        "MEDICAL_RECORD",
    ]
)
#: Units and nouns right behind a number that make it an amount.
AMOUNT_AFTER = regex.compile(
    r"^\s*(?:dong|vnd|usd|trieu|ty|ti|luot|ca|ca mac|lieu|nguoi|dan|hop|vien|chai|lo|doses?|visits?|"
    r"cases?|people|persons|"
    r"inhabitants|%|d|m2|km|kg|mg|ml)(?![\p{L}\d])"
)

_TITLES = (
    "ong|ba|anh|chi|chu|bac|chau|be|cu|em|co|thay|bn|b\\.n|bnhan|benh nhan|benh nhi|nguoi benh|bs|b\\.s|"
    "bsck\\s?\\w{0,2}|ths|th\\.s|ts|"
    "pgs|gs|dr|mr|mrs|ms|miss|prof|bac si|bac sy|y si|y sy|duoc si|dieu duong|ho sinh|ktv|cn|ds|dd|san "
    "phu|thai phu|me|cha|bo|vo|"
    "chong|con|con trai|con gai|ho ten|ho va ten|ten|hoten|full name|name|name of patient|patient|"
    "patient name|doctor|nurse|"
    "nhan vien|nguoi nha|chu ho|giam doc|truong khoa|can bo|chuyen vien|dau moi|lien he|do|boi|by|"
    "contact|author|prepared by|"
    "reported by|signed|ky ten|nu|nam|ca benh|truong hop|ten la|goi la|i am|toi la|alias|"
    "nguoi (?:lap|nhap|ky|bao cao|lap bieu|lien he|phu trach|giam ho|than|kiem tra|cung cap|tong hop)"
)
_LINK = r"(?:\s+(?:ten|la|ho ten|so|name|is|was|nhi|ck\s?i{1,2}|nam|nu|benh nhan|bn|cu|\d{1,3})){0,2}"
_TITLES_WRITTEN = (
    "ông|bà|anh|chị|chú|bác|cháu|bé|cụ|em|cô|thầy|bn|b\\.n|bnhân|bệnh nhân|bệnh nhi|người bệnh|bs|b\\.s|"
    "bsck\\s?\\w{0,2}|ths|th\\.s|ts|pgs|gs|dr|mr|mrs|ms|miss|prof|bác sĩ|bác sỹ|y sĩ|y sỹ|dược sĩ|điều dưỡng|"
    "hộ sinh|ktv|cn|ds|đd|sản phụ|thai phụ|mẹ|cha|bố|vợ|chồng|con|con trai|con gái|họ tên|họ và tên|tên|"
    "full name|name|name of patient|patient|patient name|doctor|nurse|nhân viên|người nhà|chủ hộ|giám đốc|"
    "trưởng khoa|cán bộ|chuyên viên|đầu mối|liên hệ|do|bởi|by|contact|author|prepared by|reported by|signed|"
    "ký tên|nữ|nam|ca bệnh|trường hợp|tên là|gọi là|i am|tôi là|alias|"
    "người (?:lập|nhập|ký|báo cáo|lập biểu|liên hệ|phụ trách|giám hộ|thân|kiểm tra|cung cấp|tổng hợp)"
)
_LINK_WRITTEN = r"(?:\s+(?:tên|là|họ tên|số|name|is|was|nhi|ck\s?i{1,2}|nam|nữ|bệnh nhân|bn|cũ|\d{1,3})){0,2}"
_END = r"\s*(?:\([^)]{0,12}\))?[\s:.,=(\[\"'-]*$"
#: What stands right before a person's name, in lower-case text with its diacritics: "Mộc Châu," ends in no "cháu".
BEFORE_NAME_WRITTEN = regex.compile(rf"(?<![\p{{L}}\d])(?:{_TITLES_WRITTEN}){_LINK_WRITTEN}{_END}")
#: The same for text without diacritics.
BEFORE_NAME = regex.compile(rf"(?<![\p{{L}}\d])(?:{_TITLES}){_LINK}\s*(?:\([^)]{{0,12}}\))?[\s:.,=(\[\"'-]*$")

# With diacritics where the text has them: "cho" is no market ("chợ"), "ra viện" no institute.
_INSTITUTION = (
    r"bệnh viện|bv|trường|đại học|đh|học viện|(?<!(?:ra|nhập|vào|xuất|chuyển|đến|trốn)\s)viện|trung tâm|đường|"
    r"phố|phường|xã|thị trấn|thị xã|quận|huyện|tỉnh|thành phố|tp|q|p|tt|ngõ|hẻm|cầu|chợ|sân bay|cảng|khu|"
    r"khu phố|công viên|quảng trường|giải thưởng|giải|quỹ|nhà máy|tòa nhà|toà nhà|đại lộ|phòng khám|thpt|thcs|"
    r"tượng đài|làng|ấp|thôn|xóm|đảo|sông|núi|hồ|đèo|hội chứng|tuyến|nhà thờ|đền|chùa|benh vien|truong|dai hoc|"
    r"hoc vien|trung tam|duong|phuong|xa|thi tran|thi xa|quan|huyen|tinh|thanh pho|phong kham|ward|district|"
    r"commune|city of|province of|hospital|university|college|school|street"
)
_KINDS = (
    r"đa khoa|tỉnh|quận|huyện|y khoa|y dược|y|dược|nhi|nhi đồng|quốc tế|tư nhân|mắt|phụ sản|công lập|đại học|"
    r"cao đẳng|trung học|tiểu học|thpt|thcs|quốc gia|khu vực|thành phố|mang tên|of|tp|đk|da khoa|tinh|quan|"
    r"huyen|y khoa|y duoc|nhi|dai hoc|tướng|số \d+"
)
#: What stands right before the name of an institution, a street or a ward; for unfolded lower-case text.
BEFORE_INSTITUTION = regex.compile(
    rf"(?<![\p{{L}}\d])(?:{_INSTITUTION})(?:\s+(?:{_KINDS}))*\.?\s*[\"'(]?\s*$"
)
ANY_INSTITUTION = regex.compile(rf"(?<![\p{{L}}\d])(?:{_INSTITUTION})(?![\p{{L}}\d])")
AFTER_INSTITUTION = regex.compile(
    r"^\s+(?:street|st\.|road|avenue|boulevard|ward|district|commune|province|city|hospital|university|"
    r"college|school|foundation|"
    r"award|airport|bridge|park|prize|institute|clinic|sea|ocean|islands?)(?![\p{L}])"
)

#: A label that announces a name of any language; `sure` if it can announce nothing else.
CALLED = regex.compile(
    r"(?<![\p{L}\d])(?P<sure>ho va ten(?: \w+){0,2}|ho & ten|ho ten(?: \w+){0,2}|hoten|"
    r"ten (?:benh nhan|nguoi benh|bn|chu ho|me|cha|bo)|full ?name|patient(?:'s)? name|name of (?:the "
    r")?patient|surname|patient)"
    r"\s*[:=]\s*"
    r"|(?<![\p{L}\d])(?:benh nhan|nguoi benh|bn|benh nhi|ong|ba|patient|mr|mrs|ms|miss|dr|prof|bs|bac si|"
    r"chi|anh|du khach|"
    r"hanh khach|chuyen gia)\.?(?: (?:nguoi nuoc ngoai|nam|nu|ten|named|la))?\s*:?\s+"
)
#: Honorifics as written, for a single given name: diacritics tell "bà Lan" from "Ba Lan" (Poland).
HONORIFIC = regex.compile(
    r"(?<![\p{L}\d])(?:[Ôô]ng|ÔNG|[Bb]à|BÀ|anh|[Cc]hị|chú|cháu|[Bb]é|cụ|em|cô|thầy|BN|bn|[Bb]ệnh nhân|"
    r"[Bb]enh nhan|BỆNH NHÂN|[Bb]ệnh nhi|"
    r"[Nn]gười bệnh|BS|Bs|bs|[Bb]ác sĩ|[Bb]ác sỹ|[Đđ]iều dưỡng|[Ss]ản phụ|ThS|TS|PGS|GS|Mr|Mrs|Ms|Dr)\.? +(?:tên |là )?"
)


@cache
def _words(section: str) -> regex.Pattern[str]:
    phrases = "|".join(regex.escape(p).replace(r"\ ", r"\s+") for p in sections("cues")[section] if p)
    return regex.compile(rf"(?<![\p{{L}}\d])(?:{phrases})(?![\p{{L}}\d])")


def speaks_for(entity: str, words: str) -> bool:
    """Whether words before a match speak for an entity.

    Args:
        entity: The entity type.
        words: Folded text.

    Returns:
        True if a positive cue is among them.
    """
    return _words(entity).search(words) is not None


def amount(before: str, after: str) -> bool:
    """Whether the words around a number make it an amount, a batch, a registration or a legal act.

    Args:
        before: Folded text before it.
        after: Folded text after it.

    Returns:
        True if a negative cue is among them.
    """
    return _words("AMOUNT").search(before) is not None or AMOUNT_AFTER.search(after) is not None


def cohort(before: str) -> bool:
    """Whether a birth year is that of a group.

    Args:
        before: Folded text before it.

    Returns:
        True if the words speak of a group.
    """
    return _words("COHORT").search(before) is not None


_CLAUSE_BEFORE = regex.compile(r"[;\n]|[a-z]{3}\. (?=\S)")
_CLAUSE_AFTER = regex.compile(r"[;\n]|\. ")


def around(folded: str, start: int, end: int, size: int) -> tuple[str, str]:
    """The words before and after a span, cut at a semicolon, a newline or the end of a sentence.

    Args:
        folded: The folded text, or the text itself.
        start: Start of the span.
        end: End of the span.
        size: Characters before.

    Returns:
        Text before and text after.
    """
    before = _CLAUSE_BEFORE.split(folded[max(0, start - size) : start])[-1]
    return before, _CLAUSE_AFTER.split(folded[end : end + AFTER])[0]

"""Words around a match that raise or lower it, in Vietnamese and English; all patterns read folded text."""

from __future__ import annotations

from functools import cache

import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii.lexicon import sections
from anonymize.pii.text import fold

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

_TITLES_WRITTEN = (
    "ông|bà|anh|chị|chú|bác|cháu|bé|cụ|em|cô|thầy|bn|b\\.n|bnhân|bệnh nhân|bệnh nhi|người bệnh|bs|b\\.s|"
    "bsck\\s?\\w{0,2}|ths|th\\.s|ts|pgs|gs|dr|mr|mrs|ms|miss|prof|bác sĩ|bác sỹ|y sĩ|y sỹ|dược sĩ|điều dưỡng|"
    "hộ sinh|ktv|cn|ds|đd|sản phụ|thai phụ|mẹ|cha|bố|vợ|chồng|con|con trai|con gái|họ tên|họ và tên|tên|"
    "full name|name|name of patient|patient|patient name|doctor|nurse|nhân viên|người nhà|chủ hộ|giám đốc|"
    "trưởng khoa|(?:cán bộ|nhân viên)(?: (?:nhập liệu|y tế|phụ trách|giám sát|điều tra|báo cáo|"
    "thống kê|trực|xã|tiêm))?|nhập liệu|người dùng|chuyên viên|đầu mối|liên hệ|do|bởi|by|contact|"
    "author|prepared by|reported by|signed|"
    "ký tên|nữ|nam|ca bệnh|trường hợp|tên là|gọi là|i am|tôi là|alias|"
    "nb|tv|đ/c|đc|đồng chí|k/c|ytb|yttb|ctv|f\\d|chủ nhà|nạn nhân|hàng xóm|trưởng (?:trạm|thôn|bản|"
    "ấp|nhóm|đoàn)|bé trai|"
    "bé gái|con dâu|con rể|cháu nội|cháu ngoại|bà nội|bà ngoại|ông nội|ông ngoại|em trai|em gái|"
    "chị gái|anh trai|"
    "(?:vợ|chồng|con|mẹ|bố|cha|nhà|mẫu|hồ sơ|kết quả|lời kể|lời khai|thông tin|gia đình|vợ chồng|"
    "người nhà|hàng xóm|phiếu) của|"
    "gặp|phỏng vấn|trao đổi với|làm việc với|theo lời|xác định là|tiếp xúc với|gửi cho|bàn giao cho|"
    "thăm khám cho|"
    "tên bệnh nhân|du khách|khách|chuyên gia|khách du lịch|quốc tịch|"
    "contact person|interview with|interviewed|index case|case of|entered by|reviewed by|mother|"
    "father|wife|husband|son|"
    "daughter|participant|victim|tourist|physician|midwife|sample of|record of|record for|results? (?:of|for)|"
    "người (?:lập|nhập|ký|báo cáo|lập biểu|liên hệ|phụ trách|giám hộ|thân|kiểm tra|cung cấp|tổng hợp|"
    "ghi|điều tra|viết|nuôi|"
    "chăm sóc|giám sát|duyệt|chịu trách nhiệm)(?: khi cần| chính| khẩn cấp)?"
)
_LINK_WRITTEN = r"(?:\s+(?:tên|là|họ tên|số|name|is|was|nhi|ck\s?i{1,2}|nam|nữ|bệnh nhân|bn|cũ|\d{1,3})){0,2}"
_TITLES, _LINK = fold(_TITLES_WRITTEN), fold(_LINK_WRITTEN)
_END = r"\s*(?:\([^)]{0,12}\))?[\s:.,=(\[\"'-]*$"
#: What stands right before a person's name, in lower-case text with its diacritics: "Mộc Châu," ends in no "cháu".
BEFORE_NAME_WRITTEN = regex.compile(rf"(?<![\p{{L}}\d])(?:{_TITLES_WRITTEN}){_LINK_WRITTEN}{_END}")
#: The same for text without diacritics.
BEFORE_NAME = regex.compile(rf"(?<![\p{{L}}\d])(?:{_TITLES}){_LINK}{_END}")
#: What stands right behind a person's name, as written: sex in lower case, an age, a nationality.
AFTER_NAME = regex.compile(
    r"^\s*[,(-]{0,2}\s*(?:(?:nam|nữ|nu|male|female)(?=\s*(?:[,;)/-]|\d|$))|(?:nam|nữ|"
    r"nu)?[ ,]{0,2}\d{1,3}\s?(?:t|tuổi|tuoi|"
    r"tháng tuổi|y/?o|years? old|year-old)(?!\p{L})|sn\b|sinh (?:năm|ngày)|quốc tịch|quoc tich|"
    r"nationality|aged \d|"
    r"người (?:nước ngoài|\p{Lu})|\(?(?:dân tộc|dan toc)|\((?:an? )?\p{Lu}\p{Ll}+(?:ese|ean|ish|ian|"
    r"an)\b|(?:con|vợ|chồng|mẹ|bố|cha|cháu|em|anh|chị) (?:của|dâu|rể|ruột|gái|trai)|(?:của )?bn\b)"
)

# With diacritics where the text has them: "cho" is no market ("chợ"), "ra viện" no institute.
_INSTITUTION = (
    r"bệnh viện|bv|bvđk|bvdk|bvđkkv|ttyt|tyt|trạm y tế|tram y te|pkđk|pkđkkv|pkdk|pk|nhà thuốc|"
    r"nha thuoc|quầy thuốc|kcn|khu công nghiệp|"
    r"công ty|cty|trường|đại học|đh|học viện|(?<!(?:ra|nhập|vào|xuất|chuyển|đến|trốn)\s)viện|trung tâm|đường|"
    r"phố|phường|xã|x(?=\.)|thị trấn|thị xã|quận|huyện|tỉnh|thành phố|tp|q|p|tt|ngõ|hẻm|kiệt|cầu|cống|chợ|ga|"
    r"bến|bến xe|bến cảng|hầm|rạch|kênh|vịnh|đầm|lăng|đình|miếu|bảo tàng|nhà hát|rạp|nhà xuất bản|"
    r"nông trường|trại giam|trung đoàn|th|đhyd|cđ|cao đẳng|tiểu học|mầm non|mẫu giáo|sân bay|cảng|khu|"
    r"khu phố|công viên|quảng trường|giải thưởng|giải|quỹ|nhà máy|tòa nhà|toà nhà|đại lộ|phòng khám|thpt|thcs|"
    r"tượng đài|làng|ấp|thôn|xóm|đảo|sông|núi|hồ|đèo|hội chứng|tuyến|nhà thờ|đền|chùa|benh vien|truong|dai hoc|"
    r"hoc vien|trung tam|duong|phuong|xa|thi tran|thi xa|quan|huyen|tinh|thanh pho|phong kham|ward|district|"
    r"commune|city of|province of|hospital|university|college|school|street"
)
_KINDS = (
    r"cổ phần|cp|tnhh|mtv|tm|dv|xnk|sx|một thành viên|dược phẩm|thiết bị y tế|trang thiết bị y tế|"
    r"vật tư y tế|thương mại|"
    r"dịch vụ|sản xuất|đầu tư|phát triển|và|&|đa khoa|tỉnh|quận|huyện|y khoa|y dược|y|dược|nhi|"
    r"nhi đồng|quốc tế|tư nhân|mắt|phụ sản|công lập|đại học|"
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
    r"hanh khach|khach(?: du lich)?|chuyen gia|tourist|contact(?: person)?|interview(?:ed)?(?: with)?|"
    r"participant|index case|"
    r"hoc vien|nguoi nuoc ngoai)\.?(?: (?:nguoi nuoc ngoai|nam|nu|ten|named|la))?\s*:?\s+"
)
#: Honorifics as written, for a single given name: diacritics tell "bà Lan" from "Ba Lan" (Poland).
HONORIFIC = regex.compile(
    r"(?<![\p{L}\d])(?:[Bb]ệnh nhân|[Bb]enh nhan|BỆNH NHÂN|[Bb]ệnh nhi|[Nn]gười bệnh|[Bb]ác s[iĩỹ]|"
    r"[Đđ]iều dưỡng|[Ss]ản phụ|"
    r"[Yy] tá|[Yy] s[iĩỹ]|[Hh]ộ lý|[Dd]ược sĩ|[Hh]ộ sinh|[Đđ]ồng chí|[Cc]ô giáo|[Tt]hầy giáo|[Đđ]/c|"
    r"KTV|ĐD|NB|BN|bn|BS|Bs|bs|"
    r"[Ôô]ng|ÔNG|[Bb]à|BÀ|anh|[Cc]hị|chú|cháu|[Bb]é|cụ|em|cô|thầy|bác|dì|cậu|mợ|thím|"
    r"(?<=(?:^|[.:;(\n])\s*)(?:Anh|Cô|Em|Chú|Cháu|Cụ|Thầy|Bác|Dì|Cậu)|ThS|TS|PGS|GS|(?P<foreign>Mr|"
    r"Mrs|Ms|Miss)|Dr)"
    r"\.?:? +(?:tên |là )?"
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

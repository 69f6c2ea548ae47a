"""The shapes of identifiers in text: what each looks like, how much that proves, and its canary.

Every shape is matched against the folded text (lower case, no diacritics, same positions). A group `v` narrows the
match to the value itself. `grade` replaces the score, from the value as written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii import checks

Grade = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of one entity.

    Attributes:
        entity: The entity type.
        pattern: A regular expression over the folded text.
        score: How sure a match is without any context; a finding needs 0.6.
        grade: Computes the score from the value instead, if given.
    """

    entity: str
    pattern: str
    score: float
    grade: Grade | None = None


_B, _E = r"(?<![\p{L}\d])", r"(?![\p{L}\d])"  # edges of a code
_NB, _NE = (
    r"(?<![\p{L}\d]|\d[.,/-])",
    r"(?![\p{L}\d]|[.,/-]\d)",
)  # edges of a lone number: not part of 1.234 or 12/2024
_SEP = r"[ .-]?"
_IS = (
    r"(?:\s*(?:so|la|no|number|num|is|cua (?:toi|bn|benh nhan))\b\.?){0,2}"
    r"(?:\s*\([^()\d]{1,14}\))?\s*[:=#.-]?\s*"
)
_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\.?"
)
_DATE = (
    r"(?:\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)?\d{2}|(?:19|20)\d{2}[/.-]\d{1,2}[/.-]\d{1,2}"
    r"|(?:ngay )?\d{1,2} thang \d{1,2},? nam (?:19|20)\d{2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? (?:19|20)\d{{2}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|"
    rf"th)?,? (?:19|20)\d{{2}})"
)
_YEAR = r"(?P<v>(?:19|20)\d{2})(?!\s?[-/]\s?\d|\d)"
_WORD = r"[\p{L}\d][\p{L}\d'-]*"
_NAME = rf"{_WORD}(?: {_WORD}){{0,3}}"
_HOUSE = r"\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,4}"
_ALLEYS = r"(?:(?:ngo|ngach|hem|kiet|lo)\s+\d[\d/]*,?\s+){0,3}"
_HAMLET = r"(?:thon|ap|xom|khom|khu pho|kp|to dan pho|tdp|to|buon|ban|khoi|doi)"
_COMMUNE = r"(?:xa|phuong|p\.|thi tran|tt\.?|x\.)"
_TEN = r"\d(?:[ .-]?\d){9}"
_GAP = r"(?: ?[.-] ?| )?"
_LICENCE = "(?:cchnd?|gphnd?)"
_PHONE_B, _PHONE_E = r"(?<![\p{L}\d]|\d[.,/-])", r"(?![\p{L}\d]|[/,]\d)"
_PLATE = r"[1-9]\d-?[a-z][a-z\d]?[ -]{0,3}\d{3}\.?\d{1,2}"

# What announces a value of each kind. DT, TK and HC are also the letters of insurance cards.
_ID_WORDS = (
    "id|cccd|cc|ddcn|can cuoc(?: cong dan)?|dinh danh(?: ca nhan)?|(?:ma )?so ca nhan|cccd ?/ ?cmnd|"
    "cmnd ?/ ?cccd|"
    "vneid|id (?:card|number)|citizen id(?:entity|entification)?|national id|personal id(?:entification)?"
)
_CMND_WORDS = "cmnd|cmt(?:nd)?|chung minh(?: nhan dan| thu)?|identity card|id card(?: number)?"
_CARD_WORDS = (
    "(?:so |ma )?(?:the )?bhyt(?: mau)?(?: moi| cu)?|ma the|so the|the bh|(?:the )?bao hiem y te|"
    "health insurance(?: card)?|insurance card"
)
_SOCIAL_WORDS = "(?:so )?(?:so )?bhxh|(?:so )?bao hiem xa hoi|social (?:insurance|security)"
_TAX_WORDS = "mst|ma so thue(?: ca nhan| tncn)?|mst (?:ca nhan|tncn)|(?:personal )?tax (?:code|id|no)|tin"
_PHONE_WORDS = (
    r"sdt|s\.d\.t|dt(?![ .-]?[1-5])|dtdd|dien thoai|di dong|dd|so may|hotline|tel|phone|mobile|cell|zalo|viber|"
    "whatsapp|lien he|lien lac|"
    "lh|goi|call"
)
_PASSPORT_WORDS = r"ho chieu|passport|pp|hc(?![ .-]?[1-5][ .-]?\d{2}[ .-])"
_PLATE_WORDS = "bien so(?: xe)?|bks|bsx|bien kiem soat|bien xe|plate"
_BANKS = (
    "vietcombank|vcb|bidv|agribank|vietinbank|ctg|techcombank|tcb|mb ?bank|mbb|acb|sacombank|vpbank|"
    "tpbank|vib|shb|"
    "hdbank|ocb|msb|seabank|eximbank|lpbank|lienvietpostbank"
)
_ACCOUNT_WORDS = (
    r"(?:stk|(?:so )?(?:tai khoan|tk(?!\d))|account|acct|a/c|iban)"
    rf"(?: (?:ngan hang|nh|cua|ten|so|bank|{_BANKS})){{0,3}}"
)
_RECORD_WORDS = (
    "ma (?:so )?(?:benh nhan|nguoi benh|bn|nb|benh an|ba|hsba|ho so(?: benh an)?|y te|luot kham|"
    "dieu tri|(?:dot|lan) "
    "(?:kham|dieu tri)|kham benh|vao vien|nhap vien|luu tru)"
    "|so (?:benh an|ba|hsba|ho so(?: benh an)?|vao vien|luu tru|nhap vien|kham benh|bn|nb)|"
    "ho so(?: benh an)?|hsba|sba|"
    "ba so|benh an|ms ?(?:bn|nb)|so phieu (?:kham|dieu tri|xet nghiem|nhap vien)|ma lk|ma_lk|ma_bn|mrn"
    "|medical record|(?:patient|record|hospital|chart|case|admission) (?:id|no|number)|pid"
)
_LICENCE_WORDS = (
    "cchn|chung chi hanh nghe|giay phep hanh nghe|gphn|"
    "chung chi hn|practi[cs](?:e|ing) (?:certificate|licen[cs]e)|medical licen[cs]e"
)
_HOME_WORDS = (
    "dia chi|dc|noi o|cho o(?: hien tai| hien nay)?|thuong tru|tam tru|noi cu tru|que quan|ho khau|cu ngu|"
    "tru tai|nha o|"
    "residing at|lives? at|home address|address"
)

_LIVING_WORDS = (
    "tru tai|thuong tru(?: tai)?|tam tru(?: tai)?|hktt|noi o(?: hien tai| hien nay)?|nha o|"
    "song tai|ngu tai|lives? at"
)


def _cued(words: str, value: str) -> str:
    return rf"{_B}(?:{words}){_IS}(?P<v>{value}){_E}"


def _announced(words: str, value: str) -> str:
    """A label of a few words: số tài khoản nhận hỗ trợ: 0123..."""
    return rf"{_B}(?:{words})(?: (?!da |duoc )\p{{L}}{{1,12}}){{1,4}}\s*:\s*(?P<v>{value}){_E}"


def _personal_id(value: str) -> float:
    return 0.2 if checks.repeated(value) else 0.7 if checks.personal_id(value) else 0.45


def _grouped_id(value: str) -> float:
    return 0.65 if checks.personal_id(value) else 0.35


def _ten(value: str) -> float:
    return 0.2 if checks.repeated(value) else 0.4


def _tax(value: str) -> float:
    return 0.5 if checks.tax_code(value) else 0.3


def _branch(value: str) -> float:
    return 0.65 if checks.tax_code(value) else 0.45


_SETTLED = regex.compile(r"^\p{L}+(?:\s\p{Ll}+){0,2}?[\s.]*[\p{Lu}\d].*[,\s-].*[\p{Lu}\d]")
_STREET = regex.compile(r"(?:đường|phố|duong|pho)\s+[\p{Lu}\d]", regex.IGNORECASE)


def _hamlet(value: str) -> float:
    # "tổ chức chính trị - xã hội" has the words of an address; only a number or a capital makes it one.
    return 0.7 if _SETTLED.match(value) else 0.3


def _street(value: str) -> float:
    # "số 5, đường lây truyền" is no address.
    return (
        0.75
        if any(value[m.end() - 1].isupper() or value[m.end() - 1].isdigit() for m in _STREET.finditer(value))
        else 0.3
    )


def _named(value: str) -> float:
    # "sống tại 12 tỉnh" is no address: a street has a capital.
    return 0.7 if any(char.isupper() for char in value[1:]) else 0.3


# Groupings in which 12 digits are written; any other spacing is a list of numbers, such as months.
_GROUPED = (
    r"(?:\d{3}([ .-])\d{3}\1\d{6}|\d{3}([ .-])\d{3}\2\d{3}\2\d{3}|\d{4}([ .-])\d{4}\3\d{4}|\d{6}[ .-]\d{6}"
    r"|\d{3}([ .-])\d\4\d{2}\4\d{6})"
)

_LABELLED = tuple(
    Shape(entity, _announced(words, value), 0.75)
    for entity, words, value in (
        ("PERSONAL_ID", _ID_WORDS, r"\d(?:[ .-]?\d){11}"),
        ("ID_CARD_9", _CMND_WORDS, r"\d{3}[ .-]?\d{3}[ .-]?\d{3}"),
        ("HEALTH_INSURANCE", _CARD_WORDS, _TEN),
        ("SOCIAL_INSURANCE", _SOCIAL_WORDS, _TEN),
        ("TAX_CODE", _TAX_WORDS, _TEN),
        ("PASSPORT", _PASSPORT_WORDS, r"[a-z]{1,2}\d{6,8}"),
        ("BANK_ACCOUNT", _ACCOUNT_WORDS, r"\d(?:[ .-]?\d){8,18}"),
    )
)

SHAPES = (
    Shape("PERSONAL_ID", rf"{_NB}\d{{12}}{_NE}", 0.45, _personal_id),
    Shape("PERSONAL_ID", f"{_NB}{_GROUPED}{_NE}", 0.35, _grouped_id),
    Shape("PERSONAL_ID", _cued(_ID_WORDS, r"\d(?:[ .-]?\d){10,11}"), 0.85),
    Shape("ID_CARD_9", rf"{_NB}\d{{9}}{_NE}", 0.35),
    Shape(
        "ID_CARD_9",
        _cued(
            _CMND_WORDS,
            r"\d{3}[ .-]?\d{3}[ .-]?\d{3}(?:\d{3})?",
        ),
        0.85,
    ),
    Shape("HEALTH_INSURANCE", rf"{_B}[a-z]{{2}}{_SEP}[1-5](?:{_SEP}\d){{12}}{_E}", 0.9),
    Shape(
        "HEALTH_INSURANCE",
        _cued(_CARD_WORDS, _TEN),
        0.85,
    ),
    Shape("SOCIAL_INSURANCE", rf"{_NB}\d{{10}}{_NE}", 0.4, _ten),
    Shape("SOCIAL_INSURANCE", _cued(_SOCIAL_WORDS, _TEN), 0.85),
    Shape("TAX_CODE", rf"{_NB}\d{{10}}{_NE}", 0.3, _tax),
    Shape("TAX_CODE", rf"{_NB}\d{{10}}-\d{{3}}{_NE}", 0.45, _branch),
    Shape("TAX_CODE", _cued(_TAX_WORDS, rf"{_TEN}(?: ?-? ?\d{{3}})?"), 0.85),
    Shape(
        "PHONE",
        rf"{_PHONE_B}(?:\+ ?84|0084|\(\+?84\)|84|\(?0)[ .-]?(?:\(0\))?[35789](?:{_GAP}\d){{8}}{_PHONE_E}",
        0.75,
    ),
    # Mobile numbers of 11 digits, given up in 2018; older registers are full of them.
    Shape("PHONE", rf"{_PHONE_B}(?:\+ ?84 ?|0)1[2689](?:[ .-]?\d){{8}}{_PHONE_E}", 0.6),
    Shape("PHONE", rf"{_PHONE_B}\+[1-9]\d{{0,2}}[ -]\(?\d{{1,4}}\)?(?:[ -]?\d){{6,9}}{_PHONE_E}", 0.6),
    Shape(
        "PHONE", rf"{_PHONE_B}(?:\(?0|\+ ?84[ .-]?\(?)2\d{{1,2}}\)?(?:[ .-]{{0,2}}\d){{7,8}}{_PHONE_E}", 0.65
    ),
    Shape(
        "PHONE",
        _cued(_PHONE_WORDS, r"[+(]{0,2}\d(?:[ .()-]{0,3}\d){8,12}"),
        0.75,
    ),
    Shape(
        "EMAIL",
        r"(?<![\w.+-])[\w.+%-]{1,64}\s?(?:@|\(at\)|"
        r"\[at\])\s?[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){0,5}\.[a-z]{2,24}(?![\w@])",
        0.9,
    ),
    Shape("PASSPORT", rf"{_B}[a-z]\d{{7,8}}{_E}", 0.3),
    Shape("PASSPORT", _cued(_PASSPORT_WORDS, r"[a-z]{0,2} ?\d{6,9}"), 0.85),
    Shape("VEHICLE_PLATE", rf"{_B}[1-9]\d[a-z]{{1,2}}\d?[ -]{{1,3}}\d{{3}}\.\d{{2}}{_E}", 0.7),
    Shape("VEHICLE_PLATE", f"{_B}{_PLATE}{_E}", 0.4),
    Shape("VEHICLE_PLATE", _cued(_PLATE_WORDS, _PLATE), 0.85),
    Shape(
        "BANK_ACCOUNT",
        _cued(_ACCOUNT_WORDS, r"\d(?:[ .-]?\d){5,18}"),
        0.85,
    ),
    Shape("BANK_ACCOUNT", _cued(_BANKS, r"\d(?:[ .-]?\d){7,18}"), 0.75),
    Shape(
        "MEDICAL_RECORD",
        _cued(_RECORD_WORDS, r"(?:[a-z]{1,5}[ ./-]?)?\d(?:[./-]?\d){4,14}(?:[./-][a-z]{1,6})?"),
        0.85,
    ),
    Shape("MEDICAL_RECORD", rf"{_B}(?:bn|ba|hsba|mrn|pid)[.-]?\d{{6,12}}{_E}", 0.6),
    Shape("PRACTICE_CERTIFICATE", rf"{_B}\d{{3,7}}\s?/\s?[a-z]{{1,6}}\s?-\s?{_LICENCE}{_E}", 0.85),
    Shape("PRACTICE_CERTIFICATE", rf"{_B}\d{{3,7}}\s?/\s?{_LICENCE}\s?-\s?[a-z]{{1,6}}{_E}", 0.85),
    Shape(
        "PRACTICE_CERTIFICATE",
        _cued(_LICENCE_WORDS, r"\d{3,9}(?:/[a-z\d-]{2,12})?") + r"(?!\s?/?\s?\d{4}/)",
        0.75,
    ),
    Shape(
        "DATE_OF_BIRTH",
        rf"{_B}(?:ngay(?:,? thang)?(?:,? nam)? sinh|sinh ngay|sinh|sn|s\.n|ntns|nts|ns|n\.s|dob|"
        rf"d\.o\.b\.?|date of birth|"
        rf"birth ?(?:day|date)|"
        rf"born(?: on)?)\s*(?:la|is)?\s*[:=-]?\s*(?:ngay )?(?P<v>{_DATE}){_E}",
        0.8,
    ),
    Shape(
        "DATE_OF_BIRTH",
        rf"{_B}(?:sn|s\.n\.?|nam sinh(?=\s*:)|ns|n\.s\.?|yob|year of birth(?=\s*:)|dob)\s*[:=-]?\s*{_YEAR}",
        0.7,
    ),
    Shape("DATE_OF_BIRTH", rf"{_B}sinh\s*[:=-]?\s*{_YEAR}", 0.4),
    Shape("DATE_OF_BIRTH", rf"{_B}(?:sinh nam|nam sinh|born in|year of birth)\s*[:=-]?\s*{_YEAR}", 0.5),
    Shape(
        "ADDRESS",
        rf"{_B}(?:so nha|nha so|so|sn)\s*:?\s*{_HOUSE},?\s+{_ALLEYS}(?:(?:duong|pho)\s+){_NAME}",
        0.75,
        _street,
    ),
    Shape(
        "ADDRESS",
        rf"{_B}{_HOUSE},?\s+{_ALLEYS}(?:duong\s+|pho\s+)?{_NAME},\s*(?:phuong|p\.|xa|thi tran|quan|"
        rf"q\.)\s*{_WORD}",
        0.7,
    ),
    Shape(
        "ADDRESS",
        rf"{_B}(?:so nha|nha so|sn|can ho|phong)\s*:?\s*(?:so )?[a-z]?{_HOUSE},?\s+{_ALLEYS}"
        rf"(?:{_NAME},?\s+(?:tp|tx|tt|p|q|phuong|quan|xa|huyen|thanh pho|thi xa|thi tran)\b|(?:toa|"
        rf"chung cu|ccu?)\s+{_WORD})",
        0.7,
    ),
    Shape("ADDRESS", rf"{_B}(?:{_LIVING_WORDS})\s*:?\s*(?P<v>{_HOUSE},?\s+{_NAME})", 0.7, _named),
    Shape("ADDRESS", rf"{_B}(?:ngo|ngach|hem|kiet)\s+{_HOUSE},?\s+(?:(?:duong|pho)\s+)?{_NAME}", 0.65),
    Shape(
        "ADDRESS",
        rf"{_B}{_HAMLET}\s*\.?\s*(?:so )?(?:\d{{1,3}}[a-z]?\s*[,-]?|{_WORD}(?: {_WORD}){{0,2}}\s*[,-])\s*"
        rf"(?:{_HAMLET}\s*\.?\s*(?:\d{{1,3}}|{_WORD}(?: {_WORD}){{0,2}})\s*[,-]\s*)?{_COMMUNE}\s*\.?\s*{_WORD}",
        0.7,
        _hamlet,
    ),
    Shape(
        "ADDRESS",
        rf"{_B}(?<!-)(?:thon|ap|xom|khom|kp|khu pho|tdp)\s+\d{{1,3}}[a-z]?\s*[,-]\s*{_NAME}",
        0.65,
        _named,
    ),
    Shape(
        "ADDRESS",
        rf"{_B}(?:{_HOME_WORDS})(?: (?:tai|o))?\s*:\s*(?P<v>(?=[^.;\n]{{0,60}}\b(?:\d|thon|ap|xom|"
        rf"phuong|xa|quan|"
        r"huyen|duong|pho|"
        r"to|ward|street|district))[^.;\n]{6,90})",
        0.7,
    ),
    Shape(
        "ADDRESS",
        rf"{_B}(?:no\.?\s*)?\d{{1,4}}[a-z]?(?:/\d{{1,4}})*\s+{_NAME}\s+"
        rf"(?:street|str\.|st\.|road|rd\.?|avenue|ave\.?|lane|alley|boulevard){_E}",
        0.7,
    ),
    *_LABELLED,
)

#: What may announce a number, glued to it or not, or begin one that needs no announcement.
CUED = (
    _ID_WORDS,
    _CARD_WORDS,
    _SOCIAL_WORDS,
    _TAX_WORDS,
    _PHONE_WORDS,
    _PASSPORT_WORDS,
    _PLATE_WORDS,
    _ACCOUNT_WORDS,
    _BANKS,
    _RECORD_WORDS,
    _LICENCE_WORDS,
    _CMND_WORDS,
    r"(?:bn|ba|hsba|mrn|pid)[.-]?[0-9]",
    r"[0-9]{3,7}/",
)
#: Everything a recogniser can find.
ENTITIES = tuple(sorted({shape.entity for shape in SHAPES} | {"PERSON"}))

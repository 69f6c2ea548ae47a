"""What a scan answers: findings without values, waivers, and the digest that binds the verdict to the content."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import regex  # type: ignore[import-untyped, unused-ignore]

THRESHOLD = 0.6


class Hit(NamedTuple):
    """A recognised piece of one text; internal, never shown."""

    entity: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason not to publish.

    Attributes:
        place: Column, cell address or dotted path, as the caller named it; "column 3" for a column whose name is one.
        entity: What was found: PERSON, PERSONAL_ID, COLUMN_NAME, UNDECODED_TEXT ...
        score: How sure, from 0.6 to 1.
        masked: What kind of characters the value has, never which: "[12 digits]", "[3 words]".
        count: Distinct values of this kind at this place.
        row: Zero-based row of the first one in a column; None for texts.
        digest: Of the content of the place, which a waiver must quote (`review_digest`); empty when there are too many
            findings to be reviewed.
        evidence: "value", "column" (the distribution of its values), "name" (its header) or "encoding".
    """

    place: str
    entity: str
    score: float
    masked: str
    count: int
    row: int | None
    digest: str = field(repr=False)
    evidence: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding declared harmless by a named person, for exactly this content.

    Attributes:
        place: Place of the finding.
        entity: Entity of the finding.
        digest: Digest of the finding: other content is not waived.
        reason: Why it is harmless.
        by: Who decided.
    """

    place: str
    entity: str
    digest: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding set aside, and why.

    Attributes:
        finding: The finding.
        reason: "declared text" for an exact text in `allow`, else the waiver's reason.
        by: Who decided; empty for declared texts.
    """

    finding: Finding
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """The verdict on what was scanned.

    Attributes:
        findings: Reasons to refuse, ordered by place.
        waived: Findings set aside by declaration.
        places: Number of columns and texts scanned.
        digest: SHA-256 over everything scanned, the options and the version of the recognisers.
    """

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    places: int
    digest: str

    @property
    def ok(self) -> bool:
        """True if nothing was found."""
        return not self.findings

    def summary(self, lang: str = "vi") -> str:
        """The verdict in a few lines, without any value.

        Args:
            lang: "vi" or "en".

        Returns:
            One line for the verdict and one per finding, with the remedy.
        """
        head, line, remedy = _PHRASES[lang]
        lines = [head[self.ok].format(places=self.places, count=len(self.findings), waived=len(self.waived))]
        for found in self.findings:
            at = found.place if found.row is None else f"{found.place}, {line[1]} {found.row}"
            lines.append(line[0].format(at=at, found=found, name=label(found.entity, lang)))
        return "\n".join(lines if self.ok else [*lines, remedy])


_PHRASES = {
    "vi": (
        {
            True: "Không thấy dữ liệu cá nhân ({places} vị trí, {waived} mục đã khai báo).",
            False: "Có dữ liệu cá nhân: {count} phát hiện tại {places} vị trí đã quét.",
        },
        ("- {at}: {name} {found.masked} x{found.count} ({found.score:.2f})", "dòng"),
        "Bỏ hoặc mã hóa lại cột, sửa văn bản, hoặc người có thẩm quyền khai báo là vô hại kèm lý do.",
    ),
    "en": (
        {
            True: "No personal data found ({places} places, {waived} declared).",
            False: "Personal data: {count} findings in {places} scanned places.",
        },
        ("- {at}: {name} {found.masked} x{found.count} ({found.score:.2f})", "row"),
        "Drop or recode the column, correct the text, or have a named person declare it harmless with a reason.",
    ),
}
_LABELS = {
    "ADDRESS": ("địa chỉ", "address"),
    "BANK_ACCOUNT": ("số tài khoản", "bank account"),
    "COLUMN_NAME": ("tên cột thuộc danh mục dữ liệu cá nhân", "column name on the deny-list"),
    "DATE_OF_BIRTH": ("ngày sinh", "date of birth"),
    "EMAIL": ("thư điện tử", "e-mail"),
    "HEALTH_INSURANCE": ("thẻ bảo hiểm y tế", "health insurance card"),
    "ID_CARD_9": ("chứng minh nhân dân", "identity card"),
    "IMPLAUSIBLE_COUNT": ("số đếm lớn bất thường", "implausible count"),
    "MEDICAL_RECORD": ("mã bệnh án, bệnh nhân", "medical record number"),
    "PASSPORT": ("hộ chiếu", "passport"),
    "PERSON": ("tên người", "name of a person"),
    "PERSONAL_ID": ("số định danh cá nhân", "personal id"),
    "PHONE": ("điện thoại", "phone"),
    "PRACTICE_CERTIFICATE": ("chứng chỉ hành nghề", "practice certificate"),
    "SOCIAL_INSURANCE": ("mã số bảo hiểm xã hội", "social insurance number"),
    "TAX_CODE": ("mã số thuế", "tax code"),
    "UNDECODED_TEXT": ("văn bản chưa giải mã (TCVN3, VNI)", "text not decoded (TCVN3, VNI)"),
    "VEHICLE_PLATE": ("biển số xe", "vehicle plate"),
}


def label(entity: str, lang: str = "vi") -> str:
    """The entity in words.

    Args:
        entity: An entity type.
        lang: "vi" or "en".

    Returns:
        Its name in that language.
    """
    return _LABELS[entity][lang != "vi"]


def mask(value: str) -> str:
    """What kind of characters a value has; no character and no length of a word survives.

    Args:
        value: The raw value.

    Returns:
        "[12 digits]", "[letters and digits]", "[e-mail]", "[3 words]".
    """
    if "@" in value:
        return "[e-mail]"
    count = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    if count and letters:
        return "[letters and digits]"
    if count:
        return f"[{count} digits]"
    words = len(regex.findall(r"\p{L}+", value))
    return "[1 word]" if words == 1 else f"[{words} words]"


def tally(findings: tuple[Finding, ...]) -> dict[str, int]:
    """Distinct values found per entity.

    Args:
        findings: Findings of a scan.

    Returns:
        Entity -> number of distinct values, in order of entity.
    """
    counts: Counter[str] = Counter()
    for found in findings:
        counts[found.entity] += found.count
    return dict(sorted(counts.items()))

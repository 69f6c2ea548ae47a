"""Text in both languages, as people write it in a spec: Vietnamese is authoritative, English is required."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

# What people leave behind meaning "later". A placeholder in published metadata is worse than a refusal.
_PLACEHOLDER = re.compile(
    r"(to ?do|tbd|tba|tbc|fixme|x{3,}|n/?a|none|null|lorem ipsum.*|change ?me|placeholder|\?+|\.+|…+|-+|_+"
    r"|chưa có|cập nhật sau|bổ sung sau|sẽ bổ sung|điền sau|<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\})[\s.:!…]*",
    re.IGNORECASE,
)
_LEADING_MARK = re.compile(r"\s*(to ?do|tbd|fixme|changeme)\b", re.IGNORECASE)

# Controls, formatting marks (zero-width spaces pasted from word processors), line and paragraph separators:
# they hide text from a reviewer and break one metadata format or another.
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def is_placeholder(text: str) -> bool:
    """Whether a text says nothing: empty, ``TODO``, ``TBD``, ``...``, ``<title>``, ``chưa có``."""
    stripped = text.strip()
    return not stripped or bool(_PLACEHOLDER.fullmatch(stripped) or _LEADING_MARK.match(stripped))


def flaw_of(text: str) -> Literal["placeholder", "invisible"] | None:
    """Why a text cannot be published as it is: it says nothing, or it holds letters that nobody sees."""
    if is_placeholder(text):
        return "placeholder"
    hidden = any(unicodedata.category(c) in _INVISIBLE and c not in "\n\t" for c in text)
    return "invisible" if hidden else None


def _said(text: str) -> str:
    clean = unicodedata.normalize("NFC", text).strip()
    flaw = flaw_of(clean)
    if flaw == "placeholder":
        raise PydanticCustomError(
            "placeholder",
            "write the real text here, not a placeholder",
            {"vi": "hãy ghi nội dung thật, không để trống hoặc ghi tạm"},
        )
    if flaw == "invisible":
        raise PydanticCustomError(
            "invisible_character",
            "remove the control and invisible characters",
            {"vi": "hãy bỏ các ký tự điều khiển và ký tự ẩn"},
        )
    return clean


def _a_date(value: object) -> object:
    """YAML gives dates or strings; a number (seconds since 1970) or a time of day is never meant."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        return value.strip()
    raise PydanticCustomError(
        "date_form", "write a date as YYYY-MM-DD", {"vi": "hãy ghi ngày theo dạng YYYY-MM-DD"}
    )


Said = Annotated[str, Field(strict=True), AfterValidator(_said)]
Day = Annotated[date, BeforeValidator(_a_date, json_schema_input_type=date)]
Digest = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]


class Strict(BaseModel):
    """The base of every model of the catalogue: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Labels(Strict):
    """One text in Vietnamese (authoritative) and English; both required, normalised to NFC.

    Attributes:
        vi: Vietnamese text.
        en: English text.
    """

    vi: Said
    en: Said

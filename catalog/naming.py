"""Names for machines, made from Vietnamese text."""

from __future__ import annotations

import re
import unicodedata

# The one Vietnamese letter that Unicode does not decompose into a base letter and a mark; and the Icelandic one that
# older keyboards and fonts put in its place, which looks the same as a capital.
_BARRED = str.maketrans("đĐðÐ", "dDdD")


def slug(text: str) -> str:
    """An ASCII name from Vietnamese text: "Bệnh truyền nhiễm 2013–2016" -> "benh-truyen-nhiem-2013-2016".

    Computed once, when a dataset is created, and then fixed: changing a title does not change an address.

    Args:
        text: Text in any Unicode form.

    Returns:
        Lower-case ASCII letters, digits and single hyphens; empty when the text has neither letter nor digit.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_BARRED))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")

"""JSON in the one way in which it is hashed and signed."""

from __future__ import annotations

import json
from typing import Any

from catalog.errors import Problem, Text
from opendata.errors import SpecError


def canonical(value: Any) -> str:
    """JSON in the one way in which it is hashed and signed: keys sorted, no spaces, letters as they are.

    Raises:
        SpecError: When the value cannot be JSON.
    """
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise SpecError([Problem("ledger", _NOT_JSON, _PLAIN)]) from None


_NOT_JSON = Text("nội dung không ghi được dưới dạng JSON.", "what is to be written down is not JSON.")
_PLAIN = Text("Chỉ dùng chữ, số, danh sách và bảng.", "Use texts, numbers, lists and mappings only.")

"""A YAML file as a checked record: every mistake at once, with its line, its dotted path and the remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from catalog.errors import Problem, Text
from opendata.document import Document, parse, shown
from opendata.errors import SpecError

Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, model: type[Model], *, name: str = "") -> Model:
    """Read and check one record.

    Args:
        path: The YAML file.
        model: What it must be.
        name: What messages call it; by default the file's name.

    Raises:
        SpecError: With every mistake: file, line, dotted path and remedy, never the value.
    """
    called = name or path.name
    document = parse(path, called)
    try:
        return model.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        raise SpecError(_problems(error, called, document, model)) from None


def worded(kind: str, message: str, context: Mapping[str, Any]) -> Text:
    """What a validator says, in both languages and without a full stop.

    Args:
        kind: Its name of the mistake.
        message: Its own words, which stay the English ones.
        context: What it expected; "vi" when whoever wrote the rule gave the Vietnamese words.
    """
    words = message.removeprefix("Value error, ").rstrip(".")
    known = _VIETNAMESE.get(kind, "").format_map(context).replace(" or ", " hoặc ")
    return Text(str(context.get("vi") or known or words).rstrip("."), words)


def mistakes(error: ValidationError) -> list[ErrorDetails]:
    """Pydantic's findings; that a list is too short is none where its parts are no good and so not counted."""
    told = error.errors(include_url=False, include_input=False)
    return [
        item
        for item in told
        if item["type"] != "too_short" or not any(_within(other["loc"], item["loc"]) for other in told)
    ]


def json_schema(model: type[BaseModel], title: str) -> dict[str, object]:
    """The JSON Schema of a record, for completion and checks in editors."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **model.model_json_schema(), "title": title}


def _problems(error: ValidationError, file: str, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Turn pydantic's findings into problems."""
    found: dict[str, Problem] = {}
    for item in mistakes(error):
        path = document.known(item["loc"], missing=item["type"] == "missing")
        dotted = ".".join(shown(part) for part in path) or "(spec)"
        where = f"{file}, line {document.line(path)}: {dotted}"
        if item["type"] == "extra_forbidden":
            said = _UNKNOWN, _nearest(str(path[-1]) if path else "", model)
        else:
            said = _explain(item["type"], item["msg"], item.get("ctx", {}))
        found.setdefault(where, Problem(where, *said))
    return sorted(found.values(), key=lambda problem: problem.where)


def _explain(kind: str, message: str, context: Mapping[str, Any]) -> tuple[Text, Text]:
    """What is wrong and the remedy, for the mistakes people make; the validator's own words for the rest."""
    if kind == "missing":
        return Text("thiếu mục bắt buộc.", "a required key is missing."), Text("Thêm mục này.", "Add it.")
    if kind.startswith("union_tag"):
        message = f"must be one of {context.get('expected_tags', 'the known kinds')}"
    words = worded(kind, message, context)
    return Text(f"giá trị không hợp lệ: {words.vi}.", f"not valid: {words.en}."), _CORRECT


def _within(place: tuple[int | str, ...], whole: tuple[int | str, ...]) -> bool:
    return len(place) > len(whole) and place[: len(whole)] == whole


def _nearest(key: str, model: type[BaseModel]) -> Text:
    """The known key most like a mistyped one; a known key stands in the wrong place."""
    known = _keys(model)
    if key in known:
        return _ELSEWHERE
    close = get_close_matches(key, known, n=1, cutoff=0.7)
    if not close:
        return Text("Xóa mục này.", "Remove it.")
    return Text(f"Có phải ý là “{close[0]}”?", f"Did you mean `{close[0]}`?")


def _keys(model: type[BaseModel]) -> list[str]:
    """Every key that the record can hold."""
    schema = model.model_json_schema()
    models = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for model in models for key in model.get("properties", {})})


# The mistakes that people make, by pydantic's names of them; it speaks English only.
_LIST, _MAPPING = "phải là một danh sách", "phải là một bảng khóa: giá trị"
_WHOLE, _NUMBER, _FLAG = "phải là số nguyên", "phải là số", "phải là true hoặc false"
_ONE_OF = "phải là một trong {expected_tags}"
_VIETNAMESE = {
    "bool_parsing": _FLAG,
    "bool_type": _FLAG,
    "dict_type": _MAPPING,
    "extra_forbidden": "mục không được biết đến",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "less_than": "phải nhỏ hơn {lt}",
    "less_than_equal": "không được lớn hơn {le}",
    "list_type": _LIST,
    "literal_error": "phải là {expected}",
    "missing": "thiếu mục bắt buộc",
    "model_type": _MAPPING,
    "string_pattern_mismatch": "phải theo mẫu {pattern}",
    "string_too_long": "dài nhất {max_length} ký tự",
    "string_too_short": "cần ít nhất {min_length} ký tự",
    "string_type": "phải là chữ; nếu cần, đặt trong dấu nháy kép",
    "too_long": "nhiều nhất {max_length} phần tử",
    "too_short": "cần ít nhất {min_length} phần tử",
    "tuple_type": _LIST,
    "union_tag_invalid": _ONE_OF,
}
_UNKNOWN = Text("mục không được biết đến.", "unknown key.")
_ELSEWHERE = Text(
    "Mục này thuộc nơi khác trong tệp: chuyển đi hoặc xóa.",
    "It belongs elsewhere in the file: move or remove it.",
)
_CORRECT = Text(
    "Sửa giá trị này; lược đồ JSON cho trình soạn thảo biết giá trị nào hợp lệ.",
    "Correct it; the JSON Schema tells your editor what fits.",
)

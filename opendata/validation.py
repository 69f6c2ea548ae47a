"""A YAML file as a checked record: every mistake at once, with its line, its dotted path and the remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

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
    document = parse(path)
    try:
        return model.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        raise SpecError(_problems(error, name or path.name, document, model)) from None


def json_schema(model: type[BaseModel], title: str) -> dict[str, object]:
    """The JSON Schema of a record, for completion and checks in editors."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **model.model_json_schema(), "title": title}


def _problems(error: ValidationError, file: str, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Turn pydantic's findings into problems."""
    found: dict[str, Problem] = {}
    for item in error.errors(include_url=False, include_input=False):
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
    words = message.removeprefix("Value error, ").rstrip(".")
    vietnamese = str(context.get("vi", words)).rstrip(".")
    return Text(f"giá trị không hợp lệ: {vietnamese}.", f"not valid: {words}."), _CORRECT


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


_UNKNOWN = Text("mục không được biết đến.", "unknown key.")
_ELSEWHERE = Text(
    "Mục này thuộc nơi khác trong tệp: chuyển đi hoặc xóa.",
    "It belongs elsewhere in the file: move or remove it.",
)
_CORRECT = Text(
    "Sửa giá trị này; lược đồ JSON cho trình soạn thảo biết giá trị nào hợp lệ.",
    "Correct it; the JSON Schema tells your editor what fits.",
)

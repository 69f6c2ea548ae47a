"""YAML documents whose every value knows its line; nothing ambiguous gets through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from catalog.errors import Problem, Text
from opendata.errors import SpecError

LARGEST = 2_000_000  # bytes; a spec is a page, a code list a few

Place = Sequence[int | str]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed YAML file: plain data and the line on which each value stands.

    Attributes:
        data: Mappings, lists, strings, numbers, booleans, dates.
        lines: Path of keys and positions -> line, counted from 1.
    """

    data: dict[str, Any]
    lines: dict[tuple[int | str, ...], int]

    def known(self, path: Place, *, missing: bool = False) -> list[int | str]:
        """The parts of `path` that are places in this file; a validator's own labels between them are dropped.

        Args:
            path: A path as a validator reports it.
            missing: Whether the last part is a key that is not there.
        """
        kept: list[int | str] = []
        for number, part in enumerate(path):
            last = number == len(path) - 1
            if (*kept, part) in self.lines or (last and missing):
                kept.append(part)
        return kept

    def line(self, path: Place) -> int:
        """The line of the nearest place that exists on the way to `path`."""
        parts = tuple(path)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return self.lines.get(parts, 1)


ALIASES = "aliases are not allowed here"


class _Loader(yaml.SafeLoader):
    """YAML without surprises: no key twice, no aliases (they can grow without end), `no` and `on` are words."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, ALIASES, mark)
        return super().compose_node(parent, index)


# YAML 1.1 reads no, off and NO (Norway) as false, 010 as eight and 1:30 as ninety; a spec keeps the 1.2 meanings.
_BOOL, _INT, _FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float"))
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in {_BOOL, _INT, _FLOAT}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_INT, re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver(_FLOAT, re.compile(r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"), list("-0123456789"))


def parse(path: Path, name: str = "") -> Document:
    """Read one YAML file whose top level is a mapping.

    Args:
        path: The file.
        name: What messages call it; by default the file's name.

    Raises:
        SpecError: When it cannot be read, is not UTF-8, is too large, or is not YAML; with the line.
    """
    name = name or path.name
    text = read_text(path, name)
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError) as error:
        raise _refuse(name, error) from None
    if not isinstance(node, yaml.MappingNode):
        raise SpecError([Problem(name, _NOT_MAPPING, _SEE_SCHEMA)])
    lines: dict[tuple[int | str, ...], int] = {(): 1}
    twice: list[Problem] = []
    try:
        data = _build(node, (), lines, _Found(name, twice))
    except RecursionError as error:
        raise _refuse(name, error) from None
    if twice:
        raise SpecError(twice)
    return Document(data, lines)


def read_text(path: Path, name: str = "") -> str:
    """The text of a small UTF-8 file.

    Args:
        path: The file.
        name: What messages call it; by default the file's name.

    Raises:
        SpecError: When it is not there, cannot be read, is too large or is not UTF-8.
    """
    name = name or path.name
    try:
        if path.stat().st_size > LARGEST:
            raise SpecError([Problem(name, _TOO_LARGE, _SPLIT)])
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SpecError([Problem(name, _unreadable(error), _CHECK_FILE)]) from None
    except UnicodeDecodeError:
        raise SpecError([Problem(name, _NOT_UTF8, _SAVE_UTF8)]) from None


def shown(part: int | str) -> str:
    """A part of a path as a message may show it: a key that is no plain name may be anything, even a person."""
    return str(part) if isinstance(part, int) or _KEY.fullmatch(part) else "…"


@dataclass(frozen=True, slots=True)
class _Found:
    file: str
    problems: list[Problem]


def _build(
    node: yaml.Node, path: tuple[int | str, ...], lines: dict[tuple[int | str, ...], int], found: _Found
) -> Any:
    """Plain data of a node; records the line of every place and every key that stands twice."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, i), lines, found) for i, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node, path, found)
    data: dict[str, Any] = {}
    for key_node, child in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            found.problems.append(
                Problem(f"{found.file}, line {key_node.start_mark.line + 1}", _BAD_SCALAR, _QUOTE)
            )
            continue
        key = str(key_node.value)
        if key in data:
            where = f"{found.file}, line {key_node.start_mark.line + 1}: {'.'.join(map(shown, (*path, key)))}"
            found.problems.append(Problem(where, _TWICE, _KEEP_ONE))
        data[key] = _build(child, (*path, key), lines, found)
    return data


def _scalar(node: yaml.Node, path: tuple[int | str, ...], found: _Found) -> Any:
    """A scalar as YAML 1.2 reads it; anything with a tag of its own is refused."""
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    match kind:
        case "str":
            return node.value
        case "null":
            return None
        case "bool":
            return node.value == "true"
        case "int" if len(node.value) < 19:
            return int(node.value)
        case "float" if len(node.value) < 40:
            return float(node.value)
        case "timestamp" if _DATE.match(node.value):
            return node.value
    where = f"{found.file}, line {node.start_mark.line + 1}: {'.'.join(map(shown, path))}"
    found.problems.append(Problem(where, _BAD_SCALAR, _QUOTE))
    return None


_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_NOT_MAPPING = Text(
    "tệp không phải là một bảng khóa: giá trị.", "the file is not a mapping of keys to values."
)
_SEE_SCHEMA = Text("Xem mẫu: opendata new --help.", "See a sample: opendata new --help.")
_TOO_LARGE = Text("tệp quá lớn.", "the file is too large.")
_SPLIT = Text("Một khai báo chỉ nên dài vài trang.", "A spec should be a few pages at most.")
_CHECK_FILE = Text("Kiểm tra đường dẫn và quyền đọc.", "Check the path and the permissions.")
_NOT_UTF8 = Text("tệp không ở dạng mã UTF-8.", "the file is not UTF-8.")
_SAVE_UTF8 = Text("Lưu lại dưới dạng UTF-8.", "Save it as UTF-8.")
_TWICE = Text("khóa này có hai lần.", "this key stands twice.")
_KEEP_ONE = Text("Chỉ giữ một.", "Keep one.")
_BAD_SCALAR = Text(
    "giá trị này không đọc được một cách chắc chắn.", "this value cannot be read with certainty."
)
_QUOTE = Text('Đặt trong dấu nháy kép "…".', 'Put it in double quotes "…".')


def _unreadable(error: OSError) -> Text:
    reason = error.strerror or type(error).__name__
    return Text(f"không đọc được tệp ({reason}).", f"the file cannot be read ({reason}).")


def _refuse(file: str, error: Exception) -> SpecError:
    """YAML's own complaint with its line; its quotation of the file is left out."""
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    what = getattr(error, "problem", None) or "too deeply nested"
    return SpecError(
        [
            Problem(
                f"{file}{line}",
                Text(f"không phải YAML hợp lệ: {what}.", f"not valid YAML: {what}."),
                _WRITE_OUT if what == ALIASES else _FIX_YAML,
            )
        ]
    )


_WRITE_OUT = Text(
    "Viết lại giá trị đó thay cho *tên, hoặc đặt trong dấu nháy kép nếu dấu * là chữ.",
    "Write the value again in place of *name, or put it in double quotes if the * is meant.",
)
_FIX_YAML = Text(
    "Sửa dòng này: thụt lề bằng dấu cách, sau dấu hai chấm có một dấu cách.",
    "Mend this line: indent with spaces, one space after a colon.",
)

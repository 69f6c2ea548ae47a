"""Every text in a file that people or machines could read, with its place, for the personal-data scan.

What a file is, its extension says. A kind that is not known here is refused, never skipped: the scan must be able to
say that it saw everything.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import PurePath
from typing import Any

from catalog.errors import Problem, Text
from opendata.errors import PersonalDataError

Place = tuple[str, str]  # a place and the text that stands there
HEX = re.compile(r"\b[0-9a-f]{64}\b|urn:uuid:[0-9a-f-]{36}")  # digests and names made from them
_PLAIN = re.compile(r"[A-Za-z_@$][A-Za-z0-9_:@$.-]*")  # a key that can be shown as part of a place
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # colours in tracebacks
_DATA_URL = re.compile(r"data:[a-z]+/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=\s]+")  # fonts and images
_LONG = 10**8  # nine digits: a whole number from here on may be the number of a document
JSON = frozenset({".json", ".jsonld", ".geojson", ".topojson", ".map"})
PAGES = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml"})
LINES = frozenset(
    {"", ".bib", ".cff", ".cfg", ".css", ".csvw", ".ics", ".ini", ".js", ".log", ".md", ".py", ".r", ".rst", ".sh"}
    | {".sql", ".tex", ".toml", ".ttl", ".txt", ".yaml", ".yml"}
)  # fmt: skip
NOTEBOOKS = frozenset({".ipynb"})
# Layers of a picture hold no text that this scan could read, and a chart in a notebook comes with its data beside it.
_PICTURES = ("image/png", "image/jpeg", "image/gif", "application/pdf")


def texts(data: bytes, name: str) -> Iterator[Place]:
    """Every text of a file that is no table: JSON, a page, a notebook, lines.

    Args:
        data: Its bytes.
        name: Its name, the beginning of every place.

    Raises:
        PersonalDataError: When the file is of no kind that can be scanned, or is not what its name says.
    """
    kind = PurePath(name).suffix.lower()
    if kind in NOTEBOOKS:
        yield from notebook_texts(notebook(data, name), name)
    elif kind in JSON:
        yield from strings(_loaded(data, name), name)
    elif kind in PAGES:
        yield from page_texts(decoded(data, name), name)
    elif kind in LINES:
        lines = decoded(data, name).splitlines()
        yield from ((f"{name}, line {n}", HEX.sub("", line)) for n, line in enumerate(lines, start=1))
    else:
        raise PersonalDataError([Problem(name, _UNKNOWN, _CONVERT)])


def strings(node: object, place: str) -> Iterator[Place]:
    """Every string, key and long whole number of plain data, with its dotted path."""
    if isinstance(node, str):
        yield place, HEX.sub("", node)
    elif isinstance(node, int) and not isinstance(node, bool) and abs(node) >= _LONG:
        yield place, str(node)
    elif isinstance(node, Mapping):
        yield f"{place}, keys", " ; ".join(map(str, node))
        for number, (key, value) in enumerate(node.items()):
            yield from strings(value, f"{place}.{key if _PLAIN.fullmatch(str(key)) else number}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from strings(value, f"{place}.{number}")


def page_texts(page: str, place: str) -> Iterator[Place]:
    """What stands on a page, in its attributes for screen readers, its comments and its scripts; styles left out."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    for n, text in enumerate(reader.lines, start=1):
        yield f"{place}, text {n}", HEX.sub("", _DATA_URL.sub("", text))


def notebook(data: bytes, name: str) -> dict[str, Any]:
    """A Jupyter notebook as plain data.

    Raises:
        PersonalDataError: When the bytes are none: nothing may pass that was not understood.
    """
    content = _loaded(data, name)
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise PersonalDataError([Problem(name, _NO_NOTEBOOK, _REPAIR)])
    return dict(content)


def notebook_texts(content: Mapping[str, Any], name: str) -> Iterator[Place]:
    """Cells, outputs of every kind, tracebacks, the data inside charts, and the metadata of a notebook."""
    yield from strings(content.get("metadata", {}), f"{name}, metadata")
    for number, cell in enumerate(content["cells"], start=1):
        place = f"{name}, cell {number}"
        yield from _lines(_joined(cell.get("source", "")), f"{place}, source")
        yield from strings(cell.get("metadata", {}), f"{place}, metadata")
        yield from strings(cell.get("attachments", {}), f"{place}, attachment")
        for n, output in enumerate(cell.get("outputs", []), start=1):
            yield from _output_texts(output, f"{place}, output {n}")


def _output_texts(output: Mapping[str, Any], place: str) -> Iterator[Place]:
    yield from _lines(_ANSI.sub("", _joined(output.get("text", ""))), place)
    traceback = "\n".join([str(output.get("evalue", "")), *map(str, output.get("traceback", []))])
    yield from _lines(_ANSI.sub("", traceback), f"{place}, traceback")
    for kind, content in output.get("data", {}).items():
        at = f"{place}, {kind}"
        if kind in _PICTURES:
            continue
        if kind.endswith("json") and not isinstance(content, str | list):
            yield from strings(content, at)
        elif kind in ("text/html", "image/svg+xml"):
            yield from page_texts(_joined(content), at)
        else:
            yield from _lines(_joined(content), at)


def _lines(text: str, place: str) -> Iterator[Place]:
    yield from (
        (f"{place}, line {n}", HEX.sub("", line))
        for n, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    )


def _joined(text: object) -> str:
    """A notebook keeps texts as lists of lines, or whole."""
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def decoded(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark.

    Raises:
        PersonalDataError: When it is neither: what cannot be read cannot be scanned.
    """
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise PersonalDataError([Problem(name, _NOT_UTF8, _SAVE_UTF8)]) from None


def _loaded(data: bytes, name: str) -> Any:
    try:
        return json.load(io.StringIO(decoded(data, name)))
    except (ValueError, RecursionError):
        raise PersonalDataError([Problem(name, _NO_JSON, _REPAIR)]) from None


class _Reader(HTMLParser):
    """Collects the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a screen reader or a search engine says for an element."""
        self._style = tag == "style"
        spoken = {"aria-label", "alt", "title", "content", "value", "placeholder", "summary"}
        self.lines += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        """Leave the style sheet."""
        self._style = False

    def handle_data(self, data: str) -> None:
        """Take a piece of text."""
        if not self._style and data.strip():
            self.lines.append(data.strip())

    def handle_comment(self, data: str) -> None:
        """Take a comment: nobody sees it, but everybody downloads it."""
        self.handle_data(data)


_UNKNOWN = Text(
    "loại tệp này không quét được, nên không thể nói là không có dữ liệu cá nhân.",
    "a file of this kind cannot be scanned, so nobody can say that it holds no personal data.",
)
_CONVERT = Text(
    "Bỏ tệp này, hoặc chuyển thành CSV, XLSX, Parquet, JSON, HTML hay văn bản.",
    "Leave it out, or turn it into CSV, XLSX, Parquet, JSON, HTML or text.",
)
_NOT_UTF8 = Text(
    "tệp không ở dạng mã UTF-8, nên không đọc được.", "the file is not UTF-8 and cannot be read."
)
_SAVE_UTF8 = Text("Lưu lại dưới dạng UTF-8.", "Save it as UTF-8.")
_NO_JSON = Text("không phải JSON hợp lệ.", "not valid JSON.")
_NO_NOTEBOOK = Text("không phải sổ tay Jupyter (nbformat 4).", "not a Jupyter notebook (nbformat 4).")
_REPAIR = Text("Tạo lại tệp này rồi quét lại.", "Write this file again and repeat the scan.")

"""Code lists with a vintage: what a code means depends on when it was used.

The same province code names different provinces before and after 1 July 2025, so a list carries the days on
which it holds and is never joined on codes alone.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from catalog.errors import CodeListError, Problem, Text
from catalog.labels import Labels, flaw_of

COLUMNS = ("code", "parent", "label_vi", "label_en", "aliases")
NOTES = ("note_vi", "note_en")
_CODE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:+-]*[A-Za-z0-9_+])?")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—.]+")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list.

    Attributes:
        code: The code as published.
        parent: The code it belongs to; None for a root.
        labels: Its name.
        aliases: Other ways in which sources write the name.
        note: What a reader must know about this code.
    """

    code: str
    parent: str | None
    labels: Labels
    aliases: tuple[str, ...] = ()
    note: Labels | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes that hold from one day to another.

    Attributes:
        id: Name with the vintage, such as "province-63".
        vintage: The first day or the edition that tells this list from others of its name.
        valid_from: First day on which it holds; None when always.
        valid_to: Last day on which it holds; None when still in force.
        codes: The codes, each once, in the order of the list.
        source: What the list was made from.
    """

    id: str
    vintage: str
    valid_from: date | None
    valid_to: date | None
    codes: tuple[Code, ...]
    source: str = ""


class Vintage(NamedTuple):
    """Name, validity and source of a list, which its CSV does not hold.

    Attributes:
        id: Name of the list.
        vintage: Edition.
        valid_from: First day.
        valid_to: Last day.
        source: What the list was made from.
    """

    id: str
    vintage: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


def normal(text: str) -> str:
    """A name reduced to what identifies it: NFC, case folded, runs of spaces, hyphens and dots one space."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return _SEPARATORS.sub(" ", folded.replace("ð", "đ")).strip()  # Ð of older keyboards: it looks like Đ


def parse(text: str, vintage: Vintage | str) -> CodeList:
    """Read a code list from CSV: code, parent, label_vi, label_en, aliases (';' between them).

    Two more columns, note_vi and note_en, may follow.

    Args:
        text: The CSV text, with a header; a byte order mark is allowed.
        vintage: Name and validity of the list; a name alone for a list without dates.

    Returns:
        The list, in the order of the text.

    Raises:
        CodeListError: With every mistake found: columns, bad or repeated codes, missing labels, unknown
            parents, a code that is its own ancestor, a name that two codes claim.
    """
    vintage = Vintage(vintage) if isinstance(vintage, str) else vintage
    rows, problems = _rows(text, vintage.id)
    if problems:
        raise CodeListError(problems)
    problems += [p for number, row in rows for p in _row_problems(vintage.id, number, row)]
    problems += _structure_problems(vintage.id, [row for _, row in rows])
    if problems:
        raise CodeListError(problems)
    codes = tuple(_code(row) for _, row in rows)
    found = CodeList(*vintage[:4], codes=codes, source=vintage.source)
    match(found)
    return found


def parents(codelist: CodeList) -> dict[str, str]:
    """The tree of a list as child -> parent; roots have no entry. What `anonymize.Hierarchy` takes."""
    return {c.code: c.parent for c in codelist.codes if c.parent is not None}


def leaves(codelist: CodeList) -> tuple[Code, ...]:
    """The codes without a code under them: what records carry, totals left out."""
    over = {code.parent for code in codelist.codes}
    return tuple(code for code in codelist.codes if code.code not in over)


def match(codelist: CodeList) -> dict[str, str]:
    """How to find a code by any of its names: normalised code, label or alias -> code.

    Look up ``normal(text)``. A code's own spelling is a name too.

    Raises:
        CodeListError: When two codes claim one name; every such pair is named.
    """
    claims: dict[str, dict[str, None]] = {}
    for code in codelist.codes:
        for name in (code.code, code.labels.vi, code.labels.en, *code.aliases):
            claims.setdefault(normal(name), {})[code.code] = None
    problems = [_ambiguous(codelist.id, codes) for codes in claims.values() if len(codes) > 1]
    if problems:
        raise CodeListError(problems)
    return {name: next(iter(codes)) for name, codes in claims.items()}


def _rows(text: str, name: str) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = tuple(reader.fieldnames or ())
        if sorted(header) not in (sorted(COLUMNS), sorted(COLUMNS + NOTES)):
            return [], [_columns(name)]
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error:
        return [], [_columns(name, reader.line_num)]
    ragged = [n for n, row in rows if None in row or None in row.values()]
    if ragged or not rows:
        return [], [_columns(name, n) for n in ragged] or [_columns(name)]
    return [(n, {k: unicodedata.normalize("NFC", v).strip() for k, v in row.items()}) for n, row in rows], []


def _code(row: dict[str, str]) -> Code:
    aliases = tuple(a.strip() for a in row["aliases"].split(";") if a.strip())
    labels = Labels(vi=row["label_vi"], en=row["label_en"])
    note = Labels(vi=row["note_vi"], en=row["note_en"]) if row.get("note_vi") else None
    return Code(row["code"], row["parent"] or None, labels, aliases, note)


def _columns(name: str, line: int | None = None) -> Problem:
    place = name if line is None else f"{name}, line {line}"
    return Problem(
        place,
        Text("Tệp danh mục mã không đúng dạng.", "The code list file is not in the expected form."),
        Text(
            f"Ghi tệp CSV có đúng các cột {', '.join(COLUMNS)} và ít nhất một dòng.",
            f"Write a CSV with exactly the columns {', '.join(COLUMNS)} and at least one row.",
        ),
    )


def _row_problems(name: str, line: int, row: dict[str, str]) -> Iterable[Problem]:
    place = f"{name}, line {line}"
    if not _CODE.fullmatch(row["code"]):
        yield Problem(
            place,
            Text(
                "Mã trống hoặc có ký tự không được phép.",
                "The code is empty or has letters that are not allowed.",
            ),
            Text("Chỉ dùng chữ ASCII, chữ số và _ . : + -.", "Use ASCII letters, digits and _ . : + - only."),
        )
    noted = any(row.get(column) for column in NOTES)
    for column in ("label_vi", "label_en", *(NOTES if noted else ())):
        if flaw_of(row[column]):
            yield Problem(
                f"{place}, {column}",
                Text(
                    "Tên hoặc ghi chú bị thiếu, ghi tạm hoặc có ký tự ẩn.",
                    "The text is missing or has hidden letters.",
                ),
                Text("Ghi bằng cả hai ngôn ngữ.", "Give it in both languages."),
            )


def _structure_problems(name: str, rows: Sequence[dict[str, str]]) -> list[Problem]:
    tree = {row["code"]: row["parent"] for row in rows}
    twice = sorted(code for code, n in Counter(row["code"] for row in rows).items() if n > 1)
    orphans = sorted(code for code, parent in tree.items() if parent and parent not in tree)
    return [
        *(_place(name, c, "Mã xuất hiện nhiều lần.", "The code appears more than once.") for c in twice),
        *(_place(name, c, "Mã cha không có.", "Its parent is not in the list.") for c in orphans),
        *(_place(name, c, "Mã thuộc chính nó.", "The code is its own ancestor.") for c in _cycles(tree)),
    ]


def _cycles(tree: dict[str, str]) -> list[str]:
    """Codes from which the way up never ends and comes back to them."""
    looping = []
    for start in sorted(tree):
        seen, at = set(), tree[start]
        while at in tree and at not in seen and at != start:
            seen.add(at)
            at = tree[at]
        if at == start:
            looping.append(start)
    return looping


def _place(name: str, code: str, vi: str, en: str) -> Problem:
    return Problem(f"{name}, code {code}", Text(vi, en), Text("Sửa danh mục mã.", "Correct the code list."))


def _ambiguous(name: str, codes: Iterable[str]) -> Problem:
    return Problem(
        f"{name}, codes {', '.join(sorted(codes))}",
        Text("Các mã này dùng chung một tên hoặc tên khác.", "These codes share one label or alias."),
        Text("Bỏ tên khác trùng lặp hoặc đổi tên.", "Remove the shared alias or rename."),
    )

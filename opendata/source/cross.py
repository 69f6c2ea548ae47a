"""Cross tables: one row for each label, one column for each combination of heading values, to records."""

from __future__ import annotations

import re
from collections import Counter as Multiset
from collections.abc import Callable, Iterator, Mapping
from itertools import product

import polars as pl

from catalog import normal
from catalog.errors import Problem
from opendata.source.grid import Value, address, letter, value_at
from opendata.source.headers import Page, dropped_columns, header_of, unexpected
from opendata.source.labels import is_total
from opendata.source.numbers import Fault, count, counter
from opendata.source.problems import gathered
from opendata.source.repairs import DropRows, Rename, normalise
from opendata.source.section import ExcelSource, Labels, Spread
from opendata.source.tally import matching, note
from opendata.source.totals import compare

Label = tuple[str, str]  # text, address
Key = tuple[str, ...]  # one value for each name of the header patterns


def read_cross(
    page: Page, section: ExcelSource, known: Mapping[str, str]
) -> tuple[pl.DataFrame | None, list[Problem]]:
    """Read one cross table.

    Args:
        page: The sheet.
        section: The section.
        known: Normalised label -> code.

    Returns:
        One row for each label and combination: the label column, the columns of the header patterns, the
        measures; and the mistakes. The frame is None if there are any.
    """
    assert section.rows is not None
    assert section.spread is not None
    label_column, columns = _columns(page, section)
    rows = _rows(page, section, label_column, columns) if label_column is not None else {}
    labelled = _labelled(page, rows, section.rows, known)
    frame = _frame(page, section, labelled, columns)
    if label_column is not None:
        compare(page, label_column, labelled, columns.values())
    problems = gathered(page.path, page.sheet.name, page.faults)
    return (None if problems else frame), problems


def _columns(page: Page, section: ExcelSource) -> tuple[int | None, dict[Key, int]]:
    """The label column, and for each combination of heading values its column."""
    labels, spread = section.rows, section.spread
    assert labels is not None
    assert spread is not None
    headings = header_of(page.sheet, section.header)
    match = _matcher(spread)
    dropped = dropped_columns(page, headings)
    top = section.header.first - 1
    found: list[tuple[Key, int]] = []
    label_columns: list[int] = []
    for c, texts in enumerate(headings):
        if c in dropped:
            continue
        key = match(texts)
        if {normalise(t) for t in texts if t} == {normalise(labels.header)}:
            label_columns.append(c)
        elif key is not None:
            found.append((key, c))
        else:
            unexpected(page, texts, c, top)
    _check_label_columns(page, label_columns, labels)
    _check_combinations(page, found, spread)
    return (label_columns[0] if len(label_columns) == 1 else None), dict(found)


def _matcher(spread: Spread) -> Callable[[tuple[str, ...]], Key | None]:
    """A function from the texts of a column's header to its key, None if they do not fit the patterns."""
    options = {name: {normalise(k): v for k, v in spread.options(name).items()} for name in spread.names}
    patterns = [re.compile(_pattern(p, options)) for p in spread.header]

    def match(texts: tuple[str, ...]) -> Key | None:
        matches = [p.fullmatch(normalise(t)) for p, t in zip(patterns, texts, strict=True)]
        if any(m is None for m in matches):
            return None
        groups = {name: text for m in matches if m for name, text in m.groupdict().items()}
        return tuple(options[name][groups[name]] for name in spread.names)

    return match


def _pattern(template: str, options: Mapping[str, Mapping[str, str]]) -> str:
    parts = re.split(r"\{([a-z][a-z0-9_]*)\}", normalise(template))
    return "".join(
        f"(?P<{part}>{'|'.join(map(re.escape, options[part]))})" if i % 2 else re.escape(part)
        for i, part in enumerate(parts)
    )


def _check_label_columns(page: Page, columns: list[int], labels: Labels) -> None:
    if not columns:
        page.faults.append(("missing_column", labels.header, ""))
    if len(columns) > 1:
        page.faults += [("double_column", labels.header, letter(c)) for c in columns]


def _check_combinations(page: Page, found: list[tuple[Key, int]], spread: Spread) -> None:
    times = Multiset(key for key, _ in found)
    wanted = product(*(dict.fromkeys(spread.options(name).values()) for name in spread.names))
    page.faults += [("missing_column", " / ".join(key), "") for key in wanted if key not in times]
    page.faults += [("double_column", " / ".join(key), letter(c)) for key, c in found if times[key] > 1]


def _rows(
    page: Page, section: ExcelSource, label_column: int, columns: Mapping[Key, int]
) -> dict[int, Label]:
    """Row -> label, for the rows that hold data; blank and unlabelled rows are faults."""
    used = [label_column, *columns.values()]
    filled = [
        r
        for r in range(section.header.last, len(page.sheet.cells))
        if any(value_at(page.sheet, r, c) is not None for c in used)
    ]
    dropped = dropped_rows(page, {r: _label(value_at(page.sheet, r, label_column)) for r in filled})
    if not filled:
        page.faults.append(("no_rows", "", ""))
        return {}
    rows: dict[int, Label] = {}
    for r in range(section.header.last, filled[-1] + 1):
        value = value_at(page.sheet, r, label_column)
        if r in dropped:
            continue
        if isinstance(value, str):
            rows[r] = value, address(r, label_column)
        else:
            page.faults.append((_why_unlabelled(value, r in filled), "", address(r, label_column)))
    return rows


def _label(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _why_unlabelled(value: Value, filled: bool) -> str:
    if value is not None:
        return "not_a_label"
    return "no_label" if filled else "blank_row"


def dropped_rows(page: Page, labels: Mapping[int, str]) -> set[int]:
    """The rows that declared repairs leave out: by label, or by number (blank rows too)."""
    dropped: set[int] = set()
    for index, repair in matching(page.tally, DropRows, page.path, page.sheet.name):
        named = {normalise(label): label for label in repair.labels}
        by_label = {r: named[normalise(text)] for r, text in labels.items() if normalise(text) in named}
        by_number = {n - 1: str(n) for n in repair.rows if n <= len(page.sheet.cells)}
        for r, item in sorted((by_label | by_number).items()):
            note(page.tally, index, (page.path, page.sheet.name, str(r + 1)), item)
            dropped.add(r)
    return dropped


def _labelled(
    page: Page, rows: Mapping[int, Label], labels: Labels, known: Mapping[str, str]
) -> dict[int, str]:
    """Row -> code; totals, unknown labels, codes twice and codes without a row are faults."""
    codes: dict[int, str] = {}
    for r, (text, place) in rows.items():
        label = renamed(page, labels.column, text, place)
        code = known.get(normal(label))
        if is_total(label):
            page.faults.append(("total_row", "", place))
        elif code is None:
            page.faults.append(("unknown_label", labels.codes or "rows.values", place))
        else:
            codes[r] = code
    times = Multiset(codes.values())
    page.faults += [("double_row", "", rows[r][1]) for r, code in codes.items() if times[code] > 1]
    missing = sorted(set(known.values()) - set(times)) if labels.complete and rows else []
    if missing:
        page.faults.append(("missing_rows", shortened(missing), ""))
    return codes


def shortened(codes: list[str]) -> str:
    """The first dozen codes, and how many more."""
    return ", ".join(codes[:12]) + (f" (+{len(codes) - 12})" if len(codes) > 12 else "")


def renamed(page: Page, column: str, text: str, place: str) -> str:
    """The label as declared repairs rename it."""
    for index, repair in matching(page.tally, Rename, page.path, page.sheet.name):
        if repair.column in (None, column) and normalise(repair.from_) == normalise(text):
            note(page.tally, index, (page.path, page.sheet.name, place))
            return repair.to
    return text


def _frame(
    page: Page, section: ExcelSource, rows: Mapping[int, str], columns: Mapping[Key, int]
) -> pl.DataFrame:
    """One row for each label and combination, in the order of the sheet."""
    assert section.rows is not None
    assert section.spread is not None
    names = section.spread.names
    by_rest: dict[Key, dict[str, int]] = {}
    for key, c in columns.items():
        values = dict(zip(names, key, strict=True))
        measure = values.pop("measure", section.measures[0])
        by_rest.setdefault(tuple(values.values()), {})[measure] = c
    rest = [n for n in names if n != "measure"]
    counted = {
        m: list(_counts(page, section, rows, [cs.get(m) for cs in by_rest.values()]))
        for m in section.measures
    }
    data: dict[str, list[str]] = {section.rows.column: [code for code in rows.values() for _ in by_rest]}
    for i, name in enumerate(rest):
        data[name] = [key[i] for _ in rows for key in by_rest]
    schema = {name: pl.String() for name in data} | {m: pl.Int64() for m in section.measures}
    return pl.DataFrame(data | counted, schema=schema)


def _counts(
    page: Page, section: ExcelSource, rows: Mapping[int, str], columns: list[int | None]
) -> Iterator[int | None]:
    how = counter(page.tally, page.path, page.sheet.name, section.empty)
    for r in rows:
        for c in columns:
            value = count(value_at(page.sheet, r, c), address(r, c), how) if c is not None else None
            if isinstance(value, Fault):
                page.faults.append((value.kind, "", address(r, c or 0)))
                value = None
            yield value

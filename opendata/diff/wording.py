"""A diff in words, one line per fact: for change logs, terminals and notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from catalog.errors import Text
from opendata.words import count, percent

if TYPE_CHECKING:
    from opendata.diff.model import Change, CodeDiff, Diff, MeasureDiff, Transition

NAMED = 10
"""So many codes are named; the rest is counted."""


def summary(diff: Diff) -> tuple[Text, ...]:
    """The diff in sentences; no value of a cell is in them, and no key.

    Returns:
        How many rows are what, then columns, codes, values and statuses, as far as they changed.
    """
    if diff.empty:
        return (_same(diff.before),)
    return (
        _rows(diff),
        *(Text(f"{one.where}: {one.what.vi}", f"{one.where}: {one.what.en}") for one in diff.schema),
        *map(_codes, diff.codes),
        *(line for one in diff.measures for line in _measure(one)),
    )


def largest(diff: Diff, *, each: int) -> tuple[Text, ...]:
    """The largest relative changes of every measure, one line per cell that both versions show."""
    return tuple(
        Text(f"{one.name}, {cell(change)}: {sized.vi}", f"{one.name}, {cell(change)}: {sized.en}")
        for one in diff.measures
        for change in one.largest[:each]
        for sized in [_sized(change)]
    )


def reasons(diff: Diff) -> tuple[Text, ...]:
    """Why cells are hidden that were shown before; confidential, empty unless the diff was made with its reasons."""
    return tuple(
        Text(
            f"{one.measure}: {one.cells} ô nay mới bị che, {REASONS[one.reason].vi}",
            f"{one.measure}: {one.cells} cells newly hidden, {REASONS[one.reason].en}",
        )
        for one in diff.reasons or ()
    )


def cell(change: Change) -> str:
    """A cell by its codes."""
    return ", ".join(f"{name} {code}" for name, code in change.cell)


def number(value: float) -> Text:
    """A value as it is published: counts with their thousands apart, rates with their decimals."""
    return count(int(value)) if value.is_integer() else Text(f"{value:g}".replace(".", ","), f"{value:g}")


def share(change: Change) -> Text:
    """A relative change in percent, with its sign."""
    size, sign = percent(abs(change.relative)), "−" if change.relative < 0 else "+"
    return Text(f"{sign}{size.vi} %", f"{sign}{size.en} %")


def _sized(change: Change) -> Text:
    old, new, moved = number(change.before), number(change.after), share(change)
    return Text(f"{old.vi} → {new.vi} ({moved.vi})", f"{old.en} → {new.en} ({moved.en})")


def listed(codes: Sequence[str]) -> str:
    """The first codes by name, and how many more there are."""
    named = ", ".join(codes[:NAMED])
    return f"{named}, … (+{len(codes) - NAMED})" if len(codes) > NAMED else named


def transition(one: Transition) -> Text:
    """What a change of status means."""
    return _MEANS.get(
        (one.before, one.after), Text(f"{one.before} → {one.after}", f"{one.before} → {one.after}")
    )


def _rows(diff: Diff) -> Text:
    rows = diff.rows
    if not diff.comparable:
        return Text(
            f"So với {diff.before}: không so từng dòng được vì chiều hoặc danh mục mã đã khác.",
            f"Compared with {diff.before}: rows cannot be compared, as dimensions or code lists are others.",
        )
    return Text(
        f"So với {diff.before}: thêm {rows.added} dòng, bỏ {rows.removed} dòng, {rows.changed} dòng có số liệu đổi.",
        f"Compared with {diff.before}: {rows.added} rows added, {rows.removed} removed, {rows.changed} changed.",
    )


def _codes(one: CodeDiff) -> Text:
    parts_vi, parts_en = [], []
    if one.added:
        parts_vi.append(f"thêm mã {listed(one.added)}")
        parts_en.append(f"codes added: {listed(one.added)}")
    if one.gone:
        parts_vi.append(f"không còn mã {listed(one.gone)}")
        parts_en.append(f"codes gone: {listed(one.gone)}")
    return Text(f"{one.dimension}: {'; '.join(parts_vi)}.", f"{one.dimension}: {'; '.join(parts_en)}.")


def _measure(one: MeasureDiff) -> Iterator[Text]:
    if one.changed:
        yield Text(
            f"{one.name}: {one.changed} số liệu thay đổi, {one.same} giữ nguyên.",
            f"{one.name}: {one.changed} figures changed, {one.same} stayed.",
        )
    if one.transitions:
        said = [(transition(t), t.cells) for t in one.transitions]
        yield Text(
            f"{one.name}: {'; '.join(f'{cells} ô {text.vi}' for text, cells in said)}.",
            f"{one.name}: {'; '.join(f'{cells} cells {text.en}' for text, cells in said)}.",
        )


def _same(before: str) -> Text:
    return Text(f"Số liệu như ở {before}.", f"The figures are those of {before}.")


_MEANS: Mapping[tuple[str, str], Text] = {
    ("A", "Q"): Text("nay được che (A → Q)", "now suppressed (A → Q)"),
    ("P", "Q"): Text("nay được che (P → Q)", "now suppressed (P → Q)"),
    ("Q", "A"): Text("nay được công bố (Q → A)", "now published (Q → A)"),
    ("Q", "P"): Text("nay được công bố, sơ bộ (Q → P)", "now published, provisional (Q → P)"),
    ("P", "A"): Text("từ sơ bộ thành chính thức (P → A)", "now final (P → A)"),
    ("A", "P"): Text("từ chính thức thành sơ bộ (A → P)", "now provisional (A → P)"),
    ("O", "A"): Text("nay có số liệu (O → A)", "now with a value (O → A)"),
}
REASONS: Mapping[str, Text] = {
    "primary": Text("nhạy cảm (primary)", "sensitive itself (primary)"),
    "secondary": Text(
        "để ô khác không tính ra được (secondary)", "so that another cannot be computed (secondary)"
    ),
}

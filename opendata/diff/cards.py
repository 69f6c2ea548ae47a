"""What a diff shows of itself in a notebook and in a terminal: what the public files of both versions say."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.errors import Text
from opendata.diff.model import Change, Diff
from opendata.diff.wording import REASONS, cell, listed, number, share, transition
from ytemo_display import Card, Grid, Shown

SHOWN = 5
"""So many of the largest changes are shown, per measure."""


def of_diff(diff: Diff) -> Card:
    """Rows, columns, codes, values and statuses; why cells are newly hidden only when that was asked for."""
    rows, confidential = diff.rows, diff.reasons is not None
    facts: tuple[tuple[Shown, Shown], ...] = (
        (Text("Dòng thêm", "Rows added"), rows.added),
        (Text("Dòng bỏ", "Rows removed"), rows.removed),
        (Text("Dòng có số liệu thay đổi", "Rows with other figures"), rows.changed),
        (Text("Dòng như cũ", "Rows as they were"), rows.same),
    )
    return Card(
        Text(f"{diff.id}: {diff.before} → {diff.after}", f"{diff.id}: {diff.before} → {diff.after}"),
        _status(diff),
        "confidential" if confidential else "plain",
        facts=facts,
        grids=tuple(_grids(diff)),
        notes=() if diff.comparable else (_NOT_COMPARABLE,),
    )


def _status(diff: Diff) -> Text:
    if diff.reasons is not None:
        return Text("MẬT: nói vì sao ô bị che", "CONFIDENTIAL: it tells why cells are hidden")
    if diff.empty:
        return Text("không có gì thay đổi", "nothing changed")
    if any(change.kind == "breaking" for change in diff.schema):
        return Text("cột thay đổi, chương trình cũ có thể sai", "columns changed, older programs may fail")
    return Text("có thay đổi", "changed")


def _grids(diff: Diff) -> Iterator[Grid]:
    if diff.schema:
        kinds = {"breaking": Text("không tương thích", "breaking"), "additive": Text("bổ sung", "additive")}
        changes = tuple((one.where, kinds[one.kind], one.what) for one in diff.schema)
        yield Grid(Text("Cột", "Columns"), _COLUMNS, changes)
    if diff.codes:
        codes = tuple((one.dimension, listed(one.added), listed(one.gone)) for one in diff.codes)
        yield Grid(Text("Mã", "Codes"), _CODES, codes)
    if diff.measures:
        figures = tuple((one.name, one.changed, one.same, one.from_zero) for one in diff.measures)
        yield Grid(
            Text("Số liệu mà cả hai bản công bố", "Figures that both versions show"), _FIGURES, figures
        )
    moved = tuple((one.name, transition(t), t.cells) for one in diff.measures for t in one.transitions)
    if moved:
        yield Grid(Text("Trạng thái thay đổi", "Statuses that changed"), _MOVED, moved)
    if diff.reasons:
        why = tuple((one.measure, REASONS[one.reason], one.cells) for one in diff.reasons)
        yield Grid(Text("Ô nay mới bị che, theo lý do", "Cells newly hidden, by reason"), _WHY, why)
    for one in diff.measures:
        if one.largest:
            rows = tuple(map(_change, one.largest[:SHOWN]))
            left_out = max(one.changed - one.from_zero - SHOWN, 0)
            name = Text(f"Thay đổi lớn nhất: {one.name}", f"Largest changes: {one.name}")
            yield Grid(name, _LARGEST, rows, left_out)


def _change(one: Change) -> tuple[Shown, ...]:
    return cell(one), number(one.before), number(one.after), share(one)


_NOT_COMPARABLE = Text(
    "Không so từng dòng được: chiều hoặc danh mục mã đã khác.",
    "Rows cannot be compared: dimensions or code lists are others.",
)
_COLUMNS = Text("Ở đâu", "Where"), Text("Loại", "Kind"), Text("Thay đổi", "Change")
_CODES = Text("Chiều", "Dimension"), Text("Thêm", "Added"), Text("Không còn", "Gone")
_FIGURES = (
    Text("Chỉ tiêu", "Measure"),
    Text("Thay đổi", "Changed"),
    Text("Như cũ", "The same"),
    Text("Từ 0", "From 0"),
)
_MOVED = Text("Chỉ tiêu", "Measure"), Text("Từ → đến", "From → to"), Text("Số ô", "Cells")
_WHY = Text("Chỉ tiêu", "Measure"), Text("Lý do", "Reason"), Text("Số ô", "Cells")
_LARGEST = Text("Ô", "Cell"), Text("Trước", "Before"), Text("Sau", "After"), Text("Thay đổi", "Change")

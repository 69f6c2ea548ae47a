"""What changed in the columns of a table, and whether whoever reads it must change their program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalog.codelists import CodeList
from catalog.columns import Column
from catalog.errors import Text
from catalog.labels import Labels
from opendata.diff.wording import listed

Kind = Literal["breaking", "additive"]
Columns = Sequence[Column]
_PLACES = {"dimension": "dimensions", "measure": "measures", "rate": "rates", "attribute": "attributes"}


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of a column.

    Attributes:
        kind: "breaking": what was written for the version before may fail or mislead; "additive": it goes on working.
        where: Its place in the spec, such as `table.measures.cases.unit`.
        what: What changed.
    """

    kind: Kind
    where: str
    what: Text


def schema(
    before: Columns, after: Columns, whole: Mapping[str, CodeList] | None = None
) -> tuple[SchemaChange, ...]:
    """Every change between the columns of two versions, the breaking ones first.

    Args:
        before: The columns of the earlier version.
        after: Those of the later one.
        whole: The code lists of the later version by their ids, as far as a list holds more than what is published: a
            code that was published and is in it no longer is gone by redefinition. Without them nothing is said of
            codes that are gone, as they may only have no records this time.
    """
    old, new = _described(before), _described(after)
    found: list[SchemaChange] = []
    for name, column in old.items():
        found += _altered(column, new[name], whole or {}) if name in new else [_gone(column)]
    found += [_added(column) for name, column in new.items() if name not in old]
    return tuple(sorted(found, key=lambda change: change.kind == "additive"))


def same_rows(before: Columns, after: Columns) -> bool:
    """Whether rows can be compared by their keys: the same dimensions, each by the same code list."""
    return _lists(before) == _lists(after)


def same_values(before: Columns, after: Columns) -> tuple[str, ...]:
    """The columns with a status whose values can be compared: the same type, the same unit, in the order of `after`."""
    old, new = _described(before), _described(after)
    valued = [column.of for column in after if column.role == "status" and column.of]
    return tuple(name for name in valued if name in old and _same_meaning(old[name], new[name]))


def _same_meaning(old: Column, new: Column) -> bool:
    kinds = (old.role, old.type, _unit(old)) == (new.role, new.type, _unit(new))
    return kinds and _ratio(old) == _ratio(new)


def _described(columns: Columns) -> dict[str, Column]:
    """The columns by name, statuses aside: they come and go with what they explain."""
    return {column.name: column for column in columns if column.role != "status"}


def _lists(columns: Columns) -> dict[str, str | None]:
    return {c.name: c.codelist.id if c.codelist else None for c in columns if c.role == "dimension"}


def _gone(column: Column) -> SchemaChange:
    return SchemaChange("breaking", _place(column), _GONE)


def _added(column: Column) -> SchemaChange:
    if column.role == "dimension":
        return SchemaChange("breaking", _place(column), _NEW_DIMENSION)
    return SchemaChange("additive", _place(column), _NEW_COLUMN)


def _altered(old: Column, new: Column, whole: Mapping[str, CodeList]) -> Iterator[SchemaChange]:
    place = _place(new)
    if old.role != new.role:
        yield SchemaChange("breaking", place, _ROLE)
    if old.type != new.type:
        yield SchemaChange("breaking", f"{place}.type", _TYPE)
    if _unit(old) != _unit(new):
        yield SchemaChange("breaking", f"{place}.unit", _UNIT)
    if _ratio(old) != _ratio(new):
        yield SchemaChange("breaking", place, _RATIO)
    if old.labels != new.labels or old.note != new.note:
        yield SchemaChange("additive", f"{place}.label", _LABEL)
    yield from _codes(place, old.codelist, new.codelist, whole)


def _codes(
    place: str, old: CodeList | None, new: CodeList | None, whole: Mapping[str, CodeList]
) -> Iterator[SchemaChange]:
    if old is None or new is None or old.id != new.id:
        if old is not new:
            yield SchemaChange("breaking", f"{place}.codes", _OTHER_LIST)
        return
    known = {code.code: code for code in whole.get(new.id, new).codes}
    were = {code.code: code for code in old.codes}
    gone = [code for code in were if code not in known] if new.id in whole else []
    both = [code for code in were if code in known]
    moved = [code for code in both if were[code].parent != known[code].parent]
    if gone:
        yield SchemaChange("breaking", f"{place}.codes", _with(_GONE_CODES, gone))
    if moved:
        yield SchemaChange("breaking", f"{place}.codes", _with(_MOVED_CODES, moved))
    if any(were[code].labels != known[code].labels for code in both):
        yield SchemaChange("additive", f"{place}.codes", _CODE_LABELS)


def _unit(column: Column) -> Labels | None:
    return column.unit


def _ratio(column: Column) -> tuple[object, ...]:
    """What a rate is made of; nothing for other columns."""
    return (column.of, column.over, column.per) if column.role == "rate" else ()


def _place(column: Column) -> str:
    return f"table.{_PLACES[column.role]}.{column.name}"


def _with(text: Text, codes: Sequence[str]) -> Text:
    named = listed(codes)
    return Text(f"{text.vi}: {named}.", f"{text.en}: {named}.")


_GONE = Text("cột không còn, hoặc đã đổi tên.", "the column is gone, or has another name.")
_NEW_DIMENSION = Text(
    "thêm một chiều: một dòng nay có nghĩa khác.", "a dimension is added: a row means something else."
)
_NEW_COLUMN = Text("cột mới.", "a new column.")
_ROLE = Text("vai trò của cột đã khác.", "the column is for something else now.")
_TYPE = Text("kiểu dữ liệu đã khác.", "its type is another one.")
_UNIT = Text("đơn vị đã khác.", "its unit is another one.")
_RATIO = Text("tỷ lệ được tính theo cách khác.", "the rate is made in another way.")
_LABEL = Text("nhãn hoặc ghi chú được viết lại.", "its label or note is worded anew.")
_OTHER_LIST = Text("danh mục mã đã khác.", "its code list is another one.")
_GONE_CODES = Text(
    "mã đã công bố không còn trong danh mục mã", "codes that were published are in its list no longer"
)
_MOVED_CODES = Text("mã nay thuộc mã cấp trên khác", "codes belong to another code now")
_CODE_LABELS = Text("tên của mã được viết lại.", "names of codes are worded anew.")

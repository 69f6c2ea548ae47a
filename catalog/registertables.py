"""The registers as tables for machines: what each column is, the rows on a day, and whether rows are of a register.

A register is a list of databases or datasets, not statistics about people, so no disclosure audit of cells applies to
it. What keeps anything else from passing for one is `departures`: a register has these columns and can hold these
codes, ids, dates and counts only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import Literal, get_args

from catalog import corrections, law, registers
from catalog.annexes import ACCESS, KIND, STATUS, Registers, drawn_from
from catalog.codelists import Code, CodeList
from catalog.columns import Column
from catalog.frequencies import cycles
from catalog.labels import Labels

RegisterName = Literal["databases", "open-data", "coverage", "notices"]
FieldKind = Literal["key", "text", "both", "code", "list", "count", "date"]
Value = str | int | date | Labels | tuple[str, ...] | None
Cell = str | int | date | None

REGISTERS: tuple[RegisterName, ...] = get_args(RegisterName)
IDS: Mapping[RegisterName, str] = {
    "databases": "health-databases",
    "open-data": "open-health-data",
    "coverage": "health-data-coverage",
    "notices": "health-data-notices",
}
SEPARATOR = "; "
_ADDED = frozenset({"withdrawn"})  # columns that lists of earlier versions of the software do not have
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,98}[a-z0-9]")
_ITEMS = re.compile(rf"([a-z0-9-]+({SEPARATOR}[a-z0-9-]+)*)?")
_COUNT = re.compile(r"0|[1-9][0-9]{0,6}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a register says of each row.

    Attributes:
        name: Its column; a text in both languages has two, `<name>_vi` and `<name>_en`.
        labels: Its title.
        kind: "key" and "code" hold a code or an id, "both" a text in both languages, "list" ids or numbers.
        codes: The codes it may hold.
    """

    name: str
    labels: Labels
    kind: FieldKind
    codes: CodeList | None = None


def columns(register: RegisterName) -> tuple[Column, ...]:
    """The columns of a released register, in the order of the files."""
    return tuple(column for field in fields(register) for column in _columns(field))


def rows(register: RegisterName, found: Registers) -> tuple[tuple[Value, ...], ...]:
    """What a register says on its day: one value for each of `fields`, rows by their keys.

    Notices are counted in intervals, as `catalog.corrections.bands` does.
    """
    return tuple(_ROWS[register](found))


def cells(register: RegisterName, values: Sequence[Value]) -> tuple[Cell, ...]:
    """A row of `rows` as it stands in the files: one cell for each of `columns`; None for what is not known."""
    pairs = zip(fields(register), values, strict=True)
    return tuple(cell for field, value in pairs for cell in _flat(field, value))


def departures(
    register: RegisterName, header: Sequence[str], lines: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """Where a table is none of a register.

    Args:
        register: Which register it claims to be.
        header: Its column names.
        lines: Its rows as text; empty for what is not known.

    Returns:
        Names of the columns that hold something else, or "(columns)", "(rows)"; empty when it is the register.
    """
    expected = columns(register)
    if set(header).isdisjoint(_ADDED):
        expected = tuple(column for column in expected if column.name not in _ADDED)
    if list(header) != [column.name for column in expected]:
        return ("(columns)",)
    if any(len(line) != len(expected) for line in lines):
        return ("(rows)",)
    wrong = [
        column.name
        for number, column in enumerate(expected)
        if not all(_fits(line[number], column) for line in lines)
    ]
    return tuple(wrong) or (() if _whole(register, lines) else ("(rows)",))


def _columns(field: Field) -> Iterator[Column]:
    labels = field.labels
    match field.kind:
        case "key":
            yield Column(field.name, "dimension", "string", labels, codelist=field.codes)
        case "both":
            for code, vi, en in (("vi", "tiếng Việt", "in Vietnamese"), ("en", "tiếng Anh", "in English")):
                named = Labels(vi=f"{labels.vi} ({vi})", en=f"{labels.en} ({en})")
                yield Column(f"{field.name}_{code}", "attribute", "string", named)
        case "count":
            yield Column(field.name, "measure", "integer", labels, unit=labels)
        case "date":
            yield Column(field.name, "attribute", "date", labels)
        case "list":
            yield Column(field.name, "attribute", "string", labels, note=_LIST)
        case _:
            yield Column(field.name, "attribute", "string", labels, codelist=field.codes)


def _flat(field: Field, value: Value) -> tuple[Cell, ...]:
    if isinstance(value, Labels):
        return value.vi, value.en
    if field.kind == "both":
        return None, None
    return (SEPARATOR.join(value) or None,) if isinstance(value, tuple) else (value,)


def _fits(text: str, column: Column) -> bool:
    """Whether a text can stand in a column; names and addresses are free."""
    if column.codelist is not None:
        return text in {code.code for code in column.codelist.codes}
    if column.role == "dimension":
        return bool(_ID.fullmatch(text))
    if column.type == "integer":
        return bool(_COUNT.fullmatch(text))
    if column.type == "date":
        return bool(_DAY.fullmatch(text))
    return bool(_ITEMS.fullmatch(text)) if column.note == _LIST else True


def _whole(register: RegisterName, lines: Sequence[Sequence[str]]) -> bool:
    """Every row once; of a table over codes each combination, and of notices no interval but the agreed ones."""
    keys = [field.codes for field in fields(register) if field.kind == "key"]
    found = [tuple(line[: len(keys)]) for line in lines]
    if len(set(found)) < len(found):
        return False
    lists = [[code.code for code in codes.codes] for codes in keys if codes is not None]
    if lists and set(found) != set(product(*lists)):
        return False
    bounds = [(int(line[-2]), int(line[-1])) for line in lines] if register == "notices" else []
    return all(corrections.band(low) == (low, high) for low, high in bounds)


def _database_rows(found: Registers) -> Iterator[tuple[Value, ...]]:
    for name, one in sorted(found.databases.items()):
        due = registers.review_due(one, months=found.review_months)
        yield (
            name, one.name, one.description, one.owner.name, _numbers(one.groups), one.category,
            one.access, one.access_route, one.frequency, "Y" if one.master_data else "N",
            drawn_from(found, name), one.contact.name, one.contact.email, one.contact.url, one.reviewed, due,
        )  # fmt: skip


def _open_data_rows(found: Registers) -> Iterator[tuple[Value, ...]]:
    for one in sorted(registers.open_data_list(found.datasets), key=lambda one: one.id):
        entry = one.entry
        yield (
            one.id, entry.title, entry.publisher.name, _numbers(entry.groups), entry.databases, entry.frequency,
            registers.status(one, today=found.today), one.version, one.released, registers.due(one),
            entry.contact.name, entry.contact.email, entry.contact.url, one.withdrawn,
        )  # fmt: skip


def _coverage_rows(found: Registers) -> Iterator[tuple[Value, ...]]:
    for one in registers.coverage(found.databases.values(), found.datasets, today=found.today):
        yield str(one.group), one.databases, *one.datasets.values()


def _notice_rows(found: Registers) -> Iterator[tuple[Value, ...]]:
    for one in corrections.bands(found.notices.values(), on=corrections.counted_until(found.today)):
        yield one.kind, one.outcome, one.at_least, one.at_most


def _numbers(groups: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(group) for group in sorted(groups))


def _list(name: str, labels: Iterable[tuple[str, Labels]]) -> CodeList:
    return CodeList(name, "", None, None, tuple(Code(code, None, text) for code, text in labels))


def _field(name: str, vi: str, en: str, kind: FieldKind = "text", codes: CodeList | None = None) -> Field:
    return Field(name, Labels(vi=vi, en=en), kind, codes)


def _contact() -> tuple[Field, ...]:
    return (
        _field("contact", "Đầu mối liên hệ", "Contact", "both"),
        _field("contact_email", "Thư điện tử liên hệ", "Contact e-mail"),
        _field("contact_url", "Trang liên hệ", "Contact page"),
    )


@cache
def fields(register: RegisterName) -> tuple[Field, ...]:
    """What a register says of each row, in order."""
    return _FIELDS[register]()


def _database_fields() -> tuple[Field, ...]:
    categories = [(name, one.labels) for name, one in law.categories().items()]
    return (
        _field("id", "Mã", "Id", "key"),
        _field("name", "Tên", "Name", "both"),
        _field("description", "Mô tả", "Description", "both"),
        _field("owner", "Cơ quan chủ quản", "Owner", "both"),
        _field("groups", "Nhóm (Điều 5)", "Groups (Article 5)", "list"),
        _field("category", "Loại (Điều 7)", "Category (Article 7)", "code", _list("database-category", categories)),
        _field("access", "Phân lớp tiếp cận", "Access class", "code", _list("access-class", ACCESS.items())),
        _field("access_route", "Cách tiếp cận", "Route of access", "both"),
        _frequency(),
        _field("master_data", "Dữ liệu chủ", "Master data", "code", _list("yes-no", _YES_NO.items())),
        _field("datasets", "Bộ dữ liệu mở lấy từ đó", "Open datasets drawn from it", "list"),
        *_contact(),
        _field("reviewed", "Ngày rà soát", "Reviewed", "date"),
        _field("review_due", "Rà soát lại trước ngày", "Review due", "date"),
    )  # fmt: skip


def _open_data_fields() -> tuple[Field, ...]:
    return (
        _field("id", "Mã", "Id", "key"),
        _field("title", "Tên", "Title", "both"),
        _field("publisher", "Cơ quan công bố", "Publisher", "both"),
        _field("groups", "Nhóm (Điều 5)", "Groups (Article 5)", "list"),
        _field("databases", "Cơ sở dữ liệu nguồn", "Databases drawn from", "list"),
        _frequency(),
        _field("status", "Tình trạng", "Status", "code", _list("open-data-status", STATUS.items())),
        _field("version", "Phiên bản", "Version"),
        _field("released", "Ngày công bố", "Released", "date"),
        _field("due", "Hạn công bố tiếp theo", "Due", "date"),
        *_contact(),
        _field("withdrawn", "Ngày thu hồi", "Withdrawn", "date"),
    )


def _coverage_fields() -> tuple[Field, ...]:
    groups = [(str(number), group.labels) for number, group in sorted(law.groups().items())]
    return (
        _field("group", "Nhóm (Điều 5)", "Group (Article 5)", "key", _list("health-data-groups", groups)),
        _field("databases", "Cơ sở dữ liệu", "Databases", "count"),
        *(Field(status, labels, "count") for status, labels in STATUS.items()),
    )


def _notice_fields() -> tuple[Field, ...]:
    return (
        _field("kind", "Loại thông báo", "Kind of notice", "key", _list("notice-kind", KIND.items())),
        _field("outcome", "Kết quả", "Outcome", "key", _list("notice-outcome", _OUTCOMES.items())),
        _field("at_least", "Số thông báo, ít nhất", "Notices, at least", "count"),
        _field("at_most", "Số thông báo, nhiều nhất", "Notices, at most", "count"),
    )


def _frequency() -> Field:
    codes = _list("frequency", ((code, cycle.labels) for code, cycle in cycles().items()))
    return _field("frequency", "Chu kỳ cập nhật", "Update cycle", "code", codes)


_FIELDS = {
    "databases": _database_fields,
    "open-data": _open_data_fields,
    "coverage": _coverage_fields,
    "notices": _notice_fields,
}
_ROWS = {
    "databases": _database_rows,
    "open-data": _open_data_rows,
    "coverage": _coverage_rows,
    "notices": _notice_rows,
}
_LIST = Labels(vi="Nhiều giá trị, cách nhau bằng “; ”.", en="Several values, separated by “; ”.")
_YES_NO = {"Y": Labels(vi="Có", en="yes"), "N": Labels(vi="Không", en="no")}
_OUTCOMES: Mapping[corrections.NoticeOutcome, Labels] = {
    "pending": Labels(vi="Chưa quyết định", en="not decided"),
    "accepted": Labels(vi="Chấp nhận", en="accepted"),
    "declined": Labels(vi="Không chấp nhận", en="declined"),
}

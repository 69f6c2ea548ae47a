"""The registers as sheets to be signed: databases, open data, coverage, corrections; Vietnamese, headings in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import get_args

from catalog import corrections, registers
from catalog.corrections import Notice, NoticeKind, NoticeState
from catalog.databases import Database
from catalog.entry import Contact
from catalog.frequencies import cycles
from catalog.labels import Labels
from catalog.law import categories
from catalog.registers import OpenDataset, OpenDataStatus


@dataclass(frozen=True, slots=True)
class Sheet:
    """One annex.

    Attributes:
        name: Its name as a file, without an ending.
        title: Its title.
        headings: The headings of its columns.
        rows: Text, one for each heading.
        note: What whoever signs it must know.
    """

    name: str
    title: Labels
    headings: tuple[Labels, ...]
    rows: tuple[tuple[str, ...], ...]
    note: Labels | None = None


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything that the annexes are made of, on one day.

    Attributes:
        today: The day.
        databases: Id -> health database.
        datasets: The datasets that are declared or were released.
        notices: Id -> notice of a change, addition or error.
        review_months: How long a database's record holds until it is to be reviewed.
        correction_days: How long a notice may take.
    """

    today: date
    databases: Mapping[str, Database] = field(default_factory=dict)
    datasets: Sequence[OpenDataset] = ()
    notices: Mapping[str, Notice] = field(default_factory=dict)
    review_months: int = 6
    correction_days: int = 30


def sheets(found: Registers) -> tuple[Sheet, ...]:
    """The four annexes, in the order in which they are signed.

    Notices are counted only: neither who sent one nor what it says leaves the agency. Even so that annex is for the
    agency's own use, since a count may be one; what is published are intervals (`catalog.corrections.bands`).
    """
    return _databases(found), _open_data(found), _coverage(found), _corrections(found)


def drawn_from(found: Registers, database: str) -> tuple[str, ...]:
    """Ids of the open datasets that say they are drawn from a database, sorted."""
    listed = registers.open_data_list(found.datasets)
    return tuple(sorted(one.id for one in listed if database in one.entry.databases))


def overdue(found: Registers) -> dict[str, tuple[str, ...]]:
    """What is late on the day: ids under "databases" (record not reviewed), "datasets" and "notices"."""
    late = [d.id for d in found.datasets if registers.status(d, today=found.today) == "overdue"]
    unsettled = [
        name
        for name, notice in found.notices.items()
        if corrections.state(notice, days=found.correction_days, today=found.today) == "overdue"
    ]
    reviews = registers.reviews_overdue(dict(found.databases), months=found.review_months, today=found.today)
    return {"databases": tuple(reviews), "datasets": tuple(sorted(late)), "notices": tuple(sorted(unsettled))}


def _databases(found: Registers) -> Sheet:
    listed = sorted(
        found.databases.items(), key=lambda item: (item[1].owner.name.vi, item[1].groups, item[0])
    )
    rows = (
        (
            name, one.name.vi, one.name.en, one.owner.name.vi, _numbers(one.groups),
            f"{one.category}: {categories()[one.category].labels.vi}", ACCESS[one.access].vi, one.access_route.vi,
            cycles()[one.frequency].labels.vi, (_YES if one.master_data else _NO).vi,
            ", ".join(drawn_from(found, name)), _contact(one.contact),
            one.reviewed.isoformat(), registers.review_due(one, months=found.review_months).isoformat(),
        )
        for name, one in listed
    )  # fmt: skip
    return Sheet("databases", TITLES["databases"], _DATABASE_HEADINGS, _numbered(rows))


def _open_data(found: Registers) -> Sheet:
    rows = (
        (
            one.id, one.entry.title.vi, one.entry.title.en, one.entry.publisher.name.vi, _numbers(one.entry.groups),
            ", ".join(one.entry.databases), cycles()[one.entry.frequency].labels.vi,
            _status(one, found.today),
            one.version or "", _day(one.released), _day(registers.due(one)), _contact(one.entry.contact),
        )
        for one in registers.open_data_list(found.datasets)
    )  # fmt: skip
    return Sheet("open-data", TITLES["open-data"], _OPEN_DATA_HEADINGS, _numbered(rows))


def _status(one: registers.OpenDataset, today: date) -> str:
    """Where a dataset stands; when it was withdrawn, the day too."""
    since = f" ({_day(one.withdrawn)})" if one.withdrawn else ""
    return STATUS[registers.status(one, today=today)].vi + since


def _coverage(found: Registers) -> Sheet:
    covered = registers.coverage(found.databases.values(), found.datasets, today=found.today)
    rows = tuple(
        (str(one.group), one.labels.vi, one.labels.en, str(one.databases), *map(str, one.datasets.values()))
        for one in covered
    )
    return Sheet("coverage", TITLES["coverage"], _COVERAGE_HEADINGS, rows)


def _corrections(found: Registers) -> Sheet:
    counts = corrections.statistics(found.notices.values(), days=found.correction_days, today=found.today)
    states = get_args(NoticeState)
    by_kind = {kind: [str(one.count) for one in counts if one.kind == kind] for kind in get_args(NoticeKind)}
    headings = (Labels(vi="Loại thông báo", en="Kind of notice"), *(_STATE[state] for state in states))
    rows = tuple((KIND[kind].vi, *numbers) for kind, numbers in by_kind.items())
    return Sheet("corrections", TITLES["notices"], headings, rows, _INTERNAL)


def _numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))


def _numbers(groups: Iterable[int]) -> str:
    return ", ".join(str(group) for group in sorted(groups))


def _contact(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.name.vi, contact.email, contact.url)))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _headings(*pairs: tuple[str, str]) -> tuple[Labels, ...]:
    return tuple(Labels(vi=vi, en=en) for vi, en in pairs)


TITLES = {
    "databases": Labels(vi="Danh mục cơ sở dữ liệu về y tế", en="List of health databases"),
    "open-data": Labels(vi="Danh mục dữ liệu mở về y tế", en="List of open health data"),
    "coverage": Labels(
        vi="Mức độ bao phủ 24 nhóm thông tin y tế (Điều 5)",
        en="Coverage of the 24 groups of health information (Article 5)",
    ),
    "notices": Labels(
        vi="Thống kê thông báo thay đổi, bổ sung, sai sót (khoản 1 Điều 24)",
        en="Notices of changes, additions and errors (Article 24(1)), counted",
    ),
}
_INTERNAL = Labels(
    vi="Phụ lục này lưu hành nội bộ: một số đếm có thể là một người. Số liệu công bố chỉ ghi khoảng.",
    en="This annex is for the agency's own use: a count may be one person. What is published are intervals.",
)
_ID, _NAME = ("Mã", "Id"), ("Tên", "Name in Vietnamese")
_ENGLISH, _GROUPS = ("Tên tiếng Anh", "Name in English"), ("Nhóm (Điều 5)", "Groups (Article 5)")
_NUMBER, _CONTACT = ("STT", "No."), ("Đầu mối liên hệ", "Contact")
_DATABASE_HEADINGS = _headings(
    _NUMBER, _ID, _NAME, _ENGLISH, ("Cơ quan chủ quản", "Owner"), _GROUPS, ("Loại (Điều 7)", "Category (Article 7)"),
    ("Phân lớp tiếp cận", "Access class"), ("Cách tiếp cận", "Route of access"), ("Chu kỳ cập nhật", "Update cycle"),
    ("Dữ liệu chủ", "Master data"), ("Bộ dữ liệu mở lấy từ đó", "Open datasets drawn from it"), _CONTACT,
    ("Ngày rà soát", "Reviewed"), ("Rà soát lại trước ngày", "Review due"),
)  # fmt: skip
_OPEN_DATA_HEADINGS = _headings(
    _NUMBER, _ID, _NAME, _ENGLISH, ("Cơ quan công bố", "Publisher"), _GROUPS,
    ("Cơ sở dữ liệu nguồn", "Databases drawn from"), ("Chu kỳ cập nhật", "Update cycle"),
    ("Tình trạng", "Status"), ("Phiên bản", "Version"), ("Ngày công bố", "Released"), ("Hạn công bố tiếp theo", "Due"),
    _CONTACT,
)  # fmt: skip
STATUS: dict[OpenDataStatus, Labels] = {
    "planned": Labels(vi="Kế hoạch", en="planned"),
    "published": Labels(vi="Đã công bố", en="published"),
    "overdue": Labels(vi="Quá hạn", en="overdue"),
    "withdrawn": Labels(vi="Đã rút", en="withdrawn"),
}
_COVERAGE_HEADINGS = (
    *_headings(("Nhóm", "Group"), _NAME, _ENGLISH, ("Cơ sở dữ liệu", "Databases")),
    *STATUS.values(),
)
ACCESS = {
    "open": Labels(vi="Dữ liệu mở", en="open data"),
    "personal": Labels(vi="Dữ liệu cá nhân", en="personal data"),
    "other": Labels(vi="Dữ liệu khác", en="other data"),
}
# Articles 10(3) and 15: master data are as valid as paper, a copy of them is not.
_YES = Labels(vi="Có (bản sao mở không phải là dữ liệu chủ)", en="yes (an open copy is not the master data)")
_NO = Labels(vi="Không", en="no")
KIND: dict[NoticeKind, Labels] = {
    "change": Labels(vi="Thay đổi", en="change"),
    "addition": Labels(vi="Bổ sung", en="addition"),
    "error": Labels(vi="Sai sót", en="error"),
}
_STATE: dict[NoticeState, Labels] = {
    "open": Labels(vi="Đang xem xét", en="open"),
    "overdue": Labels(vi="Quá hạn", en="overdue"),
    "accepted": Labels(vi="Chấp nhận, chưa phát hành bản sửa", en="accepted, not yet released"),
    "corrected": Labels(vi="Đã sửa", en="corrected"),
    "declined": Labels(vi="Không chấp nhận", en="declined"),
}

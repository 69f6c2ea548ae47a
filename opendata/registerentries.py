"""What the registers say of themselves as datasets: the catalogue record, and why no disclosure audit applies."""

from __future__ import annotations

from datetime import date

from catalog.annexes import TITLES, Registers
from catalog.corrections import counted_until
from catalog.entry import Entry, Period
from catalog.errors import Text
from catalog.labels import Labels
from catalog.registertables import RegisterName
from opendata.config import RegistersConfig


def record(register: RegisterName, config: RegistersConfig, days: tuple[date, date, Period]) -> Entry:
    """The catalogue record of a register, as `[registers]` says.

    Args:
        register: Which one.
        config: What is said of its publisher; complete.
        days: The day of its first version, that of this one, and the time that it describes.
    """
    assert config.publisher is not None
    assert config.contact is not None
    issued, day, period = days
    title, owner = TITLES[register], config.publisher.name
    basis = "decree-102-2025/22.2" if config.category == "2b" else "decree-102-2025/18.3"
    return Entry(
        title=Labels(vi=f"{title.vi} – {owner.vi}", en=f"{title.en} – {owner.en}"),
        description=DESCRIPTIONS[register],
        notes=NOTES.get(register),
        keywords=_KEYWORDS,
        publisher=config.publisher,
        contact=config.contact,
        groups=config.groups,
        category=config.category,
        data_class=config.data_class,
        access="open",
        legal_basis=config.legal_basis or (basis,),
        evidence=config.evidence,
        frequency=config.frequency,
        temporal=period,
        spatial=config.spatial,
        issued=issued,
        modified=day if day > issued else None,
        licence=config.licence,
    )


def period(register: RegisterName, found: Registers, day: date) -> Period:
    """The day that a register describes; notices are those of the years that are over."""
    last = counted_until(found.today) if register == "notices" else day
    return Period(start=last, end=last)


def no_audit(register: RegisterName) -> Text:
    """Why no disclosure audit of cells applies."""
    return _INTERVALS if register == "notices" else _A_LIST


_A_LIST = Text(
    "Mỗi dòng là một cơ sở dữ liệu, một bộ dữ liệu hoặc một nhóm thông tin, không phải số liệu về con người: không có "
    "ô số liệu để kiểm tra tiết lộ.",
    "Each row is a database, a dataset or a group of information, not figures about people: there are no cells to be "
    "audited for disclosure.",
)
_INTERVALS = Text(
    "Số thông báo chỉ ghi theo khoảng năm số nguyên, không có tổng, gộp mọi bộ dữ liệu, tính đến hết năm dương lịch "
    "trước: không số đếm nào, và không người gửi nào, tính ra được.",
    "Notices are given in intervals of five whole numbers, without totals, all datasets together, to the end of the "
    "last calendar year: no count, and nobody who sent one, can be computed.",
)
DESCRIPTIONS: dict[RegisterName, Labels] = {
    "databases": Labels(
        vi="Các cơ sở dữ liệu về y tế do cơ quan quản lý: chủ quản, nhóm thông tin, loại, chu kỳ cập nhật, cách tiếp "
        "cận và đầu mối liên hệ. Bản thân các cơ sở dữ liệu không được công bố ở đây.",
        en="The health databases that the agency manages: owner, groups of information, category, update cycle, "
        "route of access and contact. The databases themselves are not published here.",
    ),
    "open-data": Labels(
        vi="Các bộ dữ liệu y tế mở: đã có kế hoạch, đã công bố, quá hạn và đã rút, kèm nhóm thông tin, cơ sở dữ liệu "
        "nguồn và hạn công bố tiếp theo. Các danh mục này không tự liệt kê chính mình.",
        en="The open health datasets: planned, published, overdue and withdrawn, with groups of information, the "
        "databases they are drawn from and when the next version is due. The registers do not list themselves.",
    ),
    "coverage": Labels(
        vi="Số cơ sở dữ liệu và số bộ dữ liệu mở của từng nhóm trong 24 nhóm thông tin y tế tại Điều 5.",
        en="How many databases and open datasets there are of each of the 24 groups of health information (Article 5).",
    ),
    "notices": Labels(
        vi="Các thông báo thay đổi, bổ sung, sai sót theo khoản 1 Điều 24: theo loại và kết quả, tính đến hết năm "
        "dương lịch trước.",
        en="Notices of changes, additions and errors under Article 24(1): by kind and outcome, to the end of the "
        "last calendar year.",
    ),
}
NOTES: dict[RegisterName, Labels] = {
    "databases": Labels(
        vi="Bản sao mở của dữ liệu chủ không phải là dữ liệu chủ (Điều 10, Điều 15).",
        en="An open copy of master data is not the master data (Articles 10 and 15).",
    ),
    "notices": Labels(vi=_INTERVALS.vi, en=_INTERVALS.en),
}
_KEYWORDS = (
    Labels(vi="danh mục", en="register"),
    Labels(vi="dữ liệu mở", en="open data"),
    Labels(vi="cơ sở dữ liệu y tế", en="health databases"),
)

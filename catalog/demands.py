"""What the legal gate says when it refuses or warns: provision, groups, what to provide, both languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from catalog import law
from catalog.errors import Problem, Text
from catalog.evidence import Condition

Shortfall = Literal["absent", "failed", "other_bytes"]
_DECREE = "decree-102-2025"
_SHORT = {
    "absent": Text("chưa có", "is missing"),
    "failed": Text("không đạt", "did not pass"),
    "other_bytes": Text("không phải của chính các ô số liệu này", "is not of these very cells"),
}


def no_groups() -> Problem:
    """No group of Article 5 is declared."""
    return _problem(
        "entry.groups",
        "5",
        Text("chưa khai báo nhóm thông tin y tế", "no group of health information is declared"),
        Text(
            "Ghi một hoặc nhiều nhóm từ 1 đến 24 vào entry.groups.",
            "Give one or more groups, 1 to 24, in entry.groups.",
        ),
    )


def unknown_groups(numbers: Iterable[int]) -> Problem:
    """Groups that Article 5 does not have."""
    listed = ", ".join(map(str, numbers))
    return _problem(
        "entry.groups",
        "5",
        Text(f"không có nhóm {listed}", f"there is no group {listed}"),
        Text("Chỉ dùng các nhóm từ 1 đến 24.", "Use groups 1 to 24 only."),
    )


def no_category() -> Problem:
    """No database category of Article 7 is declared."""
    return _problem(
        "entry.category",
        "7",
        Text("chưa khai báo loại cơ sở dữ liệu", "no category of database is declared"),
        Text(
            'Ghi "1", "2a", "2b", "3" hoặc "4" vào entry.category.',
            'Give "1", "2a", "2b", "3" or "4" in entry.category.',
        ),
    )


def no_data_class() -> Problem:
    """No class under the Law on Data is declared."""
    return Problem(
        "entry.data_class",
        Text(
            "Luật Dữ liệu số 60/2024/QH15: chưa phân loại dữ liệu.",
            "Law on Data No. 60/2024/QH15: the data are not classified.",
        ),
        Text(
            "Ghi ordinary (khác), important (quan trọng) hoặc core (cốt lõi) vào entry.data_class.",
            "Give ordinary, important or core in entry.data_class.",
        ),
    )


def state_secret() -> Problem:
    """State secrets are outside the decree and are refused outright."""
    return _problem(
        "entry.data_class",
        "1.2",
        Text("dữ liệu thuộc bí mật nhà nước không được công bố", "state secrets are never published"),
        Text(
            "Không công bố; xử lý theo pháp luật về bảo vệ bí mật nhà nước.",
            "Do not publish; follow the law on the protection of state secrets.",
        ),
    )


def restricted_class(data_class: str) -> Problem:
    """Core or important data without a recorded decision to publish."""
    return Problem(
        "entry.data_class",
        Text(
            f"Luật Dữ liệu số 60/2024/QH15: dữ liệu loại {data_class} cần quyết định công bố còn hiệu lực,"
            " bao trùm mọi nhóm đã khai.",
            f"Law on Data No. 60/2024/QH15: data of class {data_class} need a decision to publish that holds"
            " and covers every declared group.",
        ),
        Text(
            "Bổ sung bằng chứng loại decision vào entry.evidence hoặc xem lại phân loại.",
            "Add evidence of kind decision to entry.evidence, or review the class.",
        ),
    )


def not_open(access: str | None) -> Problem:
    """Only access class "open" is published."""
    found = (
        Text("chưa khai báo", "is not declared") if access is None else Text(f"là {access}", f"is {access}")
    )
    return _problem(
        "entry.access",
        "10.2.c",
        Text(f"quyền truy cập {found.vi}, không phải dữ liệu mở", f"the access class {found.en}, not open"),
        Text(
            "Chỉ công bố khi access: open; loại khác chỉ được đưa vào danh mục kèm đầu mối liên hệ.",
            "Publish only with access: open; list other classes with a contact instead.",
        ),
    )


def no_basis() -> Problem:
    """No legal basis is cited."""
    return _problem(
        "entry.legal_basis",
        "18.3",
        Text("chưa ghi căn cứ pháp lý", "no legal basis is cited"),
        _cite_one(),
    )


def nothing_opens(on: date) -> Problem:
    """Nothing cited is both in force and a ground for opening data."""
    return _problem(
        "entry.legal_basis",
        "10.2.c",
        Text(
            f"không căn cứ nào đã ghi cho phép công bố dữ liệu mở và có hiệu lực ngày {on}",
            f"nothing cited opens data and is in force on {on}",
        ),
        _cite_one(),
    )


def repealed(cited: law.Citation) -> Problem:
    """A basis that is no longer in force."""
    by = law.citations()[cited.repealed_by].name if cited.repealed_by else None
    return Problem(
        "entry.legal_basis",
        Text(
            f"{_upper(cited.name.vi)} đã hết hiệu lực sau ngày {cited.valid_to}"
            + (f" ({by.vi})." if by else "."),
            f"{cited.name.en} was in force until {cited.valid_to} only" + (f" ({by.en})." if by else "."),
        ),
        Text("Bỏ căn cứ này và ghi căn cứ còn hiệu lực.", "Remove it and cite a basis that is in force."),
    )


def not_in_force(cited: law.Citation, on: date) -> Problem:
    """A cited provision that is not in force on the day, which does not refuse by itself."""
    return Problem(
        "entry.legal_basis",
        Text(
            f"{_upper(cited.name.vi)} không có hiệu lực (hoặc chưa xác nhận hiệu lực) vào ngày {on}.",
            f"{cited.name.en} is not in force, or not confirmed to be, on {on}.",
        ),
        Text("Kiểm tra lại căn cứ với bộ phận pháp chế.", "Check the citation with the legal office."),
    )


def trade_secrets(groups: tuple[int, ...], stale: bool) -> Problem:
    """9(2)(a) without an audit of undertakings, an owner's consent or a decision."""
    vi = " (bằng chứng trong hồ sơ chưa hoặc không còn hiệu lực)" if stale else ""
    en = " (what is on file does not hold on that day)" if stale else ""
    return _conditional(
        "9.2.a",
        groups,
        Text(f"chưa có bằng chứng về bí mật kinh doanh{vi}", f"there is no evidence on trade secrets{en}"),
        Text(
            "Bổ sung kiểm tra mức chi phối (dominance, p%, số đơn vị tối thiểu) cho chính các ô số liệu này, "
            "hoặc văn bản đồng ý của chủ sở hữu (owner_consent), hoặc quyết định theo điểm d (decision).",
            "Provide an audit of undertakings (dominance, p%, minimum contributors) of these cells, the"
            " owner's consent (owner_consent), or a decision under point (d) (decision).",
        ),
    )


def disclosure_audit(condition: Condition, groups: tuple[int, ...], short: Shortfall) -> Problem:
    """9(2)(b) or (c) without a passed disclosure audit of these cells."""
    return _conditional(
        condition,
        groups,
        Text(
            f"kiểm tra nguy cơ tiết lộ {_SHORT[short].vi}",
            f"the disclosure audit {_SHORT[short].en}",
        ),
        Text(
            "Chạy lại bảo vệ và kiểm tra tiết lộ cho chính bảng sẽ công bố, hoặc bổ sung quyết định theo"
            " điểm d nêu rõ nhóm và điều kiện này.",
            "Protect and audit the very table to be published, or add a decision under point (d) that names"
            " these groups and this condition.",
        ),
    )


def personal_data_scan(condition: Condition, groups: tuple[int, ...], short: Shortfall) -> Problem:
    """9(2)(b) or (c) without a clean personal-data scan of these cells; a decision does not replace it."""
    return _conditional(
        condition,
        groups,
        Text(f"rà quét dữ liệu cá nhân {_SHORT[short].vi}", f"the personal-data scan {_SHORT[short].en}"),
        Text(
            "Rà quét chính các ô số liệu sẽ công bố và loại bỏ mọi dữ liệu cá nhân.",
            "Scan the very cells to be published and remove all personal data.",
        ),
    )


def by_decision(condition: Condition, reference: str) -> Problem:
    """A decision under 9(2)(d) replaces consent or audit: allowed, and to be seen."""
    return _problem(
        "entry.evidence",
        "9.2.d",
        Text(
            f"điều kiện {condition} được đáp ứng bằng quyết định {reference}, không phải bằng kiểm tra",
            f"condition {condition} is answered by decision {reference}, not by an audit",
        ),
        Text(
            "Xác nhận phạm vi, sự cần thiết và thời hạn của quyết định.",
            "Confirm the scope, the necessity and the term of the decision.",
        ),
    )


def stale_evidence(on: date) -> Problem:
    """Evidence on file that does not hold on the day of release."""
    return Problem(
        "entry.evidence",
        Text(
            f"Có bằng chứng chưa hoặc không còn hiệu lực vào ngày {on}.",
            f"Some evidence on file does not hold on {on}.",
        ),
        Text("Gia hạn hoặc bỏ khỏi entry.evidence.", "Renew it or remove it from entry.evidence."),
    )


def not_the_master_copy(groups: Iterable[int]) -> Problem:
    """Registers that are master data (Article 15): an open copy must say that it is not the master copy."""
    listed = ", ".join(map(str, groups))
    return _problem(
        "entry.notes",
        "15",
        Text(
            f"nhóm {listed} có dữ liệu chủ; bản mở không phải dữ liệu chủ",
            f"group {listed} holds master data; an open copy is not the master copy",
        ),
        Text(
            "Nêu rõ trong entry.notes rằng bản này không có giá trị thay dữ liệu chủ.",
            "Say in entry.notes that this copy does not stand for the master data.",
        ),
    )


def _conditional(condition: Condition, groups: tuple[int, ...], what: Text, remedy: Text) -> Problem:
    named = [law.groups()[n] for n in groups]
    vi = "; ".join(f"nhóm {g.group} ({g.labels.vi})" for g in named)
    en = "; ".join(f"group {g.group} ({g.labels.en})" for g in named)
    text = Text(f"{vi}: {what.vi}", f"{en}: {what.en}")
    return _problem("entry.evidence", condition, text, remedy)


def _problem(where: str, path: str, what: Text, remedy: Text) -> Problem:
    """A problem under a provision of Decree 102/2025, which opens both sentences."""
    cited = law.citation(f"{_DECREE}/{path}").name
    return Problem(where, Text(f"{_upper(cited.vi)}: {what.vi}.", f"{cited.en}: {what.en}."), remedy)


def _cite_one() -> Text:
    grounds = ", ".join(sorted(c.id for c in law.citations().values() if c.basis and c.valid_to is None))
    return Text(
        f"Ghi ít nhất một trong các căn cứ: {grounds}.",
        f"Cite at least one of: {grounds}.",
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

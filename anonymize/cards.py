"""What tables, protected tables and verdicts show of themselves in a notebook: never a value of a cell.

A saved notebook travels. So a table tells its size and no count; a protected table how many cells are hidden, as every
reader of the publication can see, and not which of them are sensitive; a verdict the cells that it refuses, by codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

import polars as pl

from anonymize.audit import WHAT, Audit
from anonymize.errors import Text
from anonymize.protected import SUPPRESSED, Protected
from anonymize.table import Table
from ytemo_display import Card, Grid, Shown, Step
from ytemo_display.card import Tone

FINDINGS = 20
"""So many findings are named; the rest is counted."""


class Refused(Protocol):
    """A finding of any audit."""

    @property
    def kind(self) -> str:
        """What kind."""

    @property
    def cell(self) -> tuple[tuple[str, str], ...]:
        """The codes of the cell."""

    @property
    def what(self) -> Text:
        """What is wrong."""

    @property
    def remedy(self) -> Text:
        """What to do."""


def of_table(table: Table) -> Card:
    """The dimensions and measures of a table, and that it is confidential."""
    kind = Text("số tiền, số lượng", "amounts") if table.magnitude else Text("số đếm", "counts")
    rows = [(name, len(h.codes), len(h.leaves)) for name, h in table.dimensions.items()]
    headings = Text("Tên", "Name"), Text("Số mã", "Codes"), Text("Mã chi tiết nhất", "Finest codes")
    return Card(
        Text("Bảng số liệu", "Table"),
        Text("MẬT, chưa được bảo vệ", "CONFIDENTIAL, not protected yet"),
        "confidential",
        facts=(
            (Text("Chỉ tiêu", "Measures"), ", ".join(table.measures)),
            (Text("Loại giá trị", "Kind of values"), kind),
            (Text("Số ô, kể cả ô tổng", "Cells, margins included"), table.cells.height),
        ),
        grids=(Grid(Text("Chiều", "Dimensions"), headings, tuple(rows)),),
        notes=(_NO_VALUES,),
        steps=(
            Step(Text("Bảo vệ bảng:", "Protect it:"), "safe = an.protect(table, policy)"),
            Step(_AS_DECLARED, "safe = ds.protect(table)"),
        ),
    )


def of_protected(safe: Protected) -> Card:
    """How much of each measure is hidden, which every reader of the publication can count."""
    return Card(
        Text("Bảng đã che ô", "Protected table"),
        NOT_AUDITED,
        facts=size(safe.cells, safe.table),
        grids=(hidden(safe.cells, safe.table.measures),),
        notes=(_ONLY_CELLS,),
        steps=(
            Step(Text("Tấn công thử:", "Attack it:"), "audit = an.audit(safe, policy)"),
            Step(_AS_DECLARED, "audit = ds.audit(safe)"),
        ),
    )


def of_audit(audit: Audit) -> Card:
    """The verdict, what was tried, and the cells that it refuses."""
    status, tone = verdict(audit.ok)
    joint = audit.remembered is not None
    kinds = [(kind, text) for kind, text in WHAT.items() if joint or kind != "linked"]
    attackers = (*_ATTACKERS, _JOINT) if joint else _ATTACKERS
    tried = Text("Kẻ tấn công đã thử", "Attackers that were tried")
    attack = Text("Biết gì và tính gì", "What they know and compute")
    return Card(
        Text("Kiểm tra tiết lộ", "Disclosure audit"),
        status,
        tone,
        facts=(
            (Text("Số ô đã công bố hoặc che", "Cells, published or suppressed"), audit.cells),
            (Text("Số ô bị che", "Suppressed cells"), audit.suppressed),
            *([(_RELEASES, audit.remembered)] if audit.remembered is not None else ()),
        ),
        grids=(
            Grid(tried, (attack,), tuple((text,) for text in attackers)),
            *refused(kinds, audit.findings),
        ),
        notes=remedies(audit.findings),
        steps=_AFTER if audit.ok else _INSTEAD,
    )


def size(cells: pl.DataFrame, table: Table) -> tuple[tuple[Shown, Shown], ...]:
    """How large what may be published is."""
    return (
        (Text("Chiều", "Dimensions"), ", ".join(table.dimensions)),
        (Text("Số ô, kể cả ô tổng", "Cells, margins included"), cells.height),
    )


def hidden(cells: pl.DataFrame, measures: Sequence[str]) -> Grid:
    """Cells published and suppressed, per measure."""
    rows = []
    for name in measures:
        own = cells.filter(pl.col("measure") == name) if len(measures) > 1 else cells
        suppressed = int((own["status"] == SUPPRESSED).sum())
        rows.append((name, own.height - suppressed, suppressed, _percent(suppressed, own.height)))
    headings = (
        Text("Chỉ tiêu", "Measure"),
        Text("Ô công bố", "Published"),
        Text("Ô bị che", "Suppressed"),
        Text("Tỷ lệ bị che", "Share suppressed"),
    )
    return Grid(Text("Số ô theo chỉ tiêu", "Cells per measure"), headings, tuple(rows))


def verdict(ok: bool) -> tuple[Text, Tone]:
    """How an audit ended."""
    return (_PASSED, "passed") if ok else (_REFUSED, "refused")


def refused(kinds: Iterable[tuple[str, Text]], findings: Sequence[Refused]) -> tuple[Grid, ...]:
    """How many findings of each kind there are, and the first of them by the codes of their cells."""
    found = Counter(finding.kind for finding in findings)
    checks = Grid(
        Text("Phát hiện theo loại", "Findings by kind"),
        (Text("Ô …", "A cell …"), Text("Số phát hiện", "Findings")),
        tuple((text, found[kind]) for kind, text in kinds),
    )
    if not findings:
        return (checks,)
    rows = tuple((", ".join(f"{n}={c}" for n, c in f.cell), f.what) for f in findings[:FINDINGS])
    cells = Text("Ô không được công bố như vậy", "Cells that must not be published like this")
    left_out = max(len(findings) - FINDINGS, 0)
    return checks, Grid(cells, (Text("Ô", "Cell"), Text("Vì sao", "Why")), rows, left_out)


def remedies(findings: Sequence[Refused]) -> tuple[Text, ...]:
    """What to do about the findings, and that their list is confidential; nothing when there are none."""
    return (*dict.fromkeys(finding.remedy for finding in findings), NAMES_CELLS) if findings else ()


def _percent(part: int, whole: int) -> Text:
    share = f"{100 * part / whole:.1f} %" if whole else "0.0 %"
    return Text(share.replace(".", ","), share)


NOT_AUDITED = Text("chưa kiểm tra", "not audited yet")
NAMES_CELLS = Text(
    "MẬT: danh sách này chỉ ra ô nhạy cảm; xoá khỏi sổ tay trước khi chia sẻ.",
    "CONFIDENTIAL: the list tells which cells are sensitive; clear it before the notebook is shared.",
)
_PASSED = Text("ĐẠT: không ô nhạy cảm nào tính lại được", "PASSED: no sensitive cell can be computed")
_REFUSED = Text("KHÔNG ĐẠT: không được công bố bảng này", "REFUSED: this table must not be published")
_NO_VALUES = Text(
    "Ở đây không hiện giá trị nào; đừng in hay chia sẻ table.cells.",
    "No value is shown here; do not print or share table.cells.",
)
_ONLY_CELLS = Text(
    "Chỉ safe.cells được công bố, sau khi kiểm tra đạt; safe.table và safe.reasons là MẬT.",
    "Only safe.cells is published, once the audit has passed; safe.table and safe.reasons are CONFIDENTIAL.",
)
_AS_DECLARED = Text("hoặc theo khai báo của bộ dữ liệu:", "or as the dataset declares:")
_ATTACKERS = (
    Text(
        "cộng trừ mọi số đã công bố, cùng các bản phát hành trước được khai ở known",
        "adds and subtracts everything published, with the earlier releases given as known",
    ),
    Text(
        "tính khoảng của từng ô: biết số đếm không âm, biết quy tắc che",
        "computes the interval of each cell: knows that counts are not negative, and the rules",
    ),
    Text(
        "thử các số nguyên có thể có trong từng nhóm nhỏ ô liên quan",
        "tries the whole numbers that are possible in each small group of related cells",
    ),
    Text(
        "người trong cuộc biết phần của mình, một mình hoặc cùng nhau như chính sách khai (insiders)",
        "an insider who knows their own part, alone or together as the policy declares (insiders)",
    ),
)
_JOINT = Text(
    "ghép với mọi bản đã phát hành đếm cùng một thứ: bộ dữ liệu khác, phiên bản trước, bản đã thu hồi",
    "puts it together with everything out that counts the same: other datasets, earlier and withdrawn versions",
)
_RELEASES = Text("Bản đã phát hành được ghép vào", "Earlier releases it was attacked with")
_AFTER = (
    Step(Text("Lập bản phát hành:", "Make the release:"), "release = ds.release(safe, audit)"),
    Step(Text("Xem mức độ che:", "See what it cost:"), "anonymize.report.report(safe, policy, audit)"),
)
_INSTEAD = (
    Step(
        Text("Tìm cách gộp mã nhẹ nhất:", "Find the lightest recode:"),
        "anonymize.report.suggest_recode(table, policy)",
    ),
    Step(
        Text("Bảo vệ lại rồi kiểm tra lại:", "Protect and audit again:"), "safe = an.protect(table, policy)"
    ),
)

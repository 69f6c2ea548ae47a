"""What perturbed tables and the verdicts on them show of themselves in a notebook: never a value of a cell."""

from __future__ import annotations

from anonymize.cards import NOT_AUDITED, hidden, refused, remedies, size, verdict
from anonymize.errors import Text
from anonymize.perturb.perturbed import Perturbed
from anonymize.perturb.verdict import WHAT, PerturbedAudit
from ytemo_display import Card, Grid, Step


def of_perturbed(safe: Perturbed) -> Card:
    """How large a perturbed table is, and what its method does not protect."""
    limits = Grid(
        Text("Giới hạn của phương pháp", "Limits of the method"),
        (Text("Không bảo vệ trước", "What it does not protect"),),
        tuple((text,) for text in safe.unprotected),
    )
    return Card(
        Text("Bảng đã làm nhiễu", "Perturbed table"),
        NOT_AUDITED,
        facts=size(safe.cells, safe.table),
        grids=(hidden(safe.cells, safe.table.measures), limits),
        notes=(*safe.messages, _ONLY_CELLS),
        steps=(
            Step(Text("Tấn công thử:", "Attack it:"), "audit = audit_perturbed(safe, method)"),
            Step(Text("Đo mức sai lệch (MẬT):", "Measure what it cost (CONFIDENTIAL):"), "safe.loss()"),
        ),
    )


def of_audit(audit: PerturbedAudit) -> Card:
    """The verdict, and the cells that it refuses."""
    status, tone = verdict(audit.ok)
    return Card(
        Text("Kiểm tra bảng đã làm nhiễu", "Audit of a perturbed table"),
        status,
        tone,
        facts=(
            (Text("Số ô", "Cells"), audit.cells),
            (Text("Số ô bị che", "Suppressed cells"), audit.suppressed),
        ),
        grids=refused(WHAT.items(), audit.findings),
        notes=remedies(audit.findings),
        steps=() if audit.ok else (_AGAIN,),
    )


_ONLY_CELLS = Text(
    "Chỉ safe.cells được công bố, sau khi kiểm tra đạt; bảng gốc, khoá, hạt giống và loss() là MẬT.",
    "Only safe.cells is published, once the audit has passed; the table, its keys, the seed and loss() are "
    "CONFIDENTIAL.",
)
_AGAIN = Step(
    Text("Đổi phương pháp hoặc gộp mã, rồi làm lại:", "Change the method or merge codes, then do it again:"),
    "safe = perturb(table, method, seed=...)",
)

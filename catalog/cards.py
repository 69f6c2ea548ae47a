"""What the legal gate's verdict shows of itself in a notebook: conditions, what answers them, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from catalog import law
from catalog.errors import Problem, Text
from catalog.evidence import Condition
from catalog.gating import Answer, Verdict
from ytemo_display import Card, Grid, Shown, Step

KINDS = {
    "disclosure_audit": Text("kiểm tra tiết lộ đạt", "disclosure audit passed"),
    "personal_data_scan": Text("quét dữ liệu cá nhân sạch", "personal-data scan clean"),
    "owner_consent": Text("văn bản đồng ý của chủ sở hữu", "consent of the owner"),
    "undertakings_audit": Text("kiểm tra bí mật kinh doanh đạt", "audit of undertakings passed"),
    "decision": Text("quyết định của người đứng đầu", "decision of the head of the agency"),
}
"""What may answer a condition."""


def of_verdict(verdict: Verdict) -> Card:
    """Whether a dataset may be opened, why, and what is to be provided."""
    if verdict.ok:
        status = Text("ĐƯỢC MỞ: đủ căn cứ", "MAY BE OPENED: the evidence is there")
    else:
        status = Text("CHƯA ĐƯỢC MỞ: thiếu căn cứ", "REFUSED: evidence is missing")
    what = Text("Còn thiếu", "What is missing")
    seen = Text("Người duyệt cần xem", "What a reviewer must see")
    return Card(
        Text("Cửa pháp lý", "Legal gate"),
        status,
        "passed" if verdict.ok else "refused",
        grids=(
            *_conditions(verdict),
            *problems(what, verdict.problems),
            *problems(seen, verdict.warnings),
        ),
        steps=(_RELEASE,) if verdict.ok else (_PROVIDE,),
    )


def problems(caption: Shown, found: Sequence[Problem]) -> tuple[Grid, ...]:
    """Problems as a table: place, what is wrong, what to do; nothing when there are none."""
    headings = Text("Ở đâu", "Where"), Text("Vấn đề", "What"), Text("Cách xử lý", "Remedy")
    rows = tuple((problem.where, problem.what, problem.remedy) for problem in found)
    return (Grid(caption, headings, rows),) if rows else ()


def _conditions(verdict: Verdict) -> tuple[Grid, ...]:
    headings = (
        Text("Điều kiện", "Condition"),
        Text("Nhóm dữ liệu (Điều 5)", "Groups of data (Article 5)"),
        Text("Căn cứ", "Answered by"),
    )
    rows = tuple(
        (law.citation(f"decree-102-2025/{point}").name, ", ".join(map(str, groups)), _answers(verdict, point))
        for point, groups in verdict.conditions.items()
    )
    caption = Text("Điều kiện phải đáp ứng", "Conditions to be met")
    none = (Text("không có điều kiện nào", "no condition applies"), "–", "–")
    return (Grid(caption, headings, rows or (none,)),)


def _answers(verdict: Verdict, point: Condition) -> Text:
    found = [_answer(answer) for answer in verdict.answered if answer.condition == point]
    if not found:
        return Text("chưa có", "nothing yet")
    return Text("; ".join(text.vi for text in found), "; ".join(text.en for text in found))


def _answer(answer: Answer) -> Text:
    kind = KINDS.get(answer.kind, Text(answer.kind, answer.kind))
    return Text(f"{kind.vi}: {_short(answer.reference)}", f"{kind.en}: {_short(answer.reference)}")


def _short(reference: str) -> str:
    """A digest by its first digits; numbers of documents whole."""
    return f"SHA-256 {reference[:12]}…" if len(reference) == 64 and reference.isalnum() else reference


_RELEASE = Step(Text("Lập bản phát hành:", "Make the release:"), "release = ds.release(safe, audit)")
_PROVIDE = Step(
    Text("Bổ sung như trên vào datasets/<id>.yaml, rồi:", "Provide it in datasets/<id>.yaml, then:"),
    "ds.check()",
)

"""What the guard answers: refusals with a reason and numbers of records, never a record or a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from anonymize import markup
from anonymize.errors import Text

Reason = Literal["k_anonymity", "l_diversity", "t_closeness", "k_map", "nulls", "repeated"]


@dataclass(frozen=True, slots=True)
class Result:
    """One check in numbers.

    Attributes:
        model: "k_anonymity", "l_diversity", "t_closeness" or "k_map".
        where: The columns of the check.
        demanded: The parameters of the check: "k=5".
        classes: Classes of records that share their quasi-identifiers.
        records: Records in them.
        failing_classes: Classes that break the promise.
        failing_records: Records in these.
        reached: What the worst class reaches: size (k), values or exp(entropy) (l), frequency ratio (recursive l),
            distance (t), people (k-map); None where there is no class.
    """

    model: Reason
    where: str
    demanded: str
    classes: int
    records: int
    failing_classes: int
    failing_records: int
    reached: float | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to let the extract go.

    Attributes:
        reason: The model that is broken, "nulls" or "repeated".
        where: The columns concerned.
        records: Records concerned.
        what: What is wrong, with numbers of records and classes only.
        remedy: What to do.
    """

    reason: Reason
    where: str
    records: int
    what: Text
    remedy: Text

    def __str__(self) -> str:
        return f"{self.where}: {self.what.en} {self.remedy.en}"


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """The verdict on a record-level extract. Confidential: its numbers describe records.

    Passing is no permission to publish: records are never published; the checks serve extracts for a protected place.

    Attributes:
        refusals: Every reason to refuse, in the order of the checks.
        results: The checks in numbers, in the order declared.
        records: Number of records.
    """

    refusals: tuple[Refusal, ...] = field(repr=False)
    results: tuple[Result, ...] = field(repr=False)
    records: int

    @property
    def ok(self) -> bool:
        """Whether there is nothing to refuse."""
        return not self.refusals

    @property
    def frame(self) -> pl.DataFrame:
        """The results, one row per check: the attributes of `Result` as columns."""
        rows = [{name: getattr(result, name) for name in _SCHEMA} for result in self.results]
        return pl.DataFrame(rows, schema=_SCHEMA)

    def summary(self, lang: str = "vi") -> str:
        """The verdict in a few lines.

        Args:
            lang: "vi" or "en".
        """
        return "\n".join([_said(self, lang), *(_line(refusal, lang) for refusal in self.refusals)])

    def __repr__(self) -> str:
        verdict = "ok" if self.ok else f"refused, {len(self.refusals)} reasons"
        return f"Verdict({verdict}, {len(self.results)} checks, {self.records} records)"

    def _repr_html_(self) -> str:
        """The verdict, its reasons and the checks in numbers."""
        reasons = pl.DataFrame(
            [(r.where, r.records, *r.what, *r.remedy) for r in self.refusals],
            schema={name: pl.Int64 if name == "records" else pl.String for name in _REASONS},
            orient="row",
        )
        shown = markup.table(reasons, _REASONS, caption=_CAPTIONS[0]) if self.refusals else ""
        head = markup.heading(Text(_said(self, "vi"), _said(self, "en")))
        return head + shown + markup.table(self.frame, _HEADINGS, caption=_CAPTIONS[1])


def _said(verdict: Verdict, lang: str) -> str:
    return _SAID[verdict.ok][lang != "vi"].format(n=len(verdict.refusals), checks=len(verdict.results))


def _line(refusal: Refusal, lang: str) -> str:
    i = lang != "vi"
    return f"- {refusal.where}: {refusal.what[i]} {refusal.remedy[i]}"


_SAID = {
    True: Text(
        "Dữ liệu chi tiết đạt {checks} kiểm tra; vẫn không được công bố nguyên dạng.",
        "The extract passes {checks} checks; it is still not to be published as it is.",
    ),
    False: Text("Từ chối dữ liệu chi tiết: {n} lý do.", "The extract is refused for {n} reasons."),
}
_CAPTIONS = (Text("Lý do từ chối", "Reasons to refuse"), Text("Các kiểm tra", "The checks"))
_REASONS = {
    "where": Text("Cột", "columns"),
    "records": Text("Bản ghi", "records"),
    "what_vi": Text("Lý do", "reason in Vietnamese"),
    "what_en": Text("Lý do bằng tiếng Anh", "reason"),
    "remedy_vi": Text("Cách xử lý", "remedy in Vietnamese"),
    "remedy_en": Text("Cách xử lý bằng tiếng Anh", "remedy"),
}
_SCHEMA = {
    "model": pl.String,
    "where": pl.String,
    "demanded": pl.String,
    "classes": pl.Int64,
    "records": pl.Int64,
    "failing_classes": pl.Int64,
    "failing_records": pl.Int64,
    "reached": pl.Float64,
}
_HEADINGS = {
    "model": Text("Mô hình", "model"),
    "where": Text("Cột", "columns"),
    "demanded": Text("Yêu cầu", "demanded"),
    "classes": Text("Số nhóm", "classes"),
    "records": Text("Bản ghi", "records"),
    "failing_classes": Text("Nhóm không đạt", "failing classes"),
    "failing_records": Text("Bản ghi không đạt", "failing records"),
    "reached": Text("Nhóm kém nhất đạt", "worst class reaches"),
}

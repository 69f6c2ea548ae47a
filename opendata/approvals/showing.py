"""What an approver is about to sign for, in lines: nothing that the public files do not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from catalog.errors import Text
from opendata.approvals.cases import Case, case_of, submission
from opendata.diff import told
from opendata.ledger import Event
from opendata.quality import suppression
from opendata.release import Release, order


def shown(release: Release) -> Iterator[Text]:
    """What an approver should look at before signing, line by line.

    Args:
        release: A written release of a workspace.

    Raises:
        GateError: When the release lies in no workspace.
        VerificationError: When the release or the ledger is not whole.
    """
    case = case_of(release)
    manifest = release.manifest
    title = manifest["title"]
    yield Text(f"{case.place}: {title['vi']}", f"{case.place}: {title['en']}")
    report = case.folder / "report.html"
    yield Text(f"  Báo cáo: {report}", f"  Report: {report}")
    yield Text(f"  SHA-256 của bản kê: {case.manifest}", f"  SHA-256 of the manifest: {case.manifest}")
    events = case.book.events(case.dataset, case.version)
    yield from _submitted(events)
    yield from _hidden(release)
    yield from _judged(manifest)
    yield from _adopted(events)
    yield from _changed(case, release)


def _submitted(events: list[Event]) -> Iterator[Text]:
    found = submission(events)
    if found is not None:
        yield Text(f"  Người trình: {found.who}: {found.why}", f"  Submitted by {found.who}: {found.why}")
    for event in events:
        if event.kind == "approved":
            said = f"{event.who}: {event.why}" if event.why else event.who
            yield Text(f"  Đã phê duyệt: {said}", f"  Approved by {said}")


def _hidden(release: Release) -> Iterator[Text]:
    """How many cells are hidden, per measure; nothing of a register, which holds none."""
    data = release.directory / "data.parquet"
    names = [
        name.removesuffix("_status") for name in pl.read_parquet_schema(data) if name.endswith("_status")
    ]
    if not names:
        return
    for row in suppression(pl.read_parquet(data, columns=[f"{name}_status" for name in names]), names):
        yield Text(
            f"  {row.measure}: {row.suppressed} trên {row.cells} ô bị che",
            f"  {row.measure}: {row.suppressed} of {row.cells} cells suppressed",
        )


def _judged(manifest: dict[str, Any]) -> Iterator[Text]:
    """What the attack and the law said when it was built."""
    if manifest["audit"].get("ok"):
        yield Text(
            "  Tấn công thử: không tính lại được ô nhạy cảm nào",
            "  Attack: no sensitive cell can be computed",
        )
    law = manifest.get("law", {})
    conditions, answered = (", ".join(law.get(name, ())) or "-" for name in ("conditions", "answered"))
    yield Text(
        f"  Điều kiện (khoản 2 Điều 9): {conditions}; trả lời bằng: {answered}",
        f"  Conditions (Article 9(2)): {conditions}; answered by: {answered}",
    )


def _adopted(events: list[Event]) -> Iterator[Text]:
    """That somebody vouches for a release which was not built here: its manifest says what it likes of an attack."""
    for event in events:
        if event.kind == "built" and event.who:
            yield Text(
                f"  ! Không được tạo ở đây; {event.who} đưa vào sổ cái: {event.why}. Chưa ai tấn công thử ở đây.",
                f"  ! Not built here; {event.who} vouches for it: {event.why}. Nobody attacked it here.",
            )


def _changed(case: Case, release: Release) -> Iterator[Text]:
    """What changed since the version that was published before it."""
    versions = {event.version for event in case.book.events(case.dataset) if event.kind == "published"}
    older = [version for version in versions if order(version) < order(case.version)]
    if not older:
        yield Text("  Phiên bản đầu tiên được công bố", "  The first version to be published")
        return
    before = Release.stored(case.folder.with_name(max(older, key=order)))
    if (before.directory / "codebook.json").is_file():
        yield from told(before, release)

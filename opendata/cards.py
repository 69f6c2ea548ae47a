"""What records, datasets, releases and portals show of themselves in a notebook: never a row, value or secret."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from catalog.cards import KINDS, problems
from catalog.errors import Problem, Text
from opendata.errors import OpendataError
from opendata.words import count, percent, point, size
from ytemo_display import Card, Grid, Shown, Step

if TYPE_CHECKING:
    from opendata.datasets import Dataset
    from opendata.portal.client import Receipt
    from opendata.portal.plan import Plan
    from opendata.release import Release
    from opendata.source import Records

Fact = tuple[Shown, Shown]


def of_records(records: Records) -> Card:
    """The columns and files of records, and that they are confidential; not how many people they are."""
    columns = tuple((name, str(kind)) for name, kind in records.frame.schema.items())
    # Names only: the size of a confidential source would let a reader test guesses at the hidden cells.
    files = tuple((one.name,) for one in records.inputs)
    totals = records.totals
    return Card(
        Text("Bản ghi nguồn", "Source records"),
        Text("MẬT, không rời khỏi phiên làm việc", "CONFIDENTIAL, they never leave this session"),
        "confidential",
        facts=(
            (Text("Chỉnh sửa đã khai báo", "Declared repairs"), sum(one.count for one in records.repairs)),
            (
                Text("Số tổng của nguồn khớp", "Totals of the source that agree"),
                f"{totals.agreeing}/{totals.compared}",
            ),
        ),
        grids=(
            Grid(Text("Cột", "Columns"), (Text("Tên", "Name"), Text("Kiểu", "Type")), columns),
            Grid(Text("Tệp đã đọc", "Files read"), (Text("Tệp", "File"),), files),
            *problems(Text("Cần xem lại", "To be looked at"), records.warnings),
        ),
        notes=(
            Text(
                "Ở đây không hiện dòng nào; đừng in hay lưu records.frame.",
                "No row is shown here; do not print or store records.frame.",
            ),
        ),
        steps=(Step(Text("Lập bảng:", "Count them into a table:"), "table = ds.aggregate(records)"),),
    )


def of_dataset(dataset: Dataset) -> Card:
    """What a dataset declares, and what is out already."""
    entry, table = dataset.spec.entry, dataset.spec.table
    out = dataset.earlier()
    columns = [(name, _DIMENSION, one.label) for name, one in table.dimensions.items()]
    columns += [(name, _MEASURE, table.measures[name].label) for name in table.published]
    columns += [(name, _RATE, one.label) for name, one in table.rates.items()]
    rules = ", ".join(rule.kind for rule in dataset.spec.protection.rules)
    return Card(
        entry.title,
        Text(f"Bộ dữ liệu {dataset.id}", f"Dataset {dataset.id}"),
        facts=(
            (Text("Cơ quan công bố", "Publisher"), entry.publisher.name),
            (Text("Kỳ số liệu", "Period"), f"{entry.temporal.start} – {entry.temporal.end}"),
            (Text("Quy tắc bảo vệ", "Rules of protection"), rules),
            (Text("Bản đã phát hành", "Released"), ", ".join(out) or "–"),
            (Text("Bản kế tiếp", "Next version"), dataset.next_version()),
        ),
        grids=(Grid(Text("Cột công bố", "Published columns"), _COLUMNS, tuple(columns)),),
        steps=(
            Step(Text("Đọc nguồn:", "Read the source:"), "records = ds.read()"),
            Step(Text("hoặc làm tất cả:", "or everything at once:"), f"opendata build {quote(dataset.id)}"),
        ),
    )


def of_release(release: Release) -> Card:
    """What a release holds, how much is hidden, its quality and its legal conditions; what to do with it."""
    title = Text(f"Bản phát hành {release.id} {release.version}", f"Release {release.id} {release.version}")
    where = (Text("Thư mục", "Folder"), f"releases/{release.id}/{release.version}/")
    if not release.directory.is_dir():
        step = Step(Text("Ghi ra đĩa:", "Write it:"), "release.write()")
        return Card(title, Text("chưa ghi", "not written yet"), facts=(where,), steps=(step,))
    try:
        manifest, files = release.manifest, [(file.name, size(file.size)) for file in release.files]
        facts, hidden = _about(manifest), _hidden(release)
    except OpendataError as refused:
        return _unreadable(title, refused.problems)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _unreadable(title, [Problem(release.version, _ODD, _REBUILD)])
    listed = Grid(Text("Tệp", "Files"), (Text("Tên", "Name"), Text("Cỡ", "Size")), tuple(files))
    name, version = quote(release.id), quote(release.version)
    return Card(
        title,
        Text("đã ghi", "written"),
        facts=(where, *facts),
        grids=(*hidden, listed),
        steps=(
            Step(Text("Xem cổng sẽ đổi gì:", "See what would change on the portal:"), _PLAN),
            Step(
                Text("Trình phê duyệt:", "Submit it for approval:"),
                f"opendata submit {name} --version {version}",
            ),
            Step(
                Text("Đủ phê duyệt thì công bố:", "Once it is approved, publish it:"),
                f"opendata publish {name} --version {version}",
            ),
        ),
    )


def of_plan(plan: Plan) -> Card:
    """Every difference between a release and a portal, and whether publishing may go on."""
    stopped = any(change.kind in ("drift", "foreign") for change in plan.changes)
    if stopped:
        status = Text("DỪNG: cổng đã bị sửa", "STOPPED: the portal was changed")
    elif plan.changes:
        status = Text(
            f"{len(plan.changes)} thay đổi, chưa ghi gì", f"{len(plan.changes)} changes, nothing written"
        )
    else:
        status = Text("không có gì thay đổi", "nothing to change")
    changes = tuple((change.what,) for change in plan.changes)
    return Card(
        Text("Kế hoạch công bố", "Plan"),
        status,
        "refused" if stopped else "plain",
        facts=(*_dataset(plan.id, plan.version), (Text("Trên cổng", "On the portal"), plan.url)),
        grids=(Grid(Text("Thay đổi", "Changes"), (Text("Việc", "Change"),), changes),) if changes else (),
        steps=_after(plan, stopped=stopped),
    )


def of_receipt(receipt: Receipt) -> Card:
    """What was read back after publishing."""
    portal = receipt.url.rpartition("/dataset/")[0]
    load = f"od.load({receipt.id!r}, portal={portal!r}, version={receipt.version!r})"
    files = tuple((file.name, size(file.size)) for file in receipt.files)
    return Card(
        Text("Biên nhận công bố", "Receipt"),
        Text("đã công bố và đọc lại đúng từng byte", "published and read back byte by byte")
        if receipt.written
        else Text("đã có sẵn, không ghi gì", "was there already, nothing written"),
        "passed",
        facts=(
            *_dataset(receipt.id, receipt.version),
            (Text("Trên cổng", "On the portal"), receipt.url),
            (Text("Số lần ghi", "Times written to"), receipt.written),
        ),
        grids=(
            Grid(
                Text("Ai cũng tải được", "Anybody can download"),
                (Text("Tên", "Name"), Text("Cỡ", "Size")),
                files,
            ),
        ),
        steps=(
            Step(
                Text("Kiểm tra như người dùng:", "Check it as a reader:"),
                f"opendata verify {quote(receipt.url)}",
            ),
            Step(Text("Tải về dùng:", "Load it:"), load),
        ),
    )


def _about(manifest: dict[str, Any]) -> tuple[Fact, ...]:
    """What the manifest says, as facts."""
    law, quality = manifest.get("law", {}), manifest.get("quality", {})
    conditions = [point(name) for name in law.get("conditions", ())]
    answered = [KINDS.get(kind, Text(str(kind), str(kind))) for kind in law.get("answered", ())]
    none = Text("không", "none")
    title = manifest["title"]
    facts: list[Fact] = [
        (Text("Tên", "Title"), Text(str(title["vi"]), str(title["en"]))),
        (Text("Ngày phát hành", "Released"), str(manifest["released"])),
        (Text("Số dòng", "Rows"), count(manifest["rows"])),
        (Text("Điều kiện pháp lý", "Legal conditions"), _joined(conditions) or none),
        (Text("Căn cứ", "Answered by"), _joined(answered) or none),
    ]
    if "score" in quality:
        facts.append((Text("Điểm chất lượng (trên 100)", "Quality score (of 100)"), int(quality["score"])))
    return tuple(facts)


def _hidden(release: Release) -> tuple[Grid, ...]:
    """How much is hidden, per measure; nothing for a register, which holds no measures."""
    import polars as pl

    from opendata.quality import suppression

    data = release.directory / "data.parquet"
    measures = [
        name.removesuffix("_status") for name in pl.read_parquet_schema(data) if name.endswith("_status")
    ]
    if not measures:
        return ()
    found = suppression(pl.read_parquet(data, columns=[f"{name}_status" for name in measures]), measures)
    rows = tuple((row.measure, row.cells, row.suppressed, _share(row.share)) for row in found)
    return (Grid(Text("Ô bị che theo chỉ tiêu", "Suppressed cells per measure"), _SUPPRESSED, rows),)


def _share(share: float) -> Text:
    shown = percent(share)
    return Text(f"{shown.vi} %", f"{shown.en} %")


def _unreadable(title: Text, found: Sequence[Problem]) -> Card:
    grids = problems(Text("Không dùng được", "Not fit for use"), found)
    return Card(title, Text("KHÔNG ĐỌC ĐƯỢC", "CANNOT BE READ"), "refused", grids=grids)


def _joined(texts: Sequence[Text]) -> Text | None:
    if not texts:
        return None
    return Text("; ".join(text.vi for text in texts), "; ".join(text.en for text in texts))


def _dataset(id: str, version: str) -> tuple[Fact, Fact]:
    return (Text("Bộ dữ liệu", "Dataset"), id), (Text("Phiên bản", "Version"), version)


def _after(plan: Plan, *, stopped: bool) -> tuple[Step, ...]:
    if not plan.changes:
        return (Step(Text("Không cần làm gì.", "Nothing needs to be done.")),)
    if any(change.kind == "foreign" for change in plan.changes):
        return (
            Step(
                Text(
                    "Đổi id, hoặc nhờ gỡ bộ dữ liệu kia.", "Choose another id, or have the other one removed."
                )
            ),
        )
    if stopped:
        asked = Text(
            "Tìm hiểu ai đã sửa; nếu bản phát hành đúng:", "Find out who did it; if the release is right:"
        )
        return (Step(asked, "portal.publish(release, repair=True)"),)
    return (Step(Text("Công bố:", "Publish it:"), "receipt = portal.publish(release)"),)


_PLAN = "od.Portal(url).plan(release)"
_DIMENSION, _MEASURE = Text("chiều", "dimension"), Text("chỉ tiêu", "measure")
_RATE = Text("tỷ suất", "rate")
_COLUMNS = Text("Tên", "Name"), Text("Vai trò", "Role"), Text("Nhãn", "Label")
_SUPPRESSED = (
    Text("Chỉ tiêu", "Measure"),
    Text("Số ô", "Cells"),
    Text("Ô bị che", "Suppressed"),
    Text("Tỷ lệ bị che", "Share suppressed"),
)
_ODD = Text("không đọc được nội dung bản phát hành.", "what the release holds cannot be read.")
_REBUILD = Text(
    "Khôi phục từ bản sao lưu, hoặc tải lại từ cổng.", "Restore it from a backup, or download it again."
)

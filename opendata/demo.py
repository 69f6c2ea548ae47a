"""The example datasets on synthetic sources, and the demonstration that takes it all the way to a real portal."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import polars as pl

import catalog
from catalog.errors import Problem, Text
from opendata import approvals, ledger, sandbox
from opendata import workspace as workspaces
from opendata.approvals import Key, Office
from opendata.charts import svg, time_series
from opendata.client import load
from opendata.errors import GateError, SpecError
from opendata.pipeline import Progress, build
from opendata.portal import Portal
from opendata.release import Release
from opendata.source import ExcelSource
from opendata.synthetic import register, without_people, write_workbook
from opendata.workspace import Workspace

EXAMPLE, VISITS, MONTHLY = "notifiable-diseases", "hospital-visits", "dengue-admissions"
SEED = 20_250_701
KEYS = ".keys"
OFFICES = {
    "thong-ke": Office(
        ("author",), catalog.Labels(vi="Thống kê (diễn tập)", en="Statistics (rehearsal)"), rehearsal=True
    ),
    "kiem-duyet-1": Office(
        ("approver",), catalog.Labels(vi="Kiểm duyệt 1 (diễn tập)", en="Review 1 (rehearsal)"), rehearsal=True
    ),
    "kiem-duyet-2": Office(
        ("approver",), catalog.Labels(vi="Kiểm duyệt 2 (diễn tập)", en="Review 2 (rehearsal)"), rehearsal=True
    ),
}
"""The offices of a rehearsal: one submits, two approve."""


def add_example(workspace: Workspace) -> None:
    """Add the example dataset: its spec, the synthetic workbooks that the spec names, and records for the registers.

    What is there already stays as it is.

    Raises:
        SpecError: When the workspace cannot be written.
    """
    if not workspace.spec_path(EXAMPLE).exists():
        path = workspaces.new(workspace, EXAMPLE)
        # Here the database that the example is drawn from is in the list, in a workspace of one's own it may not be.
        text = path.read_text(encoding="utf-8").replace("  # databases:", "  databases:")
        path.write_text(text, encoding="utf-8")
    _add_records(workspace)
    spec = workspace.spec(EXAMPLE)
    if not isinstance(spec.source, ExcelSource):
        return  # the publisher made another source of it
    provinces = [code.labels.vi for code in catalog.leaves(catalog.builtin("province-63"))]
    for number, file in enumerate(spec.source.files):
        path = workspace.root / file.path
        if not path.exists():
            write_workbook(path, spec.source.sheets.values, provinces, seed=SEED + number)


def add_visits(workspace: Workspace) -> None:
    """Add the second example: admissions counted from the extract of a synthetic register, without its people.

    What is there already stays as it is.

    Raises:
        SpecError: When the workspace cannot be written.
    """
    spec, extract = workspace.spec_path(VISITS), workspace.root / "data" / "visits-2025.csv"
    if not spec.exists():
        spec.write_text(_example(VISITS), encoding="utf-8")
    if not extract.exists():
        chapters = [code.code for code in catalog.leaves(catalog.builtin("icd-10-chapters"))]
        without_people(visits(), chapters).write_csv(extract)


def add_month(workspace: Workspace, month: str) -> None:
    """Bring the third example, a monthly publication, up to a month of 2026: its extract, and the dates of its spec.

    In an office the extract comes from the register; it holds all months of the year so far.

    Args:
        workspace: The workspace.
        month: The last month of the extract, such as "2026-03".

    Raises:
        SpecError: When the synthetic register has no such month.
    """
    admitted = dengue()
    if month not in admitted["month"]:
        raise SpecError([Problem(f"month {month}", _NO_MONTH, _MONTH)])
    extract = admitted.filter(pl.col("month") <= month)
    extract.write_csv(workspace.root / "data" / "dengue-2026.csv")
    last = date.fromisoformat(f"{month}-{calendar.monthrange(2026, int(month[5:]))[1]}")
    text = _example(MONTHLY).replace("end: 2026-01-31", f"end: {last}")
    text = text.replace("modified: 2026-02-10", f"modified: {last + timedelta(days=10)}")
    workspace.spec_path(MONTHLY).write_text(text, encoding="utf-8")


def visits() -> pl.DataFrame:
    """The synthetic register behind the second example: 120,000 admissions in 2025, with the fields that identify."""
    return _admissions(2025)


def dengue() -> pl.DataFrame:
    """The admissions for dengue in a synthetic register of 2026: province, sex (M, F), month; one row each, sorted."""
    admitted = _admissions(2026).filter(MA_BENH="A90")
    sex = pl.col("GIOI_TINH").replace_strict({"1": "M", "2": "F"}, return_dtype=pl.String)
    month = pl.col("NGAY_VAO").str.slice(0, 7)
    return admitted.select(province="MA_TINH", sex=sex, month=month).sort("province", "sex", "month")


def _admissions(year: int) -> pl.DataFrame:
    provinces = [code.code for code in catalog.leaves(catalog.builtin("province-34"))]
    return register(120_000, provinces, year=year, seed=SEED)


def _example(name: str) -> str:
    """The spec of an example as it is shipped."""
    return (resources.files("opendata") / "examples" / f"{name}.yaml").read_text(encoding="utf-8")


def _add_records(workspace: Workspace) -> None:
    """Add the example databases and the example notice."""
    for kind in ("databases", "corrections"):
        for record in (resources.files("opendata") / "examples" / kind).iterdir():
            path = workspace.root / kind / record.name
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                path.write_text(record.read_text(encoding="utf-8"), encoding="utf-8")


def rehearsal_keys(workspace: Workspace) -> dict[str, Key]:
    """The keys of the three offices of a rehearsal, made the first time, in the folder `.keys/` of the workspace.

    In real life there are three people, each with a key that nobody else can use. Here one person has all three, so
    only a portal on this machine accepts what they sign.

    Raises:
        GateError: When the workspace has people of its own under these ids: then it is they who sign.
        SpecError: When something cannot be written.
    """
    place = workspace.root / KEYS
    place.mkdir(mode=0o700, exist_ok=True)
    (place / ".gitignore").write_text("*\n", encoding="utf-8")
    people = approvals.people(workspaces.find(workspace.root))
    for id, office in OFFICES.items():
        if id not in people:
            approvals.add_person(workspace, approvals.new_key(place, id), office)
        elif not people[id].rehearsal:
            raise GateError([Problem(f"opendata.toml: people.{id}", _REAL_PEOPLE, _THEY_SIGN)])
    return {id: approvals.read_key(place, id) for id in OFFICES}


def approve_for_rehearsal(release: Release) -> None:
    """Submit a release and approve it twice with the keys of a rehearsal; what was done already stays.

    Good for the sandbox and for nothing else: see `rehearsal_keys`.

    Args:
        release: A written release of a workspace.

    Raises:
        GateError: When the workspace has people of its own, or the release was returned, refused or withdrawn.
        VerificationError: When the release or the ledger is not whole.
    """
    workspace = workspaces.find(release.directory.parents[2])
    author, *approvers = rehearsal_keys(workspace).values()
    history = ledger.open_ledger(workspace).events(release.id, release.version)
    if approvals.state(history) == "draft":
        approvals.submit(release, author, why="Diễn tập. / A rehearsal.")
    done = {event.who for event in history if event.kind == "approved"}
    for key in approvers:
        if key.id not in done:
            approvals.approve(release, key)


def run(folder: Path, progress: Progress) -> str:
    """The main job on embedded defaults: workbook -> protected, audited release -> a real CKAN -> read back -> chart.

    Args:
        folder: The workspace; made if it is not there.
        progress: Told what happens, in both languages.

    Returns:
        The address of the dataset on the sandbox, which keeps running.

    Raises:
        OpendataError: When any step is refused.
    """
    workspace = workspaces.init(folder)
    add_example(workspace)
    release, _ = build(EXAMPLE, workspace.root, progress=progress)
    approve_for_rehearsal(release)
    progress(
        f"Diễn tập phê duyệt: một chữ ký trình, hai chữ ký duyệt bằng khóa trong {KEYS}/; thực tế là ba người",
        f"Rehearsed the approvals: one key submits, two approve, all three in {KEYS}/; in real life, three people",
    )
    progress(
        "Khởi động CKAN thử nghiệm (lần đầu mất một hai phút) …",
        "Starting the sandbox CKAN (a minute or two the first time) …",
    )
    site = sandbox.up(
        workspace.root / ".sandbox", progress=lambda text: progress(f"  {text.vi}", f"  {text.en}")
    )
    receipt = Portal(site.url, token=site.token).publish(release)
    progress(
        f"  {receipt.written} lần ghi, {len(receipt.files)} tệp",
        f"  {receipt.written} writes, {len(receipt.files)} files",
    )
    frame = load(EXAMPLE, portal=site.url, version=release.version, cache=workspace.root / ".cache")
    progress(
        f"Đọc lại từ cổng: {frame.height} dòng, SHA-256 khớp",
        f"Read back from the portal: {frame.height} rows, SHA-256 as published",
    )
    chart = workspace.root / "chart.svg"
    chart.write_text(draw(frame), encoding="utf-8")
    progress(f"Biểu đồ: {chart}", f"Chart: {chart}")
    return receipt.url


def draw(frame: pl.DataFrame) -> str:
    """Dengue cases in the whole country by month, as SVG."""
    return svg(
        time_series(
            national(frame, "dengue"),
            "time",
            "cases",
            title="Sốt xuất huyết, cả nước",
            subtitle="Số mắc theo tháng (số liệu giả lập)",
        )
    )


def national(frame: pl.DataFrame, disease: str) -> pl.DataFrame:
    """The rows of one disease in the whole country, month by month."""
    months = pl.col("time").str.contains(r"^\d{4}-\d{2}$")
    return frame.filter(months, disease=disease, province="VN").sort("time")


_REAL_PEOPLE = Text(
    "không gian làm việc này có người thật với mã này.", "this workspace has real people of this id."
)
_THEY_SIGN = Text(
    "Để họ trình và phê duyệt (opendata submit, approve); diễn tập trong không gian khác.",
    "Have them submit and approve (opendata submit, approve); rehearse in another workspace.",
)
_NO_MONTH = Text("sổ giả lập không có tháng này.", "the synthetic register has no such month.")
_MONTH = Text("Chọn từ 2026-01 đến 2026-12.", "Choose from 2026-01 to 2026-12.")

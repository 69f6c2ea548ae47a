"""The command `opendata`: arguments in, exit codes and readable refusals out.

The only module that reads the environment.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.errors import Problem
from opendata.errors import OpendataError, PersonalDataError
from opendata.messages import Language, show

if TYPE_CHECKING:
    from anonymize.pii import Finding
    from catalog.annexes import Registers
    from opendata.workspace import Workspace

app = typer.Typer(
    help="Open health data: aggregate, protect, prove, catalogue, publish. / Dữ liệu y tế mở.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sandbox_app = typer.Typer(
    help="A real CKAN on this machine, for rehearsal. / CKAN thật trên máy này, để thử.", no_args_is_help=True
)
app.add_typer(sandbox_app, name="sandbox")
git_app = typer.Typer(
    help="Keep outputs on real data out of notebooks in git. / Không đưa kết quả trên số liệu thật vào git.",
    no_args_is_help=True,
)
app.add_typer(git_app, name="git")

Id = Annotated[str, typer.Argument(metavar="ID", help="Dataset id: the name of datasets/ID.yaml.")]
Folder = Annotated[Path, typer.Option("--workspace", help="The workspace.", envvar="OPENDATA_WORKSPACE")]
Version = Annotated[str | None, typer.Option("--version", help="E.g. 2026.1; by default the next one.")]
ReviewFile = Annotated[
    Path | None,
    typer.Option("--review", help="YAML with decisions about findings; open findings are added to it."),
]
Url = Annotated[
    str | None,
    typer.Option(
        "--portal", help="The portal's address; by default as in opendata.toml.", envvar="OPENDATA_PORTAL"
    ),
]
HERE = Path()
_language: Language = "vi"


@app.callback()
def _main(
    lang: Annotated[str, typer.Option("--lang", help="vi or en.", envvar="OPENDATA_LANG")] = "vi",
) -> None:
    global _language
    if lang not in ("vi", "en"):
        raise typer.BadParameter("vi, en", param_hint="--lang")
    _language = "vi" if lang == "vi" else "en"


def main() -> None:
    """Run the command.

    Exit codes: 0 done, 2 use or spec, 3 source, 4 personal data, 5 disclosure, 6 law, 7 portal, 8 verification;
    1 is a fault of the program itself.
    """
    # A scheduler's SIGTERM unwinds like Ctrl-C, so that nothing half-written stays.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except OpendataError as refused:
        typer.echo(show(refused.problems, _language), err=True)
        sys.exit(refused.exit_code)
    except Exception as fault:
        # Whatever went wrong may quote what it was working on: only its kind is told.
        say(
            f"✗ Lỗi phần mềm ({type(fault).__name__}); không có gì được công bố. Hãy báo lỗi này.",
            f"✗ A fault of the software ({type(fault).__name__}); nothing was published. Please report it.",
        )
        sys.exit(1)


def say(vi: str, en: str) -> None:
    """Print one line in the chosen language."""
    typer.echo(vi if _language == "vi" else en)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where.")] = HERE,
    example: Annotated[
        bool, typer.Option("--example", help="Add two example datasets with their synthetic sources.")
    ] = False,
) -> None:
    """Make a workspace. / Tạo không gian làm việc."""
    from opendata import demo, workspace

    made = workspace.init(folder)
    if example:
        demo.add_example(made)
        demo.add_visits(made)
    say(f"Không gian làm việc: {made.root}", f"Workspace: {made.root}")


@app.command()
def new(
    dataset: Id,
    workspace: Folder = HERE,
    notebook: Annotated[
        bool, typer.Option("--notebook", help="Also start notebooks/ID.ipynb; a spec that is there stays.")
    ] = False,
) -> None:
    """Start a dataset spec from the commented example. / Tạo khai báo từ mẫu có chú thích."""
    from opendata import lab as labs
    from opendata import workspace as workspaces

    found = workspaces.find(workspace)
    if not (notebook and dataset in found.datasets()):
        path = workspaces.new(found, dataset)
        say(
            f"Đã tạo {path}. Sửa rồi chạy: opendata check {dataset}",
            f"Wrote {path}. Edit it, then run: opendata check {dataset}",
        )
    if notebook:
        path = labs.start(found.root, dataset)
        say(f"Đã tạo {path}. Mở bằng: opendata lab", f"Wrote {path}. Open it with: opendata lab")


@app.command()
def check(
    dataset: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One dataset; by default all.")
    ] = None,
    workspace: Folder = HERE,
) -> None:
    """Check specs, code lists, law and titles without reading data. / Kiểm tra khai báo, không đọc số liệu."""
    from opendata import workspace as workspaces
    from opendata.datasets import Dataset

    found = workspaces.find(workspace)
    workspaces.write_schema(found.root)
    names = [dataset] if dataset else found.datasets()
    problems: list[Problem] = []
    code = 0
    for name in names:
        try:
            Dataset(name, found.spec(name), found).check()
            say(f"✓ {name}", f"✓ {name}")
        except OpendataError as refused:
            problems += refused.problems
            code = code or refused.exit_code
    if problems:
        typer.echo(show(problems, _language), err=True)
        raise typer.Exit(code)


@app.command()
def build(dataset: Id, workspace: Folder = HERE, version: Version = None, review: ReviewFile = None) -> None:
    """Read, aggregate, protect, audit and write a release. / Tạo bản phát hành."""
    from opendata import pipeline

    try:
        release, written = pipeline.build(
            dataset, workspace, version=version, progress=say, today=date.today()
        )
    except PersonalDataError as refused:
        _to_review(review, refused.findings)
        raise
    if written:
        say(f"✓ Đã ghi {release.directory}", f"✓ Wrote {release.directory}")
    else:
        say(f"✓ Không đổi: {release.directory}", f"✓ Unchanged: {release.directory}")


@app.command()
def audit(dataset: Id, workspace: Folder = HERE) -> None:
    """Build in memory and show what an intruder could compute; nothing is written. / Kiểm tra, không ghi gì."""
    from opendata import pipeline

    typer.echo(pipeline.audited(dataset, workspace, progress=say).summary())


@app.command()
def publish(
    dataset: Id,
    workspace: Folder = HERE,
    version: Version = None,
    portal: Url = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Replace what was changed on the portal.")] = False,
) -> None:
    """Publish a written release to the portal. / Công bố lên cổng dữ liệu."""
    from opendata import pipeline
    from opendata import workspace as workspaces

    found = workspaces.find(workspace)
    site = pipeline.portal_for(found, portal, os.environ)
    if dry_run:
        plan = site.plan(pipeline.written(dataset, found, version))
        for change in plan.changes:
            say(f"  {change.what.vi}", f"  {change.what.en}")
        say(
            f"{len(plan.changes)} thay đổi, chưa ghi gì: {plan.url}",
            f"{len(plan.changes)} changes, nothing written: {plan.url}",
        )
        return
    receipt = pipeline.publish(dataset, found, site, version=version, repair=repair)
    if receipt.written:
        say(f"✓ Đã công bố {receipt.version}: {receipt.url}", f"✓ Published {receipt.version}: {receipt.url}")
    else:
        say(f"✓ Đã có sẵn, không ghi gì: {receipt.url}", f"✓ Already there, nothing written: {receipt.url}")


@app.command()
def verify(
    where: Annotated[
        str, typer.Argument(metavar="DIR|URL", help="A release's folder, or its page on a portal.")
    ],
) -> None:
    """Check that a release is what was published; needs no account. / Kiểm tra bản phát hành."""
    from opendata import verification

    name, count = verification.verify(where)
    say(f"✓ {name}: {count} tệp đúng như đã công bố", f"✓ {name}: {count} files are as published")


@app.command()
def site(
    workspace: Folder = HERE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where; by default the workspace's folder site/.")
    ] = None,
) -> None:
    """Write the static catalogue: pages, search, DCAT, and the files of every release. / Tạo danh mục tĩnh."""
    from opendata import site as sites
    from opendata import workspace as workspaces

    made = sites.write(workspaces.find(workspace), out, today=date.today())
    say(
        f"✓ {made.datasets} bộ dữ liệu, {made.versions} phiên bản: {made.folder}/index.html",
        f"✓ {made.datasets} datasets, {made.versions} versions: {made.folder}/index.html",
    )


@app.command()
def register(
    workspace: Folder = HERE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to; by default registers/ in the workspace.")
    ] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Also write releases of the lists, to be published as datasets.")
    ] = False,
    version: Version = None,
) -> None:
    """Write the lists of databases, open data and notices, to be signed. / Lập danh mục để ký ban hành."""
    from catalog.annexes import overdue
    from opendata import annex, registers
    from opendata import workspace as workspaces

    if version and not release:
        raise typer.BadParameter("--release?", param_hint="--version")
    found = workspaces.find(workspace)
    made = registers.collect(found, today=date.today())
    for path in annex.write(made, out or found.root / "registers", found.config.registers.agency):
        typer.echo(path)
    for what, names in overdue(made).items():
        for name in names:
            say(f"! Quá hạn: {what}/{name}", f"! Overdue: {what}/{name}")
    if release:
        _release_registers(found, made, version)


def _release_registers(workspace: Workspace, found: Registers, version: str | None) -> None:
    from opendata import registering

    for one, fresh in registering.release(workspace, found, version=version):
        say(
            f"✓ {'Đã ghi' if fresh else 'Không đổi:'} {one.directory}",
            f"✓ {'Wrote' if fresh else 'Unchanged:'} {one.directory}",
        )


@app.command()
def scan(
    path: Annotated[Path, typer.Argument(metavar="FILE|DIR|NOTEBOOK", help="What to look at.")],
    review: ReviewFile = None,
) -> None:
    """Look for personal data; exit code 4 when there are any. / Quét dữ liệu cá nhân; có thì mã thoát là 4."""
    from opendata import gates, reviews, scanning

    found = scanning.scan(path, reviews.read(review) if review else ())
    if not found.ok:
        refused = gates.refused(found.findings)
        _to_review(review, refused.findings)
        raise refused
    say(found.summary("vi"), found.summary("en"))


def _to_review(path: Path | None, findings: Sequence[Finding]) -> None:
    """Add the findings to the review file, where there is one."""
    from opendata import reviews

    if path is not None and findings:
        count = reviews.write(path, reviews.read(path), findings)
        say(f"{count} phát hiện chờ quyết định trong {path}", f"{count} findings to be decided in {path}")


@git_app.command("install")
def git_install(repository: Annotated[Path, typer.Argument(help="A folder in it.")] = HERE) -> None:
    """Empty notebooks on their way into git, and check every commit. / Cài bộ lọc và bước kiểm tra."""
    from opendata import notebooks

    root = notebooks.install(repository)
    say(f"✓ Bộ lọc sổ tay và pre-commit: {root}", f"✓ Notebook filter and pre-commit hook: {root}")


@git_app.command("clean")
def git_clean() -> None:
    """The filter: a notebook on standard input, without outputs on standard output. / Bộ lọc."""
    from opendata import notebooks

    sys.stdout.buffer.write(notebooks.cleaned(sys.stdin.buffer.read()))


@git_app.command("check")
def git_check(
    files: Annotated[list[str] | None, typer.Argument(help="By default all that are staged.")] = None,
) -> None:
    """Refuse a commit with outputs on real data or personal data; exit code 4. / Kiểm tra trước khi commit."""
    from opendata import notebooks

    notebooks.check(HERE, files or notebooks.staged(HERE))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="The demonstration's workspace.")] = Path("demo"),
) -> None:
    """The main job on synthetic data, with a real CKAN on this machine. / Trình diễn toàn bộ công việc chính."""
    from opendata import demo as demonstration

    url = demonstration.run(folder, say)
    say(f"✓ Bộ dữ liệu: {url}", f"✓ Dataset: {url}")
    stop = f"{sys.argv[0]} sandbox down --workspace {folder}"
    say(f"  Dừng CKAN: {stop}", f"  To stop CKAN: {stop}")


@app.command()
def report(
    dataset: Id,
    workspace: Folder = HERE,
    version: Version = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where; by default the workspace's folder reports/.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also print it to PDF, by Chromium.")] = False,
) -> None:
    """Write a release's report for paper: one HTML page, and PDF. / Báo cáo để in."""
    from opendata import chromium, pipeline, printing
    from opendata import workspace as workspaces

    found = workspaces.find(workspace)
    browser = chromium.find(os.environ.get("OPENDATA_CHROMIUM")) if pdf else None
    release = pipeline.written(dataset, found, version)
    for path in printing.write(release, out or found.root / "reports", browser=browser):
        say(f"✓ Đã ghi {path}", f"✓ Wrote {path}")


@app.command()
def lab(
    workspace: Folder = HERE,
    port: Annotated[int, typer.Option(help="First port to try.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Open JupyterLab for a workspace, on this machine only. / Mở JupyterLab."""
    from opendata import lab as labs
    from opendata import workspace as workspaces

    made = labs.prepare(workspaces.find(workspace), language=_language, port=port, browser=browser)
    for path in made.copied:
        say(f"  Sổ tay mẫu: {path}", f"  Example notebook: {path}")
    say(f"JupyterLab: {made.url}  (dừng: Ctrl-C)", f"JupyterLab: {made.url}  (to stop: Ctrl-C)")
    labs.run(made)


@app.command()
def doctor(
    workspace: Folder = HERE,
    portal: Url = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines, in both languages.")] = False,
) -> None:
    """Check this machine, the workspace and the portal; exit code 7 portal, 2 else. / Kiểm tra môi trường."""
    from opendata import doctor as doctors

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # the terminal may be what is wrong
    found = []
    for check, diagnosis in doctors.examine(doctors.Surroundings(workspace, os.environ, portal)):
        found.append((check, diagnosis))
        if not as_json:
            typer.echo(doctors.line(check, diagnosis, _language))
    if as_json:
        typer.echo(doctors.as_json(found))
    raise typer.Exit(doctors.exit_code(found))


@sandbox_app.command("up")
def sandbox_up(
    workspace: Folder = HERE, port: Annotated[int, typer.Option(help="First port to try.")] = 25300
) -> None:
    """Start it, and wait until it answers. / Khởi động."""
    from opendata import sandbox

    site = sandbox.up(workspace / ".sandbox", port=port, progress=lambda text: say(text.vi, text.en))
    say(
        f"✓ {site.url}  (mã truy cập: {site.folder}/editor.token)",
        f"✓ {site.url}  (token: {site.folder}/editor.token)",
    )


@sandbox_app.command("down")
def sandbox_down(
    workspace: Folder = HERE,
    purge: Annotated[bool, typer.Option("--purge", help="Delete everything in it too.")] = False,
) -> None:
    """Stop it; what was published stays. / Dừng."""
    from opendata import sandbox

    (sandbox.remove if purge else sandbox.down)(workspace / ".sandbox")
    say("✓ Đã dừng", "✓ Stopped")


@sandbox_app.command("status")
def sandbox_status(workspace: Folder = HERE) -> None:
    """Show whether it answers; exit code 7 when it does not. / Tình trạng."""
    from opendata import sandbox

    found = sandbox.status(workspace / ".sandbox")
    for name, alive in found.running.items():
        typer.echo(f"{'✓' if alive else '✗'} {name}")
    typer.echo(f"{'✓' if found.answers else '✗'} {found.url or '-'}")
    if not found.answers:
        raise typer.Exit(7)


if __name__ == "__main__":
    main()

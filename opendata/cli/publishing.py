"""From a workspace to a portal: specs, builds, audits, publications."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from catalog.errors import Problem
from opendata.cli.base import HERE, Folder, Id, ReviewFile, Url, Version, app, language, say
from opendata.cli.privacy import to_review
from opendata.errors import OpendataError, PersonalDataError, SpecError
from opendata.messages import show


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
    from opendata import gates, pipeline
    from opendata import workspace as workspaces
    from opendata.datasets import Dataset

    found = workspaces.find(workspace)
    workspaces.write_schema(found.root)
    names = [dataset] if dataset else found.datasets()
    problems = [] if dataset else [*found.unnamed()]
    code = SpecError.exit_code if problems else 0
    for name in names:
        try:
            opened = Dataset(name, found.spec(name), found)
            opened.check()
            # As a build would ask today; one that is planned, on its day.
            day = max(date.today(), opened.spec.entry.modified or opened.spec.entry.issued)
            warnings = gates.declaration(opened.spec.entry, today=day)
            say(f"✓ {name}", f"✓ {name}")
            pipeline.warn(warnings, say)
        except OpendataError as refused:
            problems += (_of(name, problem) for problem in refused.problems)
            code = code or refused.exit_code
    if problems:
        typer.echo(show(problems, language()), err=True)
        raise typer.Exit(code)


def _of(dataset: str, problem: Problem) -> Problem:
    """A problem that says whose it is; mistakes of a file name the file already."""
    named = problem.where.startswith((f"{dataset}.yaml", f"datasets/{dataset}.yaml"))
    return problem if named else replace(problem, where=f"{dataset}: {problem.where}")


@app.command()
def build(dataset: Id, workspace: Folder = HERE, version: Version = None, review: ReviewFile = None) -> None:
    """Read, aggregate, protect, audit and write a release. / Tạo bản phát hành."""
    from opendata import pipeline

    try:
        release, written = pipeline.build(
            dataset, workspace, version=version, progress=say, today=date.today()
        )
    except PersonalDataError as refused:
        to_review(review, refused.findings)
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
def diff(
    dataset: Id,
    workspace: Folder = HERE,
    before: Annotated[
        str | None, typer.Option("--from", help="The earlier version; by default the one before.")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--to", help="The later version; by default the newest written.")
    ] = None,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Also tell why cells are newly hidden; confidential.")
    ] = False,
    markup: Annotated[
        str, typer.Option("--format", help="text, or a table in both languages: markdown, html.")
    ] = "text",
) -> None:
    """Show what changed between two written versions. / Xem hai phiên bản khác nhau ở đâu."""
    from opendata import pipeline
    from opendata import workspace as workspaces
    from opendata.diff import told

    if markup not in ("text", "markdown", "html"):
        raise typer.BadParameter("text, markdown, html", param_hint="--format")
    versions = pipeline.pair(dataset, workspaces.find(workspace), before, after)
    for line in told(*versions, reasons=reasons, markup=markup):
        say(line.vi, line.en)


@app.command()
def verify(
    where: Annotated[
        str, typer.Argument(metavar="DIR|URL", help="A release's folder, or its page on a portal or site.")
    ],
    version: Annotated[str | None, typer.Option("--version", help="Where the page shows several.")] = None,
    keys: Annotated[
        str | None, typer.Option("--keys", metavar="FILE|URL", help="The keys that you trust: keys.json.")
    ] = None,
    provenance: Annotated[
        bool, typer.Option("--provenance", help="Also tell what it was made from, how and by whom.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines, in both languages.")] = False,
) -> None:
    """Check what was published, who approved it, and by which keys; needs no account. / Kiểm tra bản phát hành."""
    from opendata import verification

    found = verification.verify(where, version=version, keys=keys)
    if as_json:
        typer.echo(verification.as_json(found))
        return
    for line in verification.lines(found, provenance=provenance):
        say(line.vi, line.en)


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

"""The static catalogue, the registers and reports on paper."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata.cli.base import HERE, Folder, Id, Version, app, say

if TYPE_CHECKING:
    from catalog.annexes import Registers
    from opendata.workspace import Workspace


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

    found = workspaces.find(workspace)
    made = sites.write(found, out, today=date.today())
    say(
        f"✓ {made.datasets} bộ dữ liệu, {made.versions} phiên bản: {made.folder}/index.html",
        f"✓ {made.datasets} datasets, {made.versions} versions: {made.folder}/index.html",
    )
    if made.versions and all(person.rehearsal for person in found.config.people):
        say(
            "! Bản xem trước, đừng đưa lên mạng: không có người duyệt thật trong opendata.toml (opendata key new)",
            "! A preview, not for the web: opendata.toml names nobody who really approves (opendata key new)",
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
    answer: Annotated[
        str | None,
        typer.Option(
            "--answer",
            metavar="<number>",
            help="Only print the answer to a notice, such as 2026-001: the same whatever was decided.",
        ),
    ] = None,
) -> None:
    """Write the lists of databases, open data and notices, to be signed. / Lập danh mục để ký ban hành."""
    from catalog.annexes import overdue
    from opendata import annex, registers
    from opendata import workspace as workspaces

    if version and not release:
        raise typer.BadParameter("--release?", param_hint="--version")
    found = workspaces.find(workspace)
    if answer is not None:
        say(*registers.answer(found, answer))
        return
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

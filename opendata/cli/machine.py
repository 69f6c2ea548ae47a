"""JupyterLab, the sandbox and the doctor: what runs on this machine."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

from opendata.cli.approving import Released
from opendata.cli.base import HERE, Folder, Id, Url, app, language, say

sandbox_app = typer.Typer(
    help="A real CKAN on this machine, for rehearsal. / CKAN thật trên máy này, để thử.", no_args_is_help=True
)
app.add_typer(sandbox_app, name="sandbox")


@app.command()
def lab(
    workspace: Folder = HERE,
    port: Annotated[int, typer.Option(help="First port to try.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Open JupyterLab for a workspace, on this machine only. / Mở JupyterLab."""
    from opendata import lab as labs
    from opendata import workspace as workspaces

    made = labs.prepare(workspaces.find(workspace), language=language(), port=port, browser=browser)
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
            typer.echo(doctors.line(check, diagnosis, language()))
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


@sandbox_app.command("approve")
def sandbox_approve(dataset: Id, workspace: Folder = HERE, version: Released = None) -> None:
    """Rehearse the approvals of a release, for the sandbox only, with three keys made here. / Diễn tập phê duyệt."""
    from opendata import demo, pipeline
    from opendata import workspace as workspaces

    release = pipeline.written(dataset, workspaces.find(workspace), version)
    demo.approve_for_rehearsal(release)
    say(
        f"✓ Đã diễn tập phê duyệt {dataset} {release.version}; thực tế: một người trình, hai người khác duyệt",
        f"✓ Rehearsed the approvals of {dataset} {release.version}; in real life one submits and two others approve",
    )


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

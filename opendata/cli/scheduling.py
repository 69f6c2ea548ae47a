"""Releases that come on their day: the run that publishes what is due, and the release calendar."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata.cli.base import HERE, Folder, Url, app, language, say
from opendata.messages import show

if TYPE_CHECKING:
    from opendata.approvals import Key
    from opendata.schedule.outcomes import Outcome
    from opendata.schedule.tasks import Means
    from opendata.workspace import Workspace

LOCK = ".run.lock"


@app.command()
def run(
    datasets: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="By default all with a schedule.")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="What is due and not published yet; needed.")] = False,
    workspace: Folder = HERE,
    portal: Url = None,
    who: Annotated[
        str | None,
        typer.Option(
            "--as", help="Id of the scheduler; by default the one whose key is here.", envvar="OPENDATA_AS"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per dataset and line.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done; do nothing.")] = False,
) -> None:
    """Publish what is due, unattended; the exit code is that of the worst dataset. / Công bố mọi thứ đến hạn."""
    from opendata import workspace as workspaces
    from opendata.lock import attempt

    if not due:
        raise typer.BadParameter("--due", param_hint="run")
    found = workspaces.find(workspace)
    with attempt(found.root / LOCK) as ours:
        if not ours:
            _aside(
                "! Một lần chạy khác đang làm việc; không làm gì.",
                "! Another run is at work; nothing was done.",
            )
            return
        outcomes = _outcomes(found, tuple(datasets or ()), (portal, who), dry=dry_run)
        for outcome in outcomes:
            _tell(outcome, as_json=as_json)
        if not dry_run:
            _call_hooks(found, outcomes)
    _end(outcomes)


@app.command("calendar")
def release_calendar(
    workspace: Folder = HERE,
    months: Annotated[int, typer.Option(min=0, max=120, help="How much of the future.")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    as_ics: Annotated[bool, typer.Option("--ics", help="iCalendar, for calendar programs.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to a file.")] = None,
) -> None:
    """Show what was released when and how late, and what will come. / Lịch phát hành."""
    from opendata import workspace as workspaces
    from opendata.ledger.store import now
    from opendata.schedule import calendar, ics, outcomes

    if as_json and as_ics:
        raise typer.BadParameter("--json, --ics", param_hint="calendar")
    found, moment = workspaces.find(workspace), now()
    rows = calendar.rows(found, now=moment, months=months)
    if as_ics:
        text = ics.render(rows, now=moment, site=found.config.site.url and found.config.site.url.rstrip("/"))
    elif as_json:
        text = calendar.as_json(rows, now=moment)
    else:
        text = outcomes.table(rows, language())
    if out is None:
        typer.echo(text.rstrip("\r\n"))
        return
    _write(out, text)
    say(f"✓ Đã ghi {out}", f"✓ Wrote {out}")


def _outcomes(
    workspace: Workspace, datasets: tuple[str, ...], told: tuple[str | None, str | None], *, dry: bool
) -> list[Outcome]:
    from opendata.schedule import running

    means = _means(workspace, *told)
    return running.plan(means, datasets) if dry else running.run(means, datasets)


def _means(workspace: Workspace, portal: str | None, who: str | None) -> Means:
    from opendata import pipeline
    from opendata.schedule.tasks import Means

    site = pipeline.portal_for(workspace, portal, os.environ)
    return Means(workspace, site, _key(workspace, who), pause=time.sleep, progress=_aside)


def _key(workspace: Workspace, who: str | None) -> Key | None:
    """The key with which what is due is submitted; None when none is here."""
    from opendata import approvals
    from opendata.approvals import keys

    place = keys.folder(os.environ)
    people = approvals.people(workspace).values()
    here = [one.id for one in people if "scheduler" in one.roles and (place / f"{one.id}.pem").exists()]
    chosen = who or (here[0] if len(here) == 1 else None)
    if chosen is None:
        return None
    return approvals.read_key(place, chosen, passphrase=os.environ.get(keys.PASSPHRASE))


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    from opendata.schedule import outcomes

    if as_json:
        typer.echo(json.dumps(outcomes.as_object(outcome), ensure_ascii=False))
        return
    typer.echo(outcomes.line(outcome, language()))
    if outcome.problems:
        mark = "✗" if outcome.exit_code else "·"  # what waits as planned is no failure
        typer.echo(show(outcome.problems, language(), mark=mark), err=True)


def _call_hooks(workspace: Workspace, told: list[Outcome]) -> None:
    from opendata.schedule import hooks, outcomes

    failed = outcomes.worst(told) != 0
    problems = hooks.tell(workspace, outcomes.summary(told), failed=failed, environment=os.environ)
    if problems:
        typer.echo(show(problems, language()), err=True)


def _end(told: list[Outcome]) -> None:
    from opendata.schedule import outcomes

    code = outcomes.worst(told)
    if code:
        raise typer.Exit(code)


def _aside(vi: str, en: str) -> None:
    """A line that is not the result: on standard error."""
    typer.echo(vi if language() == "vi" else en, err=True)


def _write(path: Path, text: str) -> None:
    from catalog.errors import Problem, Text
    from opendata.errors import SpecError
    from opendata.messages import unwritable

    try:
        path.write_bytes(text.encode())
    except OSError as error:
        remedy = Text("Chọn nơi khác.", "Choose another place.")
        raise SpecError([Problem(str(path), unwritable(error), remedy)]) from None

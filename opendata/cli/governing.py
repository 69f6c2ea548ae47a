"""What was released, by whom, and whether it still is what it was: status, log, the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata.cli.base import HERE, Folder, Id, app, language, say
from opendata.errors import SpecError, VerificationError

if TYPE_CHECKING:
    from opendata.workspace import Workspace

ledger_app = typer.Typer(
    help="The ledger of everything that was released. / Sổ cái của mọi bản phát hành.", no_args_is_help=True
)
app.add_typer(ledger_app, name="ledger")
AnyId = Annotated[str | None, typer.Argument(metavar="[ID]", help="One dataset; by default all.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines, in both languages.")]
Who = Annotated[str, typer.Option("--as", help="Your id in opendata.toml.", envvar="OPENDATA_AS")]
Why = Annotated[str, typer.Option("--why", help="The reason; it stays in the ledger.")]


@app.command()
def status(dataset: AnyId = None, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """Where every version stands, and whether anything was altered; exit code 8 then. / Tình trạng phát hành."""
    from opendata import status as statuses
    from opendata import workspace as workspaces

    found = statuses.examine(workspaces.find(workspace), dataset)
    typer.echo(statuses.as_json(found) if as_json else statuses.table(found, language()))
    if found.problems:
        raise VerificationError(found.problems)


@app.command()
def log(
    dataset: AnyId = None,
    workspace: Folder = HERE,
    as_json: AsJson = False,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="From this day on, e.g. 2026-12-01.")
    ] = None,
) -> None:
    """What happened, when, by whom and why; exit code 8 when the ledger was altered. / Nhật ký sổ cái."""
    from opendata import ledger
    from opendata import workspace as workspaces
    from opendata.ledger import telling

    book = ledger.open_ledger(workspaces.find(workspace))
    events = book.events(dataset)
    if since is not None:
        events = telling.since(events, _day(since))
    lines = [telling.line(event, language()) for event in events]
    typer.echo(telling.as_json(events) if as_json else "\n".join(lines))
    problems = book.check()
    if problems:
        raise VerificationError(problems)


@ledger_app.command("backup")
def ledger_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; replaced when it is complete.")],
    workspace: Folder = HERE,
) -> None:
    """Copy the ledger into one file; refuses when it was altered. / Sao lưu sổ cái."""
    from opendata import ledger
    from opendata import workspace as workspaces
    from opendata.ledger import backups

    count = backups.backup(ledger.open_ledger(workspaces.find(workspace)), file)
    say(f"✓ {count} sự kiện: {file}", f"✓ {count} events: {file}")


@ledger_app.command("restore")
def ledger_restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `opendata ledger backup` wrote.")],
    who: Who,
    why: Why,
    workspace: Folder = HERE,
) -> None:
    """Put a copy in the place of a ledger that was lost or altered. / Khôi phục sổ cái."""
    from opendata import ledger
    from opendata import workspace as workspaces
    from opendata.ledger import backups

    found = workspaces.find(workspace)
    _vouching(found, who)
    count = backups.restore(ledger.open_ledger(found), file, who=who, why=why)
    say(f"✓ Đã khôi phục {count} sự kiện", f"✓ Restored {count} events")


@ledger_app.command("adopt")
def ledger_adopt(
    dataset: Id,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="A version that lies in releases/.")],
    who: Who,
    why: Why,
    workspace: Folder = HERE,
) -> None:
    """Write down a release that the ledger does not know, of before it or after a loss. / Ghi bản có sẵn vào sổ cái."""
    from opendata import ledger
    from opendata import workspace as workspaces
    from opendata.ledger import building

    found = workspaces.find(workspace)
    _vouching(found, who)
    directory = found.root / "releases" / dataset / version
    building.adopt(ledger.open_ledger(found), directory, who=who, why=why)
    say(f"✓ Sổ cái đã ghi {dataset} {version}", f"✓ The ledger knows {dataset} {version}")


def _vouching(workspace: Workspace, who: str) -> None:
    """Refuse whoever has not the key of this id, where there are people: nobody vouches in another's name."""
    from opendata.approvals import persons
    from opendata.cli.approving import signing_key

    if people := persons.people(workspace):
        persons.own(persons.require(people, who), signing_key(who))


def _day(text: str) -> date:
    from catalog.errors import Problem, Text

    try:
        return date.fromisoformat(text)
    except ValueError:
        what = Text("không phải ngày.", "not a day.")
        raise SpecError(
            [Problem("--since", what, Text("Ví dụ: 2026-12-01.", "For example: 2026-12-01."))]
        ) from None

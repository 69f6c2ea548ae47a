"""People, keys and their acts: key, submit, approve, return, refuse."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendata.cli.base import HERE, Folder, Id, app, language, say
from opendata.cli.governing import Who, Why
from opendata.errors import GateError

if TYPE_CHECKING:
    from opendata.approvals import Key, Life
    from opendata.release import Release

key_app = typer.Typer(help="People and the keys they sign with. / Người và khóa ký.", no_args_is_help=True)
app.add_typer(key_app, name="key")
Person = Annotated[str, typer.Argument(metavar="ID", help="Id of the office, such as kiem-duyet-1.")]
Released = Annotated[
    str | None, typer.Option("--version", help="E.g. 2026.1; by default the newest that was written.")
]
Finding = Annotated[str, typer.Option("--why", help="What you found; everybody may read it.")]
Publicly = Annotated[str, typer.Option("--why", help="In a sentence; everybody may read it.")]


@key_app.command("new")
def key_new(
    person: Person,
    role: Annotated[
        list[str], typer.Option("--role", help="author, approver or scheduler; may be repeated.")
    ],
    title_vi: Annotated[
        str | None, typer.Option("--title-vi", help="What the office is called; public.")
    ] = None,
    title_en: Annotated[str | None, typer.Option("--title-en", help="The same in English.")] = None,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Lock the key; asked for, or OPENDATA_KEY_PASSPHRASE.")
    ] = False,
    workspace: Folder = HERE,
) -> None:
    """Make a key for somebody and add them to opendata.toml. / Tạo khóa ký và thêm người."""
    from catalog import Labels
    from opendata import approvals
    from opendata import workspace as workspaces
    from opendata.approvals import keys

    if (title_vi is None) != (title_en is None):
        raise typer.BadParameter("--title-vi, --title-en", param_hint="--title-vi")
    title = Labels(vi=title_vi, en=title_en) if title_vi and title_en else None
    place = keys.folder(os.environ)
    secret = _new_secret() if passphrase else None
    office = approvals.Office(tuple(role), title)
    made = approvals.join(workspaces.find(workspace), place, person, office, passphrase=secret)
    say(f"✓ {made.id}: khóa riêng {place / made.id}.pem", f"✓ {made.id}: private key {place / made.id}.pem")
    say(
        "  Giữ tệp này như con dấu: ai có nó thì ký được. Sao lưu nó ở nơi an toàn.",
        "  Keep this file like a seal: whoever has it can sign. Back it up in a safe place.",
    )


@key_app.command("list")
def key_list(workspace: Folder = HERE) -> None:
    """Who may act, in which roles, and whose key was revoked. / Danh sách người và khóa."""
    from opendata import approvals, ledger
    from opendata import workspace as workspaces

    found = workspaces.find(workspace)
    revoked = {e.who for e in ledger.open_ledger(found).events("") if e.kind == "key_revoked"}
    for one in approvals.people(found).values():
        title = f" {getattr(one.title, language())}" if one.title else ""
        days = f" {one.since or ''}–{one.until or ''}" if one.since or one.until else ""
        mark = "✗" if one.id in revoked else "✓"
        typer.echo(f"{mark} {one.id} ({', '.join(one.roles)}){title}{days} {one.key}")


@key_app.command("revoke")
def key_revoke(person: Person, why: Why, workspace: Folder = HERE) -> None:
    """From now on nothing counts that this key signs. / Hủy khóa."""
    from opendata import approvals
    from opendata import workspace as workspaces

    approvals.revoke_key(workspaces.find(workspace), person, why=why)
    say(
        f"✓ Đã hủy khóa của {person}: từ nay chữ ký mới không có hiệu lực, chữ ký cũ vẫn còn",
        f"✓ The key of {person} is revoked: what it signs from now on is void, what it signed before is not",
    )


@app.command()
def submit(dataset: Id, who: Who, why: Publicly, workspace: Folder = HERE, version: Released = None) -> None:
    """Submit a written release for approval. / Trình phê duyệt."""
    from opendata import approvals

    release = _release(dataset, workspace, version)
    if _life(release).state in ("submitted", "approved", "published", "superseded"):
        say(f"✓ Đã trình từ trước: {_name(release)}", f"✓ Submitted before: {_name(release)}")
    else:
        approvals.submit(release, signing_key(who), why=why)
        say(f"✓ Đã trình {_name(release)}", f"✓ Submitted {_name(release)}")
    _tell_state(release)


@app.command()
def approve(
    dataset: Id,
    who: Who,
    why: Finding = "",
    workspace: Folder = HERE,
    version: Released = None,
    yes: Annotated[bool, typer.Option("--yes", help="Sign without asking.")] = False,
    standing: Annotated[
        bool, typer.Option("--standing", help="Approve beforehand what a scheduler will submit.")
    ] = False,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="With --standing: its last day.")
    ] = None,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="With --standing: end all standing approvals of the dataset.")
    ] = False,
) -> None:
    """Look at a release and sign for it. / Xem và phê duyệt."""
    from opendata import approvals
    from opendata import workspace as workspaces

    if ((revoke or until is not None) and not standing) or (standing and revoke == (until is not None)):
        raise typer.BadParameter("--standing --until DATE, --standing --revoke", param_hint="--standing")
    if revoke:
        approvals.revoke_standing(workspaces.find(workspace), dataset, signing_key(who), why=why)
        say(f"✓ Đã hủy phê duyệt trước của {dataset}", f"✓ The standing approvals of {dataset} are over")
        return
    release = _release(dataset, workspace, version)
    _show(release)
    if not yes and not _agreed():
        raise typer.Exit(GateError.exit_code)
    if until is not None:
        approvals.approve_standing(release, signing_key(who), until=_day(until), why=why)
        say(f"✓ {who} đã phê duyệt trước {dataset} đến {until}", f"✓ {who} approved {dataset} until {until}")
        return
    approvals.approve(release, signing_key(who), why=why)
    say(f"✓ {who} đã phê duyệt {_name(release)}", f"✓ {who} approved {_name(release)}")
    _tell_state(release)


@app.command("return")
def return_(dataset: Id, who: Who, why: Publicly, workspace: Folder = HERE, version: Released = None) -> None:
    """Return a release to its author, who makes a new version. / Trả lại."""
    from opendata import approvals

    release = _release(dataset, workspace, version)
    approvals.return_(release, signing_key(who), why=why)
    say(f"✓ Đã trả lại {_name(release)}", f"✓ Returned {_name(release)}")


@app.command()
def refuse(dataset: Id, who: Who, why: Publicly, workspace: Folder = HERE, version: Released = None) -> None:
    """Refuse a release for good. / Từ chối."""
    from opendata import approvals

    release = _release(dataset, workspace, version)
    approvals.refuse(release, signing_key(who), why=why)
    say(f"✓ Đã từ chối {_name(release)}", f"✓ Refused {_name(release)}")


def _release(dataset: str, workspace: Any, version: str | None) -> Release:
    from opendata import pipeline
    from opendata import workspace as workspaces

    return pipeline.written(dataset, workspaces.find(workspace), version)


def _name(release: Release) -> str:
    return f"{release.id} {release.version}"


def _show(release: Release) -> None:
    from opendata.approvals import showing

    for line in showing.shown(release):
        say(line.vi, line.en)


def _agreed() -> bool:
    """Whether a person says yes; nobody at the keyboard says no."""
    try:
        return typer.confirm({"vi": "Ký?", "en": "Sign?"}[language()])
    except typer.Abort:
        return False


def _life(release: Release) -> Life:
    from opendata import approvals

    case = approvals.case_of(release)
    return approvals.life(case.book.events(case.dataset, case.version))


def _tell_state(release: Release) -> None:
    """Whether anybody else must act."""
    from opendata.approvals.table import words

    now = _life(release)
    given = len(now.acts.get("approve", ()))
    count = f" ({given}/{now.approvers})" if now.state == "submitted" else ""
    say(f"  {words()[now.state].vi}{count}", f"  {words()[now.state].en}{count}")


def signing_key(who: str) -> Key:
    """The private key of whoever acts, and its passphrase when it takes one."""
    from opendata.approvals import keys

    place = keys.folder(os.environ)
    secret = os.environ.get(keys.PASSPHRASE)
    if secret is None and keys.is_locked(place, who) and sys.stdin.isatty():
        secret = typer.prompt(
            {"vi": f"Mật khẩu khóa {who}", "en": f"Passphrase of {who}"}[language()], hide_input=True
        )
    return keys.read_key(place, who, passphrase=secret)


def _new_secret() -> str:
    from opendata.approvals import keys

    asked = {"vi": "Mật khẩu mới của khóa", "en": "New passphrase of the key"}[language()]
    return os.environ.get(keys.PASSPHRASE) or str(
        typer.prompt(asked, hide_input=True, confirmation_prompt=True)
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(text, param_hint="--until") from None

"""Taking back what was published, and putting it back: withdraw, restore."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from opendata.cli.approving import signing_key
from opendata.cli.base import HERE, Folder, Id, Url, app, say
from opendata.cli.governing import Who
from opendata.errors import PortalError

Number = Annotated[str, typer.Argument(metavar="VERSION", help="E.g. 2026.1.")]


@app.command()
def withdraw(
    dataset: Id,
    version: Number,
    who: Who,
    reason_vi: Annotated[str, typer.Option("--reason-vi", help="Why, in a sentence; everybody may read it.")],
    reason_en: Annotated[str, typer.Option("--reason-en", help="The same in English.")],
    article: Annotated[str, typer.Option("--article", help="Under which provision: decree-102-2025/11, ….")],
    successor: Annotated[
        str | None, typer.Option("--successor", metavar="VERSION", help="What comes in its place.")
    ] = None,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="It cannot wait for an approver: an author decides alone.")
    ] = False,
    workspace: Folder = HERE,
    portal: Url = None,
) -> None:
    """Take a version back: its files go, a notice stays; run again until it is done. / Thu hồi một phiên bản."""
    from opendata import withdrawal
    from opendata import workspace as workspaces
    from opendata.withdrawal import telling

    found = workspaces.find(workspace)
    case = withdrawal.case_of(found, dataset, version)
    reason = withdrawal.reason(reason_vi, reason_en)
    decision = withdrawal.Decision(reason, article, successor, emergency)
    site = withdrawal.portal_for(case, portal, os.environ)
    done = withdrawal.withdraw(case, signing_key(who), decision, portal=site)
    for line in telling.lines(done):
        say(line.vi, line.en)
    if done.elsewhere:
        raise PortalError(telling.elsewhere(done))


@app.command()
def restore(
    dataset: Id,
    version: Number,
    who: Who,
    why: Annotated[str, typer.Option("--why", help="Why it may be out again; everybody may read it.")],
    workspace: Folder = HERE,
) -> None:
    """Agree that a withdrawn version is published again; two approvers must. / Khôi phục một phiên bản."""
    from opendata import approvals, pipeline, withdrawal
    from opendata import workspace as workspaces

    release = pipeline.written(dataset, workspaces.find(workspace), version)
    withdrawal.restore(release, signing_key(who), why=why)
    now = approvals.life(approvals.case_of(release).book.events(dataset, version))
    if now.state == "withdrawn":
        say("✓ Đã ký; cần thêm một người phê duyệt nữa", "✓ Signed; one more approver must")
    else:
        say(
            f"✓ Được phép công bố lại: opendata publish {dataset} --version {version}",
            f"✓ It may be published again: opendata publish {dataset} --version {version}",
        )

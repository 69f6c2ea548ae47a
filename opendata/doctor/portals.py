"""Checks of the portal and of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catalog.errors import Text
from opendata.doctor.diagnosis import Diagnosis, Surroundings, ok, refused
from opendata.doctor.machine import absent
from opendata.errors import OpendataError, PortalError, SpecError

if TYPE_CHECKING:
    from opendata.workspace import Workspace

SECONDS = 15.0  # to wait for an answer; publishing is more patient


def portal(surroundings: Surroundings) -> Diagnosis:
    """Whether the portal answers, knows the token, and has the organisations in which the datasets are published.

    Raises:
        PortalError: What is wrong with it.
    """
    try:
        from opendata import pipeline
        from opendata import workspace as workspaces
        from opendata.portal.connection import checked_address, connect
    except ModuleNotFoundError as error:
        return absent(error)
    try:
        found = workspaces.find(surroundings.folder)
        site = pipeline.portal_for(found, surroundings.portal, surroundings.environment)
    except (SpecError, PortalError) as error:
        return refused(error, "warn")
    address = checked_address(site.url, has_token=bool(site.token))
    with connect(address, site.token, timeout=SECONDS) as connection:
        problems = list(_wrong(connection, found, has_token=bool(site.token)))
    if problems:
        raise PortalError([problem for error in problems for problem in error.problems])
    if not site.token:
        return Diagnosis(
            "warn",
            Text(f"{site.url}: chỉ đọc, không có token.", f"{site.url}: reading only, no token."),
            _TOKEN,
        )
    return ok(f"{site.url}: nhận token, có tổ chức", f"{site.url}: token and organisations are known")


def rehearsal(surroundings: Surroundings) -> Diagnosis:
    """Whether the workspace's sandbox, where there is one, answers."""
    try:
        from opendata import sandbox
    except ModuleNotFoundError as error:
        return absent(error)
    found = sandbox.status(surroundings.folder / ".sandbox")
    if found.url is None:
        return ok("chưa có ở đây", "none here yet")
    if not found.answers:
        down = [name for name, alive in found.running.items() if not alive]
        listed = ", ".join(down) or found.url
        return Diagnosis("warn", Text(f"không chạy: {listed}.", f"does not run: {listed}."), _UP)
    return ok(found.url, found.url)


def _wrong(connection: Any, workspace: Workspace, *, has_token: bool) -> Iterator[PortalError]:
    """What is wrong, of an organisation each."""
    from opendata.portal import failures
    from opendata.portal.connection import read

    if not isinstance(read(connection, "status_show"), dict):
        raise failures.not_ckan(connection.url, 200)
    if has_token and read(connection, "user_show") is None:
        raise failures.bad_token(connection.url)
    own = read(connection, "organization_list_for_user", permission="create_dataset") if has_token else ()
    editor = {item["name"] for item in own or ()}
    for name in _organizations(workspace):
        if name not in editor and (has_token or read(connection, "organization_show", id=name) is None):
            yield failures.not_editor(connection.url, Text("tổ chức", "organisation"), name)


def _organizations(workspace: Workspace) -> list[str]:
    """Where the datasets of a workspace are published; a spec that cannot be read is told by `opendata check`."""
    found = {workspace.config.registers.organization}
    for dataset in workspace.datasets():
        try:
            found.add(workspace.spec(dataset).publication.organization)
        except OpendataError:
            continue
    return sorted(name for name in found if name)


_TOKEN = Text(
    "Để công bố, đặt token của tài khoản biên tập vào OPENDATA_TOKEN.",
    "To publish, set OPENDATA_TOKEN to the token of an editor.",
)
_UP = Text("Chạy: opendata sandbox up", "Run: opendata sandbox up")

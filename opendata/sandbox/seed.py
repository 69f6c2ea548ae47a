"""Who and what is on a fresh site: organisations, groups, and the editor who publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanapi import CKANAPIError, NotAuthorized, NotFound, RemoteCKAN

from opendata.sandbox.state import write_secret

EDITOR = "bien-tap"
ORGANIZATIONS: Mapping[str, str] = {"bo-y-te": "Bộ Y tế"}
GROUPS: Mapping[str, str] = {
    "benh-truyen-nhiem": "Bệnh truyền nhiễm",
    "kham-chua-benh": "Khám bệnh, chữa bệnh",
    "dan-so": "Dân số",
    "y-te-du-phong": "Y tế dự phòng",
}
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Organisations and groups that the site must have: name to title."""

    organizations: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


def seed(folder: Path, url: str, *, wanted: Wanted, password: str) -> str:
    """Make what is missing, let the editor publish in all of it, and give the editor's token.

    The editor is an editor of each organisation and group, not an administrator: what a rehearsal may do is
    then what a publisher may do on the ministry's portal.

    Args:
        folder: The sandbox's folder, with `admin.token`; `editor.token` is written there.
        url: Of the site.
        wanted: What must be there besides the defaults.
        password: The editor's, for the login page.

    Raises:
        ckanapi.CKANAPIError: The site refuses.
    """
    with RemoteCKAN(url, apikey=(folder / "admin.token").read_text()) as admin:
        if _show(admin, "user_show", EDITOR) is None:
            _call(admin, "user_create", name=EDITOR, email="bien-tap@example.org", password=password)
        for name, title in (dict(ORGANIZATIONS) | dict(wanted.organizations)).items():
            _place(admin, "organization", name, title)
        for name, title in (dict(GROUPS) | dict(wanted.groups)).items():
            _place(admin, "group", name, title)
        return _editor_token(folder, url, admin)


def _place(admin: RemoteCKAN, kind: str, name: str, title: str) -> None:
    """Make an organisation or a group with the editor in it; one that is there gains the editor."""
    found = _show(admin, f"{kind}_show", name)
    if found is None:
        _call(admin, f"{kind}_create", name=name, title=title, users=[{"name": EDITOR, "capacity": "editor"}])
    elif all(user["name"] != EDITOR for user in found.get("users", ())):
        _call(admin, f"{kind}_member_create", id=name, username=EDITOR, role="editor")


def _editor_token(folder: Path, url: str, admin: RemoteCKAN) -> str:
    path = folder / "editor.token"
    if path.exists() and _accepted(url, path.read_text()):
        return path.read_text()
    token = str(_call(admin, "api_token_create", user=EDITOR, name="sandbox")["token"])
    write_secret(path, token)
    return token


def _accepted(url: str, token: str) -> bool:
    """Whether the site knows the bearer: with an invalid token one is nobody, in no organisation."""
    with RemoteCKAN(url, apikey=token) as editor:
        try:
            return bool(_call(editor, "organization_list_for_user"))
        except (CKANAPIError, NotAuthorized):
            return False


def _show(site: RemoteCKAN, action: str, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = _call(site, action, id=name, include_users=True)
    except NotFound:
        return None
    return found


def _call(site: RemoteCKAN, action: str, **arguments: Any) -> Any:
    return site.call_action(action, arguments, requests_kwargs={"timeout": _TIMEOUT})

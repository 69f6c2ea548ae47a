"""CKAN itself, run by the Python of CKAN's own environment: `python -I ckan_site.py STATE`.

Nothing of this package can be imported there. One process brings the database up to date, makes the
administrator and the administrator's token, fills the search index and serves: each `ckan` command would
start the whole application again.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

import ckan.logic as logic  # type: ignore[import-not-found]
import ckan.model as model  # type: ignore[import-not-found]
from ckan.cli import load_config  # type: ignore[import-not-found]
from ckan.config.middleware import make_app  # type: ignore[import-not-found]
from ckan.lib import api_token, search  # type: ignore[import-not-found]
from werkzeug.serving import run_simple  # type: ignore[import-not-found]


def prepare(folder: Path, password: str) -> None:
    """Bring database, administrator, token and index to where they must be; does nothing twice."""
    model.repo.init_db()
    site_user = logic.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    if model.User.get("admin") is None:
        details = {"name": "admin", "email": "admin@example.org", "password": password}
        logic.get_action("user_create")({"user": site_user, "ignore_auth": True}, details)
    admin = model.User.get("admin")
    if not admin.sysadmin:
        admin.sysadmin = True
        model.Session.commit()
    token = folder / "admin.token"
    if not _accepted(token):
        made = logic.get_action("api_token_create")(
            {"user": site_user, "ignore_auth": True}, {"user": "admin", "name": "sandbox"}
        )
        _write_secret(token, made["token"])
    search.rebuild(quiet=True, force=True)
    model.Session.remove()


def _accepted(token: Path) -> bool:
    with suppress(OSError):
        return api_token.get_user_from_token(token.read_text()) is not None
    return False


def _write_secret(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def main(folder: Path) -> None:
    """Prepare and serve until the process is told to stop."""
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    ini = str(folder / "ckan.ini")
    os.environ["CKAN_INI"] = ini
    app = make_app(load_config(ini))
    with app._wsgi_app.test_request_context("/"):
        prepare(folder, state["passwords"]["admin"])
    run_simple("127.0.0.1", state["ports"]["site"], app, threaded=True, use_reloader=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""CKAN's configuration for a sandbox."""

from __future__ import annotations

from pathlib import Path

from opendata.sandbox.postgres import Database
from opendata.sandbox.state import State, write_secret

_NO_REDIS = (
    1  # nothing listens on port 1: CKAN says so in its log once, and needs Redis for background jobs only
)


def write_ini(folder: Path, state: State, database: Database) -> None:
    """Write `ckan.ini` (it holds secrets: mode 600). Vietnamese first, English offered, core plugins only."""
    settings = {
        "use": "egg:ckan",
        "SECRET_KEY": state.secret,
        "sqlalchemy.url": database.url,
        "solr_url": f"http://127.0.0.1:{state.ports.search}/solr/ckan",
        "ckan.redis.url": f"redis://127.0.0.1:{_NO_REDIS}/0",
        "ckan.site_url": f"http://127.0.0.1:{state.ports.site}",
        "ckan.site_id": "sandbox",
        "ckan.site_title": "Dữ liệu y tế mở (thử nghiệm)",
        "ckan.storage_path": folder / "storage",
        "ckan.max_resource_size": 500,
        "ckan.locale_default": "vi",
        "ckan.locales_offered": "vi en",
        "ckan.locale_order": "vi en",
        "ckan.display_timezone": "Asia/Ho_Chi_Minh",
        "ckan.auth.user_create_organizations": "false",
        "ckan.auth.user_create_groups": "false",
        "ckan.auth.create_user_via_web": "false",
        "ckan.plugins": "",
    }
    lines = [
        "[DEFAULT]",
        "debug = false",
        "[app:main]",
        *(f"{key} = {value}" for key, value in settings.items()),
    ]
    (folder / "storage").mkdir(mode=0o700, exist_ok=True)
    write_secret(folder / "ckan.ini", "\n".join(lines).replace("%", "%%") + "\n")

"""A static catalogue with two versions of one dataset, made as publishers make it, and a server for it."""

import hashlib
import shutil

import polars as pl
import pytest

from opendata import demo, pipeline, site
from opendata import workspace as workspaces
from opendata.data import write_parquet
from opendata.release import seal
from tests.opendata.client.server import serving
from tests.opendata.conftest import RECORDS, fresh
from tests.portal.conftest import ENTRY


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The workspace, built once and never changed; `built.root / "site"` is its static catalogue."""
    made = fresh(tmp_path_factory.mktemp("client") / "workspace")
    for records in (RECORDS, RECORDS.replace("S3,M,48", "S3,M,59")):
        (made.root / "data/records.csv").write_text(records, encoding="utf-8")
        demo.approve_for_rehearsal(pipeline.build("cases", made.root)[0])
    made = workspaces.find(made.root)  # with the people who approved
    site.write(made)
    return made


@pytest.fixture
def web(built, tmp_path):
    """The static catalogue on a web server; tests may change its files."""
    folder = tmp_path / "www"
    shutil.copytree(built.root / "site", folder)
    with serving(folder) as served:
        yield served


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def large(folder, rows=600_000):
    """A release of several megabytes under `folder`/datasets, as a static catalogue serves it."""
    home = folder / "datasets" / "visits" / "2026.1"
    home.mkdir(parents=True)
    number = pl.int_range(rows, dtype=pl.Int64, eager=True)
    province = (number * 63 // rows).cast(pl.String)
    frame = pl.DataFrame({"province": province, "visits": number * 7919 % 1_000_003, "visits_status": "A"})
    write_parquet(frame, home / "data.parquet", {})
    about = {"id": "visits", "version": "2026.1", "released": "2026-01-15", "entry": ENTRY}
    seal(home, about | {"audit": {"ok": True}})
    return frame


def as_ckan(site, id, version, **changes):
    """Have a server answer as CKAN does for one version whose files it serves."""
    home = site.folder / "datasets" / id / version
    resources = [
        {
            "release_version": version,
            "release_file": path.name,
            "url": f"{site.url}/datasets/{id}/{version}/{path.name}",
            "hash": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
            "size": path.stat().st_size,
            "name": path.name,
        }
        | (changes if path.name == "data.parquet" else {})
        for path in home.iterdir()
    ]
    package = {"name": id, "version": version, "resources": resources, "extras": []}
    site.actions = {("package_show", id): package, ("package_list", ""): [id]}

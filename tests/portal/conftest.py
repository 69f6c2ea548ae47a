"""One real CKAN for all tests of this folder, and small releases to publish there."""

import hashlib
import os

import pytest
from ckanapi import RemoteCKAN

from opendata import demo, ledger, sandbox
from opendata import workspace as workspaces
from opendata.ledger import building
from opendata.portal import Portal
from opendata.release import Release, seal

ENTRY = {
    "title": {"vi": "Bệnh truyền nhiễm theo tỉnh", "en": "Notifiable diseases by province"},
    "description": {"vi": "Số ca theo **tỉnh** và tháng.", "en": "Cases by **province** and month."},
    "notes": {"vi": "Ô nhỏ bị che.", "en": "Small cells are suppressed."},
    "keywords": [
        {"vi": "bệnh truyền nhiễm", "en": "notifiable diseases"},
        {"vi": "giám sát (2025)", "en": "surveillance"},
    ],
    "publisher": {"name": {"vi": "Bộ Y tế", "en": "Ministry of Health"}, "uri": None},
    "creator": None,
    "contact": {
        "name": {"vi": "Phòng Dữ liệu", "en": "Data office"},
        "email": "data@example.org",
        "url": None,
    },
    "groups": [8, 14],
    "category": "2a",
    "data_class": "ordinary",
    "access": "open",
    "legal_basis": ["decree-102-2025/10.2.c", "decree-102-2025/18.3"],
    "frequency": "ANNUAL",
    "temporal": {"start": "2013-01-01", "end": "2016-12-31"},
    "spatial": "VN",
    "issued": "2026-01-15",
    "modified": None,
    "licence": "terms-art43-law-20-2023",
}


AUDIT = {"ok": True, "protection": {"rules": [{"kind": "small_count", "threshold": 5}]}}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    state = tmp_path_factory.mktemp("sandbox")
    try:
        yield sandbox.up(state, groups={"nhom-rieng": "Nhóm riêng"})
    finally:
        sandbox.remove(state)


@pytest.fixture(scope="session")
def admin(site):
    """The administrator, who can meddle with what was published."""
    with RemoteCKAN(site.url, apikey=(site.folder / "admin.token").read_text()) as connection:
        yield connection


@pytest.fixture
def portal(site):
    return Portal(site.url, token=site.token, timeout=60)


@pytest.fixture
def reader(site):
    return Portal(site.url, timeout=60)


@pytest.fixture
def make(tmp_path, request):
    """Write a release, approved; its id is the test's own, so that tests share one site."""
    own = "t-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:12]

    workspaces.init(tmp_path)

    def written(version="2026.1", *, data=b"PAR1 rows PAR1", organization="bo-y-te", **changes):
        approved = changes.pop("approved", True)
        folder = tmp_path / "releases" / own / version
        folder.mkdir(parents=True)
        files = {"data.parquet": data, "data.csv": b"a,b\n", "report.html": b"<p>report</p>"}
        if changes.pop("every_kind", False):
            files |= {
                "data.xlsx": b"PK",
                "codebook.json": b"{}",
                "datapackage.json": b"{}",
                "CHANGELOG.md": b"#\n",
            }
            files |= {"CITATION.cff": b"x: 1\n", "dcat.ttl": b"<a> <b> <c> .", "dcat.jsonld": b"{}"}
        for name, content in files.items():
            (folder / name).write_bytes(content)
        os.truncate(folder / "data.parquet", changes.pop("size", len(data)))
        publication = {
            "organization": organization,
            "groups": list(changes.pop("groups", ["benh-truyen-nhiem"])),
        }
        about = {
            "id": own,
            "version": version,
            "entry": ENTRY | changes,
            "publication": publication,
            "audit": AUDIT,
        }
        seal(folder, about | {"title": ENTRY["title"], "content_sha256": hashlib.sha256(data).hexdigest()})
        release = Release(folder, own, version)
        building.record(ledger.open_ledger(workspaces.find(tmp_path)), folder)
        if approved:
            demo.approve_for_rehearsal(release)
        return release

    return written

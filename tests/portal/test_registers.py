"""The registers on a real CKAN: published as datasets of their own, and read back."""

from datetime import date

import polars as pl
import pytest
import requests

import opendata as od
from opendata import pipeline, registering, registers
from opendata.demo import approve_for_rehearsal
from opendata.errors import GateError
from opendata.verification import verify
from tests.opendata.conftest import fresh
from tests.opendata.test_registering import CONFIG, configured
from tests.opendata.test_registers import DATABASE

pytestmark = [pytest.mark.portal, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = fresh(tmp_path_factory.mktemp("registers") / "workspace")
    (made.root / "databases/surveillance.yaml").write_text(DATABASE, encoding="utf-8")
    made = configured(made, f'{CONFIG}portal_groups = ["nhom-rieng"]\nprefix = "vn"\n')
    registering.release(made, registers.collect(made, today=date(2026, 6, 1)))
    return made


def publish(name, office, portal):
    approve_for_rehearsal(pipeline.written(name, office))
    return pipeline.publish(name, office, portal)


def test_a_register_is_approved_like_everything_else(office, portal):
    with pytest.raises(GateError):
        pipeline.publish("vn-health-databases", office, portal)


@pytest.mark.parametrize(
    "name",
    ["vn-health-databases", "vn-open-health-data", "vn-health-data-coverage", "vn-health-data-notices"],
)
def test_a_register_is_published_and_read_back(office, portal, tmp_path, name):
    receipt = publish(name, office, portal)
    assert receipt.written > 0
    assert pipeline.publish(name, office, portal).written == 0
    release = pipeline.written(name, office)
    frame = od.load(name, portal=portal.url, cache=tmp_path)
    assert frame.equals(pl.read_parquet(release.directory / "data.parquet"))
    found = verify(receipt.url)
    assert (found.id, found.version, found.files) == (name, "2026.1", len(release.files))
    assert found.approved
    answer = requests.get(f"{portal.url}/api/3/action/package_show", params={"id": name}, timeout=60).json()
    package = answer["result"]
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    assert (extras["health_data_groups"], extras["legal_basis"]) == ("23", "decree-102-2025/18.3")
    assert "small_count_threshold" not in extras
    assert [group["name"] for group in package["groups"]] == ["nhom-rieng"]


def test_a_changed_list_comes_beside_the_old_one(office, portal, reader):
    publish("vn-health-databases", office, portal)
    (office.root / "databases/workforce.yaml").write_text(DATABASE, encoding="utf-8")
    registering.release(office, registers.collect(office, today=date(2026, 7, 1)))
    assert publish("vn-health-databases", office, portal).version == "2026.2"
    assert reader.versions("vn-health-databases") == ["2026.1", "2026.2"]

"""The synthetic register: full of what identifies people, and nothing of it in what may be counted."""

import pytest

import anonymize
import catalog
from opendata import demo
from opendata.datasets import dataset
from opendata.synthetic import register, without_people
from opendata.workspace import init

PROVINCES = [code.code for code in catalog.leaves(catalog.builtin("province-34"))]
CHAPTERS = [code.code for code in catalog.leaves(catalog.builtin("icd-10-chapters"))]


@pytest.fixture(scope="module")
def visits():
    return register(3_000, PROVINCES, year=2025, seed=1)


def test_the_same_seed_gives_the_same_register(visits):
    assert register(3_000, PROVINCES, year=2025, seed=1).equals(visits)
    assert not register(3_000, PROVINCES, year=2025, seed=2).equals(visits)


def test_the_scan_finds_every_field_that_identifies(visits):
    found = {finding.entity for finding in anonymize.scan(visits).findings}
    assert {"PERSON", "PERSONAL_ID", "PHONE", "DATE_OF_BIRTH"} <= found


def test_nothing_of_it_is_left_in_what_may_be_counted(visits):
    counted = without_people(visits, CHAPTERS)
    assert counted.columns == ["chapter", "province", "sex"]
    assert counted.height == visits.height
    assert anonymize.scan(counted).ok
    stroke = visits.filter(MA_BENH="I10").height
    assert counted.filter(chapter="I00-I99").height == stroke


def test_the_example_is_protected_and_passes_its_audit(tmp_path):
    workspace = init(tmp_path / "w")
    demo.add_visits(workspace)
    ds = dataset(demo.VISITS, workspace=workspace)
    safe = ds.protect(ds.aggregate(ds.read()))
    assert ds.audit(safe).ok

"""The main job on the ministry's real yearbooks, from the workbooks to the researcher's data frame."""

import polars as pl
import pytest

import opendata as od
from opendata import pipeline
from opendata.demo import approve_for_rehearsal
from opendata.errors import VerificationError
from opendata.verification import verify
from tests.opendata.yearbooks import yearbook_workspace

pytestmark = [pytest.mark.portal, pytest.mark.timeout(600)]
ID = "notifiable-diseases"


@pytest.fixture(scope="module")
def release(tmp_path_factory, shared):
    """The release of 2013 to 2016, built once."""
    workspace = yearbook_workspace(tmp_path_factory.mktemp("yearbooks"), shared)
    release, written = pipeline.build(ID, workspace.root, progress=lambda vi, en: None)
    assert written
    approve_for_rehearsal(release)
    return release


def test_the_yearbooks_become_an_open_dataset(release, portal, tmp_path):
    receipt = portal.publish(release)
    assert receipt.written > 0
    assert portal.publish(release).written == 0
    frame = od.load(ID, portal=portal.url, version=release.version, cache=tmp_path)
    assert frame.equals(pl.read_parquet(release.directory / "data.parquet"))
    found = verify(receipt.url)
    assert (found.id, found.version, found.files) == (ID, release.version, len(release.files))
    assert len(found.signers) == 3


def test_a_researcher_loads_it_again_without_the_portal_being_asked_for_bytes(release, portal, tmp_path):
    portal.publish(release)
    od.load(ID, portal=portal.url, cache=tmp_path)
    (kept,) = tmp_path.rglob("data.parquet")
    kept.write_bytes(b"spoiled")
    again = od.load(ID, portal=portal.url, cache=tmp_path)
    assert again.height == release.manifest["rows"]


def test_what_is_not_published_is_exit_7(portal, tmp_path):
    with pytest.raises(od.OpendataError) as refused:
        od.load("no-such-dataset", portal=portal.url, cache=tmp_path)
    assert refused.value.exit_code == 7


def test_every_published_margin_is_the_sum_of_the_yearbooks(release, shared):
    """Against the decoded yearbooks of another program: whatever is published is right, whatever is small is hidden."""
    data = pl.read_parquet(release.directory / "data.parquet")
    right = pl.read_parquet(shared / "data/gdpm/expected-2013-2016.parquet")
    for measure in ("cases", "deaths"):
        by_year = right.group_by("year", "disease").agg(pl.col(measure).sum().cast(pl.Int64).alias("right"))
        years = data.filter(pl.col("time").str.len_chars() == 4, province="VN").with_columns(
            year=pl.col("time").cast(pl.Int16)
        )
        both = years.join(by_year, on=["year", "disease"], how="inner")
        assert both.height == 28 * 4
        shown = both.filter(pl.col(f"{measure}_status") == "A")
        assert (shown[measure] == shown["right"]).all()
        small = both.filter(pl.col("right").is_between(1, 4))
        assert (small[f"{measure}_status"] == "Q").all()


def test_a_changed_file_is_found_before_anything_is_sent(release, portal):
    file = release.directory / "data.csv"
    before = file.read_bytes()
    file.write_bytes(b"changed")
    with pytest.raises(VerificationError):
        portal.publish(release)
    file.write_bytes(before)

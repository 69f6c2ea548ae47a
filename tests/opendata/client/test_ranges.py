"""Reading in parts: only what a query needs comes over the network, and only where that can be had."""

import polars as pl
import pytest

import opendata as od
from opendata.errors import UnreachableError, VerificationError
from tests.opendata.client.conftest import as_ckan, large
from tests.opendata.client.server import serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    frame = large(folder)
    with serving(folder) as site:
        yield site, frame


@pytest.fixture(params=["site", "ckan"])
def web(request, served):
    site, frame = served
    site.log.clear()
    site.tricks, site.ranges, site.actions = {}, True, None
    if request.param == "ckan":
        as_ckan(site, "visits", "2026.1")
    return site, frame, (site.folder / "datasets/visits/2026.1/data.parquet").stat().st_size


def scan(site, cache, **more):
    return od.scan("visits", portal=site.url, version="2026.1", cache=cache, **more)


def test_only_what_is_needed_is_fetched(web, cache):
    site, frame, size = web
    lazy = scan(site, cache, verify=False)
    wanted = (pl.col("province") == "7", ["province", "visits"])
    assert (
        lazy.filter(wanted[0]).select(wanted[1]).collect().equals(frame.filter(wanted[0]).select(wanted[1]))
    )
    fetched = sum(sent for path, part, sent in site.log if path.endswith(".parquet"))
    assert 0 < fetched < size * 0.75
    assert not list(cache.glob("files/*/data.parquet"))
    site.log.clear()
    assert lazy.select("province").collect().equals(frame.select("province"))
    assert site.sent < size * 0.3


def test_verified_by_default(web, cache):
    site, frame, size = web
    assert scan(site, cache).select("province").collect().equals(frame.select("province"))
    assert [sent for path, _, sent in site.log if path.endswith(".parquet")] == [size]
    assert scan(site, cache, verify=False).collect().equals(frame)  # it is here already
    assert len([path for path, _, _ in site.log if path.endswith(".parquet")]) == 1


def test_a_server_without_ranges(web, cache):
    site, frame, _ = web
    site.ranges = False
    assert scan(site, cache, verify=False).collect().equals(frame)
    assert list(cache.glob("files/*/data.parquet"))


def test_another_file_in_its_place(web, cache):
    """One that has another size is not read in parts; the whole is then refused."""
    site, *_ = web
    od.published("visits", portal=site.url, version="2026.1", cache=cache)
    path = site.folder / "datasets/visits/2026.1/data.parquet"
    right = path.read_bytes()
    path.write_bytes(right + b" ")
    try:
        with pytest.raises(VerificationError):
            scan(site, cache, verify=False)
    finally:
        path.write_bytes(right)


def test_a_server_in_trouble(web, cache):
    site, *_ = web
    site.tricks["data.parquet"] = 503
    with pytest.raises(UnreachableError, match="HTTP 503"):
        scan(site, cache, verify=False)


def test_a_folder_is_read_where_it_is(web, cache):
    site, frame, _ = web
    assert od.scan("visits", portal=site.folder, verify=False, cache=cache).collect().equals(frame)
    assert site.log == []
    assert not cache.exists()

"""Boundaries of the publisher: every code, either winding, degrees, and not too many positions."""

import copy
import json
from typing import Any

import pytest

from opendata import charts
from opendata.charts import ChartError, boundaries
from tests.opendata.charts.conftest import AREAS, BOUNDARIES, DATA, draw, rendered
from tests.opendata.charts.drawn import marks


def changed(change: Any) -> dict[str, Any]:
    """The boundaries with the first feature changed."""
    made = copy.deepcopy(BOUNDARIES)
    change(made["features"][0])
    return made


def refusal(given: Any) -> str:
    with pytest.raises(ChartError) as found:
        charts.area_map(DATA["area_map"], "area", "cases", boundaries=given, title="t")
    return str(found.value)


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def ring(feature: dict[str, Any]) -> list[list[Any]]:
    return feature["geometry"]["coordinates"][0]


def test_every_area_must_have_a_row_and_every_row_an_area() -> None:
    assert "boundaries, zz" in refusal(changed(lambda f: f["properties"].update(code="zz")))
    assert "a00" in refusal(changed(lambda f: f["properties"].update(code="zz")))
    assert "more than" not in refusal({**BOUNDARIES, "features": BOUNDARIES["features"][:3]})
    assert "several features" in refusal(changed(lambda f: f["properties"].update(code="a01")))
    assert "no code" in refusal(changed(lambda f: f["properties"].update(code=1)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f["geometry"].update(type="Point", coordinates=[104, 12]), "no Polygon"),
        (lambda f: f.update(geometry=None), "no Polygon"),
        (lambda f: ring(f).pop(), "not closed"),
        (lambda f: ring(f).__setitem__(1, [586_000.5, 2_325_000.1]), "not longitude"),
        (lambda f: ring(f).__setitem__(1, [float("nan"), 1]), "not longitude"),
        (lambda f: ring(f).__setitem__(1, ["104", "12"]), "not longitude"),
        (lambda f: f["geometry"].update(coordinates=[[[1, 1], [2, 2], [3, 3], [1, 1]]]), "encloses nothing"),
        (lambda f: f["geometry"].update(coordinates=[box(-179, 12, 179, 13)]), "antimeridian"),
        (lambda f: f["geometry"]["coordinates"].append(box(120, 11, 121, 12)), "hole lies outside"),
        (lambda f: f["geometry"].update(coordinates=[box(104, 12, 104.00001, 12.00001)]), "encloses nothing"),
    ],
)
def test_outlines_that_cannot_be_drawn_are_refused(change: Any, said: str) -> None:
    told = refusal(changed(change))
    assert said in told
    assert "a00" in told


def test_what_is_no_feature_collection_is_refused() -> None:
    for given in (
        [1],
        "provinces.geojson",
        {},
        {"type": "Topology", "features": [1]},
        {"type": "FeatureCollection", "features": []},
    ):
        assert "no GeoJSON" in refusal(given)


def test_too_many_positions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "MOST_POSITIONS", 59)
    assert "boundaries: 60" in refusal(BOUNDARIES)


def test_both_windings_give_the_same_map() -> None:
    turned = copy.deepcopy(BOUNDARIES)
    for feature in turned["features"]:
        ring(feature).reverse()
    one, other = (boundaries.read(given, "code", AREAS) for given in (BOUNDARIES, turned))
    assert [sorted(a.polygons[0][0]) for a in one] == [sorted(a.polygons[0][0]) for a in other]
    drawn = [marks(rendered("area_map"), "cells")[0].get("d", "")]
    drawn.append(
        marks(
            charts.svg(charts.area_map(DATA["area_map"], "area", "cases", boundaries=turned, title="t")),
            "cells",
        )[0].get("d", "")
    )
    assert all(len(path) < 120 for path in drawn), "an outline wound the wrong way fills the whole globe"


def test_a_hole_stays_a_hole_and_the_symbol_is_inside() -> None:
    outer = [[104, 12], [108, 12], [108, 16], [104, 16], [104, 12]]
    hole = [[105, 13], [107.9, 13], [107.9, 15], [105, 15], [105, 13]]
    feature = {"properties": {"code": "x"}, "geometry": {"type": "Polygon", "coordinates": [outer, hole]}}
    (area,) = boundaries.read({"type": "FeatureCollection", "features": [feature]}, "code", ["x"])
    x, y = area.inside
    assert 104 < x < 108
    assert 12 < y < 16
    assert not (105 <= x <= 107.9 and 13 <= y <= 15)
    clockwise = [boundaries._doubled_area(ring) < 0 for ring in area.polygons[0]]
    assert clockwise == [True, False]


def test_only_codes_and_outlines_are_kept() -> None:
    spec = json.dumps(draw("area_map").to_dict())
    assert "patients" not in spec


@pytest.mark.parametrize(
    ("crs", "is_known"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("EPSG:4326", True),
        ("urn:ogc:def:crs:EPSG::3405", False),  # VN-2000 / UTM zone 48N
        ("EPSG:4756", False),  # VN-2000 in degrees
        ("EPSG:32648", False),
    ],
)
def test_coordinates_of_another_system_are_refused_by_name(crs: str, is_known: bool) -> None:
    given = {**BOUNDARIES, "crs": {"type": "name", "properties": {"name": crs}}}
    if is_known:
        assert len(boundaries.read(given, "code", AREAS)) == len(AREAS)
    else:
        assert "boundaries, crs: positions are not longitude" in refusal(given)


def test_parts_too_small_to_be_seen_are_left_out() -> None:
    speck = box(104.000001, 12.000001, 104.000002, 12.000002)
    polygons = [[box(104, 12, 105, 13), speck], [speck]]
    given = changed(lambda f: f.update(geometry={"type": "MultiPolygon", "coordinates": polygons}))
    area = boundaries.read(given, "code", AREAS)[0]
    assert [len(polygon) for polygon in area.polygons] == [1]

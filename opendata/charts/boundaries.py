"""Boundaries that the publisher supplies, as GeoJSON: checked, cut down to outlines, wound for the renderer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, log, pi, tan
from typing import Any

from catalog.errors import Problem, Text
from opendata.charts.errors import ChartError

MOST_POSITIONS = 50_000  # of all outlines together; a page with more is slow to open
DIGITS = 4  # of a degree: 11 metres
_WGS84 = re.compile(r'(CRS84h?|EPSG:+(\d[\d.]*)?:*(4326|4979))"')

Position = tuple[float, float]
Ring = tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One area's outline.

    Attributes:
        code: Its code.
        polygons: Its parts; of each the outer ring, clockwise on a map with north at the top, then the holes.
        inside: A point within its largest part: where a symbol stands.
    """

    code: str
    polygons: tuple[tuple[Ring, ...], ...]
    inside: Position


def read(boundaries: Mapping[str, Any], key: str, codes: Sequence[str]) -> list[Area]:
    """The areas of a feature collection; nothing of it but codes and outlines is kept.

    Args:
        boundaries: GeoJSON (RFC 7946) as `json.load` gives it: a FeatureCollection in longitude and latitude.
        key: The property that holds an area's code.
        codes: The codes of the data: every one has its area, every area is one of them.

    Returns:
        One area per code, in the order of `codes`.

    Raises:
        ChartError: With every mistake found.
    """
    features = _features(boundaries)
    found = [_code(feature, key) for feature in features]
    problems = _code_problems(found, key, codes)
    outlines = [_outline(feature) for feature in features]
    problems += [
        Problem(f"boundaries, {code}", what, _GEOJSON)
        for code, outline in zip(found, outlines, strict=True)
        for what in _flaws(outline)
    ]
    total = sum(len(ring) for outline in outlines for polygon in outline or () for ring in polygon)
    if total > MOST_POSITIONS:
        problems.append(Problem(f"boundaries: {total}", _TOO_LARGE, _SIMPLIFY))
    if problems:
        raise ChartError(problems)
    areas = {c: _area(c, outline) for c, outline in zip(found, outlines, strict=True) if c and outline}
    return [areas[code] for code in codes]


def _features(boundaries: Any) -> list[Any]:
    """The features of a collection in longitude and latitude."""
    given = boundaries if isinstance(boundaries, Mapping) else {}
    features = given.get("features")
    if given.get("type") != "FeatureCollection" or not isinstance(features, list) or not features:
        raise ChartError([Problem("boundaries", _NOT_COLLECTION, _GEOJSON)])
    # GeoJSON of before 2016 names its coordinates; without a name they are longitude and latitude.
    if "crs" in given and not _WGS84.search(json.dumps(given["crs"])):
        raise ChartError([Problem("boundaries, crs", _NOT_DEGREES, _GEOJSON)])
    return features


def geometry(area: Area) -> dict[str, Any]:
    """An area's outline as GeoJSON."""
    return {"type": "MultiPolygon", "coordinates": [[list(map(list, r)) for r in p] for p in area.polygons]}


def shape(areas: Sequence[Area]) -> float:
    """Height over width of the areas together on a Mercator map."""
    positions = [position for area in areas for polygon in area.polygons for position in polygon[0]]
    east, north = [p[0] * pi / 180 for p in positions], [_mercator(p[1]) for p in positions]
    return (max(north) - min(north)) / max(max(east) - min(east), 1e-9)


def _mercator(latitude: float) -> float:
    return log(tan(pi / 4 + max(-85.0, min(85.0, latitude)) * pi / 360))


def _code(feature: Any, key: str) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get(key) if isinstance(properties, dict) else None
    return code if isinstance(code, str) else None


def _code_problems(found: Sequence[str | None], key: str, codes: Sequence[str]) -> list[Problem]:
    named = [code for code in found if code is not None]
    kinds = [
        (_NO_CODE, [key] if len(named) < len(found) else [], _TEXT_CODE),
        (_TWICE, [code for code, n in Counter(named).items() if n > 1], _ONE_FEATURE),
        (_NO_AREA, set(codes) - set(named), _RIGHT_VINTAGE),
        (_NO_ROW, set(named) - set(codes), _ROW_EACH),
    ]
    return [
        Problem(f"boundaries, {', '.join(sorted(bad)[:20])}", what, remedy)
        for what, bad, remedy in kinds
        if bad
    ]


def _outline(feature: Any) -> list[list[list[Any]]] | None:
    """The polygons of a feature, or None when it has none."""
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    coordinates = shape.get("coordinates") if isinstance(shape, dict) else None
    if not isinstance(coordinates, list) or not coordinates or kind not in ("Polygon", "MultiPolygon"):
        return None
    polygons = [coordinates] if kind == "Polygon" else coordinates
    nested = all(isinstance(p, list) and p and all(isinstance(r, list) for r in p) for p in polygons)
    return polygons if nested else None


def _flaws(outline: list[list[list[Any]]] | None) -> list[Text]:
    """What is wrong with the outline of one area, each kind once."""
    if outline is None:
        return [_NO_POLYGON]
    rings = [ring for polygon in outline for ring in polygon]
    if not all(_is_position(position) for ring in rings for position in ring):
        return [_NOT_DEGREES]
    if any(len(ring) < 4 or ring[0][:2] != ring[-1][:2] for ring in rings):
        return [_OPEN]
    # A part that is too small to be seen is left out, see `_area`; one of the parts must remain.
    empty = not any(_doubled_area(_flat(polygon[0])) for polygon in outline)
    found = {
        _EMPTY: empty or any(not _doubled_area(polygon[0]) for polygon in outline),
        _ACROSS: any(abs(a[0] - b[0]) > 180 for ring in rings for a, b in pairwise(ring)),
        _ASTRAY: any(not _within(hole, polygon[0]) for polygon in outline for hole in polygon[1:]),
    }
    return [flaw for flaw, holds in found.items() if holds]


def _within(hole: Sequence[Sequence[float]], ring: Sequence[Sequence[float]]) -> bool:
    """Whether a hole keeps to the box around its outer ring; elsewhere it would be drawn as an area."""
    return all(
        min(p[axis] for p in ring) <= min(p[axis] for p in hole)
        and max(p[axis] for p in hole) <= max(p[axis] for p in ring)
        for axis in (0, 1)
    )


def _is_position(position: Any) -> bool:
    """Whether it is longitude and latitude; metres of a projection, such as VN-2000's, are neither."""
    if not isinstance(position, list) or len(position) < 2:
        return False
    numbers = all(
        isinstance(x, int | float) and not isinstance(x, bool) and isfinite(x) for x in position[:2]
    )
    return numbers and abs(position[0]) <= 180 and abs(position[1]) <= 90


def _area(code: str, outline: list[list[list[Any]]]) -> Area:
    polygons = tuple(
        tuple(_wound(_flat(ring), clockwise=not hole) for hole, ring in enumerate(polygon) if _seen(ring))
        for polygon in outline
        if _seen(polygon[0])
    )
    largest = max(polygons, key=lambda polygon: abs(_doubled_area(polygon[0])))
    return Area(code, polygons, _inside(largest))


def _seen(ring: Sequence[Sequence[float]]) -> bool:
    """Whether a ring encloses anything once its positions are rounded."""
    return bool(_doubled_area(_flat(ring)))


def _flat(ring: Sequence[Sequence[float]]) -> Ring:
    return tuple((round(float(p[0]), DIGITS), round(float(p[1]), DIGITS)) for p in ring)


def _wound(ring: Ring, *, clockwise: bool) -> Ring:
    """The renderer fills what lies to the right of a ring; RFC 7946 winds the other way, many files either way."""
    return ring if (_doubled_area(ring) < 0) == clockwise else ring[::-1]


def _doubled_area(ring: Sequence[Sequence[float]]) -> float:
    """Twice the signed area of a closed ring, positive when counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def _inside(polygon: tuple[Ring, ...]) -> Position:
    """The middle of the widest stretch of the polygon on the parallels through it."""
    south, north = min(p[1] for p in polygon[0]), max(p[1] for p in polygon[0])
    best = (0.0, polygon[0][0])
    for part in (0.5, 0.42, 0.58, 0.33, 0.67):
        latitude = south + (north - south) * part
        crossings = sorted(_crossings(polygon, latitude))
        for west, east in zip(crossings[::2], crossings[1::2], strict=False):
            best = max(best, (east - west, ((west + east) / 2, latitude)))
    return round(best[1][0], DIGITS), round(best[1][1], DIGITS)


def _crossings(polygon: tuple[Ring, ...], latitude: float) -> list[float]:
    """The longitudes at which the rings cross a parallel."""
    return [
        a[0] + (latitude - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for ring in polygon
        for a, b in pairwise(ring)
        if (a[1] > latitude) != (b[1] > latitude)
    ]


_NOT_COLLECTION = Text("không phải FeatureCollection của GeoJSON.", "this is no GeoJSON FeatureCollection.")
_GEOJSON = Text(
    "Xuất tệp ranh giới ra GeoJSON (RFC 7946): đa giác khép kín, kinh độ và vĩ độ WGS 84.",
    "Export the boundaries as GeoJSON (RFC 7946): closed polygons in longitude and latitude (WGS 84).",
)
_NO_CODE = Text(
    "có vùng không có mã dạng chữ ở thuộc tính này.", "areas have no code, as text, in this property."
)
_TEXT_CODE = Text('Ghi mã dạng chữ ("01", không phải 1).', 'Give codes as text ("01", not 1).')
_TWICE = Text("mã xuất hiện ở nhiều vùng.", "the code is on several features.")
_ONE_FEATURE = Text("Gộp các mảnh thành một MultiPolygon.", "Join the parts into one MultiPolygon.")
_NO_AREA = Text("dữ liệu có mã mà ranh giới không có.", "the data have codes without an area.")
_RIGHT_VINTAGE = Text(
    "Dùng ranh giới cùng phiên bản với mã của dữ liệu, lọc bỏ dòng tổng.",
    "Use boundaries of the vintage of the data's codes, and leave out totals.",
)
_NO_ROW = Text("vùng không có dòng dữ liệu.", "areas without a row of data.")
_ROW_EACH = Text(
    "Thêm dòng với trạng thái O (không có số liệu) hoặc bỏ vùng này.",
    "Add rows with status O (missing), or leave these areas out.",
)
_NO_POLYGON = Text("hình không phải Polygon hay MultiPolygon.", "the geometry is no Polygon or MultiPolygon.")
_NOT_DEGREES = Text(
    "tọa độ không phải kinh độ, vĩ độ.", "positions are not longitude and latitude in degrees."
)
_OPEN = Text(
    "đường bao không khép kín hoặc có ít hơn 4 điểm.", "a ring is not closed or has fewer than 4 points."
)
_EMPTY = Text("đường bao có diện tích bằng 0.", "a ring encloses nothing.")
_ACROSS = Text(
    "đường bao vượt kinh tuyến 180°; phải cắt thành hai phần.",
    "a ring crosses the antimeridian; it must be cut in two.",
)
_ASTRAY = Text("lỗ nằm ngoài đường bao của nó.", "a hole lies outside its ring.")
_TOO_LARGE = Text(
    f"quá nhiều điểm (tối đa {MOST_POSITIONS}).", f"there are too many positions (at most {MOST_POSITIONS})."
)
_SIMPLIFY = Text("Đơn giản hóa ranh giới trước.", "Simplify the boundaries first.")

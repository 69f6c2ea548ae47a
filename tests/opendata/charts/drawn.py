"""Reading a rendered chart: the marks of a layer, and the texts."""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def marks(svg: str, layer: str) -> list[ElementTree.Element]:
    """The marks of the layers of this name."""
    named = re.compile(rf"role-mark (\w*_)?{layer}(_\d+)?_marks$")
    found = []
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if named.search(group.get("class", "")):
            found += [mark for mark in group if mark.tag != f"{SVG}g"]
    return found


def labels(svg: str, layer: str) -> list[str]:
    """What the marks of a layer say of themselves."""
    return [mark.get("aria-label", "") for mark in marks(svg, layer)]


def texts(svg: str) -> list[str]:
    """Every text drawn; lines of one text are joined by a blank."""
    return [" ".join(node.itertext()).strip() for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]

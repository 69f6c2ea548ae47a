"""The bundled font, Be Vietnam Pro (SIL Open Font License 1.1, see `fonts/OFL.txt`): every Vietnamese letter.

The two files are the published ones, cut down to Latin with Vietnamese and without hints for screens of old.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

import vl_convert

from catalog.errors import Problem, Text
from opendata.charts.errors import ChartError

FAMILY = "Be Vietnam Pro"
STACK = f"'{FAMILY}', 'Noto Sans', 'Segoe UI', Roboto, Arial, sans-serif"  # where the font is not installed
_FOLDER = Path(__file__).parent / "fonts"
_FILES = {400: "BeVietnamPro-Regular.ttf", 600: "BeVietnamPro-SemiBold.ttf"}
_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<text x="2" y="15" font-family="{}">Ệ</text></svg>'
)


def font_face() -> str:
    """The font as `@font-face` rules with the files inside (about 165 kB), for a page that asks nothing of the network.

    Returns:
        CSS for a `<style>` element; charts on the page then look as they do in a picture.
    """
    rules = []
    for weight, name in _FILES.items():
        data = base64.b64encode((_FOLDER / name).read_bytes()).decode()
        rules.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
            f'src:url("data:font/ttf;base64,{data}") format("truetype")}}'
        )
    return "\n".join(rules)


@cache
def ready() -> None:
    """Make the font known to the renderer, once per process.

    Raises:
        ChartError: When the font is not there or draws nothing: the renderer would drop every text and say nothing.
    """
    vl_convert.register_font_directory(str(_FOLDER))
    # With one of the two weights gone the other is taken, and no page has its font.
    if not all((_FOLDER / name).is_file() for name in _FILES.values()) or not draws(FAMILY):
        raise ChartError([Problem(f"font {FAMILY}", _UNKNOWN, _REINSTALL)])


def draws(family: str) -> bool:
    """Whether the renderer draws text in this font; for an unknown font it draws nothing at all."""
    blank = vl_convert.svg_to_png(_PROBE.format(family).replace("Ệ", ""))
    return bool(vl_convert.svg_to_png(_PROBE.format(family)) != blank)


_UNKNOWN = Text(
    "bộ vẽ biểu đồ không biết phông chữ này, mọi chữ sẽ biến mất.",
    "the chart renderer does not know this font, every text would vanish.",
)
_REINSTALL = Text(
    "Cài lại ytemo[publish]: các tệp phông nằm trong opendata/charts/fonts.",
    "Install ytemo[publish] again: the font's files are in opendata/charts/fonts.",
)

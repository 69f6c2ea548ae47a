"""Palettes told apart by colour-blind readers, contrast, fonts that draw every Vietnamese letter."""

import itertools
import re

import numpy as np
import pytest
import vl_convert

from opendata.charts import ChartError, fonts
from opendata.charts.theme import HIDDEN, INK, LAST_LIGHT, LOW_TO_HIGH, PAPER, RULE, SERIES
from tests.opendata.charts.conftest import draw, rendered
from tests.opendata.charts.drawn import texts

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SEEN = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
LETTERS = "ĂÂĐÊÔƠƯăâđêôơư" + "".join(map(chr, range(0x1EA0, 0x1EFA))) + "ÀÁÃÈÉÌÍĨÒÓÕÙÚŨÝàáãèéìíĩòóõùúũý₫–"


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(colour: str, seen: str) -> np.ndarray:
    x, y, z = XYZ @ np.clip(SEEN[seen] @ linear(colour), 0, 1) / np.array([0.9505, 1, 1.089])
    fx, fy, fz = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("palette", [SERIES, (*LOW_TO_HIGH, HIDDEN, PAPER)], ids=["series", "classes"])
def test_colours_are_told_apart(palette: tuple[str, ...], seen: str) -> None:
    for one, other in itertools.combinations(palette, 2):
        assert np.linalg.norm(lab(one, seen) - lab(other, seen)) > 14, (one, other)


@pytest.mark.parametrize("seen", SEEN)
def test_a_higher_class_is_darker_for_everyone(seen: str) -> None:
    lightness = [lab(colour, seen)[0] for colour in LOW_TO_HIGH]
    assert all(low - high > 8 for low, high in itertools.pairwise(lightness))


def test_contrast() -> None:
    assert all(contrast(colour, PAPER) >= 3 for colour in SERIES)
    assert contrast(INK, PAPER) >= 7
    assert contrast(RULE, PAPER) >= 4.5
    assert contrast(RULE, HIDDEN) >= 3
    assert all(contrast("#000000", colour) >= 4.5 for colour in LOW_TO_HIGH[: LAST_LIGHT + 1])
    assert all(contrast(PAPER, colour) >= 4.5 for colour in LOW_TO_HIGH[LAST_LIGHT + 1 :])


def picture(text: str, family: str = fonts.FAMILY, weight: int = 400) -> bytes:
    return vl_convert.svg_to_png(
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="white"/>'
        f'<text x="8" y="28" font-size="24" font-family="{family}" font-weight="{weight}">{text}</text></svg>'
    )


@pytest.mark.parametrize("weight", [400, 600])
def test_every_vietnamese_letter_is_drawn(weight: int) -> None:
    fonts.ready()
    blank, drawn = picture(""), [picture(letter, weight=weight) for letter in LETTERS]
    assert blank not in drawn
    assert len(set(drawn)) == len(LETTERS), "two letters look the same: one of them is no letter of the font"


def test_an_unknown_font_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fonts.draws(fonts.FAMILY)
    assert not fonts.draws("No Such Font")
    monkeypatch.setattr(fonts, "FAMILY", "No Such Font")
    fonts.ready.cache_clear()
    with pytest.raises(ChartError, match="No Such Font"):
        fonts.ready()
    fonts.ready.cache_clear()


def test_the_text_is_in_the_picture(kind: str) -> None:
    seen = rendered(kind)
    assert "Số mắc" in texts(seen)
    bare = re.sub(r"<text.*?</text>", "", seen, flags=re.S)
    assert vl_convert.svg_to_png(seen) != vl_convert.svg_to_png(bare)


def test_the_font_comes_with_its_licence_and_is_named_with_a_fallback() -> None:
    folder = fonts._FOLDER
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 200_000
    assert "sans-serif" in draw("time_series").to_dict()["config"]["font"]
    assert fonts.font_face().count("@font-face") == 2
    assert "http" not in fonts.font_face()


def test_the_background_is_white_whatever_the_theme_of_the_page(kind: str) -> None:
    assert re.search(r'<rect width="\d+" height="\d+" fill="#ffffff"', rendered(kind))

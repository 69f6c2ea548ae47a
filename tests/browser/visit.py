"""A page that is watched, and what can be seen on it."""

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page

LOCAL = {"data", "blob", "about", "file"}  # schemes that leave no machine
_PIXELS = """async ([one, two]) => {
  const drawn = async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height), pen = canvas.getContext("2d");
    pen.drawImage(bitmap, 0, 0);
    return pen.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [a, b] = [await drawn(one), await drawn(two)];
  if (Math.abs(a.width - b.width) > 1 || Math.abs(a.height - b.height) > 1) return [1, 1];
  const width = Math.min(a.width, b.width), height = Math.min(a.height, b.height);
  const at = (picture, x, y, c) => picture.data[4 * (y * picture.width + x) + c];
  let least = 1, inked = 0;
  // What stands above a chart may end within a pixel: the same picture is then drawn one pixel lower.
  for (const right of [-1, 0, 1]) for (const down of [-1, 0, 1]) {
    let differ = 0;
    inked = 0;
    for (let y = 1; y < height - 1; y++) for (let x = 1; x < width - 1; x++) {
      differ += [0, 1, 2].some((c) => Math.abs(at(a, x, y, c) - at(b, x + right, y + down, c)) > 32);
      inked += [0, 1, 2].some((c) => at(a, x, y, c) < 224);
    }
    least = Math.min(least, differ / (width * height));
  }
  return [least, inked / (width * height)];
}"""
_STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled).length"""
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  one.dataset.stop ??= String(document.querySelectorAll("[data-stop]").length);
  const shown = getComputedStyle(one);
  return [one.dataset.stop, shown.outlineStyle !== "none" || shown.boxShadow !== "none"];
}"""


@dataclass(slots=True)
class Visit:
    """A page, and what it did so far.

    Attributes:
        page: The page.
        asked: Addresses that it, its workers and its sockets asked for.
        complaints: Errors of the console, scripts that failed, requests that failed.
    """

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        """What was asked of another machine than this."""
        parts = {url: urlsplit(url) for url in self.asked}
        return [
            url for url, part in parts.items() if part.scheme not in LOCAL and part.hostname != "127.0.0.1"
        ]


def visit(page: Page) -> Visit:
    """Watch a page from now on."""
    seen = Visit(page)
    page.context.on("request", lambda request: seen.asked.append(request.url))
    page.on("websocket", lambda socket: seen.asked.append(socket.url))
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return seen


def compared(page: Page, one: bytes, two: bytes) -> tuple[float, float]:
    """Two screenshots, one of which may lie a pixel off.

    Returns:
        The share of pixels that differ, and the share of the first that is not nearly white.
    """
    differ, inked = page.evaluate(_PIXELS, [base64.b64encode(png).decode() for png in (one, two)])
    return differ, inked


def tabbed(page: Page) -> tuple[set[str], int]:
    """Go through a page by the Tab key.

    Returns:
        The stops whose focus can be seen, and how many controls there are to be reached.
    """
    wanted, found = page.evaluate(_STOPS), {}
    for _ in range(wanted + 1):
        page.keyboard.press("Tab")
        if stop := page.evaluate(_FOCUSED):
            found[stop[0]] = stop[1]
    return {name for name, visible in found.items() if visible}, wanted


def texts(page: Page, selector: str) -> list[str]:
    """The visible texts of an SVG, in the order of the document."""
    script = (
        f"() => [...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent.trim())"
    )
    return [text for text in page.evaluate(script) if text]

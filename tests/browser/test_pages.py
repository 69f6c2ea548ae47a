"""The static catalogue and the report in a real browser: they ask for nothing, complain of nothing, need no mouse."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from opendata import pipeline, printing, site
from tests.browser.visit import tabbed, texts
from tests.opendata.conftest import fresh


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A workspace with one release."""
    workspace = fresh(tmp_path_factory.mktemp("pages") / "workspace")
    release, _ = pipeline.build("cases", workspace.root, progress=lambda vi, en: None)
    return workspace, release


@pytest.fixture(scope="session")
def written(released) -> Path:
    return site.write(released[0]).folder


@pytest.fixture(scope="session")
def report(released, tmp_path_factory) -> Path:
    return printing.write(released[1], tmp_path_factory.mktemp("report"))[0]


def test_the_site_asks_for_nothing_but_its_own_files(visited, written):
    pages = sorted(written.rglob("*.html"))
    assert len(pages) >= 3
    for path in pages:
        visited.page.goto(path.as_uri())
        visited.page.wait_for_load_state("networkidle")
    assert visited.complaints == []
    assert {urlsplit(url).scheme for url in visited.asked} <= {"file", "data", "blob"}
    asked = [Path(unquote(urlsplit(url).path)) for url in visited.asked if url.startswith("file:")]
    assert [path for path in asked if written not in path.parents] == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page, written):
    for path in sorted(written.rglob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")  # the explorer's controls come with its data
        reached, wanted = tabbed(page)
        assert len(reached) == wanted, path.name


def test_the_report_asks_for_nothing_and_can_be_read_without_a_mouse(visited, released, report):
    for path in (released[1].directory / "report.html", report):
        visited.page.goto(path.as_uri())
        visited.page.wait_for_load_state("networkidle")
        visited.page.keyboard.press("End")
        visited.page.wait_for_timeout(500)  # it rolls; the page's policy lets no script of ours wait for it
        assert visited.page.evaluate(
            "scrollY + innerHeight >= document.body.scrollHeight - 40 && scrollY > 0"
        )
        reached, wanted = tabbed(visited.page)
        assert len(reached) == wanted
    assert visited.complaints == []
    assert [url for url in visited.asked if not url.startswith(("file:", "data:font/ttf;"))] == []


def test_the_report_is_drawn_in_the_bundled_font(page, report):
    page.goto(report.as_uri())
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].map((f) => [f.family, f.status]))"
    )
    assert loaded == [["Be Vietnam Pro", "loaded"]] * 2
    assert "Bảo vệ thông tin · Disclosure control" in texts(page, "h2")


def test_nothing_is_cut_off_on_paper(page, report):
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 between its margins, at 96 dpi
    page.goto(report.as_uri())
    cut = "[...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)"
    assert page.evaluate(f"{cut}.length") == 0
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"

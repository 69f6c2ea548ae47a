"""Exploring a table in the static catalogue: what the page shows and gives away is what the release holds, no more."""

import base64
import functools
import hashlib
import http.server
import json
import re
import shutil
import threading
from pathlib import Path
from random import Random
from urllib.parse import urljoin

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from opendata import pipeline, site
from opendata import workspace as workspaces
from opendata.data import write_parquet
from opendata.site import exploring
from tests.browser.visit import tabbed, visit
from tests.opendata.conftest import SPEC, fresh

MONTHS = [f"2024-{month:02}" for month in range(1, 7)]
AREAS, SEXES = ["N1", "N2", "N3", "S1", "S2", "S3"], ["F", "M"]
PAGE = "datasets/cases/2026.1.explore.html"
VIEWS = [
    ("cases", {"area": ["VN"], "sex": ["_T"], "time": MONTHS}, None),
    ("cases", {"area": AREAS, "sex": SEXES, "time": ["2024-03"]}, "-cases"),
    ("deaths", {"area": ["N", "S"], "sex": ["_T", "F", "M"], "time": ["2024-Q1", "2024-Q2"]}, "time"),
    ("deaths", {"area": ["N1", "S3"], "sex": ["M"], "time": MONTHS}, "deaths"),
    ("cases", {"area": ["VN"], "sex": [], "time": ["2024-Q1"]}, None),
    ("lethality", {"area": ["VN", "N", "S", *AREAS], "sex": ["_T"], "time": ["2024-Q2"]}, "-lethality"),
    ("lethality", {"area": AREAS, "sex": SEXES, "time": MONTHS}, "lethality"),
]
RATE = """  rates:
    lethality:
      label: {vi: Tỷ lệ chết trên mắc, en: Case fatality}
      unit: {vi: phần trăm, en: percent}
      of: deaths
      over: cases
      per: 100
      decimals: 3
"""


def records() -> str:
    """Monthly counts with small ones that must be hidden, and zeros that must not."""
    random = Random(1)
    lines = [
        f"{area},{sex},{month},{random.choice((0, 2, 3, 40, 300, 5000))},{random.choice((0, 0, 1, 9, 30))}"
        for area in AREAS
        for sex in SEXES
        for month in MONTHS
    ]
    return "\n".join(["area,sex,time,cases,deaths", *lines, ""])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """One dataset by area, sex and month, released."""
    made = fresh(tmp_path_factory.mktemp("explore") / "workspace")
    spec = SPEC.replace(
        "    - {name: cases, type: count}", "    - {name: time}\n    - {name: cases, type: count}"
    )
    spec = spec.replace(
        "  measures:\n", "    time: {label: {vi: Tháng, en: Month}, calendar: months}\n  measures:\n"
    )
    spec = spec.replace("protection:\n", f"{RATE}protection:\n")
    made.spec_path("cases").write_text(spec.replace("end: 2024-12-31", "end: 2024-06-30"), encoding="utf-8")
    (made.root / "data/records.csv").write_text(records(), encoding="utf-8")
    pipeline.build("cases", made.root, progress=lambda vi, en: None)
    return made


@pytest.fixture(scope="module")
def written(workspace) -> Path:
    return site.write(workspace).folder


@pytest.fixture(scope="module")
def table(written) -> pl.DataFrame:
    return pl.read_parquet(written / "datasets/cases/2026.1/data.parquet")


class Ranges(http.server.SimpleHTTPRequestHandler):
    """A server of files that knows ranges, as those of portals do; it keeps what it was asked for."""

    asked: list[tuple[str, str | None]]

    def do_GET(self):
        wanted = self.headers.get("Range")
        self.asked.append((self.path, wanted))
        if wanted is None:
            return super().do_GET()
        data = Path(self.translate_path(self.path)).read_bytes()
        first, last = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted).groups()
        part = data[int(first) : int(last) + 1 if last else None]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)
        return None

    def log_message(self, *args):
        pass


class Served:
    """A folder on a server of this machine."""

    def __init__(self, folder: Path):
        kind = type("Handler", (Ranges,), {"asked": []})
        self.asked = kind.asked
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(kind, directory=folder)
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def open_page(page: Page, address: str, fragment: str = "") -> None:
    """Open the explorer and wait until it shows its rows."""
    page.goto("about:blank")
    page.goto(address + (f"#{fragment}" if fragment else ""))
    expect(page.locator("#x-results")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-rows", re.compile(r"\d+"))


def fragment(measure: str, chosen: dict[str, list[str]], sort: str | None) -> str:
    parts = [f"d.{name}={','.join(codes) or '*none'}" for name, codes in chosen.items()]
    return "&".join([f"measure={measure}", *parts, *([f"sort={sort}"] if sort else [])])


def kept(table: pl.DataFrame, chosen: dict[str, list[str]]) -> pl.DataFrame:
    """Polars' answer."""
    return table.filter([pl.col(name).is_in(codes) for name, codes in chosen.items()])


def told(page: Page) -> list[int]:
    """Rows, suppressed and zero cells, as the page says."""
    numbers = re.findall(r"[\d.,]+(?= (?:hàng|ô bị che|ô bằng 0|rows|cells))", page.inner_text("#x-count"))
    return [int(number.replace(".", "").replace(",", "")) for number in numbers]


def download(page: Page, to: Path) -> bytes:
    with page.expect_download() as started:
        page.click("#x-save")
    started.value.save_as(to)
    assert started.value.suggested_filename == "cases-2026.1.csv"
    return to.read_bytes()


@pytest.mark.parametrize(("measure", "chosen", "sort"), VIEWS)
def test_rows_counts_and_download_are_what_polars_finds(
    visited, written, table, tmp_path, measure, chosen, sort
):
    page, expected = visited.page, kept(table, chosen)
    open_page(page, (written / PAGE).as_uri(), fragment(measure, chosen, sort))
    hidden, zero = (expected[f"{measure}_status"] == "Q").sum(), (expected[measure] == 0).sum()
    assert told(page) == [expected.height, hidden, zero]
    if expected.is_empty():
        expect(page.locator("#x-save")).to_be_disabled()
        return
    bytes_ = download(page, tmp_path / "rows.csv")
    expected.write_csv(tmp_path / "expected.csv", include_bom=True, line_terminator="\r\n")
    assert bytes_ == (tmp_path / "expected.csv").read_bytes()
    assert visited.complaints == []


def test_rates_show_every_decimal_in_table_chart_and_axis(page, written, table):
    chosen = {"area": ["VN", "N", "S", *AREAS], "sex": ["_T"], "time": ["2024-Q2"]}
    expected = kept(table, chosen)["lethality"].drop_nulls().sort(descending=True)
    said = [f"{value:,}".translate(str.maketrans(",.", ".,")) for value in expected]
    assert len(said) > 3
    open_page(page, (written / PAGE).as_uri(), fragment("lethality", chosen, "-lethality"))
    assert [one.inner_text() for one in page.locator("#x-body tr td.n").all()][: len(said)] == said
    drawn = [one.text_content() for one in page.locator(".drawing text.value").all()]
    assert drawn[: len(said)] == said
    missing = kept(table, {"area": AREAS, "sex": SEXES, "time": MONTHS}).filter(lethality_status="O")
    assert missing.height > 0
    assert (missing["cases"] == 0).all()
    lines = chosen | {"area": ["N", "S"], "time": MONTHS}
    open_page(page, (written / PAGE).as_uri(), fragment("lethality", lines, None))
    ticks = [one.text_content() for one in page.locator(".drawing text[text-anchor=end]").all()]
    assert all(re.fullmatch(r"\d+,\d{3}", tick) for tick in ticks)
    assert len(set(ticks)) == len(ticks) > 2


@pytest.mark.parametrize("turn", ["", "-"])
def test_a_hidden_cell_is_said_and_hatched_and_last_in_every_order_and_a_zero_is_a_zero(
    page, written, table, turn
):
    chosen = {"area": AREAS, "sex": SEXES, "time": MONTHS[:2]}
    open_page(page, (written / PAGE).as_uri(), fragment("cases", chosen, f"{turn}cases"))
    expected = kept(table, chosen)
    assert expected["cases"].null_count()
    shown = page.locator("#x-body tr td.n")
    cells = [(one.inner_text(), "suppressed" in one.get_attribute("class")) for one in shown.all()]
    values = expected["cases"].drop_nulls().sort(descending=bool(turn)).to_list()
    assert expected.height <= 25  # one page
    numbers = [(f"{value:,}".replace(",", "."), False) for value in values]
    assert cells == numbers + [("bị che", True)] * expected["cases"].null_count()
    assert ("0", False) in cells
    hatched = page.locator("#x-body td.suppressed").first
    assert "repeating-linear-gradient" in hatched.evaluate("one => getComputedStyle(one).backgroundImage")


def test_lines_break_where_nothing_is_published_and_hatch_it(page, written, table):
    chosen = {"area": ["N1", "N2", "S1"], "sex": ["F"], "time": MONTHS}
    open_page(page, (written / PAGE).as_uri(), fragment("cases", chosen, None))
    expected = kept(table, chosen)
    hidden = expected["cases"].null_count()
    assert hidden
    assert page.locator(".drawing rect.suppressed").count() == hidden
    assert page.locator(".drawing circle.point").count() == expected.height - hidden
    drawn = "".join(one.get_attribute("d") for one in page.locator(".drawing path.line").all())
    assert len(re.findall("[ML]", drawn)) == expected.height - hidden
    known = pl.col("cases").is_not_null()
    starts = known & ~known.shift(1).over("area", order_by="time").fill_null(
        False
    )  # after each gap the line starts anew
    assert drawn.count("M") == expected.select(starts.sum()).item() > 3
    assert "NaN" not in page.locator(".drawing").inner_html()
    expect(page.locator(".legend")).to_contain_text("Không công bố vì bảo mật")
    axis = page.locator(".drawing line.axis").get_attribute("y1")
    lowest = [
        c.get_attribute("cy")
        for c in page.locator(".drawing circle").all()
        if c.text_content().endswith(": 0")
    ]
    assert len(lowest) == (expected["cases"] == 0).sum()
    assert set(lowest) <= {axis}


def test_bars_hatch_what_is_hidden_and_draw_no_length_for_zero(page, written, table):
    chosen = {"area": AREAS, "sex": SEXES, "time": ["2024-02"]}
    open_page(page, (written / PAGE).as_uri(), fragment("deaths", chosen, None))
    expected = kept(table, chosen)
    assert page.locator(".drawing rect.suppressed").count() == expected["deaths"].null_count() > 0
    widths = [float(bar.get_attribute("width")) for bar in page.locator(".drawing rect.bar").all()]
    values = expected["deaths"].drop_nulls().sort(descending=True).to_list()
    longest = max(widths)
    assert widths == pytest.approx([longest * value / max(values) for value in values])
    assert widths[-1] == values[-1] == 0


def test_what_is_left_out_of_a_chart_is_said(page, written, table):
    everything = {"area": ["VN", "N", "S", *AREAS], "sex": ["_T", *SEXES], "time": MONTHS}
    open_page(page, (written / PAGE).as_uri(), fragment("cases", everything, None))
    assert page.locator(".drawing path.line").count() == 6
    expect(page.locator("#x-chart .note")).to_contain_text("6 đường lớn nhất trong 27")
    page.goto("about:blank")
    open_page(page, (written / PAGE).as_uri(), fragment("deaths", {**everything, "time": ["2024-01"]}, None))
    shown = page.locator(".drawing g").count()
    hidden, rows = kept(table, {"time": ["2024-01"]})["deaths"].null_count(), 27
    assert shown == min(24, rows - hidden) + min(12, hidden)
    expect(page.locator("#x-chart .note")).to_have_text("" if shown == rows else re.compile("trong 27 hàng"))


def test_statuses_beside_suppressed_are_told_apart(page, written, table, tmp_path):
    """Releases hold A and Q today; a table with the other codes of the list must not read as if it did."""
    folder = shutil.copytree(written, tmp_path / "site") / "datasets/cases"
    cell = (pl.col("area") == "VN") & (pl.col("sex") == "_T")
    others = {"2024-01": "P", "2024-03": "B", "2024-05": "O"}
    status = pl.col("time").replace_strict(others, default=pl.col("cases_status"))
    changed = table.with_columns(pl.when(cell).then(status).otherwise("cases_status").alias("cases_status"))
    missing = pl.col("cases_status") == "O"
    write_parquet(
        changed.with_columns(pl.when(~missing).then("cases").alias("cases")), tmp_path / "x.parquet", {}
    )
    data, old = (tmp_path / "x.parquet").read_bytes(), (folder / "2026.1/data.parquet").read_bytes()
    (folder / "2026.1.data.js").write_text(exploring.script(data), encoding="utf-8")
    text = (tmp_path / "site" / PAGE).read_text(encoding="utf-8")
    digests = [hashlib.sha256(one).hexdigest() for one in (old, data)]
    assert digests[0] in text
    (tmp_path / "site" / PAGE).write_text(text.replace(*digests), encoding="utf-8")
    open_page(
        page,
        (tmp_path / "site" / PAGE).as_uri(),
        fragment("cases", {"area": ["VN"], "sex": ["_T"], "time": MONTHS}, None),
    )
    assert (page.locator(".drawing .open").count(), page.locator(".drawing .break").count()) == (2, 1)
    assert page.locator(".drawing rect.novalue").count() == page.locator("#x-body td.novalue").count() == 1
    assert page.locator(".drawing rect.suppressed").count() == 0
    legend = page.inner_text(".legend")
    assert [
        word for word in ("Sơ bộ", "Gián đoạn chuỗi số liệu", "Không có số liệu") if word not in legend
    ] == []


def test_choosing_by_hand_changes_rows_and_the_address_which_leads_others_to_the_same(page, written, table):
    address = (written / PAGE).as_uri()
    open_page(page, address)
    area = page.locator("details.filter").first
    area.locator("summary").click()
    area.get_by_role("button", name="Bỏ hết").click()
    expect(page.locator("#x-body")).to_contain_text("Không có hàng nào")
    expect(page.locator("#x-chart")).to_be_hidden()
    area.get_by_label(re.compile("Vùng Nam 2")).check()
    page.select_option("#x-measure", "deaths")
    expected = kept(table, {"area": ["S2"], "sex": ["_T"], "time": MONTHS})
    expect(page.locator("html")).to_have_attribute("data-rows", str(expected.height))
    said, link = page.inner_text("#x-body"), page.url
    assert told(page)[0] == expected.height
    assert int(page.locator(".drawing svg").get_attribute("width")) > 600
    open_page(page, link)
    assert page.inner_text("#x-body") == said
    assert page.input_value("#x-measure") == "deaths"


def test_an_address_that_says_nothing_sensible_shows_the_first_view(visited, written):
    open_page(visited.page, (written / PAGE).as_uri())
    first = visited.page.inner_text("#x-body")
    open_page(
        visited.page, (written / PAGE).as_uri(), "measure=x&d.area=%E0%A4%A,ZZ&d.sex=*some&sort=%&=&d.time"
    )
    assert visited.page.inner_text("#x-body") == first
    assert visited.complaints == []


def test_a_long_list_is_searched_without_diacritics_and_keeps_its_tree(page, written):
    open_page(page, (written / PAGE).as_uri())
    area = page.locator("details.filter").first
    area.locator("summary").click()
    find = area.get_by_label("Tìm trong danh sách")
    find.fill("vung NAM 2")
    assert [one.inner_text().split()[-1] for one in area.locator("label:has(code):visible").all()] == [
        "VN",
        "S",
        "S2",
    ]
    find.fill("")
    deepest = area.locator(".codes > ul > li > ul > li > ul > li")
    assert [one.inner_text().split()[-1] for one in deepest.all()] == AREAS
    assert page.locator("details.filter").nth(1).locator("input[type=search]").count() == 0  # both, F, M


def test_it_speaks_both_languages(page, written):
    open_page(
        page,
        (written / PAGE).as_uri(),
        fragment("cases", {"area": AREAS, "sex": ["F"], "time": MONTHS}, "cases"),
    )
    page.get_by_role("button", name="English").click()
    expect(page.locator("#x-count")).to_contain_text("cells suppressed (not zero)")
    said = page.inner_text("main")
    assert [
        word
        for word in ("Area", "Persons", "North 1", "Download these rows (CSV)", "Page 1 of 2")
        if word.lower() not in said.lower()
    ] == []
    assert [word for word in ("Vùng", "hàng", "Trang", "bị che", "Bình thường") if word in said] == []
    assert page.locator(".drawing svg").get_attribute("aria-label").startswith("Lines over time: Cases")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.locator("#x-count")).to_contain_text("ô bị che (không phải số 0)")


def test_everything_is_reached_and_done_by_keyboard(page, written):
    open_page(
        page,
        (written / PAGE).as_uri(),
        fragment("cases", {"area": AREAS, "sex": ["F"], "time": MONTHS}, None),
    )
    stops, controls = tabbed(page)
    assert len(stops) == controls > 12
    page.locator("details.filter summary").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.filter").nth(1).get_by_label(re.compile("Nam"))).to_be_visible()
    page.keyboard.press("Tab")  # all
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-rows", str(6 * 3 * 6))
    page.locator("#x-head button").nth(3).focus()
    page.keyboard.press("Enter")
    assert page.locator("#x-head th").nth(3).get_attribute("aria-sort") == "descending"
    assert page.evaluate("document.activeElement.dataset.column") == "cases"
    page.locator("#x-next").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#x-paged")).to_have_text("Trang 2 / 5")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_of_a_narrow_screen(browser, written, scheme):
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    open_page(
        page,
        (written / PAGE).as_uri(),
        fragment("cases", {"area": AREAS, "sex": SEXES, "time": ["2024-02"]}, None),
    )
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_a_folder_and_a_server_show_the_same_and_ask_nobody_else(browser, written):
    shown = []
    with Served(written) as served:
        for address in ((written / PAGE).as_uri(), served.url + PAGE):
            context = browser.new_context()
            seen = visit(context.new_page())
            open_page(seen.page, address)
            shown.append((seen.page.inner_text("main"), seen.page.inner_html(".drawing")))
            names = [
                urljoin(url, ".").removeprefix(urljoin(address, "../..")) + url.rpartition("/")[2]
                for url in seen.asked
            ]
            assert seen.elsewhere == seen.complaints == []
            data = "2026.1.data.js" if address.startswith("file:") else "2026.1/data.parquet"
            assert [name for name in names if "/assets/" not in f"/{name}" and name != "about:blank"] == [
                PAGE,
                f"datasets/cases/{data}",
            ]
            context.close()
    assert shown[0] == shown[1]


@pytest.fixture
def copy(workspace, tmp_path):
    shutil.copytree(workspace.root, tmp_path / "w", ignore=shutil.ignore_patterns("site"))
    return workspaces.find(tmp_path / "w")


def test_a_large_table_is_fetched_in_parts_and_a_folder_says_what_to_do(visited, copy, table, monkeypatch):
    monkeypatch.setattr(exploring, "EMBEDDED", 100)
    folder, page = site.write(copy).folder, visited.page
    assert not (folder / "datasets/cases/2026.1.data.js").exists()
    with Served(folder) as served:
        open_page(page, served.url + PAGE)
        ranges = [wanted for path, wanted in served.asked if path.endswith("data.parquet")]
        assert ranges
        assert None not in ranges
        assert told(page)[0] == 6
    page.goto((folder / PAGE).as_uri())
    expect(page.locator("#x-status")).to_contain_text("http.server")
    expect(page.locator("#x-results")).to_be_hidden()
    assert visited.elsewhere == visited.complaints == []


def test_what_is_not_the_released_file_is_not_shown(visited, copy):
    folder, page = site.write(copy).folder, visited.page
    script = folder / "datasets/cases/2026.1.data.js"
    data = bytearray((folder / "datasets/cases/2026.1/data.parquet").read_bytes())
    data[100] ^= 1
    script.write_text(exploring.script(bytes(data)), encoding="utf-8")
    (folder / "datasets/cases/2026.1/data.parquet").write_bytes(data)
    with Served(folder) as served:
        for address in (served.url + PAGE, (folder / PAGE).as_uri()):
            page.goto(address)
            expect(page.locator("#x-status")).to_contain_text("SHA256SUMS")
            expect(page.locator("#x-results")).to_be_hidden()


def test_what_stands_beside_the_page_is_the_released_file(written):
    text = (written / "datasets/cases/2026.1.data.js").read_text(encoding="utf-8")
    data = base64.b64decode(json.loads(text.partition("=")[2].rstrip(";\n")))
    assert data == (written / "datasets/cases/2026.1/data.parquet").read_bytes()

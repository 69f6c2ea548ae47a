"""The report as PDF, read by another program: A4, numbered, in Vietnamese that can be searched; no network."""

import http.server
import json
import threading
import unicodedata
from pathlib import Path
from typing import ClassVar

import pypdf
import pytest

from opendata import chromium as chromiums
from opendata import printing
from opendata.release import MANIFEST, digest
from tests.browser.test_pages import released  # noqa: F401 (a fixture)


@pytest.fixture(scope="session")
def printed(released, chromium, tmp_path_factory) -> Path:  # noqa: F811
    return printing.write(released[1], tmp_path_factory.mktemp("paper"), browser=chromium)[1]


@pytest.fixture(scope="session")
def pdf(printed) -> pypdf.PdfReader:
    return pypdf.PdfReader(printed)


def test_vietnamese_text_is_found_in_it(pdf):
    text = unicodedata.normalize("NFC", " ".join(" ".join(page.extract_text() for page in pdf.pages).split()))
    for told in (
        "Số mắc bệnh theo vùng, năm 2024",
        "Bảo vệ thông tin",
        "khoản 2 Điều 10 Nghị định 102/2025/NĐ-CP",
    ):
        assert told in text


def test_its_sheets_are_a4_numbered_and_say_which_release_they_are(pdf, released):  # noqa: F811
    directory = released[1].directory
    for number, page in enumerate(pdf.pages, 1):
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
        text = page.extract_text()
        assert f"{number} / {len(pdf.pages)}" in text
        assert f"cases 2026.1 · SHA-256 manifest.json: {digest(directory / MANIFEST)[:16]}" in text


def test_every_font_is_inside_and_the_bundled_one_is_used(pdf):
    fonts = {}
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            parts = font.get_object().get("/DescendantFonts", [font])
            descriptor = parts[0].get_object()["/FontDescriptor"].get_object()
            fonts[descriptor["/FontName"]] = any(name.startswith("/FontFile") for name in descriptor)
    assert all(fonts.values())
    assert any("BeVietnamPro" in name for name in fonts)


def test_screen_readers_know_its_language_title_and_structure(pdf):
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == "Số mắc bệnh theo vùng, năm 2024 – 2026.1"
    assert len(pdf.outline) > 0


class Counting(http.server.BaseHTTPRequestHandler):
    """Counts who comes."""

    came: ClassVar[list[str]] = []

    def do_GET(self):
        self.came.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_what_a_page_asks_of_a_server_is_never_sent(chromium, tmp_path):
    server = http.server.HTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    asking = f"<p>x<img src='{here}/seen.png'><script src='{here}/seen.js'></script>"
    (tmp_path / "page.html").write_text(asking, encoding="utf-8")
    try:
        chromiums.print_pdf(tmp_path / "page.html", tmp_path / "page.pdf", browser=chromium)
    finally:
        server.shutdown()
        server.server_close()
    assert (tmp_path / "page.pdf").is_file()
    assert Counting.came == []


def test_errands_of_the_browser_itself_go_nowhere(chromium, released, tmp_path):  # noqa: F811
    log, noting = tmp_path / "net.json", tmp_path / "noting"
    noting.write_text(f'#!/bin/sh\nexec {chromium} --log-net-log={log} "$@"\n', encoding="utf-8")
    noting.chmod(0o755)
    printing.write(released[1], tmp_path / "out", browser=noting)
    noted = json.loads(log.read_text(encoding="utf-8"))
    names = {number: name for name, number in noted["constants"]["logEventTypes"].items()}
    happened = {names[event["type"]] for event in noted["events"]}
    assert "PROXY_CONFIG_CHANGED" in happened  # the network part did start
    assert happened & {"TCP_CONNECT", "SSL_CONNECT", "UDP_BYTES_SENT", "UDP_BYTES_RECEIVED"} == set()


def test_nothing_is_left_behind(printed):
    assert sorted(path.name for path in printed.parent.iterdir()) == ["cases-2026.1.html", "cases-2026.1.pdf"]

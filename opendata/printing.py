"""A release's report for paper: one page of HTML with its fonts inside, and PDF."""

from __future__ import annotations

import json
from pathlib import Path

from catalog.errors import Problem, Text
from opendata import chromium
from opendata.errors import SpecError
from opendata.messages import unwritable
from opendata.release import MANIFEST, Release, digest

REPORT = "report.html"
_POLICY, _HEAD_END = "img-src data:", "</head>"


def write(release: Release, folder: Path, *, browser: Path | None = None) -> list[Path]:
    """Write the report of a release for paper.

    Args:
        release: A written release.
        folder: Where to; made if it is not there.
        browser: A Chromium, to print it to PDF as well.

    Returns:
        The files: HTML, and PDF where a browser is given.

    Raises:
        SpecError: The folder cannot be written, or the browser does not print.
    """
    page = folder / f"{release.id}-{release.version}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(for_paper(release), encoding="utf-8")
        if browser is None:
            return [page]
        chromium.print_pdf(page, page.with_suffix(".pdf"), browser=browser)
    except OSError as error:
        raise SpecError([Problem(str(folder), unwritable(error), _CHOOSE)]) from None
    return [page, page.with_suffix(".pdf")]


def for_paper(release: Release) -> str:
    """The report of a release with the bundled font inside and, on every sheet, which release it belongs to.

    Returns:
        HTML that asks nothing of the network; on a screen it looks as the report does.

    Raises:
        SpecError: The release's report is not one of this program.
    """
    from opendata.charts import font_face
    from opendata.charts.fonts import STACK

    page = (release.directory / REPORT).read_text(encoding="utf-8")
    if page.count(_POLICY) != 1 or page.count(_HEAD_END) != 1:
        raise SpecError([Problem(f"{release.id} {release.version}: {REPORT}", _FOREIGN, _READ_IT)])
    # Whoever holds the paper can tell whether it is the release that they downloaded.
    mark = (
        f"{release.id} {release.version} · SHA-256 {MANIFEST}: {digest(release.directory / MANIFEST)[:16]}…"
    )
    style = (
        f"{font_face()}\nbody {{ font-family: {STACK}; }}\n"
        f"@page {{ font-family: {STACK}; @bottom-left {{ content: {json.dumps(mark, ensure_ascii=False)}; }} }}"
    )
    page = page.replace(_POLICY, f"{_POLICY}; font-src data:")
    return page.replace(_HEAD_END, f"<style>\n{style}\n</style>\n{_HEAD_END}")


_CHOOSE = Text("Chọn thư mục khác bằng --out.", "Choose another folder with --out.")
_FOREIGN = Text("báo cáo này không do ytemo tạo ra.", "this report was not made by ytemo.")
_READ_IT = Text("Mở và in thẳng tệp này bằng trình duyệt.", "Open and print this very file in a browser.")

"""JupyterLab as `opendata lab` starts it: in Vietnamese, quiet, offline; charts in notebooks that nobody trusts yet.

Charts are checked by what is in them (marks, texts) and by screenshots of one machine against each other: before and
after the run, at the same fonts. A stored screenshot would change with every release of the browser and every font.
"""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, saved
from tests.browser.visit import compared, texts

SHOWN = sorted(
    path for number in ("01", "03", "04") for path in (ROOT / "notebooks").glob(f"{number}-*.ipynb")
)
CHART = ".jp-OutputArea-output svg.marks"
MARKS = "path, line, rect, circle"
SOURCE = """import polars as pl
from opendata import charts

frame = pl.DataFrame(
    {
        "time": ["2025-01", "2025-02", "2025-03", "2025-04"],
        "cases": [1200, 900, None, 700],
        "cases_status": ["A", "A", "Q", "A"],
    }
)
charts.time_series(frame, "time", "cases", title="Số mắc thủy đậu", subtitle="Người")"""
SCRIPT = "<b>chưa tin cậy</b><script>window.wasRun = true</script>"


def opened(page: Page, address: str) -> None:
    """Open a notebook and wait for its kernel."""
    page.goto(address)
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")


def run_all(page: Page) -> None:
    """Run every cell from the menu and wait for the last one."""
    running = page.locator(".jp-CodeCell .jp-InputPrompt", has_text="*")
    page.locator(".lm-MenuBar-itemLabel", has_text="Chạy").click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    expect(running).not_to_have_count(0)
    expect(running).to_have_count(0, timeout=500_000)


def charts(notebook: Path) -> int:
    """How many a notebook keeps among its outputs."""
    cells = nbformat.read(notebook, nbformat.NO_CONVERT).cells
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return sum("application/vnd.vegalite.v5+json" in output.get("data", {}) for output in outputs)


def chart(page: Page, number: int = 1) -> Locator:
    """The last of so many charts, brought into view.

    They are drawn one after the other: the last that is there may not be the last that there will be.
    """
    found = page.locator(CHART)
    expect(found).to_have_count(number)
    found = found.last
    found.scroll_into_view_if_needed(timeout=30_000)
    expect(found).to_be_visible()
    return found


def output(source: str) -> nbformat.NotebookNode:
    """What the kernel would have answered to `SOURCE`."""
    from opendata.charts import output as rendering

    names: dict = {}
    exec(source.rpartition("\n")[0], names)
    drawn = eval(source.rpartition("\n")[2], names)
    data, metadata = rendering._bundle(drawn.to_dict())
    return nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)


@pytest.fixture(scope="module")
def small(server) -> str:
    """A notebook with a saved chart and a saved script; the chart's renderer is not named in it."""
    code = nbformat.v4.new_code_cell(SOURCE, outputs=[output(SOURCE)], execution_count=1)
    page = nbformat.v4.new_output("display_data", {"text/html": SCRIPT})
    script = nbformat.v4.new_code_cell("'đã chạy'", outputs=[page], execution_count=2)
    saved(server.workspace / "notebooks" / "nho.ipynb", code, script)
    return "nho.ipynb"


@pytest.fixture(autouse=True)
def _no_kernel_is_left(server):
    """Each test's kernel is ended with it: they hold hundreds of megabytes."""
    yield
    for kernel in server.call("GET", "/api/kernels").json():
        server.call("DELETE", f"/api/kernels/{kernel['id']}").raise_for_status()


def test_it_speaks_vietnamese_and_brings_no_news(server, visited):
    page = visited.page
    page.goto(f"{server.url}/lab/workspaces/moi?token={server.token}")
    expect(page.locator(".jp-Launcher")).to_be_visible(timeout=60_000)
    assert texts(page, ".lm-MenuBar-itemLabel")[:4] == ["Tệp", "Chỉnh sửa", "Hiển thị", "Chạy"]
    assert page.evaluate("document.documentElement.lang").startswith("vi")
    page.wait_for_load_state("networkidle")
    assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
    assert visited.elsewhere == []
    assert not [url for url in visited.asked if "/announcements/" in url or "/update" in url]


def test_memory_git_and_the_example_notebooks_are_at_hand(server, page):
    page.goto(f"{server.url}/lab/workspaces/o-day?token={server.token}")
    expect(page.locator("[role=tab][data-id=jp-git-sessions]")).to_be_visible(timeout=60_000)
    expect(page.locator("#jp-bottom-panel")).to_contain_text(re.compile(r"Mem:\s+[\d.]+ MB"))
    names = [path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    expect(page.locator(".jp-DirListing-item", has_text=names[0])).to_be_visible()
    assert {path.name for path in (server.workspace / "notebooks").iterdir()} >= set(names)


def test_a_chart_is_seen_before_anything_is_trusted_and_is_the_same_when_it_is_run(server, visited, small):
    page = visited.page
    cells = server.call("GET", f"/api/contents/notebooks/{small}").json()["content"]["cells"]
    assert not any(cell["metadata"].get("trusted") for cell in cells)
    opened(page, server.address(small))
    before = chart(page).screenshot()
    expect(page.get_by_text("chưa tin cậy")).to_be_visible()
    assert page.evaluate("window.wasRun") is None
    run_all(page)
    assert page.get_by_text("chưa tin cậy").count() == 0
    after = chart(page)
    assert "Số mắc thủy đậu" in texts(page, f"{CHART} text")
    assert after.locator(MARKS).count() >= 10
    differ, inked = compared(page, before, after.screenshot())
    assert (differ < 0.002, inked > 0.01) == (True, True), (differ, inked)
    assert visited.elsewhere == []


@pytest.mark.timeout(600)  # each takes up to a minute, more on a machine that is busy
@pytest.mark.parametrize("notebook", SHOWN, ids=[path.stem for path in SHOWN])
def test_the_notebooks_are_seen_untrusted_and_run_without_a_network(server, visited, notebook: Path):
    page = visited.page
    opened(page, server.address(notebook.name))
    number = charts(notebook)
    before, said = chart(page, number).screenshot(), texts(page, f"{CHART} text")
    assert len(said) >= 3
    run_all(page)
    after = chart(page, number)
    assert texts(page, f"{CHART} text") == said
    assert after.locator(MARKS).count() >= 10
    differ, inked = compared(page, before, after.screenshot())
    assert (differ < 0.01, inked > 0.01) == (True, True), (differ, inked)
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert visited.elsewhere == []


def test_strangers_are_asked_for_the_token(server, page):
    page.goto(f"{server.url}/lab")
    assert "/login" in page.url
    assert server.token not in page.content()


def test_the_home_folder_stays_as_it_was(server, small):
    assert list(server.home.iterdir()) == []
    assert (server.workspace / ".lab").stat().st_mode & 0o077 == 0

"""Chromium: where it is, and how it prints a page of this machine without asking anything of the network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import SpecError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 90.0  # a report takes two; a machine that is busy may take long to start a browser
# Every address is unknown, no proxy may know it, and the browser has no errands of its own.
OFFLINE = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


def find(given: str | None = None) -> Path:
    """The browser's program: the one that is given, else the first of `NAMES` on the path.

    Raises:
        SpecError: There is none; says where it was looked for and how to get it.
    """
    for name in (given,) if given else NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise SpecError([Problem("chromium", _missing((given,) if given else NAMES), _INSTALL)])


def flags(profile: Path) -> list[str]:
    """How a Chromium without a window is started, with a profile of its own.

    Root has no sandbox to offer in Chromium; nobody else goes without one.
    """
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return ["--headless", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={profile}", *root]


def print_pdf(page: Path, target: Path, *, browser: Path, seconds: float = SECONDS) -> None:
    """Print a page to an accessible PDF with an outline; it appears when it is whole.

    Args:
        page: HTML that stands by itself.
        target: The PDF.
        browser: From `find`.
        seconds: After which the browser is stopped.

    Raises:
        SpecError: The browser does not start, does not finish, or prints nothing.
        OSError: The target cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="ytemo-print-", ignore_cleanup_errors=True) as folder:
        home, drawn = Path(folder), Path(folder) / "page.pdf"
        printing = ["--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={drawn}"]
        _run([str(browser), *flags(home), *OFFLINE, *printing, page.resolve().as_uri()], home, seconds)
        if not drawn.is_file() or not drawn.read_bytes().startswith(b"%PDF-"):
            raise SpecError([Problem(str(browser), _NOTHING, _BY_HAND)])
        draft = target.with_name(f".{target.name}.partial")
        shutil.copyfile(drawn, draft)
        draft.replace(target)


def version(browser: Path, *, seconds: float = SECONDS) -> str:
    """What the browser calls itself.

    Raises:
        SpecError: It does not start.
    """
    with tempfile.TemporaryDirectory(prefix="ytemo-print-", ignore_cleanup_errors=True) as home:
        return _run([str(browser), "--version"], Path(home), seconds).strip()


def _run(command: Sequence[str], home: Path, seconds: float) -> str:
    """Run the browser; whatever it leaves behind (crash reports, key stores) goes to `home` and away with it."""
    own = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    try:
        process = subprocess.Popen(
            command,
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError:
        raise SpecError([Problem(command[0], _NO_START, _BY_HAND)]) from None
    with process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise SpecError([Problem(command[0], _slow(seconds), _BY_HAND)]) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # with every process that it started
    if process.returncode:
        raise SpecError([Problem(command[0], _NO_START, _BY_HAND)])
    return said


def _missing(names: Sequence[str]) -> Text:
    listed = ", ".join(names)
    return Text(
        f"không thấy trình duyệt để in PDF (đã tìm trong PATH: {listed}).",
        f"there is no browser to print PDF with (looked on PATH for {listed}).",
    )


def _slow(seconds: float) -> Text:
    return Text(
        f"trình duyệt không in xong trong {seconds:g} giây.",
        f"the browser did not finish within {seconds:g} s.",
    )


_INSTALL = Text(
    "Cài: apt-get install chromium, hoặc chỉ chỗ bằng OPENDATA_CHROMIUM. Không có nó vẫn tạo được báo cáo HTML, "
    "mở bằng trình duyệt bất kỳ rồi in.",
    "Install it: apt-get install chromium, or name it in OPENDATA_CHROMIUM. Without it there is the report as HTML, "
    "which any browser opens and prints.",
)
_NO_START = Text("trình duyệt không chạy được.", "the browser does not run.")
_NOTHING = Text("trình duyệt không in ra PDF.", "the browser printed no PDF.")
_BY_HAND = Text(
    "Chạy thử lệnh này với --version. Báo cáo HTML vẫn mở và in được bằng trình duyệt bất kỳ.",
    "Try this program with --version. The report as HTML can be opened and printed by any browser.",
)

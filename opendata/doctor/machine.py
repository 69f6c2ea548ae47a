"""Checks of the machine: encoding, font, browser, compiled code."""

from __future__ import annotations

import locale
import sys
import tempfile
from pathlib import Path

from catalog.errors import Text
from opendata import chromium
from opendata.doctor.diagnosis import Diagnosis, Surroundings, ok, refused
from opendata.errors import SpecError
from opendata.messages import unwritable

_LETTERS = "ẰằẪẫỆệỘộỮữĐđ"


def encoding(surroundings: Surroundings) -> Diagnosis:
    """Whether file names, files and the terminal hold Vietnamese."""
    used = {
        "file names": sys.getfilesystemencoding(),
        "files": locale.getencoding() if not sys.flags.utf8_mode else "utf-8",
        "terminal": sys.stdout.encoding or "ascii",
    }
    bad = [f"{place}: {name}" for place, name in used.items() if not _holds(name)]
    if bad:
        listed = ", ".join(bad)
        return Diagnosis("fail", Text(f"không ghi được ({listed}).", f"cannot be written ({listed})."), _UTF8)
    return ok(f"ghi được ({used['terminal']})", f"can be written ({used['terminal']})")


def font(surroundings: Surroundings) -> Diagnosis:
    """Whether the chart renderer knows the bundled font: it would drop every text of another."""
    try:
        from opendata.charts import fonts
    except ModuleNotFoundError as error:
        return absent(error)
    fonts.ready()
    return ok(fonts.FAMILY, fonts.FAMILY)


def compiled_code(surroundings: Surroundings) -> Diagnosis:
    """Whether compiled code can be kept: without it every run compiles anew, or stops."""
    try:
        from anonymize import part
    except ModuleNotFoundError as error:
        return absent(error)
    except RuntimeError:  # numba refuses to load what it can keep nowhere
        return Diagnosis("fail", _NOWHERE, _CACHE)
    folder = Path(str(part.near.stats.cache_path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        what = unwritable(error)
        return Diagnosis("fail", Text(f"{folder}: {what.vi}", f"{folder}: {what.en}"), _CACHE)
    return ok(str(folder), str(folder))


def browser(surroundings: Surroundings) -> Diagnosis:
    """Whether reports can be printed to PDF."""
    try:
        found = chromium.find(surroundings.environment.get("OPENDATA_CHROMIUM"))
    except SpecError as error:
        return refused(error, "warn")
    version = chromium.version(found)
    return ok(f"{found} ({version})", f"{found} ({version})")


def absent(error: ModuleNotFoundError) -> Diagnosis:
    """A package that a check needs is not installed; the check of its extra says which."""
    name = (error.name or "?").partition(".")[0]
    what = Text(f"không kiểm tra được: thiếu {name}.", f"not checked: {name} is not installed.")
    return Diagnosis("warn", what, _EXTRAS)


def _holds(name: str) -> bool:
    try:
        return _LETTERS.encode(name).decode(name) == _LETTERS
    except (UnicodeError, LookupError):
        return False


_UTF8 = Text(
    "Đặt LANG=C.UTF-8 (hoặc vi_VN.UTF-8) và bỏ LC_ALL, PYTHONIOENCODING, PYTHONUTF8.",
    "Set LANG=C.UTF-8 (or vi_VN.UTF-8), and unset LC_ALL, PYTHONIOENCODING, PYTHONUTF8.",
)
_NOWHERE = Text(
    "không có chỗ ghi, phần bảo vệ không chạy được.", "can be kept nowhere, disclosure control does not run."
)
_CACHE = Text(
    "Đặt NUMBA_CACHE_DIR vào một thư mục ghi được.", "Set NUMBA_CACHE_DIR to a folder that can be written."
)
_EXTRAS = Text("Xem dòng “Phần mở rộng”.", "See the lines on extras.")

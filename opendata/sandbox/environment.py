"""CKAN's own Python environment: built once per user from the pinned lock file, then shared by every sandbox.

CKAN pins certifi, requests and urllib3 to versions of its own, so it never shares the environment of this
package.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import PortalError
from opendata.lock import exclusive

LOCK = "ckan-2.12.lock"
Progress = Callable[[Text], None]


def cache_folder(otherwise: Path) -> Path:
    """The user's cache of this package ($XDG_CACHE_HOME or ~/.cache); without a home, another folder."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    if Path(configured).is_absolute():
        return Path(configured) / "ytemo"
    try:
        home = Path.home()
    except RuntimeError:
        return otherwise
    return home / ".cache" / "ytemo" if os.access(home, os.W_OK) else otherwise


def ckan_python(cache: Path, progress: Progress) -> Path:
    """The Python of an environment that holds CKAN exactly as pinned; builds it the first time.

    The name holds the hash of the lock file and of the Python version, so that a new pin is a new
    environment. It is built beside and renamed when complete: a broken build never counts, and of two
    builders one waits for the other.

    Args:
        cache: A folder for such environments; made when missing.
        progress: Told when something takes long.

    Raises:
        PortalError: It cannot be built, mostly because the package index is out of reach.
    """
    pinned = (resources.files("opendata.sandbox") / LOCK).read_bytes()
    key = hashlib.sha256(pinned + sys.version.encode() + sys.base_prefix.encode()).hexdigest()[:16]
    target = cache / f"ckan-2.12-{key}"
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    with exclusive(cache / f"{target.name}.lock"):
        if not _works(target):
            progress(
                Text(
                    "Đang cài CKAN 2.12 (một lần cho mỗi người dùng) …",
                    "Installing CKAN 2.12 (once per user) …",
                )
            )
            _build(target)
    return target / "bin" / "python"


def _works(target: Path) -> bool:
    """Whether the environment is there, and its Python too (an upgrade may have taken that away)."""
    python = target / "bin" / "python"
    if not python.exists():
        return False
    check = [str(python), "-I", "-c", "import importlib.util as u, sys; sys.exit(not u.find_spec('ckan'))"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def _build(target: Path) -> None:
    for leftover in target.parent.glob(
        f"{target.name}.building-*"
    ):  # the lock is ours: nobody builds there any more
        shutil.rmtree(leftover, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{target.name}.building-", dir=target.parent))
    python = str(draft / "bin" / "python")
    with resources.as_file(resources.files("opendata.sandbox") / LOCK) as lock:
        try:
            _uv(target.parent, "venv", "--clear", "--python", sys.executable, str(draft))
            _uv(
                target.parent,
                "pip",
                "sync",
                "--require-hashes",
                "--compile-bytecode",
                "--python",
                python,
                str(lock),
            )
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def _uv(folder: Path, *arguments: str) -> None:
    """Run uv outside every project: no project's settings apply; the user's own (a mirror, a proxy) do."""
    try:
        from uv import find_uv_bin
    except ImportError:
        raise missing_extra() from None
    surroundings = dict(os.environ) | {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    surroundings.pop("VIRTUAL_ENV", None)
    if not os.access(surroundings.get("HOME", ""), os.W_OK):
        surroundings.setdefault("UV_CACHE_DIR", str(folder / "uv"))
    command = [os.fsdecode(find_uv_bin()), "--quiet", *arguments]
    done = _run(command, folder, surroundings)
    if done.returncode and "certificate" in done.stderr:  # an office's own authority: the machine may know it
        done = _run(command, folder, surroundings | {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"})
    if done.returncode:
        raise _build_failed(done.stderr)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _build_failed(output: str) -> PortalError:
    last = " ".join(output.split())[-400:]
    what = Text(f"Không cài được CKAN: {last}", f"CKAN could not be installed: {last}")
    remedy = Text(
        "Kiểm tra mạng, chỗ trống trên đĩa và máy chủ gói Python (UV_INDEX_URL), rồi chạy lại.",
        "Check the network, the disk space and the Python package index (UV_INDEX_URL), then run again.",
    )
    return PortalError([Problem("sandbox", what, remedy)])


def missing_extra() -> PortalError:
    """What to tell when the packages of the extra `sandbox` are not installed."""
    what = Text("Chưa cài phần mở rộng “sandbox”.", "The extra “sandbox” is not installed.")
    remedy = Text("Chạy: pip install 'ytemo[sandbox]'.", "Run: pip install 'ytemo[sandbox]'.")
    return PortalError([Problem("sandbox", what, remedy)])

"""Checks of what notebooks need: a kernel in this Python, and charts that JupyterLab can draw."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from catalog.errors import Text
from opendata.doctor.diagnosis import Diagnosis, Surroundings, ok
from opendata.doctor.machine import absent

KERNEL = "python3"
_PROBE = "import sys, ipykernel, opendata; print(sys.prefix)"


def renderer(surroundings: Surroundings) -> Diagnosis:
    """Whether the charts speak the Vega-Lite that the installed JupyterLab draws; it knows one generation only."""
    try:
        from jupyterlab.commands import get_app_dir

        from opendata.charts.output import V5
    except ModuleNotFoundError as error:
        return absent(error)
    path = Path(get_app_dir()) / "static" / "third-party-licenses.json"
    try:
        packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    except (OSError, ValueError, KeyError):
        return Diagnosis(
            "fail", Text(f"JupyterLab không đủ: {path}", f"JupyterLab is not whole: {path}"), _REINSTALL
        )
    shown = next((p["versionInfo"] for p in packages if p["name"] == "vega-lite"), "–")
    drawn = re.findall(r"/v(\d+)", V5)[0]
    if shown.partition(".")[0] != drawn:
        what = Text(
            f"JupyterLab vẽ Vega-Lite {shown}, biểu đồ là Vega-Lite {drawn}: chỉ còn ảnh tĩnh.",
            f"JupyterLab draws Vega-Lite {shown}, the charts are Vega-Lite {drawn}: only pictures are left.",
        )
        return Diagnosis("fail", what, _VERSIONS)
    return ok(f"Vega-Lite {shown}", f"Vega-Lite {shown}")


def kernel(surroundings: Surroundings) -> Diagnosis:
    """Whether the kernel `python3` starts, in this very Python, with this package."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ModuleNotFoundError as error:
        return absent(error)
    try:
        spec = KernelSpecManager().get_kernel_spec(KERNEL)
        program = _program(spec.argv[0])
    except (NoSuchKernel, ValueError, IndexError):
        what = Text(f"không có kernelspec {KERNEL} dùng được.", f"there is no usable kernelspec {KERNEL}.")
        return Diagnosis("fail", what, _INSTALL_KERNEL)
    prefix = _prefix(program)
    if prefix == sys.prefix:
        return ok(f"{KERNEL}: {program}", f"{KERNEL}: {program}")
    place = spec.resource_dir
    what = Text(
        f"kernelspec {place} trỏ tới Python khác hoặc hỏng: {program}.",
        f"the kernelspec {place} points to another Python, or to a broken one: {program}.",
    )
    return Diagnosis("fail", what, _INSTALL_KERNEL)


def _program(name: str) -> str:
    """What a kernelspec starts; Jupyter takes these names for the Python that it runs in itself."""
    major, minor = sys.version_info[:2]
    return sys.executable if name in ("python", f"python{major}", f"python{major}.{minor}") else name


def _prefix(program: str) -> str | None:
    """The environment of a Python that has a kernel and this package; None when it has not, or does not run."""
    try:
        done = subprocess.run(
            [program, "-c", _PROBE], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


_REINSTALL = Text(
    "Chạy: pip install --force-reinstall jupyterlab", "Run: pip install --force-reinstall jupyterlab"
)
_VERSIONS = Text(
    "Dùng JupyterLab của phần mở rộng “lab” (4.x), hoặc bản ytemo mới hơn.",
    "Use the JupyterLab of the extra “lab” (4.x), or a newer ytemo.",
)
_INSTALL_KERNEL = Text(
    f"Chạy: {sys.executable} -m ipykernel install --sys-prefix --name {KERNEL}; xoá kernelspec cũ nếu nó đứng trước "
    "(jupyter kernelspec list).",
    f"Run: {sys.executable} -m ipykernel install --sys-prefix --name {KERNEL}; remove an old kernelspec that comes "
    "first (jupyter kernelspec list).",
)

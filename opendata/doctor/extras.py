"""The extras of the package, against what is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from catalog.errors import Problem, Text
from opendata.doctor.diagnosis import Diagnosis, Surroundings, ok
from opendata.errors import SpecError

DISTRIBUTION = "ytemo"
_OURS = ("anonymize", "catalog", "opendata", "ytemo_display")
_ALL = ("publish", "pii", "lab", "postgres", "sandbox")
_FOR = {
    "publish": Text("tạo, vẽ và công bố bản phát hành", "to build, draw and publish releases"),
    "pii": Text("quét dữ liệu cá nhân trong văn bản", "to scan texts for personal data"),
    "lab": Text("mở JupyterLab", "to open JupyterLab"),
    "sandbox": Text("chạy CKAN thử nghiệm", "to run the sandbox CKAN"),
}


def extra(name: str, surroundings: Surroundings, *, distribution: str = DISTRIBUTION) -> Diagnosis:
    """Whether the packages of an extra are there, in the versions that are asked for.

    Args:
        name: Of the extra.
        surroundings: Not looked at.
        distribution: Whose extra it is.
    """
    needed = _requirements(name, distribution)
    found = {requirement.name: _installed(requirement.name) for requirement in needed}
    old = [r for r in needed if (has := found[r.name]) is not None and not r.specifier.contains(has, True)]
    lacking = [r.name for r in needed if found[r.name] is None]
    if old:
        listed = ", ".join(f"{r.name} {found[r.name]} (cần/needs {r.specifier})" for r in old)
        return Diagnosis(
            "fail", Text(f"phiên bản không hợp: {listed}.", f"wrong versions: {listed}."), _get(name)
        )
    if lacking:
        listed, use = ", ".join(lacking), _FOR[name]
        what = Text(f"thiếu {listed}; cần để {use.vi}.", f"lacks {listed}; needed {use.en}.")
        return Diagnosis("warn", what, _get(name))
    return ok(f"đủ {len(needed)} gói", f"all {len(needed)} packages")


def lacking(error: ModuleNotFoundError) -> SpecError | None:
    """What to say when a package of an extra is not installed; None when it is no such package that is missing.

    The base install is the reader's: whoever publishes with it is told what to install, not that something broke.
    """
    module = (error.name or "").partition(".")[0]
    if not module or module in _OURS:
        return None
    package = module.replace("_", "-").lower()
    extra = next(
        (name for name in _ALL for r in _requirements(name, DISTRIBUTION) if r.name.startswith(package)),
        "all",
    )
    what = Text(
        f"chưa cài {module}; “pip install ytemo” chỉ để đọc dữ liệu.",
        f"{module} is not installed; “pip install ytemo” is for reading data only.",
    )
    return SpecError([Problem(f"ytemo[{extra}]", what, _get(extra))])


def _requirements(name: str, distribution: str) -> list[Requirement]:
    """What an extra asks for, on this Python and machine."""
    parsed = [Requirement(line) for line in requires(distribution) or ()]
    return [r for r in parsed if r.marker and r.marker.evaluate({"extra": name}) and not r.extras]


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _get(name: str) -> Text:
    command = f"pip install --upgrade 'ytemo[{name}]'"
    return Text(f"Chạy: {command}", f"Run: {command}")

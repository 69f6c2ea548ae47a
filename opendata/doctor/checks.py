"""The list of checks, and the run through it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from catalog.errors import Text
from opendata.doctor import extras, jupyter, machine, places, portals
from opendata.doctor.diagnosis import Check, Diagnosis, Surroundings, refused
from opendata.errors import OpendataError

CHECKS: tuple[Check, ...] = (
    Check("encoding", Text("Tiếng Việt trên máy này", "Vietnamese on this machine"), machine.encoding),
    *(
        Check(f"extra-{name}", Text(f"Phần mở rộng “{name}”", f"Extra “{name}”"), partial(extras.extra, name))
        for name in ("publish", "pii", "lab", "sandbox")
    ),
    Check("font", Text("Phông chữ của biểu đồ", "Font of the charts"), machine.font),
    Check("renderer", Text("Biểu đồ trong JupyterLab", "Charts in JupyterLab"), jupyter.renderer),
    Check("kernel", Text("Nhân Python của sổ tay", "Python kernel of notebooks"), jupyter.kernel),
    Check("numba-cache", Text("Bộ đệm biên dịch", "Cache of compiled code"), machine.compiled_code),
    Check("chromium", Text("Chromium để in PDF", "Chromium for PDF"), machine.browser),
    Check("workspace", Text("Không gian làm việc", "Workspace"), places.workspace),
    Check("permissions", Text("Quyền ghi", "Permissions"), places.permissions),
    Check("disk", Text("Chỗ trống trên đĩa", "Free disk space"), places.disk),
    Check("git-filter", Text("Bộ lọc sổ tay trong git", "Notebook filter in git"), places.git_filter),
    Check("sandbox", Text("CKAN thử nghiệm", "Sandbox CKAN"), portals.rehearsal),
    Check("portal", Text("Cổng dữ liệu", "Portal"), portals.portal, exit_code=7),
)


def examine(
    surroundings: Surroundings, checks: Iterable[Check] = CHECKS
) -> Iterable[tuple[Check, Diagnosis]]:
    """Look at everything, one check after the other; a check that cannot be made has failed."""
    for check in checks:
        yield check, _diagnosis(check, surroundings)


def exit_code(found: Sequence[tuple[Check, Diagnosis]]) -> int:
    """0 when nothing failed; 7 when the portal alone did; otherwise 2."""
    return min((check.exit_code for check, diagnosis in found if diagnosis.state == "fail"), default=0)


def _diagnosis(check: Check, surroundings: Surroundings) -> Diagnosis:
    try:
        return check.run(surroundings)
    except OpendataError as error:
        return refused(error)
    except ModuleNotFoundError as error:
        return machine.absent(error)
    except Exception as fault:  # what it says may quote a path or a record: only its kind is told
        kind = type(fault).__name__
        return Diagnosis(
            "fail", Text(f"không kiểm tra được ({kind}).", f"cannot be checked ({kind})."), _REPORT
        )


_REPORT = Text("Cài lại ytemo; nếu vẫn vậy, hãy báo lỗi này.", "Install ytemo again; if it stays, report it.")

"""Checks of the workspace: its settings, what may be written, how much room there is, and git."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from catalog.errors import Text
from opendata import notebooks
from opendata.doctor.diagnosis import Diagnosis, Surroundings, ok, refused
from opendata.errors import SpecError
from opendata.messages import unwritable

GIB = 1 << 30
LEAST, ENOUGH = GIB // 2, 2 * GIB  # bytes: a release of a large table, and the sandbox


def workspace(surroundings: Surroundings) -> Diagnosis:
    """Whether the folder is a workspace whose settings can be read."""
    from opendata import workspace as workspaces  # here and below: a publisher's, no reader has it

    there = (surroundings.folder / workspaces.CONFIG).exists()
    try:
        found = workspaces.find(surroundings.folder)
    except SpecError as error:
        return refused(error, "fail" if there else "warn")
    count = len(found.datasets())
    return ok(f"{found.root}: {count} bộ dữ liệu", f"{found.root}: {count} datasets")


def permissions(surroundings: Surroundings) -> Diagnosis:
    """Whether files can be made in every folder that the program writes to."""
    from opendata import workspace as workspaces

    root = _there(surroundings.folder)
    folders = [root, *(root / name for name in workspaces.FOLDERS if (root / name).exists())]
    bad = {str(folder): said for folder in folders if (said := _unwritable(folder))}
    if bad:
        what = Text(
            " ".join(f"{folder}: {said.vi}" for folder, said in bad.items()),
            " ".join(f"{folder}: {said.en}" for folder, said in bad.items()),
        )
        return Diagnosis("fail", what, _CHMOD)
    return ok(f"ghi được {len(folders)} thư mục", f"{len(folders)} folders can be written")


def disk(surroundings: Surroundings) -> Diagnosis:
    """Whether there is room: what is half written when a disk is full is thrown away, but the work is lost."""
    free = shutil.disk_usage(_there(surroundings.folder)).free
    said = Text(f"còn {free / GIB:.1f} GiB".replace(".", ","), f"{free / GIB:.1f} GiB left")
    if free < ENOUGH:
        return Diagnosis("fail" if free < LEAST else "warn", said, _ROOM)
    return Diagnosis("ok", said)


def git_filter(surroundings: Surroundings) -> Diagnosis:
    """Whether outputs on real data would stay out of git."""
    if not any((folder / ".git").exists() for folder in _upwards(surroundings.folder)):
        return ok("không ở trong kho git", "not in a git repository")
    lacking = notebooks.missing(surroundings.folder)
    if lacking:
        listed = ", ".join(lacking)
        what = Text(f"chưa cài hoặc hỏng: {listed}.", f"not set up, or broken: {listed}.")
        return Diagnosis("fail", what, _INSTALL)
    return ok("đã cài, làm rỗng sổ tay", "set up, and empties notebooks")


def _unwritable(folder: Path) -> Text | None:
    """What the system says when a file is to be made there."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return unwritable(error)
    return None


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that exists: where it would be made."""
    return folder if folder.exists() else next(above for above in _upwards(folder) if above.exists())


def _upwards(folder: Path) -> list[Path]:
    here = folder.resolve()
    return [here, *here.parents]


_CHMOD = Text(
    "Sửa quyền ghi của thư mục, hoặc chọn nơi khác.", "Mend its permissions, or choose another place."
)
_ROOM = Text("Dọn đĩa hoặc chuyển không gian làm việc.", "Make room, or move the workspace.")
_INSTALL = Text("Chạy: opendata git install", "Run: opendata git install")

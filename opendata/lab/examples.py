"""The notebooks of a workspace: copies of the examples, and new ones from the template."""

from __future__ import annotations

from pathlib import Path

import opendata
from catalog.errors import Problem, Text
from opendata.errors import SpecError
from opendata.messages import unwritable
from opendata.templating import text

SHIPPED = "shipped_notebooks"  # the wheel holds the repository's notebooks/ under this name (pyproject.toml)
FOLDER = "notebooks"


def shipped() -> list[Path]:
    """The example notebooks, sorted by name: in the installed package, or beside it in a checkout."""
    package = Path(opendata.__file__).parent
    for folder in (package / SHIPPED, package.parent / FOLDER):
        if folder.is_dir():
            return sorted(folder.glob("*.ipynb"))
    return []


def copy_missing(workspace: Path) -> list[Path]:
    """Copy the example notebooks into a workspace; what is there already stays as it is.

    Returns:
        The copies that were made now.

    Raises:
        OSError: When the folder cannot be written.
    """
    (workspace / FOLDER).mkdir(exist_ok=True)
    made = []
    for notebook in shipped():
        target = workspace / FOLDER / notebook.name
        if not target.exists():
            target.write_bytes(notebook.read_bytes())
            made.append(target)
    return made


def start(workspace: Path, dataset: str) -> Path:
    """Start the notebook of a dataset from the template: it reads, protects and releases, and was not run yet.

    Args:
        workspace: The workspace's folder.
        dataset: The dataset's id.

    Returns:
        `notebooks/<id>.ipynb`.

    Raises:
        SpecError: When it is there already, or cannot be written.
    """
    path = workspace / FOLDER / f"{dataset}.ipynb"
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text("notebook.ipynb").replace("DATASET", dataset))
    except FileExistsError:
        raise SpecError([Problem(f"{FOLDER}/{path.name}", _TAKEN, _OPEN)]) from None
    except OSError as error:
        raise SpecError([Problem(f"{FOLDER}/{path.name}", unwritable(error), _PERMISSIONS)]) from None
    return path


_TAKEN = Text("sổ tay này đã có.", "this notebook exists.")
_OPEN = Text("Mở nó: opendata lab; hoặc đổi tên nó trước.", "Open it: opendata lab; or rename it first.")
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")

"""The example notebooks: where they are, and copies of them in a workspace."""

from __future__ import annotations

from pathlib import Path

import opendata

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

"""The researcher's check: is this folder, or this page of a portal, what was published?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from catalog.errors import Problem, Text
from opendata.errors import PortalError
from opendata.portal import Portal
from opendata.release import Release


def verify(where: str) -> tuple[str, int]:
    """Check every file of a release against its manifest.

    Args:
        where: A folder, or the address of the dataset's page on a portal (its newest version is downloaded).

    Returns:
        The release's name, and how many files were checked.

    Raises:
        VerificationError: Naming every file that is missing, changed or not listed.
        PortalError: When the address is none of a dataset, or the portal cannot be read.
    """
    if not where.startswith(("http://", "https://")):
        return _checked(Path(where))
    portal, name = _dataset_page(where)
    with tempfile.TemporaryDirectory(prefix="ytemo-") as folder:
        for file in portal.files(name):
            portal.download(file, Path(folder) / file.name)
        return _checked(Path(folder))


def _checked(folder: Path) -> tuple[str, int]:
    release = Release.open(folder)
    return f"{release.id} {release.version}", len(release.files)


def _dataset_page(url: str) -> tuple[Portal, str]:
    """The portal and the dataset of an address such as https://host/dataset/name."""
    parts = urlsplit(url)
    before, found, name = parts.path.rstrip("/").rpartition("/dataset/")
    if not found or not name or "/" in name:
        raise PortalError([Problem(url, _NO_PAGE, _GIVE_PAGE)])
    return Portal(f"{parts.scheme}://{parts.netloc}{before}"), name


_NO_PAGE = Text("không phải trang của một bộ dữ liệu.", "not the page of a dataset.")
_GIVE_PAGE = Text(
    "Ví dụ: https://cong-du-lieu/dataset/ten-bo-du-lieu", "For example: https://portal/dataset/name"
)

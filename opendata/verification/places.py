"""Where a release is: a folder, the page of a dataset on a CKAN portal, or a page of a static catalogue."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from catalog.errors import Problem, Text
from opendata.client.ckan import Ckan
from opendata.client.website import Website
from opendata.errors import PortalError, VerificationError
from opendata.portal import Portal
from opendata.release import STONE, beside, release_manifest
from opendata.withdrawal.tombstone import read, refusal


@dataclass(frozen=True, slots=True)
class Page:
    """A page on which a release is published.

    Attributes:
        source: The portal or static catalogue.
        id: The dataset's id.
        version: The version; None is the newest.
    """

    source: Ckan | Website
    id: str
    version: str | None


def is_address(where: str) -> bool:
    """Whether this is on the web; a folder otherwise."""
    return where.startswith(("http://", "https://"))


@contextmanager
def held(where: str, version: str | None = None) -> Iterator[Path]:
    """The files of a release in a folder, downloaded when they are on the web.

    Raises:
        WithdrawnError: When it was withdrawn.
        PortalError: When the address is none of a dataset, or cannot be read.
        VerificationError: When what arrives is not what was declared.
    """
    if not is_address(where):
        folder = Path(where).expanduser().resolve()
        for stone in (folder / STONE, beside(folder)):
            if stone.is_file():
                kept = stone.name != STONE
                raise refusal(read(stone.read_bytes(), where=where), where=where, kept=kept)
        yield folder
        return
    page = found(where, version)
    listing = page.source.listing(page.id, page.version)
    with tempfile.TemporaryDirectory(prefix="ytemo-") as made:
        for file in listing.files:
            Portal(page.source.url).download(file, Path(made) / file.name)
        _refuse_other(Path(made), page, listing.version)
        yield Path(made)


def _refuse_other(folder: Path, page: Page, version: str) -> None:
    """Refuse a release that is whole and signed, but another than the page says: an older one, or another dataset."""
    manifest = release_manifest(folder)
    named = _UUID.fullmatch(page.id) is None  # CKAN has a page under its own id too
    if manifest.get("version") != version or (named and manifest.get("id") != page.id):
        raise VerificationError([Problem(f"{page.id} {version}", _OTHER, _TELL)])


def found(url: str, version: str | None = None) -> Page:
    """What an address is the page of.

    Args:
        url: Such as https://host/dataset/name, or https://host/datasets/name/2026.1.html of a static catalogue.
        version: The version, where the address names none.

    Raises:
        PortalError: When it is no such page.
    """
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    if match := _CKAN.fullmatch(parts.path):
        return Page(Ckan(root + match[1]), unquote(match[2]), version)
    if match := _SITE.fullmatch(parts.path):
        named = None if match[3] in (None, "", "index.html") else match[3].removesuffix("/")
        return Page(Website(root + match[1]), unquote(match[2]), version or (named and _number(named)))
    raise PortalError([Problem(url, _NO_PAGE, _GIVE_PAGE)])


def _number(page: str) -> str:
    """The version that a page of a static catalogue shows."""
    return unquote(page).removesuffix(".html").removesuffix(".explore")


_CKAN = re.compile(r"(.*)/dataset/([^/]+)/?")
_SITE = re.compile(r"(.*)/datasets/([^/]+)(?:/([^/]*/?))?")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OTHER = Text(
    "trang này đưa ra bản phát hành khác với tên và phiên bản của nó.",
    "this page serves another release than its name and version say.",
)
_TELL = Text("Đừng dùng; hãy báo nơi công bố.", "Do not use it; tell its publisher.")
_NO_PAGE = Text("không phải trang của một bộ dữ liệu.", "not the page of a dataset.")
_GIVE_PAGE = Text(
    "Ví dụ: https://cong-du-lieu/dataset/ten-bo-du-lieu, https://danh-muc/datasets/ten-bo-du-lieu/",
    "For example: https://portal/dataset/name, https://catalogue/datasets/name/",
)

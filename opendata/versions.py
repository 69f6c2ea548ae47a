"""Version numbers that tell a reader what to expect, and the notice that a change which breaks programs needs.

The first number of a version goes up when the table breaks what was written for the version before: a column gone,
another unit, another code list. Readers hear of it in an earlier release first, as many days before as `opendata.toml`
says (`[governance] notice_days`). Everything else, more measures or codes, better labels, is the next second number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from pydantic import ValidationError

import catalog
from catalog.columns import Column
from catalog.errors import CatalogError, Problem, Text
from opendata.diff.schema import SchemaChange
from opendata.errors import SpecError, VerificationError
from opendata.release import Release, order
from opendata.revisions import Announcement

LATEST = "latest"
"""What readers may say in place of a version: the newest one."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that is out.

    Attributes:
        release: Its files, checked.
        released: The day of its release.
        announcement: The change that it announces, if any.
    """

    release: Release
    released: date
    announcement: Announcement | None

    def columns(self) -> tuple[Column, ...]:
        """The columns as its codebook describes them."""
        text = (self.release.directory / "codebook.json").read_text(encoding="utf-8")
        try:
            return catalog.read_codebook(text)
        except CatalogError as error:
            raise VerificationError(error.problems) from None

    def table(self) -> pl.DataFrame:
        """What it shows."""
        return pl.read_parquet(self.release.directory / "data.parquet")


@dataclass(frozen=True, slots=True)
class Next:
    """The version to come.

    Attributes:
        version: Its number.
        released: The day of its release.
        notice_days: How long a breaking change is announced before.
    """

    version: str
    released: date
    notice_days: int


def following(found: Sequence[str], year: int) -> str:
    """The next version that breaks nothing: the newest first number, never below the year of issue, and one more.

    Args:
        found: The versions that are out, oldest first.
        year: Of issue.
    """
    newest = max([year, *(number for number in map(first, found) if number is not None)])
    taken = [_second(version) for version in found if first(version) == newest]
    return f"{newest}.{max(taken, default=0) + 1}"


def first(version: str) -> int | None:
    """The first number of a version; None when it has none."""
    head = version.split(".")[0]
    return _number(head)


def earlier(folder: Path, found: Sequence[str]) -> list[Earlier]:
    """Written versions with what they announced, in the order given; every byte of them is checked.

    Raises:
        VerificationError: When one is not as it was written, or its manifest does not say these things.
    """
    return [_read(Release.stored(folder / version)) for version in found]


def require(changes: Sequence[SchemaChange], out: Sequence[Earlier], coming: Next) -> None:
    """Refuse a change that breaks what readers have written, unless it was announced and the first number goes up.

    Args:
        changes: From the newest version that is out to the one to come.
        out: The versions that are out, oldest first.
        coming: The version to come.

    Raises:
        SpecError: Naming every such change, its place and what can be done.
    """
    breaking = [change for change in changes if change.kind == "breaking"]
    if not breaking:
        return
    newest = out[-1].release.version
    due = _announced(out, coming.notice_days)
    problems: list[Problem] = []
    if due is None or due > coming.released:
        remedy = _announce(coming, major(newest), due)
        problems = [Problem(change.where, _broken(change.what), remedy) for change in breaking]
    elif not _higher(newest, coming.version):
        places = ", ".join(dict.fromkeys(change.where for change in breaking))
        problems = [Problem(f"--version {coming.version}: {places}", _HIGHER, _raise(major(newest)))]
    if problems:
        raise SpecError(problems)


def major(newest: str) -> str:
    """The version with the next first number."""
    return f"{(first(newest) or 0) + 1}.1"


def _announced(out: Sequence[Earlier], days: int) -> date | None:
    """The first day on which an announced change may come; None when no release announces one.

    A notice serves for one change: those of versions before the newest first number have served already.
    """
    since = first(out[-1].release.version)
    told = [
        max(one.released + timedelta(days), one.announcement.effective)
        for one in out
        if one.announcement
        and first(one.release.version) == since
        and one.announcement.effective > one.released
    ]
    return min(told, default=None)


def _higher(newest: str, version: str) -> bool:
    """Whether the first number goes up."""
    number = first(version)
    return number is not None and number > (first(newest) or 0) and order(version) > order(newest)


def _read(release: Release) -> Earlier:
    manifest = release.manifest
    try:
        told = manifest.get("notice")
        announcement = Announcement.model_validate_json(json.dumps(told)) if told else None
        return Earlier(release, date.fromisoformat(manifest["released"]), announcement)
    except (KeyError, TypeError, ValueError, ValidationError):
        where = f"releases/{release.id}/{release.version}/manifest.json"
        raise VerificationError([Problem(where, _ODD, _RESTORE)]) from None


def _second(version: str) -> int:
    return _number([*version.split("."), ""][1]) or 0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _broken(what: Text) -> Text:
    return Text(f"{what.vi} {_BREAKS.vi}", f"{what.en} {_BREAKS.en}")


def _announce(coming: Next, number: str, due: date | None) -> Text:
    """What can be done about a breaking change that may not come yet."""
    if due is not None:
        return Text(
            f"Đã báo trước: phát hành từ ngày {due} với --version {number}. Đến lúc đó giữ bảng như cũ.",
            f"It was announced: release it from {due} on with --version {number}. Keep the table as it is until then.",
        )
    days = coming.notice_days
    return Text(
        f"Giữ như cũ; hoặc công bố dưới mã bộ dữ liệu mới; hoặc báo trước ở một bản phát hành (mục notice), chờ {days} "
        f"ngày, rồi dùng --version {number}.",
        f"Keep it as it was; or publish under a new dataset id; or announce it in a release (section notice), wait "
        f"{days} days, then use --version {number}.",
    )


def _raise(number: str) -> Text:
    return Text(f"Dùng --version {number}.", f"Use --version {number}.")


_BREAKS = Text(
    "Chương trình của người dùng viết cho bản trước có thể sai.",
    "What readers wrote for the version before may fail.",
)
_HIGHER = Text("thay đổi này cần số đầu của phiên bản lớn hơn.", "this change needs a higher first number.")
_ODD = Text(
    "không đọc được ngày phát hành hoặc thông báo.", "its day of release or its notice cannot be read."
)
_RESTORE = Text("Khôi phục thư mục từ bản sao lưu.", "Restore the folder from a backup.")

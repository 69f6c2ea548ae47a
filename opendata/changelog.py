"""CHANGELOG.md: what every version brought, newest first, in both languages.

What is said of a version is made from its own public files and those of the version before, and stays as it was written
then: the section of a version is taken from the files of that version, never made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from catalog.errors import Text
from opendata.diff.wording import summary

if TYPE_CHECKING:
    import polars as pl

    from catalog.columns import Column
    from opendata.diff import Diff
    from opendata.spec import Spec
    from opendata.versions import Earlier

FILE = "CHANGELOG.md"
_HEAD = "## "


def render(
    spec: Spec, version: tuple[str, date], rows: int, *, out: Sequence[Earlier], diff: Diff | None
) -> str:
    """The text of the file.

    Args:
        spec: The dataset's spec.
        version: The version and the day of its release.
        rows: How many rows its table has.
        out: The versions before it, oldest first.
        diff: What changed since the newest of them; None for the first version.
    """
    title = spec.entry.title
    own = _section(
        version, [*_about(spec, rows), *_policy(spec, version[1], out), *(summary(diff) if diff else ())]
    )
    earlier = [section(one) for one in reversed(out)]
    return "\n".join([f"# {title.vi}\n\n{title.en}\n", own, *earlier])


def compared(
    out: Sequence[Earlier], version: str, columns: Sequence[Column], table: pl.DataFrame
) -> Diff | None:
    """What changed since the newest version that is out; None when there is none."""
    from opendata.diff.comparing import Edition, compare
    from opendata.diff.opening import edition

    if not out:
        return None
    before = out[-1].release
    return compare(edition(before), Edition(before.id, version, tuple(columns), table))


def section(one: Earlier) -> str:
    """What a version says of itself in its own change log."""
    lines = (one.release.directory / FILE).read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(_HEAD)]
    if not starts:
        return _section((one.release.version, one.released), [])
    end = starts[1] if starts[1:] else len(lines)
    return "\n".join(lines[starts[0] : end]).rstrip() + "\n"


def _section(version: tuple[str, date], lines: Sequence[Text]) -> str:
    said = "".join(f"- {line.vi}\n- {line.en}\n" for line in lines)
    return f"{_HEAD}{version[0]} ({version[1]})\n" + (f"\n{said}" if said else "")


def _about(spec: Spec, rows: int) -> Iterator[Text]:
    period = spec.entry.temporal
    yield Text(
        f"{rows} dòng, {period.start} – {period.end}.", f"{rows} rows, {period.start} to {period.end}."
    )


def _policy(spec: Spec, released: date, out: Sequence[Earlier]) -> Iterator[Text]:
    """What was corrected since the version before, what is provisional, and what will change."""
    from opendata import revisions

    first = out[-1].released if out else released
    for one in revisions.since(spec.revisions, first, released):
        yield Text(f"Đính chính ngày {one.date}: {one.what.vi}", f"Correction of {one.date}: {one.what.en}")
    if spec.revisions and spec.revisions.provisional:
        month = spec.revisions.provisional.since
        yield Text(f"Số liệu từ {month} là sơ bộ (P).", f"Figures from {month} on are provisional (P).")
    if spec.notice:
        told = spec.notice
        yield Text(
            f"Báo trước, áp dụng từ {told.effective}: {told.what.vi}",
            f"Notice, in effect from {told.effective}: {told.what.en}",
        )

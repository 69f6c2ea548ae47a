"""What of the calendar has come: each due release with the version that told its period first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import VerificationError
from opendata.ledger import Event
from opendata.release import release_manifest
from opendata.schedule.moments import Due, dues
from opendata.spec import Spec


@dataclass(frozen=True, slots=True)
class Published:
    """A version that was published once, whatever became of it since.

    Attributes:
        version: The version.
        at: When, in UTC.
        end: The last day that it tells of.
    """

    version: str
    at: datetime
    end: date


@dataclass(frozen=True, slots=True)
class Met:
    """A due release, and what came of it.

    Attributes:
        due: What was promised.
        by: The version that told the period, or a longer one, first; None while there is none.
    """

    due: Due
    by: Published | None


def published(folder: Path, events: Iterable[Event]) -> list[Published]:
    """The versions of a dataset that were ever published, in the order in which they were.

    One that was withdrawn since counts: its period is not due again, its successor comes by hand.

    Args:
        folder: `releases/<id>/`.
        events: Of the dataset.

    Raises:
        VerificationError: When the manifest of one of them cannot be read.
    """
    first: dict[str, datetime] = {}
    for event in events:
        if event.kind == "published":
            first.setdefault(event.version, event.at)
    return [Published(version, at, end_of(folder / version)) for version, at in first.items()]


def met(spec: Spec, seen: Sequence[Published], *, until: datetime) -> list[Met]:
    """Every release of a dataset that is due until a moment, oldest first, with the version that met it.

    Args:
        spec: Of the dataset; without a schedule nothing is due.
        seen: What was published, from `published`.
        until: The moment.
    """
    if spec.schedule is None:
        return []
    promised = takewhile(lambda due: due.moment <= until, dues(spec.schedule, spec.entry.frequency))
    return [Met(due, next((one for one in seen if one.end >= due.end), None)) for due in promised]


def end_of(directory: Path) -> date:
    """The last day that a written release tells of.

    Raises:
        VerificationError: When its manifest cannot be read.
    """
    try:
        return date.fromisoformat(release_manifest(directory)["entry"]["temporal"]["end"])
    except (KeyError, TypeError, ValueError):
        where = f"releases/{directory.parent.name}/{directory.name}/manifest.json"
        raise VerificationError([Problem(where, _NO_PERIOD, _RESTORE)]) from None


_NO_PERIOD = Text("không cho biết kỳ số liệu.", "does not tell its period.")
_RESTORE = Text("Khôi phục thư mục từ bản sao lưu.", "Restore the folder from a backup.")

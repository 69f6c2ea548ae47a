"""Nothing of a release that is due is published before its moment, by whomever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

from catalog.errors import Problem, Text
from catalog.registertables import REGISTERS
from opendata.errors import GateError
from opendata.release import Release
from opendata.schedule.history import end_of
from opendata.schedule.moments import dues
from opendata.schedule.section import Schedule
from opendata.spec import Spec
from opendata.workspace import Workspace


def opens(spec: Spec, end: date) -> datetime | None:
    """When something that tells the figures up to a day may be published, in UTC.

    It is the moment of the last release that is promised for a period which ends on that day or before: whoever tells
    January tells what is due on 10 February, whatever date the release bears.

    Args:
        spec: Of the dataset.
        end: The last day that is told.

    Returns:
        The moment; None when nothing is held back.
    """
    if spec.schedule is None or not spec.schedule.embargo:
        return None
    told = takewhile(lambda due: due.end <= end, dues(spec.schedule, spec.entry.frequency))
    last = None
    for last in told:  # noqa: B007 (the last of them)
        pass
    return last.moment if last else None


def held(workspace: Workspace, release: Release, *, now: datetime) -> datetime | None:
    """Until when a written release is held back; None when it may be published.

    Args:
        workspace: In which it lies.
        release: The release.
        now: The time.

    Raises:
        SpecError: When the spec of the dataset is there and cannot be read: nobody knows then.
        VerificationError: When the release does not tell its period.
    """
    spec = spec_of(workspace, release.id)
    return still_held(spec, release.directory, now=now) if spec else None


def still_held(spec: Spec, directory: Path, *, now: datetime) -> datetime | None:
    """As `held`, with the spec of the dataset."""
    moment = opens(spec, end_of(directory))
    return moment if moment is not None and now < moment else None


def require(workspace: Workspace, release: Release, *, clock: Callable[[], datetime]) -> None:
    """Refuse to publish before the moment.

    Raises:
        GateError: Telling the moment.
        SpecError: As `held`.
        VerificationError: As `held`.
    """
    moment = held(workspace, release, now=clock())
    if moment is not None:
        schedule = workspace.spec(release.id).schedule
        raise GateError([problem(release, schedule, moment)])


def problem(release: Release, schedule: Schedule | None, moment: datetime) -> Problem:
    """That a release is held back, and until when."""
    zone = ZoneInfo(schedule.timezone) if schedule else moment.tzinfo
    local = moment.astimezone(zone)
    vi = f"đến {local:%H:%M} ngày {local:%d/%m/%Y} ({zone}) mới được công bố."
    en = f"is not published before {local:%Y-%m-%d %H:%M} ({zone})."
    return Problem(f"{release.id} {release.version}", Text(vi, en), _WAIT)


def spec_of(workspace: Workspace, id: str) -> Spec | None:
    """The spec that may hold releases of this id back; None where there is none, as for registers.

    Raises:
        SpecError: When it cannot be read.
    """
    reserved = {workspace.config.registers.id_of(register) for register in REGISTERS}
    known = id not in reserved and workspace.spec_path(id).is_file()
    return workspace.spec(id) if known else None


_WAIT = Text(
    "Chờ đến lúc đó (opendata run --due), hoặc sửa mục schedule của khai báo.",
    "Wait until then (opendata run --due), or change the section schedule of the spec.",
)

"""The personal-data scan of files and folders: tables, texts, notebooks, names, and everything around them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import anonymize
from anonymize.errors import AnonymizeError
from anonymize.pii import Finding, Scan, Waived
from catalog.errors import Problem, Text
from opendata.errors import PersonalDataError, SourceError, SpecError
from opendata.reviews import Review, waivers
from opendata.scanning import tables
from opendata.scanning.texts import texts

LARGEST = 1 << 30  # bytes
_OURS = frozenset({".git", "__pycache__", ".ipynb_checkpoints"})


def scan(path: Path, reviews: Sequence[Review] = ()) -> Scan:
    """Look for personal data in a file, or in every file of a folder.

    Every table is scanned column by column; every text, comment, property, statistic and dictionary around the tables,
    every cell and output of notebooks and every file name is scanned too.

    Args:
        path: The file or folder.
        reviews: What people have decided about earlier findings.

    Returns:
        The verdict; places begin with the name of the file.

    Raises:
        SpecError: When there is no such file.
        PersonalDataError: When a file cannot be scanned, with one problem per such file.
    """
    parts: list[Scan] = []
    problems: list[Problem] = []
    for number, (file, name) in enumerate(_files(path), start=1):
        shown = safe_name(name, f"file {number}{file.suffix}")
        try:
            if file.stat().st_size > LARGEST:
                raise PersonalDataError([Problem(shown, _TOO_LARGE, _SPLIT)])
            parts += _content(file.read_bytes(), shown, name, reviews)
        except PersonalDataError as error:
            problems += error.problems
        except OSError:
            problems.append(Problem(shown, _UNREADABLE, _PERMISSION))
    if problems:
        raise PersonalDataError(problems)
    return _together(parts)


def scan_bytes(data: bytes, name: str, reviews: Sequence[Review] = ()) -> Scan:
    """Look for personal data in the bytes of one file.

    Args:
        data: The bytes.
        name: The file's name, which is scanned too; its extension says what it is.
        reviews: What people have decided about earlier findings.

    Raises:
        PersonalDataError: When the file cannot be scanned.
    """
    return _together(_content(data, safe_name(name, f"file{PurePath(name).suffix}"), name, reviews))


def safe_name(name: str, otherwise: str) -> str:
    """A name as part of a place: another one when it holds personal data itself."""
    return name if anonymize.scan(name).ok else otherwise


def safe(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, without those parts of their places that hold personal data themselves, such as a sheet's name."""

    def shown(place: str) -> str:
        return place if anonymize.scan(place).ok else ", ".join(safe_name(p, "…") for p in place.split(", "))

    return tuple(replace(finding, place=shown(finding.place)) for finding in findings)


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Files and their names below what was given; the names are published with them."""
    if path.is_file():
        yield path, path.name
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            below = file.relative_to(path)
            if file.is_file() and not _OURS & {*below.parts}:
                yield file, below.as_posix()
    else:
        raise SpecError([Problem(str(path), _NOT_THERE, _CHECK_PATH)])


def _content(data: bytes, shown: str, name: str, reviews: Sequence[Review]) -> list[Scan]:
    """The verdicts on a file's tables, and on its texts and its name; a file that cannot be scanned is refused."""
    try:
        if PurePath(name).suffix.lower() in tables.KINDS:
            places, frames = tables.read(data, shown)
        else:
            places, frames = list(texts(data, shown)), []
        places.insert(0, (f"{shown} (name)", " / ".join(PurePath(name).parts)))
        found = [
            _placed(anonymize.scan(frame, allow=waivers(reviews, f"{place}: ")), f"{place}: ")
            for place, frame in frames
        ]
        return [*found, anonymize.scan(places, allow=waivers(reviews))]
    except SourceError as error:
        raise PersonalDataError(error.problems) from None
    except AnonymizeError as error:
        problems = [Problem(f"{shown}: {p.where}", Text(*p.what), Text(*p.remedy)) for p in error.problems]
        raise PersonalDataError(problems) from None


def _placed(found: Scan, prefix: str) -> Scan:
    """The same verdict, each place with the file before it."""

    def placed(finding: Finding) -> Finding:
        return replace(finding, place=f"{prefix}{finding.place}")

    waived = tuple(Waived(placed(w.finding), w.reason, w.by) for w in found.waived)
    return replace(found, findings=tuple(map(placed, found.findings)), waived=waived)


def _together(parts: Sequence[Scan]) -> Scan:
    return Scan(
        findings=tuple(finding for part in parts for finding in part.findings),
        waived=tuple(waived for part in parts for waived in part.waived),
        places=sum(part.places for part in parts),
        digest=hashlib.sha256("\n".join(part.digest for part in parts).encode()).hexdigest(),
    )


_NOT_THERE = Text("không có tệp hay thư mục này.", "there is no such file or folder.")
_CHECK_PATH = Text("Kiểm tra đường dẫn.", "Check the path.")
_UNREADABLE = Text("không đọc được tệp.", "the file cannot be read.")
_PERMISSION = Text("Kiểm tra quyền đọc.", "Check the permissions.")
_TOO_LARGE = Text("tệp lớn hơn 1 GB.", "the file is larger than 1 GB.")
_SPLIT = Text("Chia thành nhiều tệp.", "Split it into several files.")

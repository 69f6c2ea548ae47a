"""The personal-data scan: columns and texts in, a verdict without values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

import polars as pl

from anonymize.errors import Problem, ScanError, Text
from anonymize.pii.columns import COUNT_LIMIT, column_clues
from anonymize.pii.digest import column_digest, review_digest, text_digest, version
from anonymize.pii.reading import Clue, read
from anonymize.pii.result import Finding, Scan, Waived, Waiver, mask

Scannable = pl.DataFrame | pl.Series | str | Iterable[str | tuple[str, str]]


REVIEWED = 500
"""So many places with findings can be reviewed: who has more should drop or recode."""


class _Place(NamedTuple):
    name: str
    digest: str
    clues: list[Clue]


@dataclass(frozen=True, slots=True)
class _Options:
    codes: Mapping[str, frozenset[str]]
    counts: Mapping[str, int]
    texts: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = field(default=())


def scan(
    data: Scannable,
    *,
    place: str = "data",
    codes: Mapping[str, Collection[object]] | None = None,
    counts: Mapping[str, int] | Iterable[str] = (),
    allow: Iterable[str | Waiver] = (),
) -> Scan:
    """Looks for personal data in a frame, a column or texts.

    Column names are screened against the deny-list; the distinct values of every column that are not declared codes are
    judged together by their shapes and then one by one by presidio with Vietnamese and English recognisers, offline.

    Args:
        data: A frame or series; a text; a sequence of texts; or located texts `(place, text)`.
        place: Where a lone text, an unnamed series or a list of bare texts comes from.
        codes: Column -> its declared code list. These values are not looked at: a code list is published with its
            labels: scan those once as texts.
        counts: Measure columns of whole numbers: only their size is checked, not their shape. A mapping sets the
            smallest implausible value per column, a list means 100 million: nine digits are
            an identity card, not a count.
        allow: Exact texts that are published on purpose, such as the publisher's contact address, and waivers of single
            findings. What they cover is reported in `Scan.waived`.

    Returns:
        The verdict. `ok` is True only if everything was looked at and nothing was found.

    Raises:
        ScanError: If anything stopped the scan from being complete: a failed self-test, a timeout, a warning of
            presidio, a type that cannot be read, a missing word list. Never carries a value.
    """
    options = _options(codes, counts, allow)
    with _started():
        places = list(_places(data, place, options))
    doubtful = [spot for spot in places if spot.clues]
    found = [
        _judge(spot, clue, options, review_digest(spot.digest) if number < REVIEWED else "")
        for number, spot in enumerate(doubtful)
        for clue in spot.clues
    ]
    digest = sha256(
        "\n".join([version(), repr(_plain(options)), *(f"{p.name}\t{p.digest}" for p in places)]).encode()
    )
    return Scan(
        findings=tuple(item for item in found if isinstance(item, Finding)),
        waived=tuple(item for item in found if isinstance(item, Waived)),
        places=len(places),
        digest=digest.hexdigest(),
    )


def _started() -> AbstractContextManager[None]:
    """The self-test runs before anything is read, also when nothing turns out to be suspicious."""
    try:
        from anonymize.pii.engine import guarded, ready
    except ImportError:
        what = Text("Thiếu thư viện presidio-analyzer.", "The library presidio-analyzer is missing.")
        remedy = Text("Cài đặt ytemo[pii].", "Install ytemo[pii].")
        raise ScanError([Problem("scan", what, remedy)]) from None
    ready()
    return guarded()


def _options(
    codes: Mapping[str, Collection[object]] | None,
    counts: Mapping[str, int] | Iterable[str],
    allow: Iterable[str | Waiver],
) -> _Options:
    if isinstance(allow, str) or isinstance(counts, str):
        raise _usage("allow, counts")
    allowed = list(allow)
    return _Options(
        codes={column: frozenset(map(str, listed)) for column, listed in (codes or {}).items()},
        counts=dict(counts) if isinstance(counts, Mapping) else dict.fromkeys(counts, COUNT_LIMIT),
        texts=tuple(item for item in allowed if isinstance(item, str) and item.strip()),
        waivers=tuple(item for item in allowed if isinstance(item, Waiver)),
    )


def _plain(options: _Options) -> list[object]:
    codes = {column: sorted(listed) for column, listed in sorted(options.codes.items())}
    return [codes, sorted(options.counts.items()), sorted(options.texts), sorted(map(repr, options.waivers))]


def _places(data: Scannable, place: str, options: _Options) -> Iterator[_Place]:
    if isinstance(data, pl.DataFrame | pl.Series):
        return _frame_places(data, place, options)
    return _text_places(data, place, options)


def _frame_places(data: pl.DataFrame | pl.Series, place: str, options: _Options) -> Iterator[_Place]:
    frame = data if isinstance(data, pl.DataFrame) else data.rename(data.name or place).to_frame()
    unknown = sorted({*options.codes, *options.counts} - set(frame.columns))
    if unknown:
        raise _usage(", ".join(unknown))
    for number, column in enumerate(frame.iter_columns(), start=1):
        clues = column_clues(
            column, options.codes.get(column.name), options.counts.get(column.name), options.texts
        )
        # A heading that is a person or a number is no place to show.
        name = f"column {number}" if read([column.name]) else column.name
        yield _Place(name, column_digest(column), clues)


def _text_places(
    data: str | Iterable[str | tuple[str, str]], place: str, options: _Options
) -> Iterator[_Place]:
    for name, text in _located(data, place):
        yield _Place(name, text_digest(text), read([text], options.texts))


def _located(data: str | Iterable[str | tuple[str, str]], place: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield place, data
        return
    for index, item in enumerate(data):
        match item:
            case str():
                yield f"{place}[{index}]", item
            case (str() as name, str() as text):
                yield name, text
            case _:
                raise _usage(f"{place}[{index}]")


def _judge(spot: _Place, clue: Clue, options: _Options, digest: str) -> Finding | Waived:
    found = Finding(
        spot.name,
        clue.entity,
        clue.score,
        mask(clue.example),
        clue.distinct,
        clue.row,
        digest,
        clue.evidence,
    )
    if clue.declared:
        return Waived(found, "declared text")
    for waiver in options.waivers:
        if (waiver.place, waiver.entity, waiver.digest) == (found.place, found.entity, found.digest):
            return Waived(found, waiver.reason, waiver.by)
    return found


def _usage(where: str) -> ScanError:
    what = Text("Tham số của bộ quét không dùng được.", "This cannot be scanned as given.")
    remedy = Text(
        "Đưa vào bảng, cột, văn bản hoặc các cặp (vị trí, văn bản); codes và counts phải là cột có thật.",
        "Give a frame, a series, texts or pairs (place, text); codes and counts must name existing columns.",
    )
    return ScanError([Problem(where, what, remedy)])

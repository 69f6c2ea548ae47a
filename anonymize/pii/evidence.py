"""What the values of a column prove together, under any header.

A lone number of 9 or 10 digits is undecidable; a column of them is not: the share of its distinct values that has a
shape is compared with what codes, counts, trade item numbers and running numbers look like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii import checks

SAMPLE = 5_000
FEW, MANY = 5, 20  # distinct values from which a specific, an unspecific shape counts as evidence


@dataclass(frozen=True, slots=True)
class Evidence:
    """A shape that a column's distinct values share.

    Attributes:
        entity: The entity type.
        score: How sure.
        share: Share of the sampled distinct values that have the shape.
        example: One value that has it; internal, for the mask.
    """

    entity: str
    score: float
    share: float
    example: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape: enough distinct values, a sufficient share, and not better explained by something harmless."""

    entity: str
    score: float
    share: float
    least: int
    has: Callable[[str], bool]
    unless: Callable[[Sequence[str]], bool] | None = None


def _full(pattern: str) -> Callable[[str], bool]:
    compiled = regex.compile(pattern, regex.IGNORECASE)
    return lambda value: compiled.fullmatch(value) is not None


def _running(values: Sequence[str]) -> bool:
    """Numbers in a dense range: invoices, serial numbers, facility codes, not numbers drawn for people."""
    numbers = sorted({int(checks.digits(value)) for value in values if checks.digits(value)})
    return len(numbers) < 2 or (numbers[-1] - numbers[0]) <= 200 * len(numbers)


def _trade(values: Sequence[str]) -> bool:
    return sum(map(checks.gtin, values)) >= 0.9 * len(values)


def _round(values: Sequence[str]) -> bool:
    """Sums of money end in zeros."""
    return sum(value.endswith("00") for value in values) >= 0.2 * len(values)


def _registered(values: Sequence[str]) -> bool:
    """Registration numbers of medicines begin with 893, the country's GS1 prefix."""
    return all(value.startswith("893") for value in values)


def _months(values: Sequence[str]) -> bool:
    """Months of a year, 11/2015, have the look of record numbers."""
    return sum(_MONTH(value) for value in values) >= 0.95 * len(values)


def _no_years(values: Sequence[str]) -> bool:
    """A record number has one of a few years in it; a code or a fraction has anything there."""
    parts = [regex.split(r"[./-]", value) for value in values]
    years = {(tail if len(head) > 2 and not _YEAR(head) else head)[-2:] for head, tail in parts}
    return len(years) > 10 or _months(values)


def _fractions(values: Sequence[str]) -> bool:
    """Behind the point of a fraction stands anything; behind that of a record number, one of a few years."""
    return len({regex.split(r"[./-]", value)[1][:2] for value in values}) > 10


def _moments(values: Sequence[str]) -> bool:
    """Time stamps of 12 or 14 digits."""
    return sum(_MOMENT(value) for value in values) >= 0.95 * len(values)


def _amounts(values: Sequence[str]) -> bool:
    """Sums of money begin with 1 more often than with 9 and share no head; account numbers share that of their bank."""
    share = {digit: sum(value[0] == digit for value in values) / len(values) for digit in "01289"}
    heads = Counter(value[:4] for value in values)
    low, high = share["1"] + share["2"], share["8"] + share["9"]
    benford = 0.2 <= share["1"] <= 0.5 and low >= 0.36 and high <= 0.15 and not share["0"]
    return benford and max(heads.values()) <= max(2, 0.1 * len(values))


def _one_head(values: Sequence[str]) -> bool:
    """Receipts of one series share their letters; passports of travellers do not."""
    return len({value[:2].upper() for value in values}) < 3 or _running(values)


def _spread(values: Sequence[str]) -> bool:
    """Old identity cards run evenly up to 39...; amounts thin out, so few of them have all nine digits."""
    return sum(len(value) == 9 for value in values) < 0.6 * len(values) or _harmless(values)


def _money(values: Sequence[str]) -> bool:
    return _harmless(values) or _amounts(values)


def _harmless(values: Sequence[str]) -> bool:
    return _running(values) or _trade(values) or _round(values) or _registered(values) or _moments(values)


_MONTH = _full(r"(?:0?[1-9]|1[0-2])[./-](?:19|20)\d{2}|(?:19|20)\d{2}[./-](?:0[1-9]|1[0-2])")
_MOMENT = _full(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[01]\d|2[0-3])(?:[0-5]\d){1,2}")
_SERVICE = _full(r"\d{2}\.\d{4}\.\d{4}")
_YEAR = _full(r"20\d{2}")
_TEXT_RULES = (
    Rule(
        "PERSONAL_ID", 0.9, 0.5, FEW, lambda v: len(v) == 12 and v.isdigit() and checks.personal_id(v), _trade
    ),
    Rule("PERSONAL_ID", 0.7, 0.8, MANY, lambda v: len(v) == 12 and v.isdigit(), _harmless),
    Rule("HEALTH_INSURANCE", 0.95, 0.5, FEW, _full(r"[a-z]{2}[ .-]?[1-5](?:[ .-]?\d){12}")),
    Rule(
        "PHONE",
        0.9,
        0.8,
        FEW,
        _full(r"(?:\+?84|0084|0)[ .-]?(?:[35789]\d|2\d{2}|1[2689]\d)(?:[ .-]?\d){7,8}"),
        _trade,
    ),
    Rule(
        "TAX_CODE",
        0.85,
        0.9,
        FEW,
        lambda v: len(v) in (10, 14) and checks.digits(v)[:9].isdigit() and checks.tax_code(v),
    ),
    Rule("SOCIAL_INSURANCE", 0.7, 0.8, MANY, _full(r"\d{10}"), _money),
    Rule("ID_CARD_9", 0.7, 0.8, MANY, _full(r"[0-4]\d{8}"), _harmless),
    Rule("BANK_ACCOUNT", 0.6, 0.8, MANY, _full(r"\d{9}|\d{11}|\d{13,19}"), _money),
    Rule("BANK_ACCOUNT", 0.6, 0.9, MANY, lambda v: v.isdigit() and 9 <= len(v) <= 16, _money),
    Rule("PASSPORT", 0.7, 0.8, FEW, _full(r"[bcekpn]\d{7,8}"), _running),
    Rule("PASSPORT", 0.6, 0.9, MANY, _full(r"[a-z]\d{7,8}"), _running),
    Rule("PASSPORT", 0.6, 0.9, MANY, _full(r"[a-z]{1,2}\d{7,8}"), _one_head),
    Rule("VEHICLE_PLATE", 0.85, 0.8, FEW, _full(r"[1-9]\d-?[a-z][a-z\d]?[ -]{0,3}\d{3}\.?\d{1,2}")),
    Rule(
        "PRACTICE_CERTIFICATE",
        0.9,
        0.5,
        FEW,
        _full(r"\d{3,7}/[\p{L}]{1,6}-(?:CCHN|GPHN)D?|\d{3,7}/(?:CCHN|GPHN)D?-[\p{L}]{1,6}"),
    ),
    Rule(
        "MEDICAL_RECORD",
        0.75,
        0.8,
        FEW,
        _full(r"(?:bn|ba|hs|hsba|mrn|pid|pt|nt|ngt|vv|kb|mbn|mba)[ ./-]?\d{2,4}[./-]?\d{3,10}"),
    ),
    Rule(
        "MEDICAL_RECORD",
        0.65,
        0.8,
        MANY,
        _full(r"(?:\d{2}|20\d{2})[./-]\d{4,8}|\d{4,8}/(?:\d{2}|20\d{2})"),
        _no_years,
    ),
    Rule("MEDICAL_RECORD", 0.65, 0.9, MANY, _full(r"\d{5}[./-]\d{2}\d{4,8}"), _fractions),
    Rule("EMAIL", 0.95, 0.3, 2, _full(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")),
)
_WHOLE_RULES = (
    Rule(
        "PERSONAL_ID",
        0.85,
        0.8,
        FEW,
        lambda v: len(v) in (10, 11) and checks.personal_id(v.zfill(12)),
        _harmless,
    ),
    Rule("PHONE", 0.8, 0.95, 10, _full(r"[35789]\d{8}|84[35789]\d{8}"), _harmless),
    Rule("TAX_CODE", 0.75, 0.9, 10, lambda v: 9 <= len(v) <= 10 and checks.tax_code(v.zfill(10)), _round),
    Rule("SOCIAL_INSURANCE", 0.65, 0.98, MANY, lambda v: len(v) in (9, 10), _money),
    Rule("ID_CARD_9", 0.65, 0.95, MANY, _full(r"\d{8,9}"), _harmless),
    Rule(
        "ID_CARD_9", 0.65, 0.97, MANY, lambda v: 7 <= len(v) <= 9 and int(v) < 4 * 10**8, _spread
    ),  # with lost zeros
    Rule("BANK_ACCOUNT", 0.6, 0.95, MANY, _full(r"\d{9,18}"), _money),
)


def text_evidence(values: pl.Series) -> list[Evidence]:
    """Identifiers that a column of text consists of.

    Args:
        values: Distinct, non-null, normalised strings.

    Returns:
        The surest evidence, at most one.
    """
    cleaned = [_trim(value) for value in _sample(values)]
    return _judge([value for value in cleaned if value], _TEXT_RULES) or _births(
        [checks.calendar_day(v) for v in cleaned if len(v) <= 25]
    )


def trade_codes(values: pl.Series) -> bool:
    """Whether a column of text consists of numbers of goods or services: then no number in it is a person's.

    Args:
        values: Distinct, non-null strings.

    Returns:
        True if nine in ten have the check digit of a GTIN, which one in ten of other numbers has by chance, or if all
        are written like the ministry's service codes, 02.0085.1778, and most cannot be telephone numbers.
    """
    sample = [_trim(value) for value in _sample(values)]
    if len(sample) < MANY:
        return False
    services = all(map(_SERVICE, sample)) and sum(value[1] in "35789" for value in sample) < 0.75 * len(
        sample
    )
    return services or (all(map(str.isdigit, sample)) and _trade(sample))


def whole_evidence(values: pl.Series) -> list[Evidence]:
    """Identifiers that a column of whole numbers consists of; a personal id stored as one has lost its zero.

    Args:
        values: Distinct, non-null integers.

    Returns:
        The surest evidence, at most one.
    """
    return _judge([str(value) for value in _sample(values) if value > 0], _WHOLE_RULES)


def day_evidence(values: pl.Series) -> list[Evidence]:
    """Dates of birth in a column of dates.

    Args:
        values: Distinct, non-null dates.

    Returns:
        The evidence, if any.
    """
    return _births(list(_sample(values)))


def _sample(values: pl.Series) -> list[Any]:
    # Evenly spaced: no randomness.
    step = max(1, -(-len(values) // SAMPLE))
    return values.gather_every(step).to_list()


def _trim(value: str) -> str:
    value = value.strip(" '\t")
    return value[:-2] if value.endswith(".0") and value[:-2].isdigit() else value


def _judge(values: Sequence[str], rules: Sequence[Rule]) -> list[Evidence]:
    for rule in sorted(rules, key=lambda rule: -rule.score):
        having = [value for value in values if rule.has(value)]
        enough = len(having) >= rule.least and len(having) >= rule.share * len(values)
        if enough and not (rule.unless and rule.unless(having)):
            return [Evidence(rule.entity, rule.score, len(having) / len(values), having[0])]
    return []


def _births(days: Sequence[date | None]) -> list[Evidence]:
    """Birthdays spread over decades and over the days of the month; reporting dates do not."""
    known = [day for day in days if day is not None]
    if len(known) < MANY or len(known) < 0.8 * len(days):
        return []
    years = sorted(day.year for day in known)
    spread = years[int(0.95 * (len(years) - 1))] - years[int(0.05 * (len(years) - 1))]
    if spread < 25 or len({day.day for day in known}) < 10:
        return []
    return [Evidence("DATE_OF_BIRTH", 0.75, len(known) / len(days), "01/01/2000")]

"""Arithmetic of identifiers: what raises or lowers the score of a number. Structure grades, it never gates."""

from __future__ import annotations

from datetime import date

# Codes of the 63 provinces of birth in personal ids (Circular 59/2021/TT-BCA, annex); newer ids may leave them.
# fmt: off
_CODES = (
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40,
    42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83,
    84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
)
# fmt: on
PROVINCES = frozenset(f"{code:03}" for code in _CODES)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def digits(value: str) -> str:
    """The ASCII digits of a value, in order."""
    return "".join(char for char in value if "0" <= char <= "9")


def personal_id(value: str) -> bool:
    """Whether 12 digits are built as a personal id: province of birth, century and sex, year of birth, six more.

    Args:
        value: Digits, with or without separators.

    Returns:
        True if the province is one of the 63 and the birth year lies in 1900-2039.
    """
    number = digits(value)
    if len(number) != 12 or number[:3] not in PROVINCES:
        return False
    return number[3] in "01" or (number[3] in "23" and number[4] in "0123")


def tax_code(value: str) -> bool:
    """Whether the tenth digit is the check digit of a tax code (weights 31, 29, 23, 19, 17, 13, 7, 5, 3; modulus 11).

    Args:
        value: 10 digits, or 10 and 3.

    Returns:
        True if the check digit fits.
    """
    number = digits(value)
    if len(number) not in (10, 13):
        return False
    rest = 10 - sum(int(digit) * weight for digit, weight in zip(number, _TAX_WEIGHTS, strict=False)) % 11
    return rest == int(number[9])


def gtin(value: str) -> bool:
    """Whether the last digit is the GS1 check digit of a GTIN-8, 12, 13 or 14.

    Args:
        value: Digits.

    Returns:
        True if the check digit fits.
    """
    number = digits(value)
    if len(number) not in (8, 12, 13, 14):
        return False
    body = [int(digit) for digit in reversed(number[:-1])]
    return (10 - (3 * sum(body[::2]) + sum(body[1::2])) % 10) % 10 == int(number[-1])


def repeated(value: str) -> bool:
    """Whether a number is one digit over and over: a placeholder, not an identifier."""
    return len(set(digits(value))) == 1


def calendar_day(value: str) -> date | None:
    """The day a text names: day first, year first, or month first where nothing else is possible.

    Args:
        value: For instance 12/05/1985, 12-5-85, 05/31/1985, 1985-05-12, 19850512, 12051985.

    Returns:
        The day, or None if it is none between 1900 and 2039.
    """
    parts = [part for part in "".join(c if c.isdigit() else " " for c in value).split() if part]
    if len(parts) == 1 and len(parts[0]) == 8:
        whole = parts[0]
        year_first = whole[:2] in ("19", "20") and whole[4:6] <= "12"
        cuts = (whole[:4], whole[4:6], whole[6:]) if year_first else (whole[:2], whole[2:4], whole[4:])
        parts = list(cuts)
    if len(parts) < 3:
        return None
    if any(len(part) > 4 for part in parts[:3]):
        return None
    year, month, day = map(int, parts[:3] if len(parts[0]) == 4 else (parts[2], parts[1], parts[0]))
    if month > 12 >= day:  # month first
        month, day = day, month
    if len(parts[0]) < 3 and len(parts[2]) == 2:
        year += 1900 if year > 30 else 2000
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2039 else None

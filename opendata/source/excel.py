"""One way to open a workbook: by its bytes, whatever its extension says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from xlrd import compdoc

from opendata.errors import SourceError
from opendata.source.grid import Book, address
from opendata.source.parts import Bomb
from opendata.source.problems import problem
from opendata.source.records import Located
from opendata.source.xls import open_xls
from opendata.source.xlsx import Encrypted, open_xlsx

MAX_BYTES = 200 << 20
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_EXTENSIONS = {".xls": "xls", ".xlsx": "xlsx", ".xlsm": "xlsx"}
DIGITS = 9


def open_book(data: bytes, path: str) -> Book:
    """Read a workbook.

    Args:
        data: The bytes of the file.
        path: As declared, for messages and to compare its extension with its content.

    Raises:
        SourceError: If it is empty, too large, encrypted, damaged, not a workbook, or not what its extension
        says.
    """
    if len(data) > MAX_BYTES:
        raise SourceError([problem("too_big", path, f"{MAX_BYTES >> 20} MB")])
    content = _content(data)
    if content in ("empty_file", "encrypted", "corrupt"):
        raise SourceError([problem(content, path)])
    if _EXTENSIONS.get(PurePosixPath(path).suffix.lower()) != content:
        raise SourceError([problem("wrong_extension", path)])
    try:
        return open_xls(data, path) if content == "xls" else open_xlsx(data, path)
    except Bomb:
        raise SourceError([problem("bomb", path)]) from None
    except Encrypted:
        raise SourceError([problem("encrypted", path)]) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    # A damaged file fails in the readers as anything from IndexError to a Rust panic, with bytes in the message.
    except BaseException as error:
        kind = "encrypted" if "encrypt" in str(error).lower() else "corrupt"
        raise SourceError([problem(kind, path)]) from None


def _content(data: bytes) -> str:
    """What the bytes are: xls, xlsx, or the reason why not."""
    if not data.strip(b"\x00"):
        return "empty_file"
    if data.startswith(compdoc.SIGNATURE):
        # A .xlsx with a password is an OLE container with the encrypted package inside.
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "xls"
    if data.startswith(_BIFF):
        return "xls"
    return "xlsx" if zipfile.is_zipfile(io.BytesIO(data)) else "corrupt"


def book_texts(book: Book) -> Iterator[Located]:
    """Every text of a workbook as stored (not decoded), wherever it is.

    Whole numbers of 9 digits and more come as text too, with the leading zeros that a spreadsheet drops
    restored: a phone number has 10 digits and an identity number 12, and both begin with 0.
    """
    for sheet in book.sheets:
        yield Located(f"{book.path} (name of a sheet)", sheet.name, "sheet")
        for r, row in enumerate(sheet.cells):
            for c, value in enumerate(row):
                place = f"{book.path}, {sheet.name}!{address(r, c)}"
                if isinstance(value, str):
                    yield Located(place, value, "cell")
                elif isinstance(value, float) and abs(value) >= 10 ** (DIGITS - 1) and value.is_integer():
                    yield from (Located(place, digits, "number") for digits in long_number(int(value)))
    yield from book.extras


def long_number(value: int) -> Iterator[str]:
    """The digits of a number, and as the phone or identity number that it may have been."""
    digits = str(abs(value))
    yield digits
    if len(digits) == 9:
        yield "0" + digits
    elif len(digits) in (10, 11):
        yield digits.zfill(12)

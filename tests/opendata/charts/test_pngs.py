"""The smaller PNG is the same picture."""

import struct
import zlib

import pytest

from opendata.charts.pngs import squeezed


def picture(width, height):
    rows = b"".join(b"\x00" + bytes((x * y) % 251 for x in range(4 * width)) for y in range(height))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)), (b"pHYs", bytes(9))]
    packed = zlib.compress(rows, 1)
    chunks += [(b"IDAT", packed[:100]), (b"IDAT", packed[100:]), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body, rows


def pixels(data):
    at, found = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        part = data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + part),)
        found += part if kind == b"IDAT" else b""
        at += 12 + size
    return zlib.decompress(found)


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (300, 200)])
def test_the_pixels_and_the_header_stay(size):
    before, rows = picture(*size)
    after = squeezed(before)
    assert pixels(after) == rows
    assert after[:33] == before[:33]
    assert b"pHYs" in after
    assert squeezed(after) == after

"""Arithmetic modulo the prime 2^61 - 1 in 64-bit integers, compiled."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

P = (1 << 61) - 1
_LOW31 = (1 << 31) - 1
_LOW30 = (1 << 30) - 1


@numba.njit(cache=True)
def mul(a: int, b: int) -> int:
    """A * b mod P; the product is split at 31 bits because no 128-bit integer is at hand."""
    a1, a0, b1, b0 = a >> 31, a & _LOW31, b >> 31, b & _LOW31
    middle = a1 * b0 + a0 * b1
    low = a0 * b0
    r = ((a1 * b1) << 1) + (middle >> 30) + ((middle & _LOW30) << 31) + (low & P) + (low >> 61)
    r = (r & P) + (r >> 61)
    return r - P if r >= P else r


@numba.njit(cache=True)
def sub(a: int, b: int) -> int:
    """A - b mod P."""
    return a - b if a >= b else a - b + P


@numba.njit(cache=True)
def add(a: int, b: int) -> int:
    """A + b mod P."""
    r = a + b
    return r - P if r >= P else r


@numba.njit(cache=True)
def inverse(a: int) -> int:
    """1 / a mod P, by Fermat's little theorem; 0 for 0."""
    exponent, result = P - 2, 1
    while exponent:
        if exponent & 1:
            result = mul(result, a)
        a = mul(a, a)
        exponent >>= 1
    return result


@numba.njit(cache=True)
def draw(state: NDArray[np.uint64]) -> int:
    """The next number below P of a xorshift generator; `state` holds one non-zero 64-bit number."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return np.int64(x >> np.uint64(3)) % P  # type: ignore[return-value]

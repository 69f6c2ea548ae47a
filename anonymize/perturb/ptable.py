"""Tables of noise probabilities for the cell-key method: declared, checked, or made with maximum entropy."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from anonymize.errors import PolicyError, Problem, Text

TOLERANCE = 1e-6
_DIGITS = 12
_SHARE = 1e-5
_TIGHT = 1e-10

Row = tuple[float, ...]
Vector = NDArray[np.float64]


def _as_rows(value: Any) -> Any:
    """YAML and people write lists of lists, and 1 for 1.0; the model is frozen and strict."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(
        tuple(float(p) if type(p) is int else p for p in row) if isinstance(row, list | tuple) else row
        for row in value
    )


class PTable(BaseModel):
    """Row i holds the probabilities of the noise -D ... D for a count of i; the last row serves all larger counts.

    Attributes:
        rows: One row of 2 D + 1 probabilities per count 0, 1, 2, ...; each sums to 1 and has mean noise 0; zero is
            never changed and no count becomes negative.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rows: Annotated[tuple[Row, ...], BeforeValidator(_as_rows)]

    @property
    def deviation(self) -> int:
        """D, the largest noise."""
        return len(self.rows[0]) // 2

    @model_validator(mode="after")
    def _sound(self) -> PTable:
        mistakes = _shape_mistakes(self.rows) or [
            m for i, row in enumerate(self.rows) for m in _mistakes(i, row)
        ]
        if not mistakes and len(self.rows) <= self.deviation:
            mistakes = [
                f"needs a row for every count up to D = {self.deviation} / "
                f"cần một dòng cho mỗi số đếm đến D = {self.deviation}"
            ]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self


def _shape_mistakes(rows: tuple[Row, ...]) -> list[str]:
    widths = {len(row) for row in rows}
    if len(widths) == 1 and min(widths) % 2 == 1 and min(widths) >= 3:
        return []
    return ["rows must all have 2 D + 1 probabilities / mọi dòng phải có 2 D + 1 xác suất"]


def _mistakes(count: int, row: Row) -> list[str]:
    """What is wrong with the row of one count; a row is a declaration, not data, so it may be named."""
    p, noise = np.array(row), np.arange(len(row)) - len(row) // 2
    if not np.isfinite(p).all() or (p < 0).any() or (p > 1).any():
        return [f"row {count} is not made of probabilities / dòng {count} không phải là xác suất"]
    tests = (
        (abs(p.sum() - 1) > TOLERANCE, "does not sum to 1", "không có tổng bằng 1"),
        (
            abs(p @ noise) > TOLERANCE,
            "is biased: its mean noise is not 0",
            "bị lệch: nhiễu trung bình khác 0",
        ),
        (p[count + noise < 0].any(), "makes counts negative", "tạo ra số đếm âm"),
        (count == 0 and p[len(row) // 2] < 1 - TOLERANCE, "changes zeros", "làm thay đổi số 0"),
    )
    return [f"row {count} {en} / dòng {count} {vi}" for wrong, en, vi in tests if wrong]


def cumulative(ptable: PTable) -> Vector:
    """Per row the running sums of the probabilities, ending in exactly 1."""
    sums = np.cumsum(np.array(ptable.rows), axis=1)
    sums[:, -1] = 1.0
    return np.asarray(np.minimum(sums, 1.0))


def maximum_entropy(deviation: int, variance: float, *, smallest: int = 0) -> PTable:
    """The standard table: of all noise with mean 0 and at most this variance, the least predictable.

    Where a count may stay as it is, larger noise is never likelier than smaller noise of the same sign, and none is
    likelier than staying; so the rows of the smallest counts may reach less than the variance.

    Source: Giessing (2016), Computational Issues in the Design of Transition Probabilities and Disclosure Risk
    Estimation for Additive Noise, Privacy in Statistical Databases; the R package `ptable` (its D, V, js).

    Args:
        deviation: D, the largest noise.
        variance: V, the largest variance.
        smallest: js: no perturbed count lies in 1 ... js.

    Raises:
        PolicyError: A parameter makes no sense, or no noise of mean 0 has so little variance.
    """
    problems = _parameter_problems(deviation, variance, smallest)
    if problems:
        raise PolicyError(problems)
    # The last row must be free of the gap below: with a gap that is one row further.
    last = deviation + smallest + (1 if smallest else 0)
    rows = [_row(count, deviation, variance, smallest) for count in range(last + 1)]
    problems = [_infeasible(count) for count, row in enumerate(rows) if row is None]
    if problems:
        raise PolicyError(problems)
    return PTable(rows=tuple(row for row in rows if row is not None))


def _row(count: int, deviation: int, variance: float, smallest: int) -> Row | None:
    """The row of one count, or None when none exists."""
    noise = np.arange(-deviation, deviation + 1).astype(float)
    after = count + noise
    allowed = np.flatnonzero((after == 0) | (after > smallest)) if count else np.array([deviation])
    found = _solve(noise[allowed], variance, monotone=count > smallest) if count else np.ones(1)
    if found is None:
        return None
    row = np.zeros(len(noise))
    row[allowed] = found
    return tuple(float(p) for p in row)


def _solve(noise: Vector, variance: float, *, monotone: bool) -> Vector | None:
    """The least predictable probabilities of this noise, or None when the constraints leave none."""
    order = _order(noise) if monotone else np.zeros((0, len(noise)))
    constraints = np.vstack([noise, noise**2, -order])
    limits = np.append([0.0, variance], np.zeros(len(order)))
    support = _support(constraints, limits)
    if support is None:
        return None
    # Where the constraints force a probability to 0 the entropy has no say; the rest is an exponential family.
    scale = np.abs(noise).max()
    member = _family(constraints[:, support] / scale, limits / scale)
    if member is None:
        return None
    found = np.zeros(len(noise))
    found[support] = member
    return np.asarray(np.round(found, _DIGITS))


def _support(constraints: Vector, limits: Vector) -> NDArray[np.bool_] | None:
    """Which probabilities the constraints let be positive (the first holds with equality); None when nothing fits.

    One program: as many probabilities as possible reach a tiny share s, all at once because mixtures fit too.
    """
    from scipy.optimize import linprog

    size = constraints.shape[1]
    free = np.zeros((len(limits) - 1, size))
    above = np.vstack([np.hstack([constraints[1:], free]), np.hstack([-np.eye(size), np.eye(size)])])
    equal = np.vstack([np.ones(size), constraints[0]])
    found = linprog(
        np.append(np.zeros(size), -np.ones(size)),
        above,
        np.append(limits[1:], np.zeros(size)),
        np.hstack([equal, np.zeros((2, size))]),
        np.array([1.0, 0.0]),
        bounds=[(0.0, 1.0)] * size + [(0.0, _SHARE)] * size,
        method="highs",
    )
    return None if found.status else np.asarray(found.x[size:] > _SHARE / 2)


def _family(constraints: Vector, limits: Vector) -> Vector | None:
    """The exponential family member that meets the limits, by an active-set method on the convex dual.

    p is proportional to exp(-multipliers @ constraints); the first limit is an equation, the others are upper limits
    with multipliers >= 0. None when the method does not settle.
    """
    active, multipliers = [0], np.zeros(len(limits))
    for _ in range(20 * len(limits)):
        multipliers[active] = _newton(constraints[active], limits[active], multipliers[active])
        p = _member(constraints, multipliers)[0]
        pushing = min(active[1:], key=lambda i: multipliers[i], default=0)
        over = constraints @ p - limits
        if pushing and multipliers[pushing] < -_TIGHT:
            active.remove(pushing)
            multipliers[pushing] = 0.0
        elif over[1:].max() > _TIGHT:
            active.append(1 + int(over[1:].argmax()))
        else:
            return p if abs(over[active]).max() < _TIGHT else None
    return None


def _newton(constraints: Vector, limits: Vector, multipliers: Vector) -> Vector:
    """Minimises the dual with these limits as equations, by damped Newton steps."""
    for _ in range(100):
        p, value = _member(constraints, multipliers)
        mean = constraints @ p
        if np.abs(mean - limits).max() < 1e-14:
            break
        spread = (constraints * p) @ constraints.T - np.outer(mean, mean)
        step = np.linalg.lstsq(spread, mean - limits, rcond=1e-12)[0]
        length, now = 1.0, value + float(multipliers @ limits)
        while length > 1e-4:
            trial = multipliers + length * step
            if _member(constraints, trial)[1] + float(trial @ limits) <= now + 1e-15:
                break
            length /= 2
        multipliers = multipliers + length * step
    return multipliers


def _member(constraints: Vector, multipliers: Vector) -> tuple[Vector, float]:
    """Probabilities of the exponential family, and the logarithm of their sum before scaling."""
    power = -(multipliers @ constraints)
    top = float(power.max())
    weight = np.exp(power - top)
    return weight / weight.sum(), top + float(np.log(weight.sum()))


def _order(noise: Vector) -> Vector:
    """Rows g with g @ p >= 0: each probability is at least that of the noise next further from 0."""
    rows = []
    for i, v in enumerate(noise):
        nearer = np.flatnonzero(np.sign(v) * (v - noise) > 0)
        if v and len(nearer):
            row = np.zeros(len(noise))
            nearest = nearer[-1] if v > 0 else nearer[0]
            row[nearest], row[i] = 1.0, -1.0
            rows.append(row)
    return np.array(rows).reshape(-1, len(noise))


def _parameter_problems(deviation: int, variance: float, smallest: int) -> list[Problem]:
    tests = (
        (deviation < 1, "deviation", "phải từ 1 trở lên.", "must be at least 1."),
        (not 0 < variance < np.inf, "variance", "phải lớn hơn 0.", "must be above 0."),
        (smallest < 0, "smallest", "không được âm.", "must not be negative."),
    )
    remedy = Text("Sửa tham số này.", "Correct this parameter.")
    return [
        Problem(f"maximum_entropy.{name}", Text(vi, en), remedy) for wrong, name, vi, en in tests if wrong
    ]


def _infeasible(count: int) -> Problem:
    return Problem(
        f"maximum_entropy: row {count}",
        Text(
            "không có nhiễu trung bình 0 nào với phương sai này.",
            "no noise of mean 0 has so little variance.",
        ),
        Text(
            "Tăng variance hoặc deviation, hoặc giảm smallest.",
            "Raise variance or deviation, or lower smallest.",
        ),
    )

"""Rules: which cells are sensitive, and how much doubt an attacker must be left with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Zeros = Literal["published", "suppressed"]


class SmallCount(BaseModel):
    """Minimum frequency: a count above zero and below the threshold is sensitive.

    Source: Handbook on Statistical Disclosure Control, chapter 4.2 (threshold rule).

    Attributes:
        kind: The name of the rule in a dataset spec.
        threshold: The smallest count that is not sensitive; 5 hides 1 to 4.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["small_count"] = "small_count"
    threshold: Annotated[int, Field(ge=2, le=1000)]


def sensitive(rule: SmallCount, values: NDArray[np.int64], *, zeros: Zeros) -> NDArray[np.bool_]:
    """Which of these counts the rule calls sensitive (zeros too when the policy suppresses them)."""
    lowest = 0 if zeros == "suppressed" else 1
    return (values >= lowest) & (values < rule.threshold)


def possibilities(rule: SmallCount, *, zeros: Zeros) -> int:
    """How many integers an attacker must be left with for a sensitive cell (never fewer than two).

    A reader knows that a hidden count is at least 1 when zeros are published: 1 to T-1 remain, else 0 to T-1.
    """
    return max(2, rule.threshold - (1 if zeros == "published" else 0))

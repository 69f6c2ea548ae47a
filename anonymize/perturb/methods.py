"""The declared perturbation methods; the section `protection` of a dataset spec that perturbs instead of hiding."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from anonymize.perturb.ptable import PTable

Base = Annotated[int, Field(ge=2, le=1000)]


class RandomRounding(BaseModel):
    """Every count goes to one of the two adjacent multiples of the base, so that the mean is the count.

    A count that lies r above a multiple goes up with probability r / base; multiples stay. Cells are rounded one by
    one, margins too: published cells do not add up.

    Source: Handbook on Statistical Disclosure Control, chapter 5.4.2 (random rounding); Willenborg and de Waal,
    Elements of Statistical Disclosure Control (2001), chapter 9.

    Attributes:
        kind: The name of the method in a dataset spec.
        base: The base, 3 or 5 in most offices.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["random_rounding"] = "random_rounding"
    base: Base = 3


class MidpointRounding(BaseModel):
    """Every count above zero becomes the middle of its class; base 6: 0, 1-6 -> 3, 7-12 -> 9, 13-18 -> 15.

    ceil(x / base) * base - floor(base / 2) * (x != 0). Margins are rounded one by one.

    Source: OpenSAFELY documentation, statistical disclosure control, "midpoint 6 rounding".

    Attributes:
        kind: The name of the method in a dataset spec.
        base: The width of a class.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["midpoint_rounding"] = "midpoint_rounding"
    base: Base = 6


class RoundAfterRedaction(BaseModel):
    """Small inner counts are hidden, the others rounded to the nearest multiple of the base (halves up).

    Source: OpenSAFELY documentation, "redact counts <= 7, then round to the nearest 5".

    Attributes:
        kind: The name of the method in a dataset spec.
        redact: The largest count that is hidden; zeros are published.
        base: The base.
        totals: "recomputed": a margin is the sum of what is shown of its parts, as OpenSAFELY asks, and hidden when
            nothing of it is shown. "rounded": margins are redacted and rounded like any other cell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["round_after_redaction"] = "round_after_redaction"
    redact: Annotated[int, Field(ge=1, le=1000)] = 7
    base: Base = 5
    totals: Literal["recomputed", "rounded"] = "recomputed"


class SmallCountRounding(BaseModel):
    """Inner counts below the base become 0 or the base; margins are the sums of the rounded inner cells.

    Source: Langsrud and Heldal, An Algorithm for Small Count Rounding of Tabular Data, Privacy in Statistical
    Databases 2018. The choice of cells is our own: error diffusion, then single and paired exchanges.

    Attributes:
        kind: The name of the method in a dataset spec.
        base: The base: no published count lies strictly between 0 and it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["small_count_rounding"] = "small_count_rounding"
    base: Base = 5


class ControlledRounding(BaseModel):
    """Every cell goes to an adjacent multiple of the base (multiples stay), all sums are kept, least deviation.

    Where no such table exists (possible from three dimensions on), cells may go further, as little as possible, and
    the result says so.

    Source: Handbook on Statistical Disclosure Control, chapter 5.4.3; Cox (1987), A constructive procedure for
    unbiased controlled rounding; Fischetti and Salazar (1998).

    Attributes:
        kind: The name of the method in a dataset spec.
        base: The base.
        nodes: The budget of the search, in nodes; a better table may exist when it is spent, never an unsafe one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["controlled_rounding"] = "controlled_rounding"
    base: Base = 5
    nodes: Annotated[int, Field(ge=1)] = 2_000


class CellKey(BaseModel):
    """Noise drawn from a declared table of probabilities by a key of the cell: the same records, the same noise.

    Source: Fraser and Wooton (2005), A proposed method for confidentialising tabular output to protect against
    differencing; Thompson, Broadfoot and Elazar (2013); Giessing (2016).

    Attributes:
        kind: The name of the method in a dataset spec.
        ptable: The probabilities; `maximum_entropy` makes a standard one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["cell_key"] = "cell_key"
    ptable: PTable


Method = (
    RandomRounding
    | MidpointRounding
    | RoundAfterRedaction
    | SmallCountRounding
    | ControlledRounding
    | CellKey
)

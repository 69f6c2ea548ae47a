"""Utility lost, and what the methods say of themselves."""

import numpy as np
import polars as pl
import pytest

from anonymize.perturb import (
    CellKey,
    MidpointRounding,
    RoundAfterRedaction,
    SmallCountRounding,
    maximum_entropy,
    perturb,
)
from anonymize.perturb.loss import hellinger_utility
from tests.anonymize.perturb_oracle import table


def test_hellinger_utility_of_the_manual():
    """R package SmallCountRounding, help of HDutility: f = 1:6, g = (0, 3, 3, 3, 6, 6)."""
    f, g = np.arange(1, 7), np.array([0, 3, 3, 3, 6, 6])
    distance = sum((a**0.5 - b**0.5) ** 2 for a, b in zip(f.tolist(), g.tolist(), strict=True)) / 2
    assert hellinger_utility(f, g) == pytest.approx(1 - distance**0.5 / 21**0.5)


def test_loss_by_dimension_and_level():
    loss = perturb(table((2, 2), [1, 10, 7, 0]), MidpointRounding(), seed=0).loss()
    assert loss["dimension"].to_list() == ["all", "d0", "d0", "d1", "d1"]
    assert loss["level"].to_list() == [None, 0, 1, 0, 1]
    assert loss["cells"].to_list() == [9, 3, 6, 3, 6]
    everything = loss.row(0, named=True)
    # 1 10 11 / 7 0 7 / 8 10 18 becomes 3 9 9 / 9 0 9 / 9 9 15.
    assert everything["changed"] == 8
    assert everything["max_abs"] == 3
    assert everything["mean_abs"] == pytest.approx((2 + 1 + 2 + 2 + 0 + 2 + 1 + 1 + 3) / 9)


def test_hidden_cells_count_as_lost_not_as_changed():
    everything = perturb(table((2,), [3, 20]), RoundAfterRedaction(), seed=0).loss().row(0, named=True)
    assert everything["hidden"] == 1
    assert everything["hellinger_utility"] < 1


def test_nothing_changed_is_no_loss():
    everything = perturb(table((2,), [30, 20]), SmallCountRounding(), seed=0).loss().row(0, named=True)
    assert everything["changed"] == 0
    assert everything["hellinger_utility"] == 1.0


@pytest.mark.parametrize(
    "method",
    [
        MidpointRounding(),
        RoundAfterRedaction(),
        SmallCountRounding(),
        CellKey(ptable=maximum_entropy(2, 1.0)),
    ],
)
def test_every_method_says_in_two_languages_what_it_does_not_protect(method):
    texts = perturb(table((2,), [3, 20]), method, seed=0).unprotected
    assert len(texts) >= 3
    assert all(text.vi.strip() and text.en.strip() and text.vi != text.en for text in texts)


def test_what_is_published_does_not_tell_which_counts_were_changed():
    cells = perturb(table((2, 2), [1, 10, 7, 0]), MidpointRounding(), seed=0).cells
    assert cells.columns == ["d0", "d1", "value", "status"]
    assert cells["status"].unique().to_list() == ["published"]
    assert cells.schema["value"] == pl.Int64

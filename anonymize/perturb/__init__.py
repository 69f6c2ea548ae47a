"""Perturbation: publish every cell with a changed count, instead of hiding some.

`perturb(table, method, seed=...)` applies a method, `audit_perturbed(perturbed, method)` judges the result without
sharing code with it: promises kept, and what an attacker computes who knows the method and that true counts add up.

| method | keeps | costs | does not protect |
|---|---|---|---|
| `RandomRounding(base=3)` | mean of every cell; the same cell rounds alike everywhere | sums no longer add up; off by at most base - 1 | against comparing margins with their parts; a published positive count is somebody |
| `MidpointRounding(base=6)` | classes; zeros | sums; off by at most base / 2 | zeros and presence; against comparing margins with their parts |
| `RoundAfterRedaction(redact=7, base=5)` | sums of what is shown; zeros | all small cells, and margins lose what was redacted | zeros and presence |
| `SmallCountRounding(base=5)` | all sums; inner counts of base and more | inner cells off by at most base - 1, margins a little more | inner counts of base and more, exact by design |
| `ControlledRounding(base=5)` | all sums; every cell at an adjacent multiple | off by at most base - 1; a search, for tables of thousands of cells | multiples of the base stay; the rule is not random |
| `CellKey(ptable=maximum_entropy(5, 3.0))` | mean of every cell; the same records are perturbed alike everywhere; zeros | sums; off by at most D | zeros and presence; against averaging over cells that share people |

None protects differences between two editions of a table on its own, a group whose members all fall into one cell, or
against somebody who knows other cells. `Perturbed.unprotected` says so for each result, `Perturbed.loss()` measures the
cost. The seed is a secret of the publisher: who knows it undoes the random methods.
"""  # noqa: E501

from __future__ import annotations

from anonymize.perturb.keys import record_keys
from anonymize.perturb.methods import (
    CellKey,
    ControlledRounding,
    Method,
    MidpointRounding,
    RandomRounding,
    RoundAfterRedaction,
    SmallCountRounding,
)
from anonymize.perturb.perturbed import Perturbed, perturb
from anonymize.perturb.ptable import PTable, maximum_entropy
from anonymize.perturb.verdict import PerturbedAudit, PerturbedFinding, audit_perturbed

__all__ = [
    "CellKey",
    "ControlledRounding",
    "Method",
    "MidpointRounding",
    "PTable",
    "Perturbed",
    "PerturbedAudit",
    "PerturbedFinding",
    "RandomRounding",
    "RoundAfterRedaction",
    "SmallCountRounding",
    "audit_perturbed",
    "maximum_entropy",
    "perturb",
    "record_keys",
]

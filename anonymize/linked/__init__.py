"""The memory of disclosure: a table is attacked together with everything that was released before.

Releases count the same people over other dimensions, in other areas, in earlier versions. Cells of the same population
with the same true number are one unknown over all of them; every sum that holds within one release, and between two,
is an equation. The joint system goes through the attacks of `anonymize.examine` as any table does.

What is not tried: contributors who are alone in cells of amounts, beyond one release; sums of areas of two vintages
that do not nest and come in separate releases (that a piece lies within an area is used), unless one of these has
their common pieces (`Hierarchy.refinement`).
"""

from __future__ import annotations

from anonymize.linked.attack import attack, relevant, standing
from anonymize.linked.candidate import publications
from anonymize.linked.model import (
    NUMBERS,
    WHOLE,
    Leak,
    Memory,
    Place,
    Places,
    Publication,
    Sums,
    fingerprint,
    rest_of,
)
from anonymize.linked.widen import Scene, before, blocking, scene, told, widen

__all__ = [
    "NUMBERS",
    "WHOLE",
    "Leak",
    "Memory",
    "Place",
    "Places",
    "Publication",
    "Scene",
    "Sums",
    "attack",
    "before",
    "blocking",
    "fingerprint",
    "publications",
    "relevant",
    "rest_of",
    "scene",
    "standing",
    "told",
    "widen",
]

"""The memory of disclosure: a table is attacked together with everything that was released before.

Releases count the same people over other dimensions, in other areas, in earlier versions. Cells of the same population
with the same true number are one unknown over all of them; every sum that holds within one release, and between two,
is an equation. The joint system goes through the attacks of `anonymize.examine` as any table does.
"""

from __future__ import annotations

from anonymize.linked.model import NUMBERS, WHOLE, Leak, Memory, Place, Places, Publication, Sums, fingerprint

__all__ = [
    "NUMBERS",
    "WHOLE",
    "Leak",
    "Memory",
    "Place",
    "Places",
    "Publication",
    "Sums",
    "fingerprint",
]

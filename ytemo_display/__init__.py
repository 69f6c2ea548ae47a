"""What a person at a screen sees: cards for notebooks and progress. The lowest layer; the standard library alone.

A card says what something is, in both languages, and what to do next. `bundle` writes it as HTML, Markdown and plain
text, each of which says everything. Any type of the house shows itself with one method:

```python
def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
    return bundle(table(self))
```
"""

from ytemo_display.bundles import bundle
from ytemo_display.card import Bilingual, Card, Grid, Shown, Step, Words

__all__ = ["Bilingual", "Card", "Grid", "Shown", "Step", "Words", "bundle"]

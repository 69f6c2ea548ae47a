"""What changed between two versions of a dataset: rows, values, statuses, columns, codes.

```python
from opendata.diff import diff

found = diff("releases/cases/2026.1", "releases/cases/2026.2")
found.rows, found.measures, found.schema, found.codes
```

A diff says nothing that the public files of the two versions do not say, and nothing of a cell that either of them
hides, but how many there are. Only `diff(..., reasons=True)` also opens the confidential part of the later version.
"""

from opendata.diff.comparing import compare
from opendata.diff.model import Diff
from opendata.diff.opening import diff
from opendata.diff.telling import told

__all__ = ["Diff", "compare", "diff", "told"]

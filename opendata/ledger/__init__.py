"""The ledger: everything that ever happened to a release, append-only and chained by hashes.

```python
from opendata import ledger

book = ledger.open_ledger(workspace)
with book.writing() as writer:
    writer.append(ledger.Entry("withdrawn", dataset="admissions", version="2026.1", who="thong-ke"), at=now)
book.events("admissions")
```
"""

from opendata.ledger.checking import check
from opendata.ledger.events import GENESIS, KINDS, Entry, Event
from opendata.ledger.store import Ledger, Writer, open_ledger

__all__ = ["GENESIS", "KINDS", "Entry", "Event", "Ledger", "Writer", "check", "open_ledger"]

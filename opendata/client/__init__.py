"""For researchers: find, load, verify and cite published data. Needs no account, no token, no publisher's tools.

```python
import opendata as od

od.search("sốt xuất huyết", portal="https://data.example.org")
frame = od.load("notifiable-diseases", portal="https://data.example.org", version="2026.1")
data = od.published("notifiable-diseases", portal="https://data.example.org")
data.labels(frame), data.codebook(), data.cite("bibtex")
```

`portal` is where the data are: the address of a CKAN portal, the address or folder of a static catalogue made by
`opendata site`, a workspace, or the folder of one release. It is always said, never taken from the environment: a
script that is run elsewhere reads the same data.
"""

from opendata.client.cache import default_cache
from opendata.client.loading import load, published, scan
from opendata.client.messages import OfflineWarning
from opendata.client.reading import Published
from opendata.client.searching import search
from opendata.client.status import is_missing, is_suppressed, is_zero

__all__ = [
    "OfflineWarning",
    "Published",
    "default_cache",
    "is_missing",
    "is_suppressed",
    "is_zero",
    "load",
    "published",
    "scan",
    "search",
]

"""The researcher's check: is this what was published, who approved it, and what was it made from?

```python
from opendata import verification

found = verification.verify("https://data.example.org/dataset/admissions", keys="keys.json")
found.signers, found.trusted
```
Needs no account and nothing but the files: a folder is checked without any network.
"""

from opendata.verification.chain import chain
from opendata.verification.checking import Signer, Verified, judged, verify
from opendata.verification.keys import fingerprint, keys_json, read_keys
from opendata.verification.telling import as_json, lines

__all__ = [
    "Signer",
    "Verified",
    "as_json",
    "chain",
    "fingerprint",
    "judged",
    "keys_json",
    "lines",
    "read_keys",
    "verify",
]

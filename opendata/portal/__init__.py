"""The portal: plan, publish, and read a release on a CKAN site.

```python
portal = Portal("https://data.example.org", token=...)
plan = portal.plan(release)          # what would change; nothing is written
receipt = portal.publish(release)    # receipt.written == 0 the second time
portal.files("notifiable-diseases")  # what anyone can download
```
"""

from opendata.portal.client import Portal, Receipt
from opendata.portal.plan import Change, Plan
from opendata.remote import RemoteFile

__all__ = ["Change", "Plan", "Portal", "Receipt", "RemoteFile"]

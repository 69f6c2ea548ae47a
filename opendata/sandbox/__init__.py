"""A real CKAN on this machine, for rehearsal and tests: PostgreSQL, a search stand-in and CKAN 2.12.

```python
from opendata import sandbox

site = sandbox.up(Path(".sandbox"))     # SandboxInfo(url=..., organization=..., editor=...)
portal = od.Portal(site.url, token=site.token)
sandbox.down(Path(".sandbox"))
```
All of it comes from PyPI, listens on the loopback interface only and lives in the state folder;
`up` also repairs what a crash left.
"""

from opendata.sandbox.control import SandboxInfo, Status, down, remove, status, up

__all__ = ["SandboxInfo", "Status", "down", "remove", "status", "up"]

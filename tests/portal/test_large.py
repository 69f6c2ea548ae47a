"""Large files: streamed both ways, so that memory does not grow with them; refused when the portal says so."""

import json
import subprocess
import sys

import pytest

from opendata.errors import PortalError

pytestmark = pytest.mark.portal
PROBE = """
import json, resource, sys
from pathlib import Path
from opendata.portal import Portal
from opendata.release import Release
url, token, small, large, version = sys.argv[1:]
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
portal, peaks = Portal(url, token=Path(token).read_text()), []
for folder in (small, large):
    release = Release(Path(folder), Path(folder).parent.name, Path(folder).name)
    portal.publish(release)
    for file in portal.files(release.id, release.version):
        portal.download(file, Path(folder).parent.parent / "down" / file.name)
    peaks.append(peak())
print(json.dumps(peaks))
"""


def test_memory_does_not_grow_with_the_file(site, make):
    small, large = make(), make("2026.2", data=b"PAR1" + bytes(64_000_000))
    arguments = [site.url, str(site.folder / "editor.token"), str(small.directory), str(large.directory), ""]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    before, after = json.loads(done.stdout)
    assert after - before < 16


@pytest.mark.nightly
def test_larger_than_the_portal_accepts(portal, make, reader):
    release = make(size=520 << 20)
    with pytest.raises(PortalError, match="of this size"):
        portal.publish(release)
    with pytest.raises(PortalError, match="There is no"):
        reader.files(release.id)

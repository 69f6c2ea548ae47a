"""The blocks of README and docs/ that need a portal, run against the sandbox that they start themselves."""

import pytest

from tests.docs.blocks import pages
from tests.docs.running import run

PAGES = {page.name: page for page in pages() if "portal" in page.tiers()}


@pytest.mark.portal
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", PAGES)
def test_every_block_runs(name, tmp_path):
    run(PAGES[name], tmp_path, tiers={"unit", "portal"})

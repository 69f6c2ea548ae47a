"""Every code block of README and docs/ is run as it stands; `tests/docs/blocks.py` says how a block is written."""

import pytest

from tests.docs.blocks import ELSEWHERE, LANGUAGES, ROOT, WORDS, pages, read
from tests.docs.running import run

PAGES = {page.name: page for page in pages()}


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if "unit" in page.tiers()])
def test_every_block_runs(name, tmp_path):
    run(PAGES[name], tmp_path, tiers={"unit"})


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.tiers()])
def test_every_block_runs_with_the_installed_command(name, tmp_path):
    """The whole page, the sandbox and the long blocks included."""
    run(PAGES[name], tmp_path, tiers={"unit", "portal", "nightly"}, cold=True)


@pytest.mark.parametrize("name", PAGES)
def test_blocks_say_what_they_are(name):
    for block in PAGES[name].blocks:
        assert block.language in LANGUAGES, f"{name}:{block.line}: {block.language!r}"
        assert all(map(WORDS.fullmatch, block.words)), f"{name}:{block.line}: {block.words}"


def test_a_page_that_is_run_elsewhere_is_run_there():
    for name, test in ELSEWHERE.items():
        assert read(name).tiers()
        assert name.rpartition("/")[2] in (ROOT / test).read_text(encoding="utf-8")

"""What every test may ask for."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real workbooks and published cases beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared (real workbooks, published cases) is not here")
    return SHARED

"""What every test may ask for."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A shared machine may be slow for a moment; that is no failure, and a run is to be repeatable.
settings.register_profile(
    "ytemo", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ytemo")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real workbooks and published cases beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared (real workbooks, published cases) is not here")
    return SHARED

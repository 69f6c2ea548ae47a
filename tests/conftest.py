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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a browser is a browser's test: `make unit` leaves it to `make browser`."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real workbooks and published cases beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared (real workbooks, published cases) is not here")
    return SHARED

"""A build tells of provisions that are not in force on the day of release, and refuses a repealed basis."""

import pytest

from opendata import pipeline
from opendata.errors import GateError
from tests.opendata.conftest import respec, written


def build(workspace, spec, *provisions):
    spec["entry"]["legal_basis"] = ["decree-102-2025/10.2.c", *provisions]
    respec(workspace, spec)
    told = []
    pipeline.build("cases", workspace.root, progress=lambda vi, en: told.append(en))
    return [line for line in told if line.startswith("  ! entry.legal_basis")]


def test_provisions_in_force_are_not_worth_a_word(workspace, spec):
    assert build(workspace, spec, "law-20-2023/43") == []


@pytest.mark.parametrize(
    ("provision", "name"),
    [("decree-13-2023", "Decree 13/2023"), ("circular-38-2024-tt-byt", "Circular 38/2024")],
)
def test_what_is_not_in_force_on_the_day_is_told_and_the_build_goes_on(workspace, spec, provision, name):
    (warning,) = build(workspace, spec, provision)
    assert name in warning
    assert written(workspace)


def test_a_repealed_basis_is_refused(workspace, spec):
    with pytest.raises(GateError, match="47/2020"):
        build(workspace, spec, "decree-47-2020/17")
    assert written(workspace) == []

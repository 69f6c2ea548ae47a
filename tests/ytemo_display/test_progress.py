"""What runs tells how far it is to whoever listens, and to nobody else."""

import pytest

from ytemo_display import Words
from ytemo_display.progress import heard, listening, tell

STAGE = Words("Đang làm", "Working")


def test_nobody_listens_unless_asked_to():
    assert not heard()
    tell(STAGE, 1, 2)


def test_a_listener_hears_the_stage_and_the_share():
    told = []
    with listening(lambda stage, share: told.append((stage.en, share))):
        assert heard()
        tell(STAGE)
        tell(STAGE, 1, 4)
        tell(STAGE, 9, 4)
    tell(STAGE, 1, 2)
    assert told == [("Working", None), ("Working", 0.25), ("Working", 1.0)]


def test_a_failure_ends_the_listening():
    with pytest.raises(ValueError, match="x"), listening(lambda *_: None):
        raise ValueError("x")
    assert not heard()

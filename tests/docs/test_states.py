"""The page of approvals shows the state table as it is."""

from opendata.approvals import table
from tests.docs import states


def test_the_diagram_is_up_to_date():
    again = "run `python -m tests.docs.states` and commit docs/approvals.md"
    assert states.FILE.read_text(encoding="utf-8") == states.render(), again


def test_the_diagram_shows_every_line_of_the_table():
    drawn = states.diagram().splitlines()
    assert len(drawn) == len(set(drawn))
    for line in table.transitions():
        for start in line.start:
            assert any(one.strip().startswith(f"{start} --> {line.end}: {line.act}") for one in drawn)

"""Writes the states of a version into docs/approvals.md from the state table: `python -m tests.docs.states`."""

from __future__ import annotations

from opendata.approvals import table
from opendata.approvals.table import Transition
from tests.docs.blocks import ROOT

FILE = ROOT / "docs" / "approvals.md"
BEGIN, END = "<!-- made by `python -m tests.docs.states` -->", "<!-- end of what is made -->"


def render() -> str:
    """The page, with diagram and table as the state table has them."""
    before, _, rest = FILE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{diagram()}\n\n{states()}\n\n{acts()}\n\n{END}{after}"


def diagram() -> str:
    """The states and acts as a Mermaid diagram."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {table.life(()).state}: build"]
    for line in table.transitions():
        lines += [f"    {start} --> {line.end}: {line.act}{_count(line)}" for start in line.start]
    last = [state for state in table.words() if not table.possible(state)]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in last), "```"])


def states() -> str:
    """The states in words."""
    rows = [f"| `{state}` | {text.vi} | {text.en} |" for state, text in table.words().items()]
    return "\n".join(["| trạng thái / state | | |", "|---|---|---|", *rows])


def acts() -> str:
    """The acts: from where, to where, who, how many."""
    head = "| việc / act | từ / from | đến / to | ai / who | số người / people |"
    return "\n".join([head, "|---|---|---|---|---|", *map(_row, table.transitions())])


def _row(line: Transition) -> str:
    start = ", ".join(f"`{state}`" for state in line.start)
    who = ", ".join(f"`{role}`" for role in line.roles) or "phần mềm / the program"
    said = f"`{line.act}`: {line.what.vi} / {line.what.en}"
    return f"| {said} | {start} | `{line.end}` | {who} | {_people(line)} |"


def _people(line: Transition) -> str:
    return "`approvers` (≥ 2)" if line.people is None else str(line.people or "–")


def _count(line: Transition) -> str:
    """How many people, where one is not enough."""
    if line.people is None:
        return " (2+ people)"
    return f" ({line.people} people)" if line.people > 1 else ""


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")

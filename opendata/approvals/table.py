"""The life of a version: `states.json` says which acts lead from one state to the next, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, Protocol

from catalog.errors import Problem, Text
from opendata.errors import GateError, VerificationError

State = Literal[
    "draft", "submitted", "approved", "returned", "refused", "published", "superseded", "withdrawn"
]
"""Where a version stands."""

APPROVERS = 2
"""How many people approve at the least, whatever opendata.toml says."""


class Happened(Protocol):
    """An event, as far as it moves a version (`opendata.ledger.Event`)."""

    @property
    def number(self) -> int:
        """Its number in the ledger."""

    @property
    def kind(self) -> str:
        """What happened."""

    @property
    def who(self) -> str:
        """Id of the person."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What else is known of it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the state table.

    Attributes:
        start: The states from which the act is possible.
        act: The act: "submit", "approve", "return", "refuse", "publish", "supersede", "withdraw", "restore".
        event: What the ledger calls it.
        end: The state it leads to, once enough people have acted.
        people: How many different people must act; None for as many as approve a release; 0 for the program itself.
        roles: Who may, one of these roles is enough.
        what: The act in words.
    """

    start: tuple[State, ...]
    act: str
    event: str
    end: State
    people: int | None
    roles: tuple[str, ...]
    what: Text


@dataclass(frozen=True, slots=True)
class Life:
    """Where a version stands, and who has begun an act that takes several people.

    Attributes:
        state: The state.
        acts: For each such act under way, the ids of the people who did it since the version came into this state.
        approvers: How many people approve it, as its submission says.
    """

    state: State
    acts: Mapping[str, tuple[str, ...]]
    approvers: int = APPROVERS


@cache
def transitions() -> tuple[Transition, ...]:
    """The state table."""
    return tuple(_transition(line) for line in _table()["transitions"])


@cache
def words() -> Mapping[State, Text]:
    """Every state in words, in the order of a version's life."""
    return {state: Text(**text) for state, text in _table()["states"].items()}


def life(events: Iterable[Happened]) -> Life:
    """Where the events of one version have led.

    Args:
        events: Of this version, oldest first; what does not move a version is passed over.

    Raises:
        VerificationError: When an event is there that the state table does not allow: nobody acted by the rules.
    """
    now = Life(_table()["initial"], {})
    known = {line.event: line.act for line in transitions()}
    for event in events:
        if event.kind in known:
            now = _moved(now, known[event.kind], event)
    return now


def state(events: Iterable[Happened]) -> State:
    """The state of a version by its events; as `life`."""
    return life(events).state


def possible(state: State) -> tuple[Transition, ...]:
    """What can happen to a version in a state."""
    return tuple(line for line in transitions() if state in line.start)


def require(now: Life, act: str, who: str, *, place: str) -> Transition:
    """The line of the state table for an act.

    Args:
        now: Where the version stands.
        act: What somebody is about to do.
        who: Id of the person; "" for the program.
        place: The version, for messages.

    Raises:
        GateError: When the act is not possible now, or this person has done it already; tells what is possible.
    """
    line = next((line for line in possible(now.state) if line.act == act), None)
    if line is None:
        raise GateError([Problem(place, _impossible(act, now.state), _instead(now.state))])
    if who and who in now.acts.get(act, ()):
        raise GateError([Problem(f"{place}: {who}", _TWICE, _ANOTHER)])
    return line


def needed(line: Transition, approvers: int) -> int:
    """How many people a line of the table asks for."""
    return max(approvers, APPROVERS) if line.people is None else line.people


def _moved(now: Life, act: str, event: Happened) -> Life:
    try:
        line = require(now, act, event.who, place="")
    except GateError:
        place = f"ledger, event {event.number}: {event.kind}"
        raise VerificationError([Problem(place, _AGAINST_THE_RULES, _TELL)]) from None
    approvers = _approvers(event) if act == "submit" else now.approvers
    agreed = (*now.acts.get(act, ()), event.who)
    if len(agreed) >= needed(line, approvers):
        return Life(line.end, {}, approvers)
    return Life(now.state, {**now.acts, act: agreed}, approvers)


def _approvers(event: Happened) -> int:
    """How many people a submission asks for; what opendata.toml says later changes nothing about it."""
    said = event.facts.get("statement")
    found = said.get("approvers") if isinstance(said, Mapping) else None
    return max(found, APPROVERS) if isinstance(found, int) else APPROVERS


@cache
def _table() -> dict[str, Any]:
    text = (resources.files("opendata.approvals") / "states.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def _transition(line: Mapping[str, Any]) -> Transition:
    people = None if line["people"] == "approvers" else int(line["people"])
    start, roles = tuple(line["from"]), tuple(line["roles"])
    return Transition(start, line["act"], line["event"], line["to"], people, roles, Text(**line["what"]))


def _impossible(act: str, state: State) -> Text:
    said, stands = _act(act), words()[state]
    return Text(
        f"không thể {said.vi}; phiên bản này hiện là: {stands.vi}.",
        f"cannot {said.en}: this version is {stands.en}.",
    )


def _instead(state: State) -> Text:
    lines = possible(state)
    if not lines:
        return Text(
            "Không còn việc gì làm được với phiên bản này: tạo phiên bản mới (opendata build).",
            "Nothing can be done with this version any more: make a new one (opendata build).",
        )
    vi, en = (", ".join(getattr(line.what, language) for line in lines) for language in ("vi", "en"))
    return Text(f"Có thể: {vi}.", f"What is possible: {en}.")


def _act(act: str) -> Text:
    return next((line.what for line in transitions() if line.act == act), Text(act, act))


_TWICE = Text("người này đã làm việc này rồi.", "this person has done this already.")
_ANOTHER = Text("Cần một người khác.", "Another person is needed.")
_AGAINST_THE_RULES = Text(
    "sự kiện này trái với bảng trạng thái.", "this event is against the rules of the state table."
)
_TELL = Text(
    "Không công bố phiên bản này; báo người phụ trách sổ cái.",
    "Do not publish this version; tell whoever is in charge of the ledger.",
)

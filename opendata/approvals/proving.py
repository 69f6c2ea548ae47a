"""Whether the acts in the ledger are what the state table needs: signed, by people who could, for these very bytes."""

from __future__ import annotations

from catalog.errors import Problem, Text
from opendata.approvals import persons, standing
from opendata.approvals.acts import Act, check_signed
from opendata.approvals.attacked import built_here
from opendata.approvals.cases import Case, submission
from opendata.approvals.table import State, life, possible, transitions, words
from opendata.approvals.terms import terms
from opendata.errors import GateError, VerificationError
from opendata.ledger import Event
from opendata.ledger.events import stamp
from opendata.release import beside
from opendata.withdrawal import tombstone


def proven(case: Case, events: list[Event]) -> tuple[Act, ...]:
    """The submission and the approvals of a version, each proven.

    Args:
        case: The version, whose files were checked.
        events: All events of the ledger.

    Returns:
        The submission, then the approvals in the order in which they were given.

    Raises:
        GateError: When the version is not approved, naming everything that is missing or does not count.
        VerificationError: When a signature is wrong.
    """
    own = [event for event in events if (event.dataset, event.version) == (case.dataset, case.version)]
    _approved(case, own)
    _not_forgotten(case, own)
    built_here(case, own)
    submitted = submission(own)
    assert submitted is not None  # no version is approved that was not submitted: the state table
    given = [event for event in own if event.kind == "approved"]
    problems: list[Problem] = []
    acts: list[Act] = []
    for event in (submitted, *given):
        try:
            acts.append(act := _proven(case, event, events))
            if event is not submitted:
                _another(event, act, acts[:-1])
        except GateError as refused:
            problems += refused.problems
    problems += _restored(case, own, events, submitted)
    wanted = life(own).approvers
    if not problems and len(acts) - 1 < wanted:
        problems = [Problem(case.place, standing.too_few(len(acts) - 1, wanted), _ASK)]
    if problems:
        raise GateError(problems)
    return tuple(acts)


def in_rehearsal(case: Case, acts: tuple[Act, ...]) -> list[str]:
    """Who of those that acted did so in a rehearsal, which counts on this machine only: their ids."""
    known = persons.people(case.workspace)
    return sorted({str(act["who"]) for act in acts if known[act["who"]].rehearsal})


def _approved(case: Case, own: list[Event]) -> None:
    """Refuse a version that is not in a state from which it is published."""
    now = life(own)
    if any(line.act == "publish" for line in possible(now.state)):
        return
    if now.state == "submitted":
        what = standing.too_few(len(now.acts.get("approve", ())), now.approvers)
    else:
        said = words()[now.state]
        what = Text(f"chưa được phép công bố: {said.vi}.", f"may not be published: {said.en}.")
    raise GateError([Problem(case.place, what, _next(now.state, case))])


def _not_forgotten(case: Case, own: list[Event]) -> None:
    """Refuse a version whose tombstone stands beside it while the ledger, an old copy, knows no such withdrawal."""
    path = beside(case.folder)
    if not path.is_file():
        return
    act = tombstone.read(path.read_bytes(), where=f"{case.dataset}/{path.name}").act
    if not any(event.kind == "withdrawn" and event.facts == act for event in own):
        raise VerificationError([Problem(case.place, _FORGOTTEN, _WITHDRAW_AGAIN)])


def _proven(case: Case, event: Event, events: list[Event]) -> Act:
    """The act of an event, when it is signed, this very act, and by somebody who could."""
    place = f"ledger, event {event.number}: {event.kind}"
    act = check_signed(event.facts, place=place)
    before = [one for one in events if one.number < event.number]
    if act["act"] == "approve_standing":
        _by_standing(case, event, events, before)
        return act
    _told_the_same(event, act, place)
    if event.manifest != case.manifest:
        raise GateError([Problem(case.place, CHANGED, NEW_VERSION)])
    person = persons.people(case.workspace).get(event.who)
    if person is None:
        raise GateError([Problem(f"opendata.toml: people.{event.who}", _LEFT, _PUT_BACK)])
    line = next(line for line in transitions() if line.event == event.kind)
    persons.entitled(person, line.roles, at=event.at, known=before)
    if act.key != person.key:
        raise GateError([Problem(place, _OTHER_KEY, NEW_VERSION)])
    if act.statement.get("role") not in {*line.roles} & {*person.roles}:
        raise GateError([Problem(place, _OTHER_ROLE, NEW_VERSION)])
    return act


def _restored(case: Case, own: list[Event], events: list[Event], submitted: Event) -> list[Problem]:
    """Why a version that was withdrawn is not out again: those who restored it must have signed, as for approvals."""
    problems: list[Problem] = []
    for event in own:
        if event.kind != "restored":
            continue
        try:
            act = _proven(case, event, events)
            _another(event, act, [check_signed(submitted.facts, place=case.place)])
        except GateError as refused:
            problems += refused.problems
    return problems


def _by_standing(case: Case, event: Event, events: list[Event], before: list[Event]) -> None:
    """An approval that a standing one gave: that one is in the ledger, holds, and nobody revoked it meanwhile."""
    own = [one for one in events if (one.dataset, one.version) == (case.dataset, case.version)]
    submitted = submission(own)
    source = [one for one in standing.living(before, case.dataset) if one.facts == event.facts]
    if submitted is None or not source or event.manifest != case.manifest:
        raise GateError([Problem(f"ledger, event {event.number}", _NO_SOURCE, NEW_VERSION)])
    if submitted.facts["statement"].get("role") != "scheduler":
        raise GateError([Problem(f"ledger, event {event.number}", _NO_SCHEDULER, NEW_VERSION)])
    wanted = terms(case.folder)  # what it is, whatever the scheduler said of it
    standing.applies(case.workspace, source[0], wanted=wanted, at=submitted.at, known=before)
    out = any(one.kind == "published" for one in own)
    if not out and source[0] not in standing.living(events, case.dataset):
        raise GateError([Problem(case.place, _REVOKED, NEW_VERSION)])


def _told_the_same(event: Event, act: Act, place: str) -> None:
    """The statement is that of this event and of no other."""
    line = next(line for line in transitions() if line.event == event.kind)
    told = (act["act"], *(act[name] for name in ("dataset", "version", "manifest", "who", "why", "at")))
    held = (line.act, event.dataset, event.version, event.manifest, event.who, event.why, stamp(event.at))
    head = {"number": event.number - 1, "digest": event.previous}
    if told != held or act["ledger"] != head:
        raise VerificationError([Problem(place, _ANOTHER_EVENT, _TELL)])


def _another(event: Event, act: Act, before: list[Act]) -> None:
    """Nobody approves what they submitted, or twice, under whatever id."""
    if any(act.key == one.key or act["who"] == one["who"] for one in before):
        raise GateError([Problem(f"ledger, event {event.number}: {event.who}", _ONE_PERSON, _ASK)])


def _next(state: State, about: Case) -> Text:
    """What leads on from a state."""
    name = f"{about.dataset} --version {about.version}"
    match state:
        case "draft":
            command = f"opendata submit {name} --as"
            return Text(f"Trình: {command} NGƯỜI --why LÝ-DO.", f"Submit it: {command} WHO --why REASON.")
        case "submitted":
            command = f"opendata approve {name} --as"
            return Text(f"Người duyệt chạy: {command} NGƯỜI.", f"An approver runs: {command} WHO.")
        case "withdrawn":
            return Text(
                f"Khôi phục trước: opendata restore {name}.", f"Restore it first: opendata restore {name}."
            )
        case _:
            return NEW_VERSION


_ASK = Text(
    "Cần thêm người phê duyệt: opendata approve ID.", "More people must approve: opendata approve ID."
)
NEW_VERSION = Text(
    "Tạo phiên bản mới (opendata build) và trình lại.", "Make a new version (opendata build) and submit it."
)
CHANGED = Text(
    "nội dung đã đổi sau khi ký: các phê duyệt không còn hiệu lực.",
    "its content has changed since it was signed: the approvals are void.",
)
_OTHER_KEY = Text(
    "được ký bằng khóa khác với khóa trong opendata.toml.",
    "was signed with another key than that in opendata.toml.",
)
_FORGOTTEN = Text(
    "đã bị thu hồi, nhưng sổ cái không còn ghi quyết định ấy.",
    "was withdrawn, but the ledger does not hold that decision any more.",
)
_WITHDRAW_AGAIN = Text(
    "Khôi phục sổ cái từ bản sao lưu mới nhất; nếu không còn: thu hồi lại (opendata withdraw).",
    "Restore the ledger from its newest backup; if there is none, withdraw it again (opendata withdraw).",
)
_LEFT = Text("người đã ký này không còn trong tệp.", "signed for this, and is not there any more.")
_PUT_BACK = Text(
    "Đặt lại khối [[people]] của người ấy như cũ; nếu đã nghỉ, thêm until.",
    "Put their block [[people]] back as it was; add until for somebody who has left.",
)
_OTHER_ROLE = Text(
    "được ký với vai trò mà người này không có.", "was signed in a role that this person does not have."
)
_NO_SCHEDULER = Text(
    "phê duyệt trước chỉ dùng cho bản do scheduler trình.",
    "standing approvals are for what a scheduler submitted.",
)
_NO_SOURCE = Text(
    "không dựa trên phê duyệt trước nào còn hiệu lực.", "rests on no standing approval that holds."
)
_REVOKED = Text("phê duyệt trước đã bị hủy.", "the standing approval was revoked.")
_ANOTHER_EVENT = Text("lời đã ký không phải của sự kiện này.", "what was signed is not this event.")
_ONE_PERSON = Text(
    "hai chữ ký cùng một người, hoặc người trình tự phê duyệt.",
    "one person signed twice, or approved what they submitted.",
)
_TELL = Text(
    "Đừng công bố; báo người phụ trách sổ cái.", "Do not publish; tell whoever is in charge of the ledger."
)

"""`approvals.jsonld`: who submitted and approved a release, for everybody, checkable without us.

The file says nothing that is not signed: it is computed from the signed acts, so that a changed byte anywhere shows.
Beside the acts it tells the same as PROV-O: what was acted on, when, by whom and in which role.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from catalog.prov import digest_iri
from opendata.approvals.acts import Act, check_signed
from opendata.approvals.terms import terms
from opendata.canonical import canonical
from opendata.errors import OpendataError, VerificationError
from opendata.release import APPROVALS

FILE = APPROVALS
FORMAT = "ytemo-approvals/1"
_TWO = 2
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,98}[a-z0-9]")
_MOMENT = re.compile(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "dct": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "graph": "@graph",
    "acts": {"@id": "urn:ytemo:acts", "@type": "@json"},
}


def render(acts: Sequence[Act]) -> bytes:
    """The file that tells these acts.

    Args:
        acts: The submission, then the approvals.
    """
    subjects = _subjects(acts[0])
    told = {
        "@context": _CONTEXT,
        "@id": f"{digest_iri(acts[0]['manifest'])}#approvals",
        "@type": "prov:Bundle",
        "dct:conformsTo": FORMAT,
        "acts": [act.facts for act in acts],
        "graph": [*subjects, *_agents(acts), *(_activity(act, acts[0]) for act in acts)],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def read(data: bytes) -> tuple[Act, ...]:
    """The signed acts of a file, each with a signature that is right, and nothing besides.

    Raises:
        VerificationError: When the file is not what `render` makes of these acts, or a signature is wrong.
    """
    try:
        told = json.loads(data)["acts"]
        acts = tuple(check_signed(facts, place=f"{FILE}: acts[{n}]") for n, facts in enumerate(told))
        if render(acts) == data:
            return acts
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        pass
    raise VerificationError([Problem(FILE, _ALTERED, _DOWNLOAD)])


def check(manifest_sha256: str, data: bytes, *, trusted: Collection[str] | None = None) -> list[Problem]:
    """What is wrong with the approvals of a release.

    Args:
        manifest_sha256: Of the release's `manifest.json`, in hexadecimal.
        data: The bytes of `approvals.jsonld`.
        trusted: The public keys ("ed25519:...") of the people whose word counts; by default anybody's, which shows
            that nothing was altered, not who signed.

    Returns:
        One problem each; empty when a submission and at least two approvals by others are signed for this manifest.
    """
    try:
        acts = read(data)
        submitted, *given = acts
        problems = [*_odd(acts), *_submission(submitted, manifest_sha256)]
        for number, act in enumerate(given, start=1):
            problems += _approval(act, (submitted, *given[: number - 1]), f"{FILE}: acts[{number}]")
        wanted = submitted["approvers"]
        if type(wanted) is not int or wanted < _TWO or len(given) != wanted:
            problems.append(Problem(FILE, _TOO_FEW, _DOWNLOAD))
        if trusted is not None:
            problems += [
                Problem(f"{FILE}: {act['who']}", _STRANGER, _ASK)
                for act in (submitted, *given)
                if act.key not in trusted
            ]
        return problems
    except VerificationError as refused:
        return list(refused.problems)
    except (ValueError, KeyError, TypeError, AttributeError):
        return [Problem(FILE, _ALTERED, _DOWNLOAD)]


def unlike(folder: Path, data: bytes) -> list[Problem]:
    """What standing approvals were bound to and the release is not; empty when all is as it was approved.

    Args:
        folder: The release's folder, checked.
        data: The bytes of `approvals.jsonld`, checked.
    """
    submitted, *given = read(data)
    if all(act["act"] == "approve" for act in given):
        return []
    try:
        same = submitted["terms"] == terms(folder)
    except OpendataError as refused:
        return list(refused.problems)
    return [] if same else [Problem(FILE, _OTHER_TERMS, _DOWNLOAD)]


def _odd(acts: Sequence[Act]) -> Iterator[Problem]:
    """Acts that this program cannot have made: what they say would be shown to readers."""
    for number, act in enumerate(acts):
        title = act.statement.get("title")
        named = title is None or (
            title.keys() == {"vi", "en"} and all(isinstance(text, str) for text in title.values())
        )
        dated = _MOMENT.fullmatch(act["at"]) and datetime.fromisoformat(act["at"])
        if not named or not dated or not _ID.fullmatch(act["who"]):
            yield Problem(f"{FILE}: acts[{number}]", _ALTERED, _DOWNLOAD)


def _submission(act: Act, manifest: str) -> Iterator[Problem]:
    if act["act"] != "submit" or act["role"] not in {"author", "scheduler"}:
        yield Problem(f"{FILE}: acts[0]", _NO_SUBMISSION, _DOWNLOAD)
    if act["manifest"] != manifest:
        yield Problem(f"{FILE}: acts[0]", _OTHER_BYTES, _DOWNLOAD)


def _approval(act: Act, before: Sequence[Act], place: str) -> Iterator[Problem]:
    submitted = before[0]
    if act["role"] != "approver":
        yield Problem(place, _NO_APPROVER, _DOWNLOAD)
    if any(act.key == one.key or act["who"] == one["who"] for one in before):
        yield Problem(place, _ONE_PERSON, _DOWNLOAD)
    if act["act"] == "approve":
        same = all(act[name] == submitted[name] for name in ("dataset", "version", "manifest"))
        right = same and act["ledger"]["number"] > submitted["ledger"]["number"]
    else:
        right = act["act"] == "approve_standing" and _stands(act, submitted)
    if not right:
        yield Problem(place, _OTHER_BYTES, _DOWNLOAD)


def _stands(act: Act, submitted: Act) -> bool:
    """Whether a standing approval holds for what a scheduler submitted; days end as in Viet Nam, so one more in UTC."""
    return bool(
        act["dataset"] == submitted["dataset"]
        and submitted["role"] == "scheduler"
        and act["terms"] == submitted["terms"]
        and submitted["at"][:10] <= act["until"]
        and act["ledger"]["number"] < submitted["ledger"]["number"]
    )


def _subjects(submitted: Act) -> Iterator[dict[str, Any]]:
    """The manifest that was signed, and the version that it belongs to, as `prov.jsonld` names it."""
    yield {
        "@id": digest_iri(submitted["manifest"]),
        "@type": "prov:Entity",
        "dct:title": "manifest.json",
        "dct:identifier": submitted["dataset"],
        "dcat:version": submitted["version"],
    }
    if version := submitted.statement.get("entity"):
        yield {"@id": version, "prov:hadMember": {"@id": digest_iri(submitted["manifest"])}}


def _agents(acts: Sequence[Act]) -> Iterator[dict[str, Any]]:
    for act in acts:
        title: Mapping[str, str] = act["title"] or {}
        names = [{"@value": text, "@language": language} for language, text in sorted(title.items())]
        known = {
            "@id": _agent(act),
            "@type": ["prov:Agent", "prov:Organization"],
            "dct:identifier": act["who"],
        }
        yield known | ({"dct:title": names} if names else {})


def _activity(act: Act, submitted: Act) -> dict[str, Any]:
    signed = hashlib.sha256(canonical(act.statement).encode()).hexdigest()
    return {
        "@id": digest_iri(signed),
        "@type": "prov:Activity",
        "dct:type": act["act"],
        "dct:description": act["why"],
        "prov:used": [{"@id": name} for name in (digest_iri(submitted["manifest"]), *_made_with(act))],
        "prov:endedAtTime": {"@value": act["at"], "@type": "xsd:dateTime"},
        "prov:wasAssociatedWith": {"@id": _agent(act)},
        "prov:qualifiedAssociation": {
            "@type": "prov:Association",
            "prov:agent": {"@id": _agent(act)},
            "prov:hadRole": {"@id": f"urn:ytemo:role:{act['role']}"},
        },
    }


def _made_with(act: Act) -> Iterator[str]:
    """The commit of the program and the list of all packages, as a submission tells them."""
    environment = act.statement.get("environment") or {}
    commit = (environment.get("code", {}).get("git") or {}).get("commit")
    if commit:
        yield f"urn:ytemo:commit:{commit}"
    if environment:
        yield digest_iri(environment["packages_sha256"])


def _agent(act: Act) -> str:
    return f"urn:ytemo:key:{act.key.removeprefix('ed25519:')}"


_ALTERED = Text("tệp bị sửa hoặc hỏng.", "the file was altered or is damaged.")
_NO_SUBMISSION = Text("không phải lời trình của tác giả.", "not the submission of an author.")
_OTHER_BYTES = Text("không được ký cho bản phát hành này.", "was not signed for this release.")
_NO_APPROVER = Text("người ký không có vai trò phê duyệt.", "whoever signed it is no approver.")
_ONE_PERSON = Text(
    "hai chữ ký cùng một người, hoặc tác giả tự phê duyệt.",
    "one person signed twice, or the author approved.",
)
_TOO_FEW = Text("không đủ số người phê duyệt.", "not as many approvals as were asked for.")
_STRANGER = Text("khóa này không nằm trong danh sách tin cậy.", "this key is none of those that are trusted.")
_OTHER_TERMS = Text(
    "phê duyệt trước được ký cho cấu trúc hoặc quy tắc bảo vệ khác.",
    "the standing approvals were signed for other columns or another protection.",
)
_DOWNLOAD = Text(
    "Tải lại từ cổng dữ liệu; đừng dùng bản này.", "Download it again from the portal; do not use this copy."
)
_ASK = Text("Hỏi nơi công bố về khóa của họ.", "Ask the publisher for their keys.")

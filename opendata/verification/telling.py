"""What a verification showed, for people and for machines: what is proven, and what is not."""

from __future__ import annotations

import json

from catalog.errors import Text
from opendata.verification.chain import chain
from opendata.verification.checking import Signer, Verified


def lines(found: Verified, *, provenance: bool = False) -> list[Text]:
    """The verdict, one line each.

    Args:
        found: From `verify`.
        provenance: Also what it was made from.
    """
    name = f"{found.id} {found.version}"
    told = [
        Text(
            f"✓ {name}: {found.files} tệp đúng như đã công bố",
            f"✓ {name}: {found.files} files are as published",
        )
    ]
    told += map(_signed, found.signers)
    told.append(_proven(found))
    if any(one.rehearsal for one in found.signers):
        told.append(_REHEARSED)
    if provenance:
        told += [Text(f"  {line.vi}", f"  {line.en}") for line in chain(found)]
    return [Text(_one_line(line.vi), _one_line(line.en)) for line in told]


def _one_line(text: str) -> str:
    """A line as a terminal may show it: what somebody signed cannot write lines of its own."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def as_json(found: Verified) -> str:
    """The same as JSON, in both languages."""
    return json.dumps(
        {
            "id": found.id,
            "version": found.version,
            "manifest_sha256": found.manifest,
            "files": found.files,
            "approved": found.approved,
            "trusted": found.trusted,
            "signers": [_plain(one) for one in found.signers],
            "proven": _proven(found)._asdict(),
            "provenance": [line._asdict() for line in chain(found)],
        },
        ensure_ascii=False,
        indent=1,
    )


def _plain(one: Signer) -> dict[str, object]:
    return {
        "act": one.act,
        "who": one.who,
        "title": one.title.model_dump() if one.title else None,
        "role": one.role,
        "at": one.at.isoformat(),
        "key": one.key,
        "fingerprint": one.fingerprint,
        "rehearsal": one.rehearsal,
    }


def _signed(one: Signer) -> Text:
    did = {"submit": Text("trình", "submitted")}.get(one.act, Text("phê duyệt", "approved"))
    drill = Text(" [diễn tập]", " [rehearsal]") if one.rehearsal else Text("", "")
    return Text(
        f"✓ {one.who} ({one.role}) đã ký: {did.vi}, {one.day:%d/%m/%Y}{drill.vi}; khóa {one.fingerprint}",
        f"✓ {one.who} ({one.role}) signed: {did.en}, {one.day}{drill.en}; key {one.fingerprint}",
    )


def _proven(found: Verified) -> Text:
    if not found.approved:
        return _DRAFT
    return _TRUSTED if found.trusted else _UNKNOWN_KEYS


_DRAFT = Text(
    "! Bản nháp, chưa phê duyệt: các tệp đúng với bản kê, nhưng chưa ai ký.",
    "! A draft, not approved: the files are those of its manifest, but nobody has signed them.",
)
_REHEARSED = Text(
    "! Ký trong buổi diễn tập: không phải phê duyệt để công bố.",
    "! Signed in a rehearsal: not approved for the public.",
)
_TRUSTED = Text(
    "✓ Đã chứng minh: không byte nào thay đổi từ khi những người có khóa tin cậy này ký. "
    "Chữ ký không chứng minh số liệu đúng.",
    "✓ Proven: no byte has changed since the holders of these trusted keys signed. "
    "It does not prove the figures right.",
)
_UNKNOWN_KEYS = Text(
    "! Đã chứng minh: không byte nào thay đổi từ khi các khóa này ký. Chưa chứng minh khóa là của ai: "
    "so dấu vân tay với nơi công bố, hoặc dùng --keys keys.json.",
    "! Proven: no byte has changed since these keys signed. Not proven whose keys they are: "
    "compare the fingerprints with the publisher's, or use --keys keys.json.",
)

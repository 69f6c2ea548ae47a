"""The gates a release must pass: personal data, disclosure, law. Each fails closed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import anonymize
import catalog
from anonymize.errors import AnonymizeError
from anonymize.pii.result import Finding, label
from catalog.errors import Problem, Text
from opendata.errors import DisclosureError, GateError, PersonalDataError
from opendata.source import Located
from opendata.spec import Spec

Place = tuple[str, str]  # a place and the text that stands there
_HEX = re.compile(r"\b[0-9a-f]{64}\b|urn:uuid:[0-9a-f-]{36}")  # digests and names made from them
_PLAIN = re.compile(r"[A-Za-z_@$][A-Za-z0-9_:@$.-]*")  # a key that can be shown as part of a place
SHOWN = 20  # cells that a refusal names


def metadata(spec: Spec, lists: Mapping[str, catalog.CodeList]) -> str:
    """Scan every title, note, label and code that the release would publish.

    Returns:
        The digest of what was scanned.

    Raises:
        PersonalDataError: With one problem per finding.
    """
    return personal_data([*texts(spec), *labels(lists)], allow=_contact(spec))


def personal_data(data: Any, *, allow: Iterable[str] = (), **options: Any) -> str:
    """Run the scan and refuse on any finding.

    Args:
        data: Whatever `anonymize.scan` takes: located texts, a frame.
        allow: Texts that may stand there: the publisher's own contact.
        options: Passed on to `anonymize.scan`.

    Returns:
        The digest of what was scanned, evidence for the legal gate.

    Raises:
        PersonalDataError: With one problem per finding, values masked; also when the scan could not run.
    """
    try:
        scan = anonymize.scan(data, allow=tuple(allow), **options)
    except AnonymizeError as error:
        raise PersonalDataError(problems(error)) from None
    if not scan.ok:
        raise PersonalDataError([_personal(finding) for finding in scan.findings])
    return str(scan.digest)


def source(found: Iterable[Located]) -> None:
    """Scan every text of the inputs: cells inside and outside the table, sheet names, comments, properties.

    Raises:
        PersonalDataError: With one problem per finding; before any other mistake of the source is told.
    """
    personal_data([(text.place, text.text) for text in found])


def files(folder: Path, spec: Spec) -> None:
    """Scan every text in the files that are about to be published, the manifest included.

    The data files hold the codes and numbers of the published table, which is scanned as a table.

    Raises:
        PersonalDataError: With one problem per finding.
    """
    found = [place for path in sorted(folder.iterdir()) for place in _published(path)]
    personal_data(found, allow=_contact(spec))


def disclosure(audit: anonymize.Audit, safe: anonymize.Protected, *, basis: str) -> None:
    """Refuse when the audit found a cell that can be computed, or narrowed too far, or is of something else.

    Args:
        audit: The audit.
        safe: The cells that are to be published.
        basis: `anonymize.basis` of the declared policy and of everything that is out.

    Raises:
        DisclosureError: Naming cells by their codes.
    """
    if audit.digest != safe.digest:
        raise DisclosureError([Problem("audit", _OTHER_CELLS, _AUDIT_THESE)])
    if audit.basis != basis:
        raise DisclosureError([Problem("audit", _OTHER_BASIS, _AUDIT_THESE)])
    if not audit.ok:
        raise DisclosureError([_disclosed(finding) for finding in audit.findings])


def declaration(entry: catalog.Entry, *, today: date | None = None) -> None:
    """Refuse what the build could not mend: what the gate would say if every check of the build passed.

    Args:
        entry: The catalogue record.
        today: Evidence and law must hold on this day too, and the day of release must not lie after it.

    Raises:
        GateError: When groups, category, class, legal basis or evidence on file are missing or do not hold.
    """
    released = entry.modified or entry.issued
    if today and released > today:
        raise GateError([Problem("entry.issued", _FUTURE, _ON_THE_DAY)])
    on_file = [evidence.digest for evidence in entry.evidence if evidence.kind == "undertakings_audit"]
    cells = on_file[0] if on_file else "0" * 64
    passed = catalog.Proof(True, (cells,))
    for day in {released, today or released}:
        law(entry, catalog.Provided(cells, disclosure_audit=passed, personal_data_scan=passed), on=day)


def law(entry: catalog.Entry, provided: catalog.Provided, *, on: date) -> catalog.Verdict:
    """Ask the legal gate.

    Raises:
        GateError: Naming article, group and what to provide.
    """
    verdict = catalog.gate(entry, provided, on=on)
    if not verdict.ok:
        raise GateError(verdict.problems)
    return verdict


def problems(error: AnonymizeError) -> list[Problem]:
    """The problems of disclosure control as this package's."""
    return [Problem(p.where, Text(*p.what), Text(*p.remedy)) for p in error.problems]


def texts(spec: Spec) -> Iterator[Place]:
    """Every text of a spec that a release publishes, with its dotted path."""
    yield from _strings(spec.entry.model_dump(mode="json", exclude={"evidence"}), "entry")
    yield from _strings(spec.table.model_dump(mode="json"), "table")
    yield from _strings(spec.publication.model_dump(mode="json"), "publication")
    for number, repair in enumerate(spec.source.repairs):
        yield from _strings(repair.model_dump(mode="json"), f"source.repairs.{number}")


def labels(lists: Mapping[str, catalog.CodeList]) -> Iterator[Place]:
    """Every code and label of the code lists that a release publishes."""
    for codes in {codes.id: codes for codes in lists.values()}.values():
        for number, code in enumerate(codes.codes, start=1):
            place = f"codes {codes.id}, code {number}"
            if code.note:
                yield from ((f"{place}, note", text) for text in (code.note.vi, code.note.en))
            yield from (
                (f"{place}, {what}", text)
                for what, text in (("itself", code.code), ("vi", code.labels.vi), ("en", code.labels.en))
            )


def _strings(node: object, place: str) -> Iterator[Place]:
    if isinstance(node, str):
        yield place, _HEX.sub("", node)
    elif isinstance(node, Mapping):
        yield f"{place}, keys", " ; ".join(map(str, node))
        for number, (key, value) in enumerate(node.items()):
            yield from _strings(value, f"{place}.{key if _PLAIN.fullmatch(str(key)) else number}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _strings(value, f"{place}.{number}")


def _contact(spec: Spec) -> list[str]:
    """The office's published addresses, which are meant to be there."""
    return [text for text in (spec.entry.contact.email, spec.entry.contact.url) if text]


def _published(path: Path) -> Iterator[Place]:
    """The texts in a file that people or machines will read, with their places."""
    if path.suffix in {".json", ".jsonld"}:
        yield from _strings(json.loads(path.read_text(encoding="utf-8")), path.name)
    elif path.suffix == ".html":
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        yield from ((f"{path.name}, text {n}", text) for n, text in enumerate(reader.lines, start=1))
    elif path.suffix in {".md", ".cff", ".ttl"}:
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from ((f"{path.name}, line {n}", _HEX.sub("", line)) for n, line in enumerate(lines, start=1))


class _Reader(HTMLParser):
    """Collects the text of a page, its attributes' texts included, styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a screen reader says for an element."""
        self._style = tag == "style"
        self.lines += [value for name, value in attrs if name in {"aria-label", "alt", "title"} and value]

    def handle_endtag(self, tag: str) -> None:
        """Leave the style sheet."""
        self._style = False

    def handle_data(self, data: str) -> None:
        """Take a piece of text."""
        if not self._style and data.strip():
            self.lines.append(data.strip())


def _personal(finding: Finding) -> Problem:
    what = Text(
        f"có dữ liệu cá nhân: {label(finding.entity, 'vi')} {finding.masked} ×{finding.count}.",
        f"personal data: {label(finding.entity, 'en')} {finding.masked} ×{finding.count}.",
    )
    return Problem(finding.place, what, _REMOVE)


def _disclosed(finding: anonymize.Finding) -> Problem:
    where = ", ".join(f"{name} {code}" for name, code in finding.cell)
    return Problem(where, Text(*finding.what), Text(*finding.remedy))


_REMOVE = Text(
    "Bỏ, thay bằng mã, hoặc sửa văn bản; không có gì được ghi ra.",
    "Drop it, recode it, or correct the text; nothing was written.",
)
_FUTURE = Text("ngày phát hành ở tương lai.", "the day of release is in the future.")
_ON_THE_DAY = Text("Chạy lại vào ngày đó, hoặc sửa ngày.", "Build on that day, or correct the date.")
_OTHER_CELLS = Text(
    "kiểm tra này không phải của các ô sắp công bố.", "the audit is not of the cells to be published."
)
_OTHER_BASIS = Text(
    "kiểm tra này theo quy tắc khác hoặc không tính đến mọi bản đã phát hành.",
    "the audit was made by another policy, or without everything that is out.",
)
_AUDIT_THESE = Text("Chạy audit() cho đúng bảng đã bảo vệ.", "Run audit() on this very protected table.")

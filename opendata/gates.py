"""The gates a release must pass: personal data, disclosure, law. Each fails closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import anonymize
import catalog
from anonymize.errors import AnonymizeError
from anonymize.pii import Finding, Waiver
from anonymize.pii.digest import review_digest, text_digest
from anonymize.pii.result import label
from catalog.errors import Problem, Text
from opendata import scanning
from opendata.errors import DisclosureError, GateError, PersonalDataError
from opendata.reviews import Review, harmless, waivers
from opendata.scanning import tables
from opendata.scanning.texts import Place, strings
from opendata.scanning.texts import texts as texts_of
from opendata.source import Located
from opendata.spec import Spec

SHOWN = 20  # cells that a refusal names


def metadata(spec: Spec, lists: Mapping[str, catalog.CodeList]) -> str:
    """Scan every title, note, label and code that the release would publish.

    Returns:
        The digest of what was scanned.

    Raises:
        PersonalDataError: With one problem per finding.
    """
    return personal_data([*texts(spec), *labels(lists)], allow=[*_declared(spec), *waivers(spec.reviews)])


def personal_data(data: Any, *, allow: Iterable[str | Waiver] = (), **options: Any) -> str:
    """Run the scan and refuse on any finding.

    Args:
        data: Whatever `anonymize.scan` takes: located texts, a frame.
        allow: Texts that may stand there, such as the publisher's own contact, and findings reviewed as harmless.
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
        raise refused(scan.findings)
    return str(scan.digest)


def refused(findings: Sequence[Finding]) -> PersonalDataError:
    """The refusal that names these findings, values masked, in places that are safe to show."""
    shown = scanning.safe(findings)
    return PersonalDataError([_personal(finding) for finding in shown], shown)


def source(found: Iterable[Located], reviews: Sequence[Review] = ()) -> None:
    """Scan every text of the inputs: cells inside and outside the table, sheet names, comments, properties.

    Raises:
        PersonalDataError: With one problem per finding; before any other mistake of the source is told.
    """
    personal_data([(text.place, text.text) for text in found], allow=waivers(reviews))


def files(folder: Path, spec: Spec) -> None:
    """Scan every text in the files that are about to be published, the manifest and the files' names included.

    Of the data files what stands around the table: metadata, statistics, properties, comments. The table itself, its
    codes and numbers, is scanned as a table, and the files hold nothing else (`opendata.data.leftovers`).

    Raises:
        PersonalDataError: With one problem per finding.
    """
    written(folder, allow=_declared(spec))


def written(folder: Path, *, allow: Iterable[str | Waiver]) -> None:
    """Scan every text in the files of a folder, as `files` does.

    Args:
        folder: The files.
        allow: Texts that may stand there, and findings reviewed as harmless.

    Raises:
        PersonalDataError: With one problem per finding.
    """
    found: list[Place] = []
    for path in sorted(folder.iterdir()):
        found.append((f"{path.name} (name)", path.name))
        found += _published(path)
    personal_data(found, allow=allow)


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


def declaration(entry: catalog.Entry, *, today: date | None = None) -> tuple[Problem, ...]:
    """Refuse what the build could not mend: what the gate would say if every check of the build passed.

    Args:
        entry: The catalogue record.
        today: Evidence and law must hold on this day too, and the day of release must not lie after it.

    Returns:
        What a reviewer must see although it does not refuse, such as a provision not in force on the day of release.

    Raises:
        GateError: When groups, category, class, legal basis or evidence on file are missing or do not hold.
    """
    released = entry.modified or entry.issued
    if today and released > today:
        raise GateError([Problem("entry.issued", _FUTURE, _ON_THE_DAY)])
    on_file = [evidence.digest for evidence in entry.evidence if evidence.kind == "undertakings_audit"]
    cells = on_file[0] if on_file else "0" * 64
    passed = catalog.Proof(True, (cells,))
    provided = catalog.Provided(cells, disclosure_audit=passed, personal_data_scan=passed)
    warnings = law(entry, provided, on=released).warnings
    if today:
        law(entry, provided, on=today)
    return tuple(warnings)


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
    yield from strings(spec.entry.model_dump(mode="json", exclude={"evidence"}), "entry")
    yield from strings(spec.table.model_dump(mode="json"), "table")
    yield from strings(spec.publication.model_dump(mode="json"), "publication")
    for name in ("revisions", "notice"):
        section = getattr(spec, name)
        yield from strings(section.model_dump(mode="json") if section else {}, name)
    for number, repair in enumerate(spec.source.repairs):
        yield from strings(repair.model_dump(mode="json"), f"source.repairs.{number}")
    for number, review in enumerate(spec.reviews):
        yield from strings(review.model_dump(include={"place", "reason"}), f"reviews.{number}")


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


def _declared(spec: Spec) -> list[str]:
    """What is meant to be there: the office's published addresses, who reviewed a finding, and texts so reviewed."""
    reviewed = {(review.place, review.digest) for review in harmless(spec.reviews)}
    places = {place for place, _ in reviewed}
    passed = [
        text
        for place, text in texts(spec)
        if place in places and (place, review_digest(text_digest(text))) in reviewed
    ]
    names = [str(review.by) for review in harmless(spec.reviews)]
    return [*filter(None, (spec.entry.contact.email, spec.entry.contact.url)), *names, *passed]


def _published(path: Path) -> Iterator[Place]:
    """The texts in a file of a release."""
    data = path.read_bytes()
    match path.suffix:
        case ".csv":
            return iter(())
        case ".parquet":
            return tables.parquet_metadata(data, path.name)
        case ".xlsx":
            return iter(tables.workbook_surroundings(data, path.name))
        case _:
            return texts_of(data, path.name)


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
    "Bỏ, thay bằng mã, sửa văn bản, hoặc người có thẩm quyền khai báo là vô hại (--review); không có gì được ghi ra.",
    "Drop it, recode it, correct the text, or have a named person declare it harmless (--review); nothing was written.",
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

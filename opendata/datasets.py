"""One dataset, from its spec to a release: read, aggregate, protect, audit, release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

import anonymize
import catalog
from anonymize.errors import AnonymizeError, InfeasibleError, PolicyError
from anonymize.linked import Memory
from anonymize.suppress import Effort
from catalog.errors import Problem, Text
from opendata import aggregate, contents, gates, ledger, memory, registers, revisions, source
from opendata import versions as numbering
from opendata.bars import progress
from opendata.diff.schema import SchemaChange, same_rows, same_values, schema
from opendata.errors import DisclosureError, OpendataError, SourceError, SpecError
from opendata.memory.releases import kept_back
from opendata.release import Release, order, versions
from opendata.schedule.arrival import within
from opendata.source import Records
from opendata.spec import CodedDimension, Spec
from opendata.workspace import Workspace, find
from ytemo_display import bundle
from ytemo_display.progress import tell


class _Recalled(NamedTuple):
    """What was recalled for a table, and for which."""

    target: tuple[str, str]
    subject: memory.Subject
    found: memory.Recalled


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset of a workspace.

    Attributes:
        id: The name of its spec, and its name on the portal.
        spec: The checked spec.
        workspace: Where it lives.
    """

    id: str
    spec: Spec
    workspace: Workspace
    _made: dict[str, source.Provenance] = field(default_factory=dict, repr=False, compare=False)
    _recalled: list[_Recalled] = field(default_factory=list, repr=False, compare=False)

    def check(self) -> None:
        """Everything that can be refused before any data are read: code lists, legal declaration, titles and labels.

        Raises:
            SpecError: When a code list or a database that the spec names is not there, or is none.
            GateError: When what the spec declares of the law can never pass.
            PersonalDataError: When a text that would be published holds personal data.
        """
        lists = self.code_lists()
        problems = [*registers.undrawn(self.id, self.spec.entry, self.workspace.databases())]
        problems += [*_strange(self.spec, lists)]
        if problems:
            raise SpecError(problems)
        gates.declaration(self.spec.entry)
        gates.metadata(self.spec, lists)

    def read(self) -> Records:
        """Read the source exactly as declared, after the personal-data scan of everything that is in it.

        Raises:
            PersonalDataError: When the metadata or the source hold personal data.
            GateError: When what the spec declares of the law can never pass.
            SourceError: With every mistake of every file.
        """
        self.check()
        with progress(_SCANNING):
            scanned = source.texts(self.spec.source, self.workspace.root)
            gates.source(scanned, self.spec.reviews)
            tell(_READING)
            records = source.read(self.spec.source, root=self.workspace.root, codes=self._labels)
            if records.texts != scanned:  # a file changed between the two readings
                gates.source(records.texts, self.spec.reviews)
        return within(self.spec, records)

    def aggregate(self, records: Records) -> anonymize.Table:
        """Count the records into every cell and margin of the declared hierarchies; confidential.

        Raises:
            SourceError: When a record does not fit the declared table.
        """
        with _translated(SourceError), progress(_COUNTING):
            table = aggregate.aggregate(self.spec.table, records.frame, self.code_lists())
        self._made[anonymize.digest(table.cells)] = records.provenance
        return table

    def protect(
        self,
        table: anonymize.Table,
        *,
        version: str | None = None,
        seed: int = 0,
        effort: Effort = "default",
    ) -> anonymize.Protected:
        """Suppress what the policy declares sensitive, and what would give it back, with all that was ever released.

        Args:
            table: From `aggregate`.
            version: The version to be released; what came before it, of any dataset of the workspace, is known to
                everybody. By default a new one.
            seed: The same seed gives the same pattern.
            effort: How long to look for a pattern that hides less, never whether it is safe; as for
                `anonymize.protect`.

        Raises:
            DisclosureError: When no pattern meets the policy, naming the blocking cells and releases.
            VerificationError: When an earlier release is not as it was written: the memory must be whole.
            SpecError: When the table breaks what was published before, without notice.
        """
        self.compatible(version)
        with _translated(DisclosureError), progress(_PROTECTING):
            recalled = self._recall(table, version)
            known = self._known(recalled, table, version)
            return anonymize.protect(
                table,
                self.spec.protection,
                known=known,
                seed=seed,
                effort=effort,
                memory=self._memory(recalled, table),
            )

    def audit(self, safe: anonymize.Protected, *, version: str | None = None) -> anonymize.Audit:
        """Attack what is about to be published, with all that came before `version`; shares no logic with `protect`.

        Raises:
            VerificationError: When an earlier release is not as it was written: the memory must be whole.
        """
        with _translated(DisclosureError), progress(_ATTACKING):
            recalled = self._recall(safe.table, version)
            known = self._known(recalled, safe.table, version)
            held = self._memory(recalled, safe.table)
            return anonymize.audit(safe, self.spec.protection, known=known, memory=held)

    def release(
        self, safe: anonymize.Protected, audit: anonymize.Audit, *, version: str | None = None
    ) -> Release:
        """Bind the protected cells, the audit and the evidence into a release that is ready to be written.

        Args:
            safe: From `protect`.
            audit: From `audit`, of these very cells.
            version: E.g. "2026.1"; by default the next free number of the year of issue.

        Raises:
            DisclosureError: When the audit failed, or is not of these cells.
            GateError: When the law demands evidence that is not there.
            SpecError: When nothing was read by this dataset yet, the version cannot be one, or it breaks what was
                published: columns without notice, final figures without a correction.
        """
        chosen = version or self.next_version()
        out = self.compatible(chosen)
        recalled = self._recall(safe.table, chosen)
        known = self._known(recalled, safe.table, chosen)
        held = self._memory(recalled, safe.table)
        gates.disclosure(audit, safe, basis=anonymize.basis(self.spec.protection, known, held))
        provenance = self._made.get(anonymize.digest(safe.table.cells))
        if provenance is None:
            raise SpecError([Problem(self.id, _NOT_READ, _READ_FIRST)])
        leaves = {name: hierarchy.leaves for name, hierarchy in safe.table.dimensions.items()}
        stored = self.code_lists()
        lists = aggregate.code_lists(self.spec.table, leaves, stored)
        about, counted = memory.subject(self.spec, safe.table, stored), self._about(safe.table)
        made = contents.Contents(
            self.id, chosen, self.spec, lists, stored, safe, audit, provenance, about, out
        )
        table = made.table()
        self._unrevised(out, made, table)
        with progress(_JUDGING):
            verdict = contents.judge(made, table)
        after = tuple(v for v in versions(self.releases) if v != chosen)

        def still() -> bool:
            return memory.sealed(self.workspace, (self.id, chosen), counted, alone=True) == recalled.seal

        render = contents.renderer(made, table, verdict)
        return Release(self.releases / chosen, self.id, chosen, render, after, still)

    def code_lists(self) -> dict[str, catalog.CodeList]:
        """The code lists that the table names, whole, by their ids."""
        names = [d.codes for d in self.spec.table.dimensions.values() if isinstance(d, CodedDimension)]
        names += [one.codes for one in self.spec.table.fixed.values()]
        return {name: self.workspace.code_list(name) for name in names}

    @property
    def releases(self) -> Path:
        """The folder of this dataset's releases."""
        return self.workspace.root / "releases" / self.id

    def known(self, table: anonymize.Table, before: str | None = None) -> list[pl.DataFrame]:
        """The cells of the earlier releases of this dataset, as far as a table can express them.

        Args:
            table: The table.
            before: Only versions older than this one; by default all.

        Raises:
            SpecError: When `before` is not newer than what is out.
            VerificationError: When an earlier release is not as it was written: the memory must be whole.
        """
        return self._known(self._recall(table, before), table, before)

    def earlier(self, before: str | None = None) -> list[str]:
        """The versions that are out and older than `before`, oldest first; by default all.

        Raises:
            SpecError: When `before` would be a new version that is not newer than all that are out.
        """
        found = versions(self.releases)
        if before is None:
            return found
        newer = [v for v in found if order(v) >= order(before)]
        if newer and before not in found:
            raise SpecError([Problem(f"--version {before}", _NOT_NEWER, _newer(newer[-1]))])
        return [v for v in found if v not in newer]

    def next_version(self) -> str:
        """The next version that breaks nothing: `<year of issue, or the newest first number>.<number>`."""
        return numbering.following(versions(self.releases), self.spec.entry.issued.year)

    def compatible(self, version: str | None = None) -> tuple[numbering.Earlier, ...]:
        """Refuse a version whose table breaks what readers wrote for the newest one that is out, unless announced.

        Args:
            version: The version to be released; by default the next one.

        Returns:
            The versions before it, oldest first, every byte of them checked.

        Raises:
            SpecError: When the version cannot be one; naming every change that breaks, its place and the remedy.
            VerificationError: When an earlier version is not as it was written.
        """
        chosen = contents.check_version(version or self.next_version())
        out = numbering.earlier(self.releases, self.offered(chosen))
        if out:
            coming = numbering.Next(chosen, self.released, self.workspace.config.governance.notice_days)
            numbering.require(self._changes(out[-1]), out, coming)
        return tuple(out)

    def offered(self, before: str) -> list[str]:
        """The versions older than `before` that approvers did not keep from readers, as it was when it was built.

        Raises:
            SpecError: When `before` would be a new version that is not newer than all that are out.
            VerificationError: When the ledger cannot be read.
        """
        events = ledger.open_ledger(self.workspace).events(self.id)
        own = [event.number for event in events if (event.kind, event.version) == ("built", before)]
        kept = kept_back(event for event in events if not own or event.number < own[0])
        return [version for version in self.earlier(before) if (self.id, version) not in kept]

    @property
    def released(self) -> date:
        """The day of the release to come, as declared."""
        return self.spec.entry.modified or self.spec.entry.issued

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from opendata.cards import of_dataset

        return bundle(of_dataset(self))

    def _target(self, version: str | None) -> tuple[str, str]:
        return self.id, version or self.next_version()

    def _known(
        self, recalled: memory.Recalled, table: anonymize.Table, before: str | None
    ) -> list[pl.DataFrame]:
        older = self.earlier(before)
        return memory.known([one for one in recalled.own if one.version in older], table)

    def resembling(self, table: anonymize.Table, *, version: str | None = None) -> tuple[Problem, ...]:
        """What a table looks like a part of without saying so, or the other way round: to be told, not refused."""
        found = memory.resembling(self._recall(table, version).memory, table, self.spec.protection)
        return tuple(Problem(f"datasets/{self.id}.yaml", _alike(name), _SAY_PART) for name in found)

    def _memory(self, recalled: memory.Recalled, table: anonymize.Table) -> Memory:
        """What was recalled, with what parts leave of wholes."""
        return memory.with_rests(recalled.memory, table, self.spec.protection, recalled.leaves)

    def _about(self, table: anonymize.Table) -> memory.Subject:
        """What a table counts and where; the files that it was read from are known by their content too."""
        about = memory.subject(self.spec, table, self.code_lists())
        made = self._made.get(anonymize.digest(table.cells))
        return memory.recognised(about, {one.name: one.sha256 for one in made.inputs} if made else {})

    def _recall(self, table: anonymize.Table, version: str | None) -> memory.Recalled:
        """Everything that was released before and has to do with a table; read again only when there is more."""
        target, about = self._target(version), self._about(table)
        for one in self._recalled:
            same = one.target == target and one.subject == about
            if same and one.found.seal == memory.sealed(self.workspace, target, about):
                return one.found
        found = memory.recall(self.workspace, target, about)
        self._recalled[:] = [_Recalled(target, about, found)]
        return found

    def _changes(self, newest: numbering.Earlier) -> tuple[SchemaChange, ...]:
        """What the declared table changes in the columns of a version, codes that have no records aside."""
        stored = self.code_lists()
        year = self.released.year
        lists = {
            name: stored[one.codes] if isinstance(one, CodedDimension) else catalog.months(year, year)
            for name, one in self.spec.table.dimensions.items()
        }
        return schema(newest.columns(), contents.columns(self.spec, lists), stored)

    def _unrevised(
        self, out: Sequence[numbering.Earlier], made: contents.Contents, table: pl.DataFrame
    ) -> None:
        """Refuse to change what was shown as final without saying why."""
        if self.spec.revisions is None:  # everything may be revised: no earlier table needs to be read
            return
        columns = contents.columns(self.spec, made.lists)
        shown = [
            revisions.Shown(one.release.version, one.released, one.table(), same_values(then, columns))
            for one in out
            if same_rows(then := one.columns(), columns)
        ]
        revisions.require(self.spec.revisions, table, before=shown, released=made.released)

    def _labels(self, name: str) -> dict[str, str]:
        """Label -> code, for the codes that records may carry: a row of totals is not a record."""
        codes = self.workspace.code_list(name)
        records = {code.code for code in catalog.leaves(codes)}
        return {label: code for label, code in catalog.match(codes).items() if code in records}


def dataset(name: str, workspace: str | Path | Workspace = ".") -> Dataset:
    """Open a dataset of a workspace.

    Args:
        name: Its id: the name of `datasets/<id>.yaml`.
        workspace: The folder, or an opened workspace.

    Raises:
        SpecError: With every mistake of the spec.
    """
    opened = workspace if isinstance(workspace, Workspace) else find(workspace)
    return Dataset(name, opened.spec(name), opened)


def _strange(spec: Spec, lists: Mapping[str, catalog.CodeList]) -> Iterator[Problem]:
    """What is fixed at a code that its list does not have."""
    for name, one in spec.table.fixed.items():
        if one.code not in {code.code for code in lists[one.codes].codes}:
            yield Problem(f"table.fixed.{name}.code", _NO_CODE, _LISTED)


@contextmanager
def _translated(error: type[OpendataError]) -> Iterator[None]:
    """Turn a refusal of disclosure control into this package's, with its exit code."""
    try:
        yield
    except PolicyError as refused:
        raise SpecError(gates.problems(refused)) from None
    except InfeasibleError as refused:
        raise DisclosureError(gates.problems(refused)) from None
    except AnonymizeError as refused:
        raise error(gates.problems(refused)) from None
    except catalog.CatalogError as refused:
        raise error(refused.problems) from None


def _alike(name: str) -> Text:
    return Text(
        f"cùng đếm một thứ ở cùng các ô với {name}, và chỉ lệch về một phía, như một phần bên cái toàn bộ.",
        f"counts the same in the same cells as {name}, and differs in one direction only, as a part from a whole.",
    )


def _newer(version: str) -> Text:
    return Text(f"Chọn số lớn hơn {version}.", f"Choose one after {version}.")


_SCANNING = Text("Quét dữ liệu cá nhân", "Scanning for personal data")
_READING = Text("Đọc nguồn", "Reading the source")
_COUNTING = Text("Lập bảng", "Counting")
_PROTECTING = Text("Bảo vệ", "Protecting")
_ATTACKING = Text("Tấn công thử", "Attacking")
_JUDGING = Text("Xét cửa pháp lý", "Asking the legal gate")
_NOT_NEWER = Text(
    "phiên bản mới phải sau mọi phiên bản đã có.", "a new version must come after all that are out."
)
_NOT_READ = Text("bảng này không từ nguồn của bộ dữ liệu.", "the table is not one that this dataset made.")
_READ_FIRST = Text(
    "Gọi read() và aggregate() của bộ dữ liệu này.", "Call read() and aggregate() of this dataset."
)
_SAY_PART = Text(
    "Nếu một bảng chỉ là một phần (chỉ nữ, một bệnh): khai table.fixed, kẻo hiệu của hai bảng làm lộ số nhỏ."
    " Nếu đếm thứ khác: khai concept. Nếu chỉ là số liệu mới hơn: không cần làm gì.",
    "If one of them is a part (women alone, one disease): declare table.fixed, or the difference may disclose small"
    " counts. If they count different things: declare concept. If one is only newer: nothing needs to be done.",
)
_NO_CODE = Text("mã này không có trong danh mục.", "the code list has no such code.")
_LISTED = Text("Dùng một mã của danh mục đã nêu.", "Use a code of the list that is named.")

"""Where the ledger lies: SQLite in the workspace, or one PostgreSQL database for many publishers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.errors import Problem, Text
from opendata.canonical import canonical
from opendata.errors import SpecError, VerificationError
from opendata.ledger import checking, schema
from opendata.ledger.events import GENESIS, Entry, Event, chained, stamp
from opendata.ledger.heads import FILE as HEAD
from opendata.ledger.heads import begin, forget_nothing, is_kept, last_seen, remember
from opendata.messages import unwritable
from opendata.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FILE = "ledger.sqlite"
Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Writer:
    """The one who writes at this moment: what it reads cannot change before it has written."""

    _connection: Connection = field(repr=False)
    _clock: Clock = field(repr=False)

    def events(self, dataset: str | None = None, version: str | None = None) -> list[Event]:
        """As `Ledger.events`."""
        return _events(self._connection, dataset, version)

    @property
    def head(self) -> tuple[int, str]:
        """Number and digest of the last event; (0, GENESIS) when there is none."""
        return _head(self._connection)

    def append(self, entry: Entry, *, at: datetime | None = None) -> Event:
        """Add an event.

        Args:
            entry: What happened.
            at: When; by default now.

        Raises:
            SpecError: When the entry cannot be one.
        """
        event = chained(entry, at=at or self._clock(), after=self.head)
        self._connection.execute(schema.EVENTS.insert().values(to_row(event)))
        return event

    def take_over(self, events: Sequence[Event]) -> None:
        """Fill an empty ledger with the events of a backup, as they are."""
        if events:
            self._connection.execute(schema.EVENTS.insert(), [to_row(event) for event in events])


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a workspace.

    Attributes:
        root: The workspace's folder.
        url: Address of the database; None for SQLite in the workspace.
        clock: What time it is.
    """

    root: Path
    url: str | None = field(default=None, repr=False)
    clock: Clock = now

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for another database."""
        return None if self.url else self.root / FILE

    def events(self, dataset: str | None = None, version: str | None = None) -> list[Event]:
        """The events, oldest first; empty when nothing was ever written down.

        Args:
            dataset: Only those of this dataset.
            version: Only those of this version of it.

        Raises:
            SpecError: When the database cannot be reached.
            VerificationError: When it cannot be understood, or has lost events that this workspace saw.
        """
        known = last_seen(self.root)
        if self.path is not None and not self.path.exists():
            forget_nothing(known, None)
            return []
        with self._opened() as engine, engine.connect() as connection:
            if not schema.is_ledger(connection):
                # Before the first event, this is what a crash in the making of the ledger leaves behind.
                forget_nothing(known, None)
                return []
            forget_nothing(known, _found(connection, known[0]))
            return _events(connection, dataset, version)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Be the one writer while the block runs, over all processes; others wait.

        Yields:
            The writer. What it appended is kept when the block ends, all of it, and nothing when it raises.

        Raises:
            SpecError: When the database cannot be written.
            VerificationError: As `events`.
        """
        with self._opened() as engine:
            if self.path is None or not self.path.exists():
                begin(self.root)
            schema.create(engine, self.path)
            with schema.exclusive(engine) as connection:
                known = last_seen(self.root)
                forget_nothing(known, _found(connection, known[0]))
                writer = Writer(connection, self.clock)
                if self._lost_its_note(writer.head[0]):
                    raise VerificationError([Problem(HEAD, _NO_NOTE, _RENEW)])
                yield writer
                head = writer.head
            remember(self.root, head)

    def check(self, *, anchors: Iterable[checking.Anchor] = ()) -> list[Problem]:
        """Read everything and look for what was altered, taken away or put in; one problem each.

        Args:
            anchors: Events that something outside the ledger vouches for: where it stands, number, digest.

        Raises:
            SpecError: When the database cannot be reached.
        """
        try:
            known = last_seen(self.root)  # before the events: another may be writing
            events = self.events()
            return [*self._unguarded(events), *checking.check(events, known=known, anchors=anchors)]
        except VerificationError as refused:
            return list(refused.problems)

    def _unguarded(self, events: Sequence[Event]) -> list[Problem]:
        """What was to keep the ledger from being altered, and is gone."""
        if not events:
            return []
        problems = [Problem(HEAD, _NO_NOTE, _RENEW)] if self._lost_its_note(len(events)) else []
        with self._opened() as engine, engine.connect() as connection:
            if not schema.is_guarded(connection):
                problems.append(Problem(self._name, _NO_GUARD, _RENEW))
        return problems

    def _lost_its_note(self, held: int) -> bool:
        """Whether somebody took the note of a file away; a database may be older than the workspace."""
        return held > 0 and self.path is not None and not is_kept(self.root)

    @contextmanager
    def _opened(self) -> Iterator[Engine]:
        """The engine for one piece of work; whatever the database says becomes a refusal."""
        from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

        try:
            engine = schema.engine(self.path, self.url)
            try:
                yield engine
            finally:
                engine.dispose()
        except OperationalError as error:
            if schema.is_damage(error):
                raise VerificationError([Problem(self._name, _SPOILED, _RESTORE)]) from None
            raise SpecError([Problem(self._name, _reason(error), _REACH)]) from None
        except (DatabaseError, UnicodeDecodeError) as error:
            if not isinstance(error, UnicodeDecodeError) and schema.is_out_of_reach(error):
                raise SpecError([Problem(self._name, _reason(error), _REACH)]) from None
            raise VerificationError([Problem(self._name, _SPOILED, _RESTORE)]) from None
        except SQLAlchemyError as error:
            raise SpecError([Problem(self._name, _reason(error), _REACH)]) from None
        except ModuleNotFoundError:
            raise SpecError([Problem(self._name, _NO_DRIVER, _INSTALL)]) from None
        except OSError as error:
            raise SpecError([Problem(self._name, unwritable(error), _REACH)]) from None

    @property
    def _name(self) -> str:
        return FILE if self.path else "opendata.toml: ledger.url"


def open_ledger(workspace: Workspace, *, clock: Clock = now) -> Ledger:
    """The ledger of a workspace; nothing is opened or made before it is used.

    Args:
        workspace: Whose.
        clock: What time it is; for tests and rehearsals.
    """
    return Ledger(workspace.root, workspace.config.ledger.url, clock)


def _events(connection: Connection, dataset: str | None, version: str | None) -> list[Event]:
    from sqlalchemy import select

    asked = select(schema.EVENTS).order_by(schema.EVENTS.c.number)
    if dataset is not None:
        asked = asked.where(schema.EVENTS.c.dataset == dataset)
    if version is not None:
        asked = asked.where(schema.EVENTS.c.version == version)
    return [read_row(dict(row)) for row in connection.execute(asked).mappings()]


def _found(connection: Connection, number: int) -> tuple[int, str] | None:
    """An event's number and digest as the ledger holds them; None when it does not."""
    from sqlalchemy import select

    columns = schema.EVENTS.c
    row = connection.execute(select(columns.number, columns.digest).where(columns.number == number)).first()
    return (int(row[0]), str(row[1])) if row else None


def _head(connection: Connection) -> tuple[int, str]:
    from sqlalchemy import select

    columns = schema.EVENTS.c
    found = connection.execute(
        select(columns.number, columns.digest).order_by(columns.number.desc()).limit(1)
    ).first()
    if found and type(found[0]) is not int:  # a damaged SQLite file holds anything anywhere
        raise VerificationError([Problem(FILE, _SPOILED, _RESTORE)])
    return (int(found[0]), str(found[1])) if found else (0, GENESIS)


def to_row(event: Event) -> dict[str, Any]:
    """An event as the database and a backup hold it."""
    said = {name: getattr(event, name) for name in Event.__slots__}
    return said | {"at": stamp(event.at), "facts": canonical(event.facts)}


def read_row(row: dict[str, Any]) -> Event:
    """An event as it was read.

    Raises:
        VerificationError: When it is none, telling where it stands.
    """
    try:
        moment = datetime.fromisoformat(row["at"].replace("Z", "+00:00"))
        event = Event(**row | {"at": moment, "facts": json.loads(row["facts"])})
        texts = all(isinstance(value, str) for name, value in row.items() if name != "number")
        if to_row(event) == row and type(event.number) is int and texts and isinstance(event.facts, dict):
            return event
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, SpecError):
        pass
    raise VerificationError([Problem(f"ledger, event {row.get('number')}", _SPOILED, _RESTORE)])


def _reason(error: Exception) -> Text:
    """What the database says, without what it was asked (a statement may quote facts)."""
    said = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0][:200]
    return Text(f"không mở được sổ cái ({said}).", f"the ledger cannot be opened ({said}).")


_NO_NOTE = Text(
    "đã mất, nên không biết sổ cái có bị cắt bớt không.",
    "is gone, so that nobody knows whether the ledger was cut short.",
)
_NO_GUARD = Text(
    "cơ sở dữ liệu hỏng, hoặc bị bỏ phần chặn sửa và xóa.",
    "the database is damaged, or no longer refuses changes and deletions.",
)
_RENEW = Text(
    "So với bản sao lưu mới nhất; nếu đúng, làm lại sổ cái: opendata ledger backup FILE, opendata ledger restore FILE.",
    "Compare with the newest backup; when all is there, renew it: opendata ledger backup FILE, ledger restore FILE.",
)
_NO_DRIVER = Text("chưa cài phần nối tới PostgreSQL.", "what connects to PostgreSQL is not installed.")
_INSTALL = Text("Chạy: pip install 'ytemo[postgres]'.", "Run: pip install 'ytemo[postgres]'.")
_SPOILED = Text("sổ cái bị hỏng hoặc bị sửa.", "the ledger is damaged or was altered.")
_RESTORE = Text(
    "Khôi phục từ bản sao lưu: opendata ledger restore FILE.",
    "Restore it from a backup: opendata ledger restore FILE.",
)
_REACH = Text(
    "Kiểm tra quyền ghi, dung lượng đĩa, hoặc máy chủ cơ sở dữ liệu; chạy lại an toàn.",
    "Check permissions and disk space, or the database server; running again is safe.",
)

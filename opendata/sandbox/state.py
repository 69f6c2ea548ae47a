"""What a sandbox remembers between runs: its ports, its secrets and where its database lies."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import PortalError

_FILE = "state.json"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports on the loopback interface."""

    site: int
    search: int
    database: int


@dataclass(frozen=True, slots=True)
class State:
    """The memory of one sandbox.

    Attributes:
        ports: Where it listens, or listened last.
        home: The folder with the database; not the state folder when root started it.
        secret: Signs CKAN's sessions and tokens; the same for the sandbox's whole life.
        database_password: Of the role `ckan`.
        passwords: Of the people on the site, for its login page: admin, editor.
    """

    ports: Ports
    home: str
    secret: str = field(repr=False)
    database_password: str = field(repr=False)
    passwords: dict[str, str] = field(repr=False)


def fresh(ports: Ports, home: Path) -> State:
    """The memory of a new sandbox, with new secrets."""
    passwords = {name: secrets.token_urlsafe(18) for name in ("admin", "editor")}
    return State(ports, str(home), secrets.token_urlsafe(32), secrets.token_urlsafe(24), passwords)


def load(folder: Path) -> State | None:
    """Read the memory of a sandbox; None when there is none.

    Raises:
        PortalError: The file is there and cannot be understood.
    """
    try:
        data = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return State(**(data | {"ports": Ports(**data["ports"])}))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        what = Text("Không đọc được trạng thái của hộp thử nghiệm.", "The sandbox's state cannot be read.")
        remedy = Text(
            f"Xoá thư mục {folder} để bắt đầu lại (dữ liệu thử nghiệm sẽ mất).",
            f"Remove the folder {folder} to start afresh (what was rehearsed in it is lost).",
        )
        raise PortalError([Problem(str(folder / _FILE), what, remedy)]) from None


def save(folder: Path, state: State) -> None:
    """Write the memory of a sandbox, readable by its owner only."""
    write_secret(folder / _FILE, json.dumps(asdict(state), indent=1))


def moved(state: State, ports: Ports) -> State:
    """The same sandbox on other ports."""
    return replace(state, ports=ports)


def write_secret(path: Path, text: str) -> None:
    """Write a file of mode 600, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a sandbox's folder: of two commands at once, the second waits for the first.

    Raises:
        PortalError: The folder cannot be made or written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".gitignore").write_text(
            "*\n"
        )  # a workspace is often a repository; tokens do not belong in it
        guard = (folder / "lock").open("w")
    except OSError as error:
        what = Text(
            f"Không ghi được thư mục ({error.strerror}).", f"The folder cannot be written ({error.strerror})."
        )
        remedy = Text("Chọn thư mục mà bạn được ghi.", "Choose a folder that you may write to.")
        raise PortalError([Problem(str(folder), what, remedy)]) from None
    with guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield

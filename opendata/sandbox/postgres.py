"""The database: PostgreSQL from the wheel `pgserver`, started directly, as an ordinary user.

PostgreSQL refuses to run as root. Root's sandbox keeps a copy of the binaries and the data below /var/lib,
which the account that runs it can reach, while a project below a home folder of mode 700 it could not.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.errors import PortalError
from opendata.sandbox import processes
from opendata.sandbox.environment import missing_extra
from opendata.sandbox.processes import Launch, Process

NAME = "postgres"
SHARED_HOME = Path("/var/lib/ytemo")
_ACCOUNTS = ("postgres", "nobody")  # whoever is there already: the sandbox adds no account to the machine
_ORIGIN = "origin"
_PATIENCE = 60.0
_FRESH = 3600.0


@dataclass(frozen=True, slots=True)
class Database:
    """Where a database lies and how to reach it.

    Attributes:
        home: The folder that holds `data`, and for root a copy of the binaries.
        port: On the loopback interface.
        password: Of the role `ckan`.
    """

    home: Path
    port: int
    password: str

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def url(self) -> str:
        """For SQLAlchemy; holds the password."""
        return f"postgresql://ckan:{self.password}@127.0.0.1:{self.port}/postgres"

    def __repr__(self) -> str:
        return f"Database(home={str(self.home)!r}, port={self.port})"


def new_home(state: Path) -> Path:
    """Make the folder for a new database: in the state folder, or for root below /var/lib (see the module).

    Raises:
        PortalError: Root may not write there.
    """
    if os.geteuid() != 0:
        home = state / "database"
        home.mkdir(mode=0o700, exist_ok=True)
        return home
    try:
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        _sweep()
        home = Path(tempfile.mkdtemp(prefix="sandbox-", dir=SHARED_HOME))
    except OSError as error:
        what = Text(f"Không ghi được {SHARED_HOME} ({error.strerror}).", f"{SHARED_HOME} cannot be written.")
        remedy = Text(
            "Chạy bằng người dùng thường, không phải root.", "Run it as an ordinary user instead of root."
        )
        raise PortalError([Problem("sandbox", what, remedy)]) from None
    home.chmod(0o711)  # the account passes through, and lists nothing
    (home / _ORIGIN).write_text(str(state))
    return home


def _sweep() -> None:
    """Remove databases whose sandbox is gone: nobody can start them again."""
    for origin in SHARED_HOME.glob(f"sandbox-*/{_ORIGIN}"):
        if _is_abandoned(origin) and running(origin.parent / "data") is None:
            shutil.rmtree(origin.parent, ignore_errors=True)


def _is_abandoned(origin: Path) -> bool:
    """Whether no state names this database; one made within the hour may not be written down yet."""
    with suppress(OSError):
        if time.time() - origin.stat().st_mtime < _FRESH:
            return False
        return str(origin.parent) not in (Path(origin.read_text()) / "state.json").read_text()
    return True


def start(state: Path, database: Database) -> Process:
    """Start the database; makes it first when it is new. What a crash left behind is repaired.

    Raises:
        PortalError: It does not start.
    """
    binaries = _binaries(database.home)
    _create(state, database, binaries)
    command = [str(binaries / "postgres"), "-D", str(database.data), "-p", str(database.port)]
    for setting in ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=50"):
        command += ["-c", setting]
    _forget_crash(database.data)
    process = processes.start(state, NAME, Launch(command, _environment(), database.home, _account()))
    processes.wait_until(lambda: _ready(database, process) or not processes.alive(process), _PATIENCE)
    if not (processes.alive(process) and _ready(database, process)):
        raise processes.failure(state, NAME)
    return process


def stop(process: Process | None) -> None:
    """Stop the database: SIGINT ends its clients and writes everything down; then SIGQUIT."""
    processes.stop(process, signal.SIGINT, signal.SIGQUIT)


def running(data: Path) -> Process | None:
    """The server of a data directory, as PostgreSQL itself records it, even when our record was lost."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, ValueError, IndexError):
        return None
    return Process(pid, started) if os.fsencode(data) in arguments else None


def remove(home: Path) -> None:
    """Delete a stopped database for good."""
    shutil.rmtree(home, ignore_errors=True)


def _forget_crash(data: Path) -> None:
    """After kill -9, wait until the old server's children are gone; drop the file with its pid.

    PostgreSQL would drop it too, but not while the dead server is a zombie, and in a container without an
    init process it stays one. The children are known by their working directory.
    """
    if running(data) is None:
        processes.wait_until(lambda: not _users(data), _PATIENCE)
        if not _users(data):
            (data / "postmaster.pid").unlink(missing_ok=True)


def _users(data: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # gone meanwhile, a zombie, or someone else's
            found += [entry.parent.name] if entry.readlink() == data else []
    return found


def _ready(database: Database, process: Process) -> bool:
    """PostgreSQL writes its pid in line 1 and its status in line 8 of postmaster.pid."""
    try:
        lines = (database.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready"


def _create(state: Path, database: Database, binaries: Path) -> None:
    """Run initdb beside and rename: half a database never counts."""
    if (database.data / "PG_VERSION").exists():
        return
    draft = database.home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password = database.home / "password"
    try:
        password.touch(mode=0o600)
        password.write_text(database.password)
        if account := _account():
            os.chown(password, *account)
            draft.mkdir(mode=0o700)
            os.chown(draft, *account)
        _initdb(state, database, [str(binaries / "initdb"), "-D", str(draft), f"--pwfile={password}"])
    finally:
        password.unlink(missing_ok=True)
    draft.rename(database.data)


def _initdb(state: Path, database: Database, command: list[str]) -> None:
    command += ["-U", "ckan", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
    account = _account()
    uid, gid = account or (None, None)
    (state / "logs").mkdir(mode=0o700, exist_ok=True)
    with (state / "logs" / "initdb.log").open("w") as log:
        done = subprocess.run(
            command,
            cwd=database.home,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
            user=uid,
            group=gid,
            extra_groups=[] if account else None,
        )
    if done.returncode:
        raise processes.failure(state, "initdb")


def _binaries(home: Path) -> Path:
    """The folder of programs: the wheel's own, or for root a copy that the account can reach."""
    spec = util.find_spec("pgserver")  # found, not imported: importing it creates folders
    if spec is None or spec.origin is None:
        raise missing_extra()
    wheel = Path(spec.origin).parent
    if os.geteuid() == 0:
        copy = home / "postgresql"
        if not copy.exists():
            _copy(wheel, copy)
        wheel = copy / wheel.name
    return wheel / "pginstall" / "bin"


def _copy(wheel: Path, target: Path) -> None:
    """Copy programs and libraries, which find each other by relative paths, readable for everyone."""
    draft = target.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    for part in (wheel / "pginstall", wheel.with_name(f"{wheel.name}.libs")):
        if part.exists():
            place = draft / part.relative_to(wheel.parent)
            shutil.copytree(part, place, symlinks=True, ignore=shutil.ignore_patterns("include"))
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o111 else 0o644)
    draft.rename(target)


def _account() -> tuple[int, int] | None:
    """(uid, gid) to run as: None, the caller's own, unless the caller is root."""
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    what = Text("Không có tài khoản nào để chạy PostgreSQL.", "There is no account to run PostgreSQL as.")
    remedy = Text(
        "Chạy bằng người dùng thường, không phải root.", "Run it as an ordinary user instead of root."
    )
    raise PortalError([Problem("sandbox", what, remedy)])


def _environment() -> dict[str, str]:
    """Nothing of the caller's: PG* variables would change what the server does."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

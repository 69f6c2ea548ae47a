"""Up, down, status, remove: the sandbox as a whole."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from importlib import resources
from pathlib import Path

import requests
from ckanapi import CKANAPIError

from catalog.errors import Problem, Text
from opendata.errors import PortalError
from opendata.ports import are_free
from opendata.sandbox import postgres, processes, state
from opendata.sandbox.environment import Progress, cache_folder, ckan_python
from opendata.sandbox.postgres import Database
from opendata.sandbox.processes import Launch
from opendata.sandbox.seed import EDITOR, ORGANIZATIONS, Wanted, seed
from opendata.sandbox.settings import write_ini
from opendata.sandbox.state import Ports, State

DEFAULT_PORT = 25300
_SEARCH, _SITE = "search", "ckan"
_PATIENCE = 180.0  # seconds until CKAN answers; about 6 on an idle machine
_RELEASE = 10.0  # seconds until a killed part's children have let go of its ports


@dataclass(frozen=True, slots=True)
class SandboxInfo:
    """A sandbox that answers.

    Attributes:
        url: Of the site.
        organization: The organisation in which the editor publishes.
        editor: The editor's name on the site.
        token: The editor's API token; never shown.
        folder: The state folder; `editor.token` and `admin.token` lie there, and logs/.
    """

    url: str
    organization: str
    editor: str
    folder: Path
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """How a sandbox is.

    Attributes:
        url: Where it listens, or listened last; None when there is none yet.
        running: Each part (postgres, search, ckan) and whether its process lives.
        answers: Whether the site answers.
    """

    url: str | None
    running: Mapping[str, bool]
    answers: bool


def _print(message: Text) -> None:
    print(f"{message.vi}\n  {message.en}", file=sys.stderr)  # noqa: T201 - the default progress


def up(
    state_dir: Path,
    *,
    port: int = DEFAULT_PORT,
    organizations: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
    progress: Progress = _print,
) -> SandboxInfo:
    """Start the sandbox, or what is missing of it; when it is up, it is left alone.

    Args:
        state_dir: Its folder, for example `<workspace>/.sandbox`; made when missing.
        port: The first port to try for a new sandbox; when it or a neighbour is taken, ten higher, below
            32768. A sandbox that was there keeps its ports while they are free.
        organizations: Organisations to have besides the default one: name to title.
        groups: Groups to have besides the default ones: name to title.
        progress: Told what happens, in both languages.

    Raises:
        PortalError: It cannot be built or started; the message names the log.
    """
    folder = state_dir.absolute()
    with state.locked(folder), _told(folder):
        memory = state.load(folder)
        if memory is None or not _complete(folder, memory):
            memory = _start(folder, memory, port, progress)
        wanted = Wanted(organizations or {}, groups or {})
        token = seed(folder, _url(memory), wanted=wanted, password=memory.passwords["editor"])
    progress(Text(f"Hộp thử nghiệm chạy tại {_url(memory)}", f"The sandbox is up at {_url(memory)}"))
    return SandboxInfo(_url(memory), next(iter(ORGANIZATIONS)), EDITOR, folder, token)


def down(state_dir: Path) -> None:
    """Stop the sandbox and wait until its processes are gone; what was published stays."""
    folder = state_dir.absolute()
    if not folder.exists():
        return
    with state.locked(folder):
        _stop(folder, state.load(folder))


def remove(state_dir: Path) -> None:
    """Stop the sandbox and delete it with everything published in it."""
    folder = state_dir.absolute()
    if not folder.exists():
        return
    with state.locked(folder):
        memory = state.load(folder)
        _stop(folder, memory)
        if memory is not None:
            postgres.remove(Path(memory.home))
        shutil.rmtree(folder)


def status(state_dir: Path) -> Status:
    """Look at the sandbox; changes nothing and waits for nobody."""
    folder = state_dir.absolute()
    memory = state.load(folder)
    if memory is None:
        return Status(None, dict.fromkeys((postgres.NAME, _SEARCH, _SITE), False), answers=False)
    return Status(_url(memory), _running(folder, memory), _answers(memory))


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the site or the disk says into a refusal with a remedy."""
    try:
        yield
    except (CKANAPIError, requests.RequestException):
        raise processes.failure(folder, _SITE) from None
    except OSError as error:
        what = Text(f"Không ghi được ({error.strerror}).", f"Cannot be written ({error.strerror}).")
        remedy = Text(
            "Kiểm tra quyền và chỗ trống trên đĩa.", "Check the permissions and the free disk space."
        )
        raise PortalError([Problem(str(error.filename or folder), what, remedy)]) from None


def _url(memory: State) -> str:
    return f"http://127.0.0.1:{memory.ports.site}"


def _running(folder: Path, memory: State) -> dict[str, bool]:
    found = {name: processes.find(folder, name) is not None for name in (_SEARCH, _SITE)}
    return {postgres.NAME: postgres.running(Path(memory.home) / "data") is not None} | found


def _complete(folder: Path, memory: State) -> bool:
    return all(_running(folder, memory).values()) and _answers(memory)


def _answers(memory: State) -> bool:
    """Whether the site reaches its database and its index."""
    try:
        answer = requests.get(f"{_url(memory)}/api/3/action/package_search?rows=0", timeout=20)
    except requests.RequestException:
        return False
    return answer.status_code == 200


def _start(folder: Path, memory: State | None, port: int, progress: Progress) -> State:
    """Start every part, one after the other; first stop what is left of an earlier time.

    CKAN fills the search index when it starts, so a part that died alone takes the others with it.
    """
    python = ckan_python(cache_folder(folder / "cache"), progress)
    _stop(folder, memory)
    memory = _remembered(folder, memory, port)
    database = Database(Path(memory.home), memory.ports.database, memory.database_password)
    progress(Text("Đang khởi động PostgreSQL …", "Starting PostgreSQL …"))
    postgres.start(folder, database)
    progress(Text("Đang khởi động dịch vụ tìm kiếm …", "Starting the search service …"))
    here = [sys.executable, "-P", "-m", "opendata.sandbox.search", "--port", str(memory.ports.search)]
    processes.start(folder, _SEARCH, Launch(here, _environment(), folder))
    progress(Text("Đang khởi động CKAN …", "Starting CKAN …"))
    write_ini(folder, memory, database)
    _start_site(folder, memory, python)
    return memory


def _start_site(folder: Path, memory: State, python: Path) -> None:
    script = str(resources.files("opendata.sandbox") / "ckan_site.py")
    site = processes.start(
        folder, _SITE, Launch([str(python), "-I", script, str(folder)], _environment(), folder)
    )
    processes.wait_until(lambda: _answers(memory) or not processes.alive(site), _PATIENCE)
    if not (processes.alive(site) and _answers(memory)):
        _stop(folder, memory)
        raise processes.failure(folder, _SITE)


def _remembered(folder: Path, memory: State | None, port: int) -> State:
    """The memory with ports that are free and a home that exists, written before anything relies on it."""
    if memory is None:
        memory = state.fresh(_ports(port), postgres.new_home(folder))
    elif not _are_left(memory.ports):
        memory = state.moved(memory, _ports(port))
    if not Path(memory.home).is_dir():
        memory = replace(memory, home=str(postgres.new_home(folder)))
    state.save(folder, memory)
    return memory


def _are_left(ports: Ports) -> bool:
    """Whether the sandbox's own ports are free again."""
    return processes.wait_until(lambda: are_free(tuple(asdict(ports).values())), _RELEASE)


def _ports(base: int) -> Ports:
    return Ports(*processes.free_ports(base, count=3))


def _stop(folder: Path, memory: State | None) -> None:
    """Stop CKAN before what it stands on."""
    processes.stop(processes.find(folder, _SITE))
    processes.stop(processes.find(folder, _SEARCH))
    if memory is not None:
        postgres.stop(postgres.running(Path(memory.home) / "data"))


def _environment() -> dict[str, str]:
    """The caller's environment without what would change CKAN (CKAN_* override its settings)."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CKAN", "PG", "SQLALCHEMY"))
    }
    return kept | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONUTF8": "1"}

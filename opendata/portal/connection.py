"""The wire: reads are GET requests that may be repeated, writes go once, files are streamed."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from catalog.errors import Text
from opendata.portal import failures
from ytemo_display.progress import tell

_CONNECT_SECONDS = 10.0
_CHUNK = 1 << 20
# A connection that was never made may be tried again by anyone; an answer that never came, only by a read.
_RETRY = Retry(
    total=3,
    read=1,
    backoff_factor=0.3,
    status_forcelist=(502, 503, 504),
    allowed_methods=("GET",),
    respect_retry_after_header=False,
    raise_on_status=False,
)


class Upload(NamedTuple):
    """A file to send: its name on the portal (ASCII), where it lies, its media type."""

    name: str
    path: Path
    media_type: str


class Fetched(NamedTuple):
    """What a download gave: SHA-256 in hexadecimal and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Connection:
    """An open session with one portal.

    Attributes:
        url: Base address, without a slash at the end.
        timeout: Seconds to wait for each answer.
        session: Sends the token to this portal only; repeats nothing but reads.
    """

    url: str
    timeout: float
    session: requests.Session = field(repr=False)

    @property
    def waits(self) -> tuple[float, float]:
        """Seconds to wait for a connection, and for an answer."""
        return min(_CONNECT_SECONDS, self.timeout), self.timeout


def checked_address(url: str, *, has_token: bool) -> str:
    """The base address of a portal, in its plain form.

    Raises:
        PortalError: It is no http(s) address, or a token would travel unencrypted to another machine.
    """
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise failures.bad_address("portal") from None
    if parts.username is not None or parts.password is not None:
        raise failures.bad_address("portal")  # do not repeat it: it holds a password
    if not usable or parts.query or parts.fragment:
        raise failures.bad_address(url)
    if has_token and parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise failures.unprotected(url)
    return url.strip().rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def connect(url: str, token: str | None, *, timeout: float) -> Iterator[Connection]:
    """Open a session; closes it afterwards.

    Raises:
        PortalError: The token holds what no token holds: it was copied badly.
    """
    token = (token or "").strip()  # mostly read from a file, with a line end
    if not (token.isascii() and token.isprintable()):
        raise failures.bad_token(url)
    with requests.Session() as session:
        session.headers["User-Agent"] = f"ytemo/{version('ytemo')}"
        session.auth = _signer(url, token)
        session.hooks["response"].append(_screen(url))
        if urlsplit(url).scheme == "http" and _is_loopback(urlsplit(url).hostname or ""):
            session.trust_env = False  # what is on this machine goes through no proxy: it would see the token
        for prefix in ("http://", "https://"):
            session.mount(prefix, HTTPAdapter(max_retries=_RETRY))
        yield Connection(url, timeout, session)


def _signer(url: str, token: str) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """Put the token on requests to the portal and on no others; being an `auth`, it also keeps .netrc out."""
    home = urlsplit(url)

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        there = urlsplit(request.url or "")
        if token and (there.scheme, there.netloc) == (home.scheme, home.netloc):
            request.headers["Authorization"] = token
        return request

    return sign


def read(connection: Connection, action: str, **parameters: str) -> Any:
    """Call an action that changes nothing.

    Returns:
        Its result; None when the portal says that there is no such thing, or none for these eyes.

    Raises:
        PortalError: It cannot be had.
    """
    address = f"{connection.url}/api/3/action/{action}"
    with _translated(connection):
        answer = connection.session.get(
            address, params=parameters, timeout=connection.waits, allow_redirects=False
        )
    parsed = answer.json()
    if parsed["success"]:
        return parsed["result"]
    if parsed["error"].get("__type") in ("Not Found Error", "Authorization Error"):
        return None
    raise _refusal(connection, action, parsed["error"])


def write(connection: Connection, action: str, data: Mapping[str, Any]) -> Any:
    """Call an action that changes something, once.

    Raises:
        PortalError: The portal refuses, or its answer never came: whether it was done is then unknown.
    """
    from ckanapi import RemoteCKAN

    site = RemoteCKAN(connection.url, session=connection.session)
    with _translated(connection), _refusals(connection, action):
        return site.call_action(action, dict(data), requests_kwargs={"timeout": connection.waits})


def send(
    connection: Connection, action: str, *, fields: Mapping[str, str], uploads: Mapping[str, Upload]
) -> Any:
    """Call an action with files, streamed from disk: memory does not grow with them.

    Raises:
        PortalError: As for `write`; a portal that breaks off half-way mostly finds a file too large.
    """
    from ckanapi.common import reverse_apicontroller_action
    from requests_toolbelt import MultipartEncoder, MultipartEncoderMonitor

    address = f"{connection.url}/api/3/action/{action}"
    with ExitStack() as files, _translated(connection), _refusals(connection, action):
        parts: list[tuple[str, Any]] = list(fields.items())
        for key, upload in uploads.items():
            handle = files.enter_context(upload.path.open("rb"))
            parts.append((key, (upload.name, handle, upload.media_type)))
        body = MultipartEncoderMonitor(MultipartEncoder(parts), _sent)
        answer = connection.session.post(
            address,
            data=body,
            headers={"Content-Type": body.content_type},
            timeout=connection.waits,
            allow_redirects=False,
        )
        return reverse_apicontroller_action(address, answer.status_code, answer.text)


def _sent(body: Any) -> None:
    tell(_UPLOADING, body.bytes_read, body.len)


_UPLOADING = Text("Tải lên", "Uploading")


def fetch(
    connection: Connection, url: str, target: BinaryIO | None = None, *, limit: int | None = None
) -> Fetched:
    """Download in pieces, counting and hashing; also writes to `target` when given.

    Args:
        connection: The portal.
        url: Of the file.
        target: Where its bytes go.
        limit: Bytes after which no more are taken: what comes is not what was declared, and may never end.

    Raises:
        PortalError: It cannot be had.
    """
    digest, size = hashlib.sha256(), 0
    with (
        _translated(connection),
        connection.session.get(url, timeout=connection.waits, stream=True) as answer,
    ):
        if answer.status_code in (401, 403, 404):
            raise failures.missing(connection.url, urlsplit(url).path.rpartition("/")[2])
        if answer.status_code != requests.codes.ok:
            raise failures.broken(connection.url, answer.status_code)
        for piece in answer.iter_content(_CHUNK):
            digest.update(piece)
            size += len(piece)
            if target is not None:
                target.write(piece)
            if limit is not None and size > limit:
                break
    return Fetched(digest.hexdigest(), size)


def ranged(connection: Connection, url: str, size: int) -> str | None:
    """Where parts of a file can be read: its last address, when the server gives the part that is asked for.

    Args:
        connection: The portal.
        url: Of the file.
        size: Of the whole, in bytes.

    Returns:
        None when the server ignores what part is asked for, or has a file of another size.

    Raises:
        PortalError: It cannot be had.
    """
    part = {"Range": "bytes=0-3", "Accept-Encoding": "identity"}
    with (
        _translated(connection),
        connection.session.get(url, headers=part, timeout=connection.waits, stream=True) as answer,
    ):
        served = answer.status_code == requests.codes.partial_content
        whole = answer.headers.get("Content-Range") == f"bytes 0-3/{size}"
        return answer.url if served and whole else None


@contextmanager
def _translated(connection: Connection) -> Iterator[None]:
    """Turn what requests raises into a refusal with a remedy; its own texts may hold headers."""
    url = connection.url
    try:
        yield
    except requests.exceptions.ProxyError:
        raise failures.proxied(url) from None
    except requests.exceptions.SSLError:
        raise failures.untrusted(url) from None
    except requests.exceptions.Timeout:
        raise failures.too_slow(url, connection.timeout) from None
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
        raise failures.bad_address(url) from None
    except requests.exceptions.InvalidHeader:
        raise failures.bad_token(url) from None
    except requests.exceptions.RequestException as error:
        if isinstance(getattr(next(iter(error.args), None), "reason", None), ReadTimeoutError):
            raise failures.too_slow(url, connection.timeout) from None
        raise failures.unreachable(url) from None


@contextmanager
def _refusals(connection: Connection, action: str) -> Iterator[None]:
    """Turn what ckanapi raises into a refusal with a remedy."""
    from ckanapi import CKANAPIError, NotAuthorized, NotFound, ValidationError

    try:
        yield
    except NotAuthorized:
        raise _refusal(connection, action, {"__type": "Authorization Error"}) from None
    except NotFound:
        raise _refusal(connection, action, {"__type": "Not Found Error"}) from None
    except ValidationError as error:
        raise _refusal(connection, action, dict(error.error_dict)) from None
    except CKANAPIError:  # search errors and everything it does not know; the rest was looked at before
        raise failures.broken(connection.url, requests.codes.server_error) from None


def _screen(url: str) -> Callable[..., None]:
    """Look at every answer of the API before anyone reads it as CKAN's: a proxy may have written it."""

    def look(answer: requests.Response, **_options: Any) -> None:
        if (
            "/api/3/action/" not in urlsplit(answer.url).path
            and "/api/action/" not in urlsplit(answer.url).path
        ):
            return
        _ = answer.content  # whoever raises below leaves no half-read connection behind
        if answer.is_redirect:
            raise failures.redirected(url)
        if answer.status_code == requests.codes.request_entity_too_large:
            raise failures.too_large(url)
        if not _is_ckan(answer):
            wrong = failures.broken if answer.status_code >= 500 else failures.not_ckan
            raise wrong(url, answer.status_code)

    return look


def _is_ckan(answer: requests.Response) -> bool:
    try:
        parsed = answer.json()
        return bool(parsed["success"]) or isinstance(parsed["error"], dict)
    except (ValueError, KeyError, TypeError):
        return False


def _refusal(connection: Connection, action: str, error: Mapping[str, Any]) -> Exception:
    """What to say of an error of CKAN's. Its texts are translated, so only its keys are looked at."""
    kind = error.get("__type")
    if kind == "Authorization Error":
        return failures.forbidden(connection.url, action)
    if kind == "Not Found Error":
        return failures.missing(connection.url, action)
    if kind == "Validation Error":
        fields = {name for name in error if not name.startswith("__")}
        if fields == {"match"}:
            return failures.conflict(connection.url)
        if fields == {"upload"}:
            return failures.too_large(connection.url)
        return failures.invalid(connection.url, fields)
    return failures.broken(connection.url, requests.codes.server_error)

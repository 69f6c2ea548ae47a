"""The HTTP face of the search stand-in: the paths of Solr that CKAN and pysolr call."""

from __future__ import annotations

import argparse
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from opendata.sandbox.search.index import Index, select
from opendata.sandbox.search.query import QuerySyntaxError

SCHEMA = "ckan-2.12"
_OK = {"responseHeader": {"status": 0, "QTime": 0}, "status": "OK"}


class _Handler(BaseHTTPRequestHandler):
    """One request; `index` is shared by all."""

    protocol_version = "HTTP/1.1"

    def __init__(self, index: Index, *args: object) -> None:
        self.index = index
        super().__init__(*args)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        """Keep no log: queries may hold what a person typed."""

    def do_GET(self) -> None:  # the name is http.server's
        """Answer one request; what goes wrong is told as Solr tells it, so that CKAN sees it too."""
        try:
            status, kind, body = self._answer()
        except QuerySyntaxError as error:
            status, kind, body = 400, "application/json", _failure(400, str(error))
        except Exception as error:
            status, kind, body = 500, "application/json", _failure(500, type(error).__name__)
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def _answer(self) -> tuple[int, str, bytes]:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parameters = parse_qs(address.query, keep_blank_values=True)
        action = _ACTIONS.get(address.path.rstrip("/").rpartition("/")[2])
        if action == "schema":
            return 200, "text/xml", f'<schema name="{SCHEMA}" version="1.6"/>'.encode()
        if action == "ping":
            return 200, "application/json", json.dumps(_OK).encode()
        if action == "select":
            for name, values in parse_qs(body.decode(), keep_blank_values=True).items():
                parameters.setdefault(name, []).extend(values)
            return 200, "application/json", json.dumps(select(self.index, parameters)).encode()
        if action == "update":
            update(self.index, body, is_json="json" in (self.headers.get("Content-Type") or ""))
            return 200, "application/json", json.dumps(_OK).encode()
        return 404, "application/json", _failure(404, "not found")


_ACTIONS = {"schema": "schema", "file": "schema", "ping": "ping", "select": "select", "update": "update"}


def update(index: Index, body: bytes, *, is_json: bool) -> None:
    """Do what a body sent to `/update` says: JSON adds documents, XML deletes (or commits: nothing to do)."""
    if not body:
        return
    if is_json:
        index.add(json.loads(body))
        return
    root = ElementTree.fromstring(body)  # noqa: S314 - it comes from our own CKAN
    for part in root.iter():
        if part.tag == "query":
            index.delete(part.text or "")
        elif part.tag == "id":
            index.delete(f'id:"{part.text}"')


def server(port: int) -> ThreadingHTTPServer:
    """A server on the loopback interface with an empty index; the caller runs and closes it.

    Raises:
        OSError: The port is taken.
    """
    handler: Callable[..., BaseHTTPRequestHandler] = partial(_Handler, Index())
    made = ThreadingHTTPServer(("127.0.0.1", port), handler)
    made.daemon_threads = True
    return made


def _failure(status: int, message: str) -> bytes:
    return json.dumps(
        {"responseHeader": {"status": status}, "error": {"msg": message, "code": status}}
    ).encode()


def main() -> None:
    """Serve until the process is told to stop."""
    arguments = argparse.ArgumentParser(description="search stand-in of the sandbox")
    arguments.add_argument("--port", type=int, required=True)
    with server(arguments.parse_args().port) as running:
        running.serve_forever()

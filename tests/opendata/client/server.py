"""A web server for tests: a folder of files, ranges or not, and what goes wrong on the way."""

import http.server
import json
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


class Site:
    """What is served, and what was asked.

    `tricks` maps the end of a path to what happens there: "truncated", "wrong", "endless", "moved", "page", a status.
    `actions` are the answers of a CKAN API by action and id; None is a server that has no such API.
    """

    def __init__(self, folder: Path):
        self.folder, self.tricks, self.actions = folder, {}, None
        self.ranges = True
        self.log: list[tuple[str, str | None, int]] = []
        self.url = ""

    @property
    def sent(self) -> int:
        return sum(size for _, _, size in self.log)


@contextmanager
def serving(folder: Path):
    site = Site(folder)
    handler = type("Handler", (Handler,), {"site": site})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


class Handler(http.server.BaseHTTPRequestHandler):
    site: Site

    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        try:
            if parts.path.startswith("/api/3/action/") and self.site.actions is not None:
                self.answer(*self.action(parts))
            else:
                self.file(parts.path)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def action(self, parts):
        given = parse_qs(parts.query)
        found = self.site.actions.get((parts.path.rpartition("/")[2], given.get("id", [""])[0]))
        if found is None:
            return 404, json.dumps({"success": False, "error": {"__type": "Not Found Error"}}).encode()
        return 200, json.dumps({"success": True, "result": found}).encode()

    def file(self, path):
        trick = next((what for end, what in self.site.tricks.items() if path.endswith(end)), None)
        if isinstance(trick, int):
            return self.answer(trick, b"<p>trouble</p>")
        if trick == "page":
            return self.answer(200, b"<!doctype html><p>one page for everything</p>")
        if trick == "moved":
            return self.answer(302, b"", Location=f"/elsewhere{path}")
        target = self.site.folder / path.removeprefix("/elsewhere").lstrip("/")
        if not target.is_file():
            return self.answer(404, b"<p>not found</p>")
        return self.content(target.read_bytes(), trick)

    def content(self, data: bytes, trick: str | None):
        asked = self.headers.get("Range")
        if trick == "wrong":
            data = data[:-1] + bytes([data[-1] ^ 1])
        if trick == "endless":
            return self.endless()
        if trick == "truncated":
            return self.answer(200, data[: len(data) // 2], length=len(data))
        if asked and self.site.ranges:
            first, last = re.fullmatch(r"bytes=(\d*)-(\d*)", asked).groups()
            start = int(first) if first else max(0, len(data) - int(last))
            end = min(int(last), len(data) - 1) if first and last else len(data) - 1
            headers = {"Content-Range": f"bytes {start}-{end}/{len(data)}"}
            return self.answer(206, data[start : end + 1], **headers)
        return self.answer(200, data)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        for _ in range(256):
            self.wfile.write(b"0" * 1_000_000)
            self.site.log.append((self.path, None, 1_000_000))

    def answer(self, status: int, body: bytes, length: int | None = None, **headers: str):
        self.site.log.append((self.path, self.headers.get("Range"), len(body)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

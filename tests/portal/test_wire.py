"""Answers that are not CKAN's, and addresses that are none: a refusal with a remedy each time, quickly."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from opendata.errors import PortalError, VerificationError
from opendata.portal import Portal, RemoteFile
from opendata.portal.connection import checked_address

SECRET = "s3cret-token-value"


@contextmanager
def serving(status, body, **headers):
    """A server that gives one answer to everything; its `seen` lists the requests and their tokens."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.command, self.path, self.headers.get("Authorization")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", seen
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>welcome</html>", "not CKAN's"),
        (200, b'{"swagger": true}', "not CKAN's"),
        (200, b"[]", "not CKAN's"),
        (404, b"<html>no such page</html>", "not CKAN's"),
        (403, b"blocked by the firewall", "not CKAN's"),
        (500, b"oops", "HTTP 500"),
        (503, b"maintenance", "HTTP 503"),
        (413, b"<html>too large</html>", "of this size"),
        (409, b'{"success": false, "error": {"__type": "Search Error", "message": "x"}}', "HTTP 500"),
        (
            409,
            b'{"success": false, "error": {"__type": "Validation Error", "owner_org": ["x"]}}',
            "owner_org",
        ),
        (409, b'{"success": false, "error": "text"}', "not CKAN's"),
    ],
)
@pytest.mark.parametrize("act", ["read", "publish"])
def test_answers_that_are_not_what_they_should_be(make, status, body, said, act):
    with serving(status, body) as (url, _):
        portal = Portal(url, token=SECRET, timeout=5)
        with pytest.raises(PortalError, match=said) as refused:
            portal.files("x") if act == "read" else portal.publish(make())
    assert refused.value.exit_code == 7
    assert SECRET not in str(refused.value)
    assert all(problem.remedy.vi and problem.remedy.en for problem in refused.value.problems)


def test_writes_speak_the_same_language():
    from opendata.portal.connection import connect, send, write

    def attempt(call):
        served = serving(409, body)
        with (
            served as (url, _),
            connect(url, SECRET, timeout=5) as wire,
            pytest.raises(PortalError) as refused,
        ):
            call(wire)
        return str(refused.value)

    cases = {
        "Authorization Error": "does not allow",
        "Not Found Error": "There is no",
        "Search Index Error": "server failed",
        "Something New": "server failed",
    }
    for kind, said in cases.items():
        body = b'{"success": false, "error": {"__type": "%s", "message": "Access denied"}}' % kind.encode()
        assert said in attempt(lambda connection: write(connection, "package_create", {"a": "b"}))
        assert said in attempt(
            lambda connection: send(connection, "package_revise", fields={"a": "b"}, uploads={})
        )
    for field, said in {
        "match": "Someone just changed",
        "upload": "of this size",
        "name": "may be taken",
    }.items():
        body = b'{"success": false, "error": {"__type": "Validation Error", "%s": ["x"]}}' % field.encode()
        assert said in attempt(lambda connection: write(connection, "package_revise", {"a": "b"}))


def test_reads_are_repeated_and_writes_are_not():
    from opendata.portal.connection import connect, write

    with serving(503, b"busy") as (url, seen), connect(url, None, timeout=5) as connection:
        with pytest.raises(PortalError):
            Portal(url).files("x")
        assert len(seen) == 4
        with pytest.raises(PortalError):
            write(connection, "package_create", {"name": "x"})
        assert [method for method, *_ in seen].count("POST") == 1


def test_redirects_are_named_not_followed():
    moved = serving(301, b"", Location="https://elsewhere.example.org/")
    with moved as (url, seen), pytest.raises(PortalError, match="redirects"):
        Portal(url, token=SECRET).files("x")
    assert len(seen) == 1


def test_the_token_goes_to_the_portal_only(tmp_path):
    with serving(200, b"bytes") as (other, seen), serving(302, b"", Location=f"{other}/file") as (url, first):
        file = RemoteFile("data.csv", f"{url}/dataset/x", "0" * 64, 5, "1")
        with pytest.raises(VerificationError, match="SHA-256"):
            Portal(url, token=SECRET).download(file, tmp_path / "data.csv")
    assert [token for *_, token in first] == [SECRET]
    assert [token for *_, token in seen] == [None]
    assert list(tmp_path.iterdir()) == []


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    for url in (f"http://127.0.0.1:{free}", "http://portal.invalid"):
        with pytest.raises(PortalError, match="does not answer") as refused:
            Portal(url, timeout=5).files("x")
        assert refused.value.problems[0].where == url


def test_a_portal_that_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(PortalError, match=r"within 0\.2 s"):
        Portal(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2).files("x")


def test_no_tls_where_tls_is_expected():
    with serving(200, b"{}") as (url, _), pytest.raises(PortalError, match="TLS"):
        Portal(url.replace("http:", "https:"), timeout=5).files("x")


@pytest.mark.parametrize(
    "url", ["", "portal", "ftp://x.org", "http://", "https://x.org/?q=1", "http://[::1", "http://x:99999"]
)
def test_addresses_that_are_none(url):
    with pytest.raises(PortalError, match="not the address"):
        Portal(url).files("x")


def test_a_password_in_the_address_is_not_repeated():
    with pytest.raises(PortalError) as refused:
        Portal("https://me:hunter2@x.org").files("x")
    assert "hunter2" not in str(refused.value)


def test_a_token_is_not_sent_in_the_clear():
    with pytest.raises(PortalError, match="http://"):
        Portal("http://data.example.org", token=SECRET).files("x")
    assert checked_address("http://localhost:5000/", has_token=True) == "http://localhost:5000"
    assert (
        checked_address(" https://data.example.org/ckan/ ", has_token=True) == "https://data.example.org/ckan"
    )


def test_what_is_on_this_machine_goes_through_no_proxy(monkeypatch):
    """It would see the token, and a rehearsal could reach another portal through it."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(500, b"") as (proxy, seen):
        monkeypatch.setenv("http_proxy", proxy)
        with pytest.raises(PortalError):
            Portal("http://127.0.0.1:9", token=SECRET).versions("cases")
    assert seen == []

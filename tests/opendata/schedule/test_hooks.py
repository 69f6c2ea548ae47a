"""Whom a run tells, and that nothing depends on it."""

import json
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from opendata import workspace as workspaces
from opendata.config import HooksConfig
from opendata.errors import SpecError
from opendata.schedule import hooks

SUMMARY = '{"exit_code": 6, "datasets": []}'
WRITE = (
    "import os, sys; open('told', 'w').write(sys.stdin.read()); open('env', 'w').write(' '.join(os.environ))"
)


def tell(office, failed=True, environment=None, **config):
    made = office.config.model_copy(update={"hooks": HooksConfig(**config)})
    found = hooks.tell(
        workspaces.Workspace(office.root, made), SUMMARY, failed=failed, environment=environment or {}
    )
    return [f"{problem.where}: {problem.what.en}" for problem in found]


@contextmanager
def listening(status=204):
    """A server on this machine; yields its address and what was posted to it."""
    got = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Location", "http://example.org/")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook", got
        finally:
            server.shutdown()
            thread.join()


def test_a_program_reads_the_summary_and_gets_no_secret(office):
    environment = {"PATH": "/usr/bin", "OPENDATA_TOKEN": "x", "OPENDATA_KEYS": "/keys"}
    assert tell(office, environment=environment, command=(sys.executable, "-c", WRITE)) == []
    assert (office.root / "told").read_text() == SUMMARY
    seen = (office.root / "env").read_text().split()
    assert "PATH" in seen
    assert not {"OPENDATA_TOKEN", "OPENDATA_KEYS"} & set(seen)


def test_the_summary_is_posted(office):
    with listening() as (address, got):
        assert tell(office, webhook=address) == []
    assert [(kind, json.loads(body)) for kind, body in got] == [
        ("application/json; charset=utf-8", json.loads(SUMMARY))
    ]


@pytest.mark.parametrize(
    ("on", "failed", "told"), [("failure", False, 0), ("failure", True, 1), ("always", False, 1)]
)
def test_who_wants_to_hear_of_what(office, on, failed, told):
    with listening() as (address, got):
        tell(office, failed, on=on, webhook=address)
    assert len(got) == told


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"command": ("/nowhere/mail",)}, "hooks.command: this program cannot be started"),
        ({"command": (sys.executable, "-c", "raise SystemExit(3)")}, "hooks.command: ended with code 3"),
        ({"command": (sys.executable, "-c", "import time; time.sleep(9)"), "timeout": 1}, "within 1 seconds"),
        ({"webhook": "http://example.org/hook"}, "hooks.webhook: this address cannot be used"),
        ({"webhook": "https://u:p@example.org/hook"}, "hooks.webhook: this address cannot be used"),
        ({"webhook": "http://127.0.0.1:1/hook"}, "hooks.webhook: this address does not answer"),
    ],
)
def test_what_goes_wrong_is_told(office, config, said):
    (problem,) = tell(office, **config)
    assert said in problem


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_an_answer_that_says_yes_will_do(office, status):
    with listening(status) as (address, _):
        assert tell(office, webhook=address) == [f"opendata.toml: hooks.webhook: answered HTTP {status}."]


def test_both_may_fail_and_both_are_told(office):
    assert len(tell(office, command=("/nowhere/mail",), webhook="http://127.0.0.1:1/hook")) == 2


def test_the_section_is_read_from_the_configuration(office):
    path = office.root / "opendata.toml"
    path.write_text(path.read_text() + '\n[hooks]\ncommand = ["mail", "-s", "ytemo"]\non = "always"\n')
    assert workspaces.find(office.root).config.hooks.command == ("mail", "-s", "ytemo")
    path.write_text(path.read_text().replace('on = "always"', 'on = "sometimes"'))
    with pytest.raises(SpecError, match=r"hooks\.on"):
        workspaces.find(office.root)

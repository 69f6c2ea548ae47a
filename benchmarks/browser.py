"""A headless Chromium driven over its own pipe: no driver, no port, nothing to install but the browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The browser reads commands from descriptor 3 and answers on 4; copies above both are made first.
_MOVE = """
import fcntl, os, sys
copies = [fcntl.fcntl(int(name), fcntl.F_DUPFD, 10) for name in sys.argv[1:3]]
for copy, place in zip(copies, (3, 4)):
    os.dup2(copy, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """The path of a Chromium on this machine; None without one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Page:
    """A page that is open."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._rest, self._number = b"", 0
        self._session: str | None = None
        self.requests: list[str] = []  # addresses that were asked for, the page itself included
        self.errors: list[str] = []  # what the console complained of
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """Send one command of the DevTools protocol and wait for its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._note(answer)
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        return answer["result"]

    def open(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        self.call("Page.navigate", url=address)
        while (event := self._next()).get("method") != "Page.loadEventFired":
            self._note(event)

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"].get("description", "exception"))
        return result["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key, such as Tab or Enter."""
        text = {"Enter": "\r"}.get(key, "")
        code = {"Tab": 9, "Enter": 13}[key]
        keys = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **keys)
        self.call("Input.dispatchKeyEvent", type="keyUp", **keys)

    def _note(self, event: dict[str, Any]) -> None:
        said = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
        elif event.get("method") == "Log.entryAdded":
            self.errors.append(said["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.errors.append(said["exceptionDetails"]["text"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._answers, 1 << 20)
            if not part:
                raise RuntimeError("the browser ended")
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def browser(path: str) -> Iterator[Page]:
    """Start a Chromium with an empty profile, give one page of it, and end it."""
    down, up = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(prefix="ytemo-browser-", ignore_cleanup_errors=True) as profile:
        moved = [sys.executable, "-c", _MOVE, str(down[0]), str(up[1])]
        headless = [path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        process = subprocess.Popen(
            [*moved, *headless, f"--user-data-dir={profile}", "--remote-debugging-pipe"],
            pass_fds=(down[0], up[1]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(down[0])
        os.close(up[1])
        try:
            yield Page(down[1], up[0])
        finally:
            process.terminate()
            process.wait(timeout=20)
            os.close(down[1])
            os.close(up[0])

"""Whom a run tells: a program that reads the summary, and an address to which it is posted (`[hooks]`).

What they are told is what `opendata run --json` prints, so no value and no secret. Whatever becomes of them, the run
ends as it would have.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.config import HooksConfig
from opendata.errors import PortalError
from opendata.workspace import Workspace

_SECRETS = ("OPENDATA_KEYS", "OPENDATA_KEY_PASSPHRASE")


def tell(
    workspace: Workspace, summary: str, *, failed: bool, environment: Mapping[str, str]
) -> list[Problem]:
    """Call the hooks of a workspace, where they want to hear of such a run.

    Args:
        workspace: Whose `[hooks]`; the program runs in its folder.
        summary: What they are told, as JSON.
        failed: Whether anything of the run did not come off.
        environment: Of this process; what opens the portal or signs is not handed on.

    Returns:
        What went wrong with them; it changes nothing else.
    """
    hooks = workspace.config.hooks
    if hooks.on == "failure" and not failed:
        return []
    found = []
    if hooks.command:
        secrets = (*_SECRETS, workspace.config.portal.token_variable)
        kept = {name: value for name, value in environment.items() if name not in secrets}
        found.append(_run(hooks, summary, workspace.root, kept))
    if hooks.webhook:
        found.append(_post(hooks, summary))
    return [problem for problem in found if problem is not None]


def _run(hooks: HooksConfig, summary: str, root: Path, environment: Mapping[str, str]) -> Problem | None:
    try:
        done = subprocess.run(
            hooks.command,
            input=summary.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=root,
            env=dict(environment),
            timeout=hooks.timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Problem(_COMMAND, _slow(hooks.timeout), _MEND)
    except (OSError, ValueError):
        return Problem(_COMMAND, _NOT_STARTED, _MEND)
    return Problem(_COMMAND, _ended(done.returncode), _MEND) if done.returncode else None


def _post(hooks: HooksConfig, summary: str) -> Problem | None:
    import requests

    from opendata.portal.connection import checked_address

    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        address = checked_address(str(hooks.webhook), has_token=True)  # so only https, or this machine
        answer = requests.post(
            address, data=summary.encode(), headers=headers, timeout=hooks.timeout, allow_redirects=False
        )
    except PortalError:
        return Problem(_WEBHOOK, _BAD_ADDRESS, _HTTPS)
    except requests.Timeout:
        return Problem(_WEBHOOK, _slow(hooks.timeout), _MEND)
    except requests.RequestException:
        return Problem(_WEBHOOK, _NO_ANSWER, _MEND)
    return None if answer.status_code < 300 else Problem(_WEBHOOK, _answered(answer.status_code), _MEND)


def _slow(seconds: int) -> Text:
    return Text(f"không xong trong {seconds} giây.", f"did not finish within {seconds} seconds.")


def _ended(code: int) -> Text:
    return Text(f"kết thúc với mã {code}.", f"ended with code {code}.")


def _answered(status: int) -> Text:
    return Text(f"trả lời HTTP {status}.", f"answered HTTP {status}.")


_COMMAND, _WEBHOOK = "opendata.toml: hooks.command", "opendata.toml: hooks.webhook"
_NOT_STARTED = Text("không chạy được chương trình này.", "this program cannot be started.")
_NO_ANSWER = Text("địa chỉ này không trả lời.", "this address does not answer.")
_BAD_ADDRESS = Text("địa chỉ không dùng được.", "this address cannot be used.")
_HTTPS = Text(
    "Dùng https:// (hoặc http:// trên chính máy này), không kèm mật khẩu hay tham số.",
    "Use https:// (or http:// on this machine), without a password or parameters.",
)
_MEND = Text(
    "Kết quả của lần chạy không đổi; sửa mục [hooks] để lần sau có người được báo.",
    "The run ended as it would have; mend [hooks] so that somebody hears of the next.",
)

"""docs/cli.md: every command with its arguments, options and exit codes, from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from opendata import errors
from opendata.cli import app
from tests.docs.blocks import ROOT

FILE = ROOT / "docs" / "cli.md"
# What each command may end with besides 0 (done) and 1 (a fault of the program).
EXITS = {
    "init": "2",
    "key list": "2 8",
    "key new": "2 4 8",
    "key revoke": "2 4 6 8",
    "submit": "2 4 5 6 8",
    "approve": "2 4 5 6 8",
    "return": "2 4 6 8",
    "refuse": "2 4 6 8",
    "new": "2",
    "check": "2 4 6",
    "build": "2 3 4 5 6 8",
    "audit": "2 3 4 5 6 8",
    "diff": "2 8",
    "publish": "2 6 7 8",
    "verify": "2 7 8",
    "withdraw": "2 4 6 7 8",
    "restore": "2 4 6 8",
    "status": "2 8",
    "log": "2 8",
    "ledger adopt": "2 6 8",
    "ledger backup": "2 8",
    "ledger restore": "2 6 8",
    "run": "2 3 4 5 6 7 8",
    "calendar": "2 8",
    "site": "2 4 8",
    "register": "2 4 6 8",
    "scan": "2 4",
    "git install": "2",
    "git clean": "4",
    "git check": "2 4",
    "demo": "2 3 4 5 6 7 8",
    "report": "2 8",
    "lab": "2",
    "doctor": "2 7",
    "sandbox approve": "2 6 8",
    "sandbox up": "7",
    "sandbox down": "7",
    "sandbox status": "7",
}
HEAD = """# Lệnh · Commands

<!-- Made by `python -m tests.docs.reference` from the command's help and the errors' docstrings: edit those. -->

`opendata [--lang vi|en] COMMAND ...`: mỗi lệnh cũng có `--help`. / *Every command has `--help` too.*
"""


def tree() -> dict[str, Any]:
    """Every command by its name, sorted."""
    return dict(sorted(_walk(typer.main.get_command(app), "")))


def _walk(command: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, found in command.commands.items():
        if hasattr(found, "commands"):
            yield from _walk(found, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", found


def exit_codes() -> dict[int, str]:
    """The exit codes and what they mean, from the errors."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    own = [k for k in kinds if issubclass(k, errors.OpendataError) and errors.OpendataError in k.__bases__]
    told = {kind.exit_code: str(kind.__doc__) for kind in own}
    return {0: "Done.", 1: "A fault of the program itself; nothing was published."} | dict(
        sorted(told.items())
    )


def render() -> str:
    """The whole page."""
    codes = [f"| {code} | {text} |" for code, text in exit_codes().items()]
    table = "\n".join(["## Mã thoát · Exit codes\n", "| code | meaning |", "|---|---|", *codes])
    return (
        "\n\n".join([HEAD.strip(), table, *(_command(name, found) for name, found in tree().items())]) + "\n"
    )


def _command(name: str, command: Any) -> str:
    told = [f"## opendata {name}", re.sub(r"\s+", " ", command.help or "")]
    rows = [_row(one) for one in command.params if one.name != "help"]
    if rows:
        told.append("\n".join(["| | default | meaning |", "|---|---|---|", *rows]))
    told.append(f"Exit codes: 0, {', '.join(EXITS[name].split())}.")
    return "\n\n".join(told)


def _row(one: Any) -> str:
    shown = one.metavar or one.name.upper()
    if one.param_type_name == "option":
        shown = ", ".join([*one.opts, *one.secondary_opts])
    shown = shown.strip("[]").replace("|", "\\|")
    default = "required" if one.required else default_of(one)
    variable = f" Environment: `{one.envvar}`." if one.envvar else ""
    return f"| `{shown}` | {default} | {one.help}{variable} |"


def default_of(one: Any) -> str:
    """The default as a reader would type it."""
    if one.default is None or one.default is False or one.default == "":
        return ""
    return "yes" if one.default is True else f"`{one.default}`"

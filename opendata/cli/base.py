"""What every command shares: the application, its options, its language, its exit codes."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from opendata.errors import OpendataError
from opendata.messages import Language, show

app = typer.Typer(
    help="Open health data: aggregate, protect, prove, catalogue, publish. / Dữ liệu y tế mở.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Id = Annotated[str, typer.Argument(metavar="ID", help="Dataset id: the name of datasets/ID.yaml.")]
Folder = Annotated[Path, typer.Option("--workspace", help="The workspace.", envvar="OPENDATA_WORKSPACE")]
Version = Annotated[str | None, typer.Option("--version", help="E.g. 2026.1; by default the next one.")]
ReviewFile = Annotated[
    Path | None,
    typer.Option("--review", help="YAML with decisions about findings; open findings are added to it."),
]
Url = Annotated[
    str | None,
    typer.Option(
        "--portal", help="The portal's address; by default as in opendata.toml.", envvar="OPENDATA_PORTAL"
    ),
]
HERE = Path()
_language: Language = "vi"


@app.callback()
def _main(
    lang: Annotated[str, typer.Option("--lang", help="vi or en.", envvar="OPENDATA_LANG")] = "vi",
) -> None:
    global _language
    if lang not in ("vi", "en"):
        raise typer.BadParameter("vi, en", param_hint="--lang")
    _language = "vi" if lang == "vi" else "en"


def main() -> None:
    """Run the command.

    Exit codes: 0 done, 2 use or spec, 3 source, 4 personal data, 5 disclosure, 6 law, 7 portal, 8 verification;
    1 is a fault of the program itself.
    """
    # A scheduler's SIGTERM unwinds like Ctrl-C, so that nothing half-written stays.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except OpendataError as refused:
        _refuse(refused)
    except Exception as fault:
        if isinstance(fault, ModuleNotFoundError):
            from opendata.doctor import extras

            if (lacking := extras.lacking(fault)) is not None:
                _refuse(lacking)
        # Whatever went wrong may quote what it was working on: only its kind is told.
        say(
            f"✗ Lỗi phần mềm ({type(fault).__name__}); không có gì được công bố. Hãy báo lỗi này.",
            f"✗ A fault of the software ({type(fault).__name__}); nothing was published. Please report it.",
        )
        sys.exit(1)


def _refuse(refused: OpendataError) -> NoReturn:
    typer.echo(show(refused.problems, _language), err=True)
    sys.exit(refused.exit_code)


def say(vi: str, en: str) -> None:
    """Print one line in the chosen language."""
    typer.echo(vi if _language == "vi" else en)


def language() -> Language:
    """The chosen language."""
    return _language

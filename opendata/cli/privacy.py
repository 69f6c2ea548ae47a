"""Personal data: in files, and on their way into git."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata.cli.base import HERE, ReviewFile, app, say

if TYPE_CHECKING:
    from anonymize.pii import Finding

git_app = typer.Typer(
    help="Keep outputs on real data out of notebooks in git. / Không đưa kết quả trên số liệu thật vào git.",
    no_args_is_help=True,
)
app.add_typer(git_app, name="git")


@app.command()
def scan(
    path: Annotated[Path, typer.Argument(metavar="FILE|DIR|NOTEBOOK", help="What to look at.")],
    review: ReviewFile = None,
) -> None:
    """Look for personal data; exit code 4 when there are any. / Quét dữ liệu cá nhân; có thì mã thoát là 4."""
    from opendata import gates, reviews, scanning

    found = scanning.scan(path, reviews.read(review) if review else ())
    if not found.ok:
        refused = gates.refused(found.findings)
        to_review(review, refused.findings)
        raise refused
    say(found.summary("vi"), found.summary("en"))


def to_review(path: Path | None, findings: Sequence[Finding]) -> None:
    """Add the findings to the review file, where there is one."""
    from opendata import reviews

    if path is not None and findings:
        count = reviews.write(path, reviews.read(path), findings)
        say(f"{count} phát hiện chờ quyết định trong {path}", f"{count} findings to be decided in {path}")


@git_app.command("install")
def git_install(repository: Annotated[Path, typer.Argument(help="A folder in it.")] = HERE) -> None:
    """Empty notebooks on their way into git, and check every commit. / Cài bộ lọc và bước kiểm tra."""
    from opendata import notebooks

    root = notebooks.install(repository)
    say(f"✓ Bộ lọc sổ tay và pre-commit: {root}", f"✓ Notebook filter and pre-commit hook: {root}")


@git_app.command("clean")
def git_clean() -> None:
    """The filter: a notebook on standard input, without outputs on standard output. / Bộ lọc."""
    from opendata import notebooks

    sys.stdout.buffer.write(notebooks.cleaned(sys.stdin.buffer.read()))


@git_app.command("check")
def git_check(
    files: Annotated[list[str] | None, typer.Argument(help="By default all that are staged.")] = None,
) -> None:
    """Refuse a commit with outputs on real data or personal data; exit code 4. / Kiểm tra trước khi commit."""
    from opendata import notebooks

    notebooks.check(HERE, files or notebooks.staged(HERE))

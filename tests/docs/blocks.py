"""The code blocks of the pages, and what each says of itself.

A block is executed unless its language is `text` or `mermaid`. Words behind the language say more, as in
"```sh portal exit=4".

| word | meaning |
|---|---|
| `portal` | needs the sandbox: run by tests/portal/test_pages.py |
| `nightly` | long: run by `make nightly` only |
| `exit=4` | ends with this exit code; `any` where it depends on the machine |
| `until=TEXT` | runs until it prints TEXT, then gets Ctrl-C |
| `output` | of a `text` block: what the block before it prints; `…` stands for anything |

A block of `yaml` or `toml` whose first line is a comment with a path is that file; of a file that is there it replaces
the sections that it holds. A comment `<!-- blocks run in: checkout -->` says that a page runs in a copy of the project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Pages whose blocks are run by tests of their own.
ELSEWHERE = {
    "docs/charts.md": "tests/opendata/charts/test_docs.py",
    "docs/researchers.md": "tests/opendata/client/test_researchers_page.py",
    "docs/rules.md": "tests/spec/test_spec.py",
}
LANGUAGES = frozenset({"python", "sh", "yaml", "toml", "text", "mermaid"})
TOLD = frozenset({"text", "mermaid"})  # shown, not run
WORDS = re.compile(r"portal|nightly|output|exit=(?:\d|any)|until=\S+")
_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PATH = re.compile(r"# ([\w./-]+\.(?:yaml|toml))\n")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, the words behind it, its text and the line of the page where it starts."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int

    def value(self, name: str, default: str = "") -> str:
        """What stands behind `name=`."""
        return next((w.partition("=")[2] for w in self.words if w.startswith(f"{name}=")), default)

    @property
    def tier(self) -> str:
        """Where it runs: "unit", "portal" or "nightly"."""
        return next((word for word in self.words if word in ("portal", "nightly")), "unit")

    @property
    def path(self) -> str | None:
        """The file that a block of YAML or TOML is."""
        found = _PATH.match(self.text) if self.language in ("yaml", "toml") else None
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its blocks, in order."""

    name: str
    text: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)

    @property
    def in_checkout(self) -> bool:
        """Whether it is about the project itself."""
        return "<!-- blocks run in: checkout -->" in self.text

    def tiers(self) -> set[str]:
        """Where its blocks run."""
        return {block.tier for block in self.blocks if block.language not in TOLD}


def pages() -> list[Page]:
    """README and everything under docs/, without pages that are run by tests of their own."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    found = [read(name) for name in names if name not in ELSEWHERE]
    return [page for page in found if page.tiers()]


def read(name: str) -> Page:
    """A page by its path below the project's root."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = []
    for found in _FENCE.finditer(text):
        language, *words = found[1].split() or [""]
        blocks.append(Block(language, tuple(words), found[2], text[: found.start()].count("\n") + 2))
    return Page(name, text, tuple(blocks))

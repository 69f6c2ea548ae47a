"""The personal-data scan of the site: every text of every page, each once however many pages it stands on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from opendata import gates
from opendata.scanning.texts import Place, strings, texts

_TOKENS = re.compile(r'("(?:[^"\\]|\\.)*"|<[^<>"\s]*>)')  # literals and addresses of Turtle


@dataclass(frozen=True, slots=True)
class Checked:
    """What was scanned so far.

    Attributes:
        passed: Texts in which nothing was found, each with those allowed texts that stand in it.
    """

    passed: set[tuple[str, ...]] = field(default_factory=set)


def check(checked: Checked, pages: Sequence[tuple[str, str]], allow: Sequence[str]) -> None:
    """Scan pages as the files of a release are scanned, names included.

    Args:
        checked: What passed before; added to.
        pages: Paths and texts.
        allow: Texts that may stand there, such as the publisher's own contact.

    Raises:
        PersonalDataError: With one problem per finding.
    """
    fresh: dict[tuple[str, ...], Place] = {}
    different = {page: path for path, page in pages}  # a dataset's page is also that of its newest version
    names = [(f"{path} (name)", path) for path, _ in pages]
    for place, text in (*names, *(found for page, path in different.items() for found in _texts(path, page))):
        key = (text, *(one for one in allow if one in text))
        if key not in checked.passed:
            fresh.setdefault(key, (place, text))
    gates.personal_data(list(fresh.values()), allow=allow)
    checked.passed.update(fresh)


def _texts(path: str, page: str) -> Iterator[Place]:
    """The texts of a page; those of JSON and Turtle one by one, so that the same title is the same text everywhere."""
    for place, text in texts(page.encode(), path):
        if path.endswith(".ttl"):
            yield from ((place, part) for part in _parts(text))
        elif text.startswith("{"):
            yield from strings(json.loads(text), place)
        else:
            yield place, text


def _parts(line: str) -> Iterator[str]:
    """A line of Turtle taken apart, nothing left out."""
    for part in _TOKENS.split(line):
        if part.startswith('"'):
            yield str(json.loads(part))
        elif part.strip():
            yield part.removeprefix("<").removesuffix(">")

"""How to cite a version: CITATION.cff, Citation File Format 1.2.0."""

from __future__ import annotations

import json

from catalog.columns import Edition
from catalog.labels import Labels
from catalog.terms import licences

_MESSAGE = "Khi sử dụng bộ dữ liệu này, hãy trích dẫn như sau. / If you use these data, please cite them."


def citation_cff(edition: Edition) -> str:
    """The text of `CITATION.cff`.

    The title is the Vietnamese one; the abstract holds both languages. Authors are organisations only.
    Source: https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md

    Args:
        edition: The version.

    Returns:
        YAML (strings in the double-quoted form, which is also JSON), ending in a newline.
    """
    entry = edition.entry
    author = entry.creator or entry.publisher
    lines = [
        "cff-version: 1.2.0",
        f"message: {_text(_MESSAGE)}",
        "type: dataset",
        f"title: {_text(entry.title.vi)}",
        f"abstract: {_text(_both(edition))}",
        f"version: {_text(edition.version)}",
        f'date-released: "{edition.released.isoformat()}"',
        "authors:",
        f"  - name: {_text(author.name.vi)}",
        *([f"    website: {_text(author.uri)}"] if author.uri else []),
        "keywords:",
        *(f"  - {_text(word)}" for word in _keywords(edition)),
    ]
    spdx = licences()[entry.licence].spdx
    lines += [f"license: {spdx}"] if spdx else []
    lines += [f"url: {_text(edition.base.rstrip('/') + '/' + edition.id)}"] if edition.base else []
    return "\n".join(lines) + "\n"


def reference(edition: Edition) -> Labels:
    """One line to cite a version by, in both languages: who (year): title, version, where."""
    author = edition.entry.creator or edition.entry.publisher
    year, where = edition.released.year, f" {edition.base.rstrip('/')}/{edition.id}" if edition.base else ""
    title = edition.entry.title
    return Labels(
        vi=f"{author.name.vi} ({year}). {title.vi}. Phiên bản {edition.version} [Bộ dữ liệu].{where}",
        en=f"{author.name.en} ({year}). {title.en}. Version {edition.version} [Data set].{where}",
    )


def _both(edition: Edition) -> str:
    entry = edition.entry
    parts = [entry.description.vi, f"{entry.title.en}. {entry.description.en}"]
    terms = licences()[entry.licence]
    return "\n\n".join([*parts, f"{terms.name.vi} / {terms.name.en}"])


def _keywords(edition: Edition) -> list[str]:
    words = (word for k in edition.entry.keywords for word in (k.vi, k.en))
    return list(dict.fromkeys(words))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)

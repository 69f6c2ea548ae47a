"""How to cite a version: BibTeX, APA 7, and as theses in Viet Nam do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalog.columns import Edition
from catalog.dcat import version_iri
from catalog.entry import Agent, Entry
from opendata.client import messages
from opendata.client.cache import DATA

Style = Literal["bibtex", "apa", "vi"]
# What TeX reads as commands; braces as well, which BibTeX counts even behind a backslash. Letters stay as they are.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\N{QUOTATION MARK}": r"\textquotedbl{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation says.

    Attributes:
        id: Id of the dataset.
        version: The version.
        released: Day of release of this version.
        entry: The catalogue record.
        where: Address of its page, or the name of this version where there is none.
        sha256: Of `data.parquet`.
    """

    id: str
    version: str
    released: date
    entry: Entry
    where: str
    sha256: str

    @property
    def author(self) -> Agent:
        """Who made the data; the publisher unless another agency is named."""
        return self.entry.creator or self.entry.publisher


def cited(text: str, page: str) -> Cited:
    """What to cite, from the manifest of a version.

    Args:
        text: The text of `manifest.json`.
        page: Address of the version's page; empty when it has none.

    Raises:
        VerificationError: When this is not the manifest of a release.
    """
    try:
        manifest = json.loads(text)
        entry = Entry.model_validate(manifest["entry"])
        released = date.fromisoformat(manifest["released"])
        sums = {file["name"]: file["sha256"] for file in manifest["files"]}
        edition = Edition(str(manifest["id"]), str(manifest["version"]), released, entry, ())
        return Cited(edition.id, edition.version, released, entry, page or version_iri(edition), sums[DATA])
    except (KeyError, TypeError, ValueError):
        raise messages.odd_listing("manifest.json") from None


def cite(facts: Cited, style: Style) -> str:
    """The citation.

    Args:
        facts: What to cite.
        style: "bibtex": an entry for BibTeX or biblatex, in UTF-8. "apa": APA 7, section 10.9, data sets; titles in
            English, without italics. "vi": agency (year), title, as theses in Viet Nam do; titles in Vietnamese.

    Raises:
        SpecError: When the style is none of these.
    """
    styles = {"bibtex": _bibtex, "apa": _apa, "vi": _vietnamese}
    if style not in styles:
        raise messages.wrong_use("style", styles)
    return styles[style](facts)


def _bibtex(facts: Cited) -> str:
    title = facts.entry.title
    fields = {
        "author": f"{{{_tex(facts.author.name.vi)}}}",  # double braces: one name, not to be taken apart
        "title": f"{{{_tex(title.vi)}}}",
        "year": str(facts.released.year),
        "month": str(facts.released.month),
        "version": _tex(facts.version),
        "publisher": f"{{{_tex(facts.entry.publisher.name.vi)}}}",
        "howpublished": "Bộ dữ liệu / Data set",
        "url": re.sub(r"[{}\\]", lambda sign: f"%{ord(sign[0]):02X}", facts.where),
        "language": "vietnamese",
        "note": f"{_tex(title.en)}. Version {_tex(facts.version)}. SHA-256 ({DATA}): {facts.sha256}",
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items()]
    return "\n".join([f"@misc{{{facts.id}-{facts.version},", *lines, "}"]) + "\n"


def _apa(facts: Cited) -> str:
    author, publisher = facts.author.name.en, facts.entry.publisher.name.en
    also = (
        "" if publisher == author else f" {publisher}."
    )  # APA 7: a publisher that is the author is left out
    return (
        f"{author}. ({facts.released.year}). {facts.entry.title.en} (Version {facts.version}) [Data set].{also} "
        f"{facts.where}"
    )


def _vietnamese(facts: Cited) -> str:
    author, publisher = facts.author.name.vi, facts.entry.publisher.name.vi
    also = "" if publisher == author else f" {publisher},"
    return (
        f"{author} ({facts.released.year}), {facts.entry.title.vi} [Bộ dữ liệu], phiên bản {facts.version},{also} phát "
        f"hành ngày {facts.released:%d/%m/%Y}, {facts.where}, SHA-256 ({DATA}): {facts.sha256}."
    )


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)

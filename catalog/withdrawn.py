"""A version that was withdrawn, as a catalogue tells harvesters: its name stays, its files are gone.

Source: DCAT 3, sections 11.3 and 11.4 (life cycle, `adms:status`), with the dataset statuses of the EU's Publications
Office (http://publications.europa.eu/resource/authority/dataset-status).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from catalog.columns import Edition
from catalog.dcat import dataset_iri, version_iri
from catalog.labels import Labels
from catalog.statements import Stating, link, text, value

STATUS = "http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN"
_LABEL = Labels(vi="Đã thu hồi", en="Withdrawn")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A version that was withdrawn.

    Attributes:
        edition: Its description, without files.
        at: When it was withdrawn.
        reason: Why.
        successor: The version that comes in its place; None when there is none.
    """

    edition: Edition
    at: datetime
    reason: Labels
    successor: str | None = None


def state(draft: Stating, node: str, gone: Withdrawn, *, newest: str | None) -> None:
    """State that something was withdrawn, when, why, and what replaces it.

    Args:
        draft: Where.
        node: The version, or the dataset when nothing of it is out any more.
        gone: What was withdrawn.
        newest: The newest version that is out, which stands for the dataset.
    """
    link(draft, node, "adms:status", STATUS, "skos:Concept")
    text(draft, STATUS, "skos:prefLabel", _LABEL)
    text(draft, node, "adms:versionNotes", gone.reason)
    value(draft, node, "prov:invalidatedAtTime", gone.at.isoformat(), "xsd:dateTime")
    if gone.successor is not None:
        instead = replace(gone.edition, version=gone.successor)
        name = dataset_iri(instead) if gone.successor == newest else version_iri(instead)
        link(draft, node, "dct:isReplacedBy", name)

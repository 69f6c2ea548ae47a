"""HealthDCAT-AP: the health extension of DCAT-AP, for catalogues that harvest it; optional.

Only what the publisher declared and what the table itself says is stated. The bodies, categories and legal bases that
the profile takes from the law of the European Union (health data access body, health category, trusted data holder,
GDPR basis) do not exist here and are left out; neither is the number of individuals told, since it may be a cell that
is hidden. Source: https://healthdataeu.pages.code.europa.eu/healthdcat-ap/
"""

from __future__ import annotations

from catalog.columns import Edition
from catalog.dcat import dataset_iri, describe
from catalog.statements import Draft, link, text, turtle, value


def healthdcat_turtle(edition: Edition, *, records: int) -> str | None:
    """The DCAT-AP statements about a version and its health properties, in Turtle.

    Args:
        edition: The version.
        records: Rows of the published table.

    Returns:
        None when its entry declares no `health`.

    Raises:
        LawError: When the entry cites a provision that the law data do not hold.
    """
    if edition.entry.health is None:
        return None
    draft = describe(edition, dataset_iri(edition))
    _health(draft, records)
    return turtle(draft)


def _health(draft: Draft, records: int) -> None:
    dataset, said = draft.dataset, draft.edition.entry.health
    assert said is not None
    for theme in said.themes:
        link(draft, dataset, "healthdcatap:healthTheme", theme)
    for system in said.coding_systems:
        link(draft, dataset, "healthdcatap:hasCodingSystem", system)
    text(draft, dataset, "healthdcatap:populationCoverage", said.population)
    value(draft, dataset, "healthdcatap:numberOfRecords", records, "xsd:nonNegativeInteger")
    if said.ages is not None:
        value(draft, dataset, "healthdcatap:minTypicalAge", said.ages.youngest, "xsd:nonNegativeInteger")
        value(draft, dataset, "healthdcatap:maxTypicalAge", said.ages.oldest, "xsd:nonNegativeInteger")

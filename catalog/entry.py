"""The catalogue record of a dataset: section `entry` of a dataset spec.

What the law demands (groups, category, data class, access, legal basis, evidence) is optional here, because
its absence is for the gate to refuse (exit 6), not a mistake of form (exit 2).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.evidence import Evidence, Group
from catalog.labels import Day, Labels, Said, Strict

# EU authority table "frequency"; http://publications.europa.eu/resource/authority/frequency/<code>
Frequency = Literal[
    "DECENNIAL", "QUINQUENNIAL", "QUADRENNIAL", "TRIENNIAL", "BIENNIAL", "ANNUAL", "ANNUAL_2", "ANNUAL_3",
    "QUARTERLY", "BIMONTHLY", "MONTHLY", "MONTHLY_2", "MONTHLY_3", "BIWEEKLY", "WEEKLY", "WEEKLY_2",
    "WEEKLY_3", "DAILY", "DAILY_2", "HOURLY", "UPDATE_CONT", "IRREG", "AS_NEEDED", "NOT_PLANNED", "NEVER",
    "OTHER", "UNKNOWN",
]  # fmt: skip
Licence = Literal["terms-art43-law-20-2023", "CC-BY-4.0"]
Url = Annotated[Said, Field(pattern=r"^https?://[^\s<>\"{}|\\^`]+$")]
Email = Annotated[Said, Field(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+$")]
DatabaseId = Annotated[Said, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,98}[a-z0-9]$")]


class Agent(Strict):
    """An organisation.

    Attributes:
        name: Its name.
        uri: Its identifier on the web, when it has one.
    """

    name: Labels
    uri: Url | None = None


class Contact(Strict):
    """The office that answers questions; at least one of the two addresses.

    Attributes:
        name: The office.
        email: Its mailbox.
        url: Its page.
    """

    name: Labels
    email: Email | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Contact:
        if self.email is None and self.url is None:
            raise PydanticCustomError(
                "unreachable", "give an email or a url", {"vi": "hãy ghi email hoặc url liên hệ"}
            )
        return self


class Period(Strict):
    """The time that the data describe, first to last day.

    Attributes:
        start: First day.
        end: Last day.
    """

    start: Day
    end: Day

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise PydanticCustomError(
                "date_order", "end comes before start", {"vi": "end (kết thúc) trước start (bắt đầu)"}
            )
        return self


class Ages(Strict):
    """The usual ages of the people that the data are about, in whole years.

    Attributes:
        youngest: The youngest.
        oldest: The oldest.
    """

    youngest: Annotated[int, Field(ge=0, le=130)]
    oldest: Annotated[int, Field(ge=0, le=130)]

    @model_validator(mode="after")
    def _ordered(self) -> Ages:
        if self.oldest < self.youngest:
            raise PydanticCustomError(
                "age_order",
                "oldest is below youngest",
                {"vi": "oldest (lớn nhất) nhỏ hơn youngest (nhỏ nhất)"},
            )
        return self


class Health(Strict):
    """What HealthDCAT-AP says of a dataset besides DCAT-AP, for catalogues that harvest that profile.

    Attributes:
        population: Whom the data are about.
        ages: Their usual ages.
        themes: Addresses of concepts, such as those of Wikidata.
        coding_systems: Addresses of the classifications that its codes come from.
    """

    population: Labels
    ages: Ages | None = None
    themes: tuple[Url, ...] = ()
    coding_systems: tuple[Url, ...] = ()


class Entry(Strict):
    """The catalogue record of one dataset.

    Attributes:
        title: Title.
        description: What it holds, for whom, how it was made.
        notes: What a reader must know before using it.
        keywords: Keywords; tags on the portal.
        publisher: The agency that publishes.
        creator: The agency that made the data, when another.
        contact: Who answers questions.
        groups: Groups 1 to 24 of Article 5, Decree 102/2025.
        category: Database category of Article 7: "1", "2a", "2b", "3" or "4".
        databases: Ids of the health databases (`databases/<id>.yaml`) that the data are drawn from.
        data_class: Class under the Law on Data; "state_secret" is outside the decree and always refused.
        access: Access class of Article 10(2)(c); only "open" is published.
        legal_basis: Ids of the provisions that publication rests on, such as "decree-102-2025/10.2.c".
        evidence: What is on file.
        frequency: Code of the EU authority table.
        temporal: Time covered.
        spatial: ISO 3166 code of the area covered, such as "VN" or "VN-HN".
        issued: Day of first publication.
        modified: Day of the last change.
        licence: Terms of use.
        health: What is said of it in HealthDCAT-AP; by default no such description is written.
    """

    title: Labels
    description: Labels
    notes: Labels | None = None
    keywords: tuple[Labels, ...] = Field(min_length=1)
    publisher: Agent
    creator: Agent | None = None
    contact: Contact
    groups: tuple[Group, ...] = ()
    category: Literal["1", "2a", "2b", "3", "4"] | None = None
    databases: tuple[DatabaseId, ...] = ()
    data_class: Literal["ordinary", "important", "core", "state_secret"] | None = None
    access: Literal["open", "personal", "other"] | None = None
    legal_basis: tuple[Said, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    frequency: Frequency
    temporal: Period
    spatial: Annotated[Said, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = "VN"
    issued: Day
    modified: Day | None = None
    licence: Licence
    health: Health | None = None

    @model_validator(mode="after")
    def _dates(self) -> Entry:
        if self.modified is not None and self.modified < self.issued:
            raise PydanticCustomError(
                "date_order",
                "modified comes before issued",
                {"vi": "modified (sửa đổi) trước issued (phát hành)"},
            )
        return self

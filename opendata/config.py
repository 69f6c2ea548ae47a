"""`opendata.toml`: what a workspace says of its portal, its site, its registers, its people and its ledger."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

import catalog
from catalog.entry import Frequency, Licence, Url
from catalog.evidence import Group
from catalog.registertables import IDS, RegisterName
from opendata.spec import DatasetId


class PortalConfig(BaseModel):
    """The portal to publish to, and the environment variable that holds the token; never the token itself."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: str | None = None
    token_variable: str = "OPENDATA_TOKEN"  # noqa: S105 (the variable's name, not a token)


class SiteConfig(BaseModel):
    """What the static catalogue says of itself.

    Attributes:
        title: Its title.
        description: What it holds.
        publisher: Who answers for it; by default the one publisher of all its datasets.
        url: Address of the folder that serves it, so that harvesters get absolute addresses.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: catalog.Labels = catalog.Labels(vi="Danh mục dữ liệu y tế mở", en="Catalogue of open health data")
    description: catalog.Labels = catalog.Labels(
        vi="Các bộ dữ liệu y tế mở, kèm mô tả, cơ sở pháp lý và mọi phiên bản đã phát hành.",
        en="Open health datasets with their descriptions, legal basis and every version that was released.",
    )
    publisher: catalog.Agent | None = None
    url: Url | None = None


class RegistersConfig(BaseModel):
    """Whose registers these are, how often they are reviewed, and as what they are published (`register --release`).

    No rule in force that we could read fixes the periods: six months is what the repealed Decree 47/2020 asked for.

    Attributes:
        agency: Name of the agency, for the head of the annexes.
        review_months: How long the record of a database holds.
        correction_days: How long a notice may take.
        prefix: Beginning of the ids, where several agencies share a portal: "hue" makes `hue-health-databases`.
        publisher: Who publishes them.
        contact: Who answers questions about them.
        organization: The publisher's name on the portal.
        portal_groups: Groups on the portal.
        groups: Groups of Article 5. By default 23, "regulatory, management and executive documents": the lists are what
            an agency draws up and issues under Articles 18(3) and 22(2). It carries no condition of Article 9(2).
        category: Database category of Article 7.
        data_class: Class under the Law on Data.
        legal_basis: By default Article 22(2) for a province ("2b"), else Article 18(3).
        evidence: What is on file, where `groups` carry conditions.
        frequency: By default as needed: a new version comes when a list has changed.
        spatial: ISO 3166 code of the agency's area.
        licence: Terms of use.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    agency: catalog.Labels | None = None
    review_months: int = Field(default=6, ge=1, le=120)
    correction_days: int = Field(default=30, ge=1, le=3650)
    prefix: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,60}[a-z0-9]$")] | None = None
    publisher: catalog.Agent | None = None
    contact: catalog.Contact | None = None
    organization: DatasetId | None = None
    portal_groups: tuple[DatasetId, ...] = ()
    groups: tuple[Group, ...] = (23,)
    category: Literal["1", "2a", "2b", "3", "4"] | None = None
    data_class: Literal["ordinary", "important", "core", "state_secret"] = "ordinary"
    legal_basis: tuple[str, ...] = ()
    evidence: tuple[catalog.Evidence, ...] = ()
    frequency: Frequency = "AS_NEEDED"
    spatial: str = "VN"
    licence: Licence = "terms-art43-law-20-2023"

    def id_of(self, register: RegisterName) -> str:
        """The dataset id under which a register is published."""
        return f"{self.prefix}-{IDS[register]}" if self.prefix else IDS[register]


class GovernanceConfig(BaseModel):
    """Who must agree before something is published, and how long a change that breaks things is announced before.

    Attributes:
        approvers: How many people approve a release, none of them its author.
        notice_days: How many days lie at least between the release that announces a breaking change and the one that
            makes it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    approvers: int = Field(default=2, ge=2, le=9)
    notice_days: int = Field(default=90, ge=0, le=3650)


class PersonConfig(BaseModel):
    """Somebody who submits or approves: an office, its roles and its public key (`opendata key new` writes this).

    Attributes:
        id: Id of the office, such as "kiem-duyet-1".
        title: What it is called; it stands in public approvals.
        roles: What it may do.
        key: The public key.
        since: First day on which its acts count.
        until: Last day on which they count.
        rehearsal: Whether the key is that of a rehearsal, which only a portal on this machine accepts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: DatasetId
    title: catalog.Labels | None = None
    roles: tuple[Literal["author", "approver", "scheduler"], ...] = Field(min_length=1)
    key: Annotated[str, StringConstraints(pattern=r"^ed25519:[A-Za-z0-9+/]{43}=$")]
    since: date | None = None
    until: date | None = None
    rehearsal: bool = False


class LedgerConfig(BaseModel):
    """Where the ledger lies: by default `ledger.sqlite` of the workspace, else a PostgreSQL database by its address."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: str | None = None


class HooksConfig(BaseModel):
    """Whom `opendata run` tells how it went; what becomes of them never changes the run.

    Attributes:
        command: A program with its arguments, which reads the summary (JSON) on standard input.
        webhook: An address to which the summary is posted: https, or on this machine.
        on: "failure": of runs in which something did not come off; "always": of every run.
        timeout: Seconds that each may take.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    command: tuple[str, ...] = ()
    webhook: Url | None = None
    on: Literal["failure", "always"] = "failure"
    timeout: int = Field(default=30, ge=1, le=600)


class Config(BaseModel):
    """`opendata.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    portal: PortalConfig = PortalConfig()
    site: SiteConfig = SiteConfig()
    registers: RegistersConfig = RegistersConfig()
    ledger: LedgerConfig = LedgerConfig()
    governance: GovernanceConfig = GovernanceConfig()
    hooks: HooksConfig = HooksConfig()
    people: tuple[PersonConfig, ...] = ()

    @field_validator("people")
    @classmethod
    def _are_different(cls, people: tuple[PersonConfig, ...]) -> tuple[PersonConfig, ...]:
        """Two people are two ids and two keys: whoever signs twice is one."""
        for what, said in (("id", [p.id for p in people]), ("key", [p.key for p in people])):
            if len(said) != len(set(said)):
                raise PydanticCustomError(
                    "people",
                    "two people with the same {what}",
                    {"what": what, "vi": f"hai người có cùng {what}"},
                )
        return people

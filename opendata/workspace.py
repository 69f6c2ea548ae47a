"""Workspaces: the publisher's own folder of specs, code lists, data and releases."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator
from pydantic_core import PydanticCustomError

import catalog
from catalog.corrections import Notice
from catalog.databases import Database
from catalog.entry import Frequency, Licence, Url
from catalog.errors import CatalogError, Problem, Text
from catalog.evidence import Group
from catalog.registertables import IDS, REGISTERS, RegisterName
from opendata.document import read_text, shown
from opendata.errors import SpecError
from opendata.messages import unwritable
from opendata.spec import DatasetId, Spec, load
from opendata.validation import json_schema

CONFIG = "opendata.toml"
FOLDERS = ("datasets", "databases", "corrections", "codes", "data", "releases")
SCHEMAS = Path(".schema")


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
                raise PydanticCustomError("people", "two people with the same {what}", {"what": what})
        return people


@dataclass(frozen=True, slots=True)
class Workspace:
    """A publisher's folder.

    Attributes:
        root: The folder, absolute.
        config: What `opendata.toml` says.
    """

    root: Path
    config: Config

    def spec_path(self, dataset: str) -> Path:
        """Where the spec of a dataset stands."""
        return self.root / "datasets" / f"{dataset}.yaml"

    def datasets(self) -> list[str]:
        """The ids of all datasets with a spec, sorted."""
        found = (path.stem for path in (self.root / "datasets").glob("*.yaml"))
        return sorted(name for name in found if _ID.fullmatch(name))

    def spec(self, dataset: str) -> Spec:
        """The checked spec of a dataset.

        Raises:
            SpecError: When there is none, or it is not as it must be.
        """
        path = self.spec_path(dataset)
        if dataset in map(self.config.registers.id_of, REGISTERS):
            raise SpecError([Problem(f"datasets/{path.name}", _RESERVED, _OTHER_ID)])
        if not _ID.fullmatch(dataset) or not path.is_file():
            raise SpecError([Problem(f"datasets/{path.name}", _NO_SPEC, _known(self.datasets()))])
        return load(path)

    def databases(self) -> list[str]:
        """The ids of all databases with a record, sorted."""
        found = (path.stem for path in (self.root / "databases").glob("*.yaml"))
        return sorted(name for name in found if _ID.fullmatch(name))

    def code_list(self, name: str) -> catalog.CodeList:
        """A code list: `codes/<name>.csv` of the workspace, otherwise one that ships with ytemo.

        Raises:
            SpecError: When there is none, or it is not a code list.
        """
        path = self.root / "codes" / f"{name}.csv"
        try:
            if path.is_file():
                return catalog.parse(read_text(path), catalog.Vintage(name))
            return catalog.builtin(name)
        except CatalogError as error:
            raise SpecError(error.problems) from None


def find(folder: str | Path = ".") -> Workspace:
    """Open the workspace at `folder`.

    Raises:
        SpecError: When there is no `opendata.toml`, or it is not as it must be.
    """
    root = Path(folder).resolve()
    path = root / CONFIG
    if not path.is_file():
        raise SpecError([Problem(str(folder), _NO_WORKSPACE, _INIT)])
    try:
        # By way of JSON, in which a list may be a tuple and a date a text, as in the YAML records.
        said = json.dumps(tomllib.loads(read_text(path)), default=str)
        return Workspace(root, Config.model_validate_json(said))
    except ValidationError as error:
        raise SpecError(_config_problems(error)) from None
    except (ValueError, RecursionError):
        raise SpecError([Problem(CONFIG, _NOT_TOML, _FIX)]) from None


def _config_problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(
            f"{CONFIG}: {'.'.join(shown(part) for part in item['loc'])}", Text(item["msg"], item["msg"]), _FIX
        )
        for item in error.errors(include_input=False, include_url=False)
    ]


def init(folder: Path) -> Workspace:
    """Make a workspace, or complete one; what is there already stays as it is.

    Args:
        folder: Where; made if it is not there.

    Raises:
        SpecError: When the folder cannot be written.
    """
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        _keep(folder / CONFIG, _CONFIG_TEXT)
        _keep(folder / ".gitignore", _GITIGNORE)
        write_schema(folder)
    except OSError as error:
        raise SpecError([Problem(str(folder), unwritable(error), _CHOOSE)]) from None
    return find(folder)


def new(workspace: Workspace, dataset: str) -> Path:
    """Write a spec to start from: the commented example under a new id.

    Returns:
        The path of the spec.

    Raises:
        SpecError: When the id is taken or cannot be one.
    """
    path = workspace.spec_path(dataset)
    if not _ID.fullmatch(dataset):
        raise SpecError([Problem(dataset, _BAD_ID, _GOOD_ID)])
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template().read_text(encoding="utf-8"))
    except FileExistsError:
        raise SpecError([Problem(f"datasets/{path.name}", _TAKEN, _OTHER_ID)]) from None
    except OSError as error:
        raise SpecError([Problem(f"datasets/{path.name}", unwritable(error), _CHOOSE)]) from None
    return path


def write_schema(folder: Path) -> None:
    """Write the JSON Schemas of specs, databases and notices for editors; records point at them in their first line."""
    (folder / SCHEMAS).mkdir(parents=True, exist_ok=True)
    for model, name in ((Spec, "dataset"), (Database, "database"), (Notice, "notice")):
        text = json.dumps(json_schema(model, f"ytemo {name}"), ensure_ascii=False, indent=1)
        (folder / SCHEMAS / f"{name}.schema.json").write_text(f"{text}\n", encoding="utf-8")


def template() -> Traversable:
    """The commented example spec that ships with ytemo."""
    return resources.files("opendata") / "examples" / "notifiable-diseases.yaml"


def _keep(path: Path, text: str) -> None:
    """Write a file unless it is there."""
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def _known(names: list[str]) -> Text:
    listed = ", ".join(names) or "-"
    return Text(
        f"Các bộ dữ liệu hiện có: {listed}. Tạo mới: opendata new ID.",
        f"Datasets here: {listed}. To add one: opendata new ID.",
    )


_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,98}[a-z0-9]")
_NO_SPEC = Text("không có khai báo của bộ dữ liệu này.", "there is no spec for this dataset.")
_NO_WORKSPACE = Text(
    "đây không phải là không gian làm việc (thiếu opendata.toml).", "not a workspace (no opendata.toml)."
)
_INIT = Text(
    "Tạo bằng: opendata init FOLDER, hoặc dùng --workspace.",
    "Make one: opendata init FOLDER, or use --workspace.",
)
_NOT_TOML = Text("không phải TOML hợp lệ.", "not valid TOML.")
_FIX = Text("Sửa opendata.toml.", "Mend opendata.toml.")
_CHOOSE = Text("Chọn thư mục khác hoặc sửa quyền ghi.", "Choose another folder, or mend its permissions.")
_BAD_ID = Text("mã không hợp lệ.", "not a valid id.")
_GOOD_ID = Text("Dùng chữ thường a-z, chữ số và dấu gạch nối.", "Use lower-case a-z, digits and hyphens.")
_TAKEN = Text("khai báo này đã có.", "this spec exists.")
_RESERVED = Text("mã này dành cho danh mục.", "this id is that of a register.")
_OTHER_ID = Text(
    "Chọn mã khác, hoặc sửa khai báo đã có.", "Choose another id, or edit the one that is there."
)

_CONFIG_TEXT = """# Workspace of ytemo. Never write a token here: name the environment variable that holds it.
[portal]
# url = "https://data.example.gov.vn"
token_variable = "OPENDATA_TOKEN"

# Danh mục tĩnh / the static catalogue: opendata site
[site]
# url = "https://opendata.example.gov.vn"
# title = {vi = "Danh mục dữ liệu y tế mở", en = "Catalogue of open health data"}
# publisher = {name = {vi = "Bộ Y tế", en = "Ministry of Health"}}

# Phê duyệt và thời hạn báo trước / approvals, and notice of breaking changes
[governance]
approvers = 2
notice_days = 90

# Danh mục cơ sở dữ liệu, dữ liệu mở, thông báo / lists of databases, open data, notices: opendata register
[registers]
# agency = {vi = "Bộ Y tế", en = "Ministry of Health"}
review_months = 6
correction_days = 30
# Để công bố danh mục / to publish the lists: opendata register --release
# publisher = {name = {vi = "Bộ Y tế", en = "Ministry of Health"}}
# contact = {name = {vi = "Bộ phận dữ liệu mở", en = "Open data office"}, email = "opendata@example.org"}
# organization = "bo-y-te"
# category = "2a"
"""
_GITIGNORE = """# Registers, confidential parts of releases and private keys never go into version control.
data/
*.private/
.keys/
*.pem
# The ledger is backed up (opendata ledger backup); ledger.head may be kept here, where it vouches for the ledger.
ledger.sqlite*
ledger.head.before
.run.lock
.ledger.head.*
.opendata.lock
.unrecorded-*
.sandbox/
.partial-*/
/site/
"""

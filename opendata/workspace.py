"""Workspaces: the publisher's own folder of specs, code lists, data and releases."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

import catalog
from catalog.corrections import Notice
from catalog.databases import Database
from catalog.errors import CatalogError, Problem, Text
from catalog.registertables import REGISTERS
from opendata.config import Config
from opendata.document import read_text, shown
from opendata.errors import SpecError
from opendata.messages import unwritable
from opendata.spec import Spec, load
from opendata.validation import json_schema, mistakes, worded

CONFIG = "opendata.toml"
FOLDERS = ("datasets", "databases", "corrections", "codes", "data", "releases")
SCHEMAS = Path(".schema")


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

    def unnamed(self) -> tuple[Problem, ...]:
        """The files among the specs whose names are no ids: no dataset is read from them."""
        found = sorted(path for path in (self.root / "datasets").glob("[!.]*.y*ml") if path.is_file())
        odd = [path.name for path in found if path.suffix != ".yaml" or not _ID.fullmatch(path.stem)]
        return tuple(Problem(f"datasets/{name}", _NO_NAME, _RENAME) for name in odd)

    def spec(self, dataset: str) -> Spec:
        """The checked spec of a dataset.

        Raises:
            SpecError: When there is none, or it is not as it must be.
        """
        path = self.spec_path(dataset)
        if dataset in map(self.config.registers.id_of, REGISTERS):
            raise SpecError([Problem(f"datasets/{path.name}", _RESERVED, _OTHER_ID)])
        if not _ID.fullmatch(dataset):
            raise SpecError([Problem(f"datasets/{path.name}", _BAD_ID, _GOOD_ID)])
        if not path.is_file():
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
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))  # the rest of what the parser says may quote the file
        where = f"{CONFIG}, line {line[1]}" if line else CONFIG
        raise SpecError([Problem(where, _NOT_TOML, _FIX)]) from None


def _config_problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(
            f"{CONFIG}: {'.'.join(shown(part) for part in item['loc'])}",
            _sentence(worded(item["type"], item["msg"], item.get("ctx", {}))),
            _FIX,
        )
        for item in mistakes(error)
    ]


def _sentence(said: Text) -> Text:
    return Text(f"{said.vi}.", f"{said.en}.")


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
_NO_NAME = Text(
    "tên tệp không có dạng ID.yaml: không bộ dữ liệu nào được đọc từ tệp này.",
    "this file is not named ID.yaml: no dataset is read from it.",
)
_RENAME = Text(
    "Đổi tên tệp; ID có từ 3 đến 100 ký tự: chữ thường a-z, chữ số, dấu gạch nối ở giữa.",
    "Rename it; an ID has 3 to 100 characters: lower-case a-z, digits, and hyphens between them.",
)
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
_GOOD_ID = Text(
    "Dùng từ 3 đến 100 ký tự: chữ thường a-z, chữ số, dấu gạch nối ở giữa.",
    "Use 3 to 100 characters: lower-case a-z, digits, and hyphens between them.",
)
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
.opendata.lock
.unrecorded-*
.sandbox/
.partial-*
/site/
"""

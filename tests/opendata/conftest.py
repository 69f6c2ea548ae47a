"""A workspace small enough to be built in a second: two provinces' registers of two diseases, as CSV."""

from pathlib import Path

import pytest
import yaml

from opendata import workspace as workspaces
from opendata.workspace import Workspace

SPEC = """
entry:
  title: {vi: "Số mắc bệnh theo vùng, năm 2024", en: "Cases of disease by region, 2024"}
  description: {vi: "Số liệu giả lập để thử.", en: "Synthetic figures for tests."}
  keywords: [{vi: "giám sát dịch bệnh", en: "disease surveillance"}]
  publisher: {name: {vi: "Bộ Y tế", en: "Ministry of Health"}}
  contact: {name: {vi: "Bộ phận dữ liệu mở", en: "Open data office"}, email: opendata@example.org}
  groups: [1]
  category: "2a"
  data_class: ordinary
  access: open
  legal_basis: [decree-102-2025/10.2.c]
  evidence:
    - kind: owner_consent
      holder: {vi: "Cục Y tế dự phòng", en: "General Department of Preventive Medicine"}
      number: "01/VD-YTDP"
      date: 2026-01-05
  frequency: ANNUAL
  temporal: {start: 2024-01-01, end: 2024-12-31}
  issued: 2026-02-02
  licence: terms-art43-law-20-2023
source:
  kind: csv
  files: [{path: data/records.csv}]
  columns:
    - {name: area, codes: areas}
    - {name: sex, codes: sexes}
    - {name: cases, type: count}
    - {name: deaths, type: count}
table:
  dimensions:
    area: {label: {vi: "Vùng", en: "Area"}, codes: areas}
    sex: {label: {vi: "Giới tính", en: "Sex"}, codes: sexes}
  measures:
    cases: {label: {vi: "Số mắc", en: "Cases"}, unit: {vi: "người", en: "persons"}}
    deaths: {label: {vi: "Số chết", en: "Deaths"}, unit: {vi: "người", en: "persons"}}
protection:
  rules: [{kind: small_count, threshold: 5}]
  zeros: published
publication: {organization: bo-y-te}
"""
AREAS = """code,parent,label_vi,label_en,aliases
VN,,Cả nước,Whole country,
N,VN,Miền Bắc,North,
S,VN,Miền Nam,South,
N1,N,Vùng Bắc 1,North 1,
N2,N,Vùng Bắc 2,North 2,
N3,N,Vùng Bắc 3,North 3,
S1,S,Vùng Nam 1,South 1,
S2,S,Vùng Nam 2,South 2,
S3,S,Vùng Nam 3,South 3,
"""
SEXES = """code,parent,label_vi,label_en,aliases
_T,,Cả hai giới,Both sexes,
F,_T,Nữ,Female,
M,_T,Nam,Male,
"""
RECORDS = """area,sex,cases,deaths
N1,F,8731,0
N1,M,3,0
N2,F,6417,9
N2,M,5903,11
N3,F,40,0
N3,M,57,0
S1,F,2,0
S1,M,4409,8
S2,F,7213,6
S2,M,3181,7
S3,F,61,0
S3,M,48,0
"""


@pytest.fixture
def spec() -> dict:
    """The spec as data, to be changed by a test."""
    return yaml.safe_load(SPEC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the dataset `cases`."""
    return fresh(tmp_path / "workspace")


def fresh(folder: Path) -> Workspace:
    """Make a workspace with the dataset `cases`."""
    made = workspaces.init(folder)
    made.spec_path("cases").write_text(SPEC, encoding="utf-8")
    (made.root / "codes/areas.csv").write_text(AREAS, encoding="utf-8")
    (made.root / "codes/sexes.csv").write_text(SEXES, encoding="utf-8")
    (made.root / "data/records.csv").write_text(RECORDS, encoding="utf-8")
    return made


def respec(workspace: Workspace, spec: dict) -> None:
    """Write a changed spec into the workspace."""
    text = yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)
    workspace.spec_path("cases").write_text(text, encoding="utf-8")


def written(workspace: Workspace) -> list[str]:
    """What stands under releases/, locks aside."""
    return sorted(
        str(path.relative_to(workspace.root / "releases"))
        for path in (workspace.root / "releases").rglob("*")
        if path.is_file() and path.name != ".lock"
    )

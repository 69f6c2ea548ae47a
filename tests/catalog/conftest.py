"""One synthetic version with every kind of column, for the writers."""

from datetime import date

import pytest

import catalog


def labels(vi, en):
    return catalog.Labels(vi=vi, en=en)


@pytest.fixture(scope="session")
def entry():
    return catalog.Entry.model_validate(
        {
            "title": {"vi": "Bệnh truyền nhiễm theo tỉnh", "en": "Notifiable diseases by province"},
            "description": {"vi": "Số mắc theo tháng.", "en": "Cases by month."},
            "notes": {"vi": "Số liệu được bảo vệ.", "en": "The figures are protected."},
            "keywords": [{"vi": "dịch tễ", "en": "epidemiology"}, {"vi": "Dengue", "en": "Dengue"}],
            "publisher": {"name": {"vi": "Sở Y tế", "en": "Department of Health"}},
            "contact": {
                "name": {"vi": "Phòng Dữ liệu", "en": "Data Office"},
                "email": "dulieumo@example.org",
                "url": "https://example.org/lien-he",
            },
            "groups": [1, 3],
            "category": "2a",
            "data_class": "ordinary",
            "access": "open",
            "legal_basis": ["decree-102-2025/10.2.c", "law-20-2023/43"],
            "frequency": "ANNUAL",
            "temporal": {"start": "2013-01-01", "end": "2016-12-31"},
            "spatial": "VN",
            "issued": "2026-03-01",
            "licence": "terms-art43-law-20-2023",
        }
    )


@pytest.fixture(scope="session")
def edition(entry):
    def column(name, role, kind, text, **more):
        return catalog.Column(name, role, kind, labels(text, name), **more)

    def file(name, media_type):
        return catalog.File(name, "0a" * 32, 1234, media_type)

    status = catalog.builtin("obs-status")
    columns = (
        column("province", "dimension", "string", "Tỉnh", codelist=catalog.builtin("province-63")),
        column("month", "dimension", "string", "Tháng", codelist=catalog.months(2013, 2013)),
        column("cases", "measure", "integer", "Số mắc", unit=labels("ca", "cases")),
        column(
            "cases_status",
            "status",
            "string",
            "Trạng thái",
            of="cases",
            codelist=status,
        ),
    )
    files = (
        file("data.csv", "text/csv"),
        file("data.parquet", "application/vnd.apache.parquet"),
        file("data.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        file("codebook.json", "application/json"),
        file("report.html", "text/html"),
    )
    return catalog.Edition(
        "notifiable-diseases", "2026.1", date(2026, 3, 1), entry, columns, files, "https://example.org/r"
    )

"""CITATION.cff is YAML that says what it should."""

from dataclasses import replace

import yaml

import catalog


def test_it_names_title_version_day_and_an_organisation(edition):
    read = yaml.safe_load(catalog.citation_cff(edition))
    assert read["cff-version"] == "1.2.0"
    assert read["type"] == "dataset"
    assert (read["title"], read["version"]) == ("Bệnh truyền nhiễm theo tỉnh", "2026.1")
    assert read["date-released"] == "2026-03-01"
    assert read["authors"] == [{"name": "Sở Y tế"}]
    assert "license" not in read


def test_a_licence_with_an_spdx_id_is_named_and_quotes_survive(edition):
    title = catalog.Labels(vi='Số liệu: "sơ bộ" #1', en="Figures")
    entry = edition.entry.model_copy(update={"licence": "CC-BY-4.0", "title": title})
    read = yaml.safe_load(catalog.citation_cff(replace(edition, entry=entry)))
    assert (read["license"], read["title"]) == ("CC-BY-4.0", title.vi)

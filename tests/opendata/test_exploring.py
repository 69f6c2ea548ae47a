"""The explorer's page of a version: who has one, what it says, and the vendored reader of Parquet."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import catalog
from catalog.registertables import REGISTERS, columns
from opendata.site import exploring
from opendata.templating import text
from tests.catalog.conftest import edition, entry  # noqa: F401 (fixtures)
from tests.opendata.test_site import luminance

VENDOR = Path(exploring.__file__).parent / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text(encoding="utf-8"))


def test_the_vendored_files_are_those_that_were_bundled():
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in LOCK["files"]}
    assert found == LOCK["files"]
    assert set(LOCK["files"]) == {path.name for path in VENDOR.iterdir()} - {
        "entry.js", "package.json", "package-lock.json", "vendor.mjs", "vendor.lock.json",
    }  # fmt: skip


def test_what_is_bundled_is_what_is_pinned_and_openly_licensed():
    pinned = json.loads((VENDOR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    script = (VENDOR / "parquet.js").read_text(encoding="utf-8")
    for package in LOCK["packages"]:
        there = pinned[f"node_modules/{package['name']}"]
        assert {name: there[name] for name in ("version", "license", "integrity")} == {
            name: package[name] for name in ("version", "license", "integrity")
        }
        assert package["license"] == "MIT"
        assert f"{package['name']} {package['version']}" in script
        assert (VENDOR / f"LICENSE-{package['name']}").read_text(encoding="utf-8").strip() in script
    assert "resolved" not in json.dumps(pinned)


def test_the_programs_of_the_page_name_no_other_host():
    for path, program in exploring.programs().items():
        hosts = set(re.findall(r"https?://[^\s\"'`)]+", program))
        assert hosts <= {"http://www.w3.org/2000/svg"}, path  # the name of a vocabulary, fetched by nobody


def test_registers_have_pages_of_their_own(edition):  # noqa: F811
    for register in REGISTERS:
        version = catalog.Edition(
            register, "2026.1", date(2026, 1, 1), edition.entry, columns(register), edition.files
        )
        assert not exploring.explorable(version), register
    assert exploring.explorable(edition)


def test_large_tables_are_not_written_twice(edition):  # noqa: F811
    assert exploring.embedded(edition) == "2026.1.data.js"
    large = catalog.File("data.parquet", "0" * 64, exploring.EMBEDDED + 1, "application/vnd.apache.parquet")
    version = catalog.Edition("cases", "2026.1", date(2026, 1, 1), edition.entry, edition.columns, (large,))
    assert exploring.explorable(version)
    assert exploring.embedded(version) is None


def test_the_page_knows_the_codes_the_order_of_the_columns_and_nothing_that_ends_a_script(edition):  # noqa: F811
    facts = exploring.facts(edition)["facts"]
    assert "<" not in facts
    about = json.loads(facts)
    assert about["header"] == ["province", "month", "cases", "cases_status"]
    assert [(one["name"], one["time"]) for one in about["dimensions"]] == [
        ("province", False),
        ("month", True),
    ]
    codes = about["dimensions"][1]["codes"]
    places = {code[0]: n for n, code in enumerate(codes)}
    assert codes[places["2013-05"]][1] == places["2013-Q2"]
    assert codes[places["_T"]][1] == -1
    assert about["data"]["sha256"] == next(f.sha256 for f in edition.files if f.name == "data.parquet")


def test_lines_and_hatches_stand_out_in_light_and_in_dark():
    grounds = [dict(re.findall(r"--(\w+): #(\w+);", rule)) for rule in _roots("site/site.css")]
    colours = [dict(re.findall(r"--(\w+): #(\w+);", rule)) for rule in _roots("site/explore/explore.css")]
    assert len(grounds) == len(colours) == 2
    for ground, mode in zip(grounds, colours, strict=True):
        for name in ("hatch", *(f"s{n}" for n in range(6))):
            lighter, darker = sorted((luminance(mode[name]), luminance(ground["paper"])), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, name


def _roots(style: str) -> list[str]:
    return re.findall(r":root \{[^}]*\}", text(style))

"""Diffs of written releases: what they say, in every form, and what they leave in the dark."""

import re
import shutil

import polars as pl
import pytest

from opendata import pipeline
from opendata.diff import diff, told
from opendata.errors import SpecError, VerificationError
from opendata.release import Release, digest, private_folder, seal
from tests.opendata.conftest import RECORDS, fresh
from tests.opendata.test_cli import opendata


def revised(folder):
    """A workspace with 2026.1, and 2026.2 in which a cell has become small."""
    made = fresh(folder)
    for records in (RECORDS, RECORDS.replace("N2,F,6417", "N2,F,4").replace("S2,F,7213", "S2,F,7990")):
        (made.root / "data/records.csv").write_text(records, encoding="utf-8")
        pipeline.build("cases", made.root)
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return revised(tmp_path_factory.mktemp("diff") / "workspace")


@pytest.fixture
def folders(built, tmp_path):
    """The two releases, to be meddled with."""
    shutil.copytree(built.root / "releases/cases", tmp_path / "cases")
    return tmp_path / "cases/2026.1", tmp_path / "cases/2026.2"


def test_rows_values_and_statuses(folders):
    found = diff(*folders)
    assert (found.id, found.before, found.after, found.comparable) == ("cases", "2026.1", "2026.2", True)
    assert (found.rows.added, found.rows.removed, found.schema, found.codes) == (0, 0, (), ())
    tables = [pl.read_parquet(folder / "data.parquet") for folder in folders]
    hidden = [set(t.filter(pl.col("cases").is_null()).select("area", "sex").iter_rows()) for t in tables]
    moved = {(t.before, t.after): t.cells for t in found.measures[0].transitions}
    assert moved.get(("A", "Q"), 0) == len(hidden[1] - hidden[0]) > 0
    assert moved.get(("Q", "A"), 0) == len(hidden[0] - hidden[1])
    assert not set(found.values["cases"].select("area", "sex").iter_rows()) & (hidden[0] | hidden[1])
    assert found.reasons is None


def test_the_diff_is_of_the_public_files_alone(folders):
    before = diff(*folders)
    for folder in folders:
        shutil.rmtree(private_folder(folder))
    assert diff(*folders) == before


def test_why_cells_are_newly_hidden_is_told_on_demand_only(folders):
    found = diff(*folders, reasons=True)
    hidden = sum(t.cells for m in found.measures for t in m.transitions if t.after == "Q")
    assert sum(one.cells for one in found.reasons) == hidden
    assert {one.reason for one in found.reasons} == {"primary", "secondary"}
    assert "MẬT" in found._repr_mimebundle_()["text/plain"]
    public = diff(*folders)._repr_mimebundle_()
    assert not [kind for kind, text in public.items() if "secondary" in text or "MẬT" in text]
    shutil.rmtree(private_folder(folders[1]))
    with pytest.raises(VerificationError, match=r"reasons\.parquet"):
        diff(*folders, reasons=True)


def test_what_is_not_as_published_is_not_compared(folders):
    with (folders[0] / "data.csv").open("a") as file:
        file.write("x")
    with pytest.raises(VerificationError, match=r"data\.csv"):
        diff(*folders)


def test_two_datasets_are_not_versions_of_one(folders):
    manifest = Release.open(folders[1]).manifest | {"id": "deaths"}
    for name in ("manifest.json", "SHA256SUMS"):
        (folders[1] / name).unlink()
    seal(folders[1], {key: value for key, value in manifest.items() if key not in ("files", "format")})
    with pytest.raises(SpecError, match="are two datasets"):
        diff(*folders)


def test_a_card_says_it_in_both_languages(folders):
    card = diff(*folders)._repr_mimebundle_()
    for text in card.values():
        for said in ("Rows with other figures", "Dòng có số liệu thay đổi", "Trạng thái thay đổi"):
            assert said in text
    assert "DataFrame" not in repr(diff(*folders))


def test_the_change_log_holds_every_version_newest_first(built, tmp_path):
    first, second = (built.root / "releases/cases" / version for version in ("2026.1", "2026.2"))
    text = (second / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 2026.2 (2026-02-02)",
        "## 2026.1 (2026-02-02)",
    ]
    own = (first / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.endswith(own[own.index("## ") :])
    assert "Compared with 2026.1: 0 rows added, 0 removed" in text
    assert "cells now suppressed (A → Q)" in text
    again = revised(tmp_path / "again").root / "releases/cases/2026.2"
    assert digest(again / "CHANGELOG.md") == digest(second / "CHANGELOG.md")


def test_on_the_command_line(built):
    done = opendata("--lang", "en", "diff", "cases", cwd=built.root)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "cases: 2026.1 → 2026.2"
    assert lines[1].startswith("  Compared with 2026.1: 0 rows added, 0 removed, ")
    assert "secondary" not in done.stdout
    sized = re.compile(r"  cases, area \w+, sex \w+: [\d,]+ → [\d,]+ \([+−]\d+\.\d %\)")
    assert any(map(sized.fullmatch, lines))
    why = opendata("diff", "cases", "--from", "2026.1", "--to", "2026.2", "--reasons", cwd=built.root)
    assert "ô nay mới bị che, nhạy cảm (primary)" in why.stdout
    table = opendata("diff", "cases", "--format", "markdown", cwd=built.root)
    assert "| Chỉ tiêu / Measure |" in table.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "2026.1"), "there is no version before it"),
        (("--from", "2025.1"), "there is no such release"),
        (("--format", "pdf"), "text, markdown, html"),
    ],
)
def test_wrong_use(built, arguments, said):
    done = opendata("--lang", "en", "diff", "cases", *arguments, cwd=built.root)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_version_is_told_to_be_as_the_one_before(built):
    newest = pipeline.written("cases", built)
    assert [line.en for line in told(newest, newest)][1:] == ["  The figures are those of 2026.2."]

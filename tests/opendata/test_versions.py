"""Version numbers, and what must be announced before it is released."""

import json

import pytest

from opendata import ledger, pipeline, versions
from opendata.errors import SpecError, VerificationError
from opendata.release import Release, seal
from tests.opendata.conftest import AREAS, RECORDS, respec, written


def build(workspace, version=None):
    return pipeline.build("cases", workspace.root, version=version)[0]


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ([], "2026.1"),
        (["2026.1", "2026.2"], "2026.3"),
        (["2026.9", "2026.10"], "2026.11"),
        (["2025.4"], "2026.1"),
        (["2026.3", "2027.1"], "2027.2"),
        (["2026.x", "2026.2.1"], "2026.3"),
        (["draft"], "2026.1"),
    ],
)
def test_the_next_version_breaks_nothing(out, expected):
    assert versions.following(out, 2026) == expected


@pytest.mark.parametrize(
    "version", ["latest", "abc", "v2026.2", "2026.2-rc1", "2026.02", "2026,2", "2026.2.", "../2026.2"]
)
def test_a_version_is_numbers_with_dots_between(workspace, version):
    """Anything else would come after every number, and the dataset could never be released again."""
    with pytest.raises(SpecError, match="not a valid version"):
        build(workspace, version)
    assert written(workspace) == []


def drop_measure(spec, workspace):
    del spec["table"]["measures"]["deaths"]
    spec["source"]["columns"][3] = {"name": "deaths", "type": "ignored"}


def other_unit(spec, workspace):
    spec["table"]["measures"]["cases"]["unit"] = {"vi": "nghìn người", "en": "thousand persons"}


def drop_dimension(spec, workspace):
    del spec["table"]["dimensions"]["sex"]


def other_list(spec, workspace):
    spec["table"]["dimensions"]["area"]["codes"] = "regions"
    (workspace.root / "codes/regions.csv").write_text(AREAS, encoding="utf-8")


def drop_code(spec, workspace):
    fewer = "".join(line for line in AREAS.splitlines(keepends=True) if not line.startswith("S3,"))
    (workspace.root / "codes/areas.csv").write_text(fewer, encoding="utf-8")


def move_code(spec, workspace):
    (workspace.root / "codes/areas.csv").write_text(AREAS.replace("S3,S,", "S3,N,"), encoding="utf-8")


BREAKING = {
    "a measure gone": (drop_measure, "table.measures.deaths"),
    "another unit": (other_unit, "table.measures.cases.unit"),
    "a dimension gone": (drop_dimension, "table.dimensions.sex"),
    "another code list": (other_list, "table.dimensions.area.codes"),
    "a code gone": (drop_code, "table.dimensions.area.codes"),
    "a code that moved": (move_code, "table.dimensions.area.codes"),
}


@pytest.mark.parametrize("case", BREAKING)
def test_a_change_that_breaks_is_refused_before_anything_is_read(workspace, spec, case):
    change, where = BREAKING[case]
    build(workspace)
    before = written(workspace)
    change(spec, workspace)
    respec(workspace, spec)
    (workspace.root / "data/records.csv").unlink()
    for version in (None, "2027.1"):
        with pytest.raises(SpecError) as refused:
            build(workspace, version)
        (problem,) = refused.value.problems
        assert (problem.where, refused.value.exit_code) == (where, 2)
        for told in ("Keep it", "new dataset id", "section notice", "wait 90 days", "--version 2027.1"):
            assert told in problem.remedy.en
        assert "mục notice" in problem.remedy.vi
    assert written(workspace) == before


def test_every_change_that_breaks_is_told_at_once(workspace, spec):
    build(workspace)
    drop_measure(spec, workspace)
    other_unit(spec, workspace)
    move_code(spec, workspace)
    respec(workspace, spec)
    with pytest.raises(SpecError) as refused:
        build(workspace)
    assert len(refused.value.problems) == 3


def test_what_only_adds_is_the_next_minor_version(workspace, spec):
    build(workspace)
    spec["table"]["measures"]["tests"] = {
        "label": {"vi": "Xét nghiệm", "en": "Tests"},
        "unit": {"vi": "lần", "en": "tests"},
    }
    spec["table"]["measures"]["cases"]["label"]["en"] = "Reported cases"
    spec["source"]["columns"].append({"name": "tests", "type": "count"})
    respec(workspace, spec)
    centre = "C,VN,Miền Trung,Centre,\nC1,C,Vùng Trung 1,Centre 1,\n"
    (workspace.root / "codes/areas.csv").write_text(AREAS + centre, encoding="utf-8")
    head, *rows = RECORDS.splitlines()
    more = [f"{head},tests", *(f"{row},100" for row in rows), "C1,F,900,20,100", "C1,M,800,30,100"]
    (workspace.root / "data/records.csv").write_text("\n".join(more) + "\n", encoding="utf-8")
    release = build(workspace)
    assert release.version == "2026.2"
    changes = (release.directory / "CHANGELOG.md").read_text(encoding="utf-8")
    for line in ("table.measures.tests: a new column.", "cases.label", "area: codes added: C, C1."):
        assert line in changes


NOTICE = {
    "announced": "2026-02-01",
    "effective": "2026-06-01",
    "what": {"vi": "Số mắc sẽ tính bằng nghìn người.", "en": "Cases will be in thousand persons."},
}  # fmt: skip


@pytest.fixture
def announced(workspace, spec):
    """2026.1 is out, and 2026.2 of 1 March, which announces another unit from June on; the spec has that unit."""
    build(workspace)
    spec["notice"] = NOTICE
    spec["entry"]["modified"] = "2026-03-01"
    respec(workspace, spec)
    build(workspace)
    del spec["notice"]
    other_unit(spec, workspace)
    return workspace


def on(workspace, spec, day, version=None):
    spec["entry"]["modified"] = day
    respec(workspace, spec)
    return build(workspace, version)


def test_a_notice_stands_in_every_file_that_readers_see(announced):
    folder = announced.root / "releases/cases/2026.2"
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["notice"] == NOTICE
    for name in ("CHANGELOG.md", "report.html"):
        text = (folder / name).read_text(encoding="utf-8")
        assert NOTICE["what"]["vi"] in text
        assert NOTICE["what"]["en"] in text
    assert "notice" not in Release.open(announced.root / "releases/cases/2026.1").manifest


@pytest.mark.parametrize("day", ["2026-05-29", "2026-05-31"])
def test_an_announced_change_waits_for_its_day(announced, spec, day):
    with pytest.raises(SpecError, match=r"from 2026-06-01 on with --version 2027\.1"):
        on(announced, spec, day, "2027.1")


def test_the_day_is_that_of_the_notice_period_when_it_is_later(announced, spec):
    with (announced.root / "opendata.toml").open("r+", encoding="utf-8") as config:
        text = config.read().replace("notice_days = 90", "notice_days = 120")
        config.seek(0)
        config.write(text)
    with pytest.raises(SpecError, match="from 2026-06-29 on"):
        on(announced, spec, "2026-06-10", "2027.1")


def test_a_breaking_change_needs_a_higher_first_number(announced, spec):
    with pytest.raises(SpecError, match=r"needs a higher first number.*--version 2027\.1"):
        on(announced, spec, "2026-06-01")
    release = on(announced, spec, "2026-06-01", "2027.1")
    assert (release.version, on(announced, spec, "2026-07-01").version) == ("2027.1", "2027.2")


def rows_by_area(spec, workspace):
    drop_dimension(spec, workspace)
    del spec["source"]["columns"][1]
    rows = [f"{area},{n}00,{n}0" for n, area in enumerate(("N1", "N2", "N3", "S1", "S2", "S3"), start=1)]
    text = "\n".join(["area,cases,deaths", *rows]) + "\n"
    (workspace.root / "data/records.csv").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (drop_measure, "table.measures.deaths: the column is gone, or has another name."),
        (rows_by_area, "Compared with 2026.2: rows cannot be compared"),
    ],
)
def test_an_announced_column_goes(announced, spec, change, told):
    spec["table"]["measures"]["cases"]["unit"] = {"vi": "người", "en": "persons"}
    change(spec, announced)
    release = on(announced, spec, "2026-06-01", "2027.1")
    assert told in (release.directory / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_notice_serves_once(announced, spec):
    on(announced, spec, "2026-06-01", "2027.1")
    spec["table"]["measures"]["cases"]["unit"] = {"vi": "triệu người", "en": "million persons"}
    with pytest.raises(SpecError, match="announce it in a release"):
        on(announced, spec, "2026-12-01", "2028.1")


def test_an_older_version_is_rebuilt_whatever_came_after(workspace, spec):
    respec(workspace, spec)
    build(workspace)
    spec["table"]["measures"]["cases"]["label"]["en"] = "Reported cases"
    respec(workspace, spec)
    build(workspace)
    spec["table"]["measures"]["cases"]["label"]["en"] = "Cases"
    respec(workspace, spec)
    release, wrote = pipeline.build("cases", workspace.root, version="2026.1")
    assert (release.version, wrote) == ("2026.1", False)


def test_what_approvers_sent_back_was_never_out(workspace, spec):
    """Nobody wrote a program for it, so it may change, and no change log tells of it."""
    build(workspace)
    label, unit = {"vi": "Xét nghiệm", "en": "Tests"}, {"vi": "lần", "en": "tests"}
    spec["table"]["measures"]["tests"] = {"label": label, "unit": unit}
    spec["source"]["columns"].append({"name": "tests", "type": "count"})
    respec(workspace, spec)
    head, *rows = RECORDS.splitlines()
    records = [f"{head},tests", *(f"{row},100" for row in rows)]
    (workspace.root / "data/records.csv").write_text("\n".join(records) + "\n", encoding="utf-8")
    assert build(workspace).version == "2026.2"
    spec["table"]["measures"]["tests"]["unit"] = {"vi": "mẫu", "en": "samples"}
    respec(workspace, spec)
    with pytest.raises(SpecError, match="its unit is another one"):
        build(workspace)
    with ledger.open_ledger(workspace).writing() as writer:
        writer.append(
            ledger.Entry("returned", dataset="cases", version="2026.2", who="kiem-duyet-1", why="unit")
        )
    release = build(workspace)
    assert release.version == "2026.3"
    changes = (release.directory / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "Compared with 2026.1" in changes
    assert "2026.2" not in changes


def test_a_notice_that_cannot_be_read_is_no_notice(announced, spec):
    folder = announced.root / "releases/cases/2026.2"
    manifest = Release.open(folder).manifest | {"notice": {"what": "later"}}
    for name in ("manifest.json", "SHA256SUMS"):
        (folder / name).unlink()
    seal(folder, {key: value for key, value in manifest.items() if key not in ("files", "format")})
    with pytest.raises(VerificationError, match="its notice cannot be read"):
        on(announced, spec, "2026-06-01", "2027.1")


def test_effective_comes_after_announced(workspace, spec):
    spec["notice"] = NOTICE | {"effective": "2026-02-01"}
    respec(workspace, spec)
    with pytest.raises(SpecError, match="effective must come after announced"):
        build(workspace)

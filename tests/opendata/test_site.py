"""The static catalogue: whole, harvestable, self-contained, the same every time, in place only when it is finished."""

import html
import html.parser
import json
import re
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import rdflib
import yaml
from rdflib import DCAT

from benchmarks.browser import browser, installed
from catalog.quality import metrics
from opendata import pipeline, site, words
from opendata import workspace as workspaces
from opendata.errors import PersonalDataError, SpecError, VerificationError
from opendata.release import Release, digest
from opendata.site.reading import _chart, _measured
from tests.opendata.conftest import RECORDS, fresh
from tests.opendata.test_cli import opendata
from tests.opendata.test_registers import DATABASE, NOTICE


def build(workspace, name="cases"):
    return pipeline.build(name, workspace.root, progress=lambda vi, en: None)[0]


def tree(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): digest(p) for p in folder.rglob("*") if p.is_file()}


def configure(workspace, text: str):
    (workspace.root / "opendata.toml").write_text(text, encoding="utf-8")
    return workspaces.find(workspace.root)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Two versions of one dataset, built once; tests change a copy."""
    made = fresh(tmp_path_factory.mktemp("site") / "workspace")
    (made.root / "databases/surveillance.yaml").write_text(DATABASE, encoding="utf-8")
    text = made.spec_path("cases").read_text(encoding="utf-8")
    linked = text.replace("  frequency:", "  databases: [surveillance]\n  frequency:")
    made.spec_path("cases").write_text(linked, encoding="utf-8")
    build(made)
    (made.root / "data/records.csv").write_text(RECORDS.replace("S3,M,48", "S3,M,59"), encoding="utf-8")
    build(made)
    return made


@pytest.fixture(scope="module")
def written(workspace) -> Path:
    return site.write(workspace).folder


@pytest.fixture
def copy(workspace, tmp_path):
    shutil.copytree(workspace.root, tmp_path / "w", ignore=shutil.ignore_patterns("site"))
    return workspaces.find(tmp_path / "w")


class Elements(html.parser.HTMLParser):
    """The elements of a page: names and attributes."""

    def __init__(self, path: Path):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def pages(folder: Path) -> dict[str, list[tuple[str, dict]]]:
    """The site's own pages; report.html belongs to a release."""
    found = [path for path in folder.rglob("*.html") if path.name != "report.html"]
    return {str(path.relative_to(folder)): Elements(path).found for path in found}


def test_there_is_a_page_for_every_dataset_and_version_beside_the_files(written):
    assert {name.removeprefix("datasets/cases/") for name in pages(written)} == {
        "index.html",
        "all.html",
        "2026.1.html",
        "2026.2.html",
        "2026.1.explore.html",
        "2026.2.explore.html",
        *(f"registers/{name}.html" for name in ("databases", "open-data", "coverage", "notices")),
    }
    for version in ("2026.1", "2026.2"):
        assert Release.open(written / "datasets/cases" / version).version == version


def test_a_page_says_what_a_reader_must_know(written):
    page = (written / "datasets/cases/2026.1.html").read_text(encoding="utf-8")
    manifest = json.loads((written / "datasets/cases/2026.1/manifest.json").read_text(encoding="utf-8"))
    told = [
        "Số mắc bệnh theo vùng",
        "Cases of disease by region",
        "opendata@example.org",
        "Nghị định 102/2025/NĐ-CP",
    ]
    told += [
        "Bộ Y tế (2026). Số mắc bệnh",
        "Article 9(2)(a)",
        *(file["sha256"] for file in manifest["files"]),
    ]
    assert [text for text in told if text not in page] == []
    assert "Đã có phiên bản mới hơn" in page
    assert "Đã có phiên bản mới hơn" not in (written / "datasets/cases/index.html").read_text(
        encoding="utf-8"
    )


def test_how_much_is_hidden_is_counted_from_the_data(written):
    page = (written / "datasets/cases/2026.1.html").read_text(encoding="utf-8")
    hidden = (written / "datasets/cases/2026.1/data.csv").read_text(encoding="utf-8-sig")
    rows = [line.split(",") for line in hidden.splitlines()]
    count = sum(row[rows[0].index("cases_status")] == "Q" for row in rows)
    assert f'<td class="n">{count}</td>' in page


def test_the_quality_that_was_measured_stands_on_the_page_and_in_the_catalogue(written):
    folder = written / "datasets/cases"
    quality = json.loads((folder / "2026.2/manifest.json").read_text(encoding="utf-8"))["quality"]
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert f"<strong>{quality['score']}</strong> / 100" in page
    rows = re.findall(r"<tr>.*?</tr>", html.unescape(page), re.DOTALL)
    for metric, value in quality["measurements"].items():
        about = metrics()[metric]
        row = next(row for row in rows if about.definition.vi in row and about.definition.en in row)
        assert about.labels.vi in row, metric
        assert words.percent(value).vi in row, metric
    graph = rdflib.Graph().parse(written / "catalog.ttl")
    numbers = [float(value) for value in graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/dqv#value"))]
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/manifest.json")]
    told = [{**one["quality"]["measurements"], "": one["quality"]["score"]}.values() for one in manifests]
    assert sorted(numbers) == sorted(float(value) for values in told for value in values)


def test_a_metric_that_nobody_knows_is_of_another_version_of_the_software(copy):
    directory = copy.root / "releases/cases/2026.1"
    about = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    about["quality"]["measurements"] = {"beauty": 1.0}
    with pytest.raises(KeyError, match="beauty"):
        list(_measured(about))
    assert list(_measured({})) == []  # as of a register


def test_the_catalogue_is_clean_and_its_addresses_are_files(written, shared):
    pyshacl = pytest.importorskip("pyshacl")
    graph = rdflib.Graph().parse(written / "catalog.ttl", publicID="file:///site/catalog.ttl")
    shapes = rdflib.Graph().parse(shared / "data/shapes/dcat-ap-3.0.1-SHACL.ttl")
    assert pyshacl.validate(graph, shacl_graph=shapes, inference="none")[0]
    places = {urlsplit(str(place)).path for place in graph.objects(None, DCAT.downloadURL)}
    assert len(places) == 6
    assert [p for p in places if not (written / unquote(p).removeprefix("/site/")).is_file()] == []


def test_metadata_beside_a_version_lead_to_its_files(written):
    folder = written / "datasets/cases"
    table = json.loads((folder / "2026.2.csv-metadata.json").read_text(encoding="utf-8"))
    assert (folder / table["url"]).is_file()
    croissant = json.loads((folder / "2026.2.croissant.json").read_text(encoding="utf-8"))
    for file in croissant["distribution"]:
        assert digest(folder / file["contentUrl"]) == file["sha256"]


def test_every_link_within_the_site_leads_to_a_file(written):
    for page, elements in pages(written).items():
        links = [a["href"] for tag, a in elements if tag in ("a", "link") and ":" not in a["href"]]
        assert len(links) > 4
        for link in links:
            target = urljoin(page, link).partition("#")[0] or page
            assert (written / target).is_file(), (page, link)


def test_no_page_asks_anything_of_another_server(written):
    for page, elements in pages(written).items():
        policy = next(a["content"] for tag, a in elements if a.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'; script-src 'sha256-"), page
        fetched = [
            a for _, a in elements if "src" in a or "srcset" in a or a.get("rel") in ("stylesheet", "icon")
        ]
        explorer = page.endswith(".explore.html")
        assert ("connect-src 'self'" in policy) == ("' 'self';" in policy) == explorer, page
        assert "//" not in policy, page
        assert len(fetched) == (2 if explorer else 0), page
        assert all((written / urljoin(page, a["src"])).is_file() for a in fetched), page
        text = (written / page).read_text(encoding="utf-8")
        assert set(re.findall(r"url\([^)]*\)", text)) <= {"url(#x-hatch)"}, page


def test_pages_are_made_for_screen_readers_and_keyboards(written):
    for page, elements in pages(written).items():
        tags = [tag for tag, _ in elements]
        assert dict(elements)["html"]["lang"] == "vi", page
        assert (tags.count("h1"), tags.count("main")) == (1, 1), page
        assert next(a["href"] for tag, a in elements if tag == "a") == "#main", page
        assert all(a.get("lang") in ("vi", "en") for _, a in elements if "t" in a.get("class", "").split()), (
            page
        )
        assert all("scope" in a for tag, a in elements if tag == "th"), page
        labelled = {a["for"] for tag, a in elements if tag == "label"}
        assert {a["id"] for tag, a in elements if tag in ("input", "select")} == labelled, page
        ids = [a["id"] for _, a in elements if "id" in a]
        assert len(ids) == len(set(ids)), page


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(2 * c for c in colour)
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_text_stands_out_in_light_and_in_dark(written):
    style = (written / "index.html").read_text(encoding="utf-8")
    modes = [dict(re.findall(r"--(\w+): #(\w+);", rule)) for rule in re.findall(r":root \{[^}]*\}", style)]
    assert len(modes) == 2
    for mode in modes:
        for text, ground in [
            ("ink", "paper"),
            ("ink", "card"),
            ("soft", "paper"),
            ("accent", "paper"),
            ("paper", "accent"),
        ]:
            lighter, darker = sorted((luminance(mode[text]), luminance(mode[ground])), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (text, ground)


def test_the_same_releases_give_the_same_bytes(workspace, written, tmp_path):
    assert tree(site.write(workspace, tmp_path / "again").folder) == tree(written)
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_the_registers_stand_on_the_site_as_of_their_day(copy):
    folder = site.write(copy, today=date(2027, 3, 1)).folder / "registers"
    page = {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    rows = {name: text.partition('class="list"')[2].count("<tr") - 1 for name, text in page.items()}
    assert rows == {"databases": 1, "open-data": 1, "coverage": 24, "notices": 9}
    assert 'id="database-surveillance"' in page["databases"]
    assert '<a href="../datasets/cases/index.html">cases</a>' in page["open-data"]
    assert '<a href="databases.html#database-surveillance">surveillance</a>' in page["open-data"]
    assert (
        "Quá hạn" in page["open-data"].partition('class="list"')[2]
    )  # a year after the release of February 2026
    assert [name for name, text in page.items() if "01/03/2027" in text] == [
        n for n in page if n != "notices"
    ]
    assert "31/12/2026" in page["notices"]


def test_one_notice_cannot_be_told_from_none(copy):
    before = tree(site.write(copy, today=date(2027, 3, 1)).folder)
    (copy.root / "corrections/2026-001.yaml").write_text(NOTICE, encoding="utf-8")
    assert tree(site.write(copy, today=date(2027, 3, 1)).folder) == before


def test_only_the_pages_of_the_registers_know_the_day(copy):
    folders = [
        site.write(copy, copy.root / name, today=date(2026, 6, day)).folder
        for name, day in (("a", 1), ("b", 2))
    ]
    one, other = map(tree, folders)
    assert one.keys() == other.keys()
    changed = {name for name in one if one[name] != other[name]}
    assert changed == {f"registers/{name}.html" for name in ("databases", "open-data", "coverage")}


def test_a_version_leads_to_the_databases_that_it_is_drawn_from(written):
    page = (written / "datasets/cases/2026.1.html").read_text(encoding="utf-8")
    assert '<a href="../../registers/databases.html#database-surveillance">surveillance</a>' in page


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("Văn bản đề nghị", "Gọi ông Nguyễn Văn An, 0912345678", PersonalDataError),
        ("[1, 3]", "[99]", SpecError),
    ],
)
def test_what_the_registers_must_not_say_refuses_the_site(copy, old, new, error):
    path = copy.root / "databases/surveillance.yaml"
    path.write_text(DATABASE.replace(old, new), encoding="utf-8")
    with pytest.raises(error) as refused:
        site.write(copy)
    assert "0912345678" not in str(refused.value)
    assert not (copy.root / "site").exists()


def test_with_an_address_the_catalogue_is_absolute(copy):
    configured = configure(copy, '[site]\nurl = "https://open.example.org/"\n')
    folder = site.write(configured).folder
    graph = rdflib.Graph().parse(folder / "catalog.ttl")
    places = {str(place) for place in graph.objects(None, DCAT.downloadURL)}
    assert "https://open.example.org/datasets/cases/2026.2/data.csv" in places
    assert "https://open.example.org/datasets/cases" in (folder / "datasets/cases/index.html").read_text(
        encoding="utf-8"
    )


def test_a_changed_release_refuses_and_the_old_site_stays(copy):
    before = tree(site.write(copy).folder)
    path = copy.root / "releases/cases/2026.1/data.csv"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(VerificationError, match=r"data\.csv"):
        site.write(copy)
    assert tree(copy.root / "site") == before
    assert not list(copy.root.glob(".partial-*"))


def test_personal_data_on_a_page_refuse_the_site(copy):
    title = 'title = {vi = "Danh mục của Nguyễn Văn Hùng, 0912345678", en = "Catalogue"}'
    with pytest.raises(PersonalDataError) as refused:
        site.write(configure(copy, f"[site]\n{title}\n"))
    assert "0912345678" not in str(refused.value)
    assert not (copy.root / "site").exists()


def test_only_a_site_is_replaced(copy, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("mine")
    for folder in (
        tmp_path / "mine",
        copy.root / "releases",
        copy.root / "releases/site",
        copy.root,
        tmp_path,
    ):
        with pytest.raises(SpecError, match="--out"):
            site.write(copy, folder)
    site.write(copy, tmp_path / "new")
    assert site.write(copy, tmp_path / "new").datasets == 1


def test_nothing_released_is_nothing_to_show(tmp_path):
    with pytest.raises(SpecError, match="nothing is released"):
        site.write(workspaces.init(tmp_path))


def test_several_publishers_need_a_name_for_the_whole(copy, spec):
    spec["entry"]["publisher"]["name"] = {"vi": "Sở Y tế", "en": "Department of Health"}
    copy.spec_path("others").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    build(copy, "others")
    with pytest.raises(SpecError, match=r"site\.publisher"):
        site.write(copy)
    named = configure(copy, '[site]\npublisher = {name = {vi = "Cả tỉnh", en = "The province"}}\n')
    made = site.write(named)
    assert (made.datasets, made.versions) == (2, 3)


def test_the_command_says_where(copy):
    done = opendata("--lang", "en", "site", "--out", "public", cwd=copy.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 datasets, 2 versions" in done.stdout
    assert "A preview, not for the web" in done.stdout  # nobody approves here
    assert (copy.root / "public/index.html").is_file()
    refused = opendata("site", "--out", "data", cwd=copy.root)
    assert refused.returncode == 2


def test_the_chart_is_that_of_the_report(tmp_path):
    page = '<figure role="img" aria-label="x"><svg viewBox="0 0 1 1"><g/></svg></figure>'
    (tmp_path / "report.html").write_text(f"<main>{page}</main>", encoding="utf-8")
    assert _chart(tmp_path) == '<svg viewBox="0 0 1 1"><g/></svg>'
    (tmp_path / "report.html").write_text("<main></main>", encoding="utf-8")
    assert _chart(tmp_path) == ""


def test_numbers_are_written_as_readers_write_them():
    assert words.count(1_234_567) == ("1.234.567", "1,234,567")
    assert words.percent(0.1234) == ("12,3", "12.3")
    assert (words.size(999).en, words.size(2048).vi) == ("999 B", "2,0 KB")
    assert words.point("9.2.a").vi == "điểm a khoản 2 Điều 9"


@pytest.fixture(scope="module")
def chromium():
    path = installed()
    if path is None:
        pytest.skip("no Chromium is installed here")
    with browser(path) as page:
        yield page


def search(page, text: str) -> list[str]:
    page.run(f"document.getElementById('q').value = {json.dumps(text)}")
    page.run("document.getElementById('q').dispatchEvent(new Event('input'))")
    return page.run("[...document.querySelectorAll('#found a')].map((a) => a.getAttribute('href'))")


@pytest.mark.parametrize(
    "query", ["so mac benh", "SỐ MẮC", "region 2024", "bo y te", "surveillance", "yte dự phòng"]
)
def test_a_dataset_is_found_in_both_languages_with_or_without_diacritics(chromium, written, query):
    chromium.open((written / "index.html").as_uri())
    expected = ["datasets/cases/index.html"] if query != "yte dự phòng" else []
    assert search(chromium, query) == expected
    shown = chromium.run("document.getElementById('count').innerText.trim()")
    assert shown == f"{len(expected)} bộ dữ liệu"


def test_a_reader_switches_the_language_and_keeps_it(chromium, written):
    chromium.open((written / "index.html").as_uri())
    chromium.run("document.querySelector('[data-language=en]').click()")
    chromium.open((written / "datasets/cases/index.html").as_uri())
    assert chromium.run("document.documentElement.lang") == "en"
    assert chromium.run("document.querySelector('h1').innerText") == "Cases of disease by region, 2024"
    chromium.run("document.querySelector('[data-language=vi]').click()")
    assert chromium.run("document.querySelector('h1').innerText") == "Số mắc bệnh theo vùng, năm 2024"


def test_the_keyboard_goes_from_the_skip_link_to_the_search(chromium, written):
    chromium.open((written / "index.html").as_uri())
    stops = []
    for _ in range(6):
        chromium.press("Tab")
        stops.append(chromium.run("document.activeElement.id || document.activeElement.className || 'other'"))
    assert stops == ["skip", "other", "second", "other", "other", "q"]


def test_the_browser_asks_for_the_pages_alone_and_complains_of_nothing(chromium, written):
    chromium.requests.clear()
    shown = [page for page in pages(written) if not page.endswith(".explore.html")]  # those: tests/browser
    for page in shown:
        chromium.open((written / page).as_uri())
    assert sorted(chromium.requests) == sorted((written / page).as_uri() for page in shown)
    assert chromium.errors == []

"""Reports for paper, up to the browser: what is added to the page, and what is told when there is no browser."""

import re
from pathlib import Path

import pytest

from opendata import chromium, pipeline, printing
from opendata.errors import SpecError
from tests.opendata.conftest import fresh
from tests.opendata.test_cli import opendata


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    made = fresh(tmp_path_factory.mktemp("printing") / "workspace")
    return pipeline.build("cases", made.root, progress=lambda vi, en: None)[0]


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "page.html"
    path.write_text("<p>x", encoding="utf-8")
    return path


def program(folder: Path, text: str) -> Path:
    """Something that is started in place of a browser."""
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_page_is_the_releases_own_with_fonts_inside(release):
    own = (release.directory / printing.REPORT).read_text(encoding="utf-8")
    made = printing.for_paper(release)
    assert (
        re.sub(r"<style>\n@font-face.*?</style>\n", "", made, flags=re.DOTALL).replace("; font-src data:", "")
        == own
    )
    assert set(re.findall(r"url\(([^)]{0,20})", made)) <= {'"data:font/ttf;base6', "#clip0", "#clip1"}
    assert "cases 2026.1 · SHA-256 manifest.json" in made
    assert "script-src" not in made
    assert "default-src 'none'" in made


def test_a_page_of_somebody_else_is_refused(release, tmp_path, monkeypatch):
    (tmp_path / printing.REPORT).write_text("<html><head></head></html>", encoding="utf-8")
    other = type(release)(tmp_path, "cases", "2026.1")
    with pytest.raises(SpecError, match="not made by ytemo"):
        printing.for_paper(other)


def test_without_a_browser_it_is_told_where_it_was_looked_for_and_what_works(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpecError) as refused:
        chromium.find()
    [problem] = refused.value.problems
    assert all(name in problem.what.vi for name in chromium.NAMES)
    assert "apt-get install chromium" in problem.remedy.vi
    assert "HTML" in problem.remedy.en
    with pytest.raises(SpecError, match="/nowhere/chromium"):
        chromium.find("/nowhere/chromium")


@pytest.mark.parametrize(
    ("text", "told"),
    [("exit 1", "does not run"), ("exit 0", "printed no PDF"), ("sleep 60", "did not finish within 1 s")],
)
def test_a_browser_that_fails_leaves_nothing(page, text, told):
    target = page.with_suffix(".pdf")
    with pytest.raises(SpecError, match=told):
        chromium.print_pdf(
            page, target, browser=program(page.parent, text), seconds=1 if "sleep" in text else 30
        )
    assert not target.exists()
    assert not list(page.parent.glob(".*"))


def test_only_root_goes_without_the_sandbox(tmp_path, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "--no-sandbox" not in chromium.flags(tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "--no-sandbox" in chromium.flags(tmp_path)


def test_the_command_writes_beside_the_releases(release):
    root = release.directory.parents[2]
    done = opendata("--lang", "en", "report", "cases", "--workspace", str(root))
    assert (done.returncode, done.stderr) == (0, "")
    assert (root / "reports/cases-2026.1.html").read_text(encoding="utf-8") == printing.for_paper(release)
    missing = opendata("--lang", "en", "report", "cases", "--version", "2031.1", "--workspace", str(root))
    assert (missing.returncode, "opendata build cases" in missing.stderr) == (2, True)

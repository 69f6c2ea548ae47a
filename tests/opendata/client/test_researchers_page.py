"""docs/researchers.md: every block of code is run, in its language, against a real server."""

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/researchers.md").read_text(encoding="utf-8")
EXAMPLE = "https://data.example.org"


def blocks(language: str, url: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    return [block.replace(EXAMPLE, url) for block in found]


@pytest.fixture
def expected(built) -> pl.DataFrame:
    return pl.read_parquet(built.root / "releases/cases/2026.2/data.parquet")


def run(*command: str, folder: Path, **more) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_language_is_known():
    assert set(re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)) == {"sh", "python", "r", "sql"}


def test_python(web, tmp_path, expected, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {}
    for block in blocks("python", web.url):
        exec(block, names)
    assert names["frame"].equals(expected)
    assert names["hidden"].height == expected["cases"].null_count() > 0
    assert (names["absent"].height, names["zero"].height) == (0, (expected["cases"] == 0).sum())
    assert (tmp_path / ".cache/ytemo").is_dir()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_shell(web, tmp_path):
    install, check = blocks("sh", web.url)
    assert install.strip() == "pip install ytemo"
    assert "data.csv: OK" in run("sh", "-e", "-c", check, folder=tmp_path)
    (tmp_path / "data.csv").write_bytes(b"other")
    assert (
        subprocess.run(["sh", "-c", check.splitlines()[-1]], cwd=tmp_path, capture_output=True).returncode
        != 0
    )


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R (Rscript) is not installed")
def test_r(web, tmp_path, expected):
    (block,) = blocks("r", web.url)
    told = 'cat("\\n#", nrow(frame), nrow(hidden), nrow(zero), sum(frame$deaths), class(frame$area), frame$area[1])'
    script = tmp_path / "page.R"
    script.write_text(f"{block}\n{told}\n", encoding="utf-8")
    answer = run("Rscript", "--vanilla", str(script), folder=tmp_path).rpartition("#")[2].split()
    assert answer == [
        str(expected.height),
        str(expected["cases"].null_count()),
        str((expected["cases"] == 0).sum()),
        str(expected["deaths"].sum()),
        "character",
        expected["area"][0],
    ]


def parquet(block: str, url: str, folder: Path) -> str:
    """The statement on the file itself: DuckDB fetches over HTTP only with an extension that it must download."""
    return block.replace(url, str(folder))


@pytest.mark.parametrize("where", ["file", "http"])
def test_duckdb(where, web, expected):
    (block,) = blocks("sql", web.url)
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        if where == "http":
            try:
                connection.execute("LOAD httpfs")
            except duckdb.Error:
                pytest.skip("DuckDB's extension httpfs is not installed")
        found = connection.execute(
            block if where == "http" else parquet(block, web.url, web.folder)
        ).fetchall()
    wanted = expected.filter(sex="_T", cases_status="A").sort("cases", descending=True)
    assert found == wanted.select("area", "cases").rows()


def test_excel(built, expected):
    """The workbook, by a reader that has nothing to do with its writer: codes are text, hidden cells are empty."""
    sheet = CalamineWorkbook.from_path(built.root / "releases/cases/2026.2/data.xlsx").get_sheet_by_name(
        "data"
    )
    header, *rows = sheet.to_python()
    assert header == expected.columns
    assert [tuple(None if cell == "" else cell for cell in row) for row in rows] == expected.rows()
    assert {type(row[0]) for row in rows} == {str}


def test_the_page_names_what_there_is():
    import opendata as od

    used = set(re.findall(r"\bod\.(\w+)", PAGE))
    assert used <= set(od.__all__)
    assert {"load", "scan", "search", "published", "is_suppressed", "is_missing", "is_zero"} <= used
    methods = {name for name in vars(od.Published) if not name.startswith("_")} - set(od.Published.__slots__)
    assert methods - {"load", "scan"} <= set(re.findall(r"\bdata\.(\w+)\(", PAGE))

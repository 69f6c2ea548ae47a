"""`pip install ytemo` without extras is enough to read, and fast to start."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PUBLISHERS = (
    "altair", "ckanapi", "highspy", "jinja2", "numba", "numpy", "presidio_analyzer", "pyarrow", "rdflib", "scipy",
    "xlsxwriter",
)  # fmt: skip


def run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_importing_the_package_brings_polars_and_nothing_heavy_besides():
    heavy = ("pydantic", "requests", "typer", "yaml", *PUBLISHERS)
    code = f"import opendata, sys; print([m for m in {heavy} if m in sys.modules], 'polars' in sys.modules)"
    assert run(code) == "[] True"


def test_a_cached_version_is_loaded_without_validation_libraries(built, cache):
    code = """if True:
        import sys
        import opendata as od
        od.load("cases", portal=sys.argv[1], cache=sys.argv[2])
        print([m for m in ("pydantic", "requests", "typer") if m in sys.modules])"""
    assert run(code, str(built.root), str(cache)) == "[]"


def test_reading_never_needs_the_publishers_tools(built, web, cache):
    """Everything a reader does, with every package that is in an extra made unimportable."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = " ".join(" ".join(names) for names in project["optional-dependencies"].values())
    assert all(name.replace("_", "-") in extras for name in PUBLISHERS)
    code = f"""if True:
        import sys
        for name in {PUBLISHERS}:
            sys.modules[name] = None
        import opendata as od
        portal, folder, cache = sys.argv[1:]
        for where in (portal, folder):
            data = od.published("cases", portal=where, cache=cache)
            frame = data.load()
            assert data.scan(verify=False).collect().equals(frame)
            assert od.search("cases", portal=where).height == 1
            assert data.labels(frame).width > frame.width
            assert data.cite("bibtex") and data.cite("apa") and data.cite("vi") and data.changelog()
            data.codebook(), data.codes(), data.status(), data.verify(), data.versions()
        print("read")"""
    assert run(code, web.url, str(built.root), str(cache)) == "read"


def test_a_cached_version_needs_no_network_library(web, cache):
    """What is at hand is read without even loading one."""
    code = """if True:
        import sys
        import opendata as od
        od.load("cases", portal=sys.argv[1], version="2026.1", cache=sys.argv[2])
        print([name for name in ("requests", "urllib3") if name in sys.modules])"""
    assert run(code, web.url, str(cache)) == "['requests', 'urllib3']"
    assert run(code, web.url, str(cache)) == "[]"


@pytest.mark.parametrize("command", ["build cases", "lab", "sandbox status", "init x", "site"])
def test_what_a_publisher_needs_is_named_where_it_is_not_installed(command, tmp_path):
    code = f"""if True:
        import sys
        for name in {PUBLISHERS}:
            sys.modules[name] = None
        from opendata.cli import main
        sys.argv = ["opendata", "--lang", "en", *{command.split()!r}]
        main()"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "is not installed" in done.stderr
    assert "→ Run: pip install --upgrade 'ytemo[publish]'" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_of_a_reader_says_what_is_not_installed(tmp_path):
    code = f"""if True:
        import sys
        for name in {PUBLISHERS}:
            sys.modules[name] = None
        from opendata.cli import main
        sys.argv = ["opendata", "--lang", "en", "doctor"]
        main()"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "! Workspace: not checked: numpy is not installed." in done.stdout


def test_a_publishers_name_says_what_to_install():
    code = f"""if True:
        import sys
        for name in {PUBLISHERS}:
            sys.modules[name] = None
        import opendata as od
        try:
            od.dataset
        except od.OpendataError as refused:
            print(refused)"""
    assert "pip install --upgrade 'ytemo[publish]'" in run(code)

"""What the pages point at is there: files, headings, tests."""

import ast
import re

import pytest

from tests.docs.blocks import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
IDS = [path.relative_to(ROOT).as_posix() for path in PAGES]
each_page = pytest.mark.parametrize("path", PAGES, ids=IDS)


def anchors(path):
    """The anchors of a page as GitHub makes them: declared ones, and the headings in lower case."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)
    return {*re.findall(r'<a id="([^"]+)"', text), *plain}


@each_page
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@each_page
def test_tests_that_are_named_exist(path):
    for name in re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", path.read_text(encoding="utf-8")):
        file, _, function = name.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert not function or function in {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef)
        }, name

"""Whatever a card holds, each of its forms says all of it, and none of it becomes markup."""

import re
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytemo_display import Card, Grid, Step, Words, bundle

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "`rm -rf` | $x$ **bold** [link](http://example.org) <b>",
    "1. item\n# heading\n---",
    "\x1b[31mred\x1b[0m \u202egnp.exe",
]
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
shown = st.one_of(texts, st.integers(0, 10**9), st.builds(Words, texts, texts))
grids = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        Grid,
        shown,
        st.tuples(*[shown] * width),
        st.lists(st.tuples(*[shown] * width), max_size=3).map(tuple),
        st.integers(0, 3000),
    )
)
cards = st.builds(
    Card,
    shown,
    shown,
    st.sampled_from(["plain", "confidential", "passed", "refused"]),
    st.lists(st.tuples(shown, shown), max_size=3).map(tuple),
    st.lists(grids, max_size=2).map(tuple),
    st.lists(shown, max_size=2).map(tuple),
    st.lists(st.builds(Step, shown, texts), max_size=2).map(tuple),
)


class Told(HTMLParser):
    """The texts and the tags of a page."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.tags = [], set()
        self.feed(page)

    def handle_data(self, data):
        self.texts += [" ".join(data.split())] if data.split() else []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "lang", "role", "aria-level", "scope"}


def flat(text):
    return " ".join(text.split())


@given(cards)
def test_plain_text_and_markdown_say_everything_that_the_html_says(card):
    forms = bundle(card)
    plain, markdown = flat(forms["text/plain"]), flat(unescape(forms["text/markdown"]))
    for text in Told(forms["text/html"]).texts:
        assert text in plain
        assert text in markdown


@given(cards)
def test_html_is_well_formed_and_holds_no_element_of_the_content(card):
    page = bundle(card)["text/html"]
    ElementTree.fromstring(page)
    known = {"div", "span", "table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "code"}
    assert Told(page).tags <= known
    assert not re.search(r"url\(|@import|https?:", re.sub(r">[^<]*<", "><", page))


@given(cards)
def test_a_card_is_written_the_same_every_time_and_steers_no_terminal(card):
    forms = bundle(card)
    assert forms == bundle(card)
    assert set(forms) == {"text/plain", "text/markdown", "text/html"}
    for text in forms.values():
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_becomes_markdown(text):
    written = bundle(Card(text, text, facts=((text, text),), notes=(text,)))["text/markdown"]
    body = written.replace("**", "", 2).replace("\n- ", "\n")
    assert not re.search(r"[<>`\[\]$|*#]", re.sub(r"&#\d+;", "", body))
    assert not re.search(r"(?m)^(\d+[.)] |---)", body)


def test_numbers_are_written_as_each_language_writes_them():
    forms = bundle(Card("a", "b", facts=(("c", 1234567),)))
    assert "1.234.567 / 1,234,567" in forms["text/plain"]
    assert '<span lang="vi">1.234.567</span>' in forms["text/html"]


def test_what_is_the_same_in_both_languages_is_said_once():
    assert bundle(Card("a", Words("b", "b")))["text/plain"] == "a: b"


def test_colours_come_from_the_theme():
    """No text colour is set, and every line has a fallback where JupyterLab's variables are not there."""
    page = bundle(Card("a", "b", "refused", facts=(("c", "d"),)))["text/html"]
    assert not re.search(r"(?<![-\w])color:(?!inherit)", page)
    assert all("," in variable for variable in re.findall(r"var\(([^)]*)\)", page))

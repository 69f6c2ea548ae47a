"""The search stand-in: queries as CKAN writes them, answered as Solr would."""

import json
import threading
import urllib.request
from contextlib import suppress
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.sandbox.search.index import Index, document, fold, score, select
from opendata.sandbox.search.query import QuerySyntaxError, parse, parse_words, required
from opendata.sandbox.search.server import server

DOCUMENTS = [
    {
        "index_id": "1",
        "id": "a",
        "name": "dengue-2025",
        "title": "Sốt xuất huyết theo tỉnh",
        "tags": ["sốt xuất huyết", "dengue"],
        "state": "active",
        "site_id": "sandbox",
        "capacity": "public",
        "permission_labels": ["public"],
        "metadata_modified": "2025-03-01T00:00:00Z",
        "views": 5,
    },
    {
        "index_id": "2",
        "id": "b",
        "name": "measles",
        "title": "Sởi theo tháng",
        "notes": "Đã che ô nhỏ",
        "tags": ["sởi"],
        "state": "active",
        "site_id": "sandbox",
        "capacity": "private",
        "permission_labels": ["creator-1"],
        "metadata_modified": "2026-01-01T00:00:00Z",
        "views": 40,
    },
]


@pytest.fixture
def index():
    made = Index()
    made.add(DOCUMENTS)
    return made


def found(index, query, **more):
    answer = select(index, {"q": [query], **{name.replace("_", "."): value for name, value in more.items()}})
    return [doc["id"] for doc in answer["response"]["docs"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("*:*", "ab"),
        ("", "ab"),
        ("title:sot", "a"),
        ('title:"xuất huyết"', "a"),
        ('title:"huyết xuất"', ""),
        ("name:dengue-2025", "a"),
        ("name:dengue", ""),
        ("name:deng*", "a"),
        ("name:m?asles", "b"),
        ('tags:"sốt xuất huyết"', "a"),
        ("+state:active -name:measles", "a"),
        ("-name:measles", "a"),
        ("NOT name:measles", "a"),
        ("name:measles OR name:dengue-2025", "ab"),
        ("name:measles AND name:dengue-2025", ""),
        ("name:(measles OR dengue-2025)", "ab"),
        ('+permission_labels:("public" OR "creator-9")', "a"),
        ('+site_id:"sandbox" +(id:"b" OR name:"b")', "b"),
        ("title_ngram:xua OR name_ngram:xua", "a"),
        ("views:[10 TO *]", "b"),
        ("views:[5 TO 40}", "a"),
        ("metadata_modified:[2025-01-01T00:00:00Z TO 2025-12-31T00:00:00Z]", "a"),
        ("metadata_modified:[* TO NOW-1DAY]", "ab"),
        ("notes:*", "b"),
        (r"name:dengue\-2025", "a"),
        ("title:sot^4", "a"),
        ("{!lucene}name:measles", "b"),
    ],
)
def test_lucene_queries(index, query, expected):
    assert sorted(found(index, query, sort=["name asc"])) == list(expected)


@pytest.mark.parametrize(
    "query", ["title:(a AND", "a)", 'title:"open', "name:", "[1 TO", "(" * 80 + "a" + ")" * 80]
)
def test_unreadable_queries_are_refused(query):
    with pytest.raises(QuerySyntaxError, match="Cannot parse"):
        parse(query)


def test_default_operator_joins_bare_clauses(index):
    both = "name:measles name:dengue-2025"
    assert found(index, both, q_op=["AND"]) == []
    assert sorted(found(index, both, q_op=["OR"])) == ["a", "b"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sot xuat huyet", "a"),
        ("SOI", "b"),
        ("theo -sởi", "a"),
        ('"theo tháng"', "b"),
        ("theo tỉnh", "a"),
        ("khong", ""),
    ],
)
def test_words_typed_into_the_search_box(index, typed, expected):
    qf = ["name^4 title^4 tags^2 groups^2 text"]
    assert "".join(found(index, typed, defType=["dismax"], qf=qf, mm=["2<-1 5<80%"])[:1]) == expected


@pytest.mark.parametrize(("words", "need"), [(1, 1), (2, 2), (3, 2), (5, 4), (6, 4), (10, 8)])
def test_minimum_should_match_as_ckan_sets_it(words, need):
    assert required("2<-1 5<80%", words) == need


def test_sorting_paging_and_stored_fields(index):
    ask = {"q": ["*:*"], "sort": ["views desc"], "rows": ["1"], "fl": ["id views"]}
    assert select(index, ask)["response"] == {
        "numFound": 2,
        "start": 0,
        "numFoundExact": True,
        "docs": [{"id": "b", "views": 40}],
    }
    assert select(index, ask | {"start": ["1"]})["response"]["docs"] == [{"id": "a", "views": 5}]
    with pytest.raises(QuerySyntaxError, match="Sort Order"):
        select(index, ask | {"sort": ["views sideways"]})
    assert "permission_labels" not in select(index, {"q": ["*:*"]})["response"]["docs"][0]


def test_facets(index):
    ask = {"q": ["*:*"], "facet": ["true"], "facet.field": ["state", "tags"], "facet.limit": ["2"]}
    counts = select(index, ask)["facet_counts"]["facet_fields"]
    assert counts == {"state": ["active", 2], "tags": ["dengue", 1, "sốt xuất huyết", 1]}


def test_adding_again_replaces_and_deleting_removes(index):
    index.add([DOCUMENTS[0] | {"title": "Khác"}])
    assert found(index, "title:sot") == []
    index.delete('+entity_type:package AND +(id:"a")')
    assert len(index.documents) == 2
    index.delete('+state:active AND +(id:"a" OR name:"a") AND +site_id:"sandbox"')
    assert found(index, "*:*") == ["b"]
    with pytest.raises(QuerySyntaxError, match="index_id"):
        index.add([{"id": "no index id"}])


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    doc = document(DOCUMENTS[0])
    assert score(parse_words(text, fields="title text", minimum="1"), doc) >= 0
    with suppress(QuerySyntaxError):
        assert score(parse(text), doc) >= 0


def test_folding():
    assert fold("Đồng Tháp") == "dong thap"


def test_over_http():
    running = server(0)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{running.server_address[1]}/solr/ckan"

    def ask(path, body=None, kind="application/json"):
        request = urllib.request.Request(base + path, data=body, headers={"Content-Type": kind})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read().decode()

    try:
        assert 'name="ckan-2.12"' in ask("/schema?wt=schema.xml")
        ask("/update?commit=true", json.dumps(DOCUMENTS).encode())
        assert json.loads(ask("/select?" + urlencode({"q": "title:sởi"})))["response"]["numFound"] == 1
        ask("/update", b"<delete><query>*:*</query></delete>", "text/xml")
        form = urlencode({"q": "*:*"}).encode()
        assert (
            json.loads(ask("/select", form, "application/x-www-form-urlencoded"))["response"]["numFound"] == 0
        )
        with pytest.raises(HTTPError) as refused:
            ask("/select?" + urlencode({"q": "(a"}))
        assert refused.value.code == 400
        assert "Cannot parse" in refused.value.read().decode()
        refused.value.close()
        with pytest.raises(HTTPError) as missing:
            ask("/nothing")
        missing.value.close()
    finally:
        running.shutdown()
        running.server_close()
        thread.join()

"""The verdict: fails closed, leaks nothing, needs no network, is bound to the content."""

import logging
import random
import socket
import subprocess
import sys

import polars as pl
import pytest

import anonymize
from anonymize.errors import ScanError
from anonymize.pii import engine, lexicon, scan
from tests.anonymize.pii import labelled

SECRETS = [
    "Nguyễn Thị Bí Mật",
    "079184012345",
    "bi.mat@example.org",
    "0912345670",
    "DN4790123456789",
    "07/03/1984",
]


def test_notes_reach_the_published_figures() -> None:
    notes = labelled.notes(random.Random(2026), 20)
    hits = {text: not scan(text).ok for _, text in notes}
    flagged = [entity for entity, text in notes if hits[text]]
    labelled_ones = [entity for entity, _ in notes if entity]
    numeric = [hits[text] for entity, text in notes if entity not in (None, "PERSON")]
    assert sum(e is not None for e in flagged) >= 0.95 * len(labelled_ones)
    assert sum(e is not None for e in flagged) >= 0.97 * len(flagged)
    assert sum(numeric) >= 0.99 * len(numeric)


@pytest.fixture
def fresh():
    engine.ready.cache_clear()
    lexicon.lexicon.cache_clear()
    yield
    engine.ready.cache_clear()
    lexicon.lexicon.cache_clear()


@pytest.mark.parametrize("entity", engine.ENTITIES)
def test_a_recogniser_that_misses_its_canary_stops_the_scan(fresh, monkeypatch, entity: str) -> None:
    monkeypatch.setitem(engine.CANARIES, entity, "nothing here")
    with pytest.raises(ScanError, match=f"self-test: {entity}"):
        scan("an ordinary title")


def test_a_recogniser_that_sees_people_everywhere_stops_the_scan(fresh, monkeypatch) -> None:
    monkeypatch.setattr(engine, "HARMLESS", ("Nguyễn Văn An",))
    with pytest.raises(ScanError, match="HARMLESS"):
        scan("an ordinary title")


def test_an_unknown_entity_stops_the_scan(fresh, monkeypatch) -> None:
    monkeypatch.setattr(engine, "ENTITIES", (*engine.ENTITIES, "BLOOD_TYPE"))
    with pytest.raises(ScanError, match="BLOOD_TYPE"):
        scan("an ordinary title")


def test_a_missing_word_list_stops_the_scan(fresh, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(lexicon, "files", lambda package: tmp_path)
    with pytest.raises(ScanError, match="word list"):
        scan("an ordinary title")


def test_a_regex_timeout_stops_the_scan(monkeypatch) -> None:
    engine.ready()
    monkeypatch.setattr(engine, "TIMEOUT", 1e-9)
    with pytest.raises(ScanError):
        scan(" ".join(SECRETS) * 500)


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_a_warning_of_presidio_stops_the_scan(monkeypatch, level: int) -> None:
    real = engine.analyse

    def warned(*args, **options):
        logging.getLogger("presidio-analyzer").log(level, "skipped")
        return real(*args, **options)

    engine.ready()
    monkeypatch.setattr(engine, "analyse", warned)
    with pytest.raises(ScanError, match="presidio"):
        scan("an ordinary title")


def test_any_exception_stops_the_scan_without_its_message(monkeypatch) -> None:
    def broken(text: str):
        raise RuntimeError(text)

    engine.ready()
    monkeypatch.setattr(engine, "find_names", broken)
    with pytest.raises(ScanError) as caught:
        scan(SECRETS[0])
    assert SECRETS[0] not in f"{caught.value!r} {caught.value} {caught.value.problems}"


def test_nothing_shows_a_value(caplog, capsys) -> None:
    caplog.set_level(logging.DEBUG)
    frame = pl.DataFrame({"x1": SECRETS, "x2": ["a"] * 6})
    for verdict in (scan(frame), scan(SECRETS), scan("; ".join(SECRETS), allow=[SECRETS[2]])):
        shown = f"{verdict!r} {verdict} {verdict.summary()} {verdict.summary('en')} {verdict.findings} {verdict.waived}"
        shown += caplog.text + "".join(capsys.readouterr())
        assert not verdict.ok
        for secret in SECRETS:
            assert not any(piece in shown for piece in (secret, secret[:6], secret[-4:]))


def test_no_socket_is_opened(fresh, monkeypatch) -> None:
    def blocked(*args, **options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", blocked)
    monkeypatch.setattr(socket, "getaddrinfo", blocked)
    assert not scan(SECRETS).ok


def test_presidio_is_not_imported_before_a_scan() -> None:
    code = "import sys, anonymize, anonymize.pii; sys.exit('presidio_analyzer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_declared_contact_texts_are_waived_and_reported() -> None:
    notes = [
        ("entry.contact.email", "data@example.org"),
        ("entry.notes.vi", "Hỏi: data@example.org, ĐT 0912345670"),
    ]
    assert {f.entity for f in scan(notes).findings} == {"EMAIL", "PHONE"}
    verdict = scan(notes, allow=["data@example.org"])
    assert [(f.place, f.entity) for f in verdict.findings] == [("entry.notes.vi", "PHONE")]
    assert [w.finding.place for w in verdict.waived] == ["entry.contact.email", "entry.notes.vi"]


def test_the_digest_is_bound_to_content_and_options() -> None:
    frame = pl.DataFrame({"a": ["x", None], "b": [1, 2]})
    digests = [
        scan(frame).digest,
        scan(frame.with_columns(a=pl.Series(["x", ""]))).digest,
        scan(frame.rename({"a": "c"})).digest,
        scan(frame, codes={"a": ["x"]}).digest,
        scan(frame, counts=["b"]).digest,
        scan(frame, allow=["x"]).digest,
        scan(frame.cast({"b": pl.Int32})).digest,
    ]
    assert len(set(digests)) == len(digests)
    assert scan(frame.clone()).digest == digests[0]


def test_shapes_of_input() -> None:
    assert scan("tiêu đề", place="entry.title.vi").ok
    assert [f.place for f in scan(["tốt", "Nguyễn Văn An"], place="tags").findings] == ["tags[1]"]
    assert [f.place for f in scan(pl.Series(["Nguyễn Văn An"]), place="x1").findings] == ["x1"]
    assert scan([]).ok
    assert scan(pl.DataFrame()).ok
    assert anonymize.scan("tiêu đề").ok

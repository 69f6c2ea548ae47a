"""Many writers at once, readers among them, and writers that are killed."""

import multiprocessing
import os
import random
import signal
import threading
import time

import pytest

from opendata import ledger, workspace
from opendata.errors import SpecError
from opendata.ledger import Entry
from tests.opendata.ledger.conftest import write

CONTEXT = multiprocessing.get_context("fork")
BATCH = 5


def append(folder, count):
    book = ledger.open_ledger(workspace.find(folder))
    for number in range(count):
        write(book, "run", facts={"number": number})


def append_batches(folder):
    book = ledger.open_ledger(workspace.find(folder))
    while True:
        write(book, *["run"] * BATCH)


def in_processes(place, count, each):
    workers = [CONTEXT.Process(target=append, args=(place.root, each)) for _ in range(count)]
    for worker in workers:
        worker.start()
    return workers


def test_many_processes_write_one_chain(place, book):
    workers = in_processes(place, 4, 25)
    while any(worker.is_alive() for worker in workers):
        assert book.check() == []  # nobody who reads is ever told that something is wrong
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert len(book.events()) == 100
    assert book.check() == []


def test_many_threads_write_one_chain(place, book):
    threads = [threading.Thread(target=append, args=(place.root, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.events()) == 40
    assert book.check() == []


def test_a_reader_does_not_wait_for_a_writer(book):
    write(book, "built")
    with book.writing() as writer:
        writer.append(Entry("run"))
        before = time.monotonic()
        assert len(book.events()) == 1
        assert time.monotonic() - before < 5
    assert len(book.events()) == 2


def test_what_a_writer_reads_stays_true_until_it_has_written(book):
    """Two who both find that something is not there yet: only one of them writes it."""

    def once():
        with book.writing() as writer:
            if not any(event.kind == "published" for event in writer.events()):
                time.sleep(0.05)
                writer.append(Entry("published"))

    threads = [threading.Thread(target=once) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.events()) == 1


def test_whoever_waits_too_long_is_told(book, monkeypatch):
    from opendata.ledger import schema

    write(book, "built")
    monkeypatch.setattr(schema, "_PATIENCE", 1)
    with book.writing(), pytest.raises(SpecError), book.writing():
        pass
    write(book, "submitted")


@pytest.mark.parametrize("kills", [4, pytest.param(60, marks=pytest.mark.nightly)])
def test_killed_writers_leave_the_chain_whole(place, book, kills):
    chance = random.Random(7)
    for _ in range(kills):
        worker = CONTEXT.Process(target=append_batches, args=(place.root,))
        worker.start()
        time.sleep(chance.uniform(0.05, 0.4))
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert book.check() == []
        assert len(book.events()) % BATCH == 0
    write(book, "built")
    assert book.check() == []

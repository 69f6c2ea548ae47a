"""Two publishers and a scheduler at once, in one workspace, against a real CKAN: is anything lost, stuck, or torn?

    python benchmarks/publishers.py [--seconds 300] [--folder DIR]

Each publisher is a process that makes, submits, has approved and publishes a version after another, of a dataset of its
own and of one that both share; the scheduler is `opendata run --due`, again and again, of a dataset that is due every
day. Prints a Markdown table, and ends with an error when an update was lost, a process was stuck, or the ledger's chain
is not whole.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from opendata import approvals, ledger, pipeline, sandbox
from opendata import workspace as workspaces
from opendata.approvals import Office
from opendata.datasets import Dataset
from opendata.errors import OpendataError
from opendata.portal import Portal
from opendata.release import Release, versions
from opendata.schedule import dues
from opendata.workspace import Workspace

PEOPLE = {"thong-ke": "author", "kiem-duyet-1": "approver", "kiem-duyet-2": "approver", "lich": "scheduler"}
OWN, SHARED, DAILY = ("first", "second"), "shared", "daily"
STUCK = 120.0  # seconds without any publication of a process
FIRST = date(2026, 2, 10)


def labels(text: str) -> dict[str, str]:
    """The same text in both languages."""
    return {"vi": text, "en": text}


def spec(id: str, **more: Any) -> dict[str, Any]:
    """A tiny dataset: counts by sex and month."""
    entry = {
        "title": labels(f"Synthetic counts {id}"),
        "description": labels("Synthetic figures."),
        "keywords": [labels("synthetic")],
        "publisher": {"name": {"vi": "Bộ Y tế", "en": "Ministry of Health"}},
        "contact": {"name": labels("Open data office"), "email": "opendata@example.org"},
        "groups": [1],
        "category": "2a",
        "data_class": "ordinary",
        "access": "open",
        "legal_basis": ["decree-102-2025/10.2.c"],
        "evidence": [
            {"kind": "owner_consent", "holder": labels("Office"), "number": "01", "date": "2026-01-05"}
        ],
        "frequency": more.pop("frequency", "MONTHLY"),
        "temporal": {"start": "2000-01-01", "end": "2026-01-31"},
        "issued": str(FIRST),
        "licence": "terms-art43-law-20-2023",
    }
    columns = [{"name": "sex", "codes": "sex"}, {"name": "month"}, {"name": f"n_{id}", "type": "count"}]
    table = {
        "dimensions": {
            "sex": {"label": labels("Sex"), "codes": "sex"},
            "month": {"label": labels("Month"), "calendar": "months"},
        },
        "measures": {f"n_{id}": {"label": labels("Count"), "unit": labels("cases")}},
    }
    source = {"kind": "csv", "files": [{"path": f"data/{id}.csv"}], "columns": columns}
    protection = {"rules": [{"kind": "small_count", "threshold": 5}], "zeros": "published"}
    publication = {"organization": "bo-y-te"}
    return {"entry": entry, "source": source, "table": table, "protection": protection} | {
        "publication": publication,
        **more,
    }


def months(count: int) -> Iterator[str]:
    """The first months from 2000 on."""
    for number in range(count):
        yield f"{2000 + number // 12}-{number % 12 + 1:02}"


def deliver(root: Path, id: str, listed: list[str]) -> None:
    """Put an extract in its place at once, as a careful office does."""
    rows = [
        f"{sex},{month},{500 + 7 * len(month) + int(month[5:])}" for month in listed for sex in ("F", "M")
    ]
    target = root / "data" / f"{id}.csv"
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_text("\n".join([f"sex,month,n_{id}", *rows]) + "\n", encoding="utf-8")
    draft.replace(target)


def prepare(folder: Path) -> Workspace:
    """The workspace, its people, its datasets; a first daily version, returned, shows what is approved beforehand."""
    made = workspaces.init(folder / "office")
    for id in (*OWN, SHARED):
        made.spec_path(id).write_text(yaml.safe_dump(spec(id), allow_unicode=True), encoding="utf-8")
    daily = spec(DAILY, frequency="DAILY", schedule={"from": str(FIRST)})
    made.spec_path(DAILY).write_text(yaml.safe_dump(daily, allow_unicode=True), encoding="utf-8")
    for id, role in PEOPLE.items():
        approvals.add_person(
            workspaces.find(made.root), approvals.new_key(folder / "keys", id), Office((role,))
        )
    found = workspaces.find(made.root)
    deliver(made.root, DAILY, [f"2026-{month:02}" for month in range(1, 13)])
    declared = found.spec(DAILY)
    if declared.schedule is None:
        raise AssertionError(DAILY)
    due = next(dues(declared.schedule, declared.entry.frequency))
    release, _ = pipeline.make(Dataset(DAILY, declared.at(due), found))
    approvals.submit(release, key(folder, "thong-ke"), why="Looked at")
    for who in ("kiem-duyet-1", "kiem-duyet-2"):
        until = date.today() + timedelta(days=300)
        approvals.approve_standing(release, key(folder, who), until=until)
    approvals.return_(release, key(folder, "kiem-duyet-1"), why="Incomplete")
    deliver(made.root, DAILY, [f"2026-{month:02}" for month in range(1, 13)] + ["2027-01"])
    return found


def key(folder: Path, who: str) -> approvals.Key:
    """The key of somebody."""
    return approvals.read_key(folder / "keys", who)


def publisher(folder: Path, own: str, ends: float) -> None:
    """Publish one version after another until the time is over; tell each on standard output."""
    workspace = workspaces.find(folder / "office")
    portal = Portal(os.environ["OPENDATA_PORTAL"], token=os.environ["OPENDATA_TOKEN"])
    turn = 0
    while time.time() < ends:
        id = (own, SHARED)[turn % 2]
        turn += 1
        began = time.time()
        try:
            release = one(folder, workspace, portal, id)
            said = {"id": id, "version": release.version, "seconds": time.time() - began}
        except OpendataError as refused:
            said = {"id": id, "refused": refused.exit_code, "seconds": time.time() - began}
            said["why"] = refused.problems[0].what.en if refused.problems else ""
        print(json.dumps(said), flush=True)


def one(folder: Path, workspace: Workspace, portal: Portal, id: str) -> Release:
    """The next version of a dataset, from its extract to the portal."""
    deliver(workspace.root, id, list(months(len(versions(workspace.root / "releases" / id)) + 1)))
    release, written = pipeline.build(id, workspace.root)
    if written:
        approvals.submit(release, key(folder, "thong-ke"), why="The next month")
        for who in ("kiem-duyet-1", "kiem-duyet-2"):
            approvals.approve(release, key(folder, who))
    portal.publish(release)
    return release


def scheduler(folder: Path, ends: float) -> None:
    """`opendata run --due` until the time is over, ended by SIGTERM in the middle of its work."""
    command = [
        sys.executable,
        "-m",
        "opendata.cli",
        "run",
        "--due",
        "--json",
        "--workspace",
        str(folder / "office"),
    ]
    while time.time() < ends:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
            try:
                out, _ = run.communicate(timeout=max(1.0, ends - time.time()))
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGTERM)
                out, _ = run.communicate()
        print(json.dumps({"exit_code": run.returncode, "said": out[-2000:]}), flush=True)


def measure(folder: Path, seconds: float) -> list[str]:
    """Run all three; gives what is wrong."""
    ends = time.time() + seconds
    roles = [["publisher", own] for own in OWN] + [["scheduler", DAILY]]
    logs = [folder / f"{role[1]}.log" for role in roles]
    started = []
    for role, log in zip(roles, logs, strict=True):
        command = [sys.executable, __file__, "--role", *role, "--folder", str(folder), "--ends", str(ends)]
        with log.open("w") as out, log.with_suffix(".err").open("w") as err:
            started.append(subprocess.Popen(command, stdout=out, stderr=err))
    late = []
    for process, role in zip(started, roles, strict=True):
        try:
            process.wait(timeout=max(1.0, ends - time.time()) + STUCK)
        except subprocess.TimeoutExpired:
            process.kill()
            late.append(f"{role[1]} did not end within {STUCK:g} s of its time")
    return late + report(folder, logs, seconds)


def finish(folder: Path) -> None:
    """What was interrupted is completed, and nothing more: the calendar ends with the last version that was made."""
    workspace = workspaces.find(folder / "office")
    home = workspace.root / "releases" / DAILY
    last = max(Release(home / v, DAILY, v).manifest["released"] for v in versions(home))
    path = workspace.spec_path(DAILY)
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    said["schedule"]["until"] = last
    path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    command = [sys.executable, "-m", "opendata.cli", "run", "--due", "--workspace", str(workspace.root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def report(folder: Path, logs: list[Path], seconds: float) -> list[str]:
    """Print what was done; gives what is wrong."""
    finish(folder)
    workspace, wrong = workspaces.find(folder / "office"), []
    book, portal = ledger.open_ledger(workspace), Portal(os.environ["OPENDATA_PORTAL"])
    wrong += [f"{problem.where}: {problem.what.en}" for problem in book.check()]
    events = book.events()
    print(f"{seconds:g} s, {len(events)} events in the ledger, chain {'broken' if wrong else 'whole'}\n")
    print("| dataset | published | by hand, refused | longest pause s |\n|---|---|---|---|")
    told = [json.loads(line) for log in logs[: len(OWN)] for line in log.read_text().splitlines()]
    for id in (*OWN, SHARED, DAILY):
        out = [event for event in events if (event.dataset, event.kind) == (id, "published")]
        there = portal.versions(id)
        if [event.version for event in out] != there or len(set(there)) != len(there):
            wrong.append(f"{id}: the portal has {there}, the ledger {[event.version for event in out]}")
        wrong += torn(workspace, portal, id, there)
        promised = {one["version"] for one in told if one["id"] == id and "version" in one}
        if not promised <= set(there):
            wrong.append(f"{id}: lost {sorted(promised - set(there))}")
        refused = [one for one in told if one["id"] == id and "refused" in one]
        times = [event.at.timestamp() for event in out]
        pause = max((b - a for a, b in pairwise(times)), default=seconds)
        if pause > STUCK:
            wrong.append(f"{id}: nothing for {pause:.0f} s")
        print(f"| {id} | {len(out)} | {len(refused)} | {pause:.1f} |")
    reasons = sorted({f"exit {one['refused']}: {one['why']}" for one in told if "refused" in one})
    print("\n" + "\n".join(f"- {reason}" for reason in reasons))
    return wrong


def torn(workspace: Workspace, portal: Portal, id: str, there: list[str]) -> list[str]:
    """Versions of which the portal has not exactly the files."""
    found = []
    for version in there:
        release = Release.open(workspace.root / "releases" / id / version)
        sent = sorted(path.name for path in release.directory.iterdir())
        if sorted(file.name for file in portal.files(id, version)) != sent:
            found.append(f"{id} {version}: not the files of the release")
    return found


def main() -> None:
    """Measure, or be one of the three."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--role", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--ends", type=float, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.role:
        work = publisher if asked.role[0] == "publisher" else None
        if work:
            work(asked.folder, asked.role[1], asked.ends)
        else:
            scheduler(asked.folder, asked.ends)
        return
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="ytemo-publishers-"))
    folder.mkdir(parents=True, exist_ok=True)
    site = sandbox.up(folder / "sandbox")
    os.environ |= {
        "OPENDATA_PORTAL": site.url,
        "OPENDATA_TOKEN": site.token,
        "OPENDATA_KEYS": str(folder / "lich"),
    }
    try:
        prepare(folder)
        (folder / "lich").mkdir(mode=0o700)
        shutil.copy2(folder / "keys" / "lich.pem", folder / "lich")
        wrong = measure(folder, asked.seconds)
    finally:
        sandbox.remove(folder / "sandbox")
        if asked.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(f"✗ {one}" for one in wrong) or "Nothing lost, nothing stuck, nothing torn.")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()

"""The pages of the site and its machine-readable files, as texts by their paths."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import jinja2

import catalog
from catalog.annexes import Registers
from catalog.corrections import counted_until
from catalog.frequencies import cycles
from catalog.law import groups
from catalog.quality import SCORE_DEFINITION
from catalog.registertables import REGISTERS, RegisterName
from catalog.tabular import DATA_FORMATS
from opendata import words
from opendata.registerentries import DESCRIPTIONS, NOTES
from opendata.registerviews import owners, states, view
from opendata.schedule import calendar, ics
from opendata.schedule.moments import local
from opendata.site import gone
from opendata.site.exploring import explorable, facts
from opendata.site.gone import Gone, Lost
from opendata.site.reading import Shown
from opendata.templating import text
from opendata.withdrawal import Tombstone

FIRST = 50  # datasets on the start page before anybody has searched
Page = tuple[str, str]  # path in the site and text
Site = Mapping[str, Sequence[Shown]]  # dataset id -> versions, newest first


@dataclass(frozen=True, slots=True)
class Row:
    """A dataset in a list.

    Attributes:
        id: Its id.
        version: The newest version.
        day: When that one was released.
        title: Its title.
        publisher: Who publishes it.
        words: Its keywords in both languages.
        groups: Groups of Article 5, Decree 102/2025.
    """

    id: str
    version: str
    day: str
    title: catalog.Labels
    publisher: catalog.Labels
    words: str
    groups: tuple[int, ...]


def lists(
    about: catalog.Catalog, site: Site, *, planned: bool = False, lost: Lost | None = None
) -> Iterator[Page]:
    """The start page with its search, and the list of all datasets for readers without scripts.

    Args:
        about: The catalogue.
        site: What it shows.
        planned: Whether there is a release calendar.
        lost: What was withdrawn.
    """
    rows = sorted((_row(versions[0].edition) for versions in site.values()), key=lambda row: row.id)
    rows.sort(key=lambda row: row.day, reverse=True)
    yield "index.html", _start(about, rows, planned=planned)
    stones = [one.stone for taken in (lost or {}).values() for one in taken]
    yield "all.html", _render("all.html", about, "", entries=rows, stones=stones)


def dataset(
    about: catalog.Catalog,
    name: str,
    versions: Sequence[Shown],
    *,
    databases: Collection[str] = (),
    lost: Sequence[Gone] = (),
) -> Iterator[Page]:
    """The pages of one dataset, and the descriptions of its files that stand beside them.

    Args:
        about: The catalogue.
        name: The dataset's id.
        versions: Its versions, newest first.
        databases: Ids of the databases that have a place on the page of their register.
        lost: Its versions that were withdrawn, newest first.
    """
    for shown in versions:
        edition = placed(shown.edition, about, f"{shown.edition.version}/")
        drawn = [(name, name in databases) for name in edition.entry.databases]
        context = ([one.edition for one in versions], drawn, [one.stone for one in lost])
        page = _version(about, shown, edition, context)
        if shown is versions[0]:
            yield f"datasets/{name}/index.html", page
        path = f"datasets/{name}/{edition.version}"
        yield f"{path}.html", page
        if explorable(shown.edition):
            yield (
                f"{path}.explore.html",
                _render("explore/explore.html", about, "../../", **facts(shown.edition)),
            )
        yield f"{path}.csv-metadata.json", catalog.csvw(edition)
        yield f"{path}.croissant.json", catalog.croissant(edition)
    yield from withdrawn(about, name, lost, versions=[one.edition.version for one in versions])
    yield f"datasets/{name}/versions.json", _versions(name, versions, lost)


def withdrawn(
    about: catalog.Catalog, name: str, lost: Sequence[Gone], *, versions: Sequence[str]
) -> Iterator[Page]:
    """The pages of versions that were withdrawn, and of a dataset of which nothing else is left.

    Args:
        about: The catalogue.
        name: The dataset's id.
        lost: The versions that were withdrawn, newest first.
        versions: Those that are out, newest first.
    """
    for one in lost:
        page = _render("withdrawn.html", about, "../../", **gone.facts(one.stone, versions))
        if one is lost[0] and not versions:
            yield f"datasets/{name}/index.html", page
        yield f"datasets/{name}/{one.stone.version}.html", page
        yield from gone.files(one.stone)


def registers(
    about: catalog.Catalog, site: Site, found: Registers, ids: Mapping[RegisterName, str]
) -> Iterator[Page]:
    """A page for each register, as it stands on its day.

    Args:
        about: The catalogue.
        site: What it shows; datasets that are not on it are named without a link.
        found: The registers.
        ids: Register -> id of the dataset under which it is released.
    """
    views = [view(register, found) for register in REGISTERS]
    for shown in views:
        release = ids[shown.register]
        yield (
            f"registers/{shown.register}.html",
            _render(
                "register.html",
                about,
                "../",
                view=shown,
                views=views,
                until=words.day(counted_until(found.today) if shown.register == "notices" else found.today),
                description=DESCRIPTIONS[shown.register],
                notes=NOTES.get(shown.register),
                owners=owners(found) if shown.register == "open-data" else (),
                states=states(),
                datasets=site,
                databases=found.databases,
                release=release if release in site else None,
            ),
        )


def planned(
    about: catalog.Catalog, site: Site, rows: Sequence[calendar.Row], *, now: datetime
) -> Iterator[Page]:
    """The release calendar: a page, for machines, and for the calendar programs of readers; none without rows.

    Args:
        about: The catalogue.
        site: What it shows.
        rows: The calendar.
        now: Its moment.
    """
    if not rows:
        return
    shown = {name: {one.edition.version for one in versions} for name, versions in site.items()}
    said = {"rows": rows, "shown": shown, "words": ics.words, "until": words.day(local(now))}
    yield "calendar.html", _render("calendar.html", about, "", **said)
    yield "calendar.json", calendar.as_json(rows, now=now)
    yield "calendar.ics", ics.render(rows, now=now, site=about.url)


def harvested(about: catalog.Catalog, site: Site, lost: Lost | None = None) -> Iterator[Page]:
    """The catalogue in Turtle and in JSON-LD; with what was withdrawn."""
    taken = {name: gone.listed(one) for name, one in (lost or {}).items()}
    listed = [
        catalog.Listed(
            tuple(
                placed(one.edition, about, f"datasets/{name}/{one.edition.version}/")
                for one in site.get(name, ())
            ),
            f"{f'{about.url}/' if about.url else ''}datasets/{name}/index.html",
            tuple(replace(one, edition=placed(one.edition, about, "")) for one in taken.get(name, ())),
        )
        for name in sorted({*site, *(name for name, one in taken.items() if one)})
    ]
    turtle, jsonld = catalog.catalog_rdf(about, listed)
    yield "catalog.ttl", turtle
    yield "catalog.jsonld", jsonld


def placed(edition: catalog.Edition, about: catalog.Catalog, folder: str) -> catalog.Edition:
    """A version whose files are found on the site: by absolute addresses, or in a folder from where it is described."""
    if about.url:
        return replace(edition, base=f"{about.url}/datasets")
    return replace(edition, files=tuple(replace(f, name=f"{folder}{f.name}") for f in edition.files))


def _versions(name: str, shown: Sequence[Shown], lost: Sequence[Gone]) -> str:
    """Which version is the latest, which was on a day and which was withdrawn, for programs: versions newest first."""
    released = [
        {"version": one.edition.version, "released": one.edition.released.isoformat()} for one in shown
    ]
    taken = [
        {
            "version": one.stone.version,
            "withdrawn": one.stone.day.isoformat(),
            "successor": one.stone.successor,
        }
        for one in lost
    ]
    latest = released[0]["version"] if released else None
    found = {"id": name, "latest": latest, "versions": released} | ({"withdrawn": taken} if taken else {})
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _row(edition: catalog.Edition) -> Row:
    entry = edition.entry
    return Row(
        edition.id,
        edition.version,
        edition.released.isoformat(),
        entry.title,
        entry.publisher.name,
        " ".join(dict.fromkeys(word for k in entry.keywords for word in (k.vi, k.en))),
        entry.groups,
    )


def _start(about: catalog.Catalog, rows: Sequence[Row], *, planned: bool) -> str:
    used = {group for row in rows for group in row.groups}
    return _render(
        "index.html",
        about,
        "",
        count=words.count(len(rows)),
        first=rows[:FIRST],
        groups=[group for number, group in groups().items() if number in used],
        index=_index(rows),
        planned=planned,
    )


def _index(rows: Sequence[Row]) -> str:
    """What the search of the start page reads: texts as they are shown, folded by the script."""
    agents = {row.publisher: number for number, row in enumerate({r.publisher: r for r in rows}.values())}
    listed = [
        [r.id, r.version, r.day, r.title.vi, r.title.en, agents[r.publisher], r.words, r.groups] for r in rows
    ]
    index = {"agents": [[agent.vi, agent.en] for agent in agents], "rows": listed}
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _version(
    about: catalog.Catalog,
    shown: Shown,
    edition: catalog.Edition,
    context: tuple[Sequence[catalog.Edition], Sequence[tuple[str, bool]], Sequence[Tombstone]],
) -> str:
    entry, known, (versions, drawn, stones) = edition.entry, groups(), context
    return _render(
        "version.html",
        about,
        "../../",
        edition=edition,
        entry=entry,
        folder=edition.version,
        files=sorted(map(_file, shown.edition.files), key=lambda file: not file["data"]),
        newest=versions[0].version,
        versions=versions,
        stones=stones,
        drawn=drawn,
        chart=shown.chart,
        explorable=explorable(edition),
        conditions=[words.point(name) for name in shown.conditions],
        suppression=words.suppressed(shown.suppression, {c.name: c.labels for c in shown.edition.columns}),
        score=catalog.score(edition.quality),
        score_definition=SCORE_DEFINITION,
        quality=words.quality(edition.quality),
        frequency=cycles()[entry.frequency].labels,
        legal_basis=[catalog.citation(name) for name in entry.legal_basis],
        groups=[known[number] for number in entry.groups],
        licence=catalog.licences()[entry.licence],
        reference=catalog.reference(edition),
        schema_org=catalog.schema_org(edition),
    )


def _file(file: catalog.File) -> dict[str, object]:
    return asdict(file) | {"size": words.size(file.size), "data": file.media_type in DATA_FORMATS}


def _render(template: str, about: catalog.Catalog, root: str, **facts: Any) -> str:
    return _templates().get_template(template).render(about=about, root=root, day=words.day, **facts)


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("opendata", "templates/site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = text("site/site.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # Nothing is fetched, from this server or another, and no script runs but this one.
    script_of_pages = f"'sha256-{digest}'"
    rest = "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    made.globals |= {
        "script": script,
        "style": text("site/site.css"),
        "policy": f"default-src 'none'; script-src {script_of_pages}; {rest}",
        # The explorer also runs the site's own files and fetches its data, still from nowhere else. They are not named
        # by their digests: a page in a folder has no origin, and browsers then refuse every file that is so named.
        "explorer_policy": f"default-src 'none'; script-src {script_of_pages} 'self'; connect-src 'self'; {rest}",
    }
    return made

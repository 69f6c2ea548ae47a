"""The word lists of the name recogniser, read from the package once; a missing or thin list stops the scan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from anonymize.errors import Problem, ScanError, Text
from anonymize.pii.text import fold, normalise, syllable

_MINIMUM = {
    "surnames": {
        "strong": 80,
        "common": 20,
        "weak": 120,
        "hmong": 20,
        "highland": 20,
        "clan": 40,
        "sure": 3,
        "sure plain": 8,
        "ambiguous": 10,
    },
    "syllables": {"marker": 2, "name": 450, "prose": 20},
    "foreign": {"first": 1000, "family": 1000, "asian": 30, "heading": 50},
    "places": {"place": 200, "figure": 100, "ward": 200},
    "cues": {"AMOUNT": 40, "COHORT": 15, "PERSONAL_ID": 10},
    "columns": {"field": 200, "aggregate": 20, "facility": 15},
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that make and unmake a person's name; each as spelled (`syllable`) and folded.

    Attributes:
        strong: Surnames that are rarely anything else.
        common: Frequent surnames among the weak ones.
        weak: Surnames that are everyday words too.
        names: Middle and given syllables.
        hmong: Surnames after which the word A is a marker like "Thị".
        highland: Surnames of the Central Highlands, written last.
        clan: Surnames that are nothing else: any capitalised words may follow.
        sure: Surnames even in lower case.
        prose: Lower-case words that follow "thị" or "văn" in ordinary prose.
        foreign: Folded first names of other languages.
        family: Folded family names of other languages.
        asian: Folded East Asian surnames, written first.
        headings: Folded words that follow "patient" or "Dr" in headings.
        places: Names of places that look like people, as spelled.
        figures: Folded names of historical figures after whom institutions are named.
        wards: Folded names of wards, communes and districts that look like people, those of figures among them.

    The fields that end in `_plain` hold the same words without diacritics.
    """

    strong: frozenset[str]
    common: frozenset[str]
    weak: frozenset[str]
    names: frozenset[str]
    strong_plain: frozenset[str]
    common_plain: frozenset[str]
    weak_plain: frozenset[str]
    names_plain: frozenset[str]
    hmong: frozenset[str]
    highland: frozenset[str]
    clan: frozenset[str]
    sure: frozenset[str]
    sure_plain: frozenset[str]
    prose: frozenset[str]
    foreign: frozenset[str]
    family: frozenset[str]
    asian: frozenset[str]
    headings: frozenset[str]
    places: frozenset[str]
    places_plain: frozenset[str]
    figures: frozenset[str]
    wards: frozenset[str]


def sections(name: str) -> dict[str, list[str]]:
    """One word list, by section.

    Args:
        name: The list's file name without suffix.

    Returns:
        Section -> entries; entries are separated by spaces, or by semicolons where they have several words.

    Raises:
        ScanError: If the list is missing, unreadable or thinner than it must be.
    """
    try:
        raw = normalise((files("anonymize.pii") / "lexicon" / f"{name}.txt").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise _broken(name) from None
    found: dict[str, list[str]] = {}
    for line in raw.splitlines():
        if line.startswith("["):
            entries = found.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            entries += [word.strip() for word in (line.split(";") if ";" in line else line.split())]
    if any(len(found.get(part, ())) < least for part, least in _MINIMUM[name].items()):
        raise _broken(name)
    return found


def _broken(name: str) -> ScanError:
    what = Text("Thiếu hoặc hỏng danh mục từ của bộ quét.", "A word list of the scan is missing or damaged.")
    remedy = Text("Cài lại gói ytemo.", "Reinstall the package ytemo.")
    return ScanError([Problem(f"anonymize/pii/lexicon/{name}.txt", what, remedy)])


def _spelled(phrase: str) -> str:
    return " ".join(map(syllable, phrase.split()))


def _words(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(map(syllable, entries))


def _plain(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _with_plain(entries: Iterable[str]) -> frozenset[str]:
    return _words(entries) | _plain(entries)


@cache
def lexicon() -> Lexicon:
    """The whole lexicon.

    Returns:
        The word lists, read on first use.

    Raises:
        ScanError: If a list is missing, unreadable or thin.
    """
    surnames, syllables, places, foreign = map(sections, ("surnames", "syllables", "places", "foreign"))
    strong, common, weak = (_words(surnames[level]) for level in ("strong", "common", "weak"))
    names = _words(syllables["name"]) | strong | common | weak
    ambiguous = frozenset(surnames["ambiguous"])
    where = frozenset(_spelled(place) for place in places["place"])
    return Lexicon(
        strong=strong,
        common=common,
        weak=weak,
        names=names,
        strong_plain=_plain(strong) - ambiguous,
        common_plain=_plain(common) - ambiguous,
        weak_plain=_plain(weak) | ambiguous,
        names_plain=_plain(names),
        hmong=_with_plain(surnames["hmong"]),
        highland=_with_plain(surnames["highland"]),
        clan=_words(surnames["clan"]),
        sure=_words(surnames["sure"]),
        sure_plain=frozenset(surnames["sure plain"]),
        prose=_with_plain(syllables["prose"]),
        foreign=_plain(foreign["first"]),
        family=_plain(foreign["family"]),
        asian=_plain(foreign["asian"]),
        headings=_plain(foreign["heading"]),
        places=where,
        places_plain=_plain(where),
        figures=_plain(places["figure"]),
        wards=_plain([*places["figure"], *places["ward"]]),
    )

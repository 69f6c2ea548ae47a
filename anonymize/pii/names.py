"""Names of people in Vietnamese and English text: surname first, with and without diacritics, capitals, initials.

A match is graded by what it is made of; what stands around it (an honorific, the name of a hospital) is weighed by the
context enhancer. The lists are in `lexicon/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

import regex  # type: ignore[import-untyped, unused-ignore]

from anonymize.pii.lexicon import Lexicon, lexicon
from anonymize.pii.text import fold, syllable

_TOKEN = regex.compile(r"\p{Lu}\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Ll}+|\p{Lo}+")
_GAP = regex.compile(r" {1,3}|[-_.'’]|")
_GAP_INITIAL = regex.compile(r"\.? {0,2}|[-_'’]")
_HMONG_MIDDLE = {("a", "I"), ("seo", "T"), ("mi", "T"), ("seo", "U"), ("mi", "U")}
_MARKERS = {"văn", "thị", "van", "thi"}


class Span(NamedTuple):
    """A piece of a text and how sure it is."""

    start: int
    end: int
    score: float


class Token(NamedTuple):
    """One word: span, spelling of the lexicon, folded, and its case (T title, U upper, L lower, I initial, X other)."""

    start: int
    end: int
    word: str
    plain: str
    case: str


@dataclass(frozen=True, slots=True)
class Run:
    """A surname and the words that may belong to it."""

    head: Token
    tail: tuple[Token, ...]
    level: str
    exact: bool
    marker: bool
    known: int
    unknown: int
    initials: int
    isolated: bool


def find_names(text: str) -> list[Span]:
    """Names that begin with a Vietnamese surname, or end with one of the Central Highlands.

    Args:
        text: A normalised text.

    Returns:
        Spans with the score of the name itself, in order; places that look like people are left out.
    """
    words = lexicon()
    tokens = tokenise(text)
    found: list[Span] = []
    at = 0
    while at < len(tokens):
        span, step = _match(text, tokens, at, words)
        if span is not None:
            found.append(span)
        at += step
    return found


def tokenise(text: str) -> list[Token]:
    """The words of a text; CamelCase is taken apart.

    Args:
        text: A normalised text.

    Returns:
        Its words in order.
    """
    return [
        Token(m.start(), m.end(), syllable(m.group()), fold(m.group()), _case(m.group()))
        for m in _TOKEN.finditer(text)
    ]


def _case(word: str) -> str:
    if len(word) == 1:
        return "I" if word.isupper() else "L"
    if word.isupper():
        return "U"
    return "L" if word.islower() else "T" if word[0].isupper() else "X"


def _match(text: str, tokens: Sequence[Token], at: int, words: Lexicon) -> tuple[Span | None, int]:
    head = tokens[at]
    if (
        head.word in words.highland
        and at
        and tokens[at - 1].case in ("T", "I", head.case)
        and _adjacent(text, tokens[at - 1], head)
    ):
        return Span(tokens[at - 1].start, head.end, 0.7), 1
    if head.word in "hk" and (step := _prefixed(text, tokens, at, words)):
        return (Span(head.start, tokens[at + 1].end, 0.6), 2) if step == 1 else (None, 2)
    level, exact = _level(head, words)
    if not level or head.case not in "TUL":
        return None, 1
    follow = list(_follow(text, tokens, at))
    place = _place([head, *follow], words)
    run = _run(head, follow, (level, exact), words)
    if place and (level != "strong" or len(run.tail) < place):
        return None, place
    run = _isolate(run, text, tokens, at)
    score = _score(run, words)
    if not score:
        return None, 1
    last = run.tail[-1]
    end = last.end + (last.case == "I" and text.startswith(".", last.end))
    return Span(head.start, end, score), 1 + len(run.tail)


# Heads of the names of rivers, hills and villages, after which the particle belongs to a place: Ea H'Leo.
_WATERS = frozenset(
    [
        "ea",
        "ia",
        "đắk",
        "đăk",
        "dak",
        "đak",
        "đạ",
        "cư",
        "cu",
        "chư",
        "chu",
        "krông",
        "buôn",
        "plei",
        "kon",
        "suối",
        "thác",
        "núi",
    ]
)


def _prefixed(text: str, tokens: Sequence[Token], at: int, words: Lexicon) -> int:
    """Names of the Central Highlands with their particle, H'Lim and K'Brèo: 1 for a person, 2 for a place, else 0."""
    if at + 1 == len(tokens) or tokens[at + 1].case not in "TU":
        return 0
    head, given = tokens[at], tokens[at + 1]
    if text[head.end : given.start] not in ("'", "’") or head.case != "I":
        return 0
    place = _place([head, given], words) or (at and tokens[at - 1].word in _WATERS)
    return 2 if place else 1


def _level(head: Token, words: Lexicon) -> tuple[str, bool]:
    if head.word in words.clan:
        return "strong", True
    spelled = (("strong", words.strong), ("common", words.common), ("weak", words.weak))
    level = next((name for name, known in spelled if head.word in known), "")
    if level or not head.word.isascii():
        return level, True
    plain = (("strong", words.strong_plain), ("common", words.common_plain), ("weak", words.weak_plain))
    return next((name for name, known in plain if head.plain in known), ""), False


def _adjacent(text: str, left: Token, right: Token) -> bool:
    gap = _GAP_INITIAL if left.case == "I" or left.plain == "ng" else _GAP
    return gap.fullmatch(text, left.end, right.start) is not None


def _follow(text: str, tokens: Sequence[Token], at: int) -> Iterator[Token]:
    case = tokens[at].case
    for left, right, after in zip_longest(
        tokens[at : at + 5], tokens[at + 1 : at + 6], tokens[at + 2 : at + 7]
    ):
        if right is None or not _adjacent(text, left, right):
            return
        # Huỳnh thị Nở: only the marker may be small, and only before another capital.
        small = case == "T" and right.word in _MARKERS and after is not None and after.case == "T"
        if not (right.case in (case, "I") or small):
            return
        yield right


def _place(run: Sequence[Token], words: Lexicon) -> int:
    for size in range(min(4, len(run)), 1, -1):
        spelled = " ".join(token.word for token in run[:size])
        if spelled in words.places or (spelled.isascii() and spelled in words.places_plain):
            return size
    return 0


def _run(head: Token, follow: Sequence[Token], level: tuple[str, bool], words: Lexicon) -> Run:
    tail: list[Token] = []
    marker = False
    known = unknown = initials = 0
    plain_text = head.word.isascii()
    exact = level[1] and not (plain_text and follow and all(token.word.isascii() for token in follow))
    for token in follow:
        familiar = token.word in words.names or (
            plain_text and token.word.isascii() and token.plain in words.names_plain
        )
        if not tail and head.word in words.hmong and (token.plain, token.case) in _HMONG_MIDDLE:
            marker = True
        elif token.case == "I" or (len(token.word) == 1 and marker):
            initials += 1
        elif token.word in _MARKERS and not tail:
            marker = True
        elif familiar:
            known += 1
        elif (
            (marker and not known)
            or head.word in words.clan
            or (level == ("strong", True) and head.case == "T" and not plain_text)
        ):
            unknown += 1
        else:
            break
        tail.append(token)
    return Run(head, tuple(tail), level[0], exact, marker, known, unknown, initials, True)


def _isolate(run: Run, text: str, tokens: Sequence[Token], at: int) -> Run:
    """Whether the words around a run in capitals are of another case: BAO CAO ... is a heading, not a name."""
    end = at + len(run.tail)
    after = tokens[end + 1] if end + 1 < len(tokens) else None
    touching = after is not None and after.case == run.head.case and _adjacent(text, tokens[end], after)
    if not touching:
        return run
    return Run(
        run.head, run.tail, run.level, run.exact, run.marker, run.known, run.unknown, run.initials, False
    )


# (level, exact) -> score with a marker, with 2 or more known syllables, with 1, with 2 or more some of them unknown.
_TITLE = {
    ("strong", True): (0.9, 0.85, 0.65, 0.6),
    ("common", True): (0.85, 0.65, 0.4, 0.0),
    ("weak", True): (0.8, 0.5, 0.3, 0.0),
    ("strong", False): (0.85, 0.7, 0.5, 0.4),
    ("common", False): (0.8, 0.6, 0.35, 0.0),
    ("weak", False): (0.7, 0.45, 0.25, 0.0),
}


def _score(run: Run, words: Lexicon) -> float:
    size = run.known + run.unknown + run.initials
    if not run.tail or not size:
        return 0.0
    if run.head.case == "L":
        return _score_low(run, words)
    if run.head.word in words.clan:
        return 0.7
    marked, several, one, strange = _TITLE[run.level, run.exact]
    if run.marker:
        return marked
    if run.initials:
        return {"strong": 0.75, "common": 0.5, "weak": 0.4}[run.level] if size > 1 or _dotted(run) else 0.4
    if run.head.case == "U" and not run.exact and not run.isolated:
        return 0.3
    if run.known >= 2 and not run.unknown:
        return several
    if run.known == 1 and not run.unknown:
        return one if run.head.case == "T" else min(one, 0.6 if run.isolated else 0.5)
    return strange if size >= 2 else min(strange, 0.45)


def _dotted(run: Run) -> bool:
    return len(run.tail) > 1


def _score_low(run: Run, words: Lexicon) -> float:
    """Names typed in lower case: prose is full of look-alikes, so a marker or the surest surnames are needed."""
    typed = run.exact and run.head.word in words.sure
    if run.tail[0].word in _MARKERS and (
        len(run.tail) < 2 or (run.tail[1].word in words.prose and not typed)
    ):
        return 0.0
    sure = run.head.word in words.sure if run.exact else run.head.plain in words.sure_plain
    if run.marker:
        marked = {"strong": 0.75, "common": 0.6, "weak": 0.3}[run.level]
        return marked if run.exact else 0.6 if sure else 0.25
    if not sure:
        return 0.0
    return 0.65 if run.known >= 2 and (run.exact or run.head.plain == "nguyen") else 0.3

"""presidio-analyzer set up offline: our recognisers, our context enhancer, and a self-test that must pass before use.

presidio fails open (an unknown entity or a regex timeout is a log line). Here both raise `ScanError`. Nothing in this
module opens a socket or a file. It imports presidio, so it is imported only when a scan starts.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import regex  # type: ignore[import-untyped, unused-ignore]
from presidio_analyzer import (
    AnalyzerEngine,
    ContextAwareEnhancer,
    LocalRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from anonymize.errors import Problem, ScanError, Text
from anonymize.pii import cues
from anonymize.pii.canaries import CANARIES, HARMLESS
from anonymize.pii.foreign import find_called
from anonymize.pii.lexicon import lexicon
from anonymize.pii.names import find_names
from anonymize.pii.result import THRESHOLD, Hit
from anonymize.pii.shapes import ENTITIES, SHAPES, Shape
from anonymize.pii.text import fold

TIMEOUT = 5.0  # seconds for one pattern on one text
LANGUAGE = "vi"  # one pass: every recogniser and cue is Vietnamese and English at once
_LOGGER = logging.getLogger("presidio-analyzer")


class NoNlp(NlpEngine):
    """No language model: presidio asks for artifacts, we give it none."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Empty artifacts."""
        return NlpArtifacts([], [], [], [], None, language)  # type: ignore[arg-type]

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **kwargs: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Empty artifacts for each text."""
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        """None is."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """None is."""
        return False

    def get_supported_entities(self) -> list[str]:
        """None: our recognisers do all the work."""
        return []

    def get_supported_languages(self) -> list[str]:
        """The one pass."""
        return [LANGUAGE]


class ShapeRecognizer(LocalRecognizer):
    """All shapes of one entity, matched on the folded text; a timeout raises instead of being skipped."""

    def __init__(self, entity: str, shapes: Sequence[Shape]) -> None:
        self._shapes = [(shape, regex.compile(shape.pattern)) for shape in shapes]
        super().__init__(supported_entities=[entity], supported_language=LANGUAGE, name=f"shape:{entity}")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Spans of the entity with graded scores."""
        folded = fold(text)
        found = []
        for shape, pattern in self._shapes:
            for match in pattern.finditer(folded, timeout=TIMEOUT):
                start, end = match.span("v") if "v" in pattern.groupindex else match.span()
                score = shape.grade(text[start:end]) if shape.grade else shape.score
                found.append(_result(shape.entity, (start, end), score, self))
        return found


class PersonRecognizer(LocalRecognizer):
    """Names of people: surname first, called by an honorific, or announced by a label."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON"], supported_language=LANGUAGE, name="person")

    def load(self) -> None:
        """Reads the lexicon, so that a missing list stops the start-up."""
        lexicon()

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Spans of names with graded scores."""
        return [
            _result("PERSON", (s.start, s.end), s.score, self)
            for s in (*find_names(text), *find_called(text))
        ]


def _result(entity: str, span: tuple[int, int], score: float, by: Any) -> RecognizerResult:
    metadata = {
        RecognizerResult.RECOGNIZER_NAME_KEY: by.name,
        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: by.id,
    }
    return RecognizerResult(entity, *span, score, recognition_metadata=metadata)


class CueEnhancer(ContextAwareEnhancer):
    """Raises and lowers scores by the words around, on the folded text itself: there are no lemmas without a model."""

    def __init__(self) -> None:
        super().__init__(cues.BOOST, cues.FLOOR, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[Any],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """The results with the scores their surroundings give them."""
        folded = fold(text)
        outer = fold(" ".join(context or ()))
        for result in raw_results:
            person = result.entity_type == "PERSON"
            change = _weigh_name(text, folded, result) if person else _weigh(folded, result, outer)
            result.score = round(min(1.0, max(0.0, result.score + change)), 2)
        return raw_results


def _weigh(folded: str, result: RecognizerResult, outer: str) -> float:
    before, after = cues.around(folded, result.start, result.end, cues.WINDOW)
    entity, score = result.entity_type, float(result.score)
    change = 0.0
    if score >= 0.25 and (cues.speaks_for(entity, before) or (outer and cues.speaks_for(entity, outer))):
        change = max(cues.BOOST, cues.FLOOR - score)
    if entity in cues.NUMERIC and score < 0.8 and cues.amount(before, after):
        change -= cues.PENALTY
    if entity == "DATE_OF_BIRTH" and score < 0.8 and cues.cohort(before):
        change -= cues.PENALTY
    return change


def _weigh_name(text: str, folded: str, result: RecognizerResult) -> float:
    start, end = result.start, result.end
    _, after = cues.around(folded, start, end, cues.NAME_WINDOW)
    near, behind = cues.around(text, start, end, cues.NAME_WINDOW)
    near = near.lower()
    called = cues.BEFORE_NAME if near.isascii() else cues.BEFORE_NAME_WRITTEN
    if called.search(near) or cues.AFTER_NAME.search(behind):
        return max(cues.BOOST, cues.FLOOR - float(result.score))
    written, _ = cues.around(text, start, end, 80)
    if cues.BEFORE_INSTITUTION.search(written.lower()) or cues.AFTER_INSTITUTION.search(after):
        return -0.6
    if folded[start:end] in lexicon().figures and cues.ANY_INSTITUTION.search(written.lower()):
        return -0.6
    return 0.0


@contextmanager
def guarded() -> Iterator[None]:
    """Turns everything presidio would only log or warn about into a `ScanError`, without any value in it.

    Raises:
        ScanError: On any exception, Python warning or presidio log record of level WARNING or above.
    """
    alarm = _Alarm()
    _LOGGER.addHandler(alarm)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    except ScanError:
        raise
    except Exception as error:
        raise _failure(type(error).__name__) from None
    finally:
        _LOGGER.removeHandler(alarm)
    if alarm.count:
        raise _failure("presidio-analyzer")


class _Alarm(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def _failure(cause: str) -> ScanError:
    what = Text(
        f"Bộ quét dữ liệu cá nhân không chạy được ({cause}).", f"The personal-data scan failed ({cause})."
    )
    remedy = Text(
        "Không công bố; kiểm tra cài đặt ytemo[pii].", "Do not publish; check the installation of ytemo[pii]."
    )
    return ScanError([Problem("scan", what, remedy)])


def build() -> AnalyzerEngine:
    """A presidio engine with our recognisers only, not yet tested.

    Returns:
        The engine.
    """
    by_entity: dict[str, list[Shape]] = {}
    for shape in SHAPES:
        by_entity.setdefault(shape.entity, []).append(shape)
    recognisers = [ShapeRecognizer(entity, shapes) for entity, shapes in by_entity.items()]
    registry = RecognizerRegistry(
        recognizers=[*recognisers, PersonRecognizer()], supported_languages=[LANGUAGE]
    )
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=NoNlp(),
        supported_languages=[LANGUAGE],
        context_aware_enhancer=CueEnhancer(),
        log_decision_process=False,
    )


@cache
def ready() -> AnalyzerEngine:
    """The engine, after its self-test; built once per process.

    Returns:
        An engine that found every canary and nothing in the harmless texts.

    Raises:
        ScanError: If it did not.
    """
    with guarded():
        engine = build()
        self_test(engine)
    return engine


def self_test(engine: AnalyzerEngine) -> None:
    """One canary per recogniser must be found, harmless texts must pass, and no entity may be unknown.

    Args:
        engine: The engine to test.

    Raises:
        ScanError: Naming the entities that failed.
    """
    supported = set(engine.get_supported_entities(LANGUAGE))
    failed = (supported ^ set(ENTITIES)) | (set(ENTITIES) - set(CANARIES))
    for entity, canary in CANARIES.items():
        if entity not in {hit.entity for hit in analyse(engine, canary)}:
            failed.add(entity)
    if any(analyse(engine, text) for text in HARMLESS):
        failed.add("HARMLESS")
    if failed:
        raise _failure("self-test: " + ", ".join(sorted(failed)))


def analyse(
    engine: AnalyzerEngine, text: str, context: Sequence[str] = (), *, threshold: float = THRESHOLD
) -> list[Hit]:
    """What one normalised text holds.

    Args:
        engine: A ready engine.
        text: A normalised text.
        context: Further words that belong to it, such as the name of its column.
        threshold: Least score.

    Returns:
        The best hit for every place of the text, in order.
    """
    results = engine.analyze(text, LANGUAGE, context=list(context), score_threshold=threshold)
    kept: list[Hit] = []
    for found in sorted(results, key=lambda r: (-r.score, r.start - r.end, r.entity_type)):
        if all(found.end <= hit.start or found.start >= hit.end for hit in kept):
            kept.append(Hit(found.entity_type, found.start, found.end, found.score))
    return sorted(kept, key=lambda hit: hit.start)

"""How diagnoses are told: a line for people, JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable

from opendata.doctor.diagnosis import Check, Diagnosis, State
from opendata.messages import Language

MARKS: dict[State, str] = {"ok": "✓", "warn": "!", "fail": "✗"}


def line(check: Check, found: Diagnosis, language: Language) -> str:
    """One diagnosis for a terminal: what was found, and beneath it the remedy."""
    label, what = getattr(check.label, language), getattr(found.what, language)
    told = f"{MARKS[found.state]} {label}: {what}"
    return f"{told}\n  → {getattr(found.remedy, language)}" if found.remedy else told


def as_json(found: Iterable[tuple[Check, Diagnosis]]) -> str:
    """All diagnoses as a JSON list, in both languages."""
    told = [
        {
            "check": check.name,
            "state": diagnosis.state,
            "what": diagnosis.what._asdict(),
            "remedy": diagnosis.remedy and diagnosis.remedy._asdict(),
        }
        for check, diagnosis in found
    ]
    return json.dumps(told, ensure_ascii=False, indent=1)

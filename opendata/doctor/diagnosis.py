"""What a check looks at and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from catalog.errors import Text
from opendata.errors import OpendataError

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the work is done.

    Attributes:
        folder: The workspace, or what is to become one.
        environment: The environment variables.
        portal: Address of the portal; by default that of `opendata.toml`, or the sandbox.
    """

    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    portal: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a check found.

    Attributes:
        state: "ok"; "warn": some of the work cannot be done here; "fail": the work would go wrong.
        what: What was found.
        remedy: What to do; None when all is well.
    """

    state: State
    what: Text
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    Attributes:
        name: For machines.
        label: For people.
        run: Looks; whatever it raises is a failure.
        exit_code: Of the command when it failed.
    """

    name: str
    label: Text
    run: Callable[[Surroundings], Diagnosis]
    exit_code: int = 2


def ok(vi: str, en: str) -> Diagnosis:
    """All is well."""
    return Diagnosis("ok", Text(vi, en))


def refused(error: OpendataError, state: State = "fail") -> Diagnosis:
    """What a refusal says, as a diagnosis; of several problems, each once."""
    whats = list(dict.fromkeys(Text(*problem.what) for problem in error.problems))
    remedies = list(dict.fromkeys(Text(*problem.remedy) for problem in error.problems))
    return Diagnosis(state, _joined(whats), _joined(remedies))


def _joined(texts: list[Text]) -> Text:
    return Text(" ".join(text.vi for text in texts), " ".join(text.en for text in texts))

"""The guard: a record-level extract against what it is held to."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from anonymize.errors import PolicyError, TableError, Text
from anonymize.microdata import classes
from anonymize.microdata.closeness import closeness
from anonymize.microdata.diversity import diversity
from anonymize.microdata.fitness import data_problems, declaration_problems
from anonymize.microdata.models import Check, KAnonymity, KMap, LDiversity, TCloseness
from anonymize.microdata.phrases import NULLS, REPEATED, broken
from anonymize.microdata.population import estimated_map, known_map
from anonymize.microdata.verdict import Refusal, Result, Verdict

Frame = pl.DataFrame | pl.LazyFrame


def check_microdata(
    frame: Frame,
    checks: Sequence[Check],
    *,
    population: pl.DataFrame | None = None,
    person: str | None = None,
) -> Verdict:
    """Holds a record-level extract to the declared models of privacy.

    Args:
        frame: The records, one per person (or see `person`).
        checks: What it must satisfy: `KAnonymity`, `LDiversity`, `TCloseness`, `KMap`.
        population: For `KMap(estimate="given")`: the quasi-identifiers and the number of people.
        person: The column that tells persons apart where records are visits. k-anonymity then counts persons; the other
            models are refused where a person has several records, for these would pass for several people.

    Returns:
        The verdict: a refusal for every broken promise, in numbers of records and classes.

    Raises:
        PolicyError: No checks; a column that is missing or of a type that cannot be compared; text without an order; a
            population that is missing or does not match; persons together with wildcards.
        TableError: No records; weights that are missing or below 1; values outside a declared order or hierarchy;
            population counts that are missing or negative.
    """
    data = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    problems = declaration_problems(data, checks, population=population, person=person)
    if problems:
        raise PolicyError(problems)
    problems = data_problems(data, checks, population)
    if problems:
        raise TableError(problems)
    results = [_result(check, _judged(data, check, population=population, person=person)) for check in checks]
    refusals: list[Refusal] = []
    for check, result in zip(checks, results, strict=True):
        refusals += _blank(data, check) + _repeated(data, check, person)
        if result.failing_classes:
            what, remedy = broken(check, result)
            refusals.append(Refusal(result.model, result.where, result.failing_records, what, remedy))
    return Verdict(tuple(refusals), tuple(results), data.height)


def _judged(
    data: pl.DataFrame, check: Check, *, population: pl.DataFrame | None, person: str | None
) -> pl.DataFrame:
    """Per class `records`, `reached` and `fails`."""
    if isinstance(check, KAnonymity):
        return _anonymity(data, check, person)
    if isinstance(check, LDiversity):
        return diversity(data, check)
    if isinstance(check, TCloseness):
        return closeness(data, check)
    return _mapped(data, check, population)


def _mapped(data: pl.DataFrame, check: KMap, people: pl.DataFrame | None) -> pl.DataFrame:
    if check.estimate == "given":
        assert people is not None, "declaration_problems refuses a missing population"
        return known_map(data, check, people)
    return estimated_map(data, check)


def _anonymity(data: pl.DataFrame, check: KAnonymity, person: str | None) -> pl.DataFrame:
    others = {} if person is None else {"person": person}
    found = classes.extract(data, check.quasi_identifiers, **others)
    sized = classes.wildcard_sizes(found) if check.nulls == "wildcard" else classes.sizes(found)
    reached = pl.col("size").cast(pl.Float64).alias("reached")
    return sized.select(classes.N, reached, fails=pl.col("size") < check.k)


def _result(check: Check, judged: pl.DataFrame) -> Result:
    failing = judged.filter("fails")
    larger_is_worse = isinstance(check, TCloseness) or (
        isinstance(check, LDiversity) and check.kind == "recursive"
    )
    reached = judged["reached"].max() if larger_is_worse else judged["reached"].min()
    return Result(
        check.model,
        _columns(check),
        _demanded(check),
        judged.height,
        int(judged[classes.N].sum()),
        failing.height,
        int(failing[classes.N].sum()),
        reached if isinstance(reached, float) else None,
    )


def _columns(check: Check) -> str:
    shown = ", ".join(check.quasi_identifiers)
    return f"{shown} -> {check.sensitive}" if isinstance(check, LDiversity | TCloseness) else shown


def _demanded(check: Check) -> str:
    names = ("k", "l", "kind", "c", "t", "distance", "estimate", "nulls", "sensitive_nulls")
    told = check.model_dump(include=set(names), exclude_none=True)
    return ", ".join(f"{name}={told[name]:g}" if isinstance(told[name], float) else f"{name}={told[name]}"
                     for name in names if name in told)  # fmt: skip


def _blank(data: pl.DataFrame, check: Check) -> list[Refusal]:
    """Refuses nulls where the check allows none."""
    names = list(check.quasi_identifiers) if check.nulls == "refuse" else []
    if isinstance(check, LDiversity | TCloseness) and check.sensitive_nulls == "refuse":
        names.append(check.sensitive)
    found = classes.extract(data, names)
    rows = found.filter(pl.any_horizontal(pl.all().is_null())).height if names else 0
    what, remedy = NULLS
    told = Text(what.vi.format(n=rows), what.en.format(n=rows))
    return [Refusal("nulls", ", ".join(names), rows, told, remedy)] if rows else []


def _repeated(data: pl.DataFrame, check: Check, person: str | None) -> list[Refusal]:
    """Refuses several records of one person where the check would take them for several people."""
    if person is None or isinstance(check, KAnonymity):
        return []
    rows = data.height - data[person].n_unique()
    what, remedy = REPEATED
    told = Text(what.vi.format(n=rows), what.en.format(n=rows))
    return [Refusal("repeated", person, rows, told, remedy)] if rows else []

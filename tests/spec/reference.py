"""Writes docs/rules.md from the cases and from the docstrings of the rules: `python -m tests.spec.reference`."""

from __future__ import annotations

import inspect
import re
import sys
from itertools import zip_longest
from typing import Any, get_args

import yaml
from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from anonymize.policy import Protection
from anonymize.rules import Rule
from tests.spec.cases import FOLDER, Case, Topic, topics

FILE = FOLDER.parent.parent / "docs" / "rules.md"
RULES: dict[str, type[BaseModel]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(Rule)[0])
}
SIGNS = {Ge: ("≥", "ge"), Gt: (">", "gt"), Le: ("≤", "le"), Lt: ("<", "lt")}

HEAD = """# Rules and verdicts

<!-- Made by `python -m tests.spec.reference` from tests/spec/*.yaml and the docstrings of the rules: edit those. -->

What disclosure control does, by example. Every table below is invented, small enough to be checked by hand, and a
test. Titles are in Vietnamese and English.

How to read the drawings: the table on the left, the expectation beside it, cell by cell.

| Sign | Meaning |
|---|---|
| `_T` | total |
| `H:60+Q:40` | the cell is the sum of 60 of contributor H and 40 of contributor Q; without names, each is somebody else |
| `H@G!:30*2` | contributor H of holding G, who asked for protection, with sampling weight 2 |
| `.` | published, or not sensitive |
| `s` | sensitive |
| `-10+30` | sensitive; the interval must reach 10 below and 30 above the value |
| `x` | hidden |
| `exact`, `narrow`, `insider` | hidden, and the audit finds: computed exactly, known too closely, computed by whoever is alone in another cell |
| `.shown`, `xshown` | sensitive and published, here or in an earlier release |
| `.apart` | published while a measure that goes with it is hidden |
| `3..6` | everybody knows that the cell lies between these |
| `-` | no cell of the table |
"""  # noqa: E501


def render() -> str:
    """The whole page."""
    found = topics()
    contents = [f"- [{t.title_vi} · {t.title}](#{name})" for name, t in found.items()]
    return (
        "\n\n".join([HEAD.strip(), "\n".join(contents), policy(), *map(section, found, found.values())])
        + "\n"
    )


def policy() -> str:
    return "\n\n".join([
        '<a id="protection"></a>', "## Khai báo · The section `protection` of a dataset spec",
        summary(Protection), parameters(Protection, {}),
    ])  # fmt: skip


def section(name: str, topic: Topic) -> str:
    parts = [f'<a id="{name}"></a>', f"## {topic.title_vi} · {topic.title}"]
    if topic.rule is not None:
        model = RULES[topic.rule]
        parts += [summary(model), f"In a dataset spec: `kind: {topic.rule}`."]
    parts.append(topic.text.strip())
    if topic.formula is not None:
        parts.append(f"```text\n{topic.formula.strip()}\n```")
    if topic.rule is not None:
        parts += [f"Source: {source(model)}", parameters(model, {"kind"})]
    return "\n\n".join([*parts, *map(example, topic.cases)])


def summary(model: type[BaseModel]) -> str:
    """The docstring up to its sections, without the source."""
    text = inspect.getdoc(model) or ""
    paragraphs = text.split("\nAttributes:")[0].strip().split("\n\n")
    return "\n\n".join(p.replace("\n", " ") for p in paragraphs if not p.startswith("Source:"))


def source(model: type[BaseModel]) -> str:
    """Where the rule comes from: its docstring, else that of its module, without the first line."""
    own = re.search(r"^Source: (.*?)(?:\n\n|\Z)", inspect.getdoc(model) or "", re.DOTALL | re.MULTILINE)
    text = own[1] if own else (inspect.getdoc(sys.modules[model.__module__]) or "").partition("\n\n")[2]
    return text.replace("\n", " ").strip() or "this project."


def parameters(model: type[BaseModel], leave_out: set[str]) -> str:
    lines = ["| Parameter | Default | Allowed | Meaning |", "|---|---|---|---|"]
    meaning = {name: text for base in reversed(model.__mro__) for name, text in attributes(base).items()}
    for name, field in model.model_fields.items():
        if name not in leave_out:
            cells = [f"`{name}`", default(field), allowed(field), meaning[name]]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def attributes(model: type) -> dict[str, str]:
    text = (model.__doc__ or "").partition("Attributes:")[2]
    found = re.findall(r"^ {8}(\w+): (.*(?:\n {9,}.*)*)", text, re.MULTILINE)
    return {name: re.sub(r"\s+", " ", told).strip() for name, told in found}


def default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "required"
    if field.default is None or field.default == ():
        return "none"
    return f"`{field.default}`"


def allowed(field: FieldInfo) -> str:
    """The bounds or the words of a parameter."""
    limits = bounds([field.annotation, *field.metadata])
    words = [f"`{word}`" for word in get_args(field.annotation) if isinstance(word, str)]
    return ", ".join(limits or words) or {int: "number", str: "name"}.get(field.annotation, "list")  # type: ignore[arg-type]


def bounds(items: list[Any]) -> list[str]:
    found = []
    for item in items:
        inner = [*getattr(item, "metadata", []), *get_args(item)]
        if type(item) in SIGNS:
            sign, name = SIGNS[type(item)]
            found.append(f"{sign} {getattr(item, name)}")
        found += bounds(inner)
    return list(dict.fromkeys(found))


def example(case: Case) -> str:
    told = [f"### {case.title_vi} · {case.title}", case.text.strip()]
    if case.source:
        told.append(f"Source: {case.source}")
    if case.open:
        told.append(f"Not so yet: {case.open}.")
    told += [f"```yaml\n{declaration(case)}```", f"```text\n{pictures(case)}\n```"]
    if case.infeasible:
        told.append("No pattern protects: " + "; ".join(f"`{cell}`" for cell in case.infeasible) + ".")
    if case.refused:
        told.append(f"Refused: “{case.refused}”.")
    return "\n\n".join(told)


def declaration(case: Case) -> str:
    shape = {name: value for name in ("trees", "vintages", "omit", "show") if (value := getattr(case, name))}
    return yaml.safe_dump(
        {"protection": case.protection} | shape, sort_keys=False, allow_unicode=True, width=100,
        default_flow_style=None,
    )  # fmt: skip


def pictures(case: Case) -> str:
    """The drawings side by side, each under its name."""
    drawings = [(case.values, case.table), *case.marks.items()]
    drawings += [(f"earlier release {i + 1}", text) for i, text in enumerate(case.known)]
    drawings += [(name, text) for name in ("sensitive", "levels") if (text := getattr(case, name))]
    drawings += [("audit", text) for text in case.audit]
    drawings += [(name, text) for name in ("intervals", "protect") if (text := getattr(case, name))]
    blocks = [block(name, text) for name, text in drawings]
    height = range(max(map(len, blocks)))
    width = 0
    lines: list[list[list[str]]] = [[]]
    for one in blocks:
        width += len(one[0]) + 4
        if width > 110 and lines[-1]:
            lines.append([])
            width = len(one[0]) + 4
        lines[-1].append(one)
    shown = [
        "\n".join("    ".join(row).rstrip() for row in zip_longest(*map(padded(height), group)))
        for group in lines
    ]
    return "\n\n".join(shown)


def padded(height: range) -> Any:
    return lambda block: [block[i] if i < len(block) else " " * len(block[0]) for i in height]


def block(name: str, text: str) -> list[str]:
    """A drawing with its columns aligned, under its name."""
    rows = [line.split() for line in text.strip().splitlines()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            w.ljust(n) if i == 0 else w.rjust(n) for i, (w, n) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    width = max(len(name), *map(len, lines))
    return [line.ljust(width) for line in (name, *lines)]


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(render(), encoding="utf-8")

"""Writes docs/reference.md from docstrings and docs/cli.md from the command: `python -m tests.docs.reference`."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_args, get_origin

import opendata
from tests.docs.blocks import ROOT

REFERENCE = ROOT / "docs" / "reference.md"
PACKAGES = (
    "anonymize",
    "anonymize.perturb",
    "anonymize.report",
    "anonymize.microdata",
    "catalog",
    "opendata",
)
SECTIONS = ("Args", "Attributes", "Returns", "Raises", "Yields")
HEAD = """# Python reference

<!-- Made by `python -m tests.docs.reference` from the docstrings: edit those. -->

Every public name: what it takes, gives, and refuses. What does not stand here may change without notice. Commands:
[cli.md](cli.md). Rules with their parameters and examples: [rules.md](rules.md).
"""


def modules() -> list[ModuleType]:
    """The packages with a public `__all__`: those of the design, the parts of `opendata`, and `ytemo_display`."""
    parts = [f"opendata.{found.name}" for found in pkgutil.iter_modules(opendata.__path__) if found.ispkg]
    own = sorted(name for name in parts if name != "opendata.cli")  # which has a page of its own
    loaded = [import_module(name) for name in (*PACKAGES, *own, "ytemo_display")]
    return [module for module in loaded if hasattr(module, "__all__")]


def render() -> str:
    """The whole page."""
    seen: dict[int, str] = {}
    contents = "\n".join(f"- [`{module.__name__}`](#{anchor(module.__name__)})" for module in modules())
    return "\n\n".join([HEAD.strip(), contents, *(_module(module, seen) for module in modules())]) + "\n"


def anchor(name: str) -> str:
    """How a page links to a name."""
    return name.replace(".", "-")


def _module(module: ModuleType, seen: dict[int, str]) -> str:
    told = [
        f'<a id="{anchor(module.__name__)}"></a>\n\n## {module.__name__}',
        markdown(inspect.getdoc(module) or ""),
    ]
    for name in module.__all__:
        value, full = getattr(module, name), f"{module.__name__}.{name}"
        home = seen.setdefault(id(value), full)
        if home == full:
            told.append(_entry(name, full, value))
        else:
            told.append(f"### {name}\n\nSee [`{home}`](#{anchor(home)}).")
    return "\n\n".join(told)


def _entry(name: str, full: str, value: Any) -> str:
    told = [f'<a id="{anchor(full)}"></a>\n\n### {name}', documentation(name, value)]
    if inspect.isclass(value):
        for method, found in methods(value).items():
            told += [f"#### {name}.{method}", documentation(method, found)]
    return "\n\n".join(filter(None, told))


def documentation(name: str, value: Any) -> str:
    """Signature and docstring, or what an alias stands for, as Markdown."""
    if is_alias(value):
        return "One of " + ", ".join(f"`{getattr(one, '__name__', one)}`" for one in _members(value)) + "."
    if isinstance(value, property):
        return markdown(inspect.getdoc(value) or "")
    if not callable(value):
        return f"{len(value)} of `{type(next(iter(value))).__name__}`." if _is_long(value) else f"`{value!r}`"
    shown = "" if inspect.isclass(value) else f"```text\n{name}{signature(value)}\n```\n\n"
    return shown + markdown(inspect.getdoc(value) or "")


def is_alias(value: Any) -> bool:
    """Whether a public name is a union of types."""
    return get_origin(value) is not None


def _members(alias: Any) -> list[Any]:
    """The types (or words) of a union, whatever it is wrapped in."""
    wrapped = hasattr(alias, "__metadata__")
    return _members(get_args(alias)[0]) if wrapped else list(get_args(alias))


def methods(kind: type) -> dict[str, Any]:
    """The public methods and properties that a class itself defines, in order."""
    found = {n: v for n, v in vars(kind).items() if not n.startswith("_") and n != "model_config"}
    plain = {n: getattr(v, "__func__", v) for n, v in found.items()}
    return {n: v for n, v in plain.items() if isinstance(v, property) or inspect.isfunction(v)}


def signature(value: Any) -> str:
    """The signature, with types as they are written and long defaults left out; one line per argument if it is long."""
    found = inspect.signature(value)
    found = found.replace(parameters=[_short(one) for one in found.parameters.values()])
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(found))
    if len(text) < 100:
        return text
    parts = [re.sub(r": '([^']*)'", r": \1", str(one)) for one in found.parameters.values()]
    kinds = [one.kind for one in found.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds:
        parts.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    return "(\n" + "".join(f"    {part},\n" for part in parts) + ")" + text.rpartition(")")[2]


class _Left:
    """Stands for a default that is too long to be shown, or has no other name than its place in memory."""

    def __repr__(self) -> str:
        return "..."


def _short(one: inspect.Parameter) -> inspect.Parameter:
    return one.replace(default=_Left()) if _is_long(one.default) else one


def _is_long(value: Any) -> bool:
    return value is not inspect.Parameter.empty and (len(repr(value)) > 60 or " at 0x" in repr(value))


def markdown(docstring: str) -> str:
    """A Google docstring as Markdown: its sections become lists."""
    told = []
    for title, text in sections(docstring.replace("```python", "```text")):  # no more than a sketch
        if title in ("Returns", "Yields", ""):
            told.append(f"*{title}*: {_joined(text)}" if title else text)
        else:
            items = [f"- `{name}`: {_joined(meaning)}" for name, meaning in items_of(text)]
            told.append(f"*{title}*:\n\n" + "\n".join(items))
    return "\n\n".join(told)


def sections(docstring: str) -> Iterator[tuple[str, str]]:
    """The text of a docstring, then each section with its title."""
    parts = re.split(rf"^({'|'.join(SECTIONS)}):\n", docstring, flags=re.MULTILINE)
    if parts[0].strip():
        yield "", parts[0].strip()
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        own, _, after = (
            text.partition("\n\n") if not text.partition("\n\n")[2].startswith(" ") else (text, "", "")
        )
        yield title, inspect.cleandoc(f"\n{own}")
        if after.strip():
            yield "", after.strip()


def items_of(text: str) -> list[tuple[str, str]]:
    """Name and meaning of every item of a section."""
    found = re.findall(r"^(\*{0,2}[\w., ]+?)(?: \([^)]*\))?: (.*(?:\n[ \n]+.*)*)", text, re.MULTILINE)
    return [(name, meaning) for name, meaning in found]


def _joined(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


if __name__ == "__main__":
    from tests.docs import commands

    REFERENCE.write_text(render(), encoding="utf-8")
    commands.FILE.write_text(commands.render(), encoding="utf-8")

"""The references are complete and up to date, and the how-tos know every command."""

import inspect
import re

import pytest

from tests.docs import commands, reference
from tests.docs.blocks import ROOT, pages

MADE_AGAIN = "run `python -m tests.docs.reference` and commit docs/reference.md and docs/cli.md"
NAMES = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in reference.modules()
    for name in module.__all__
}
DOCUMENTED = [name for name, value in NAMES.items() if callable(value) and not reference.is_alias(value)]
HOW_TOS = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/how-to").glob("*.md"))


def test_the_python_reference_is_up_to_date():
    made = reference.render()
    assert " at 0x" not in made
    assert reference.REFERENCE.read_text(encoding="utf-8") == made, MADE_AGAIN


def test_the_reference_of_commands_is_up_to_date():
    assert commands.FILE.read_text(encoding="utf-8") == commands.render(), MADE_AGAIN


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_public_name_says_what_it_is(name):
    value = NAMES[name]
    known = {name: value} | (reference.methods(value) if inspect.isclass(value) else {})
    for what, documented in known.items():
        text = inspect.getdoc(documented) or ""
        made = (
            f"{getattr(documented, '__name__', '')}("  # a dataclass without a docstring shows its signature
        )
        assert text, f"{what} has no docstring"
        assert not text.startswith(made), f"{what} has no docstring"
        if inspect.isfunction(documented):
            _names_its_arguments(documented, text)


def _names_its_arguments(function, text):
    """Where a docstring lists arguments, it lists those that there are."""
    listed = [
        name
        for title, own in reference.sections(text)
        if title == "Args"
        for name, _ in reference.items_of(own)
    ]
    taken = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]
    told = {part.strip(" *") for name in listed for part in name.split(",")}
    assert not listed or told <= set(taken), f"{function.__qualname__}: {sorted(told - set(taken))}"


@pytest.mark.parametrize("name", commands.tree())
def test_every_command_and_option_has_help_and_exit_codes(name):
    command = commands.tree()[name]
    assert command.help
    assert all(one.help for one in command.params)
    assert set(commands.EXITS[name].split()) <= set(map(str, commands.exit_codes()))


def test_no_exit_codes_of_commands_that_are_gone():
    assert set(commands.EXITS) == set(commands.tree())


def test_refusals_in_the_pages_end_as_the_reference_says():
    for page in pages():
        for block in (block for block in page.blocks if block.value("exit").isdigit()):
            said = block.text.strip().splitlines()[-1].partition("opendata ")[2]
            said = re.sub(r"^--lang (en|vi) ", "", said)
            (name,) = (name for name in commands.tree() if said.startswith(f"{name} ") or said == name)
            assert block.value("exit") in commands.EXITS[name].split(), f"{page.name}:{block.line}"


@pytest.mark.parametrize("name", commands.tree())
def test_the_how_tos_know_every_command(name):
    assert re.search(rf"opendata (--lang en )?{name}\b", HOW_TOS), f"no how-to mentions opendata {name}"


def test_every_how_to_is_in_the_index():
    index = (ROOT / "docs/how-to/README.md").read_text(encoding="utf-8")
    names = {path.name for path in (ROOT / "docs/how-to").glob("*.md")} - {"README.md"}
    assert names == set(re.findall(r"\]\(([\w-]+\.md)\)", index))

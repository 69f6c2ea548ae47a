"""Pages from the templates of this package."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import jinja2


def page(template: str, **facts: Any) -> str:
    """A page that stands by itself.

    Args:
        template: Its name in `opendata/templates`.
        facts: What it shows; a fact that the template names and nobody gives is an error.
    """
    return _environment().get_template(template).render(**facts)


def text(template: str) -> str:
    """A template, style sheet or script as it stands."""
    return (resources.files("opendata") / "templates" / template).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("opendata"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )

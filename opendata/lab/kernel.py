"""What every kernel of the lab starts with: charts that are shown offline, at no cost before the first of them.

altair's own display loads scripts from the network, and importing altair takes seconds; so only the name of its charts
is registered, and the renderer comes in with the first chart that is shown.
"""

from __future__ import annotations

from typing import Any

GENERATIONS = ("v5", "v6")  # of Vega-Lite, in the module names of altair
STARTUP = "from opendata.lab import kernel\n\nkernel.register(get_ipython())\ndel kernel\n"


def register(shell: Any) -> None:
    """Show charts of altair with the renderer of ytemo.

    Args:
        shell: The kernel's IPython shell.
    """
    formatter = shell.display_formatter.mimebundle_formatter
    for generation in GENERATIONS:
        formatter.for_type_by_name(f"altair.vegalite.{generation}.api", "TopLevelMixin", _bundle)


def _bundle(chart: Any) -> Any:
    """The mime bundle of a chart; a renderer that the notebook chose itself stays."""
    import altair

    from opendata import charts

    if altair.renderers.active == "default":
        charts.enable()
    return chart._repr_mimebundle_(None, None)

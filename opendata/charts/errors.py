"""Why a chart is not drawn."""

from __future__ import annotations

from opendata.errors import OpendataError


class ChartError(OpendataError):
    """Data, codes or boundaries that cannot be drawn without misleading, or a font that is not there."""

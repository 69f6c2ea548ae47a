"""The static catalogue: a folder of pages and metadata that serves everything released, without any portal."""

from opendata.site.writing import Written, write

__all__ = ["Written", "write"]

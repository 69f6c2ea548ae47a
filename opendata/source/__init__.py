"""The only part of the suite that reads data: files to records, exactly as declared or not at all."""

from opendata.source.reading import read, texts
from opendata.source.records import Applied, Input, Located, Provenance, Records, Totals
from opendata.source.section import CsvSource, ExcelSource, ParquetSource, Source

__all__ = [
    "Applied",
    "CsvSource",
    "ExcelSource",
    "Input",
    "Located",
    "ParquetSource",
    "Provenance",
    "Records",
    "Source",
    "Totals",
    "read",
    "texts",
]

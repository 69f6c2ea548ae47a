"""Addresses of the controlled vocabularies that DCAT-AP 3 asks for."""

from __future__ import annotations

from types import MappingProxyType

EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
HEALTH_THEME = f"{EU}/data-theme/HEAL"
LANGUAGES = (f"{EU}/language/ENG", f"{EU}/language/VIE")

# Access class of Article 10(2)(c) -> EU access right.
ACCESS_RIGHTS = MappingProxyType(
    {
        "open": f"{EU}/access-right/PUBLIC",
        "personal": f"{EU}/access-right/NON_PUBLIC",
        "other": f"{EU}/access-right/RESTRICTED",
    }
)

# IANA media type -> EU file type.
FILE_TYPES = MappingProxyType(
    {
        "application/json": f"{EU}/file-type/JSON",
        "application/vnd.apache.parquet": f"{EU}/file-type/PARQUET",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": f"{EU}/file-type/XLSX",
        "text/csv": f"{EU}/file-type/CSV",
    }
)

# ISO 3166-1 alpha-2 -> EU country.
COUNTRIES = MappingProxyType({"VN": f"{EU}/country/VNM"})


def frequency(code: str) -> str:
    """Address of a code of the EU authority table "frequency"."""
    return f"{EU}/frequency/{code}"


def media_type(name: str) -> str:
    """Address of an IANA media type."""
    return f"{IANA}/{name}"

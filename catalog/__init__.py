"""Catalogue entries, code lists, the legal gate and the metadata writers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalog.catalogue import Catalog, Listed, catalog_rdf
    from catalog.cff import citation_cff, reference
    from catalog.codebooks import read_codebook
    from catalog.codelists import Code, CodeList, Vintage, leaves, match, normal, parents, parse
    from catalog.columns import Column, Edition
    from catalog.correspondences import Correspondence, Link, breaks, compose, correspondence, reverse
    from catalog.csvweb import csvw
    from catalog.dcat import dcat_jsonld, dcat_turtle
    from catalog.entry import Agent, Contact, Entry, Period
    from catalog.errors import CatalogError, CodeListError, LawError, Problem, Text, VintageError
    from catalog.evidence import Decision, Evidence, OwnerConsent, UndertakingsAudit
    from catalog.files import File
    from catalog.gating import Answer, Proof, Provided, Verdict, declaration, gate
    from catalog.healthdcat import healthdcat_turtle
    from catalog.labels import Labels
    from catalog.law import citation
    from catalog.mlcroissant import croissant
    from catalog.naming import slug
    from catalog.prov import Origin, prov_jsonld
    from catalog.quality import Measurement, score
    from catalog.rollup import Coded, joinable, roll_up
    from catalog.schemaorg import schema_org
    from catalog.shipped import builtin, months
    from catalog.tabular import codebook, datapackage
    from catalog.terms import licences
    from catalog.withdrawn import Withdrawn

__all__ = [
    "Agent",
    "Answer",
    "Catalog",
    "CatalogError",
    "Code",
    "CodeList",
    "CodeListError",
    "Coded",
    "Column",
    "Contact",
    "Correspondence",
    "Decision",
    "Edition",
    "Entry",
    "Evidence",
    "File",
    "Labels",
    "LawError",
    "Link",
    "Listed",
    "Measurement",
    "Origin",
    "OwnerConsent",
    "Period",
    "Problem",
    "Proof",
    "Provided",
    "Text",
    "UndertakingsAudit",
    "Verdict",
    "Vintage",
    "VintageError",
    "Withdrawn",
    "breaks",
    "builtin",
    "catalog_rdf",
    "citation",
    "citation_cff",
    "codebook",
    "compose",
    "correspondence",
    "croissant",
    "csvw",
    "datapackage",
    "dcat_jsonld",
    "dcat_turtle",
    "declaration",
    "gate",
    "healthdcat_turtle",
    "joinable",
    "leaves",
    "licences",
    "match",
    "months",
    "normal",
    "parents",
    "parse",
    "prov_jsonld",
    "read_codebook",
    "reference",
    "reverse",
    "roll_up",
    "schema_org",
    "score",
    "slug",
]

_HOMES = {
    "Agent": "catalog.entry",
    "Answer": "catalog.gating",
    "Catalog": "catalog.catalogue",
    "CatalogError": "catalog.errors",
    "Code": "catalog.codelists",
    "CodeList": "catalog.codelists",
    "CodeListError": "catalog.errors",
    "Coded": "catalog.rollup",
    "Column": "catalog.columns",
    "Contact": "catalog.entry",
    "Correspondence": "catalog.correspondences",
    "Decision": "catalog.evidence",
    "Edition": "catalog.columns",
    "Entry": "catalog.entry",
    "Evidence": "catalog.evidence",
    "File": "catalog.files",
    "Labels": "catalog.labels",
    "LawError": "catalog.errors",
    "Link": "catalog.correspondences",
    "Listed": "catalog.catalogue",
    "Measurement": "catalog.quality",
    "Origin": "catalog.prov",
    "OwnerConsent": "catalog.evidence",
    "Period": "catalog.entry",
    "Problem": "catalog.errors",
    "Proof": "catalog.gating",
    "Provided": "catalog.gating",
    "Text": "catalog.errors",
    "UndertakingsAudit": "catalog.evidence",
    "Verdict": "catalog.gating",
    "Vintage": "catalog.codelists",
    "VintageError": "catalog.errors",
    "Withdrawn": "catalog.withdrawn",
    "breaks": "catalog.correspondences",
    "builtin": "catalog.shipped",
    "catalog_rdf": "catalog.catalogue",
    "citation": "catalog.law",
    "citation_cff": "catalog.cff",
    "codebook": "catalog.tabular",
    "compose": "catalog.correspondences",
    "correspondence": "catalog.correspondences",
    "croissant": "catalog.mlcroissant",
    "csvw": "catalog.csvweb",
    "datapackage": "catalog.tabular",
    "dcat_jsonld": "catalog.dcat",
    "dcat_turtle": "catalog.dcat",
    "declaration": "catalog.gating",
    "gate": "catalog.gating",
    "healthdcat_turtle": "catalog.healthdcat",
    "joinable": "catalog.rollup",
    "leaves": "catalog.codelists",
    "licences": "catalog.terms",
    "match": "catalog.codelists",
    "months": "catalog.shipped",
    "normal": "catalog.codelists",
    "parents": "catalog.codelists",
    "parse": "catalog.codelists",
    "prov_jsonld": "catalog.prov",
    "read_codebook": "catalog.codebooks",
    "reference": "catalog.cff",
    "reverse": "catalog.correspondences",
    "roll_up": "catalog.rollup",
    "schema_org": "catalog.schemaorg",
    "score": "catalog.quality",
    "slug": "catalog.naming",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a reader of messages never pays for the metadata writers."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'catalog' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

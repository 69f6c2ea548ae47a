"""Catalogue entries, code lists, the legal gate and the metadata writers."""

from catalog.catalogue import Catalog, Listed, catalog_rdf
from catalog.cff import citation_cff, reference
from catalog.codebooks import read_codebook
from catalog.codelists import Code, CodeList, Vintage, leaves, match, normal, parents, parse
from catalog.columns import Column, Edition, File
from catalog.correspondence import Correspondence, Link, breaks, compose, correspondence, reverse
from catalog.croissant import croissant
from catalog.csvw import csvw
from catalog.dcat import dcat_jsonld, dcat_turtle
from catalog.entry import Agent, Contact, Entry, Period
from catalog.errors import CatalogError, CodeListError, LawError, Problem, Text, VintageError
from catalog.evidence import Decision, Evidence, OwnerConsent, UndertakingsAudit
from catalog.gate import Answer, Proof, Provided, Verdict, declaration, gate
from catalog.healthdcat import healthdcat_turtle
from catalog.labels import Labels
from catalog.law import citation
from catalog.naming import slug
from catalog.quality import Measurement, score
from catalog.rollup import Coded, joinable, roll_up
from catalog.schemaorg import schema_org
from catalog.shipped import builtin, months
from catalog.tabular import codebook, datapackage
from catalog.terms import licences

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
    "read_codebook",
    "reference",
    "reverse",
    "roll_up",
    "schema_org",
    "score",
    "slug",
]

"""Catalogue entries, code lists, the legal gate and the metadata writers."""

from catalog.cff import citation_cff
from catalog.codelists import Code, CodeList, Vintage, leaves, match, normal, parents, parse
from catalog.columns import Column, Edition, File
from catalog.dcat import dcat_jsonld, dcat_turtle
from catalog.entry import Agent, Contact, Entry, Period
from catalog.errors import CatalogError, CodeListError, LawError, Problem, Text
from catalog.evidence import Decision, Evidence, OwnerConsent, UndertakingsAudit
from catalog.gate import Answer, Proof, Provided, Verdict, declaration, gate
from catalog.labels import Labels
from catalog.law import citation
from catalog.naming import slug
from catalog.shipped import builtin, months
from catalog.tabular import codebook, datapackage
from catalog.terms import licences

__all__ = [
    "Agent",
    "Answer",
    "CatalogError",
    "Code",
    "CodeList",
    "CodeListError",
    "Column",
    "Contact",
    "Decision",
    "Edition",
    "Entry",
    "Evidence",
    "File",
    "Labels",
    "LawError",
    "OwnerConsent",
    "Period",
    "Problem",
    "Proof",
    "Provided",
    "Text",
    "UndertakingsAudit",
    "Verdict",
    "Vintage",
    "builtin",
    "citation",
    "citation_cff",
    "codebook",
    "datapackage",
    "dcat_jsonld",
    "dcat_turtle",
    "declaration",
    "gate",
    "leaves",
    "licences",
    "match",
    "months",
    "normal",
    "parents",
    "parse",
    "slug",
]

"""Catalogue entries, code lists, the legal gate and the metadata writers."""

from catalog.builtin import builtin, months
from catalog.codelists import Code, CodeList, Vintage, match, normal, parents, parse
from catalog.entry import Agent, Contact, Entry, Period
from catalog.errors import CatalogError, CodeListError, LawError, Problem, Text
from catalog.evidence import Decision, Evidence, OwnerConsent, UndertakingsAudit
from catalog.gate import Answer, Proof, Provided, Verdict, declaration, gate
from catalog.labels import Labels

__all__ = [
    "Agent",
    "Answer",
    "CatalogError",
    "Code",
    "CodeList",
    "CodeListError",
    "Contact",
    "Decision",
    "Entry",
    "Evidence",
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
    "declaration",
    "gate",
    "match",
    "months",
    "normal",
    "parents",
    "parse",
]

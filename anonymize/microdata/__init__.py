"""Record-level extracts: the promises they would have to keep, and the refusals where they do not."""

from anonymize.microdata.guard import check_microdata
from anonymize.microdata.models import KAnonymity, KMap, LDiversity, TCloseness
from anonymize.microdata.verdict import Refusal, Result, Verdict

__all__ = [
    "KAnonymity",
    "KMap",
    "LDiversity",
    "Refusal",
    "Result",
    "TCloseness",
    "Verdict",
    "check_microdata",
]

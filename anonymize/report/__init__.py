"""Reports on a protected table: what it cost, what other thresholds would cost, the recode that makes it possible."""

from anonymize.report.curve import utility_curve
from anonymize.report.page import report
from anonymize.report.recode import Recode, recode
from anonymize.report.sheets import Report, Sheet
from anonymize.report.suggest import Suggestion, suggest_recode

__all__ = ["Recode", "Report", "Sheet", "Suggestion", "recode", "report", "suggest_recode", "utility_curve"]

"""Personal data never leaves: the scan of columns and texts, offline, in Vietnamese and English."""

from anonymize.pii.columns import implausible_counts
from anonymize.pii.headers import personal_column
from anonymize.pii.result import Finding, Scan, Waived, Waiver
from anonymize.pii.verdict import scan

__all__ = ["Finding", "Scan", "Waived", "Waiver", "implausible_counts", "personal_column", "scan"]

"""The quality of a release: what is measured of source and table, what is unusual in it, and how much is hidden."""

from opendata.quality.anomalies import Anomaly, AnomalyKind, anomalies
from opendata.quality.assessment import Assessed, Subject, assess, calendar
from opendata.quality.suppression import Suppression, suppression

__all__ = [
    "Anomaly",
    "AnomalyKind",
    "Assessed",
    "Subject",
    "Suppression",
    "anomalies",
    "assess",
    "calendar",
    "suppression",
]

"""Is everything here that the work needs? Each check looks for itself, changes nothing, and knows its remedy."""

from opendata.doctor.checks import CHECKS, examine, exit_code
from opendata.doctor.diagnosis import Check, Diagnosis, Surroundings
from opendata.doctor.telling import as_json, line

__all__ = ["CHECKS", "Check", "Diagnosis", "Surroundings", "as_json", "examine", "exit_code", "line"]

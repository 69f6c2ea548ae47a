"""Releases that come on their day: the calendar of a dataset, and the run that publishes what is due.

`section` and `moments` say when something is due and what it reports; `running` makes and publishes it (`opendata run
--due`); `calendar` tells everybody what came when, and what will.
"""

from opendata.schedule.moments import Due, dues
from opendata.schedule.section import Lag, Schedule

__all__ = ["Due", "Lag", "Schedule", "dues"]

"""Synthetic sources for examples, notebooks and rehearsals; nothing in them was observed, nobody in them exists."""

from opendata.synthetic.registers import register, without_people
from opendata.synthetic.workbooks import write_workbook

__all__ = ["register", "without_people", "write_workbook"]

"""The command `opendata`: arguments in, exit codes and readable refusals out.

The only part that reads the environment.
"""

from opendata.cli import publishing  # the order of these imports is that of the help

# isort: split
from opendata.cli import approving, governing, privacy

# isort: split
from opendata.cli import withdrawing

# isort: split
from opendata.cli import scheduling

# isort: split
from opendata.cli import catalogues, machine

# isort: split
from opendata.cli.base import app, main

__all__ = [
    "app",
    "approving",
    "catalogues",
    "governing",
    "machine",
    "main",
    "privacy",
    "publishing",
    "scheduling",
    "withdrawing",
]

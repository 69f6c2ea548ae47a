"""`python -m opendata.cli`."""

from opendata.cli.base import main

main()

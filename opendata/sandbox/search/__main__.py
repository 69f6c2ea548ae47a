"""`python -m opendata.sandbox.search --port N`."""

from opendata.sandbox.search.server import main

main()

"""Disclosure control for aggregate tables: protect, attack, audit; and the personal-data scan."""

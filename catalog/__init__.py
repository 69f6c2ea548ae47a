"""Catalogue entries, code lists, the legal gate and the metadata writers."""

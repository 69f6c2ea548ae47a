"""A small search server that speaks the part of Solr's protocol a sandbox CKAN uses.

CKAN cannot write a dataset without a search index, and Solr comes from no Python package. This stand-in keeps
the index in memory (CKAN fills it again whenever it starts) and knows what CKAN asks: the Lucene query
syntax, dismax, filters, sorting, paging and facets. It does not stem words and ranks by term frequency only:
for rehearsal, not for a public site. `python -m opendata.sandbox.search --port N` serves it on the loopback
interface.
"""

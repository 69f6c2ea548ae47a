"""A codebook read back: the columns that it was written from."""

from dataclasses import replace

import pytest

import catalog


def test_the_columns_come_back_without_aliases_and_sources(edition):
    def bare(column):
        if column.codelist is None:
            return column
        codes = tuple(replace(code, aliases=()) for code in column.codelist.codes)
        return replace(column, codelist=replace(column.codelist, codes=codes, source=""))

    assert catalog.read_codebook(catalog.codebook(edition)) == tuple(
        bare(column) for column in edition.columns
    )


@pytest.mark.parametrize(
    "text", ["", "[]", '{"columns": []}', '{"codelists": [], "columns": [{"codelist": null}]}']
)
def test_what_is_no_codebook_is_refused(text):
    with pytest.raises(catalog.CatalogError, match="codebook"):
        catalog.read_codebook(text)

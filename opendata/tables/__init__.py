"""Publication tables of released data, for paper, pages and Excel; a suppressed value is shown as suppressed.

```python
table = tables.publication_table(data, ["visits"], rows="province", columns="sex", codebook=codebook, title=title)
table                                  # shows itself in a notebook
tables.great_table(table)              # to be styled further, or put on a page: .as_raw_html()
tables.write_xlsx(table, "table.xlsx")
```
"""

from __future__ import annotations

from opendata.tables.excel import write_xlsx
from opendata.tables.layout import PublicationTable, TableError, publication_table
from opendata.tables.page import great_table

__all__ = ["PublicationTable", "TableError", "great_table", "publication_table", "write_xlsx"]

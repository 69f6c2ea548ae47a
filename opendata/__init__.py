"""From a workbook to a protected, audited, catalogued open dataset on a CKAN portal."""

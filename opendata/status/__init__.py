"""What a workspace holds by its ledger: where every version stands, and whatever is not as it was written down."""

from opendata.status.examining import Status, examine
from opendata.status.standing import Standing
from opendata.status.telling import as_json, table

__all__ = ["Standing", "Status", "as_json", "examine", "table"]

"""The list of health databases (Decree 102/2025, Articles 7, 18(3), 22(2)): one record for each database."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from catalog import law
from catalog.entry import Agent, Contact, Frequency
from catalog.evidence import Group
from catalog.labels import Day, Labels, Strict


class Database(Strict):
    """One health database; the database itself is never read or published.

    Attributes:
        name: Its name.
        description: What it holds and what for.
        owner: The agency that owns and manages it.
        groups: Groups 1 to 24 of Article 5, Decree 102/2025.
        category: Category of Article 7: "1" national, "2a" ministry, "2b" province, "3" other levels, "4" shared.
        frequency: How often it is updated; code of the EU authority table.
        contact: The office that answers questions.
        access: Access class of Article 10(2)(c): open data, personal data, or other.
        access_route: How access is asked for: channel, form, who decides.
        master_data: Whether it holds master data (Articles 10(3), 15): an open copy is never the master copy.
        reviewed: Day of the last review of this record.
    """

    name: Labels
    description: Labels | None = None
    owner: Agent
    groups: tuple[Group, ...] = Field(min_length=1)
    category: Literal["1", "2a", "2b", "3", "4"]
    frequency: Frequency
    contact: Contact
    access: Literal["open", "personal", "other"]
    access_route: Labels
    master_data: bool = Field(strict=True)
    reviewed: Day

    @field_validator("groups")
    @classmethod
    def _known(cls, groups: tuple[int, ...]) -> tuple[int, ...]:
        if set(groups) - set(law.groups()) or len(set(groups)) < len(groups):
            raise PydanticCustomError(
                "groups",
                "give groups 1 to 24, each once",
                {"vi": "hãy ghi các nhóm từ 1 đến 24, mỗi nhóm một lần"},
            )
        return tuple(sorted(groups))

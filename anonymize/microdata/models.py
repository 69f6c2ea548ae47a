"""What a record-level extract is held to: the declared models of privacy."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from anonymize.errors import TableError
from anonymize.hierarchy import Hierarchy

Name = Annotated[str, Field(min_length=1)]
Nulls = Literal["value", "refuse"]
SensitiveNulls = Literal["left_out", "value", "refuse"]


def _as_tuple(value: Any) -> Any:
    """YAML and people write lists; the models are frozen."""
    return tuple(value) if isinstance(value, list) else value


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("a name is listed twice / có tên lặp lại")
    return names


Names = Annotated[tuple[Name, ...], BeforeValidator(_as_tuple), Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    quasi_identifiers: Names

    @model_validator(mode="after")
    def _columns_once(self) -> Any:
        _distinct(self.quasi_identifiers)
        if getattr(self, "sensitive", None) in self.quasi_identifiers:
            raise ValueError(
                "the sensitive column cannot be a quasi-identifier / cột nhạy cảm không thể là biến bán định danh"
            )
        return self


class KAnonymity(_Model):
    """Every record shares its quasi-identifiers with at least k - 1 others.

    Source: L. Sweeney, "k-anonymity: a model for protecting privacy", Int. J. Uncertainty, Fuzziness and
    Knowledge-Based Systems 10(5), 2002; Handbook on Statistical Disclosure Control, chapter 3.

    Attributes:
        model: Its name in a declaration.
        k: The smallest class that is allowed.
        quasi_identifiers: The columns an intruder may know of a person.
        nulls: "value": null is a value of its own (strict: a blank record is like blank records only); "wildcard": null
            may be anything, so a record counts with every record it does not contradict, as after local suppression
            (Templ, Kowarik and Meindl, J. Statistical Software 67(4), 2015); "refuse": no nulls at all.
    """

    model: Literal["k_anonymity"] = "k_anonymity"
    k: Annotated[int, Field(ge=2)]
    nulls: Literal["value", "wildcard", "refuse"] = "value"


class LDiversity(_Model):
    """The sensitive column is well represented in every class of the quasi-identifiers.

    Source: A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, "l-diversity: privacy beyond k-anonymity",
    ACM TKDD 1(1), 2007: entropy (definition 4.1) and recursive (c, l) (definition 4.2). With several sensitive
    columns, declare one check for each, with the others among its quasi-identifiers (section 4.3 there).

    Attributes:
        model: Its name in a declaration.
        l: "distinct", "recursive": a whole number; "entropy": the entropy of every class is at least log(l).
        kind: "distinct": at least l values; "entropy"; "recursive": the most frequent value occurs less than c times as
            often as the l-th and rarer ones together.
        c: The factor of "recursive".
        quasi_identifiers: The columns an intruder may know of a person.
        sensitive: The column to be kept secret.
        nulls: For quasi-identifiers: "value" or "refuse", as for `KAnonymity`.
        sensitive_nulls: "left_out": the known values alone must be diverse (strict: a blank makes nothing diverse);
            "value": null is one more value; "refuse".
    """

    model: Literal["l_diversity"] = "l_diversity"
    l: Annotated[float, Field(gt=1, allow_inf_nan=False)]  # noqa: E741 - its name in every paper
    sensitive: Name
    kind: Literal["distinct", "entropy", "recursive"] = "distinct"
    c: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    nulls: Nulls = "value"
    sensitive_nulls: SensitiveNulls = "left_out"

    @model_validator(mode="after")
    def _parameters(self) -> LDiversity:
        if self.kind != "entropy" and not float(self.l).is_integer():
            raise ValueError("l must be a whole number / l phải là số nguyên")
        if (self.kind == "recursive") != (self.c is not None):
            raise ValueError("c belongs to kind recursive, and to it alone / c chỉ dùng với kind recursive")
        return self


class TCloseness(_Model):
    """In every class the sensitive column is distributed as in the whole extract, up to the earth mover's distance t.

    Source: N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007,
    section 4: equal, ordered and hierarchical ground distance, each from 0 to 1.

    Attributes:
        model: Its name in a declaration.
        t: The largest distance that is allowed.
        quasi_identifiers: The columns an intruder may know of a person.
        sensitive: The column to be kept secret.
        distance: "equal": all values are equally far (categories); "ordered": ranks of the values that occur;
            "hierarchical": the height of the lowest common ancestor.
        order: "ordered" text columns: their values from first to last.
        parents: "hierarchical": child -> parent, one root; records hold leaves.
        nulls: For quasi-identifiers: "value" or "refuse", as for `KAnonymity`.
        sensitive_nulls: As for `LDiversity`; "value" only with distance "equal" (null has no rank and no parent).
    """

    model: Literal["t_closeness"] = "t_closeness"
    t: Annotated[float, Field(gt=0, le=1)]
    sensitive: Name
    distance: Literal["equal", "ordered", "hierarchical"]
    order: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] | None = None
    parents: dict[str, str] | None = None
    nulls: Nulls = "value"
    sensitive_nulls: SensitiveNulls = "left_out"

    @model_validator(mode="after")
    def _parameters(self) -> TCloseness:
        if self.order is not None and self.distance != "ordered":
            raise ValueError("order belongs to distance ordered / order chỉ dùng với distance ordered")
        if (self.parents is not None) != (self.distance == "hierarchical"):
            raise ValueError("parents belongs to distance hierarchical / parents chỉ dùng với hierarchical")
        if self.sensitive_nulls == "value" and self.distance != "equal":
            raise ValueError(
                "null has no place in this distance / null không có vị trí trong khoảng cách này"
            )
        _distinct(self.order or ())
        if self.parents is not None:
            _tree(self.sensitive, self.parents)
        return self


class KMap(_Model):
    """Every record could be one of at least k people of the population, which may be larger than the extract.

    Source: L. Sweeney (as for `KAnonymity`); K. El Emam, F. Dankar, "Protecting privacy using k-anonymity",
    JAMIA 15(5), 2008. Population counts that are not given are estimated as in mu-Argus and sdcMicro: given f records
    of a class, the population count F is negative binomial, F | f ~ NB(f, p) with p = f / (sum of weights), and the
    risk of a record is E(1/F | f) (R. Benedetti, L. Franconi, 1998; L. Franconi, S. Polettini, "Individual risk
    estimation in mu-Argus: a review", PSD 2004). A class passes when this risk is at most 1/k, which is F >= k when F
    is known.

    Attributes:
        model: Its name in a declaration.
        k: The smallest population class that is allowed.
        quasi_identifiers: The columns an intruder may know of a person.
        estimate: "given": counts from the frame `population`; "negative_binomial".
        count: "given": the column of `population` with the number of people.
        weight: "negative_binomial": the column of sampling weights (people each record stands for, at least 1).
        fraction: "negative_binomial": the sampling fraction, instead of weights.
        nulls: As for `LDiversity`.
    """

    model: Literal["k_map"] = "k_map"
    k: Annotated[int, Field(ge=2)]
    estimate: Literal["given", "negative_binomial"]
    count: Name | None = None
    weight: Name | None = None
    fraction: Annotated[float, Field(gt=0, le=1)] | None = None
    nulls: Nulls = "value"

    @model_validator(mode="after")
    def _parameters(self) -> KMap:
        given = (self.count is not None, self.weight is not None, self.fraction is not None)
        wanted = (
            [(True, False, False)]
            if self.estimate == "given"
            else [(False, True, False), (False, False, True)]
        )
        if given not in wanted:
            raise ValueError(
                "estimate given needs count; negative_binomial needs weight or fraction / "
                "estimate given cần count; negative_binomial cần weight hoặc fraction"
            )
        if {self.count, self.weight} & set(self.quasi_identifiers):
            raise ValueError(
                "count and weight are no quasi-identifiers / count, weight không là biến bán định danh"
            )
        return self


Check = KAnonymity | LDiversity | TCloseness | KMap


def _tree(name: str, parents: dict[str, str]) -> None:
    try:
        Hierarchy.from_parents(name, parents)
    except TableError as error:
        raise ValueError(str(error)) from None

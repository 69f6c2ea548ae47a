"""What a refusal of microdata says; numbers only."""

from __future__ import annotations

from anonymize.errors import Text
from anonymize.microdata.models import Check, LDiversity
from anonymize.microdata.verdict import Result


def broken(check: Check, result: Result) -> tuple[Text, Text]:
    """What is wrong and what to do when classes break a check."""
    key = f"{check.model}.{check.kind}" if isinstance(check, LDiversity) else check.model
    phrase = _BROKEN[key]
    numbers = {"n": result.failing_records, "m": result.failing_classes} | check.model_dump(
        include={"k", "l", "c", "t"}
    )
    return Text(phrase.vi.format(**numbers), phrase.en.format(**numbers)), _REMEDY


NULLS = (
    Text("{n} bản ghi thiếu giá trị.", "{n} records lack a value."),
    Text(
        "Bổ sung giá trị, bỏ các bản ghi này hoặc khai báo cách hiểu ô trống (nulls, sensitive_nulls).",
        "Fill in the values, leave these records out, or declare what a blank means (nulls, sensitive_nulls).",
    ),
)
REPEATED = (
    Text(
        "{n} bản ghi là bản ghi thêm của người đã có; mô hình này tính mỗi bản ghi là một người.",
        "{n} records are further records of somebody; this model takes every record for a person.",
    ),
    Text("Giữ một bản ghi cho mỗi người rồi kiểm tra lại.", "Keep one record per person, then check again."),
)
_REMEDY = Text(
    "Gộp mã, bỏ bớt cột hoặc xóa giá trị rồi kiểm tra lại; để công bố, hãy dùng bảng tổng hợp đã bảo vệ.",
    "Merge codes, drop columns or blank values, then check again; to publish, use a protected aggregate table.",
)
_BROKEN = {
    "k_anonymity": Text(
        "{n} bản ghi trong {m} nhóm có ít hơn {k} người cùng các biến bán định danh.",
        "{n} records in {m} classes share their quasi-identifiers with fewer than {k} people, themselves included.",
    ),
    "l_diversity.distinct": Text(
        "{n} bản ghi trong {m} nhóm có ít hơn {l:g} giá trị nhạy cảm khác nhau.",
        "{n} records in {m} classes have fewer than {l:g} different sensitive values.",
    ),
    "l_diversity.entropy": Text(
        "{n} bản ghi trong {m} nhóm có entropy của giá trị nhạy cảm nhỏ hơn log({l:g}).",
        "{n} records in {m} classes have an entropy of the sensitive value below log({l:g}).",
    ),
    "l_diversity.recursive": Text(
        "{n} bản ghi trong {m} nhóm có giá trị nhạy cảm quá phổ biến theo mức ({c:g}, {l:g}).",
        "{n} records in {m} classes have a sensitive value too frequent for ({c:g}, {l:g})-diversity.",
    ),
    "t_closeness": Text(
        "{n} bản ghi trong {m} nhóm có phân bố giá trị nhạy cảm cách toàn bộ dữ liệu hơn {t:g}.",
        "{n} records in {m} classes have sensitive values distributed farther than {t:g} from the whole extract.",
    ),
    "k_map": Text(
        "{n} bản ghi trong {m} nhóm ứng với ít hơn {k} người trong dân số (đã biết hoặc ước lượng).",
        "{n} records in {m} classes could be fewer than {k} people of the population (known or estimated).",
    ),
}

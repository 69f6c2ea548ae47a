"""What each method does not protect, in plain words; part of every result."""

from __future__ import annotations

from anonymize.errors import Text
from anonymize.perturb.methods import Method

_ZEROS = Text(
    "Số 0 được giữ nguyên: bảng cho biết nhóm nào không có ai, và nhóm nào có ít nhất một người.",
    "Zeros stay: the table tells which groups hold nobody, and which hold at least one person.",
)
_MARGINS = Text(
    "Các ô biên được làm tròn riêng: so sánh tổng với các thành phần có thể thu hẹp hoặc lộ số đếm thật.",
    "Margins are rounded apart: comparing totals with their parts can narrow or reveal true counts.",
)
_REPEATS = Text(
    "Cùng một nhóm người dưới mã khác hoặc trong bảng khác được làm tròn lại: không có record_keys thì "
    "có thể suy ra số thật từ hai lần làm tròn.",
    "The same people under other codes or in another table are drawn anew: without record_keys two draws "
    "can be combined.",
)
_TIME = Text(
    "Kỳ sau của cùng một ô được làm tròn lại: chênh lệch giữa hai bản công bố không được bảo vệ riêng.",
    "The next edition of a cell is perturbed anew: differences between two releases are not protected apart.",
)
_LARGE = Text(
    "Số đếm từ cơ số trở lên ở ô trong được công bố đúng như thật.",
    "Inner counts of the base or more are published as they are.",
)
_GROUP = Text(
    "Nếu mọi người của một nhóm ở cùng một ô, điều đó vẫn thấy được (lộ theo nhóm).",
    "That all of a group fall into one cell can still be seen (group disclosure).",
)
_INSIDER = Text(
    "Người đã biết số đếm của các ô khác (người trong cuộc) có thể thu hẹp thêm.",
    "Somebody who knows other cells (an insider) can narrow counts further.",
)
_PRESENCE = Text(
    "Số công bố lớn hơn 0 cho biết chắc chắn có ít nhất một người.",
    "A published count above zero tells that there is at least one person.",
)
_COMMON: tuple[Text, ...] = (_TIME, _GROUP, _INSIDER)

_TEXTS: dict[str, tuple[Text, ...]] = {
    "random_rounding": (_PRESENCE, _MARGINS, _REPEATS),
    "midpoint_rounding": (_ZEROS, _MARGINS),
    "round_after_redaction": (_ZEROS,),
    "small_count_rounding": (_PRESENCE, _LARGE),
    "controlled_rounding": (
        _PRESENCE,
        Text(
            "Bội số của cơ số không đổi, và quy tắc tất định: số gần bội số thường về đúng bội số đó.",
            "Multiples of the base do not change, and counts near a multiple mostly go to it: "
            "the rule is not random.",
        ),
    ),
    "cell_key": (_ZEROS, _MARGINS, _REPEATS),
}


def unprotected(method: Method) -> tuple[Text, ...]:
    """What the method does not protect."""
    own = _TEXTS[method.kind]
    if method.kind == "round_after_redaction" and method.totals == "rounded":
        own = (*own, _MARGINS)
    return own + _COMMON

"""What can go wrong for a reader, and what to do about it. Never a value of the data."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import date

from catalog.errors import Problem, Text
from opendata.errors import MissingError, SpecError, VerificationError
from opendata.messages import unwritable

_SHOWN = 10  # versions or names in one message


class OfflineWarning(UserWarning):
    """The portal does not answer: what was loaded is the newest version on this machine."""


def offline(portal: str, id: str, version: str) -> OfflineWarning:
    """Nobody answers, and a version is at hand."""
    return OfflineWarning(
        f"{portal}: không trả lời; dùng {id} {version} đã lưu trên máy, có thể không phải bản mới nhất. / does not "
        f"answer; {id} {version} is taken from this machine and may not be the newest. "
        f'→ version="{version}"'
    )


def unknown_dataset(portal: str, id: str, names: Iterable[str]) -> MissingError:
    """No dataset of this id, with those that sound like it."""
    near = ", ".join(difflib.get_close_matches(id, list(names), n=3, cutoff=0.5))
    what = Text(f"không có bộ dữ liệu “{id}”.", f"there is no dataset “{id}”.")
    remedy = Text("Tìm bằng od.search(…, portal=…).", "Look for it with od.search(…, portal=…).")
    if near:
        remedy = Text(f"Có phải: {near}? {remedy.vi}", f"Did you mean: {near}? {remedy.en}")
    return MissingError([Problem(portal, what, remedy)])


def unknown_version(portal: str, id: str, version: str, known: Sequence[str]) -> MissingError:
    """The dataset is there, the version is not."""
    listed = ", ".join(known[-_SHOWN:])
    what = Text(f"{id} không có phiên bản {version}.", f"{id} has no version {version}.")
    remedy = Text(f"Các phiên bản hiện có: {listed}.", f"Its versions: {listed}.")
    return MissingError([Problem(portal, what, remedy)])


def no_file(where: str, name: str) -> MissingError:
    """The version has no such file."""
    what = Text(f"bản này không có tệp {name}.", f"this version has no file {name}.")
    remedy = Text(
        "Chọn phiên bản khác, hoặc hỏi nơi công bố.", "Choose another version, or ask the publisher."
    )
    return MissingError([Problem(where, what, remedy)])


def not_a_source(portal: str) -> MissingError:
    """Neither a portal, nor a catalogue, nor a folder of releases."""
    what = Text(
        "không phải cổng CKAN, danh mục tĩnh hay thư mục bản phát hành.",
        "neither a CKAN portal, nor a static catalogue, nor a folder of releases.",
    )
    remedy = Text(
        "Ghi địa chỉ gốc (https://…), hoặc thư mục tạo bởi opendata site hay opendata build; kiểm tra cả proxy.",
        "Give a base address (https://…), or a folder made by opendata site or opendata build; check any proxy too.",
    )
    return MissingError([Problem(portal, what, remedy)])


def nothing_yet(portal: str, id: str, day: date, first: tuple[str, date]) -> MissingError:
    """Nothing was out on that day."""
    version, out = first
    what = Text(f"ngày {day} {id} chưa có bản nào.", f"on {day} nothing of {id} was out.")
    remedy = Text(f"Bản đầu tiên: {version}, ngày {out}.", f"The first version: {version}, on {out}.")
    return MissingError([Problem(portal, what, remedy)])


def bad_day() -> SpecError:
    """What was given as a day is none."""
    what = Text("không phải một ngày.", "not a day.")
    return SpecError([Problem("as_of", what, Text('Ví dụ: "2026-03-31".', 'For example: "2026-03-31".'))])


def no_text(name: str, example: str) -> SpecError:
    """An id or a version that is no text."""
    what = Text("phải là chữ.", "must be text.")
    return SpecError([Problem(name, what, Text(f'Ví dụ: "{example}".', f'For example: "{example}".'))])


def two_versions() -> SpecError:
    """A version and a day, which may not agree."""
    what = Text("chỉ ghi một trong hai: version hoặc as_of.", "name a version or a day, not both.")
    return SpecError([Problem("version, as_of", what, Text("Bỏ bớt một.", "Leave one of them out."))])


def bad_name(what: str) -> SpecError:
    """An id or a version that cannot be one."""
    said = Text("mã bộ dữ liệu hoặc số phiên bản không hợp lệ.", "not an id of a dataset, or not a version.")
    remedy = Text("Ví dụ: notifiable-diseases, 2026.1.", "For example: notifiable-diseases, 2026.1.")
    return SpecError([Problem(what, said, remedy)])


def wrong_use(where: str, known: Iterable[str]) -> SpecError:
    """A name that is none of those that can be given."""
    listed = ", ".join(known)
    what = Text("không có tên này.", "there is no such name.")
    return SpecError([Problem(where, what, Text(f"Chọn trong: {listed}.", f"Choose among: {listed}."))])


def other_codes(column: str) -> SpecError:
    """A column of the reader's holds codes that the dataset does not."""
    what = Text(
        "có mã không thuộc danh mục mã của phiên bản này.",
        "holds codes that are not in this version's code list.",
    )
    remedy = Text(
        "Dùng nhãn của đúng phiên bản đã tải, hoặc bỏ các dòng tự thêm.",
        "Take the labels of the version that was loaded, or leave out rows of your own.",
    )
    return SpecError([Problem(column, what, remedy)])


def cannot_keep(folder: str, error: OSError) -> SpecError:
    """The cache cannot be written: a full disk, no permission."""
    remedy = Text(
        "Giải phóng dung lượng đĩa, hoặc chọn nơi lưu khác: cache=….",
        "Free disk space, or keep downloads elsewhere: cache=….",
    )
    return SpecError([Problem(folder, unwritable(error), remedy)])


def no_home() -> SpecError:
    """Nobody says where downloads are kept, and there is no home folder."""
    what = Text("người dùng này không có thư mục nhà.", "this user has no home folder.")
    remedy = Text("Ghi rõ nơi lưu: cache=….", "Say where downloads are kept: cache=….")
    return SpecError([Problem("~/.cache/ytemo", what, remedy)])


def odd_listing(portal: str) -> VerificationError:
    """The names or checksums listed cannot be those of a release."""
    what = Text("danh sách tệp hoặc mã băm không hợp lệ.", "lists files or checksums that cannot be.")
    return VerificationError([Problem(portal, what, _TELL)])


def spoiled(where: str) -> VerificationError:
    """A file of a folder is not what its manifest says."""
    what = Text(
        "tệp khác với bản đã công bố (SHA-256).", "the file is not the one that was published (SHA-256)."
    )
    remedy = Text("Lấy lại bản gốc; đừng dùng bản này.", "Get the original again; do not use this copy.")
    return VerificationError([Problem(where, what, remedy)])


def changed(portal: str, id: str, version: str) -> VerificationError:
    """The same version is another one now."""
    what = Text(
        f"{id} {version} nay khác với bản đã tải trước đây; một phiên bản không bao giờ được đổi.",
        f"{id} {version} is not what was loaded before; a version never changes.",
    )
    return VerificationError([Problem(portal, what, _TELL)])


_TELL = Text(
    "Đừng dùng; hãy báo nơi công bố. Nếu cổng chỉ để thử, dùng cache= khác.",
    "Do not use it; tell its publisher. If the portal is a rehearsal, use another cache=.",
)

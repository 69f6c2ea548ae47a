"""What was done when a version was withdrawn, and what people must still do."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.errors import Problem, Text
from opendata.portal.stored import Stored
from opendata.withdrawal.deciding import Withdrawn


def lines(done: Withdrawn) -> list[Text]:
    """What was done and what is left, one line each; commands are the same in both languages."""
    stone = done.stone
    name = f"{stone.id} {stone.version}"
    told = [
        Text(
            f"✓ Đã ghi quyết định thu hồi {name} vào sổ cái",
            f"✓ {name} is withdrawn: the decision is in the ledger",
        )
        if done.fresh
        else Text(f"✓ {name} đã bị thu hồi từ trước", f"✓ {name} was withdrawn before")
    ]
    if done.removed is not None:
        told.append(_removed(done.removed.url, len(done.removed.files)))
        commands = [f"  {line}" for line in instruction(done.removed.files)]
        told += [_ADMIN, *(Text(line, line) for line in commands)] if commands else []
    return [*told, *_LEFT]


def elsewhere(done: Withdrawn) -> list[Problem]:
    """Pages on which the version still is, one problem each."""
    return [
        Problem(
            url,
            Text("phiên bản này vẫn còn ở đây.", "the version is still here."),
            Text(
                f"Chạy lại với --portal {url.rpartition('/dataset/')[0]}",
                f"Run again with --portal {url.rpartition('/dataset/')[0]}",
            ),
        )
        for url in done.elsewhere
    ]


def instruction(files: Sequence[Stored]) -> list[str]:
    """The commands with which the server's administrator deletes what CKAN keeps on its disk; none without files."""
    if not files:
        return []
    return ['cd "$CKAN_STORAGE_PATH"', *(f"rm -f -- {one.path}  # {one.file}" for one in files)]


def _removed(url: str, count: int) -> Text:
    if not count:
        return Text(f"✓ Cổng không có phiên bản này: {url}", f"✓ The portal has nothing of it: {url}")
    return Text(
        f"✓ Đã gỡ {count} tệp, thay bằng thông báo thu hồi: {url}",
        f"✓ {count} files were taken off, a notice stands in their place: {url}",
    )


_ADMIN = Text(
    "! CKAN vẫn giữ các tệp này trên đĩa máy chủ. Gửi quản trị viên máy chủ (CKAN_STORAGE_PATH là ckan.storage_path "
    "trong ckan.ini); nếu cổng có DataStore, chạy thêm: ckan datastore purge",
    "! CKAN keeps these files on the server's disk. Send this to the server's administrator (CKAN_STORAGE_PATH is "
    "ckan.storage_path of ckan.ini); where there is a DataStore, also: ckan datastore purge",
)
_LEFT = (
    Text(
        "→ Danh mục tĩnh: chạy lại opendata site rồi thay thư mục trên máy chủ web.",
        "→ The static catalogue: run opendata site again, and replace the folder on the web server.",
    ),
    Text(
        "→ Xóa ở bộ đệm (CDN, proxy) và bản sao lưu; báo các cổng đã thu hoạch và người bảo vệ dữ liệu.",
        "→ Clear caches (CDN, proxy) and backups; tell harvesting portals and the data protection officer.",
    ),
)

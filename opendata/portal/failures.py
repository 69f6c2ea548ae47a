"""What can go wrong with a portal, and what to do about it. Never a token, never a value of the data."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.errors import Problem, Text
from opendata.errors import MissingError, NotCkanError, PortalError, UnreachableError


def failure(where: str, what: Text, remedy: Text, kind: type[PortalError] = PortalError) -> PortalError:
    """One refusal of a portal."""
    return kind([Problem(where, what, remedy)])


def bad_address(url: str) -> PortalError:
    """The address is none that can be used."""
    what = Text("Địa chỉ cổng dữ liệu không hợp lệ.", "This is not the address of a portal.")
    remedy = Text(
        "Ghi địa chỉ gốc, ví dụ https://dulieu.example.vn, không kèm tên người dùng hay mật khẩu.",
        "Give its base address, such as https://data.example.org, without a user name or password.",
    )
    return failure(url, what, remedy)


def unprotected(url: str) -> PortalError:
    """A token would go over the network in the clear."""
    what = Text(
        "Không gửi token qua http:// không mã hoá.",
        "The token is not sent over http://, where others can read it.",
    )
    return failure(url, what, Text("Dùng địa chỉ https://.", "Use the https:// address."))


def unreachable(url: str) -> PortalError:
    """Nobody answers: wrong name, no network, the portal is down, or the connection broke."""
    what = Text("Cổng dữ liệu không trả lời hoặc ngắt kết nối.", "The portal does not answer, or broke off.")
    remedy = Text(
        "Kiểm tra địa chỉ, mạng và tình trạng cổng, rồi chạy lại; chạy lại nhiều lần cũng an toàn.",
        "Check the address, the network and the portal, then run again; running again is always safe.",
    )
    return failure(url, what, remedy, UnreachableError)


def proxied(url: str) -> PortalError:
    """The proxy of this machine's settings does not answer, or lets nothing through."""
    what = Text(
        "Máy chủ proxy đã khai không trả lời hoặc từ chối.",
        "The proxy that is set does not answer, or refuses.",
    )
    remedy = Text(
        "Kiểm tra HTTPS_PROXY và HTTP_PROXY; để đi thẳng, thêm tên máy chủ này vào NO_PROXY.",
        "Check HTTPS_PROXY and HTTP_PROXY; to go without it, add this host to NO_PROXY.",
    )
    return failure(url, what, remedy, UnreachableError)


def untrusted(url: str) -> PortalError:
    """TLS failed."""
    what = Text(
        "Không xác minh được chứng chỉ TLS của cổng.", "The portal's TLS certificate cannot be verified."
    )
    remedy = Text(
        "Kiểm tra địa chỉ và đồng hồ máy; nếu cơ quan có chứng chỉ riêng, đặt REQUESTS_CA_BUNDLE.",
        "Check the address and this machine's clock; for a certificate of your own, set REQUESTS_CA_BUNDLE.",
    )
    return failure(url, what, remedy)


def too_slow(url: str, seconds: float) -> PortalError:
    """No answer within the time given."""
    what = Text(
        f"Cổng không trả lời trong {seconds:g} giây.", f"The portal did not answer within {seconds:g} s."
    )
    remedy = Text(
        "Chạy lại (an toàn: phần đã xong không ghi lại) hoặc tăng timeout.",
        "Run again (safe: what is done is not written twice), or raise the timeout.",
    )
    return failure(url, what, remedy, UnreachableError)


def redirected(url: str) -> PortalError:
    """The address is another one now."""
    what = Text("Địa chỉ này chuyển hướng sang nơi khác.", "This address redirects to another.")
    remedy = Text(
        "Dùng thẳng địa chỉ mới (thường là https://).", "Use the new address itself (mostly https://)."
    )
    return failure(url, what, remedy, NotCkanError)


def not_ckan(url: str, status: int) -> PortalError:
    """An answer, but not CKAN's."""
    what = Text(f"Trả lời không phải của CKAN (HTTP {status}).", f"The answer is not CKAN's (HTTP {status}).")
    remedy = Text(
        "Kiểm tra địa chỉ gốc của cổng và máy chủ proxy; nếu cổng đang bảo trì, thử lại sau.",
        "Check the portal's base address and any proxy; if it is under maintenance, try later.",
    )
    return failure(url, what, remedy, NotCkanError)


def broken(url: str, status: int) -> PortalError:
    """The server failed."""
    what = Text(f"Máy chủ của cổng báo lỗi (HTTP {status}).", f"The portal's server failed (HTTP {status}).")
    remedy = Text(
        "Thử lại sau; nếu vẫn lỗi, báo quản trị viên của cổng.",
        "Try again later; tell its administrator if it stays.",
    )
    kind = UnreachableError if status >= 500 else PortalError
    return failure(url, what, remedy, kind)


def too_large(url: str) -> PortalError:
    """A file is larger than the portal accepts."""
    what = Text("Cổng từ chối vì tệp quá lớn.", "The portal refuses a file of this size.")
    remedy = Text(
        "Nhờ quản trị viên tăng ckan.max_resource_size và giới hạn của máy chủ web.",
        "Ask its administrator to raise ckan.max_resource_size and the web server's limit.",
    )
    return failure(url, what, remedy)


def no_token(url: str) -> PortalError:
    """Publishing without a token."""
    what = Text("Cần token để công bố.", "Publishing needs a token.")
    return failure(url, what, _NEW_TOKEN)


def bad_token(url: str) -> PortalError:
    """The portal does not know the token: wrong, expired and revoked look the same."""
    what = Text(
        "Cổng không chấp nhận token (sai, hết hạn hoặc đã thu hồi).",
        "The portal does not accept the token (wrong, expired or revoked).",
    )
    return failure(url, what, _NEW_TOKEN)


_NEW_TOKEN = Text(
    "Đăng nhập cổng, mở trang cá nhân, tạo API token mới của tài khoản biên tập rồi đặt OPENDATA_TOKEN.",
    "Log in to the portal, make a new API token on the editor's own page, and set OPENDATA_TOKEN.",
)


def not_editor(url: str, kind: Text, name: str) -> PortalError:
    """The account may not publish in an organisation or group."""
    what = Text(
        f"Tài khoản không có quyền biên tập trong {kind.vi} “{name}”, hoặc {kind.vi} đó không tồn tại.",
        f"The account is no editor of the {kind.en} “{name}”, or there is no such {kind.en}.",
    )
    remedy = Text(
        "Sửa mục publication của đặc tả, hoặc nhờ quản trị viên tạo và cấp quyền biên tập.",
        "Correct section publication of the spec, or ask the administrator to make it and add the account.",
    )
    return failure(f"{url} {name}", what, remedy)


def forbidden(url: str, action: str) -> PortalError:
    """The account may not do this."""
    what = Text(f"Cổng không cho phép ({action}).", f"The portal does not allow this ({action}).")
    remedy = Text(
        "Kiểm tra token và quyền biên tập của tài khoản trong tổ chức.",
        "Check the token, and that the account is an editor of the organisation.",
    )
    return failure(url, what, remedy)


def conflict(url: str) -> PortalError:
    """Someone changed the dataset between looking and writing."""
    what = Text(
        "Có người vừa sửa bộ dữ liệu này trên cổng; chưa ghi gì.",
        "Someone just changed this dataset on the portal; nothing was written.",
    )
    return failure(
        url, what, Text("Xem lại kế hoạch rồi chạy lại.", "Look at the plan again, then run again.")
    )


def invalid(url: str, fields: Iterable[str]) -> PortalError:
    """The portal does not accept some fields."""
    names = sorted(fields)
    listed = ", ".join(names) or "?"
    what = Text(
        f"Cổng không chấp nhận các trường: {listed}.", f"The portal does not accept these fields: {listed}."
    )
    remedy = Text(
        "Sửa mục entry hoặc publication của đặc tả.", "Correct the section entry or publication of the spec."
    )
    if "name" in names:
        remedy = Text(
            "Tên (id) có thể đã bị chiếm, kể cả bởi bộ dữ liệu đã xoá: đổi id hoặc nhờ quản trị viên.",
            "The name (id) may be taken, even by a deleted dataset: change the id or ask the administrator.",
        )
    return failure(url, what, remedy)


def missing(url: str, what: str) -> PortalError:
    """No such dataset, version or file, or not for these eyes."""
    said = Text(
        f"Không có “{what}” trên cổng, hoặc chưa công khai.",
        f"There is no “{what}” here, or it is not public.",
    )
    remedy = Text("Kiểm tra id và phiên bản.", "Check the id and the version.")
    return failure(url, said, remedy, MissingError)


def not_kept(url: str, fields: Iterable[str]) -> PortalError:
    """The portal serves something else than what was sent."""
    listed = ", ".join(sorted(fields))
    what = Text(
        f"Đọc lại thấy khác với bản đã gửi: {listed}.", f"What was read back is not what was sent: {listed}."
    )
    remedy = Text(
        "Chạy lại; nếu vẫn vậy, phần mở rộng, proxy hoặc ổ đĩa của cổng đang sửa dữ liệu: báo quản trị viên.",
        "Run again; if it stays, an extension, proxy or disk of the portal alters it: tell its admin.",
    )
    return failure(url, what, remedy)

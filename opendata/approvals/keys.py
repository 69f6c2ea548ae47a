"""Private keys of people: one file each, in a folder of their own, never in the workspace.

A key is PKCS8 PEM, readable by its owner only, with or without a passphrase. Whoever reads the file can sign: the file
is the person.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from catalog.errors import Problem, Text
from opendata.approvals.acts import Key
from opendata.errors import GateError, SpecError
from opendata.messages import unwritable

VARIABLE = "OPENDATA_KEYS"
PASSPHRASE = "OPENDATA_KEY_PASSPHRASE"  # noqa: S105 (the variable's name)


def folder(environment: Mapping[str, str]) -> Path:
    """Where the keys of this account lie: OPENDATA_KEYS, by default ~/.config/ytemo/keys."""
    chosen = environment.get(VARIABLE)
    return Path(chosen) if chosen else Path.home() / ".config" / "ytemo" / "keys"


def new_key(place: Path, id: str, *, passphrase: str | None = None) -> Key:
    """Make a private key and write it, for its owner only.

    Args:
        place: The folder; made when it is not there.
        id: Id of the person.
        passphrase: What it takes to use the key; None when the file is enough.

    Raises:
        SpecError: When there is one of this id, or the file cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    path = place / f"{id}.pem"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(_pem(private, passphrase))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise SpecError([Problem(path.name, _EXISTS, _OTHER_ID)]) from None
    except OSError as error:
        raise SpecError([Problem(path.name, unwritable(error), _FOLDER)]) from None
    return Key(id, private)


def read_key(place: Path, id: str, *, passphrase: str | None = None) -> Key:
    """A person's private key.

    Args:
        place: The folder.
        id: Id of the person.
        passphrase: What the key was locked with.

    Raises:
        GateError: When there is none, others can read it, or the passphrase is missing or wrong; nobody signs then.
    """
    path = place / f"{id}.pem"
    try:
        if path.stat().st_mode & 0o077:
            raise GateError([Problem(path.name, _LOOSE, _TIGHTEN)])
        data = path.read_bytes()
    except OSError:
        raise GateError([Problem(str(path), _NO_KEY, _BRING)]) from None
    try:
        secret = passphrase.encode() if passphrase and is_locked(place, id) else None
        private = serialization.load_pem_private_key(data, secret)
    except TypeError:
        raise GateError([Problem(path.name, _LOCKED, _SAY)]) from None
    except (ValueError, UnsupportedAlgorithm):
        raise GateError([Problem(path.name, _SPOILED, _SAY)]) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise GateError([Problem(path.name, _SPOILED, _MAKE)])
    return Key(id, private)


def is_locked(place: Path, id: str) -> bool:
    """Whether a key takes a passphrase; False when there is no such key."""
    path = place / f"{id}.pem"
    return path.is_file() and b"ENCRYPTED" in path.read_bytes()[:64]


def _pem(private: Ed25519PrivateKey, passphrase: str | None) -> bytes:
    locked = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)


_EXISTS = Text("khóa này đã có.", "this key exists.")
_OTHER_ID = Text(
    "Khóa không bao giờ bị ghi đè: chọn mã khác.", "A key is never overwritten: choose another id."
)
_FOLDER = Text(
    f"Kiểm tra quyền của thư mục khóa ({VARIABLE}).",
    f"Check the permissions of the folder of keys ({VARIABLE}).",
)
_LOOSE = Text("người khác trên máy đọc được khóa này.", "others on this machine can read this key.")
_TIGHTEN = Text(
    "Chạy chmod 600 cho tệp khóa; nếu người khác đã có thể đọc: opendata key revoke.",
    "Run chmod 600 on it; if others may have read it: opendata key revoke.",
)
_NO_KEY = Text("tài khoản này không có khóa đó.", "this account has no such key.")
_MAKE = Text("Tạo khóa: opendata key new ID --role VAI-TRÒ.", "Make one: opendata key new ID --role ROLE.")
_BRING = Text(
    "Khóa ở thư mục khác: đặt OPENDATA_KEYS. Chưa có khóa: opendata key new ID --role VAI-TRÒ. Mất khóa: opendata key "
    "revoke, rồi tạo khóa mới với mã khác.",
    "A key in another folder: set OPENDATA_KEYS. None yet: opendata key new ID --role ROLE. Lost: opendata key revoke, "
    "then make one under another id.",
)
_LOCKED = Text("khóa có mật khẩu.", "the key takes a passphrase.")
_SPOILED = Text(
    "không mở được khóa: sai mật khẩu hoặc tệp hỏng.",
    "cannot be opened: a wrong passphrase, or a damaged file.",
)
_SAY = Text(f"Nhập mật khẩu, hoặc đặt {PASSPHRASE}.", f"Type the passphrase, or set {PASSPHRASE}.")

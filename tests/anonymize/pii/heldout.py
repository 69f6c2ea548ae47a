"""A second labelled set, written without looking at the recognisers: other names, other templates, other styles."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl


class Note(NamedTuple):
    """A text with what it holds: an entity, or None; style says who would write it so."""

    entity: str | None
    text: str
    style: str


def _words(listed: str) -> list[str]:
    return [word.replace("_", " ") for word in listed.split()]


def _lines(listed: str) -> list[str]:
    return [line.strip() for line in listed.strip().splitlines()]


# ---- names -----------------------------------------------------------------------------------------------

_COMMON = _words(
    "Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Phan Vũ Hoàng Lý"
)
_RARE = _words(
    """Tạ Thái Tô Tống Từ Lưu Lại Kiều Khổng Giáp Doãn Diệp Cù Châu Cao Cấn Bạch Phùng Quách Thạch Tăng Thân
    Tiêu
    Triệu Nghiêm Mạc Lương Hứa Đàm Đậu Đồng Chu Lục Lã Tôn Khuất Ninh Phí Vương Mai Trịnh Đinh Trương Đào
    Đoàn Lâm Hà"""
)
_MEN = _words(
    """Văn Đình Trọng Bá Duy Hải Viết Ngọc Thành Quang Mạnh Tiến Hồng Nhật Tấn Chí Phước Anh Khắc Sỹ Thế Như
    Trí Đăng"""
)
_WOMEN = _words(
    """Thị Thị Thị Thị_Kim Thị_Mỹ Thị_Ngọc Thị_Hồng Thị_Thanh Diệu Kim Mỹ Hồng Ánh Tuyết Bảo Hoài Phương
    Khánh Tường Thị_Như"""
)
_GIVEN_MEN = _words(
    """Toàn Kiên Cường Tùng Thịnh Lộc Hậu Nghĩa Tài Phát Hoàn Đông Luân Trường Duy Tiến Quyết Chung Khoa
    Nhân Thuận Dương
    Tấn Lực Kha Đại Thức Hào Sang Khải Quý Việt Lâm Đoàn Hiệp Hoan Chương Bằng Bắc Chiến Doanh Sinh Huy
    Đăng"""
)
_GIVEN_WOMEN = _words(
    """Loan Thu Nguyệt Diễm Trâm Thuỷ Huệ Cúc Đào Liễu Phượng Thơm Hường Xuyến Diệp Hiền Ngọc Quyên Thoa
    Thanh Duyên Bích Ánh
    Dung Quỳnh Như Châu Trinh Tuyền Thắm Lụa Mận Nhàn Sương Thúy Kiều Ly My Hân Hằng Tuyết Nụ Miên Gấm"""
)
MINORITY = _lines(
    """Giàng A Sử|Vàng Thị Dợ|Thào Seo Pao|Sùng Mí Say|Mùa A Vảng|Hạng Thị Dở|Cứ A Lử|Lầu Bá Chò|Hờ Thị Súa
    Má Thị Di
    Tráng A Chu|Hầu Mí Sình|Thò Mí Pó|Ly Mí Chứ|Cháng A Phử|Lù Thị Sáo|Phàn Tả Mẩy|Chảo Láo Lở|Tẩn A Sảo
    Bàn Thị Pham
    Triệu Mùi Chẩn|Đặng Chòi Nhậy|Lò Văn Ún|Quàng Thị Inh|Cà Văn Pản|Lường Thị Hặc|Tòng Văn Hịa
    Cầm Thị Chiêu|Vi Thị Oan
    Nông Thị Phin|Bế Văn Nhình|Hoàng Thị Slao|Ma Văn Kháng|Lộc Thị Lưu|Hà Thị Ỉn|Bùi Thị Ển|Quách Thị Chiểu
    Xa Văn Hùng
    Y Bhuăt Êban|Y Ngông Niê Kđăm|Y Krung Mlô|Y Samuel Ayun|H'Lim Niê|H'Duyên Mlô|H'Blah Êñuôl|H Wen Byă
    H'Juin Kbuôr
    H'Nhiên Ayun|Rơ Châm H'Yưu|Siu Bláh|Ksor Nham|Kpă Thuyên|Rmah H'Ner|Nay Hờ Đức|Rơ Mah Kim
    Rah Lan H'Khuyên|Siu Thị Mlơi
    A Thút|Y Hnhờ|Đinh Thị Bluê|Alăng Nhéc|Zơ Râm Thị Ngưng|Bling Thị Năm|Hồ Thị Kăn Xiên|K'Brèo|Ka Hiền
    Liêng Jrang Ha Chú
    Cao Thị Ka Liêng|Pi Năng Thị Hốt|Katơr Thị Sính|Vòng A Sáng|Sần Chí Và|Đàng Năng Mộc|Kiều Thị Trượng
    Bá Văn Trinh
    Thạch Sa Rây|Sơn Thị Sà Rinh|Danh Út|Kim Sóc Kha|Lâm Phol|Neáng Sóc Kunh|Chau Sóc Khonl
    Thạch Thị Sô Thia|Danh Thị Nhiên
    Sơn Ngọc Phên|Kim Thị Sa Bươl|Lò Mí Chứ|Chang Văn Xè|Pờ Ló Xừ|Lỳ Xạ Pứ|Khoàng Thị Xuân|Thèn Văn Dìu
    Vương Mí Sò"""
)
MINORITY = [name for line in MINORITY for name in line.split("|")]
FOREIGN = _lines(
    """Anna Kowalski|Pierre Dubois|Hiroshi Tanaka|Park Ji-hoon|Wang Xiaoming|Mohammed Al-Farsi|Olga Ivanova
    Carlos Hernandez
    Emma Johansson|Yuki Sato|Choi Min Seo|Liu Yang|Rajesh Kumar|Fatima Hassan|Thomas Müller|Sophie Martin
    Giulia Rossi
    Sopheap Chan|Bounmy Phommachanh|Somchai Wongsakul|Michael O'Brien|Elizabeth Taylor|Jens Nielsen
    Priya Sharma|Li Wei
    Kenji Yamamoto|Dmitri Petrov|Amina Diallo|Juan Pablo Ortega|Robert Williams|Sarah Mitchell|Lee Sang-woo"""
)
FOREIGN = [name for line in FOREIGN for name in line.split("|")]


def strip(text: str) -> str:
    """The text without diacritics."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in bare if not unicodedata.combining(char))


def kinh(rng: random.Random) -> str:
    """A name, surname first, of two to five words."""
    surname = rng.choice(_COMMON if rng.random() < 0.7 else _RARE)
    if rng.random() < 0.05:
        surname += " " + rng.choice(_words("Trần Phan Hoàng Lê Đỗ"))
    woman = rng.random() < 0.5
    middle, given = (_WOMEN, _GIVEN_WOMEN) if woman else (_MEN, _GIVEN_MEN)
    words = [surname, rng.choice(middle)] if rng.random() < 0.93 else [surname]
    if rng.random() < 0.15:
        words.append(rng.choice(_words("Minh Gia Hoài Thiên Hải Ngọc Thanh Bảo")))
    return " ".join([*words, rng.choice(given)])


def full(rng: random.Random) -> str:
    """A name of anyone."""
    draw = rng.random()
    return rng.choice(MINORITY) if draw < 0.15 else kinh(rng)


def _typo(name: str, rng: random.Random) -> str:
    swaps = [
        ("ễ", "ể"),
        ("ỹ", "ỷ"),
        ("õ", "ỏ"),
        ("uy", "ui"),
        ("ỉ", "ĩ"),
        ("ầ", "â"),
        ("  ", " "),
        (" ", "  "),
    ]
    usable = [(a, b) for a, b in swaps if a in name]
    return name.replace(*rng.choice(usable), 1) if usable else name


def written(rng: random.Random) -> str:
    """A full name as a clerk writes it."""
    name = full(rng)
    draw = rng.random()
    if draw < 0.52:
        return name
    if draw < 0.66:
        return name.upper()
    if draw < 0.80:
        return strip(name)
    if draw < 0.88:
        return strip(name).upper()
    return _typo(name, rng)


def initials(rng: random.Random) -> str:
    """A name that keeps only letters of some words."""
    words = kinh(rng).split()
    first = [word[0] for word in words]
    return rng.choice(
        [
            ".".join(first) + ".",
            ".".join(first),
            " ".join([*words[:-1], first[-1] + "."]),
            " ".join([words[0], *(f"{c}." for c in first[1:])]),
            " ".join([*words[:-1], first[-1]]),
        ]
    )


# ---- numbers ---------------------------------------------------------------------------------------------


def _d(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _split(number: str, sizes: Sequence[int], by: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return by.join([*parts, number[at:]] if at < len(number) else parts)


_PROVINCES = _words(
    "001 002 004 006 010 014 017 020 024 027 030 033 036 040 044 046 049 052 056 060 066 070 074 077 080 084"
)
_CARD = _words(
    """DN HC CH NN TK HX TB NO CT XB TN CS XN MS CC CK CB KC HD TE BT HN DT DK XD TS TC TQ TA TY HG LS PV HS
    SV GB GD"""
)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def personal_id(rng: random.Random) -> str:
    born = rng.randrange(1930, 2025)
    digit = (2 if born >= 2000 else 0) + rng.randrange(2)
    return f"{rng.choice(_PROVINCES)}{digit}{born % 100:02}{_d(rng, 6)}"


def tax_code(rng: random.Random) -> str:
    while True:
        body = rng.choice(["0", "1", "2", "3", "4", "8"]) + _d(rng, 8)
        check = 10 - sum(int(c) * w for c, w in zip(body, _TAX_WEIGHTS, strict=True)) % 11
        if 0 <= check <= 9:
            return f"{body}{check}"


def gtin13(rng: random.Random) -> str:
    body = rng.choice(["893", "893", "893", "890", "400", "300"]) + _d(rng, 9)
    total = sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(body))
    return f"{body}{-total % 10}"


def insurance(rng: random.Random) -> str:
    return f"{rng.choice(_CARD)}{rng.choice('12345')}{rng.choice(_PROVINCES)[1:]}{_d(rng, 10)}"


def mobile(rng: random.Random) -> str:
    return (
        "0"
        + rng.choice(_words("32 35 38 39 56 58 70 77 79 81 83 86 88 90 91 93 94 96 97 98 99"))
        + _d(rng, 7)
    )


def landline(rng: random.Random) -> str:
    return (
        rng.choice(["024", "028"]) + "3" + _d(rng, 7)
        if rng.random() < 0.5
        else f"02{rng.choice(['36', '96', '70', '22'])}3{_d(rng, 6)}"
    )


def spoken(number: str, rng: random.Random, *ways: tuple[Sequence[int], str]) -> str:
    """The number plain, or in groups."""
    return number if rng.random() < 0.5 else _split(number, *rng.choice(ways))


def phone(rng: random.Random) -> str:
    number = mobile(rng)
    draw = rng.random()
    if draw < 0.15:
        return rng.choice(["+84", "+84 ", "84", "(+84) ", "0084"]) + number[1:]
    if draw < 0.3:
        line = landline(rng)
        return rng.choice([line, f"({line[:3]}) {line[3:7]} {line[7:]}", f"{line[:4]}.{line[4:]}"])
    return spoken(
        number, rng, ((4, 3, 3), " "), ((4, 3, 3), "."), ((3, 3, 4), "-"), ((4, 6), " "), ((3, 3, 2, 2), " ")
    )


def record_number(rng: random.Random) -> str:
    year = rng.choice(["23", "24", "25"])
    return rng.choice(
        [
            f"{year}.{_d(rng, 6)}",
            f"{year}/{_d(rng, 6)}",
            f"20{year}-{_d(rng, 5)}",
            f"BN{_d(rng, 8)}",
            f"{year}{_d(rng, 6)}",
            f"{rng.choice(_PROVINCES)[1:]}{_d(rng, 3)}.{year}{_d(rng, 6)}",
        ]
    )


def email(rng: random.Random) -> str:
    who = strip(kinh(rng)).lower().split()
    local = rng.choice(
        [
            f"{who[-1]}{who[0]}{_d(rng, 2)}",
            f"{who[-1]}.{who[0][0]}{who[1][0]}",
            f"{who[0]}_{who[-1]}",
            f"bs.{who[-1]}",
        ]
    )
    host = rng.choice(["gmail.com", "yahoo.com.vn", "syt-demo.gov.vn", "bv-example.vn", "hotmail.com"])
    return f"{local}@{host}"


def passport(rng: random.Random) -> str:
    return rng.choice(
        [
            f"{rng.choice('BCNPEK')}{_d(rng, 7)}",
            f"{rng.choice('BCP')}{_d(rng, 8)}",
            f"{rng.choice(['GK', 'EJ', 'XD', 'MH'])}{_d(rng, 7)}",
        ]
    )


def plate(rng: random.Random) -> str:
    head = rng.choice(_words("14 15 17 19 20 29 30 34 36 37 38 43 49 51 59 60 61 65 68 72 75 77 81 88 92 99"))
    car = f"{head}{rng.choice('ABCDFGHKLM')}"
    bike = f"{head}{rng.choice('BCDEFGHKLMNPSTUVXYZ')}{rng.randrange(1, 10)}"
    five = f"{_d(rng, 3)}.{_d(rng, 2)}"
    return rng.choice(
        [
            f"{car}-{five}",
            f"{bike}-{five}",
            f"{car} {five}",
            f"{car}-{five.replace('.', '')}",
            f"{bike} {_d(rng, 4)}",
        ]
    )


def account(rng: random.Random) -> str:
    return rng.choice(
        [
            "0071" + _d(rng, 9),
            "1903" + _d(rng, 10),
            "10" + _d(rng, 10),
            "2111000" + _d(rng, 7),
            "060" + _d(rng, 9),
            "9704" + _d(rng, 12),
        ]
    )


def certificate(rng: random.Random) -> str:
    place = rng.choice(_words("HNO HCM BYT ĐNA NA TH QNI HP CT ĐL BD AG KH TNG ST"))
    return rng.choice(
        [
            f"{_d(rng, 6)}/{place}-CCHN",
            f"{_d(rng, 7)}/{place}-GPHN",
            f"{_d(rng, 4)}/{place}-CCHND",
            f"{_d(rng, 6)}/CCHN-{place}",
        ]
    )


def birthday(rng: random.Random) -> date:
    return date(1928, 1, 1) + timedelta(days=int(rng.triangular(0, 35_500, 20_000)))


_TOWN = _words(
    """Vĩnh_Thạnh Nà_Tấu Bãi_Cháy Ea_Tul Cư_Pơng Mường_Phăng Tân_Hòa Phước_Long Bình_Sơn Nghi_Phú Hải_Tân
    Đồng_Tiến Long_Mỹ Thới_Lai"""
)
_STREET = _words(
    """Chùa_Láng Trần_Não Nguyễn_Sơn Lạc_Trung Phan_Xích_Long Hòa_Bình Kim_Mã Trường_Chinh Bạch_Đằng
    Nguyễn_Oanh Hùng_Vương"""
)


def address(rng: random.Random) -> str:
    town, street, k = rng.choice(_TOWN), rng.choice(_STREET), rng.randrange(1, 190)
    return rng.choice(
        [
            f"số nhà {k}, ngõ {k + 3}, phố {street}",
            f"{k}/{rng.randrange(1, 40)} đường {street}, P. {rng.randrange(1, 25)}",
            f"tổ {k % 12 + 1}, khu {k % 7 + 1}, phường {town}",
            f"ấp {rng.choice(_TOWN)}, xã {town}",
            f"thôn {k % 9 + 1}, xã {town}, huyện {rng.choice(_TOWN)}",
            f"bản {rng.choice(_TOWN)}, xã {town}",
            f"hẻm {k} đường {street}, phường {town}",
            f"phòng {k + 100}, chung cư CT{k % 9}, {street}",
            f"SN {k} {street}, TP {town}",
            f"buôn {rng.choice(_words('Sút Kniết Trấp Dhia'))}, xã {town}",
            f"khóm {k % 8 + 1}, phường {town}",
        ]
    )


# ---- notes -----------------------------------------------------------------------------------------------

PERSON = {
    "clerk": _lines(
        """BN {name} 45t, sốt N3, NS1(+)
        {name} - F1 của ca số 7, đã cách ly
        k/c {name} 2 lần k nghe máy
        Đ/c {name} (YTTB) báo thiếu 3 ca
        TV: {name}, nam, vào viện 4/6, mất 6/6
        ca 12 {name} ls giống ca 11
        bổ sung {name} vào DS tiêm bù
        {name} xin rút khỏi NC ngày 12/4
        bn {name} tái khám, HA 150/90
        mẫu của {name} bị vỡ ống
        NB: {name}; CĐ: viêm phổi
        Trùng: {name} đã có ở dòng 45
        xóa {name} vì nhập 2 lần
        {name}, con dâu, cũng sốt"""
    ),
    "prose": _lines(
        """Bệnh nhân {name} được chuyển từ trung tâm y tế huyện lên tuyến trên lúc nửa đêm.
        Theo lời kể của {name}, gia đình có nuôi chó và chưa tiêm phòng.
        Người cung cấp thông tin là {name}, hàng xóm của nạn nhân.
        Trưởng trạm {name} xác nhận không còn ca mới.
        Sau khi uống thuốc, {name} nổi mẩn toàn thân.
        Danh sách hộ nghèo gồm {name} và {name2}.
        Vợ của {name} từ chối xét nghiệm.
        Phiếu điều tra do {name} ghi, giám sát viên chưa ký.
        Cán bộ nhập liệu: {name}
        Nạn nhân được xác định là {name}, công nhân.
        Chúng tôi đã trao đổi với {name} về việc trả lại mẫu.
        Trẻ là con thứ hai của {name}.
        Người liên hệ khi cần: {name}
        Chủ hộ {name} đi làm xa nên không phỏng vấn được."""
    ),
    "english": _lines(
        """Interview with {name} was postponed
        Consent withdrawn by {name} in week 6
        {name} was lost to follow-up
        Duplicate record for {name}, merged
        Data entered by {name}; please double-check ages
        Index case: {name}, farmer
        The sample of {name} leaked in transit
        Reported by Dr {name} of the district hospital
        Mother's name is {name}"""
    ),
    "list": _lines(
        """1. {name} 2. {name2}
        {name}; {name2}; 3 người khác
        {name} - {name2}
        {name}, {name2}
        {name}"""
    ),
}
PERSON_INITIALS = _lines(
    """Bệnh nhân {name}, nữ, 28 tuổi, tử vong ngày 3
    BN {name} 61t chuyển tuyến
    ca {name} (nam, 7 tuổi) dương tính
    Cháu {name}, lớp 4B, nghỉ học từ thứ hai
    bà {name} ở xóm trên"""
)
PERSON_GIVEN = _lines(
    """chị {given} ở cùng phòng trọ đã khỏi
    Anh {given} (lái xe) không đeo khẩu trang
    cụ {given} 92 tuổi, mất tại nhà
    bé {given} chưa tiêm mũi 2
    Bà {given} khai có đi lễ hội
    BS {given} hẹn gửi lại số liệu
    ông {given}, trưởng thôn, báo tin
    cháu {given} sốt cao, phát ban
    Cô {given} điều dưỡng nhập nhầm
    bn {given} trốn viện"""
)
PERSON_FOREIGN = _lines(
    """Mr. {name} arrived from abroad with fever
    Khách du lịch {name} nhập viện vì tiêu chảy
    {name}, quốc tịch nước ngoài, xét nghiệm âm tính
    Patient {name} discharged on day 5
    contact person: {name}
    BN {name} (người nước ngoài) sốt rét ác tính
    Ms {name} declined the second dose
    Chuyên gia {name} hỗ trợ điều tra ổ dịch
    Interviewed {name} by telephone"""
)

_NUMBERED: dict[str, tuple[Callable[[random.Random], str], str]] = {
    "PERSONAL_ID": (
        lambda rng: spoken(
            personal_id(rng),
            rng,
            ((3, 3, 3, 3), " "),
            ((4, 4, 4), " "),
            ((3, 3, 6), "."),
            ((3, 3, 3, 3), "-"),
        ),
        """CCCD {n}
        căn cước công dân số {n} không khớp họ tên
        bn mang theo cc {n}, chưa có thẻ
        so cccd: {n}
        Số ĐDCN {n} trùng hai dòng
        mã định danh {n} (trẻ mới sinh)
        ID card {n} was checked at the border
        CCCD/CMND: {n}
        đã nhập {n} nhưng hệ thống báo lỗi
        {n}""",
    ),
    "ID_CARD_9": (
        lambda rng: spoken(rng.choice("0123") + _d(rng, 8), rng, ((3, 3, 3), " "), ((3, 3, 3), ".")),
        """CMND {n} cấp tại Nghệ An
        giấy CMND số {n} đã mờ
        CMTND: {n}
        chứng minh thư {n} hết hạn
        so cmnd {n}
        chứng minh nhân dân {n}
        old ID card no. {n}""",
    ),
    "HEALTH_INSURANCE": (
        lambda rng: spoken(
            insurance(rng),
            rng,
            ((2, 1, 2, 10), " "),
            ((3, 2, 3, 5), " "),
            ((2, 1, 2, 10), "-"),
            ((2, 1, 2, 2, 3), " "),
        ),
        """BHYT {n}
        thẻ {n} không còn giá trị
        bn dùng thẻ của người khác: {n}
        mã thẻ {n} sai nơi KCB ban đầu
        Đã từ chối thanh toán hồ sơ thẻ {n}
        insurance card {n} rejected
        {n} - đúng tuyến
        {n}""",
    ),
    "HEALTH_INSURANCE_10": (
        lambda rng: rng.choice(_PROVINCES)[1:] + _d(rng, 8),
        """thẻ BHYT mẫu mới {n}
        số thẻ bảo hiểm y tế {n}
        BHYT: {n}, hạn 31/12
        Mã thẻ BHYT {n} không tra được
        health insurance no {n}""",
    ),
    "SOCIAL_INSURANCE": (
        lambda rng: spoken(rng.choice(_PROVINCES)[1:] + _d(rng, 8), rng, ((2, 4, 4), " "), ((3, 3, 4), ".")),
        """mã số BHXH {n}
        sổ bảo hiểm xã hội {n}
        BHXH: {n} đã chốt sổ
        số sổ BHXH {n} (nghỉ thai sản)
        social insurance number {n}""",
    ),
    "TAX_CODE": (
        lambda rng: tax_code(rng) + rng.choice(["", "", "", "-001", "-012"]),
        """MST {n}
        mã số thuế cá nhân: {n}
        MST cá nhân {n}, đã khấu trừ
        mst: {n}
        personal tax code {n}""",
    ),
    "PHONE": (
        phone,
        """sđt {n}
        ĐT: {n}
        gọi lại {n} gặp con gái
        Zalo {n}
        DĐ {n} (chồng)
        lh {n} sau 17h
        call {n} for results
        đt người nhà {n}
        {n} thuê bao không liên lạc được
        tel {n}
        hotline riêng của bs {n}
        số máy {n} nhầm số""",
    ),
    "EMAIL": (
        email,
        """gửi kq qua {n}
        mail: {n}
        liên hệ {n} để lấy dữ liệu gốc
        Contact {n} for the raw data
        {n}
        phản hồi của <{n}> ngày 3/4""",
    ),
    "PASSPORT": (
        passport,
        """HC {n} nhập cảnh Nội Bài
        số hộ chiếu: {n}
        hộ chiếu {n}, visa hết hạn
        passport {n}
        Passport No: {n} issued 2019
        ho chieu {n}""",
    ),
    "VEHICLE_PLATE": (
        plate,
        """TNGT: xe {n} va chạm xe tải
        BKS {n}
        biển kiểm soát {n}
        xe máy {n} gây tai nạn rồi bỏ chạy
        bien so {n}
        license plate {n}
        nạn nhân đi xe {n}""",
    ),
    "BANK_ACCOUNT": (
        lambda rng: spoken(account(rng), rng, ((4, 4, 4), " "), ((3, 3, 4), ".")),
        """stk {n} Vietcombank
        TK ngân hàng: {n}
        chi hỗ trợ qua số TK {n}
        số tài khoản {n} tại Agribank
        bank account {n}
        chuyển tiền vào tk {n}
        a/c no. {n}""",
    ),
    "MEDICAL_RECORD": (
        record_number,
        """số bệnh án {n}
        mã BN {n}
        SBA: {n}
        mã BA {n} thiếu tờ điều trị
        hồ sơ bệnh án số {n}
        mã y tế: {n}
        PID {n}
        medical record no. {n}
        số vào viện {n}
        số lưu trữ {n}
        mã người bệnh {n}""",
    ),
    "PRACTICE_CERTIFICATE": (
        certificate,
        """CCHN {n}
        bác sĩ điều trị có số CCHN {n}
        chứng chỉ hành nghề {n} bị thu hồi
        {n} cấp năm 2014
        GPHN số {n}
        practising certificate {n}""",
    ),
    "DATE_OF_BIRTH": (
        lambda rng: birthday(rng).strftime(
            rng.choice(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y"])
        ),
        """sinh ngày {n}
        NS: {n}
        ngày sinh {n}
        DOB {n}
        ngay sinh: {n}
        date of birth: {n}
        sinh {n}, nữ
        born {n}
        BN nữ, sn {n}""",
    ),
    "ADDRESS": (
        address,
        """ĐC: {n}
        trú tại {n}
        Nhà ở {n}
        địa chỉ {n}
        nơi ở hiện tại: {n}
        bn ở {n}
        thường trú {n}
        HKTT: {n}
        sống tại {n}""",
    ),
}
NUMBERED = {entity: (draw, _lines(templates)) for entity, (draw, templates) in _NUMBERED.items()}
NUMERIC = [entity for entity in NUMBERED if entity not in {"EMAIL", "DATE_OF_BIRTH", "ADDRESS"}]
LEFT_OUT = "UNDECIDABLE"
UNDECIDABLE = _lines(
    """{n}
    xem lại {n}
    {n} chưa khớp
    đối chiếu {n} với sổ
    see {n}"""
)

_HOSPITAL = _lines(
    """Bệnh viện Nguyễn Tri Phương|BVĐK Nguyễn Đình Chiểu|Bệnh viện Từ Dũ|BV Hùng Vương|Bệnh viện Lê Văn Thịnh
    Bệnh viện Nguyễn Trãi|BV Phạm Ngọc Thạch|TTYT huyện Trần Văn Thời|Bệnh viện Trưng Vương
    BV Nhân dân Gia Định
    Trạm y tế xã Nguyễn Việt Khái|TYT phường Lê Hồng Phong|BVĐK Hồng Ngọc|Viện Pasteur Nha Trang
    Trạm Y tế xã Phan Thanh
    Bệnh viện Đa khoa Thống Nhất|Phòng khám Đa khoa Minh Đức|BV Hoàn Mỹ|Bệnh viện C Đà Nẵng
    TTYT huyện Võ Nhai"""
)
_HOSPITAL = [name for line in _HOSPITAL for name in line.split("|")]
_SCHOOL = _lines(
    """Trường THCS Trần Quốc Toản|trường tiểu học Kim Đồng|Trường THPT Chu Văn An|THCS Nguyễn Văn Trỗi
    Trường mầm non Hoa Sen
    Đại học Y khoa Phạm Ngọc Thạch|Trường THPT Lê Quý Đôn|trường TH Võ Thị Sáu|Trường Cao đẳng Y tế Bạch Mai
    THPT Phan Bội Châu"""
)
_SCHOOL = [name for line in _SCHOOL for name in line.split("|")]
_PLACE = _lines(
    """phường Nguyễn Thị Minh Khai|xã Trần Phú|phường Lê Lợi|huyện Trần Đề|xã Hồ Thị Kỷ|phường Hoàng Văn Thụ
    xã Quách Phẩm
    phường Phan Đình Phùng|xã Ea H'leo|huyện Mai Sơn|xã Tạ An Khương|phường Bùi Thị Xuân|huyện Ngọc Hiển
    thị trấn Cái Đôi Vàm
    đường Lê Hồng Phong|chợ Bà Chiểu|cầu Nguyễn Văn Cừ|KCN Lê Minh Xuân|công viên Lê Văn Tám|xã Nguyễn Phích
    đường Cách Mạng Tháng Tám"""
)
_PLACE = [name for line in _PLACE for name in line.split("|")]
_PROVINCE = _words(
    """Lâm_Đồng Hà_Giang Hưng_Yên An_Giang Bình_Dương Thanh_Hóa Đắk_Lắk Kon_Tum Thái_Bình Vĩnh_Long Lạng_Sơn
    Tây_Ninh Lai_Châu Gia_Lai Cao_Bằng Mai_Châu"""
)
CLEAN = _lines(
    """Tổng chi {m} đồng, trong đó thuốc chiếm 42%
    chi phí KCB BHYT quý 2: {m} đ
    Kinh phí thực hiện {m}đ, nguồn trung ương
    Giải ngân {dots} VND
    Doanh thu {dots} đồng trong 9 tháng
    Số lượt khám {n9}
    {n9} liều vắc xin đã phân bổ
    Dân số {n9} người (TĐT 2019)
    Số người có thẻ BHYT là {n9}
    số thẻ BHYT đã cấp: {n9}
    tổng số tài khoản VssID đã kích hoạt {n9}
    Có {k} ca, trong đó {k2} ca nặng
    {k} hộ / {k2} nhân khẩu
    QĐ {k}/QĐ-UBND ngày 12/3/2024
    Theo Thông tư {k}/2017/TT-BYT
    CV số {k}/SYT-KHTC ngày 05.06.2024
    Nghị định 102/2025/NĐ-CP có hiệu lực từ 01/07/2025
    Căn cứ văn bản số {k}/BHXH-CSYT
    Lô {lot}, HSD 06/2026
    số lô {n8} bị thu hồi
    vaccine lot {lot} exp 2026-03-31
    SĐK {vd}
    thuốc có SĐK: {vd}, đã hết hạn
    SDK {reg12}
    số đăng ký {reg12}
    GTIN {gtin}
    mã vạch {gtin}
    barcode {gtin} scanned twice
    Hóa đơn {n8} ngày 12/03/2025
    HĐ số {n8}, ký hiệu 1C25TAA
    invoice no. {n8} of 03 May 2025
    phiếu nhập kho PN{n8}
    Mã CSKCB {fac} báo cáo chậm
    mã cơ sở {fac} đổi thành {fac2}
    mã xã {ward5}, huyện {dist}
    mã đơn vị {fac} sáp nhập
    ICD {icd}: tăng {k}%
    {icd}, {icd2} gộp chung
    Hotline Bộ Y tế 1900 9095
    tổng đài 19003228
    đường dây nóng 1900.9095
    gọi cấp cứu 115
    Ngày báo cáo 31/12/2024
    số liệu đến hết ngày {day}
    Cập nhật {day}, sẽ hiệu đính sau
    Báo cáo tuần {week}, nhận ngày {day}
    Giám sát từ {day} đến {day2}
    dữ liệu năm 2023 chưa gồm {province}
    {hospital} chưa gửi báo cáo tháng {month}
    Số liệu của {hospital} tăng do thay đổi định nghĩa ca
    {hospital}: bổ sung {k} trường hợp
    Ổ dịch tại {school}, {k} học sinh nghỉ
    {school} cho nghỉ học {k2} ngày
    Phun hóa chất tại {place}
    {place} có {k} ca mới
    Ngộ độc thực phẩm tại {place}, {k} người mắc
    {province} gửi muộn {k2} ngày
    không tính {province} và {province2}
    Tỉnh {province} hợp nhất với {province2}
    Hội chứng Guillain-Barré: {k2} ca
    bệnh Kawasaki, {k2} ca ở trẻ dưới 5 tuổi
    Bệnh Parkinson và Alzheimer gộp chung nhóm G
    ước lượng theo Kaplan-Meier, kiểm định Fisher
    Tính theo mô hình Cox, hiệu chỉnh tuổi
    xét nghiệm soi phân bằng Kato-Katz
    Số liệu sơ bộ
    Không có báo cáo
    chưa đủ cỡ mẫu (n={k})
    mẫu số là dân số giữa năm
    Tỷ lệ 12,5/100.000 dân
    KTC 95%: 1,23-4,56
    p=0,0123456
    Bệnh nhân nội trú tăng {k}%
    Bệnh nhân Lao kháng thuốc: {k}
    Bác sĩ trên vạn dân đạt 12,5
    Trẻ em dưới 1 tuổi, phụ nữ có thai
    Cô đơn, trầm cảm ở người cao tuổi
    Nhóm tuổi 15-49; nữ chiếm {k2}%
    ông bà, cha mẹ chăm sóc trẻ
    Anh hùng lao động, bà mẹ Việt Nam anh hùng được miễn
    tiêm bù mũi 2 cho {k} trẻ sinh năm 2022
    Năm sinh 1990-1994 là nhóm lớn nhất
    Trẻ sinh từ 01/01/2020 đến 31/12/2021
    Ngày 7 tháng 4 là Ngày Sức khỏe Thế giới
    Chiến dịch Vitamin A đợt {k2}
    máy X-quang số hiệu XR-{n8}
    Model ABC-{k}, serial máy chủ không ghi
    URL https://dulieu.example.gov.vn/bao-cao/{k}
    phiên bản 2.10.{k2}
    toạ độ 21.028511, 105.804817
    {dots} bao cao su đã phát
    Late reporting from {k} communes in {province}
    Figures for {province} exclude private hospitals
    Cases per 100 000 population; denominators {n9}
    Total expenditure {m} VND ({k2}% of GDP)
    Catch-up doses: {n9}
    Decision No. {k}/QD-BYT of {day}
    Hoàng thành, Lý lịch và Mai táng là từ thường
    ho khan, sốt, mệt; dương tính
    Do an toàn thực phẩm
    Ban Chăm sóc sức khỏe cán bộ trả lời
    Cao Bằng, Lạng Sơn, Thái Nguyên không báo cáo
    So sánh 63 tỉnh cũ và 34 tỉnh mới
    Nhà thầu trúng thầu gói {k}/2024
    Thiếu dữ liệu tháng {month} do đổi phần mềm
    tai nan giao thong tang {k} vu
    so lieu chua day du, cap nhat sau
    BAO CAO QUY 3 CHUA GUI
    BỆNH VIỆN ĐA KHOA TỈNH {caps}
    Bộ Y tế - Cục Y tế dự phòng tổng hợp
    Viện Vệ sinh dịch tễ Tây Nguyên phụ trách {k2} tỉnh
    Khoa Nội, Khoa Ngoại, Khoa Sản, Khoa Nhi
    thuốc Amoxicilin 500 mg, Paracetamol 500mg
    Vi rút Dengue týp 2, muỗi Aedes aegypti
    mã chương {fac}, loại khoản {dist}-{dist2}
    kế hoạch số {k} ngày {day} của UBND tỉnh {province}
    Số giường kế hoạch {k}; thực kê {k2}
    Số ca cộng dồn {n9} tính đến {day}"""
)


def clean(template: str, rng: random.Random) -> str:
    """A clean note: the template with amounts, codes and places."""
    day = lambda: (date(2023, 1, 1) + timedelta(days=rng.randrange(1000))).strftime("%d/%m/%Y")  # noqa: E731
    amount = rng.randrange(10**8, 10**10)
    slots: dict[str, object] = {
        "m": rng.choice([str(amount), f"{amount:,}".replace(",", "."), f"{amount:,}"]),
        "dots": f"{amount:,}".replace(",", rng.choice([".", " "])),
        "n9": rng.choice([str(amount // 10), f"{amount // 10:,}".replace(",", ".")]),
        "n8": f"{rng.randrange(10**8):08}",
        "k": rng.randrange(2, 4000),
        "k2": rng.randrange(2, 90),
        "lot": rng.choice(
            [f"{rng.choice('ABFV')}{rng.choice('CKX')}{_d(rng, 4)}", f"{_d(rng, 6)}", f"FM{_d(rng, 4)}A"]
        ),
        "vd": rng.choice(
            [
                f"VD-{_d(rng, 5)}-{rng.randrange(12, 24)}",
                f"VN-{_d(rng, 5)}-{rng.randrange(12, 24)}",
                f"QLĐB-{_d(rng, 3)}-18",
            ]
        ),
        "reg12": f"893{rng.choice('12')}{rng.choice('1046')}{_d(rng, 5)}{rng.choice(['23', '24'])}",
        "gtin": gtin13(rng),
        "fac": f"{rng.choice(_PROVINCES)[1:]}{_d(rng, 3)}",
        "fac2": f"{rng.choice(_PROVINCES)[1:]}{_d(rng, 3)}",
        "ward5": f"{rng.randrange(1, 32_250):05}",
        "dist": _d(rng, 3),
        "dist2": _d(rng, 3),
        "icd": f"{rng.choice('ABJIE')}{_d(rng, 2)}",
        "icd2": f"{rng.choice('ABJIE')}{_d(rng, 2)}.{_d(rng, 1)}",
        "day": day(),
        "day2": day(),
        "week": rng.randrange(1, 53),
        "month": rng.randrange(1, 13),
        "hospital": rng.choice(_HOSPITAL),
        "school": rng.choice(_SCHOOL),
        "place": rng.choice(_PLACE),
        "province": rng.choice(_PROVINCE),
        "province2": rng.choice(_PROVINCE),
        "caps": rng.choice(_PROVINCE).upper(),
    }
    return template.format(**slots)


def notes(rng: random.Random, each: int = 6) -> list[Note]:
    """Labelled notes.

    Args:
        rng: Source of every choice.
        each: Notes per template.

    Returns:
        Notes with an entity, clean ones (None), and bare numbers nobody can decide ("UNDECIDABLE").
    """
    made: list[Note] = []
    for style, templates in PERSON.items():
        for template in templates * each:
            name, name2 = written(rng), written(rng)
            made.append(Note("PERSON", template.format(name=name, name2=name2), style))
    for template in PERSON_INITIALS * each:
        made.append(Note("PERSON", template.format(name=initials(rng)), "initials"))
    for template in PERSON_GIVEN * each:
        made.append(
            Note("PERSON", template.format(given=rng.choice(_GIVEN_MEN + _GIVEN_WOMEN)), "given name")
        )
    for template in PERSON_FOREIGN * each:
        made.append(Note("PERSON", template.format(name=rng.choice(FOREIGN)), "foreign"))
    for entity, (draw, templates) in NUMBERED.items():
        for template in templates * each:
            text = template.format(n=draw(rng))
            made.append(Note(entity, strip(text) if rng.random() < 0.1 else text, "number"))
    for template in UNDECIDABLE * each:
        made.append(Note(LEFT_OUT, template.format(n=_d(rng, rng.choice([9, 10]))), "bare number"))
    for template in CLEAN * each:
        text = clean(template, rng)
        made.append(Note(None, strip(text) if rng.random() < 0.1 else text, "clean"))
    return made


# ---- columns ---------------------------------------------------------------------------------------------


def _money(rng: random.Random) -> int:
    return int(rng.lognormvariate(18, 1.5))


_DRUGS = _words(
    """Amoxicilin Paracetamol Metformin Amlodipin Losartan Cefuroxim Omeprazol Atorvastatin Salbutamol
    Gliclazid Diazepam Insulin"""
)
_DISEASES = _lines(
    """Sốt xuất huyết Dengue|Tay chân miệng|Viêm não Nhật Bản|Ho gà|Bạch hầu|Sởi|Thủy đậu|Quai bị
    Cúm A(H5N1)|Bệnh dại|Lao phổi
    Viêm gan vi rút B|Uốn ván sơ sinh|Liên cầu lợn ở người|Bệnh Whitmore|Sốt rét|Than|Tả|Lỵ trực khuẩn
    Thương hàn|Hội chứng Down"""
)
_DISEASES = [name for line in _DISEASES for name in line.split("|")]
WARDS = _lines(
    """Phúc Xá|Trúc Bạch|Vĩnh Phúc|Cống Vị|Liễu Giai|Nguyễn Trung Trực|Quán Thánh|Ngọc Hà|Điện Biên|Đội Cấn
    Kim Mã|Giảng Võ
    Thành Công|Hàng Mã|Lý Thái Tổ|Hàng Bạc|Trần Hưng Đạo|Phan Chu Trinh|Bạch Mai|Lê Đại Hành|Bùi Thị Xuân
    Phố Huế|Minh Khai
    Trương Định|Đồng Tâm|Vĩnh Tuy|Thanh Lương|Nguyễn Du|Bến Thành|Cô Giang|Đa Kao|Tân Định|Cầu Ông Lãnh
    Thảo Điền|An Phú
    Hiệp Phú|Tăng Nhơn Phú A|Võ Thị Sáu|Linh Xuân|Tam Bình|Bình Chiểu|Ea Tam|Tân Lợi|Tự An|Cư Êbur|Hòa Thuận
    Khánh Xuân
    Lê Bình|An Cư|Xuân Khánh|Hưng Lợi|Thới Bình|Trà An|Hồ Thị Kỷ|Tạ An Khương|Quách Phẩm|Đất Mũi|Phong Lạc
    Lý Văn Lâm|Tắc Vân
    Mường Thanh|Nam Thanh|Him Lam|Tà Lèng|Sa Pa|Hàm Rồng|Phan Si Păng|Y Tý|A Lù|Mai Pha|Hoàng Văn Thụ
    Vĩnh Trại|Đông Kinh"""
)
WARDS = [name for line in WARDS for name in line.split("|")]

_Draw = Callable[[random.Random, int], list[object]]


def _each(draw: Callable[[random.Random], object]) -> _Draw:
    return lambda rng, n: [draw(rng) for _ in range(n)]


def _style(*draws: Callable[[random.Random], object]) -> _Draw:
    """One style per column: registers are written by one system, notes are not."""

    def column(rng: random.Random, n: int) -> list[object]:
        draw = rng.choice(draws)
        return [draw(rng) for _ in range(n)]

    return column


_RECORDS = (
    lambda rng: f"{rng.choice(['23', '24', '25'])}.{_d(rng, 6)}",
    lambda rng: f"{rng.choice(['23', '24', '25'])}/{_d(rng, 6)}",
    lambda rng: f"BN{_d(rng, 8)}",
    lambda rng: f"BA-{rng.choice(['24', '25'])}-{_d(rng, 6)}",
    lambda rng: f"{rng.choice(_PROVINCES)[1:]}{_d(rng, 3)}.{rng.choice(['24', '25'])}{_d(rng, 6)}",
    lambda rng: f"202{rng.choice('345')}-{_d(rng, 5)}",
)
_ACCOUNTS = (
    lambda rng: "0071" + _d(rng, 9),
    lambda rng: "1903" + _d(rng, 10),
    lambda rng: "10" + _d(rng, 10),
    lambda rng: "2111000" + _d(rng, 7),
    lambda rng: "060" + _d(rng, 9),
)
PERSONAL: dict[str, _Draw] = {
    "PERSONAL_ID": _each(personal_id),
    "PERSONAL_ID grouped": _each(lambda rng: _split(personal_id(rng), (3, 3, 6), " ")),
    "PERSONAL_ID Int64": _each(lambda rng: int(personal_id(rng))),
    "ID_CARD_9": _each(lambda rng: rng.choice("0123") + _d(rng, 8)),
    "ID_CARD_9 Int64": _each(lambda rng: int(rng.choice("0123") + _d(rng, 8))),
    "HEALTH_INSURANCE": _each(insurance),
    "HEALTH_INSURANCE 10": _each(lambda rng: rng.choice(_PROVINCES)[1:] + _d(rng, 8)),
    "SOCIAL_INSURANCE": _each(lambda rng: rng.choice(_PROVINCES)[1:] + _d(rng, 8)),
    "SOCIAL_INSURANCE Int64": _each(lambda rng: int(rng.choice(_PROVINCES)[1:] + _d(rng, 8))),
    "TAX_CODE": _each(tax_code),
    "PHONE": _style(
        mobile,
        mobile,
        lambda rng: "84" + mobile(rng)[1:],
        lambda rng: _split(mobile(rng), (4, 3, 3), "."),
        landline,
    ),
    "PHONE Int64": _each(lambda rng: int(mobile(rng))),
    "EMAIL": _each(email),
    "PASSPORT": _style(lambda rng: f"{rng.choice('BCNP')}{_d(rng, 7)}", passport),
    "VEHICLE_PLATE": _each(plate),
    "BANK_ACCOUNT": _style(*_ACCOUNTS, account),
    "MEDICAL_RECORD": _style(*_RECORDS),
    "PRACTICE_CERTIFICATE": _each(certificate),
    "DATE_OF_BIRTH": _style(
        lambda rng: birthday(rng).strftime("%d/%m/%Y"),
        lambda rng: birthday(rng).strftime("%Y-%m-%d"),
        lambda rng: birthday(rng).strftime("%d-%m-%Y"),
        lambda rng: birthday(rng).strftime("%Y%m%d"),
        lambda rng: birthday(rng).strftime("%d%m%Y"),
    ),
    "DATE_OF_BIRTH Date": _each(birthday),
    "ADDRESS": _each(address),
    "PERSON": _each(full),
    "PERSON capitals": _each(lambda rng: full(rng).upper()),
    "PERSON no diacritics": _each(lambda rng: strip(full(rng))),
    "PERSON bare capitals": _each(lambda rng: strip(full(rng)).upper()),
    "PERSON as written": _each(written),
}


def _sequence(fmt: str) -> _Draw:
    def column(rng: random.Random, n: int) -> list[object]:
        at, made = rng.randrange(1, 900_000), []
        for _ in range(n):
            at += rng.randrange(1, 6)
            made.append(fmt.format(at))
        return list(made)

    return column


def _report_day(rng: random.Random) -> date:
    return date(2022, 1, 1) + timedelta(days=rng.randrange(1300))


_FACILITY = _lines(
    """Bệnh viện Đa khoa tỉnh {p}|Trạm Y tế xã {w}|Trung tâm Y tế huyện {w}|BVĐK khu vực {w}|TYT phường {w}
    Bệnh viện Sản Nhi {p}
    Phòng khám đa khoa {w}|Bệnh viện Y học cổ truyền {p}|Trung tâm Kiểm soát bệnh tật tỉnh {p}
    Nhà thuốc {w}"""
)
_FACILITY = [name for line in _FACILITY for name in line.split("|")] + _HOSPITAL
HARMLESS: dict[str, _Draw] = {
    "province code": _each(lambda rng: rng.choice(_PROVINCES)[1:]),
    "district code": _each(lambda rng: f"{rng.randrange(1, 974):03}"),
    "ward code": _each(lambda rng: f"{rng.randrange(1, 32_250):05}"),
    "ICD code": _each(
        lambda rng: f"{rng.choice('ABCDEIJKOSTZ')}{_d(rng, 2)}" + rng.choice(["", f".{_d(rng, 1)}"])
    ),
    "facility code": _each(lambda rng: f"{rng.choice(_PROVINCES)[1:]}{_d(rng, 3)}"),
    "count": _each(lambda rng: int(rng.lognormvariate(3, 2))),
    "large count": _each(lambda rng: int(rng.lognormvariate(15, 2))),
    "count as text": _each(lambda rng: str(int(rng.lognormvariate(8, 3)))),
    "money": _each(_money),
    "money as text": _each(lambda rng: f"{_money(rng):,}".replace(",", ".")),
    "money in thousands": _each(lambda rng: _money(rng) // 1000 * 1000),
    "money plain text": _each(lambda rng: str(_money(rng))),
    "GTIN-13": _each(gtin13),
    "GTIN-13 Int64": _each(lambda rng: int(gtin13(rng))),
    "invoice": _sequence("{:08}"),
    "invoice 7": _sequence("{:07}"),
    "invoice with serial": _sequence("1C25TYY-{:08}"),
    "report date": _style(
        lambda rng: _report_day(rng).strftime("%d/%m/%Y"), lambda rng: _report_day(rng).isoformat()
    ),
    "report date Date": _each(_report_day),
    "rate": _each(lambda rng: round(rng.uniform(0, 2000), rng.choice([1, 2, 6]))),
    "drug name": _each(
        lambda rng: f"{rng.choice(_DRUGS)} {rng.choice(['500 mg', '10mg', '250mg/5ml', '1g'])}"
    ),
    "drug registration": _each(
        lambda rng: rng.choice(
            [f"VD-{_d(rng, 5)}-{rng.randrange(12, 24)}", f"VN-{_d(rng, 5)}-{rng.randrange(12, 24)}"]
        )
    ),
    "drug registration 12": _each(
        lambda rng: f"893{rng.choice('12')}{rng.choice('1046')}{_d(rng, 5)}{rng.choice(['23', '24'])}"
    ),
    "lot": _each(lambda rng: f"{rng.choice('ABFV')}{rng.choice('CKX')}{_d(rng, 4)}"),
    "facility name": _each(
        lambda rng: rng.choice(_FACILITY).format(p=rng.choice(_PROVINCE), w=rng.choice(WARDS))
    ),
    "disease name": _each(lambda rng: rng.choice(_DISEASES)),
    "ward name": _each(lambda rng: rng.choice(WARDS)),
    "ward name typed": _each(
        lambda rng: rng.choice(["Phường ", "Xã ", "P. ", "Thị trấn "]) + rng.choice(WARDS)
    ),
    "province name": _each(lambda rng: rng.choice(_PROVINCE)),
    "province bare": _each(lambda rng: strip(rng.choice(_PROVINCE)).upper()),
    "month": _each(lambda rng: f"{rng.randrange(1, 13):02}/{rng.randrange(2015, 2026)}"),
    "age group": _each(lambda rng: rng.choice(["0-4", "5-14", "15-49", "50-64", "65+", "<1 tuổi"])),
    "clean note": _each(lambda rng: clean(rng.choice(CLEAN), rng)),
}


def column(draw: _Draw, rng: random.Random) -> pl.Series:
    """One column of 40 to 400 rows, some of them null, some twice."""
    values: list[object] = list(draw(rng, rng.randrange(40, 400)))
    values += rng.choices(values, k=len(values) // 10) + [None] * rng.randrange(4)
    rng.shuffle(values)
    return pl.Series(rng.choice(["c1", "x7", "f_03", "v"]), values, strict=False)


# ---- prose -----------------------------------------------------------------------------------------------

_PROSE = _lines(
    """Theo Tổng cục Thống kê, kim ngạch xuất khẩu tháng {month} ước đạt {dots} USD, tăng {dec}% so với cùng kỳ.
    Tuyến đường dài {k} km nối {province} với {province2} được khởi công ngày {day}.
    Nghị quyết số {k}/NQ-CP ngày {day} nêu rõ mục tiêu tăng trưởng {dec}%.
    Năm {year}, dân số của {province} là {n9} người, mật độ {k} người/km².
    Trận động đất mạnh {dec} độ xảy ra lúc {hour} ngày {day} ở độ sâu {k2} km.
    Nhà máy có công suất {dots} kWh, tổng vốn đầu tư {m} đồng.
    Đội tuyển thắng {s1}-{s2} trước {s3} khán giả trên sân nhà.
    Vĩ độ {lat}, kinh độ {lon}, độ cao {k} m so với mực nước biển.
    Gói thầu số {k2} có giá {m} đồng, thời gian thực hiện {k} ngày.
    Thư viện lưu giữ {dots} đầu sách xuất bản từ {year} đến nay.
    Từ năm {year} đến {year2}, triều đình cho đắp {k} dặm đê.
    ISBN 978-604-{k2}-{k}-{s1} là ấn bản năm {year2}.
    Giá vàng giao dịch quanh {dots} đồng/lượng, chênh lệch {k}.000 đồng.
    Ủy ban nhân dân tỉnh {province} ban hành Quyết định {k}/QĐ-UBND ngày {day}.
    Chuyến bay VN{k} hạ cánh lúc {hour}, chậm {k2} phút.
    Cơn bão số {s1} gây gió giật cấp {k2}, làm sập {k} ngôi nhà.
    Có {n9} cử tri đi bầu, đạt {dec}%.
    Máy tính dùng bộ nhớ {k} GB, tốc độ {dec} GHz, mã sản phẩm SM-{k}.
    Thu ngân sách đến ngày {day} đạt {dots} tỷ đồng.
    Tỷ giá trung tâm ngày {day} là {k}.{k3} đồng/USD.
    Thống kê từ {year} đến {year2} cho thấy {k} loài, trong đó {k2} loài nguy cấp.
    Điều {k2}, khoản {s1}, Luật số {k2}/{year2}/QH{s2} quy định chi tiết.
    Công ty niêm yết {n9} cổ phiếu với mệnh giá 10.000 đồng.
    Hợp đồng số {k}/HĐKT-{year2} được ký với giá {m} đồng.
    Bảng {s1}.{s2} trình bày {k} quan sát, R2 = 0,{k}.
    Mực nước hồ lúc {hour} là {dec} m, lưu lượng xả {k} m3/s.
    Hơn {n9} lượt khách đến {province} trong {k2} tháng đầu năm.
    Đề tài mã số KC.{k2}/16-20 được nghiệm thu ngày {day}.
    Bản đồ tỷ lệ 1:{k}000 in năm {year2}.
    Cuộc điều tra chọn {k} hộ ở {k2} xã của tỉnh {province}."""
)


def prose(rng: random.Random, count: int = 300) -> list[str]:
    """Clean sentences of news, administration and encyclopaedias, full of numbers.

    Args:
        rng: Source of every choice.
        count: Number of sentences.

    Returns:
        The sentences.
    """
    made = []
    for at in range(count):
        n = rng.randrange(10**7, 10**12)
        made.append(
            _PROSE[at % len(_PROSE)].format(
                m=rng.choice([str(n), f"{n:,}".replace(",", ".")]),
                dots=f"{n:,}".replace(",", rng.choice([".", " ", ","])),
                n9=rng.choice([f"{n:,}".replace(",", "."), str(rng.randrange(10**6, 10**8))]),
                k=rng.randrange(10, 5000),
                k2=rng.randrange(2, 99),
                k3=rng.randrange(100, 999),
                s1=rng.randrange(1, 10),
                s2=rng.randrange(1, 10),
                s3=f"{rng.randrange(1000, 60_000):,}".replace(",", "."),
                dec=f"{rng.uniform(0.1, 30):.1f}".replace(".", ","),
                lat=f"{rng.uniform(8, 23):.6f}",
                lon=f"{rng.uniform(102, 110):.6f}",
                year=rng.randrange(1010, 1990),
                year2=rng.randrange(1990, 2026),
                month=rng.randrange(1, 13),
                day=(date(2015, 1, 1) + timedelta(days=rng.randrange(3900))).strftime(
                    rng.choice(["%d/%m/%Y", "%d-%m-%Y"])
                ),
                hour=f"{rng.randrange(24)}h{rng.randrange(60):02}",
                province=rng.choice(_PROVINCE),
                province2=rng.choice(_PROVINCE),
            )
        )
    return made

"""A labelled set made by rule: invented names and numbers in templates of their own."""

from __future__ import annotations

import random

_SURNAMES = """
    Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Vương Trịnh Trương Đinh Lâm
    Mai Hà
"""
SURNAMES = [word.replace("_", " ") for word in _SURNAMES.split()]
_MIDDLE = """
    Văn Thị Thị_Thu Đức Minh Quốc Thanh Ngọc Hữu Xuân Công Thị_Bích Gia Hoàng
"""
MIDDLE = [word.replace("_", " ") for word in _MIDDLE.split()]
_GIVEN = """
    An Bình Chi Dũng Đạt Giang Hà Hạnh Hiếu Hoa Hùng Hương Khánh Lan Linh Long Mai Minh Nam Nga Ngân Phúc Phương
    Quân Sơn Tâm Thảo Trang Trung Tuấn Tú Uyên Vy Yến Bảo Khôi Nhung Thắng Vinh Oanh
"""
GIVEN = [word.replace("_", " ") for word in _GIVEN.split()]

PERSON_NOTES = [
    "Ca bệnh {name} được xác minh ngày 12/03",
    "{name} không đồng ý lấy mẫu lần hai",
    "Đã gọi cho {name} nhưng không liên lạc được",
    "theo lời khai của {name}, khởi phát sau khi ăn cưới",
    "Chuyển tuyến: {name} (nữ, 34t) lên bệnh viện tỉnh",
    "Sampling refused by {name} on day 3",
    "mẹ là {name} cũng có triệu chứng",
    "Số liệu tuyến xã do {name} tổng hợp, nộp muộn",
    "2 ca trong gia đình {name}",
    "{name}; tử vong tại nhà",
]
NUMBER_NOTES = {
    "PERSONAL_ID": [
        "đối chiếu CCCD {n} thấy trùng",
        "Trùng hồ sơ, số căn cước {n}",
        "national id {n} appears twice",
        "{n} (định danh) chưa khớp",
    ],
    "ID_CARD_9": ["chỉ có CMND cũ {n}", "số CMT {n} hết hạn"],
    "HEALTH_INSURANCE": ["thẻ {n} hết hạn ngày 31/12", "thanh toán nhầm cho {n}"],
    "SOCIAL_INSURANCE": ["sổ BHXH {n} chưa chốt", "mã BHXH là {n}"],
    "PHONE": [
        "liên hệ lại qua {n}",
        "người nhà để số {n}",
        "reachable on {n} after 5 pm",
        "{n} không nghe máy",
    ],
    "EMAIL": ["đã gửi kết quả tới {n}", "reply to {n} please"],
    "PASSPORT": ["khách nhập cảnh, hộ chiếu {n}", "passport no. {n}, arrived by air"],
    "BANK_ACCOUNT": ["hỗ trợ vào tài khoản {n}", "chuyển khoản STK {n}"],
    "MEDICAL_RECORD": ["xem bệnh án số {n}", "mã bệnh nhân {n} bị nhập đôi"],
    "VEHICLE_PLATE": ["chở bằng xe biển số {n}", "xe cứu thương {n} bị hỏng"],
    "PRACTICE_CERTIFICATE": ["bác sĩ có CCHN số {n}", "chứng chỉ {n} hết hiệu lực"],
}
CLEAN_NOTES = [
    "Nộp báo cáo muộn {k} ngày, đã đôn đốc",
    "Số ca tăng {k} so với tháng trước",
    "Trạm y tế xã Tân Lập báo cáo bổ sung {k} ca",
    "Dự phòng: phun hóa chất {k} hộ tại huyện Mộc Châu",
    "Kinh phí {m} đồng, đã quyết toán",
    "Tổng số {m} lượt khám trong quý",
    "Lô vắc xin số {m}, hạn dùng 12/2027",
    "Số đăng ký lưu hành {m}",
    "Hóa đơn số {m} ngày 05/06/2025",
    "Cộng dồn từ đầu năm: {m} người được tiêm",
    "Revised on 05/06/2025 after the provincial review",
    "Data for {k} districts arrived late; figures are provisional",
    "Sáp nhập tỉnh Hà Giang vào Tuyên Quang từ 01/07/2025",
    "Bệnh viện Phụ sản Trung ương gửi số liệu qua cổng {k} lần",
    "Công văn số {k}/SYT-NVY ngày 02/02/2025 của Sở Y tế",
    "Ổ dịch tại trường mầm non, {k} trẻ nghỉ học",
    "Theo Quyết định {k}/QĐ-BYT, biểu mẫu thay đổi",
    "Không có số liệu do bão lụt",
    "Trẻ sinh năm 2019 thuộc nhóm đối chứng",
    "Population denominators from the 2019 census",
]


def strip(name: str) -> str:
    table = str.maketrans(
        "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ",
        "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd",
    )
    return "".join(c.translate(table) if c.islower() else c.lower().translate(table).upper() for c in name)


def name(rng: random.Random) -> str:
    full = f"{rng.choice(SURNAMES)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
    return rng.choice([full, full, full, full.upper(), strip(full), strip(full).upper()])


def number(entity: str, rng: random.Random) -> str:
    d = lambda n: "".join(rng.choice("0123456789") for _ in range(n))  # noqa: E731
    match entity:
        case "PERSONAL_ID":
            return f"0{rng.choice(['01', '31', '48', '79', '92'])}{rng.choice('01')}{d(8)}"
        case "ID_CARD_9":
            return rng.choice("0123") + d(8)
        case "HEALTH_INSURANCE":
            return f"{rng.choice(['DN', 'HT', 'TE', 'GD', 'HS'])}{rng.choice('12345')}{rng.choice(['01', '79'])}{d(10)}"
        case "SOCIAL_INSURANCE":
            return rng.choice(["01", "79", "48"]) + d(8)
        case "PHONE":
            return rng.choice(["09", "03", "07", "+849", "08"]) + d(8)
        case "EMAIL":
            return f"{rng.choice('abcdefgh')}{d(3)}.{rng.choice(['lan', 'minh'])}@example.{rng.choice(['org', 'vn'])}"
        case "PASSPORT":
            return rng.choice("BCEP") + d(7)
        case "BANK_ACCOUNT":
            return d(rng.choice([10, 12, 13, 14]))
        case "MEDICAL_RECORD":
            return rng.choice([f"24.{d(6)}", f"BN{d(8)}", d(8)])
        case "VEHICLE_PLATE":
            return f"{rng.choice(['29', '51', '43'])}{rng.choice('ABCDFH')}-{d(3)}.{d(2)}"
        case _:
            return f"{d(6)}/{rng.choice(['HNO', 'HCM', 'ĐNA', 'BYT'])}-CCHN"


def notes(rng: random.Random, each: int = 40) -> list[tuple[str | None, str]]:
    """Labelled notes: (entity or None, text)."""
    made: list[tuple[str | None, str]] = []
    for template in PERSON_NOTES:
        made += [("PERSON", template.format(name=name(rng))) for _ in range(each)]
    for entity, templates in NUMBER_NOTES.items():
        made += [(entity, t.format(n=number(entity, rng))) for t in templates for _ in range(each // 2)]
    for template in CLEAN_NOTES:
        amount = lambda: str(rng.randrange(10**8, 10**10))  # noqa: E731
        made += [(None, template.format(k=rng.randrange(2, 400), m=amount())) for _ in range(each)]
    return made

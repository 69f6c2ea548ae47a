"""Columns: what their values prove together, under any header, and what must not be mistaken for it."""

import random
from datetime import date, timedelta

import polars as pl
import pytest

from anonymize.errors import ScanError
from anonymize.pii import Waiver, implausible_counts, personal_column, scan
from anonymize.pii.checks import gtin, tax_code
from tests.anonymize.pii import labelled

ENTITIES = [*labelled.NUMBER_NOTES, "TAX_CODE", "DATE_OF_BIRTH", "PERSON", "ADDRESS"]


def made(entity: str, rng: random.Random) -> str:
    match entity:
        case "TAX_CODE":
            return next(
                n
                for n in (f"{rng.randrange(10**9):09}{d}" for _ in range(99) for d in range(10))
                if tax_code(n)
            )
        case "DATE_OF_BIRTH":
            return (date(1935, 1, 1) + timedelta(days=rng.randrange(30_000))).strftime("%d/%m/%Y")
        case "PERSON":
            return labelled.name(rng)
        case "ADDRESS":
            return (
                f"Số {rng.randrange(1, 99)} đường {rng.choice(labelled.GIVEN)}, phường {rng.randrange(1, 20)}"
            )
    return labelled.number(entity, rng)


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("seed", range(10))
def test_a_column_of_identifiers_is_refused_under_an_opaque_header(entity: str, seed: int) -> None:
    rng = random.Random(seed)
    assert not scan(pl.DataFrame({"x1": [made(entity, rng) for _ in range(60)]})).ok


@pytest.mark.parametrize("seed", range(5))
def test_identifiers_stored_as_numbers_are_refused(seed: int) -> None:
    rng = random.Random(seed)
    ids = [int(labelled.number("PERSONAL_ID", rng)) for _ in range(60)]
    phones = [int("9" + f"{rng.randrange(10**8):08}") for _ in range(60)]
    cards = [rng.randrange(10**8, 4 * 10**8) for _ in range(60)]
    frame = pl.DataFrame({"a": ids, "b": phones, "c": cards, "d": [float(n) for n in ids]})
    assert {f.place for f in scan(frame).findings} == {"a", "b", "c", "d"}


def gtins(rng: random.Random) -> list[str]:
    bodies = [f"893{rng.randrange(10**9):09}" for _ in range(200)]
    return [next(b + str(d) for d in range(10) if gtin(b + str(d))) for b in bodies]


HARMLESS = {
    "province": lambda rng: [f"{rng.randrange(1, 97):02}" for _ in range(200)],
    "icd": lambda rng: [
        f"{rng.choice('ABCDEJ')}{rng.randrange(100):02}.{rng.randrange(10)}" for _ in range(200)
    ],
    "facility": lambda rng: [f"{rng.randrange(1, 97):02}{rng.randrange(1000):03}" for _ in range(200)],
    "facility9": lambda rng: [f"10{n:07}" for n in range(200)],
    "commune": lambda rng: [f"{rng.randrange(32_000):05}" for _ in range(200)],
    "gtin": gtins,
    "invoice": lambda rng: [f"{1_200_000 + n:08}" for n in range(200)],
    "invoice_serial": lambda rng: [f"1C25T{rng.choice('ABC')}{rng.choice('DEF')}-{n:07}" for n in range(200)],
    "invoice12": lambda rng: [f"2025{n:08}" for n in range(200)],
    "year": lambda rng: list(range(1980, 2026)),
    "year_text": lambda rng: [str(year) for year in range(1980, 2026)],
    "month": lambda rng: [f"{y}-{m:02}" for y in range(1980, 2011) for m in range(1, 13)],
    "first_of_month": lambda rng: [date(y, m, 1) for y in range(1980, 2011) for m in range(1, 13)],
    "day": lambda rng: [date(2024, 1, 1) + timedelta(days=n) for n in range(700)],
    "n": lambda rng: [int(rng.lognormvariate(4, 2)) for _ in range(200)],
    "visits": lambda rng: [int(rng.lognormvariate(13, 3)) for _ in range(200)],
    "cost": lambda rng: [int(rng.lognormvariate(18, 2)) * 1000 for _ in range(200)],
    "rate": lambda rng: [rng.random() * 100 for _ in range(200)],
    "drug": lambda rng: [f"VD-{rng.randrange(10_000, 40_000)}-{rng.randrange(10, 24)}" for _ in range(200)],
    "registration": lambda rng: [
        f"893{rng.choice('1234')}{rng.randrange(100_000):05}{24:03}" for _ in range(60)
    ],
    "age": lambda rng: [f"{a}-{a + 4}" for a in range(0, 90, 5)],
    "month_first": lambda rng: [f"{m:02}/{y}" for y in range(1990, 2020) for m in range(1, 13)],
    "service": lambda rng: [f"{rng.randrange(100):02}.{rng.randrange(10**4):04}.{n:04}" for n in range(200)],
    "moment": lambda rng: [
        f"2024{m:02}{d:02}{rng.randrange(24):02}30" for m in range(1, 13) for d in range(1, 29)
    ],
    "ward": lambda rng: ["Trúc Bạch", "Cống Vị", "Bùi Thị Xuân", "Quán Thánh", "Lê Đại Hành", "Đồng Tâm"],
    "uuid": lambda rng: [f"{rng.randrange(16**8):08x}-{rng.randrange(16**4):04x}" for _ in range(200)],
}


@pytest.mark.parametrize("kind", HARMLESS)
@pytest.mark.parametrize("seed", range(5))
def test_codes_counts_and_trade_numbers_pass(kind: str, seed: int) -> None:
    found = scan(pl.DataFrame({"x1": HARMLESS[kind](random.Random(seed))})).findings
    assert not found, [(f.entity, f.evidence, f.count) for f in found]


REFUSED_NAMES = """ho_ten|HO_TEN|Họ và tên|hoTen|HOTEN|full_name|fullName|patient_name|Patient Name|
SO_CCCD|So CCCD|cccd|
Số CMND/CCCD|MA_BN|MA_LK|NGAY_SINH|Ngày sinh|ngaysinh|date_of_birth|DOB|DIA_CHI|Địa chỉ|DIEN_THOAI|SĐT|
Số điện thoại|phone|MA_THE_BHYT|MA_BHXH|HO_TEN_CHA|HO_TEN_ME|MA_BAC_SI|NGUOI_CHU_TRI|SO_SERI|email|
Mã bệnh nhân|Số bệnh án|patient_id|MRN|Số hộ chiếu|passport_no|Biển số xe|Số tài khoản|Địa chỉ thường trú"""


@pytest.mark.parametrize("name", [n.strip() for n in REFUSED_NAMES.split("|")])
def test_names_on_the_deny_list(name: str) -> None:
    assert personal_column(name)
    assert scan(pl.DataFrame({name: [1]})).findings[0].entity == "COLUMN_NAME"


PASSING_NAMES = """disease|province|ma_tinh|Mã tỉnh|ten_tinh|Tên bệnh|ma_benh|ten_benh|so_ca|
so_benh_nhan|Số bệnh nhân|cases|
deaths|cases_status|year|month|sex|gioi_tinh|age_group|Nhóm tuổi|facility|ten_co_so|dia_chi_co_so|
facility_address|tong_so_the_bhyt|so_luot_kham|population|rate|n|Mắc|Chết|name_vi|province_name|code|
label|ty_le_tiem_chung|Dân số|icd10|patients|old_code|relation|valid_to|unit|value|status|quarter|region|
vùng"""


@pytest.mark.parametrize("name", [n.strip() for n in PASSING_NAMES.split("|")])
def test_names_of_ordinary_columns(name: str) -> None:
    assert not personal_column(name)


def test_a_person_among_wards_is_found() -> None:
    wards = ["Trúc Bạch", "Cống Vị", "Bùi Thị Xuân", "Quán Thánh", "Lê Đại Hành", "Đồng Tâm"]
    found = scan(pl.DataFrame({"x1": [*wards, "Nguyễn Thị Canh"]})).findings
    assert [(f.entity, f.row, f.count) for f in found] == [("PERSON", 6, 1)]


def test_declared_codes_are_not_candidates_but_everything_else_is() -> None:
    frame = pl.DataFrame({"district": ["Nguyễn Huệ Minh", "Trần Văn Bình", None]})
    assert not scan(frame).ok
    assert scan(frame, codes={"district": ["Nguyễn Huệ Minh", "Trần Văn Bình"]}).ok
    left = scan(frame, codes={"district": ["Nguyễn Huệ Minh"]}).findings
    assert [(f.place, f.entity, f.row, f.count) for f in left] == [("district", "PERSON", 1, 1)]


def test_declared_counts_are_checked_for_size_only() -> None:
    frame = pl.DataFrame({"cases": [3, 24681357 * 10, 7], "population": [90_000_000, 101_000_000, 1]})
    found = scan(frame, counts={"cases": 10**8, "population": 10**9}).findings
    assert [(f.place, f.entity, f.row) for f in found] == [("cases", "IMPLAUSIBLE_COUNT", 1)]
    assert implausible_counts(frame["cases"]) == 1
    assert implausible_counts(pl.Series([-(10**9), 2**63 - 1, None]), 10**8) == 2


def test_unused_categories_are_scanned_too() -> None:
    column = pl.Series("x1", ["a", "a"], dtype=pl.Enum(["a", "Nguyễn Văn An"]))
    assert [f.entity for f in scan(column).findings] == ["PERSON"]


@pytest.mark.parametrize("values", [[[1]], [{"a": 1}], [b"x"]])
def test_types_that_cannot_be_read_stop_the_scan(values: list[object]) -> None:
    with pytest.raises(ScanError, match="cannot be scanned"):
        scan(pl.DataFrame({"x1": values}))


def test_unknown_columns_and_wrong_arguments_stop_the_scan() -> None:
    frame = pl.DataFrame({"a": [1]})
    for wrong in ({"codes": {"b": ["1"]}}, {"counts": ["b"]}, {"allow": "text"}):
        with pytest.raises(ScanError):
            scan(frame, **wrong)
    with pytest.raises(ScanError):
        scan([1, 2])


def test_a_waiver_is_bound_to_the_content() -> None:
    frame = pl.DataFrame({"x1": ["0912345670", "0912345671"]})
    found = scan(frame).findings[0]
    waiver = Waiver(
        found.place, found.entity, found.digest, reason="test numbers", by="data protection officer"
    )
    waived = scan(frame, allow=[waiver])
    assert waived.ok
    assert waived.waived[0].by == "data protection officer"
    assert not scan(frame.reverse(), allow=[waiver]).ok

"""Invented texts that every recogniser must find, and ordinary ones in which none may find anything."""

CANARIES = {
    "ADDRESS": "Thường trú: số 12 đường Hoa Mai, phường 5",
    "BANK_ACCOUNT": "STK 1903 4567 8901 23 tại ngân hàng",
    "DATE_OF_BIRTH": "Ngày sinh: 07/03/1984",
    "EMAIL": "gửi về ten.nguoi@example.org",
    "HEALTH_INSURANCE": "DN4790123456789",
    "ID_CARD_9": "CMND 024681357",
    "MEDICAL_RECORD": "Mã bệnh án: 24.013579",
    "PASSPORT": "hộ chiếu số C1357924",
    "PERSON": "Nguyễn Thị Canh",
    "PERSONAL_ID": "079184012345",
    "PHONE": "0912 345 670",
    "PRACTICE_CERTIFICATE": "013579/HNO-CCHN",
    "SOCIAL_INSURANCE": "mã số BHXH 7913572468",
    "TAX_CODE": "MST 0100109106",
    "VEHICLE_PLATE": "biển số 29A-123.45",
}
HARMLESS = (
    "Số ca mắc sốt xuất huyết theo tỉnh, thành phố và tháng, 2013-2016",
    "Hồ Chí Minh",
    "Lâm Đồng",
    "Bộ Y tế, Cục Y tế dự phòng",
    "Notifiable diseases by province and month, Viet Nam",
    "Tổng số 123456789 lượt khám",
)

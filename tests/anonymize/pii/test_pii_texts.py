"""What must be found in a title, a note or a label, and what ordinary publications say."""

import pytest

from anonymize.pii import scan

FOUND = [
    ("PERSON", "Nguyễn Văn An"),
    ("PERSON", "Báo cáo của Nguyễn Văn An về tình hình dịch"),
    ("PERSON", "NGUYEN THI HOA"),
    ("PERSON", "Danh sách: TRẦN QUỐC BẢO, LÊ THỊ HỒNG NHUNG"),
    ("PERSON", "Trần T. B."),
    ("PERSON", "BN Lê Văn Tám, SN 1985"),
    ("PERSON", "Nguyễn Văn A"),
    ("PERSON", "bệnh nhân phạm thị mai nhập viện"),
    ("PERSON", "Tran Van Hung was admitted on 3 May"),
    ("PERSON", "Le Minh Tuan"),
    ("PERSON", "Ca tử vong là Giàng A Páo ở Mường Tè"),
    ("PERSON", "cháu Vừ Thị Mỷ 3 tuổi"),
    ("PERSON", "H'Hen Niê"),
    ("PERSON", "Bà Lan ở cùng nhà cũng mắc"),
    ("PERSON", "BN Tám không đến khám"),
    ("PERSON", "Dr. John Smith"),
    ("PERSON", "Patient name: Maria Garcia"),
    ("PERSON", "Họ và tên: Kim Soo Hyun"),
    ("PERSON", "bệnh nhân Hồ Quốc Việt"),
    ("PERSON", "Người lập biểu: Mai Thu Hà"),
    ("PERSON", "Ghi chú: Hoàng Thị Thuỳ Dung xác nhận số liệu"),
    ("PERSON", "Nguye\u0302\u0303n Va\u0306n An"),  # decomposed
    ("PERSON", "Nguyễn\u00a0Văn\u200b An"),
    ("PERSON", "\u00d0inh Văn \u00d0ức"),  # Eth
    ("PERSON", "file NguyenVanAn_ketqua.xlsx"),
    ("PERSON", "Bệnh nhân N.V.A, 35 tuổi"),
    ("PERSON", "Chị Hoa (35 tuổi)"),
    ("PERSON", "Sùng Seo Tủa"),
    ("PERSON", "Y Blim Niê"),
    ("PERSON", "BS CKII Phạm Hồng Hải"),
    ("PERSON", "Tran Thi B"),
    ("PERSON", "Ngô Thị H."),
    ("PERSON", "nguyen van an"),
    ("PERSON", "Patient Aune Peltola discharged on day 5"),
    ("PERSON", "Khách du lịch Józef Nowak nhập viện"),
    ("PERSON", "Mr Nakamura"),
    ("PERSON", "Sok Dara, quốc tịch Campuchia"),
    ("PERSON", "H'Lim và K'Brèo đã khỏi"),
    ("PERSON", "Rơ Châm H'Yưu từ chối tiêm"),
    ("PERSON", "Huỳnh thị Nở"),
    ("PERSON", "Anh Tuấn lái xe cứu thương"),
    ("PERSON", "ca T.T.N (nam, 7 tuổi) dương tính"),
    ("PERSONAL_ID", "079184012345"),
    ("PERSONAL_ID", "CCCD079184012345"),
    ("PHONE", "09 1234 5670"),
    ("DATE_OF_BIRTH", "sinh ngày 7 tháng 3 năm 1984"),
    ("ADDRESS", "trú tại thôn 5 xã Ea Kao"),
    ("ADDRESS", "Khu phố 3, phường Linh Trung"),
    ("EMAIL", "ten.nguoi [at] example.org"),
    ("PERSONAL_ID", "CCCD: 079 184 012345"),
    ("PERSONAL_ID", "số định danh 999888777666"),
    ("PERSONAL_ID", "０７９１８４０１２３４５"),
    ("ID_CARD_9", "CMND số 024681357"),
    ("HEALTH_INSURANCE", "thẻ DN4790123456789"),
    ("HEALTH_INSURANCE", "GD 4 01 01 234 56789"),
    ("HEALTH_INSURANCE", "TE1010123456789"),
    ("HEALTH_INSURANCE", "số thẻ BHYT 0123456789"),
    ("SOCIAL_INSURANCE", "mã số BHXH: 7913572468"),
    ("TAX_CODE", "MST 0100109106"),
    ("SOCIAL_INSURANCE", "sổ BHXH 79 1357 2468"),
    ("BANK_ACCOUNT", "số tài khoản nhận hỗ trợ: 0123456789"),
    ("BANK_ACCOUNT", "VCB 0071001357924"),
    ("PRACTICE_CERTIFICATE", "013579/CCHN-BYT"),
    ("ID_CARD_9", "CMND (cũ) 024 681 357"),
    ("ADDRESS", "Ấp 3, Long Mỹ"),
    ("PHONE", "01681357924"),
    ("PHONE", "ĐT 0912345670"),
    ("PHONE", "+84 912 345 670"),
    ("PHONE", "gọi 0912.345.670 để biết kết quả"),
    ("PHONE", "(024) 3846 1234"),
    ("EMAIL", "ten.nguoi@example.org"),
    ("PASSPORT", "hộ chiếu số C1357924"),
    ("VEHICLE_PLATE", "xe 51F-123.45"),
    ("BANK_ACCOUNT", "số tài khoản 19034567890123"),
    ("MEDICAL_RECORD", "Số bệnh án 24.013579"),
    ("MEDICAL_RECORD", "MRN 00135792"),
    ("PRACTICE_CERTIFICATE", "013579/HNO-CCHN"),
    ("DATE_OF_BIRTH", "Ngày sinh: 07/03/1984"),
    ("DATE_OF_BIRTH", "born on 7 March 1984"),
    ("DATE_OF_BIRTH", "BN nam, sinh năm 1985"),
    ("ADDRESS", "Số 12 đường Hoa Mai"),
    ("ADDRESS", "45/6 Lê Lợi, phường 5, Gò Vấp"),
    ("ADDRESS", "thôn Đông Hạ, xã Tân Lập"),
    ("ADDRESS", "12 Le Loi Street"),
    ("UNDECODED_TEXT", "TØnh/T.phè"),
    ("UNDECODED_TEXT", "Hµ Néi"),
    ("UNDECODED_TEXT", "NguyÔn V¨n An"),
    ("UNDECODED_TEXT", "Nguyeãn Vaên An"),
    ("UNDECODED_TEXT", "Nguyá»…n VÄƒn An"),
    ("UNDECODED_TEXT", "B\ufffdnh vi\ufffdn"),
]

CLEAN = """Hồ Chí Minh
Lâm Đồng
Tết Nguyên đán Giáp Thìn
Diệp Hạ Châu, Hoàng Cầm, Đỗ Trọng
Chợ Bà Chiểu, cầu Ông Lãnh, quận Hai Bà Trưng
BVĐK Nguyễn Đình Chiểu; KCN Lê Minh Xuân
Công ty Cổ phần Dược phẩm Trần Gia Phát
Số lượng tồn kho 0345678912
Mã dịch vụ kỹ thuật 03.1234.5678
Ho Chi Minh City Department of Health
Patient Flow Dashboard
Sốt xuất huyết
Cục Y tế dự phòng
Bộ Y tế
Tháng 1
Viêm não Nhật Bản
Liên cầu lợn ở người
Đồng bằng sông Hồng, Trung du và miền núi phía Bắc
Bắc Trung Bộ và Duyên hải miền Trung; Đông Nam Bộ; Tây Nguyên
Số ca mắc và tử vong do 28 bệnh truyền nhiễm theo tỉnh, thành phố và tháng, 2013-2016
Niên giám thống kê y tế năm 2016, Nhà xuất bản Y học
Nghị định số 102/2025/NĐ-CP quy định quản lý dữ liệu y tế
Căn cứ Điều 10(2)(c), Điều 18 khoản 3 và Điều 22 khoản 2 Nghị định 102/2025/NĐ-CP ngày 13/05/2025
Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 có hiệu lực từ ngày 01/01/2026
Quyết định 4750/QĐ-BYT ngày 29/12/2023 và Quyết định 3176/QĐ-BYT ngày 29/10/2024
Thông tư số 38/2024/TT-BYT của Bộ trưởng Bộ Y tế
Đường dây nóng của Bộ Y tế: 1900 9095
Tổng số 123456789 lượt khám bảo hiểm y tế trong năm
Kinh phí thực hiện là 1250000000 đồng
Tổng kinh phí 125.000.000.000 đồng, tăng 12,5% so với năm 2015
Dân số trung bình năm 2016 là 92.695.100 người
Dữ liệu được làm tròn đến bội số của 5; ô nhỏ hơn 5 được ẩn
Bệnh viện Chợ Rẫy, Bệnh viện Bạch Mai và Bệnh viện Trung ương Huế
Bệnh viện Nguyễn Tri Phương
Bệnh viện đa khoa Nguyễn Đình Chiểu tỉnh Bến Tre
Trường Đại học Y khoa Phạm Ngọc Thạch
Viện Vệ sinh dịch tễ Trung ương, Viện Pasteur Thành phố Hồ Chí Minh
Trung tâm Kiểm soát bệnh tật tỉnh Bà Rịa - Vũng Tàu
Sở Y tế tỉnh Thừa Thiên Huế
SỞ Y TẾ TỈNH QUẢNG NGÃI
BÁO CÁO TÌNH HÌNH BỆNH TRUYỀN NHIỄM
BAO CAO TINH HINH SOT XUAT HUYET TAI HA NOI
Phân tích số liệu theo nhóm tuổi và giới tính
Trẻ em sinh năm 2015 được tiêm chủng đầy đủ
Trẻ dưới 5 tuổi, phụ nữ mang thai và người cao tuổi
Tỷ lệ tử vong mẹ trên 100.000 trẻ đẻ sống
Bệnh nhân HIV/AIDS đang điều trị ARV
Số bệnh nhân nội trú theo khoa và theo tháng
Số lượt khám ngoại trú tại trạm y tế xã, phường, thị trấn
Thành phố Đà Nẵng, quận Hải Châu, quận Lê Chân, huyện Trần Văn Thời
Từ 01/07/2025 cả nước có 34 tỉnh, thành phố (Nghị quyết 202/2025/QH15)
Mã tỉnh theo Quyết định 19/2025/QĐ-TTg, mã bệnh theo ICD-10 (A90, A91, J10-J11)
Phiên bản 2026.1, cập nhật ngày 15/03/2026, kỳ dữ liệu 2013-01-01 đến 2016-12-31
Chỉ số theo Tổ chức Y tế Thế giới, UNICEF và Ngân hàng Thế giới
Cao huyết áp, đái tháo đường, hen phế quản, lao phổi
Ho gà, sởi, quai bị, bạch hầu, uốn ván sơ sinh, thủy đậu, tay chân miệng
Hội chứng Guillain-Barré, bệnh Kawasaki, hội chứng Sjögren
Thuốc SĐK 893110123424, lô 012345678
Xoắn khuẩn vàng da; Than; Dịch hạch; Adeno vi rút
Số liệu do các trung tâm y tế huyện báo cáo hằng tháng qua hệ thống thống kê y tế
Vùng kinh tế trọng điểm phía Nam gồm Thành phố Hồ Chí Minh, Bình Dương, Đồng Nai, Long An
Việt Nam, Lào, Thái Lan, Nhật Bản, Ba Lan, Hà Lan, Vương quốc Anh
Giá trị bị ẩn có trạng thái Q; số 0 là số 0 thật
Tỷ suất mắc trên 100.000 dân, KTC 95%: 12,3-15,6
Đường Trường Chinh và phố Tôn Thất Tùng có mật độ phòng khám cao
Giải thưởng Đặng Văn Ngữ
Notifiable diseases by province and month, Viet Nam, 2013-2016
Number of cases and deaths reported by provincial centres for disease control
Ho Chi Minh City, Ha Noi, Da Nang, Hai Phong, Can Tho, Ba Ria - Vung Tau, Thua Thien Hue
General Department of Preventive Medicine, Ministry of Health of Viet Nam
Japanese encephalitis, hand, foot and mouth disease, dengue, Streptococcus suis
Decree No. 102/2025/ND-CP of 13 May 2025 on health data management, Article 10(2)(c)
Children born in 2015 who were fully immunised
Cells below 5 are suppressed; totals are published where they disclose nothing
Patient Safety Indicators and Patient Days by Hospital Type
Hospital beds per 10,000 population in Red River Delta and Mekong River Delta
Cite as: Ministry of Health (2026). Notifiable diseases, version 2026.1
Released under CC BY 4.0; contact the publisher for access to restricted data
Median age 45 years, range 1-99; 1,234,567 visits; 12 345 678 doses
ISSN 1859-1132, DOI 10.1000/182, ORCID is not collected
Do not use these figures for ranking; see the notes on data quality
Cho Ray Hospital, Bach Mai Hospital, Nguyen Tri Phuong Hospital
Le Chan District, Ngo Quyen District and Hong Bang District of Hai Phong
Hoàng Mai, Thanh Xuân, Long Biên, Nam Từ Liêm
Phường Nguyễn Trung Trực, phường Lê Đại Hành, phường Nguyễn Du
Xã Lê Minh Xuân; xã Phạm Văn Cội
Trần Văn Thời
Viện Kiểm nghiệm thuốc Trung ương
Bệnh viện Đa khoa Khu vực Hồng Ngự
Bệnh viện Phạm Ngọc Thạch và Bệnh viện Lê Văn Thịnh
Bệnh viện Từ Dũ, Bệnh viện Hùng Vương
Đại học Tôn Đức Thắng
Khoa Nội tiết, Khoa Hồi sức cấp cứu
Chương trình mục tiêu Y tế - Dân số
Chủ nhiệm chương trình tiêm chủng mở rộng
Tổng cục Thống kê, Bộ Kế hoạch và Đầu tư
Vụ Kế hoạch - Tài chính
Thứ trưởng Bộ Y tế chủ trì
Trung Tâm Y Tế Huyện Kim Bảng
Trung Quốc, Hàn Quốc, Đài Loan
Hà Nội, Hà Nam, Hà Tĩnh, Hà Giang
Mai Châu, Mộc Châu, Yên Châu
Tam Kỳ, Hội An, Điện Bàn
Vũng Tàu, Bà Rịa, Long Điền, Đất Đỏ
Phú Thọ Phú Yên
Lao động - Thương binh và Xã hội
Bảng 1. Số ca mắc Bệnh Tay Chân Miệng Theo Tỉnh
Thống Kê Số Lượng Bệnh Nhân Nội Trú
Cao Huyết Áp và Đái Tháo Đường
Nguồn: Cục Quản lý Khám, chữa bệnh
Ngô độc thực phẩm
Bệnh than, Dương tính, âm tính
Dương tính với SARS-CoV-2
Lý do vào viện
Đào tạo liên tục cho cán bộ y tế
Võ sinh, vận động viên
Hồ sơ sức khỏe điện tử
Vũ khí sinh học
Đặng đối với nhóm
Phan loai theo ICD
Tỷ lệ Trẻ Em Suy Dinh Dưỡng
Kim tiêm, bơm tiêm
Tổ chức Y tế Thế giới
Chỉ thị 05/CT-TTg
Thị xã Sơn Tây, thị trấn Văn Điển
Van hoa xa hoi
Le dien tu
Do thi hoa
Do tuoi trung binh
Ho so benh an dien tu
Dang ky kham chua benh
Phong kham da khoa Thu Duc
Trung tam y te Thanh Pho Thu Duc
La Nina, El Nino
San Francisco, Los Angeles
Van der Waals
Tan Binh, Tan Phu, Binh Thanh
Long Term Care, Long An
Ministry of Planning and Investment
An An Nguyen Hospital
Lê Chân
Cẩm Mỹ, Xuân Lộc
Thái Thụy, Kiến Xương, Tiền Hải
Bình Minh, Vũng Liêm
Đoàn Thanh niên Cộng sản Hồ Chí Minh
Huân chương Lao động
Quyết định của Chủ tịch nước
Người Mông, Dao, Tày, Nùng
Ê Đê, Gia Rai, Ba Na
Ngân hàng Thế giới; Quỹ Toàn cầu
Số điện thoại đường dây nóng 19009095
Mã định danh cơ sở 01001
Mã định danh điện tử G13.09
QCVN 01-1:2018/BYT
TCVN ISO 15189:2014
2019 2020 2021 2022
1.234.567.890 đồng
từ 01/01/2020-31/12/2020
10.1016/j.vaccine.2020.01.001
12:30:00 2024-05-06
khoảng tin cậy 95% (1.23-4.56)
Bản đồ tổ dịch, xã trọng điểm
tại thôn, xã, phường
tổ dân phố, phường, xã
số nhà, đường phố
phụ lục số 5, đường lây truyền
5 bệnh lây qua đường hô hấp, đường tiêu hóa
Mục 3, phường có dịch
Bảng 12 theo phường, xã""".splitlines()


@pytest.mark.parametrize(("entity", "text"), FOUND)
def test_found(entity: str, text: str) -> None:
    assert entity in {finding.entity for finding in scan(text).findings}


@pytest.mark.parametrize("text", CLEAN)
def test_clean(text: str) -> None:
    assert scan(text).ok, [finding.entity for finding in scan(text).findings]


def test_a_long_text_is_read_in_windows() -> None:
    filler = "Số ca mắc theo tháng. "
    for at in range(90, 130, 3):
        text = filler * at + "CCCD 079184012345 của Nguyễn Văn An. " + filler * 200
        found = {(f.entity, f.count) for f in scan(text).findings}
        assert found == {("PERSONAL_ID", 1), ("PERSON", 1)}, at
    assert scan(filler * 3000).ok

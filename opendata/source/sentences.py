"""The sentences for what can be wrong with a source: what (vi, en) and the remedy (vi, en) of each kind.

`{}` is a detail that is no value of the input: a number, a declared name, codes.
"""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str, str, str]]] = {
    "no_file": (
        "Không có tệp này.",
        "There is no such file.",
        "Đặt tệp vào workspace hoặc sửa source.files.",
        "Put the file into the workspace, or correct source.files.",
    ),
    "unreadable": (
        "Không đọc được tệp.",
        "The file cannot be read.",
        "Kiểm tra quyền đọc tệp.",
        "Check the permissions of the file.",
    ),
    "empty_file": (
        "Tệp rỗng.",
        "The file is empty.",
        "Lấy lại tệp từ nơi cung cấp.",
        "Get the file again from where it came.",
    ),
    "too_big": (
        "Tệp lớn hơn giới hạn {}.",
        "The file is larger than the limit of {}.",
        "Chia nhỏ tệp, hoặc dùng CSV hay Parquet.",
        "Split the file, or use CSV or Parquet.",
    ),
    "bomb": (
        "Tệp nén bung ra lớn bất thường.",
        "The file unpacks to an unreasonable size.",
        "Không dùng tệp này; lấy lại từ nguồn tin cậy.",
        "Do not use this file; get it again from a trusted source.",
    ),
    "encrypted": (
        "Tệp được đặt mật khẩu.",
        "The file is protected with a password.",
        "Mở bằng Excel, bỏ mật khẩu và lưu lại.",
        "Open it in Excel, remove the password and save it again.",
    ),
    "corrupt": (
        "Tệp hỏng hoặc không phải sổ tính Excel.",
        "The file is damaged, or not an Excel workbook.",
        "Mở bằng Excel và lưu lại dạng .xlsx.",
        "Open it in Excel and save it again as .xlsx.",
    ),
    "wrong_extension": (
        "Nội dung tệp không đúng với phần mở rộng.",
        "The content of the file does not fit its extension.",
        "Mở bằng Excel và lưu lại dạng .xlsx (hoặc .xls).",
        "Open it in Excel and save it again as .xlsx (or .xls).",
    ),
    "ambiguous": (
        "Không xác định được bảng mã của văn bản.",
        "The encoding of the texts cannot be told with certainty.",
        "Khai source.encoding: unicode, tcvn3, vni hoặc vps.",
        "Declare source.encoding: unicode, tcvn3, vni or vps.",
    ),
    "other_encoding": (
        "Văn bản trong tệp được viết bằng bảng mã {}, không phải bảng mã đã khai.",
        "The texts of the file are written in {}, not in the declared encoding.",
        "Sửa source.encoding.",
        "Correct source.encoding.",
    ),
    "undecodable": (
        "Văn bản không thuộc bảng mã đã khai.",
        "The text is not in the declared encoding.",
        "Sửa source.encoding, hoặc gõ lại ô này bằng Unicode.",
        "Correct source.encoding, or retype this cell in Unicode.",
    ),
    "unknown_sheet": (
        "Trang tính chưa được khai.",
        "The sheet is not declared.",
        "Thêm vào source.sheets.values, hoặc khai repairs: drop_sheet hoặc rename_sheet.",
        "Add it to source.sheets.values, or declare a repair drop_sheet or rename_sheet.",
    ),
    "missing_sheet": (
        "Thiếu trang tính đã khai “{}”.",
        "The declared sheet “{}” is missing.",
        "Kiểm tra tệp, hoặc khai repairs: rename_sheet nếu trang có tên khác.",
        "Check the file, or declare a repair rename_sheet if the sheet has another name.",
    ),
    "double_sheet": (
        "Hai trang tính cùng ứng với một tên đã khai.",
        "Two sheets answer to one declared name.",
        "Bỏ một trang bằng repairs: drop_sheet, hoặc sửa rename_sheet.",
        "Drop one with a repair drop_sheet, or correct the rename_sheet.",
    ),
    "hidden_sheet": (
        "Trang tính bị ẩn trong sổ tính nhưng đã được đọc.",
        "The sheet is hidden in the workbook and was read.",
        "Kiểm tra xem số liệu của trang có hợp lệ không.",
        "Check that its figures are meant to be used.",
    ),
    "noted_cells": (
        "Có ghi chú (comment) trên ô số liệu; ghi chú không được đọc như số liệu.",
        "Cells carry notes (comments); notes are not read as figures.",
        "Kiểm tra xem ghi chú có sửa số liệu không.",
        "Check whether a note corrects a figure.",
    ),
    "missing_column": (
        "Thiếu cột “{}”.",
        "The column “{}” is missing.",
        "Kiểm tra source.header và tiêu đề cột đã khai, hoặc sửa tệp.",
        "Check source.header and the declared headings, or correct the file.",
    ),
    "double_column": (
        "Hai cột có cùng ý nghĩa “{}”.",
        "Two columns mean the same, “{}”.",
        "Bỏ một cột bằng repairs: drop_columns.",
        "Drop one with a repair drop_columns.",
    ),
    "unknown_column": (
        "Cột có tiêu đề nhưng chưa được khai.",
        "A column with a heading that is not declared.",
        "Khai cột này, hoặc bỏ bằng repairs: drop_columns với headers.",
        "Declare the column, or drop it with a repair drop_columns with headers.",
    ),
    "unheaded_column": (
        "Có nội dung ở cột không có tiêu đề.",
        "There is content in a column without a heading.",
        "Kiểm tra các ô, xóa chúng hoặc bỏ cột bằng repairs: drop_columns với letters.",
        "Look at the cells; clear them, or drop the column with a repair drop_columns with letters.",
    ),
    "headed_letter": (
        "drop_columns theo chữ cái nhưng cột có tiêu đề.",
        "drop_columns names a column by letter that has a heading.",
        "Ghi tiêu đề của cột trong headers thay cho letters.",
        "Name it by its heading in headers instead of letters.",
    ),
    "blank_row": (
        "Dòng trống giữa các dòng số liệu.",
        "An empty row between rows of data.",
        "Xóa dòng, hoặc khai repairs: drop_rows với rows.",
        "Delete the row, or declare a repair drop_rows with rows.",
    ),
    "no_rows": (
        "Không có dòng số liệu nào.",
        "There are no rows of data.",
        "Kiểm tra source.header và tệp.",
        "Check source.header and the file.",
    ),
    "no_label": (
        "Dòng có số liệu nhưng không có nhãn.",
        "A row with figures but without a label.",
        "Điền nhãn, hoặc bỏ dòng bằng repairs: drop_rows với rows.",
        "Fill in the label, or drop the row with a repair drop_rows with rows.",
    ),
    "total_row": (
        "Dòng tổng lẫn trong số liệu.",
        "A row of totals among the data.",
        "Bỏ bằng repairs: drop_rows với labels; tổng được tính lại.",
        "Drop it with a repair drop_rows with labels; totals are computed again.",
    ),
    "unknown_label": (
        "Nhãn không có trong danh mục “{}”.",
        "A label that is not in “{}”.",
        "Sửa tệp, thêm tên khác vào danh mục mã, hoặc khai repairs: rename.",
        "Correct the file, add an alias to the code list, or declare a repair rename.",
    ),
    "not_a_label": (
        "Ô nhãn không phải văn bản.",
        "A label cell that is not text.",
        "Sửa ô thành văn bản, hoặc bỏ dòng bằng repairs: drop_rows.",
        "Make the cell a text, or drop the row with a repair drop_rows.",
    ),
    "double_row": (
        "Hai dòng của cùng một mã hoặc cùng một tổ hợp.",
        "Two rows for the same code or combination.",
        "Sửa tệp, hoặc bỏ dòng thừa bằng repairs: drop_rows với rows.",
        "Correct the file, or drop the extra row with a repair drop_rows with rows.",
    ),
    "missing_rows": (
        "Thiếu dòng của các mã: {}.",
        "Rows are missing for the codes: {}.",
        "Bổ sung số liệu, hoặc khai rows.complete: false.",
        "Complete the data, or declare rows.complete: false.",
    ),
    "not_text": (
        "Ô không phải văn bản.",
        "The cell is not a text.",
        "Sửa ô thành văn bản.",
        "Make the cell a text.",
    ),
    "empty": (
        "Ô trống ở cột bắt buộc.",
        "An empty cell in a column that needs a value.",
        "Điền số liệu, hoặc khai source.empty: zero hoặc missing.",
        "Fill it in, or declare source.empty: zero or missing.",
    ),
    "error_cell": (
        "Ô là lỗi công thức.",
        "The cell is a formula error.",
        "Sửa công thức, hoặc khai repairs: set_empty với cells.",
        "Correct the formula, or declare a repair set_empty with cells.",
    ),
    "text_number": (
        "Văn bản trong cột số.",
        "Text in a column of numbers.",
        "Sửa ô, hoặc khai repairs: text_to_number hay set_empty.",
        "Correct the cell, or declare a repair text_to_number or set_empty.",
    ),
    "not_number": (
        "Ngày hoặc giá trị đúng/sai trong cột số.",
        "A date or a true/false in a column of numbers.",
        "Sửa định dạng ô thành số.",
        "Make the cell a number.",
    ),
    "negative": (
        "Số đếm âm.",
        "A negative count.",
        "Sửa tệp.",
        "Correct the file.",
    ),
    "not_whole": (
        "Số đếm không phải số nguyên.",
        "A count that is not a whole number.",
        "Sửa ô, hoặc khai repairs: truncate, hay thousands nếu dấu chấm là dấu nghìn.",
        "Correct the cell, or declare a repair truncate, or thousands if the point separates thousands.",
    ),
    "too_large": (
        "Số quá lớn để là số đếm.",
        "A number too large to be a count.",
        "Kiểm tra xem ô có phải là mã số hay số điện thoại không.",
        "Check whether the cell is an identifier or a phone number.",
    ),
    "not_date": (
        "Ô không phải ngày.",
        "The cell is not a date.",
        "Ghi ngày theo dạng yyyy-mm-dd hoặc định dạng ô là ngày.",
        "Write yyyy-mm-dd, or format the cell as a date.",
    ),
    "wrong_type": (
        "Kiểu của cột không đúng với khai báo ({}).",
        "The type of the column is not the declared one ({}).",
        "Sửa type của cột trong source.columns, hoặc sửa tệp.",
        "Correct the column's type in source.columns, or correct the file.",
    ),
    "bad_table": (
        "Tệp không phải bảng đúng dạng (CSV hoặc Parquet).",
        "The file is not a well-formed table (CSV or Parquet).",
        "Kiểm tra source.delimiter, dấu nháy và bảng mã; xuất lại tệp.",
        "Check source.delimiter, quotes and encoding; export the file again.",
    ),
    "unused": (
        "Khai báo sửa chữa {} không áp dụng được vào đâu.",
        "The declared repair {} applies to nothing.",
        "Tệp đã thay đổi: xem lại rồi bỏ hoặc sửa khai báo này.",
        "The input has changed: look again, then remove or correct the repair.",
    ),
    "more": (
        "Còn {} lỗi khác.",
        "There are {} more mistakes.",
        "Sửa các lỗi trên rồi chạy lại.",
        "Correct those above and run again.",
    ),
}

use super::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

fn book(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.add_worksheet().write(0, 0, "another sheet").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn cells_become_text_as_excel_shows_them() {
    let file = book(|sheet| {
        let date = Format::new().set_num_format("dd/mm/yyyy");
        let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let money = Format::new().set_num_format("\"USD\" #,##0.00");
        for (column, text) in ["Name", "Phone", "When", "Begin", "Price", "Yes"].iter().enumerate() {
            sheet.write(0, column as u16, *text).unwrap();
        }
        sheet.write(2, 0, "José & Söhne <早>").unwrap();
        sheet.write(2, 1, 3_125_550_100_f64).unwrap();
        sheet.write_with_format(2, 2, ExcelDateTime::from_ymd(2026, 11, 24).unwrap(), &date).unwrap();
        sheet
            .write_with_format(2, 3, ExcelDateTime::from_ymd(2026, 11, 24).unwrap().and_hms(9, 30, 0).unwrap(), &moment)
            .unwrap();
        sheet.write_with_format(2, 4, 49.95, &money).unwrap();
        sheet.write(2, 5, true).unwrap();
        sheet.write(4, 27, "far right").unwrap();
    });
    let rows = crate::read(&file).unwrap();
    assert_eq!((rows.len(), rows[0].number, rows[1].number, rows[2].number), (3, 1, 3, 5));
    assert_eq!(rows[0].cells, ["Name", "Phone", "When", "Begin", "Price", "Yes"]);
    assert_eq!(rows[1].cells, ["José & Söhne <早>", "3125550100", "2026-11-24", "2026-11-24 09:30", "49.95", "TRUE"]);
    assert_eq!((rows[2].cells.len(), rows[2].cells[27].as_str()), (28, "far right"));
}

#[test]
fn ten_thousand_rows_are_read() {
    let file = book(|sheet| {
        for row in 0..10_001 {
            sheet.write(row, 0, format!("Customer {row}")).unwrap();
            sheet.write(row, 1, row).unwrap();
        }
    });
    let rows = crate::read(&file).unwrap();
    assert_eq!((rows.len(), rows[10_000].cells[0].as_str()), (10_001, "Customer 10000"));
}

#[test]
fn what_is_damaged_is_refused() {
    let file = book(|sheet| _ = sheet.write(0, 0, "x").unwrap());
    for length in [4, 30, 100, file.len() / 2, file.len() - 10] {
        assert!(matches!(crate::read(&file[..length]), Err(SheetError::Workbook(_))), "{length}");
    }
    for place in (0..file.len()).step_by(7) {
        let mut damaged = file.clone();
        damaged[place] ^= 0xff;
        let _ = crate::read(&damaged); // whatever it says, it says it
    }
    assert_eq!(crate::read(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]), Err(SheetError::OldExcel));
    assert_eq!(crate::read(b" \n,,\n"), Err(SheetError::Empty));
}

#[test]
fn formats_that_show_dates_are_known() {
    for date in ["yyyy-mm-dd", "d\\.m\\.yy", "[$-409]h:mm AM/PM", "yyyy\"年\"m\"月\"d\"日\""] {
        assert!(is_date_format(date), "{date}");
    }
    for number in ["0.00", "#,##0", "\"USD\" 0", "[Red]0", "0.00\\ \"days\"", "General"] {
        assert!(!is_date_format(number), "{number}");
    }
}

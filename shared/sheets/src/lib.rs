//! Rows out of CSV and Excel (`.xlsx`) files as people have them: with byte order marks, semicolons, line breaks within
//! quotes, UTF-16, blank rows and dates in several written forms. Pure.
//!
//! Every cell becomes text. A cell that Excel shows as a date becomes `2026-11-24`, `2026-11-24 09:00` or `09:00`.

mod csv;
mod serial;
mod text;
pub mod values;
mod xlsx;
mod xml;
mod zip;

/// The most rows that are read, the header among them.
pub const MOST_ROWS: usize = 10_001;
/// The most columns that are read.
pub const MOST_COLUMNS: usize = 200;

/// One row that has something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as an editor or Excel shows it, from 1.
    pub number: usize,
    /// The cells from the first column on, without spaces around their text. Those after the last are empty.
    pub cells: Vec<String>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// There is no row with anything in it.
    #[error("the file is empty")]
    Empty,
    /// Neither UTF-8 nor UTF-16.
    #[error("the text is neither UTF-8 nor UTF-16; in Excel, save it as \"CSV UTF-8\" or as a workbook (.xlsx)")]
    Encoding,
    /// A quote that never ends.
    #[error("the quote that begins in line {0} has no end")]
    Quote(usize),
    /// More rows than are read.
    #[error("the file has more than {} rows below the header", MOST_ROWS - 1)]
    TooManyRows,
    /// More columns than are read.
    #[error("the file has more than {MOST_COLUMNS} columns")]
    TooManyColumns,
    /// A workbook that is not as it should be.
    #[error("the workbook cannot be read: {0}")]
    Workbook(&'static str),
    /// Excel's old format.
    #[error("this is a workbook in Excel's old format (.xls); save it as .xlsx")]
    OldExcel,
}

/// The rows of a file, whichever of the formats it has: for a workbook those of its first sheet. Blank rows are left out.
pub fn read(file: &[u8]) -> Result<Vec<Row>, SheetError> {
    let rows = if file.starts_with(b"PK\x03\x04") {
        xlsx::read(file)?
    } else if file.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(SheetError::OldExcel);
    } else {
        csv::read(&text::decode(file)?)?
    };
    if rows.is_empty() { Err(SheetError::Empty) } else { Ok(rows) }
}

/// Keeps a row, unless it is blank.
fn keep(rows: &mut Vec<Row>, number: usize, mut cells: Vec<String>) -> Result<(), SheetError> {
    for cell in &mut cells {
        let trimmed = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if trimmed.len() < cell.len() {
            *cell = trimmed.to_owned();
        }
    }
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    if cells.len() > MOST_COLUMNS {
        return Err(SheetError::TooManyColumns);
    }
    if !cells.is_empty() {
        if rows.len() == MOST_ROWS {
            return Err(SheetError::TooManyRows);
        }
        rows.push(Row { number, cells });
    }
    Ok(())
}

//! A file's rows by the names of their columns.

use crate::error::FieldError;
use lanekeeper_sheets::Row;

/// A column that an import knows, and the headers that people give it, in small letters and digits only.
pub struct Column {
    /// What the import calls it.
    pub name: &'static str,
    /// What files call it.
    pub headers: &'static [&'static str],
}

/// What is wrong in a file.
#[derive(Debug, Default)]
pub struct RowErrors(pub Vec<FieldError>);

impl RowErrors {
    /// Notes what is wrong in a row; `column` is the header as the file has it, or what the import calls it.
    pub fn note(&mut self, row: usize, column: &str, reason: impl Into<String>) {
        self.0.push(FieldError::in_row(row, column, reason));
    }
}

/// The rows below a header.
pub struct Table<'a> {
    rows: &'a [Row],
    /// The name, the header and the place of each known column that the file has.
    columns: Vec<(&'static str, &'a str, usize)>,
    /// Headers that mean nothing to us.
    pub ignored: Vec<String>,
}

/// One row below the header.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    table: &'a Table<'a>,
    row: &'a Row,
}

impl<'a> Table<'a> {
    /// Takes the first row for the header, which must name one of the `demanded` columns: without it, there are no rows.
    pub fn new(rows: &'a [Row], known: &[Column], demanded: &[&str], errors: &mut RowErrors) -> Self {
        let mut table = Self { rows: rows.get(1..).unwrap_or_default(), columns: Vec::new(), ignored: Vec::new() };
        let Some(header) = rows.first() else { return table };
        for (place, title) in header.cells.iter().enumerate() {
            let plain: String = title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            match known.iter().find(|column| column.headers.contains(&plain.as_str())) {
                Some(column) => match table.columns.iter().find(|(name, ..)| *name == column.name) {
                    Some((_, other, _)) => {
                        let reason = format!("means the same as the column '{other}'; leave one of them out");
                        errors.note(header.number, title, reason);
                    }
                    None => table.columns.push((column.name, title, place)),
                },
                None if plain.is_empty() => {}
                None => table.ignored.push(title.clone()),
            }
        }
        if !demanded.iter().any(|name| table.has(name)) {
            let reason = format!("the file has no column for it ({})", demanded.join(" or "));
            errors.note(header.number, demanded.first().unwrap_or(&""), reason);
            table.rows = &[];
        }
        table
    }

    /// Whether the file has this column.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, ..)| *column == name)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows in order.
    pub fn records(&'a self) -> impl Iterator<Item = Record<'a>> {
        self.rows.iter().map(|row| Record { table: self, row })
    }
}

impl<'a> Record<'a> {
    /// The row's number as Excel or an editor shows it.
    pub fn number(self) -> usize {
        self.row.number
    }

    /// What stands in this column; `None` when nothing does, or the file has no such column.
    pub fn text(self, name: &str) -> Option<&'a str> {
        let (_, _, place) = self.table.columns.iter().find(|(column, ..)| *column == name)?;
        self.row.cells.get(*place).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// What stands in this column, read by `read`; where that fails it is noted, with `reason` unless `read` gives one.
    pub fn read<T>(
        self,
        name: &str,
        errors: &mut RowErrors,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(name)?;
        read(text).map_err(|reason| self.note(name, errors, reason)).ok()
    }

    /// Notes what is wrong in this column.
    pub fn note(self, name: &str, errors: &mut RowErrors, reason: impl Into<String>) {
        let header =
            self.table.columns.iter().find(|(column, ..)| *column == name).map_or(name, |(_, header, _)| header);
        errors.note(self.row.number, header, reason);
    }
}

//! Excel workbooks (ECMA-376): the first sheet's cells as text.

use crate::xml::{Attributes, Piece, Pieces, pieces, unescape};
use crate::zip::Archive;
use crate::{MOST_COLUMNS, Row, SheetError, keep, serial};

/// The rows of the first sheet of this workbook.
pub fn read(file: &[u8]) -> Result<Vec<Row>, SheetError> {
    let archive = Archive::open(file)?;
    let missing = SheetError::Workbook("it has no sheet; is it an Excel workbook?");
    let workbook = archive.text("xl/workbook.xml")?.ok_or(missing.clone())?;
    let relations = archive.text("xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let sheet = archive.text(&first_sheet(&workbook, &relations))?.ok_or(missing)?;
    let strings = archive.text("xl/sharedStrings.xml")?.map(|document| shared_strings(&document)).unwrap_or_default();
    let dates = archive.text("xl/styles.xml")?.map(|document| date_styles(&document)).unwrap_or_default();
    let from_1904 = pieces(&workbook).any(|piece| {
        matches!(piece, Piece::Start("workbookPr", attributes) if matches!(attributes.get("date1904"), Some("1" | "true")))
    });
    Book { strings, dates, from_1904 }.rows(&sheet)
}

/// Where the first sheet is in the archive.
fn first_sheet(workbook: &str, relations: &str) -> String {
    let id = pieces(workbook).find_map(|piece| match piece {
        Piece::Start("sheet", attributes) => attributes.get("id"),
        _ => None,
    });
    let target = pieces(relations).find_map(|piece| match piece {
        Piece::Start("Relationship", attributes) if attributes.get("Id") == id => attributes.get("Target"),
        _ => None,
    });
    match target {
        Some(target) => target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned),
        None => "xl/worksheets/sheet1.xml".to_owned(),
    }
}

fn shared_strings(document: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut pieces = pieces(document);
    while let Some(piece) = pieces.next() {
        if matches!(piece, Piece::Start("si", _)) {
            strings.push(text_until(&mut pieces, "si"));
        }
    }
    strings
}

/// The text of all `t` up to the end of this element, without the readings (`rPh`) that East Asian cells may have.
fn text_until(pieces: &mut Pieces, element: &str) -> String {
    let (mut text, mut within, mut reading) = (String::new(), false, false);
    for piece in pieces {
        match piece {
            Piece::Start("t", _) => within = true,
            Piece::End("t") => within = false,
            Piece::Start("rPh", _) => reading = true,
            Piece::End("rPh") => reading = false,
            Piece::End(name) if name == element => break,
            Piece::Text(part) if within && !reading => unescape(part, &mut text),
            _ => {}
        }
    }
    text
}

/// For each cell style, whether it shows a date or a time.
fn date_styles(document: &str) -> Vec<bool> {
    let mut own_formats = Vec::new();
    let mut styles = Vec::new();
    let mut within = false;
    for piece in pieces(document) {
        match piece {
            Piece::Start("numFmt", attributes) => {
                let code = attributes.get("formatCode").is_some_and(is_date_format);
                own_formats.push((attributes.get("numFmtId"), code));
            }
            Piece::Start("cellXfs", _) => within = true,
            Piece::End("cellXfs") => within = false,
            Piece::Start("xf", attributes) if within => {
                let id = attributes.get("numFmtId");
                let own = own_formats.iter().find(|(own, _)| *own == id).map(|(_, date)| *date);
                styles.push(own.unwrap_or_else(|| is_built_in_date(id)));
            }
            _ => {}
        }
    }
    styles
}

/// ECMA-376, part 1, 18.8.30: the formats of dates and times among those that every workbook has, also in East Asia.
fn is_built_in_date(id: Option<&str>) -> bool {
    id.and_then(|id| id.parse().ok()).is_some_and(|id: u32| matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58))
}

/// Whether a format shows parts of a date or a time, outside quotes, brackets and escapes.
fn is_date_format(code: &str) -> bool {
    let mut plain = String::new();
    unescape(code, &mut plain);
    let mut characters = plain.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => drop(characters.by_ref().find(|character| *character == '"')),
            '[' => drop(characters.by_ref().find(|character| *character == ']')),
            '\\' | '_' | '*' => drop(characters.next()),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

struct Book {
    strings: Vec<String>,
    dates: Vec<bool>,
    from_1904: bool,
}

impl Book {
    fn rows(&self, sheet: &str) -> Result<Vec<Row>, SheetError> {
        let mut rows = Vec::new();
        let (mut number, mut cells) = (0, Vec::new());
        let mut pieces = pieces(sheet);
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Start("row", attributes) => {
                    number = attributes.get("r").and_then(|number| number.parse().ok()).unwrap_or(number + 1);
                }
                Piece::End("row") => keep(&mut rows, number, std::mem::take(&mut cells))?,
                Piece::Start("c", attributes) => {
                    let column = attributes.get("r").and_then(column).unwrap_or(cells.len());
                    let text = self.cell(attributes, &mut pieces);
                    if text.is_empty() {
                        continue;
                    }
                    if column >= MOST_COLUMNS {
                        return Err(SheetError::TooManyColumns);
                    }
                    if cells.len() <= column {
                        cells.resize(column + 1, String::new());
                    }
                    cells[column] = text;
                }
                _ => {}
            }
        }
        Ok(rows)
    }

    /// The text of a cell, up to its end.
    fn cell(&self, attributes: Attributes, pieces: &mut Pieces) -> String {
        let kind = attributes.get("t").unwrap_or("n");
        if kind == "inlineStr" {
            return text_until(pieces, "c");
        }
        let (mut value, mut within) = (String::new(), false);
        for piece in pieces {
            match piece {
                Piece::Start("v", _) => within = true,
                Piece::End("v") => within = false,
                Piece::End("c") => break,
                Piece::Text(text) if within => unescape(text, &mut value),
                _ => {}
            }
        }
        match kind {
            "s" => value.parse().ok().and_then(|place: usize| self.strings.get(place).cloned()).unwrap_or_default(),
            "b" => if value == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "n" => self.number(value, attributes.get("s")),
            _ => value,
        }
    }

    fn number(&self, value: String, style: Option<&str>) -> String {
        let Ok(number) = value.parse::<f64>() else { return value };
        let style: usize = style.and_then(|style| style.parse().ok()).unwrap_or(0);
        if self.dates.get(style).is_some_and(|date| *date)
            && let Some(date) = serial::shown(number, self.from_1904)
        {
            return date;
        }
        // As short as it can be said: Excel writes 49.95 as 49.950000000000003, and a long number as 3.125E9.
        if value.contains(['.', 'e', 'E']) { number.to_string() } else { value }
    }
}

/// The place of a cell's column, from 0: `AB12` is 27.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    letters
        .take(4)
        .fold(None, |place, letter| Some(place.map_or(0, |place: usize| (place + 1) * 26) + usize::from(letter - b'A')))
}

#[cfg(test)]
mod tests;

//! Comma-separated values (RFC 4180), and what goes by that name: semicolons and tabs instead of commas.

use crate::{Row, SheetError, keep};
use std::iter::Peekable;
use std::str::Chars;

/// The rows of this text.
pub fn read(text: &str) -> Result<Vec<Row>, SheetError> {
    // Excel takes a first line like `sep=;` for a hint and does not show it.
    let hint = text.lines().next().and_then(|line| line.trim_end().strip_prefix("sep="));
    let (separator, text, first_line) = match hint.and_then(|hint| hint.chars().next()) {
        Some(separator) => (separator, text.split_once('\n').map_or("", |(_, rest)| rest), 2),
        None => (separator(text), text, 1),
    };
    let mut reader = Reader { characters: text.chars().peekable(), separator, line: first_line };
    let mut rows = Vec::new();
    while reader.characters.peek().is_some() {
        let number = reader.line;
        let cells = reader.record()?;
        keep(&mut rows, number, cells)?;
    }
    Ok(rows)
}

/// The separator that the first line with anything in it has most of, outside quotes.
fn separator(text: &str) -> char {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    for character in header.chars() {
        quoted ^= character == '"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| !quoted && *separator == character) {
            *count += 1;
        }
    }
    // Of equal counts the last would win.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(separator, _)| separator)
}

struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
    separator: char,
    line: usize,
}

impl Reader<'_> {
    /// The cells up to the end of the line, or of the text.
    fn record(&mut self) -> Result<Vec<String>, SheetError> {
        let mut cells = vec![String::new()];
        loop {
            let Some(character) = self.characters.next() else { return Ok(cells) };
            let Some(cell) = cells.last_mut() else { return Ok(cells) };
            match character {
                '"' if cell.trim().is_empty() => {
                    cell.clear();
                    Self::quoted(&mut self.characters, &mut self.line, cell)?;
                }
                '\r' => {
                    self.characters.next_if_eq(&'\n');
                    self.line += 1;
                    return Ok(cells);
                }
                '\n' => {
                    self.line += 1;
                    return Ok(cells);
                }
                character if character == self.separator => cells.push(String::new()),
                character => cell.push(character),
            }
        }
    }

    /// What is left of a quoted cell, its closing quote included.
    fn quoted(characters: &mut Peekable<Chars>, line: &mut usize, cell: &mut String) -> Result<(), SheetError> {
        let began = *line;
        while let Some(character) = characters.next() {
            match character {
                '"' if characters.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => return Ok(()),
                '\r' if characters.peek() == Some(&'\n') => {}
                character => {
                    *line += usize::from(character == '\n');
                    cell.push(character);
                }
            }
        }
        Err(SheetError::Quote(began))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
        read(text).unwrap().into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn row(number: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn reads_what_people_have() {
        assert_eq!(cells("a,b\r\n1, 2 \r\n"), [row(1, &["a", "b"]), row(2, &["1", "2"])]);
        assert_eq!(cells("a;b\n1,5;2"), [row(1, &["a", "b"]), row(2, &["1,5", "2"])], "commas as decimal signs");
        assert_eq!(cells("a\tb\n\"x\ty\"\t2"), [row(1, &["a", "b"]), row(2, &["x\ty", "2"])]);
        assert_eq!(cells("sep=;\na;b\n1;2"), [row(2, &["a", "b"]), row(3, &["1", "2"])]);
        assert_eq!(cells("a\r1\r2"), [row(1, &["a"]), row(2, &["1"]), row(3, &["2"])], "an old Mac's line ends");
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let text = "name,note\n\n,,\nDana,\"two\r\nlines, \"\"quoted\"\"\"\nLucía,x\n";
        assert_eq!(
            cells(text),
            [row(1, &["name", "note"]), row(4, &["Dana", "two\nlines, \"quoted\""]), row(6, &["Lucía", "x"])]
        );
        assert_eq!(read("a\nb\n\"c"), Err(SheetError::Quote(3)));
        assert_eq!(cells("a,5\" pipe\n"), [row(1, &["a", "5\" pipe"])], "a quote within a cell is itself");
    }

    #[test]
    fn there_are_limits() {
        assert_eq!(read(&"x\n".repeat(10_002)), Err(SheetError::TooManyRows));
        assert_eq!(read(&"x\n".repeat(10_001)).unwrap().len(), 10_001);
        assert_eq!(read(&"x,".repeat(300).replace("x,", "x,y")), Err(SheetError::TooManyColumns));
        assert_eq!(read(&format!("a{}", ",".repeat(5000))).unwrap()[0].cells, ["a"], "empty columns at the end");
    }
}

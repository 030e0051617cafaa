//! The little of ZIP (PKWARE's APPNOTE 6.3) that a workbook needs: files by name, stored or deflated.

use crate::SheetError;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The most that one file of the archive may unpack to, in bytes: ten thousand rows are far smaller.
const LARGEST_FILE: usize = 48 << 20;

/// An archive.
pub struct Archive<'a> {
    bytes: &'a [u8],
    directory: Vec<Entry<'a>>,
}

struct Entry<'a> {
    name: &'a [u8],
    method: u16,
    packed: usize,
    header: usize,
}

const BROKEN: SheetError = SheetError::Workbook("the archive is damaged");

impl<'a> Archive<'a> {
    /// Reads the directory at the archive's end.
    pub fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        // The end record has 22 bytes and a comment of at most 65,535.
        let from = bytes.len().saturating_sub(22 + 65_535);
        let end = (from..bytes.len()).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06")).ok_or(BROKEN)?;
        let count = usize::from(short(bytes, end + 10).ok_or(BROKEN)?);
        let mut at = long(bytes, end + 16).ok_or(BROKEN)?;
        let mut directory = Vec::new();
        for _ in 0..count {
            let entry = bytes.get(at..).filter(|entry| entry.starts_with(b"PK\x01\x02")).ok_or(BROKEN)?;
            let lengths = [28, 30, 32].map(|place| short(entry, place).map(usize::from));
            let [Some(name), Some(extra), Some(comment)] = lengths else { return Err(BROKEN) };
            directory.push(Entry {
                name: entry.get(46..46 + name).ok_or(BROKEN)?,
                method: short(entry, 10).ok_or(BROKEN)?,
                packed: long(entry, 20).ok_or(BROKEN)?,
                header: long(entry, 42).ok_or(BROKEN)?,
            });
            at += 46 + name + extra + comment;
        }
        Ok(Self { bytes, directory })
    }

    /// The text of the file with this name; `None` when there is none.
    pub fn text(&self, name: &str) -> Result<Option<String>, SheetError> {
        let Some(entry) = self.directory.iter().find(|entry| entry.name.eq_ignore_ascii_case(name.as_bytes())) else {
            return Ok(None);
        };
        let header = self.bytes.get(entry.header..).filter(|header| header.starts_with(b"PK\x03\x04")).ok_or(BROKEN)?;
        let (name, extra) = (short(header, 26).ok_or(BROKEN)?, short(header, 28).ok_or(BROKEN)?);
        let begin = 30 + usize::from(name) + usize::from(extra);
        let packed = header.get(begin..).and_then(|data| data.get(..entry.packed)).ok_or(BROKEN)?;
        let bytes = match entry.method {
            0 => packed.to_vec(),
            8 => decompress_to_vec_with_limit(packed, LARGEST_FILE)
                .map_err(|_| SheetError::Workbook("a part of it is damaged or far too large"))?,
            _ => return Err(SheetError::Workbook("it is encrypted or packed in an unknown way")),
        };
        String::from_utf8(bytes).map(Some).map_err(|_| SheetError::Workbook("a part of it is not UTF-8"))
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes) as usize)
}

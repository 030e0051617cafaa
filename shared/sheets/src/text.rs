//! Bytes to text.

use crate::SheetError;
use std::borrow::Cow;

/// The text in these bytes: UTF-8, or UTF-16 with a byte order mark, as Excel's "Unicode Text" has it.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return utf16(rest, u16::from_le_bytes).map(Cow::Owned);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return utf16(rest, u16::from_be_bytes).map(Cow::Owned);
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| SheetError::Encoding)?;
    if text.contains('\0') { Err(SheetError::Encoding) } else { Ok(Cow::Borrowed(text)) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, SheetError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(SheetError::Encoding);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<_, _>>().map_err(|_| SheetError::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_encodings_that_excel_writes() {
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        assert_eq!(decode("\u{feff}早,é".as_bytes()).unwrap(), "早,é");
        assert_eq!(decode(&utf16("\u{feff}早\té", u16::to_le_bytes)).unwrap(), "早\té");
        assert_eq!(decode(&utf16("\u{feff}早\té", u16::to_be_bytes)).unwrap(), "早\té");
        assert_eq!(decode(b"Jos\xe9"), Err(SheetError::Encoding));
        assert_eq!(decode(&[0xff, 0xfe, 0x00]), Err(SheetError::Encoding));
        assert_eq!(decode(b"\x00binary"), Err(SheetError::Encoding));
    }
}

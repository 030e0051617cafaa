//! The little of XML that a workbook's parts need: tags with attributes, and text. Prefixes of names are dropped.

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// `<name …>` or `<name …/>`; the latter is followed by its end.
    Start(&'a str, Attributes<'a>),
    /// `</name>`.
    End(&'a str),
    /// Text between tags, as it is written.
    Text(&'a str),
}

/// What stands in a tag behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    /// The value of this attribute, as it is written.
    pub fn get(self, wanted: &str) -> Option<&'a str> {
        let mut rest = self.0;
        loop {
            let (name, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, after) = after[1..].split_once(quote)?;
            if local(name.trim()) == wanted {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// The pieces of a document, in order. What is not well-formed ends it.
pub struct Pieces<'a> {
    rest: &'a str,
    end: Option<&'a str>,
}

/// Takes a document apart.
pub fn pieces(document: &str) -> Pieces<'_> {
    Pieces { rest: document, end: None }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(name) = self.end.take() {
            return Some(Piece::End(name));
        }
        loop {
            if !self.rest.starts_with('<') {
                let end = self.rest.find('<')?;
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Piece::Text(text));
            }
            if let Some(after) = self.rest.strip_prefix("<![CDATA[") {
                let (text, rest) = after.split_once("]]>")?;
                self.rest = rest;
                return Some(Piece::Text(text));
            }
            let close = if self.rest.starts_with("<!--") { "-->" } else { ">" };
            let (tag, rest) = self.rest[1..].split_once(close)?;
            self.rest = rest;
            if tag.starts_with(['?', '!']) {
                continue;
            }
            if let Some(name) = tag.strip_prefix('/') {
                return Some(Piece::End(local(name.trim())));
            }
            let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            let name = local(name);
            self.end = empty.then_some(name);
            return Some(Piece::Start(name, Attributes(attributes)));
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Text with its entities replaced, added to `target`.
pub fn unescape(text: &str, target: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        target.push_str(before);
        let character = after.split_once(';').and_then(|(entity, rest)| Some((entity_character(entity)?, rest)));
        if let Some((character, after)) = character {
            target.push(character);
            rest = after;
        } else {
            target.push('&');
            rest = after;
        }
    }
    target.push_str(rest);
}

fn entity_character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_documents_apart() {
        let document = "<?xml version='1.0'?><!-- <no> --><x:row r=\"1\" x:s='2'><c/>a &amp; b</x:row>";
        let pieces: Vec<_> = pieces(document).collect();
        let Piece::Start("row", attributes) = pieces[0] else { panic!("{pieces:?}") };
        assert_eq!((attributes.get("r"), attributes.get("s"), attributes.get("t")), (Some("1"), Some("2"), None));
        assert_eq!(pieces[1..3], [Piece::Start("c", Attributes("")), Piece::End("c")]);
        assert_eq!(pieces[3..], [Piece::Text("a &amp; b"), Piece::End("row")]);
    }

    #[test]
    fn entities_become_characters() {
        let text = |text: &str| {
            let mut plain = String::new();
            unescape(text, &mut plain);
            plain
        };
        assert_eq!(text("a &amp; b &lt;&#10;&#x65E9;&gt; R&D &nope;"), "a & b <\n早> R&D &nope;");
    }
}

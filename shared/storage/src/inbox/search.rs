//! Search: conversations by what was said in them, and by the customer's name, number, plate or VIN.
//!
//! SQLite's FTS5 does it, which both runtimes bring along. Words are looked for from their beginnings on, as in "brak" for
//! "brakes"; in scripts without spaces every character is a word, because most of their words have two of them, which an index
//! of three letters at a time would not find. Names, numbers, plates and VINs are looked for by any three letters or digits of
//! them in a row, since people remember a number's last four. The store's id is a word as well, so that a small store
//! beside a large one does not read through the other's words.

use super::list::columns;
use lanekeeper_platform::Statement;
use std::fmt::Write;

/// How many places are looked at, the latest first.
const MOST_PLACES: u32 = 300;
/// How many conversations are found at most.
pub const MOST_FOUND: u32 = 50;
/// Nobody remembers more words.
const MOST_TERMS: usize = 8;

/// What is looked for, in the forms that the indexes take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    words: Vec<String>,
    parts: Vec<String>,
    name: String,
}

impl Needle {
    /// What somebody has typed; `None` where that is nothing to look for.
    pub fn new(typed: &str) -> Option<Self> {
        let name = typed.trim().to_owned();
        let spaced = spaced(typed).unwrap_or_else(|| typed.to_owned());
        let words = |text: &str| -> Vec<String> {
            let letters = |word: &&str| !word.is_empty();
            text.split(|letter: char| !letter.is_alphanumeric())
                .filter(letters)
                .take(MOST_TERMS)
                .map(str::to_owned)
                .collect()
        };
        // A number may be written with all kinds of signs between its digits.
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let number = digits.len() >= 4 && !typed.chars().any(char::is_alphabetic);
        let parts = if number { vec![digits] } else { words(typed) };
        let parts = parts.into_iter().filter(|part| part.chars().count() >= 3).collect();
        let words = words(&spaced);
        (!words.is_empty()).then_some(Self { words, parts, name })
    }

    /// The words that are looked for, to be marked where they are found.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// A query of FTS5's for all of these in this column, in this store. What was typed is only ever within quotes.
    fn query(store: &str, column: &str, terms: &[String], beginnings: bool) -> String {
        let mut query = format!("store : \"{}\" AND {column} : (", store.replace('"', ""));
        for (place, term) in terms.iter().enumerate() {
            let (and, star) = (if place == 0 { "" } else { " AND " }, if beginnings { "*" } else { "" });
            let _ = write!(query, "{and}\"{term}\"{star}");
        }
        query.push(')');
        query
    }
}

/// The text with a space between characters of scripts that write none; `None` where it has no such characters.
pub(crate) fn spaced(text: &str) -> Option<String> {
    text.contains(is_word_by_itself).then(|| {
        let mut spaced = String::with_capacity(text.len() * 2);
        for letter in text.chars() {
            let alone = is_word_by_itself(letter);
            if alone {
                spaced.push(' ');
            }
            spaced.push(letter);
            if alone {
                spaced.push(' ');
            }
        }
        spaced
    })
}

/// Han, kana, Hangul and Thai.
fn is_word_by_itself(letter: char) -> bool {
    matches!(letter, '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The conversations of a store in which this is found, as rows of the list: those of customers who are meant first, then the
/// latest. `hit` is the text of the latest message or note with the words.
pub fn select_found(store: &str, needle: &Needle) -> Statement {
    let words = Needle::query(store, "words", &needle.words, true);
    let parts = if needle.parts.is_empty() {
        // A query that finds nothing: every document has the column, and none has both.
        "store : \"\"".to_owned()
    } else {
        Needle::query(store, "parts", &needle.parts, false)
    };
    let end = format!("{}\u{10ffff}", needle.name);
    Statement::new(format!(
        "WITH said AS (SELECT f.source, f.source_id, f.id FROM \
             (SELECT rowid AS place FROM findable_words WHERE findable_words MATCH ?2 ORDER BY rowid DESC LIMIT {MOST_PLACES}) \
             CROSS JOIN findable f ON f.id = place AND f.store_id = ?1), \
           known AS (SELECT f.source, f.source_id FROM \
             (SELECT rowid AS place FROM findable_parts WHERE findable_parts MATCH ?3 ORDER BY rowid DESC LIMIT {MOST_PLACES}) \
             CROSS JOIN findable f ON f.id = place AND f.store_id = ?1), \
           people AS (SELECT source_id AS customer FROM known WHERE source = 'customer' \
             UNION SELECT v.customer_id FROM known CROSS JOIN vehicles v ON v.id = source_id WHERE source = 'vehicle' \
             UNION SELECT i.customer_id FROM known CROSS JOIN identities i ON i.store_id = ?1 \
                 AND i.kind = substr(source_id, 1, instr(source_id, ' ') - 1) AND i.address = substr(source_id, instr(source_id, ' ') + 1) \
               WHERE source = 'identity' \
             UNION SELECT id FROM (SELECT id FROM customers WHERE store_id = ?1 AND name COLLATE NOCASE >= ?4 AND name COLLATE NOCASE < ?5 LIMIT {MOST_FOUND})), \
           hits AS (SELECT c.id AS conversation, 1 AS person, 0 AS place, NULL AS text FROM people \
               CROSS JOIN conversations c ON c.customer_id = people.customer AND c.store_id = ?1 \
             UNION ALL SELECT m.conversation_id, 0, said.id, m.text FROM said CROSS JOIN messages m ON m.id = source_id \
               WHERE source = 'message' \
             UNION ALL SELECT n.conversation_id, 0, said.id, n.text FROM said CROSS JOIN notes n ON n.id = source_id \
               WHERE source = 'note'), \
           best AS (SELECT conversation, max(person) AS person, max(place) AS place FROM hits GROUP BY conversation) \
         SELECT {columns}, -best.person AS first, -c.updated_at AS second, \
           (SELECT text FROM hits WHERE hits.conversation = c.id AND hits.place = best.place AND text IS NOT NULL LIMIT 1) AS hit, \
           NULL AS last \
         FROM best CROSS JOIN conversations c ON c.id = best.conversation AND c.store_id = ?1 \
           JOIN customers u ON u.id = c.customer_id JOIN lines l ON l.id = c.line_id \
         ORDER BY first, second, c.id LIMIT {MOST_FOUND}",
        columns = columns("c"),
    ))
    .bind(store)
    .bind(words)
    .bind(parts)
    .bind(needle.name.as_str())
    .bind(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needle(typed: &str) -> Needle {
        Needle::new(typed).unwrap()
    }

    #[test]
    fn whatever_is_typed_stands_within_quotes() {
        for typed in ["\" OR store : \"other", "a* NOT b", "x\") OR (\"", "NEAR(a b)", "col:x", "^a"] {
            let query = Needle::query("s", "words", &needle(typed).words, true);
            let outside: String = query.split('"').step_by(2).collect();
            let rest = outside.replace("store : ", "").replace("AND words : (", "").replace("AND", "").replace('*', "");
            assert_eq!(rest.trim_matches([' ', ')']), "", "{query}");
        }
        assert_eq!(Needle::new(" \"*- "), None);
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(needle("(312) 555-0177").parts, ["3125550177"]);
        assert_eq!(needle("0177").parts, ["0177"]);
        assert_eq!(needle("abc 1234").parts, ["abc", "1234"]);
        assert_eq!(needle("ab").parts, Vec::<String>::new());
    }

    #[test]
    fn characters_of_scripts_without_spaces_are_words() {
        assert_eq!(needle("换机油 CR-V").words, ["换", "机", "油", "CR", "V"]);
        assert_eq!(spaced("oil"), None);
        assert_eq!(spaced("换oil").as_deref(), Some(" 换 oil"));
    }
}

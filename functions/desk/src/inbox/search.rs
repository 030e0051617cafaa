//! What was found, shown within the words around it.

use lanekeeper_storage::inbox::Needle;
use maud::{Markup, html};

/// A stretch of at most about `most` characters of a text in which a needle was found, with what was looked for marked.
pub fn marked(text: &str, needle: &Needle, most: usize) -> Markup {
    let letters: Vec<char> = text.chars().collect();
    let low: Vec<char> = letters.iter().map(|letter| letter.to_lowercase().next().unwrap_or(*letter)).collect();
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for word in needle.words() {
        let word: Vec<char> = word.chars().map(|letter| letter.to_lowercase().next().unwrap_or(letter)).collect();
        let begins = |place: usize| {
            low[place..].starts_with(&word)
                && (place == 0 || !low[place - 1].is_alphanumeric() || !word[0].is_ascii_alphanumeric())
        };
        marks.extend((0..low.len()).filter(|place| begins(*place)).map(|place| (place, place + word.len())));
    }
    marks.sort_unstable();
    let first = marks.first().map_or(0, |(start, _)| *start);
    let from = if letters.len() <= most { 0 } else { first.saturating_sub(most / 4) };
    let until = letters.len().min(from + most);
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for (place, letter) in letters.iter().enumerate().take(until).skip(from) {
        let is_marked = marks.iter().any(|(start, end)| (*start..*end).contains(&place));
        match pieces.last_mut() {
            Some((was, piece)) if *was == is_marked => piece.push(*letter),
            _ => pieces.push((is_marked, letter.to_string())),
        }
    }
    html! {
        @if from > 0 { "…" }
        @for (is_marked, piece) in &pieces {
            @if *is_marked { mark { (piece) } } @else { (piece) }
        }
        @if until < letters.len() { "…" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, typed: &str) -> String {
        marked(text, &Needle::new(typed).unwrap(), 24).into_string()
    }

    #[test]
    fn what_was_found_is_marked_and_stays_text() {
        assert_eq!(show("My Brakes squeal", "brak"), "My <mark>Brak</mark>es squeal");
        assert_eq!(show("我想换机油", "机油"), "我想换<mark>机油</mark>");
        assert_eq!(show("<b>oil</b>", "oil"), "&lt;b&gt;<mark>oil</mark>&lt;/b&gt;");
        assert_eq!(
            show("a long way to go until at last the brakes are named here", "brakes"),
            "…t the <mark>brakes</mark> are named h…"
        );
    }
}

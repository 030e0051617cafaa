//! How the customer feels.

use super::lexicon::{Match, Meaning};
use lanekeeper_domain::understanding::Mood;

/// The strongest feeling that the words tell; shouting makes it stronger.
pub(crate) fn of(text: &str, phrases: &[Match]) -> Mood {
    let feelings = phrases.iter().filter_map(|phrase| match phrase.meaning {
        Meaning::Mood(mood) => Some(mood),
        _ => None,
    });
    // `Happy` orders before `Calm`: a complaint with a friendly word in it is a complaint.
    let strongest = feelings.max().unwrap_or_default();
    match strongest {
        Mood::Upset | Mood::Calm if is_shouted(text) && text.contains("!!") => Mood::Angry,
        Mood::Upset if is_shouted(text) => Mood::Angry,
        mood => mood,
    }
}

fn is_shouted(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    let capitals = text.chars().filter(char::is_ascii_uppercase).count();
    letters >= 12 && capitals * 10 >= letters * 8
}

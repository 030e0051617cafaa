//! When a customer wants to come: the days and times in a text, resolved against the store's local time.
//!
//! A message becomes tokens, the tokens become language-neutral terms by a lexicon, and one grammar reads days, times
//! and limits from the terms. How vague words are taken, since appointments lie ahead and workshops work by day:
//!
//! - A weekday or day of the month without more is the nearest one; today itself only while the time that was said (or
//!   else 16:00) is still to come. One that was offered wins, and so does the week under discussion when it is further
//!   off than a week.
//! - "Next Tuesday" and 下周二 are the Tuesday of the next calendar week (from Monday); "this coming Tuesday" and "el
//!   próximo martes" are the nearest one after today.
//! - A bare hour from one to six is after noon, from seven to twelve before, unless the part of the day says otherwise.
//! - "From Monday on" and "after Monday" reach a week; "before Friday" begins today. "After work" is after 17:00, the
//!   "end of the day" after 16:00.
//! - Of several days that are alternatives the first counts; neighbouring ones make a range.

mod assemble;
mod calendar;
mod chinese;
mod clock;
mod dates;
mod english;
mod holidays;
mod lexer;
mod phrases;
mod reader;
mod spanish;
mod term;
mod tokens;
mod weeks;

#[cfg(test)]
mod tests;

use chrono::{NaiveDate, NaiveTime};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Context, PartOfDay};
use std::ops::Range;

/// What a message says about when; the fields mean what they mean in [`lanekeeper_domain::understanding::Details`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct When {
    pub date: Option<NaiveDate>,
    pub date_end: Option<NaiveDate>,
    pub not_dates: Vec<NaiveDate>,
    pub time: Option<NaiveTime>,
    pub time_after: Option<NaiveTime>,
    pub time_before: Option<NaiveTime>,
    pub part_of_day: Option<PartOfDay>,
    pub soonest: bool,
    /// Byte ranges of the text that were read as words of time (durations and past days too), in order.
    pub spans: Vec<Range<usize>>,
}

impl When {
    /// Whether nothing was said about when.
    pub fn is_empty(&self) -> bool {
        *self == Self { spans: self.spans.clone(), ..Self::default() }
    }
}

/// Reads the days and times in a text. The language is where to begin; when it finds nothing the others are tried.
/// Dates are never before the day of `context.now`, unless they were given with their year.
pub fn when(text: &str, language: Language, context: &Context) -> When {
    let tokens = tokens::tokens(text);
    let han = tokens.iter().any(|token| token.kind == tokens::Kind::Han);
    let first = if han { Language::Zh } else { language };
    let mut found = read(&tokens, first, context, true);
    for other in Language::ALL.into_iter().filter(|other| *other != first) {
        if !found.is_empty() || (other == Language::Zh && !han) {
            continue;
        }
        let tried = read(&tokens, other, context, false);
        if !tried.is_empty() {
            found = tried;
        }
    }
    found
}

/// `native` says that this is the language of the message, as far as anybody knows.
fn read(tokens: &[tokens::Token], language: Language, context: &Context, native: bool) -> When {
    let lexicon = match language {
        Language::En => &english::LEXICON,
        Language::Es => &spanish::LEXICON,
        Language::Zh => &chinese::LEXICON,
    };
    let pieces = lexer::pieces(tokens, lexicon);
    assemble::when(&pieces, language, context, native)
}

//! Which of the things offered is meant.

use super::lexicon::{Match, Meaning};
use super::when::When;
use chrono::NaiveDateTime;
use lanekeeper_domain::understanding::{Asked, Choice, Context};

/// The choice that a message of so many `words` makes: the one thing offered that fits the day and time said, or what its words point at.
pub(crate) fn find(phrases: &[Match], words: usize, context: &Context, when: &When) -> Option<Choice> {
    let said = phrases
        .iter()
        .filter_map(|phrase| match phrase.meaning {
            Meaning::Choice(choice) => Some((phrase.tokens.len(), choice)),
            _ => None,
        })
        .max_by_key(|&(length, _)| length)
        .filter(|&(length, choice)| is_listed(choice, context, length + 2 >= words))
        .map(|(_, choice)| choice);
    match said {
        Some(Choice::Nth(_) | Choice::Last | Choice::Any) => said,
        Some(Choice::Earliest | Choice::Latest) | None => pointed_at(context, when).or(said),
    }
}

/// Whether there was something to choose from, or, as far as we know, may have been and the message says nothing else.
fn is_listed(choice: Choice, context: &Context, says_only_that: bool) -> bool {
    let asked = matches!(context.asked, Some(Asked::Opening | Asked::Appointment));
    let perhaps = matches!(context.asked, None | Some(Asked::Transport | Asked::Vehicle));
    match choice {
        Choice::Nth(_) if context.offered.is_empty() => asked || (perhaps && says_only_that),
        Choice::Nth(nth) => usize::from(nth) <= context.offered.len(),
        _ => asked || (context.asked.is_none() && says_only_that) || !context.offered.is_empty(),
    }
}

/// "The one at three", "Thursday": the only thing offered that fits.
fn pointed_at(context: &Context, when: &When) -> Option<Choice> {
    if !matches!(context.asked, Some(Asked::Opening | Asked::Appointment)) {
        return None;
    }
    let restricted = when.date.is_some()
        || when.time.is_some()
        || when.part_of_day.is_some()
        || when.time_after.is_some()
        || when.time_before.is_some();
    let mut fitting = context.offered.iter().enumerate().filter(|(_, start)| restricted && fits(**start, when));
    match (fitting.next(), fitting.next()) {
        (Some((index, _)), None) => Some(Choice::Nth(index as u8 + 1)),
        _ => None,
    }
}

fn fits(start: NaiveDateTime, when: &When) -> bool {
    use chrono::Timelike;
    let (date, time) = (start.date(), start.time());
    let minute = time.hour() * 60 + time.minute();
    let last = when.date_end.or(when.date);
    when.date.is_none_or(|first| first <= date)
        && last.is_none_or(|last| date <= last)
        && !when.not_dates.contains(&date)
        && when.time.is_none_or(|wanted| wanted == time)
        && when.time_after.is_none_or(|after| time >= after)
        && when.time_before.is_none_or(|before| time <= before)
        && when.part_of_day.is_none_or(|part| {
            let (from, to) = part.span();
            (from..to).contains(&minute)
        })
}

//! Weighs the facts of a message against each other: what is denied, corrected, moved, or an alternative.

use super::When;
use super::calendar::{Calendar, Stretch, on_or_after};
use super::clock::ClockTime;
use super::reader::{Fact, Meaning, Reader};
use super::term::{Piece, Portion, Term};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Asked, Context, PartOfDay};

/// The hour from which "Friday", said on a Friday without a time, is a week away.
const TOO_LATE_FOR_TODAY: u32 = 16;

/// Without `native`, a bare number says nothing: it belongs to the language that was tried before.
pub(super) fn when(pieces: &[Piece], language: Language, context: &Context, native: bool) -> When {
    let read = |today_counts| {
        let calendar = Calendar { now: context.now, around: context.around, offered: &context.offered, today_counts };
        let reader = Reader { pieces, calendar: &calendar, language };
        weigh(&reader, context, native)
    };
    let found = read(true);
    if found.date == Some(context.now.date()) && found.date_end.is_none() && !still_ahead(&found, context.now) {
        return read(false);
    }
    found
}

/// Whether what was asked for can still be had today.
fn still_ahead(found: &When, now: NaiveDateTime) -> bool {
    if let Some(latest) = found.time.or(found.time_before) {
        return latest > now.time();
    }
    match found.part_of_day {
        Some(part) => now.hour() * 60 + now.minute() < part.span().1,
        None => now.hour() < TOO_LATE_FOR_TODAY || found.time_after.is_some(),
    }
}

fn weigh(reader: &Reader, context: &Context, native: bool) -> When {
    let mut facts = reader.facts(context.asked.filter(|_| native));
    if native {
        facts.extend(lone_number(reader, &facts, context));
    } else if !facts.iter().any(|fact| fact.at.clone().any(|at| tells_language(reader.term(at)))) {
        return When::default();
    }
    let mut found = When { spans: spans(reader, &facts), ..When::default() };
    deny(reader, &mut facts, &mut found);
    let start = replaced_until(reader, &facts);
    let wishes = &facts[start.min(facts.len())..];
    take_days(reader, wishes, &mut found);
    take_times(wishes, &mut found, context);
    // What a correction leaves open stays as it was said before.
    let earlier = &facts[..start.min(facts.len())];
    if !facts.iter().any(|fact| fact.meaning == Meaning::Move) {
        if found.date.is_none() {
            take_days(reader, earlier, &mut found);
        }
        if found.time.is_none()
            && found.time_after.is_none()
            && found.time_before.is_none()
            && found.part_of_day.is_none()
        {
            take_times(earlier, &mut found, context);
        }
    }
    found
}

/// Whether a word of this kind shows that the message is of the lexicon's language; numbers and articles do not.
fn tells_language(term: Term) -> bool {
    matches!(
        term,
        Term::Weekday(_)
            | Term::Month(_)
            | Term::Day(_)
            | Term::Holiday { .. }
            | Term::DayPart(..)
            | Term::Part(_)
            | Term::Clock(..)
            | Term::Unit(_)
            | Term::Weekend
            | Term::Soonest
            | Term::AfterWork
            | Term::DayEnd
            | Term::Before
            | Term::After
            | Term::At
            | Term::Am
            | Term::Pm
            | Term::OClock
    )
}

/// Takes the denied days out of the facts: "not Thursday", "Thursday doesn't work", 除了周一.
fn deny(reader: &Reader, facts: &mut Vec<Fact>, found: &mut When) {
    let denied = |facts: &[Fact], index: usize| {
        let before = index.checked_sub(1).and_then(|before| facts.get(before));
        let after = facts.get(index + 1);
        let fact = &facts[index];
        let said_before = before.is_some_and(|sign| {
            // "Monday I can't" and "I can't Monday": what has nothing before it looks ahead.
            let ahead = sign.meaning == Meaning::Unsuitable
                && index.checked_sub(2).is_none_or(|earlier| facts[earlier].at.end + 1 < sign.at.start);
            (sign.meaning == Meaning::Not || ahead)
                && reader
                    .skip(sign.at.end, &[Term::On, Term::At, Term::The, Term::In, Term::Filler, Term::To, Term::For])
                    >= fact.at.start
        });
        let said_after = after.is_some_and(|sign| {
            sign.meaning == Meaning::Unsuitable
                && reader.skip(fact.at.end, &[Term::Filler, Term::Of, Term::Comma]) >= sign.at.start
        });
        said_before || said_after
    };
    let mut index = 0;
    while index < facts.len() {
        let fact = &facts[index];
        let deniable = matches!(fact.meaning, Meaning::Days(_) | Meaning::Time(_) | Meaning::Part(..));
        if !deniable || !denied(facts, index) {
            index += 1;
            continue;
        }
        match fact.meaning {
            Meaning::Days(stretch) => {
                // A denied stretch is a week at most; more would be a misreading.
                found.not_dates.extend(stretch.first.iter_days().take_while(|day| *day <= stretch.end()).take(7));
                chain(reader, facts, index, found);
            }
            Meaning::Part(PartOfDay::Morning, _) => {
                facts[index].meaning = Meaning::After(ClockTime::exactly(12, 0));
                continue;
            }
            Meaning::Part(PartOfDay::Afternoon, _) => {
                facts[index].meaning = Meaning::Before(ClockTime::exactly(12, 0));
                continue;
            }
            _ => {}
        }
        facts.remove(index);
    }
}

/// "Not Monday or Tuesday": what is joined to a denied day is denied with it.
fn chain(reader: &Reader, facts: &mut Vec<Fact>, index: usize, found: &mut When) {
    while let Some(next) = facts.get(index + 1) {
        let joined = matches!(reader.term(facts[index].at.end), Term::Or | Term::And)
            && reader.skip(facts[index].at.end + 1, &[Term::The, Term::On]) >= next.at.start;
        let Meaning::Days(stretch) = next.meaning else { return };
        if !joined {
            return;
        }
        found.not_dates.push(stretch.first);
        facts[index].at.end = next.at.end;
        facts.remove(index + 1);
    }
}

/// The first fact that counts: those before a correction, or before the "to" of a move, are replaced.
fn replaced_until(reader: &Reader, facts: &[Fact]) -> usize {
    let tells = |fact: &Fact| {
        matches!(
            fact.meaning,
            Meaning::Days(_)
                | Meaning::Time(_)
                | Meaning::After(_)
                | Meaning::Before(_)
                | Meaning::Within(..)
                | Meaning::Part(..)
        )
    };
    let corrected = facts
        .iter()
        .rposition(|fact| fact.meaning == Meaning::Correction)
        .filter(|index| facts[*index..].iter().any(tells));
    let moved = facts.iter().any(|fact| fact.meaning == Meaning::Move);
    let target = facts.iter().rposition(|fact| tells(fact) && reader.before(fact.at.start) == Term::To);
    corrected.or(target.filter(|_| moved)).unwrap_or(0)
}

fn take_days(reader: &Reader, facts: &[Fact], found: &mut When) {
    let mut last: Option<(Stretch, usize)> = None;
    for fact in facts {
        let Meaning::Days(stretch) = fact.meaning else { continue };
        let Some(stretch) = allowed(stretch, &found.not_dates) else { continue };
        match last {
            None => {
                found.date = Some(stretch.first);
                found.date_end = stretch.last.filter(|last| *last > stretch.first);
            }
            Some((known, behind)) => {
                let joint = reader.skip(behind, &[Term::Or, Term::And, Term::Comma, Term::Slash, Term::The, Term::On]);
                let neighbour = known.end().succ_opt() == Some(stretch.first);
                // "Wednesday evening next week".
                let week = stretch.last.is_some_and(|last| (last - stretch.first).num_days() == 6);
                if week && known.last.is_none() && known.first < stretch.first {
                    found.date = on_or_after(stretch.first, known.first.weekday());
                    continue;
                }
                if !(joint >= fact.at.start && neighbour) {
                    // "Next week, Tuesday": the day within the stretch is what counts.
                    // And a day says more than a month does, wherever it lies.
                    let broad = (known.end() - known.first).num_days() > 7;
                    let inside = (known.first..=known.end()).contains(&stretch.first);
                    if known.last.is_some() && stretch.last.is_none() && (inside || broad) {
                        found.date = Some(stretch.first);
                        found.date_end = None;
                    }
                    continue;
                }
                found.date_end = Some(stretch.end());
            }
        }
        last = Some((stretch, fact.at.end));
    }
}

/// What is left of a stretch when it begins with days that will not do.
fn allowed(stretch: Stretch, not_dates: &[NaiveDate]) -> Option<Stretch> {
    let first =
        stretch.first.iter_days().take_while(|day| *day <= stretch.end()).find(|day| !not_dates.contains(day))?;
    Some(Stretch { first, ..stretch })
}

fn take_times(facts: &[Fact], found: &mut When, context: &Context) {
    let part = facts.iter().find_map(|fact| match fact.meaning {
        Meaning::Part(part, portion) => Some((part, portion)),
        _ => None,
    });
    let settle =
        |time: ClockTime| settled(time, part.map(|(part, _)| part), found.date == Some(context.now.date()), context);
    let mut soonest = false;
    let (mut time, mut after, mut before) = (None, None, None);
    for fact in facts {
        match fact.meaning {
            Meaning::Time(said) => time = time.or_else(|| settle(said)),
            // Of limits that exclude each other the first counts: "Monday before noon or Tuesday after two".
            Meaning::After(said) => {
                after = after.or_else(|| settle(said).filter(|after| before.is_none_or(|before| *after < before)));
            }
            Meaning::Before(said) => {
                before = before.or_else(|| settle(said).filter(|before| after.is_none_or(|after| after < *before)));
            }
            Meaning::Within(from, to) if time.is_none() && after.is_none() => {
                let part = part.map(|(part, _)| part);
                let shift = |end: ClockTime| match part {
                    Some(part) => end.settle(part),
                    None => end,
                };
                (after, before) = (shift(from).time(), shift(to).time());
            }
            Meaning::Soonest => soonest = true,
            _ => {}
        }
    }
    found.time = time;
    found.time_after = after;
    found.time_before = before;
    found.soonest |= soonest;
    if let Some((part, portion)) = part.filter(|_| time.is_none()) {
        found.part_of_day = Some(part);
        let (from, to) = portion.map_or((None, None), |portion| narrowed(part, portion));
        found.time_after = found.time_after.or(from);
        found.time_before = found.time_before.or(to);
    }
}

/// The time meant: by the part of the day, by what was offered, by what is still to come today, or by working hours.
fn settled(time: ClockTime, part: Option<PartOfDay>, today: bool, context: &Context) -> Option<NaiveTime> {
    if time.settled {
        return time.time();
    }
    if let Some(part) = part {
        return time.settle(part).time();
    }
    let offered = context
        .offered
        .iter()
        .map(NaiveDateTime::time)
        .find(|offered| offered.hour() % 12 == time.hour % 12 && offered.minute() == time.minute);
    if offered.is_some() {
        return offered;
    }
    let usual = time.at_work();
    let evening = ClockTime { hour: usual.hour + 12, ..usual };
    let gone = today && usual.time().is_some_and(|usual| usual <= context.now.time());
    if gone && usual.hour < 8 { evening.time() } else { usual.time() }
}

/// The bounds of an early, middle or late portion of a part of the day.
fn narrowed(part: PartOfDay, portion: Portion) -> (Option<NaiveTime>, Option<NaiveTime>) {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    match (part, portion) {
        (PartOfDay::Morning, Portion::Early) => (None, hour(10)),
        (PartOfDay::Morning, Portion::Mid) => (hour(9), hour(11)),
        (PartOfDay::Morning, Portion::Late) => (hour(10), None),
        (PartOfDay::Afternoon, Portion::Early) => (None, hour(15)),
        (PartOfDay::Afternoon, Portion::Mid) => (hour(14), hour(16)),
        (PartOfDay::Afternoon, Portion::Late) => (hour(15), None),
        _ => (None, None),
    }
}

/// A bare number in a short answer: a time when one was asked for or offered, unless it is the number of a choice.
fn lone_number(reader: &Reader, facts: &[Fact], context: &Context) -> Option<Fact> {
    let told = |fact: &Fact| {
        matches!(fact.meaning, Meaning::Time(_) | Meaning::After(_) | Meaning::Before(_) | Meaning::Within(..))
    };
    if facts.iter().any(told) || reader.pieces.len() > 8 {
        return None;
    }
    let free = |at: &usize| !facts.iter().any(|fact| fact.at.contains(at));
    let mut numbers = (0..reader.pieces.len()).filter(|at| reader.number(*at).is_some()).filter(free);
    let at = numbers.next()?;
    let (time, next) = reader.clock(at, true)?;
    if numbers.any(|other| other >= next) {
        return None;
    }
    let choice = !time.plain && next == at + 1 && reader.number(at)? as usize <= context.offered.len();
    let offered =
        context.offered.iter().any(|offered| offered.hour() % 12 == time.hour % 12 && offered.minute() == time.minute);
    let asked = matches!(context.asked, Some(Asked::When | Asked::Opening));
    (!choice && (asked || offered)).then_some(Fact { meaning: Meaning::Time(time), at: at..next })
}

fn spans(reader: &Reader, facts: &[Fact]) -> Vec<std::ops::Range<usize>> {
    let mut spans: Vec<_> = facts
        .iter()
        .filter(|fact| {
            !matches!(fact.meaning, Meaning::Correction | Meaning::Move | Meaning::Not | Meaning::Unsuitable)
        })
        .filter_map(|fact| Some(reader.pieces.get(fact.at.start)?.start..reader.pieces.get(fact.at.end - 1)?.end))
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup();
    spans
}

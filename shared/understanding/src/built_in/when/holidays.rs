//! Holidays that people name instead of a date.

use super::lexer::Phrases;
use super::term::Term;
use chrono::Weekday;

/// Federal holidays of the United States by 5 U.S.C. § 6103(a), as far as people name appointments by them, and their eves.
pub(super) const ENGLISH: &[Phrases] = &[
    (Term::Holiday { month: 1, day: 1, weekday: None }, &["new years", "new years day", "new year day"]),
    (Term::Holiday { month: 5, day: 25, weekday: Some(Weekday::Mon) }, &["memorial day"]),
    (Term::Holiday { month: 7, day: 4, weekday: None }, &["independence day"]),
    (Term::Holiday { month: 9, day: 1, weekday: Some(Weekday::Mon) }, &["labor day", "labour day"]),
    (
        Term::Holiday { month: 11, day: 22, weekday: Some(Weekday::Thu) },
        &["thanksgiving", "thanksgiving day", "thanks giving"],
    ),
    (Term::Holiday { month: 12, day: 24, weekday: None }, &["christmas eve", "xmas eve"]),
    (Term::Holiday { month: 12, day: 25, weekday: None }, &["christmas", "christmas day", "xmas"]),
    (Term::Holiday { month: 12, day: 31, weekday: None }, &["new years eve"]),
    (Term::Other, &["merry christmas", "merry xmas", "happy thanksgiving", "happy new years"]),
];

/// The holidays that fall alike in Mexico and the United States, and Thanksgiving.
pub(super) const SPANISH: &[Phrases] = &[
    (Term::Holiday { month: 1, day: 1, weekday: None }, &["ano nuevo", "dia de ano nuevo"]),
    (
        Term::Holiday { month: 11, day: 22, weekday: Some(Weekday::Thu) },
        &["accion de gracias", "dia de accion de gracias"],
    ),
    (Term::Holiday { month: 12, day: 24, weekday: None }, &["nochebuena", "noche buena"]),
    (Term::Holiday { month: 12, day: 25, weekday: None }, &["navidad", "dia de navidad"]),
    (Term::Holiday { month: 12, day: 31, weekday: None }, &["nochevieja"]),
    (Term::Other, &["feliz navidad", "feliz ano nuevo"]),
];

/// Holidays of the solar calendar; those of the lunar one move and are left out.
pub(super) const CHINESE: &[Phrases] = &[
    (Term::Holiday { month: 1, day: 1, weekday: None }, &["元旦", "元旦节"]),
    (Term::Holiday { month: 5, day: 1, weekday: None }, &["劳动节", "五一劳动节"]),
    (Term::Holiday { month: 10, day: 1, weekday: None }, &["国庆", "国庆节"]),
    (Term::Holiday { month: 12, day: 24, weekday: None }, &["平安夜"]),
    (Term::Holiday { month: 12, day: 25, weekday: None }, &["圣诞", "圣诞节"]),
    (Term::Other, &["元旦快乐", "国庆快乐", "国庆节快乐", "圣诞快乐", "圣诞节快乐"]),
];

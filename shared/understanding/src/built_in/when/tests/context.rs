//! What only the conversation makes clear: what was asked, offered and talked about.

use super::{at, context, describe, when};
use chrono::NaiveDate;
use lanekeeper_domain::Language::{self, En, Es, Zh};
use lanekeeper_domain::understanding::{Asked, Context};

fn offered(language: Language) -> Context {
    Context {
        asked: Some(Asked::Opening),
        offered: vec![at("2026-11-26 10:30"), at("2026-11-26 14:00"), at("2026-12-02 17:30")],
        ..context(language)
    }
}

#[test]
fn an_offered_opening_is_meant() {
    let read = |text: &str, language| describe(&when(text, language, &offered(language)));
    assert_eq!(read("the 10:30 one", En), "10:30");
    assert_eq!(read("Thursday's", En), "11-26");
    assert_eq!(read("wednesday works", En), "12-02");
    assert_eq!(read("5:30", En), "17:30");
    assert_eq!(read("10:30那个", Zh), "10:30");
    assert_eq!(read("la de las 2", Es), "14:00");
}

#[test]
fn the_number_of_a_choice_is_left_alone() {
    for text in ["2", "3", "the second one", "number 2", "the 2nd one", "the earliest", "option 1"] {
        let read = when(text, En, &offered(En));
        assert_eq!((describe(&read).as_str(), read.spans.len()), ("", 0), "{text}");
    }
    assert_eq!(describe(&when("2", En, &context(En))), "");
}

#[test]
fn a_bare_number_answers_the_question_when() {
    let asked = |language| Context { asked: Some(Asked::When), ..context(language) };
    for (text, language, expected) in [
        ("3", En, "15:00"),
        ("9 works", En, "09:00"),
        ("10:30", En, "10:30"),
        ("maybe 10 30", En, "10:30"),
        ("9-11", En, ">09:00 <11:00"),
        ("3 miles away", En, ""),
        ("las 3", Es, "15:00"),
        ("九点", Zh, "09:00"),
    ] {
        assert_eq!(describe(&when(text, language, &asked(language))), expected, "{text}");
    }
    let opening = Context { asked: Some(Asked::Opening), ..context(En) };
    assert_eq!(describe(&when("9", En, &opening)), "09:00");
}

#[test]
fn the_day_under_discussion_is_meant() {
    let about = |language| Context { around: NaiveDate::from_ymd_opt(2026, 12, 2), ..context(language) };
    for (text, language, expected) in [
        ("same day", En, "12-02"),
        ("later that day", En, "12-02"),
        ("the day after", En, "12-03"),
        ("the following Monday", En, "12-07"),
        ("make it Thursday instead", En, "12-03"),
        ("el mismo día por la tarde", Es, "12-02 afternoon"),
        ("al día siguiente", Es, "12-03"),
        ("当天下午", Zh, "12-02 afternoon"),
        ("第二天", Zh, "12-03"),
    ] {
        assert_eq!(describe(&when(text, language, &about(language))), expected, "{text}");
    }
}

#[test]
fn what_was_read_is_marked() {
    let text = "book me tue at 3pm with 2 kids";
    let read = when(text, En, &context(En));
    let marked: Vec<_> = read.spans.iter().map(|span| &text[span.clone()]).collect();
    assert_eq!(marked, ["tue", "at 3pm"]);
}

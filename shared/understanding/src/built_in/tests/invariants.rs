//! What holds for whatever is written.

use super::{context, menu};
use crate::built_in::{is_trivial, understand};
use lanekeeper_domain::{
    Language,
    understanding::{Asked, Intent},
};
use proptest::prelude::*;

fn asked() -> impl Strategy<Value = Option<Asked>> {
    prop_oneof![
        Just(None),
        Just(Some(Asked::Name)),
        Just(Some(Asked::Opening)),
        Just(Some(Asked::Vehicle)),
        Just(Some(Asked::Confirm)),
        Just(Some(Asked::Rating)),
        Just(Some(Asked::Comment)),
    ]
}

/// Text in any script, and scraps of what the parsers look for, in any order.
fn text() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        any::<String>(),
        "[0-9 +().,k-]{0,20}",
        Just("浙A·12345".to_owned()),
        Just("1M8GDM9AXKP042788".to_owned()),
        Just("’s CR-V '19 ".to_owned()),
        Just("my name is ".to_owned()),
        Just("我姓".to_owned()),
        Just("車牌號".to_owned()),
        Just("İ ß ﬁ é́".to_owned()),
    ];
    proptest::collection::vec(scrap, 0..6).prop_map(|scraps| scraps.concat())
}

proptest! {
    #[test]
    fn any_text_is_understood_somehow(text in text(), asked in asked()) {
        let context = context(Language::En, asked);
        let menu = menu("lakeside");
        let understanding = understand(&text, &context, &menu);
        prop_assert!(!understanding.intents.is_empty());
        prop_assert!(understanding.intents.iter().all(|guess| (0.0..=1.0).contains(&guess.confidence)));
        prop_assert!(understanding.intents.is_sorted_by(|a, b| a.confidence >= b.confidence));
        let _ = is_trivial(&text, &context, &understanding);
    }
}

#[test]
fn an_empty_menu_has_no_services() {
    let understanding = understand("oil change tomorrow", &context(Language::En, None), &[]);
    assert_eq!(understanding.details.service, None);
    assert!(understanding.wants(Intent::Book));
}

#[test]
fn the_language_follows_the_words_and_otherwise_stays() {
    for (text, before, after) in [
        ("ok", Language::Es, Language::Es),
        ("3", Language::Zh, Language::Zh),
        ("Maria Lopez", Language::En, Language::En),
        ("Honda CR-V", Language::Zh, Language::Zh),
        ("比亚迪", Language::En, Language::En),
        ("me gustaría una cita mañana", Language::En, Language::Es),
        ("我想預約保養", Language::En, Language::Zh),
        ("can I come in tomorrow", Language::Zh, Language::En),
        ("necesito un oil change", Language::En, Language::Es),
    ] {
        let understanding = understand(text, &context(before, None), &menu("lakeside"));
        assert_eq!(understanding.language, after, "{text}");
    }
    let asked = context(Language::En, Some(Asked::Name));
    assert_eq!(understand("李雷", &asked, &[]).language, Language::En);
}

#[test]
fn trivial_answers_need_no_model() {
    let trivial = |text: &str, asked| {
        let context = context(Language::En, Some(asked));
        is_trivial(text, &context, &understand(text, &context, &menu("lakeside")))
    };
    for text in ["yes", "Yep!", "nope", "ok 👍", "sí", "好的", "no thanks", "STOP", "help", "start"] {
        assert!(trivial(text, Asked::Confirm), "{text}");
    }
    for text in ["2", "the second one", "la primera", "第二个", "either one", "option 2"] {
        assert!(trivial(text, Asked::Opening), "{text}");
    }
    for text in ["yes but my brakes squeal too", "no, Thursday", "ok what are your hours", "yes for the CR-V", "what?"]
    {
        assert!(!trivial(text, Asked::Confirm), "{text}");
    }
}

#[test]
fn the_concern_is_told_in_the_customers_words() {
    for (text, concern) in [
        ("Hi! My brakes are squealing, can I come in tomorrow?", "My brakes are squealing"),
        ("我想约明天,刹车有异响", "刹车有异响"),
        ("quiero una cita, me rechinan los frenos", "me rechinan los frenos"),
        ("check engine light came on tuesday", "check engine light came on"),
    ] {
        let understanding = understand(text, &context(Language::En, None), &menu("lakeside"));
        assert_eq!(understanding.details.concern.as_deref(), Some(concern), "{text}");
    }
}

#[test]
fn a_very_long_message_is_read_in_part() {
    let text = "my brakes squeal and ".repeat(5000);
    let understanding = understand(&text, &context(Language::En, None), &menu("lakeside"));
    assert_eq!(understanding.details.service.as_deref(), Some("brakes"));
}

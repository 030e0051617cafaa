use super::{now, when};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Asked, Context};
use proptest::prelude::*;

/// Words that the grammar knows, so that random rows of them reach deep into it.
const WORDS: &[&str] = &[
    "next",
    "Tuesday",
    "the",
    "14th",
    "half",
    "past",
    "10",
    "9-11am",
    "between",
    "and",
    "3",
    "not",
    "after",
    "in",
    "two",
    "weeks",
    "from",
    "tomorrow",
    "11/24",
    "Feb",
    "30",
    "31",
    "of",
    "month",
    "early",
    "end of",
    "day",
    "same",
    "or",
    ":",
    "-",
    "pm",
    "to",
    "quarter",
    "el",
    "martes",
    "que viene",
    "a las",
    "y media",
    "menos",
    "cuarto",
    "mañana",
    "pasado",
    "de",
    "marzo",
    "finde",
    "下周",
    "二",
    "下午",
    "三点",
    "半",
    "差",
    "一刻",
    "月底",
    "号",
    "以后",
    "之前",
    "到",
    "不行",
    "除了",
    "月",
    "天后",
    "0",
    "99",
    "400",
    "month",
    "move",
    "actually",
    "12",
    "noon",
    "last",
    "week",
    "weekend",
    "year",
];

fn any_context() -> impl Strategy<Value = Context> {
    (any::<bool>(), any::<bool>(), -400i64..400).prop_map(|(offered, asked, around)| Context {
        now: now(),
        offered: if offered {
            vec![now() + chrono::Duration::days(3), now() - chrono::Duration::days(3)]
        } else {
            Vec::new()
        },
        asked: asked.then_some(Asked::When),
        around: Some((now() + chrono::Duration::days(around)).date()),
        ..Context::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,60}", context in any_context()) {
        for language in Language::ALL {
            let read = when(&text, language, &context);
            prop_assert!(read.spans.iter().all(|span| text.get(span.clone()).is_some()));
        }
    }

    #[test]
    fn no_day_is_past(words in prop::collection::vec(prop::sample::select(WORDS), 1..9), context in any_context()) {
        let text = words.join(" ");
        for language in Language::ALL {
            let read = when(&text, language, &context);
            prop_assert!(read.date.is_none_or(|date| date >= now().date()), "{text}: {read:?}");
            prop_assert!(read.date_end.is_none_or(|end| read.date.is_some_and(|date| date < end)), "{text}: {read:?}");
            prop_assert!(read.not_dates.iter().all(|date| *date >= now().date()), "{text}: {read:?}");
            prop_assert!(read.spans.iter().all(|span| text.get(span.clone()).is_some()));
        }
    }
}

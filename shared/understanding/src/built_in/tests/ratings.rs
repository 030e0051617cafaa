//! "How was it?"

use super::{context, menu, understand};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Asked, Details};

fn details(text: &str, language: Language, asked: Asked) -> Details {
    understand(text, &context(language, Some(asked)), &menu("lakeside")).details
}

fn rated(language: Language, texts: &[(&str, u8)]) {
    let wrong: Vec<_> = texts
        .iter()
        .map(|(text, rating)| (text, *rating, details(text, language, Asked::Rating).rating))
        .filter(|(_, wanted, found)| *found != (*wanted > 0).then_some(*wanted))
        .collect();
    assert!(wrong.is_empty(), "text, wanted, found: {wrong:#?}");
}

#[test]
fn numbers_and_stars_mean_the_same_everywhere() {
    for language in Language::ALL {
        rated(
            language,
            &[
                ("5", 5),
                (" 4 ", 4),
                ("1!", 1),
                ("5/5", 5),
                ("4/5", 4),
                ("8/10", 4),
                ("10/10", 5),
                ("10", 5),
                ("⭐⭐⭐⭐⭐", 5),
                ("★★★", 3),
                ("5️⃣", 5),
                ("👍", 5),
                ("👎", 1),
                ("😡", 1),
                ("6", 0),
                ("2019", 0),
                ("3 or 4", 0),
            ],
        );
    }
}

#[test]
fn words_in_english() {
    rated(
        Language::En,
        &[
            ("five", 5),
            ("Four stars", 4),
            ("I'd give it a 3", 3),
            ("a solid 4", 4),
            ("3 stars", 3),
            ("great!", 5),
            ("Great, thanks", 5),
            ("excellent service", 5),
            ("loved it", 5),
            ("awesome job guys", 5),
            ("very happy", 5),
            ("good", 4),
            ("pretty good", 4),
            ("it was fine", 3),
            ("ok", 3),
            ("so so", 3),
            ("meh", 3),
            ("not great", 2),
            ("not good", 2),
            ("bad", 2),
            ("terrible", 1),
            ("Terrible!!", 1),
            ("awful experience", 1),
            ("worst service ever", 1),
            ("horrible", 1),
            ("what are your hours?", 0),
            ("I need an oil change", 0),
        ],
    );
}

#[test]
fn words_in_spanish() {
    rated(
        Language::Es,
        &[
            ("cinco", 5),
            ("un 4", 4),
            ("4 estrellas", 4),
            ("excelente", 5),
            ("muy bien", 5),
            ("todo perfecto, gracias", 5),
            ("buenísimo", 5),
            ("bien", 4),
            ("bueno", 4),
            ("regular", 3),
            ("más o menos", 3),
            ("mal", 2),
            ("malo", 2),
            ("muy mal", 1),
            ("pésimo", 1),
            ("terrible", 1),
            ("horrible servicio", 1),
            ("¿a qué hora abren?", 0),
        ],
    );
}

#[test]
fn words_in_chinese() {
    rated(
        Language::Zh,
        &[
            ("五分", 5),
            ("5分", 5),
            ("五星", 5),
            ("4颗星", 4),
            ("三分", 3),
            ("非常满意", 5),
            ("很满意", 5),
            ("很好", 5),
            ("太棒了", 5),
            ("满意", 4),
            ("不错", 4),
            ("还行", 3),
            ("一般", 3),
            ("一般般", 3),
            ("不太满意", 2),
            ("不满意", 2),
            ("不好", 2),
            ("很差", 1),
            ("差劲", 1),
            ("非常不满意", 1),
            ("太差了", 1),
            ("几点关门", 0),
        ],
    );
}

#[test]
fn what_is_said_about_it_is_kept_word_for_word() {
    let said = details("2 - waited two hours and nobody told me why", Language::En, Asked::Rating);
    assert_eq!((said.rating, said.comment.as_deref()), (Some(2), Some("2 - waited two hours and nobody told me why")));
    assert_eq!(details("5 stars", Language::En, Asked::Rating).comment, None);
    assert_eq!(details("Marcus was kind", Language::En, Asked::Comment).comment.as_deref(), Some("Marcus was kind"));
    assert_eq!(details("5", Language::En, Asked::When).rating, None, "only when it was asked");
}

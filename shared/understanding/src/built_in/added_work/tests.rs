//! Messages about proposed work, and what they decide: `+1 -2 ?3` approves the first line, refuses the second, and only
//! names the third.

use crate::built_in::{tests::context, tests::menu, understand};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Asked, Context, Details, Intent, ProposedLine};

fn proposed(names: &[&str]) -> Vec<ProposedLine> {
    let line = |(place, name): (usize, &&str)| {
        let (name, service) = name.split_once('=').map_or((*name, None), |(name, id)| (name, Some(id.to_owned())));
        ProposedLine { id: (place + 1).to_string(), name: name.to_owned(), service }
    };
    names.iter().enumerate().map(line).collect()
}

fn decided(details: &Details) -> String {
    let all = [("+", &details.approved), ("-", &details.declined), ("?", &details.mentioned)];
    let mut parts: Vec<String> =
        all.iter().flat_map(|(sign, ids)| ids.iter().map(move |id| format!("{sign}{id}"))).collect();
    parts.sort_by_key(|part| part[1..].to_owned());
    parts.join(" ")
}

fn check(language: Language, names: &[&str], cases: &[(&str, &str)]) {
    let asked = Context { proposed: proposed(names), ..context(language, Some(Asked::Approval)) };
    let menu = menu(if language == Language::Zh { "hubin" } else { "lakeside" });
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, wanted)| {
            let got = understand(text, &asked, &menu);
            let books = got.wants(Intent::Book) && !wanted.is_empty();
            let came = decided(&got.details);
            (came != *wanted || books).then(|| format!("{text}: {came}, not {wanted} {:?}", got.intents))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const TWO: [&str; 2] = ["Front brake pads", "Wiper blades"];
const THREE: [&str; 3] = ["Front brakes=brakes", "Wiper blades", "Cabin air filter"];

#[test]
fn english() {
    check(
        Language::En,
        &TWO,
        &[
            ("do the brakes, skip the wipers", "+1 -2"),
            ("Do the brakes and skip the wipers please", "+1 -2"),
            ("yes to the brakes, no to the wipers", "+1 -2"),
            ("brakes yes, wipers no", "+1 -2"),
            ("brakes yes and wipers no", "+1 -2"),
            ("go ahead with the brakes but not the wipers", "+1 -2"),
            ("just the brakes", "+1 -2"),
            ("only the brakes for now please", "+1 -2"),
            ("the first one only", "+1 -2"),
            ("first one only thx", "+1 -2"),
            ("all of it", "+1 +2"),
            ("do everything", "+1 +2"),
            ("both please", "+1 +2"),
            ("none of it", "-1 -2"),
            ("neither", "-1 -2"),
            ("everything except the wipers", "+1 -2"),
            ("all but the wipers", "+1 -2"),
            ("yes, but skip the wipers", "+1 -2"),
            ("yes but not the wipers", "+1 -2"),
            ("do the brakes", "+1"),
            ("the brakes please", "+1"),
            ("skip the wipers", "-2"),
            ("I don't want the wipers", "-2"),
            ("wipers can wait", "-2"),
            ("the brakes are ok to do, the wipers can wait", "+1 -2"),
            ("do the brakes, the rest later", "+1 -2"),
            ("replace the pads and leave the rest", "+1 -2"),
            ("number 1 yes number 2 no", "+1 -2"),
            ("1 yes 2 no", "+1 -2"),
            ("1", "+1"),
            ("can you just do the brakes?", "+1 -2"),
            // Questions, doubts and what cannot be told decide nothing.
            ("how much would only the brakes be", "?1"),
            ("do I really need the wipers?", "?2"),
            ("are the brakes urgent?", "?1"),
            ("let me think about the brakes", "?1"),
            ("if the brakes are under 300 do it", "?1"),
            ("what happens if I skip the wipers", "?2"),
            ("go ahead with the brakes and the wipers not now", "?1 ?2"),
            ("yes if the total stays under 500", "?1 ?2"),
            ("ok but how long will it take?", "?1 ?2"),
            ("when will my car be ready?", ""),
            ("yes", ""),
            ("no thanks", ""),
        ],
    );
    check(
        Language::En,
        &THREE,
        &[
            ("do the brakes and the filter, skip the wipers", "+1 -2 +3"),
            ("brakes and wipers yes", "+1 +2"),
            ("1 and 3", "+1 +3"),
            ("both the brakes and the wipers", "+1 +2"),
            ("do the brakes, the filter, not the wipers", "+1 -2 +3"),
            ("no wipers, everything else is fine", "+1 -2 +3"),
            ("skip the last one, do the others", "+1 +2 -3"),
            ("skip everything but the brakes", "+1 -2 -3"),
        ],
    );
    check(
        Language::En,
        &["Front brake pads", "Rear brake pads"],
        &[("do the front brakes", "+1"), ("do the brakes", "?1 ?2"), ("front yes, rear no", "+1 -2")],
    );
    check(Language::En, &["Oil change=oil-change", "Wiper blades"], &[("change the oil and skip the wipers", "+1 -2")]);
}

#[test]
fn spanish() {
    check(
        Language::Es,
        &["Pastillas de freno delanteras=brakes", "Plumas limpiaparabrisas"],
        &[
            ("hagan los frenos y las plumas no", "?1 ?2"),
            ("los frenos sí, las plumas no", "+1 -2"),
            ("cambien las pastillas, pero las plumas no", "+1 -2"),
            ("sí a los frenos, no a las plumas", "+1 -2"),
            ("solo los frenos por favor", "+1 -2"),
            ("nada más los frenos", "+1 -2"),
            ("nomás la primera", "+1 -2"),
            ("todo", "+1 +2"),
            ("hagan todo por favor", "+1 +2"),
            ("las dos cosas", "+1 +2"),
            ("ninguna", "-1 -2"),
            ("todo menos las plumas", "+1 -2"),
            ("sí, pero sin las plumas", "+1 -2"),
            ("no cambien las plumas", "-2"),
            ("los frenos sí, lo demás después", "+1 -2"),
            ("¿cuánto saldrían solo los frenos?", "?1"),
            ("déjame pensarlo lo de los frenos", "?1"),
            ("sí", ""),
        ],
    );
}

#[test]
fn chinese() {
    check(
        Language::Zh,
        &["前刹车片更换=brakes", "雨刮片更换"],
        &[
            ("刹车换，雨刮不换", "+1 -2"),
            ("刹车做吧，雨刮先不用", "+1 -2"),
            ("换刹车片，雨刷就不要了", "+1 -2"),
            ("只换刹车", "+1 -2"),
            ("只做第一个", "+1 -2"),
            ("第一个做，第二个不做", "+1 -2"),
            ("都做吧", "+1 +2"),
            ("全部换了吧", "+1 +2"),
            ("两个都换", "+1 +2"),
            ("都不要", "-1 -2"),
            ("都不做了", "-1 -2"),
            ("除了雨刮都做", "+1 -2"),
            ("可以，但是雨刮不换", "+1 -2"),
            ("刹车可以不换", "-1"),
            ("刹车换，其他的下次再说", "+1 -2"),
            ("刹车和雨刮都换", "+1 +2"),
            ("只换刹车多少钱", "?1"),
            ("刹车一定要换吗？", "?1"),
            ("我考虑一下刹车", "?1"),
            ("好的", ""),
        ],
    );
}

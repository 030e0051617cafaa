use super::*;
use lanekeeper_native::MapSettings;
use proptest::prelude::*;

fn keys(current: u8, previous: Option<u8>) -> Keys {
    let settings = MapSettings::default();
    let text = |byte: u8| base64::prelude::BASE64_STANDARD.encode([byte; 32]);
    settings.set("SEALING_KEY", &text(current));
    settings.set("SEALING_KEY_PREVIOUS", &previous.map(text).unwrap_or_default());
    Keys::of(&settings).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn link() -> Link {
    Link::to_appointment("lakeside", "01kadcyk80f6m7c5x0h5q9w3ez", at("2026-11-24T15:00:00Z"))
}

#[test]
fn opens_what_was_signed() {
    let keys = keys(7, None);
    let token = link().token(&keys);
    assert_eq!(token.len(), "0123456789012345678901234567890123456789.lakeside".len());
    assert_eq!(Link::read(&keys, Kind::Appointment, &token), Some(link()));
    assert_eq!(link().url(&keys, "https://edge.example/"), format!("https://edge.example/a/{token}"));
}

#[test]
fn expires_some_days_after_the_visit() {
    assert!(link().is_open(at("2026-12-01T23:59:59Z")));
    assert!(!link().is_open(at("2026-12-02T00:00:00Z")));
    let order = Link::to_repair_order("lakeside", "demo-lakeside-10482", at("2026-11-20T15:00:00Z"));
    assert!(order.is_open(at("2026-12-20T12:00:00Z")));
    assert!(!order.is_open(at("2026-12-21T00:00:00Z")));
}

#[test]
fn one_kind_and_one_store_only() {
    let keys = keys(7, None);
    let token = link().token(&keys);
    assert_eq!(Link::read(&keys, Kind::RepairOrder, &token), None);
    assert_eq!(Link::read(&keys, Kind::Appointment, &token.replace("lakeside", "hubin")), None);
    assert_eq!(Link::read(&keys, Kind::Appointment, &token.replace(".lakeside", ".")), None);
    assert_eq!(Link::read(&keys, Kind::Appointment, &token.replace(".lakeside", "")), None);
}

#[test]
fn an_old_key_is_honoured_for_as_long_as_it_is_named() {
    let token = link().token(&keys(7, None));
    assert_eq!(Link::read(&keys(8, Some(7)), Kind::Appointment, &token), Some(link()));
    assert_eq!(Link::read(&keys(8, None), Kind::Appointment, &token), None);
    assert_eq!(Link::read(&keys(8, Some(9)), Kind::Appointment, &token), None);
    assert_ne!(link().token(&keys(8, Some(7))), token, "the old one signs no more");
}

#[test]
fn a_setting_that_is_no_key_is_named() {
    let settings = MapSettings::default();
    assert_eq!(Keys::of(&settings).err(), Some(KeysError::Setting("SEALING_KEY")));
    settings.set("SEALING_KEY", &base64::prelude::BASE64_STANDARD.encode([7; 32]));
    settings.set("SEALING_KEY_PREVIOUS", "short");
    assert_eq!(Keys::of(&settings).err(), Some(KeysError::Setting("SEALING_KEY_PREVIOUS")));
}

#[test]
fn a_form_has_a_word_of_its_own() {
    let proof = keys(7, None).proof("token/cancel/3");
    assert!(keys(7, None).is_proof(&proof, "token/cancel/3"));
    assert!(keys(8, Some(7)).is_proof(&proof, "token/cancel/3"), "a page that was open when the key was changed");
    assert!(!keys(7, None).is_proof(&proof, "token/cancel/4"));
    assert!(!keys(8, None).is_proof(&proof, "token/cancel/3"));
    assert!(!keys(7, None).is_proof("", "token/cancel/3"));
}

proptest! {
    #[test]
    fn any_id_comes_back(id in "[ -~]{1,60}", ulid in any::<u128>()) {
        let ulid: String = unpack(&(ulid >> 5).to_be_bytes()).unwrap_or_default();
        let keys = keys(7, None);
        for id in [id, ulid].into_iter().filter(|id| !id.is_empty()) {
            let link = Link { id, ..link() };
            prop_assert_eq!(Link::read(&keys, Kind::Appointment, &link.token(&keys)), Some(link));
        }
    }

    /// No character of a token can be changed, and none left out.
    #[test]
    fn a_token_that_was_tampered_with_opens_nothing(place in 0_usize..40, other in "[A-Za-z0-9_-]") {
        let keys = keys(7, None);
        let token = link().token(&keys);
        let mut tampered = token.clone();
        tampered.replace_range(place..=place, &other);
        prop_assume!(tampered != token);
        prop_assert_eq!(Link::read(&keys, Kind::Appointment, &tampered), None);
        tampered.replace_range(place..=place, "");
        prop_assert_eq!(Link::read(&keys, Kind::Appointment, &tampered), None);
    }

    #[test]
    fn nonsense_opens_nothing(token in ".{0,300}") {
        prop_assert_eq!(Link::read(&keys(7, None), Kind::Appointment, &token), None);
    }
}

#[test]
fn links_are_given_out_only_where_the_world_reaches_us() {
    let settings = MapSettings::default();
    settings.set("SEALING_KEY", &base64::prelude::BASE64_STANDARD.encode([7; 32]));
    assert!(Links::of(&settings).is_none());
    settings.set("PUBLIC_URL", "https://edge.example");
    let given = Links::of(&settings).unwrap().to_appointment("lakeside", &link().id, at("2026-11-24T15:00:00Z"));
    assert_eq!(given, link().url(&keys(7, None), "https://edge.example"));
}

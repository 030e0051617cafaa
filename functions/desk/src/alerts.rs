//! How somebody is told that a customer waits when they are not looking: texts to a phone, and this browser's notifications.
//! What is told and to whom is docs/handover.md's.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, button, card, field};
use crate::sign_in::to;
use lanekeeper_domain::phone::e164;
use lanekeeper_platform::{Database, Platform, Response};
use lanekeeper_push::{Subscription, SubscriptionKeys, VapidKey};
use lanekeeper_storage::{
    StoredSubscription, end_push_subscription, put_push_subscription, set_alert_phone, ways_to_reach,
};
use maud::{Markup, html};
use serde_json::json;

/// The most characters of a phone number with everything that people write into one.
const LONGEST_PHONE: usize = 40;
/// The most characters of the address that a browser's push service gives out.
const LONGEST_ENDPOINT: usize = 2000;

/// What the account's page says of it.
pub async fn section<P: Platform>(desk: &Desk<'_, P>) -> Result<Markup, DeskError> {
    let words = desk.words();
    let ways = ways_to_reach(desk.platform().directory(), &desk.person.account).await?;
    // A key of a wrong form is logged where something would be pushed with it.
    let key = VapidKey::from_settings(desk.platform().settings()).ok().flatten();
    Ok(card(
        words.say("alerts"),
        &html! {
            div.stack {
                form.stack method="post" action="/desk/account/alerts" {
                    (desk.token_field())
                    (field("phone", words.say("field_phone"), Some(words.say("alerts_phone_hint")), &html! {
                        input #field-phone name="phone" type="tel" value=[ways.phone] maxlength=(LONGEST_PHONE) autocomplete="tel" aria-describedby="hint-phone";
                    }))
                    label.check { input type="checkbox" name="by_text" value="yes" checked[ways.by_text]; span { (words.say("alerts_by_text")) } }
                    (button(Kind::Plain, words.say("save")))
                }
                @if let Some(key) = key {
                    // The script shows it where the browser can be pushed to.
                    form.stack #device hidden method="post" action="/desk/account/devices" data-key=(key.public())
                        data-endpoints=(json!(ways.endpoints)) data-on=(words.say("alerts_device_on"))
                        data-denied=(words.say("alerts_device_denied")) data-failed=(words.say("alerts_device_failed")) {
                        (desk.token_field())
                        p.soft { (words.say("alerts_device_hint")) }
                        div.buttons {
                            button.button type="submit" name="start" { (words.say("alerts_device_start")) }
                            button.button type="submit" name="stop" formaction="/desk/account/devices/end" { (words.say("alerts_device_stop")) }
                        }
                        p.hint role="status" {}
                    }
                }
            }
        },
    ))
}

/// `POST /desk/account/alerts`: where one is texted, if one wants to be.
pub async fn change<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let by_text = form.field("by_text").is_some();
    let phone = if by_text || form.field("phone").is_some() {
        Some(international(form.text("phone", LONGEST_PHONE)?).ok_or(DeskError::field("phone", "alerts_phone_wrong"))?)
    } else {
        None
    };
    let account = &desk.person.account;
    let set = set_alert_phone(account, phone.as_deref(), by_text, desk.now());
    let log = desk.audit(None, "account.alerts", account, &json!({"phone": phone.is_some(), "by_text": by_text}));
    desk.platform().directory().batch(vec![set, log]).await?;
    Ok(to("/desk/account?saved=1"))
}

/// `POST /desk/account/devices`: this browser's push service may be told. The script sends it; no page comes back.
pub async fn start<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let part = |name| form.field(name).unwrap_or_default().to_owned();
    let endpoint = form.text("endpoint", LONGEST_ENDPOINT)?.to_owned();
    let subscription = Subscription { endpoint, keys: SubscriptionKeys { p256dh: part("p256dh"), auth: part("auth") } };
    if !subscription.is_plausible() {
        return Err(DeskError::field("endpoint", "input_wrong"));
    }
    let Subscription { endpoint, keys } = subscription;
    let stored = StoredSubscription { endpoint, p256dh: keys.p256dh, auth: keys.auth };
    let (group, account) = (desk.person.group.as_str(), desk.person.account.as_str());
    let put = put_push_subscription((group, account), &desk.call.new_id(), &stored, desk.now());
    let log = desk.audit(None, "account.device", account, &json!({}));
    desk.platform().directory().batch(vec![put, log]).await?;
    Ok(Response { status: 204, ..Response::default() })
}

/// `POST /desk/account/devices/end`: this browser's push service is told nothing more, where it is the person's own.
pub async fn end<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let endpoint = form.text("endpoint", LONGEST_ENDPOINT)?;
    desk.platform().directory().run(end_push_subscription(&desk.person.account, endpoint)).await?;
    Ok(Response { status: 204, ..Response::default() })
}

/// A number that says its country itself: an account is of a group, whose stores may be in several.
fn international(text: &str) -> Option<String> {
    text.starts_with('+').then(|| e164(text, "")).flatten()
}

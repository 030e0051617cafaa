//! What people do to a conversation. Every route answers with the parts of the page that changed, or without htmx leads back to
//! the conversation; and where somebody else was quicker, says who.

use super::snooze::presets;
use super::{Opened, View, page};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::form::Form;
use crate::inbox::ListState;
use crate::page::{piece, toast_response};
use crate::sign_in::to;
use lanekeeper_domain::handling::{CloseResult, HandlingAct, LONGEST_REPLY, Refusal};
use lanekeeper_handling::{HandlingError, LONGEST_NOTE, Person, note, perform, tag};
use lanekeeper_platform::{Platform, Response};
use serde_json::{Value, json};

/// `POST …/take-over`: the person speaks from now on. `from` names whom it is taken from.
pub async fn take_over<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let from = desk.form()?.field("from").map(str::to_owned);
    act(desk, HandlingAct::TakeOver { from }, json!({})).await
}

/// `POST …/hand-back`: the AI speaks from now on, and the customer is told.
pub async fn hand_back<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let word = desk.form()?.field("word").map(str::to_owned);
    act(desk, HandlingAct::HandBack { word, tell: true }, json!({})).await
}

/// `POST …/say`: writes to the customer, or a note for the others.
pub async fn say<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    if form.field("mode") == Some("note") {
        return write_note(desk, &form).await;
    }
    let text = form.text("text", LONGEST_REPLY)?.to_owned();
    act(desk, HandlingAct::Reply { text }, json!({})).await
}

async fn write_note<P: Platform>(desk: &Desk<'_, P>, form: &Form) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let text = form.text("text", LONGEST_NOTE)?;
    let known = |account: &&str| desk.person.colleagues.iter().any(|one| one.id == **account && !one.disabled);
    let mentions: Vec<String> = form.all("mention").filter(known).map(str::to_owned).collect();
    let place = (at.store.id.as_str(), desk.place("conversation"));
    let log = desk.audit(Some(place.0), "conversation.note", place.1, &json!({"mentions": mentions}));
    match note(desk.platform(), at.shard.database, place, person(desk), text, &mentions, &[log]).await {
        Ok(_) => shown(desk).await,
        Err(error) => refused(desk, error).await,
    }
}

/// `POST …/assign`: somebody is expected to answer, or nobody in particular.
pub async fn assign<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let to = desk.form()?.field("to").map(str::to_owned);
    let here = desk.place("store");
    let works_here = |account: &String| {
        desk.person.colleagues.iter().any(|one| {
            one.id == *account
                && !one.disabled
                && one.stores.iter().any(|store| store.as_deref().is_none_or(|store| store == here))
        })
    };
    if to.as_ref().is_some_and(|account| !works_here(account)) {
        return Err(DeskError::field("to", "input_wrong"));
    }
    let details = json!({"to": to});
    act(desk, HandlingAct::Assign { to }, details).await
}

/// `POST …/snooze`: out of sight until one of the times that are offered.
pub async fn snooze<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let key = form.text("until", 20)?;
    if key == "now" {
        return unsnooze(desk).await;
    }
    let opened = Opened::load(desk).await?;
    let choices = presets(&opened.thread.head.store, desk.now());
    let chosen = choices.into_iter().find(|(known, _)| *known == key);
    let (_, until) = chosen.ok_or(DeskError::field("until", "input_wrong"))?;
    act(desk, HandlingAct::Snooze { until }, json!({"until": until})).await
}

async fn unsnooze<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    act(desk, HandlingAct::Unsnooze, json!({})).await
}

/// `POST …/close`: it is done, with a result.
pub async fn close<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let result = CloseResult::from_name(form.text("result", 20)?).ok_or(DeskError::field("result", "input_wrong"))?;
    act(desk, HandlingAct::Close { result }, json!({"result": result})).await
}

/// `POST …/reopen`: it is not done after all.
pub async fn reopen<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    act(desk, HandlingAct::Reopen, json!({})).await
}

/// `POST …/tags`: these are its tags.
pub async fn tags<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let form = desk.form()?;
    let tags: Vec<String> = form.field("tags").unwrap_or_default().split([',', '，']).map(str::to_owned).collect();
    let place = (at.store.id.as_str(), desk.place("conversation"));
    let log = desk.audit(Some(place.0), "conversation.tag", place.1, &json!({"tags": tags}));
    match tag(desk.platform(), at.shard.database, place, &tags, &[log]).await {
        Ok(_) => shown(desk).await,
        Err(error) => refused(desk, error).await,
    }
}

fn person<'a, P: Platform>(desk: &'a Desk<'_, P>) -> Person<'a> {
    Person { account: &desk.person.account, name: &desk.person.name }
}

async fn act<P: Platform>(desk: &Desk<'_, P>, act: HandlingAct, details: Value) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let place = (at.store.id.as_str(), desk.place("conversation"));
    let log = desk.audit(Some(place.0), &format!("conversation.{}", act.as_str()), place.1, &details);
    match perform(desk.platform(), at.shard, place, person(desk), &act, &[log]).await {
        Ok(_) => shown(desk).await,
        Err(error) => refused(desk, error).await,
    }
}

/// The conversation as it stands now.
async fn shown<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let state = ListState::of(desk)?;
    if !desk.call.is_htmx() {
        return Ok(to(&state.conversation(desk.place("store"), desk.place("conversation"))));
    }
    let opened = Opened::load(desk).await?;
    let view = View { desk, store: desk.here()?.store, state: &state, opened: &opened };
    Ok(piece(view.parts()).with_header("hx-trigger", "conversation-changed"))
}

/// It could not be done: the conversation as it stands now, and a kind word.
async fn refused<P: Platform>(desk: &Desk<'_, P>, error: HandlingError) -> Result<Response, DeskError> {
    let words = desk.words();
    let said = match &error {
        HandlingError::NotFound => return Err(DeskError::NotFound),
        HandlingError::Database(error) => return Err(error.clone().into()),
        HandlingError::Contended => words.say("refused_contended").to_owned(),
        HandlingError::Refused(refusal) => match refusal {
            Refusal::AlreadyTaken { by } => words.fill("refused_taken", &[("name", desk.person.name_of(by))]),
            Refusal::NotTaken => words.say("refused_not_taken").to_owned(),
            Refusal::Closed => words.say("refused_closed").to_owned(),
            Refusal::Open => words.say("refused_open").to_owned(),
            Refusal::OptedOut => words.say("refused_opted_out").to_owned(),
            Refusal::Invalid { field: "tags", .. } => return Err(DeskError::field("tags", "input_too_long")),
            Refusal::Invalid { .. } => return Err(DeskError::field("text", "input_wrong")),
        },
    };
    let state = ListState::of(desk)?;
    if !desk.call.is_htmx() {
        return Ok(Response { status: 409, ..page(desk, &state, Some(&said), "").await? });
    }
    let opened = Opened::load(desk).await?;
    let view = View { desk, store: desk.here()?.store, state: &state, opened: &opened };
    let mut response = toast_response(409, &said);
    response.body.extend(view.parts().into_string().into_bytes());
    Ok(response)
}

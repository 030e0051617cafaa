//! One turn: load, understand, decide, commit.

use crate::TurnError;
use crate::commit::{Commit, Fresh};
use crate::playbooks::fresh;
use chrono::{DateTime, Utc};
use lanekeeper_channels::{Inbound, Tap};
use lanekeeper_conversation::{Decision, Needs, Question, Situation, State, decide, phrases};
use lanekeeper_domain::appointment::Customer;
use lanekeeper_domain::understanding::{Asked, Context};
use lanekeeper_domain::{Language, Store};
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Queue, Random};
use lanekeeper_storage::{IdentityKind, Loaded, Playbook, SharedCustomer, load_between, load_turn, load_with_sisters};
use lanekeeper_understanding::{Heard, hear};
use serde_json::json;
use std::borrow::Cow;
use std::rc::Rc;

/// How often a turn is run again when others changed what it stood on. Each time at least one of those others got
/// through, so that only a storm exhausts it; the provider then sends the message again.
const TRIES: u32 = 12;

/// Answers a message: the texts to reply with, none when the AI is to be silent. The same message again gets the same
/// answer again and changes nothing.
pub async fn answer<P: Platform>(
    platform: &P,
    mut playbook: Rc<Playbook>,
    inbound: &Inbound,
) -> Result<Vec<String>, TurnError> {
    let arrived = platform.clock().now();
    let mut heard: Option<(Context, Heard)> = None;
    let mut contended = false;
    for attempt in 0..TRIES {
        let now = platform.clock().now();
        let database = playbook.shard_of(platform)?.database;
        let (line, store) = (&playbook.line.id, &playbook.store.id);
        let kind = IdentityKind::of_provider(&playbook.line.provider);
        let mut loaded =
            load_turn(database, line, store, (kind, &inbound.from), &inbound.provider_message_id, now).await?;
        if loaded.line_revision != Some(playbook.line.revision)
            || loaded.store_revision != Some(playbook.store_revision)
        {
            playbook = fresh(platform, &playbook.line.id.clone()).await?;
            continue;
        }
        if let Some(answered) = loaded.answered.take() {
            return Ok(answered);
        }
        for car in loaded.shared.iter_mut().flat_map(|shared| &mut shared.vehicles) {
            car.id = platform.random().id(now);
        }
        let mut situation = situation(&playbook.store, &loaded, inbound);
        // What the words mean does not change when the turn is run again, unless what stood before them did.
        let context = situation.context(now);
        let no_answer_due = situation.with_person || situation.opted_out;
        let understood = match heard.take() {
            Some((before, heard)) if before == (Context { now: before.now, ..context.clone() }) => heard,
            _ => {
                let skip_model = no_answer_due || inbound.tapped.is_some();
                hear(platform, &words(inbound, &context), &context, &playbook.store.services, skip_model).await
            }
        };
        if contended {
            let needs = needs_around(&playbook.store, &situation, now);
            load(database, &mut situation, needs).await?;
        }
        let decision = decide_with_load(database, &mut situation, &understood, now).await?;
        let commit = Commit {
            platform,
            playbook: &playbook,
            inbound,
            loaded: &loaded,
            heard: &understood,
            decision: &decision,
            reply: reply(&playbook.store, &decision, now),
            fresh: Fresh::new(platform, now),
            arrived,
            now,
        };
        let written = commit.write();
        match database.batch(written.statements).await {
            Ok(_) => {
                wake(platform, &playbook, &written.due).await;
                log(platform, &commit, attempt);
                return Ok(commit.reply.into_iter().collect());
            }
            Err(error @ DatabaseError::Constraint(_)) => contended = error.is_conflict_on("claims"),
            Err(error) => return Err(error.into()),
        }
        heard = Some((context, understood));
    }
    Err(TurnError::Contended)
}

/// What is to be understood: the text, or the number of what was tapped in a list. A tap counts only where something was
/// listed, and never for an answer about money.
fn words<'a>(inbound: &'a Inbound, context: &Context) -> Cow<'a, str> {
    let listed = matches!(context.asked, Some(Asked::Opening | Asked::Appointment | Asked::Transport | Asked::Vehicle));
    match inbound.tapped {
        Some(Tap::Nth(place)) if listed => Cow::Owned(place.to_string()),
        _ => Cow::Borrowed(&inbound.text),
    }
}

pub(crate) fn situation<'a>(store: &'a Store, loaded: &Loaded, inbound: &'a Inbound) -> Situation<'a> {
    let conversation = loaded.conversation.as_ref();
    let language = conversation.and_then(|row| Language::from_code(&row.language)).unwrap_or(store.language);
    Situation {
        store,
        // A state that an older version wrote and we cannot read is no reason to leave a customer without an answer.
        state: conversation.and_then(|row| serde_json::from_str::<State>(&row.state).ok()).unwrap_or_default(),
        language,
        words: &inbound.text,
        with_person: conversation.is_some_and(|row| row.handling == "person"),
        opted_out: loaded.opted_out,
        consent_confirmed: inbound.provider_opt_out.is_some(),
        pictures: !inbound.media.is_empty(),
        customer: loaded.customer.clone().unwrap_or_else(|| stranger(loaded.shared.as_ref())),
        vehicles: loaded.shared.as_ref().map_or(&loaded.vehicles, |shared| &shared.vehicles).clone(),
        appointments: loaded.appointments.clone(),
        repair_orders: loaded.repair_orders.clone(),
        waitlist: loaded.waitlist.clone(),
        questions: loaded.questions.iter().filter_map(|row| question(&row.question)).collect(),
        group: loaded.group,
        load: None,
        sisters: Vec::new(),
    }
}

/// Somebody who is new to the store, as far as a sister store knows them.
fn stranger(shared: Option<&SharedCustomer>) -> Customer {
    Customer { name: shared.and_then(|shared| shared.name.clone()), ..Customer::default() }
}

fn question(json: &str) -> Option<Question> {
    serde_json::from_str(json).ok()
}

/// Decides, and loads what is taken when the decision needs to know.
pub(crate) async fn decide_with_load(
    database: &impl Database,
    situation: &mut Situation<'_>,
    heard: &Heard,
    now: DateTime<Utc>,
) -> Result<Decision, TurnError> {
    loop {
        match decide(situation, &heard.understanding, now) {
            Ok(decision) => return Ok(decision),
            Err(needs) => load(database, situation, needs).await?,
        }
    }
}

async fn load(database: &impl Database, situation: &mut Situation<'_>, needs: Needs) -> Result<(), TurnError> {
    let Needs { from, until, except, of_sisters } = needs;
    let store = situation.store;
    if of_sisters.is_empty() {
        situation.load = Some(load_between(database, store, from, until, except.as_deref()).await?);
    } else {
        let (load, sisters) = load_with_sisters(database, store, from, until, &of_sisters).await?;
        (situation.load, situation.sisters) = (Some(load), sisters);
    }
    Ok(())
}

/// After a conflict: what is taken around the day under discussion, so that the decision looks before it books. Who has
/// chosen an opening is offered another one here, not elsewhere.
fn needs_around(store: &Store, situation: &Situation<'_>, now: DateTime<Utc>) -> Needs {
    let task = situation.state.tasks.last();
    let wish = task.map(lanekeeper_conversation::Task::wish).unwrap_or_default();
    let (from, until) = wish.dates(store, now);
    let except = task.and_then(lanekeeper_conversation::Task::moving);
    Needs { from, until, except, of_sisters: Vec::new() }
}

fn reply(store: &Store, decision: &Decision, now: DateTime<Utc>) -> Option<String> {
    let text = phrases::render(&decision.say, store, decision.language, now);
    (!text.is_empty()).then_some(text)
}

async fn wake<P: Platform>(platform: &P, playbook: &Playbook, due: &[String]) {
    if due.is_empty() {
        return;
    }
    let Ok(shard) = playbook.shard_of(platform) else { return };
    let due: Vec<String> = due.iter().map(|delivery| shard.wake_up(delivery)).collect();
    // A wake-up that fails is only a delay: the clock sweeps what is due.
    if let Err(error) = platform.queue().wake(&due).await {
        platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
    }
}

fn log<P: Platform>(platform: &P, commit: &Commit<'_, P>, attempt: u32) {
    platform.log(&json!({
        "event": "turn",
        "store": commit.playbook.store.id,
        "line": commit.playbook.line.id,
        "conversation": commit.conversation_id(),
        "turn": commit.number(),
        "intents": commit.heard.understanding.intents.iter().map(|guess| guess.name).collect::<Vec<_>>(),
        "source": commit.heard.understanding.source,
        "tries": attempt + 1,
        "elapsed_ms": commit.elapsed_ms(),
    }));
}

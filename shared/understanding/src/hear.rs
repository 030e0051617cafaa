//! A message understood by whoever can: the hosted model within its budget, else the built-in understanding.

use crate::built_in;
use crate::hosted::{self, Attempt, ModelConfig, Question};
use lanekeeper_domain::understanding::{Context, Details, Intent, IntentGuess, Mood};
use lanekeeper_domain::{Service, Understanding};
use lanekeeper_platform::Platform;
use serde_json::{Value, json};

/// What a message means, and what asking a model for it came to.
#[derive(Debug, Clone)]
pub struct Heard {
    /// What it means.
    pub understanding: Understanding,
    /// `{"outcome", "tokens_in", "tokens_out", "latency_ms"}` when a model was asked.
    pub model: Option<Value>,
}

/// Understands a message. `no_answer_due` says that nothing will be answered (a person holds the conversation, or the
/// customer has opted out), so that no model is paid for it.
pub async fn hear<P: Platform>(
    platform: &P,
    text: &str,
    context: &Context,
    services: &[Service],
    no_answer_due: bool,
) -> Heard {
    let own = built_in::understand(text, context, services);
    if no_answer_due || text.trim().is_empty() || built_in::is_trivial(text, context, &own) {
        return Heard { understanding: own, model: None };
    }
    let config = match ModelConfig::from_settings(platform.settings()) {
        Ok(Some(config)) => config,
        Ok(None) => return Heard { understanding: own, model: None },
        Err(error) => {
            platform.log(&json!({"event": "model_misconfigured", "error": error.to_string()}));
            return Heard { understanding: own, model: None };
        }
    };
    let question = Question { text, context, services };
    let breaker = hosted::of_this_instance();
    let attempt = hosted::understand(platform.http(), platform.clock(), &config, &breaker, &question).await;
    let model = Some(report(&attempt));
    match attempt.outcome {
        Ok(understanding) => Heard { understanding: reconciled(understanding, &own), model },
        Err(_) => Heard { understanding: own, model },
    }
}

/// What is found by rule, and never by a model.
const CONSENT: [Intent; 4] = [Intent::OptOut, Intent::OptIn, Intent::Mute, Intent::Unmute];

/// The model's understanding, with what only the built-in one may say: consent is found by rule and never by a model,
/// and so are sensitive topics, and anger that the words themselves show.
fn reconciled(mut model: Understanding, own: &Understanding) -> Understanding {
    let consent = own.intents.iter().filter(|guess| CONSENT.contains(&guess.name));
    let consent: Vec<IntentGuess> = consent.copied().collect();
    model.intents.splice(0..0, consent);
    let (topic, rating, comment) = (own.details.topic, own.details.rating, own.details.comment.clone());
    model.details = Details { topic, rating, comment, ..model.details };
    if own.wants(Intent::Human) && !model.wants(Intent::Human) {
        model.intents.push(IntentGuess { name: Intent::Human, confidence: 0.6 });
    }
    if own.mood == Mood::Angry {
        model.mood = Mood::Angry;
    }
    model.sensitive.clone_from(&own.sensitive);
    doubt_contradictions(&mut model, own);
    model
}

/// It is about money: what one of the two takes for a yes and the other for a no or a question is asked again.
fn doubt_contradictions(model: &mut Understanding, own: &Understanding) {
    let (said, read) = (&mut model.details, &own.details);
    let doubted: Vec<String> = said
        .approved
        .iter()
        .filter(|id| read.declined.contains(id) || read.mentioned.contains(id))
        .chain(said.declined.iter().filter(|id| read.approved.contains(id)))
        .cloned()
        .collect();
    said.approved.retain(|id| !doubted.contains(id));
    said.declined.retain(|id| !doubted.contains(id));
    said.mentioned.extend(doubted);
    if !said.has_lines() {
        said.mentioned.clone_from(&read.mentioned);
    }
}

fn report(attempt: &Attempt) -> Value {
    let outcome = attempt.outcome.as_ref().map_or_else(ToString::to_string, |_| "understood".to_owned());
    json!({
        "outcome": outcome,
        "tokens_in": attempt.tokens_in,
        "tokens_out": attempt.tokens_out,
        "latency_ms": attempt.latency_ms,
    })
}

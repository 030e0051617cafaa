//! Anthropic's Messages API (<https://platform.claude.com/docs/en/api/messages>).

use super::answer::{Answer, Failure, first_form};
use super::config::ModelConfig;
use super::prompt::{self, Question};
use super::schema::{FORM, with_optional_fields};
use serde_json::{Value, json};

/// The version of the API that this file follows.
const VERSION: &str = "2023-06-01";

/// Enough for the form with everything filled in.
const MAX_TOKENS: u32 = 600;

pub(super) fn url(config: &ModelConfig) -> String {
    format!("{}/v1/messages", config.base_url)
}

pub(super) fn headers(config: &ModelConfig) -> Vec<(String, String)> {
    let key = config.api_key.iter().map(|key| ("x-api-key".to_owned(), key.clone()));
    key.chain([("anthropic-version".to_owned(), VERSION.to_owned())]).collect()
}

/// The form is a tool that the model has to call. Not a `strict` one: strict tools allow only so many optional fields,
/// and the answer is checked in any case. There is no `temperature`: current models reject it.
pub(super) fn body(config: &ModelConfig, question: &Question<'_>) -> Value {
    json!({
        "model": config.model,
        "max_tokens": MAX_TOKENS,
        "system": prompt::system(),
        "messages": [{"role": "user", "content": prompt::user(question)}],
        "tools": [{
            "name": FORM,
            "description": "Takes the filled-in form about the customer's message. Leave out what was not said.",
            "input_schema": with_optional_fields(),
        }],
        "tool_choice": {"type": "tool", "name": FORM, "disable_parallel_tool_use": true},
    })
}

pub(super) fn read(body: &Value) -> Answer {
    let usage = &body["usage"];
    let input = [&usage["input_tokens"], &usage["cache_read_input_tokens"], &usage["cache_creation_input_tokens"]];
    Answer::new(form(body), &input, &usage["output_tokens"])
}

fn form(body: &Value) -> Result<Value, Failure> {
    match body["stop_reason"].as_str() {
        Some("refusal") => return Err(Failure::Refused),
        Some("max_tokens" | "model_context_window_exceeded") => return Err(Failure::Truncated),
        _ => {}
    }
    let blocks = || body["content"].as_array().into_iter().flatten();
    let called = blocks().find(|block| block["type"] == "tool_use" && block["name"] == FORM);
    called
        .map(|block| block["input"].clone())
        .or_else(|| blocks().filter_map(|block| block["text"].as_str()).find_map(first_form))
        .ok_or(Failure::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(content: &Value, stop_reason: &str) -> Value {
        json!({
            "id": "msg_01Aq9w938a90dw8q", "type": "message", "role": "assistant", "model": "claude-haiku-4-5",
            "content": content, "stop_reason": stop_reason, "stop_sequence": null,
            "usage": {
                "input_tokens": 200, "cache_creation_input_tokens": null, "cache_read_input_tokens": 1000,
                "output_tokens": 61,
            },
        })
    }

    #[test]
    fn reads_the_tool_call_and_all_tokens() {
        let input = json!({"intents": [{"name": "hours", "confidence": 1}], "language": "es", "mood": "calm"});
        let call = json!([
            {"type": "text", "text": "I'll fill in the form."},
            {"type": "tool_use", "id": "toolu_01D7FLrfh4GYq7yT1ULFeyMV", "name": FORM, "input": input},
        ]);
        let answer = read(&answered(&call, "tool_use"));
        assert_eq!(answer.form.as_ref().unwrap(), &input);
        assert_eq!((answer.tokens_in, answer.tokens_out), (1200, 61), "cached tokens were read as well");
    }

    #[test]
    fn a_form_written_as_text_is_read_too() {
        let text = json!([{"type": "text", "text": "```json\n{\"intents\":[]}\n```"}]);
        assert_eq!(read(&answered(&text, "end_turn")).form, Ok(json!({"intents": []})));
    }

    #[test]
    fn tells_refusals_truncation_and_nonsense_apart() {
        let form = |content: Value, stop_reason| read(&answered(&content, stop_reason)).form.unwrap_err();
        assert_eq!(form(json!([]), "refusal"), Failure::Refused);
        let half = json!([{"type": "tool_use", "name": FORM, "input": {"intents": []}}]);
        assert_eq!(form(half, "max_tokens"), Failure::Truncated);
        assert_eq!(form(json!([{"type": "text", "text": "Sure, happy to help!"}]), "end_turn"), Failure::Malformed);
        let other_tool = json!([{"type": "tool_use", "name": "delete_everything", "input": {"intents": []}}]);
        assert_eq!(form(other_tool, "tool_use"), Failure::Malformed);
        assert_eq!(read(&json!([])).form, Err(Failure::Malformed));
    }
}

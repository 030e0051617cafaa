//! Chat completions, `OpenAI`'s and those of the many servers that speak like it
//! (<https://platform.openai.com/docs/api-reference/chat>).

use super::answer::{Answer, Failure, first_form};
use super::config::ModelConfig;
use super::prompt::{self, Question};
use super::schema::{FORM, outline, with_nullable_fields, with_optional_fields};
use serde_json::{Value, json};

/// Enough for the form with everything filled in.
const MAX_TOKENS: u32 = 600;

/// The same, with room for the thoughts that count as tokens too.
const MAX_TOKENS_WITH_THOUGHTS: u32 = 2000;

pub(super) fn url(config: &ModelConfig) -> String {
    format!("{}/chat/completions", config.base_url)
}

pub(super) fn headers(config: &ModelConfig) -> Vec<(String, String)> {
    config.api_key.iter().map(|key| ("authorization".to_owned(), format!("Bearer {key}"))).collect()
}

pub(super) fn body(config: &ModelConfig, question: &Question<'_>) -> Value {
    let system = format!("{}\nAnswer with JSON only: {}", prompt::system(), outline(&with_optional_fields()));
    let mut body = json!({
        "model": config.model,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": prompt::user(question)},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": FORM, "strict": true, "schema": with_nullable_fields()},
        },
    });
    if thinks(&config.model) {
        // These reject `temperature` and the older `max_tokens`; other servers know no `max_completion_tokens`.
        body["max_completion_tokens"] = json!(MAX_TOKENS_WITH_THOUGHTS);
        body["reasoning_effort"] = json!("low");
    } else {
        body["max_tokens"] = json!(MAX_TOKENS);
        body["temperature"] = json!(0);
    }
    body
}

/// Whether this is one of `OpenAI`'s reasoning models: `o1` and its successors, `gpt-5` and its successors. A router's
/// prefix (`openai/gpt-5-mini`) does not matter.
fn thinks(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or_default();
    let version = |prefix: &str| name.strip_prefix(prefix)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    version("o").is_some_and(|version: u32| version >= 1) || version("gpt-").is_some_and(|version: u32| version >= 5)
}

pub(super) fn read(body: &Value) -> Answer {
    let usage = &body["usage"];
    Answer::new(form(&body["choices"][0]), &[&usage["prompt_tokens"]], &usage["completion_tokens"])
}

fn form(choice: &Value) -> Result<Value, Failure> {
    let message = &choice["message"];
    if message["refusal"].as_str().is_some_and(|refusal| !refusal.is_empty()) {
        return Err(Failure::Refused);
    }
    match choice["finish_reason"].as_str() {
        Some("content_filter") => Err(Failure::Refused),
        Some("length") => Err(Failure::Truncated),
        _ => message["content"].as_str().and_then(first_form).ok_or(Failure::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosted::Protocol;
    use lanekeeper_domain::understanding::Context;
    use std::time::Duration;

    fn body_for(model: &str) -> Value {
        let config = ModelConfig {
            protocol: Protocol::OpenAi,
            base_url: "https://api.openai.com/v1".to_owned(),
            api_key: None,
            model: model.to_owned(),
            timeout: Duration::from_secs(1),
        };
        body(&config, &Question { text: "oil change", context: &Context::default(), services: &[] })
    }

    #[test]
    fn asks_for_the_form_as_a_strict_schema() {
        let body = body_for("gpt-4.1-mini");
        let format = &body["response_format"];
        assert_eq!((&format["type"], &format["json_schema"]["strict"]), (&json!("json_schema"), &json!(true)));
        assert_eq!(format["json_schema"]["schema"]["additionalProperties"], false);
        assert_eq!((&body["temperature"], &body["max_tokens"]), (&json!(0), &json!(MAX_TOKENS)));
    }

    #[test]
    fn reasoning_models_get_the_parameters_they_take() {
        for model in ["o4-mini", "gpt-5-nano", "gpt-5.6-luna", "openai/gpt-5-mini", "gpt-10"] {
            let body = body_for(model);
            assert_eq!(body["reasoning_effort"], "low", "{model}");
            assert!(body.get("temperature").is_none() && body.get("max_tokens").is_none(), "{model}");
        }
        for model in ["gpt-4.1-mini", "gpt-4o", "qwen3:8b", "deepseek-chat", "openchat", "orca-2", "gpt-oss:20b"] {
            assert!(body_for(model).get("reasoning_effort").is_none(), "{model}");
        }
    }

    fn answered(choice: &Value) -> Value {
        json!({
            "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion", "created": 1_741_569_952,
            "model": "gpt-4.1-mini-2025-04-14", "choices": [choice],
            "usage": {"prompt_tokens": 812, "completion_tokens": 96, "total_tokens": 908},
        })
    }

    #[test]
    fn reads_form_and_tokens() {
        let content = r#"{"intents":[{"name":"book","confidence":0.9}]}"#;
        let message = json!({"role": "assistant", "content": content, "refusal": null, "annotations": []});
        let answer = read(&answered(&json!({"index": 0, "message": message, "finish_reason": "stop"})));
        assert_eq!(answer.form.unwrap()["intents"][0]["name"], "book");
        assert_eq!((answer.tokens_in, answer.tokens_out), (812, 96));
    }

    #[test]
    fn tells_refusals_truncation_and_nonsense_apart() {
        let form = |choice: Value| read(&answered(&choice)).form.unwrap_err();
        let refusal = json!({"content": null, "refusal": "I'm sorry, I cannot assist with that."});
        assert_eq!(form(json!({"message": refusal, "finish_reason": "stop"})), Failure::Refused);
        assert_eq!(form(json!({"message": {"content": ""}, "finish_reason": "content_filter"})), Failure::Refused);
        let half = json!({"content": "{\"intents\":[{\"name\":\"bo"});
        assert_eq!(form(json!({"message": half, "finish_reason": "length"})), Failure::Truncated);
        assert_eq!(form(json!({"message": half, "finish_reason": "stop"})), Failure::Malformed);
        assert_eq!(form(json!({"message": {"content": null}})), Failure::Malformed);
        assert_eq!(read(&json!({"error": {"message": "overloaded"}})).form, Err(Failure::Malformed));
    }
}

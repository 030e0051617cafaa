//! What an endpoint answered, before anything of it is believed.

use serde_json::Value;

/// Why a model's answer is not used. The built-in understanding serves instead, in the same turn. The text is short and
/// holds neither secrets nor anybody's words, so that it can be logged and kept with the turn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It failed too often lately and was not asked.
    #[error("not asked: the endpoint is paused after failures")]
    BreakerOpen,
    /// No whole answer within the budget; the request was aborted.
    #[error("timeout")]
    Timeout,
    /// No connection, or a request that the runtime would not make.
    #[error("{0}")]
    Unreachable(String),
    /// An HTTP status other than success. 401, 403 and 404 mean that key, address or model's name are wrong.
    #[error("HTTP status {0}")]
    Status(u16),
    /// The answer is larger than any filled-in form.
    #[error("answer too large")]
    TooLarge,
    /// The model or its safety filter declined.
    #[error("refused by the model")]
    Refused,
    /// The answer stopped in the middle.
    #[error("answer cut off")]
    Truncated,
    /// Not the JSON that was asked for.
    #[error("malformed answer")]
    Malformed,
    /// A form without any wish that we know.
    #[error("absurd answer")]
    Absurd,
}

/// An endpoint's answer, whichever its protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The form as the model filled it in, unchecked.
    pub form: Result<Value, Failure>,
    /// Tokens read, cached ones included; 0 when the endpoint does not say.
    pub tokens_in: u32,
    /// Tokens written; 0 when the endpoint does not say.
    pub tokens_out: u32,
}

impl Answer {
    /// An answer whose numbers of tokens read are the sum of `tokens_in`; what is no number counts nothing.
    pub(super) fn new(form: Result<Value, Failure>, tokens_in: &[&Value], tokens_out: &Value) -> Self {
        let count = |tokens: &Value| tokens.as_u64().and_then(|tokens| u32::try_from(tokens).ok()).unwrap_or(0);
        let tokens_in = tokens_in.iter().map(|tokens| count(tokens)).fold(0, u32::saturating_add);
        Self { form, tokens_in, tokens_out: count(tokens_out) }
    }

    /// An answer that says nothing but why it is of no use.
    pub(super) fn useless(failure: Failure) -> Self {
        Self { form: Err(failure), tokens_in: 0, tokens_out: 0 }
    }
}

/// The first JSON object in the text that looks like the form. Servers that ignore the requested format wrap it in prose
/// or in a fenced block, and models that think aloud put their drafts before `</think>`.
pub fn first_form(text: &str) -> Option<Value> {
    /// Places that are tried; a text with more braces than that is not an answer.
    const TRIES: usize = 20;
    let text = text.rsplit("</think>").next().unwrap_or(text);
    text.match_indices('{').take(TRIES).find_map(|(start, _)| {
        let object = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>().next()?.ok()?;
        object["intents"].is_array().then_some(object)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_the_form_in_what_servers_put_around_it() {
        let form = json!({"intents": [{"name": "book", "confidence": 1}], "when": {"date": "2026-11-24"}});
        for text in [
            form.to_string(),
            format!("```json\n{form:#}\n```\nLet me know if you need more!"),
            format!("Here is the {{form}} you asked for: {form}"),
            format!("<think>{{\"intents\":[]}} no, rather</think>\n{form}"),
        ] {
            assert_eq!(first_form(&text).as_ref(), Some(&form), "{text}");
        }
    }

    #[test]
    fn finds_none_where_there_is_none() {
        let deep = "{\"intents\":".repeat(5000);
        for text in
            ["", "{", "null", "[]", "{\"intents\":", "{\"answer\":\"We are open.\"}", "{\"intents\":\"book\"}", &deep]
        {
            assert_eq!(first_form(text), None, "{text:.40}");
        }
    }
}

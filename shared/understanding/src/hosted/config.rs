//! Which model is asked, where, and for how long at most.

use lanekeeper_platform::Settings;
use std::time::Duration;

/// How long a model may take when `LLM_TIMEOUT_MS` says nothing: what remains of a reply within three seconds.
const DEFAULT_TIMEOUT_MS: u64 = 2500;

/// The longest that a customer could be made to wait.
const LONGEST_TIMEOUT_MS: u64 = 60_000;

/// The wire format that an endpoint speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// `OpenAI`'s chat completions, which most vendors and local servers speak as well.
    OpenAi,
    /// Anthropic's Messages API.
    Anthropic,
}

impl Protocol {
    fn default_base_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com",
        }
    }

    /// Quick models that do not think before they fill a form; both follow a schema.
    fn default_model(self) -> &'static str {
        match self {
            Self::OpenAi => "gpt-4.1-mini",
            Self::Anthropic => "claude-haiku-4-5",
        }
    }
}

/// A hosted model. Its `Debug` form leaves the key out.
#[derive(Clone, PartialEq, Eq)]
pub struct ModelConfig {
    /// The wire format.
    pub protocol: Protocol,
    /// Where the API begins, without a trailing slash, e.g. `https://api.openai.com/v1` or `https://api.anthropic.com`.
    pub base_url: String,
    /// The key; local servers may need none.
    pub api_key: Option<String>,
    /// The model's name as the endpoint knows it.
    pub model: String,
    /// The whole request is aborted after this long.
    pub timeout: Duration,
}

impl std::fmt::Debug for ModelConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelConfig")
            .field("protocol", &self.protocol)
            .field("base_url", &self.base_url)
            .field("api_key", &self.api_key.as_ref().map(|_| "redacted"))
            .field("model", &self.model)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// A setting that whoever deploys has to correct.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// `LLM_PROTOCOL` names no protocol that we speak.
    #[error("LLM_PROTOCOL is '{0}': it must be 'openai' or 'anthropic'")]
    Protocol(String),
    /// Only the vendors' own addresses have a model to assume.
    #[error("LLM_MODEL is missing: with LLM_BASE_URL it must name one of that server's models")]
    Model,
    /// `LLM_TIMEOUT_MS` is not a length of time that a customer would wait.
    #[error("LLM_TIMEOUT_MS is '{0}': it must be 1 to {LONGEST_TIMEOUT_MS} milliseconds")]
    Timeout(String),
}

impl ModelConfig {
    /// Reads `LLM_PROTOCOL`, `LLM_BASE_URL`, `LLM_API_KEY`, `LLM_MODEL` and `LLM_TIMEOUT_MS`. `None` when neither an
    /// address nor a key is set: then there is no hosted model. A key alone is enough for the vendors' own endpoints.
    pub fn from_settings(settings: &impl Settings) -> Result<Option<Self>, ConfigError> {
        let base_url = settings.get("LLM_BASE_URL");
        let api_key = settings.get("LLM_API_KEY");
        if base_url.is_none() && api_key.is_none() {
            return Ok(None);
        }
        let protocol = match settings.get("LLM_PROTOCOL").as_deref() {
            None | Some("openai") => Protocol::OpenAi,
            Some("anthropic") => Protocol::Anthropic,
            Some(other) => return Err(ConfigError::Protocol(other.to_owned())),
        };
        let model = match (settings.get("LLM_MODEL"), &base_url) {
            (Some(model), _) => model,
            (None, None) => protocol.default_model().to_owned(),
            (None, Some(_)) => return Err(ConfigError::Model),
        };
        let timeout = match settings.get("LLM_TIMEOUT_MS") {
            None => DEFAULT_TIMEOUT_MS,
            Some(text) => match text.parse() {
                Ok(milliseconds @ 1..=LONGEST_TIMEOUT_MS) => milliseconds,
                _ => return Err(ConfigError::Timeout(text)),
            },
        };
        Ok(Some(Self {
            protocol,
            base_url: base_url
                .map_or(protocol.default_base_url().to_owned(), |url| url.trim_end_matches('/').to_owned()),
            api_key,
            model,
            timeout: Duration::from_millis(timeout),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Given<'a>(&'a [(&'a str, &'a str)]);
    impl Settings for Given<'_> {
        fn get(&self, name: &str) -> Option<String> {
            self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn without_address_and_key_there_is_no_model() {
        assert_eq!(ModelConfig::from_settings(&Given(&[("LLM_MODEL", "gpt-4.1-mini")])), Ok(None));
    }

    #[test]
    fn a_key_alone_is_enough() {
        let config = ModelConfig::from_settings(&Given(&[("LLM_API_KEY", "sk-secret")])).unwrap().unwrap();
        assert_eq!((config.protocol, config.base_url.as_str()), (Protocol::OpenAi, "https://api.openai.com/v1"));
        assert_eq!((config.model.as_str(), config.timeout), ("gpt-4.1-mini", Duration::from_millis(2500)));

        let settings = [("LLM_API_KEY", "sk-secret"), ("LLM_PROTOCOL", "anthropic")];
        let config = ModelConfig::from_settings(&Given(&settings)).unwrap().unwrap();
        assert_eq!((config.protocol, config.base_url.as_str()), (Protocol::Anthropic, "https://api.anthropic.com"));
    }

    #[test]
    fn a_local_server_needs_no_key_but_a_model() {
        let settings = [("LLM_BASE_URL", "http://127.0.0.1:11434/v1/"), ("LLM_MODEL", "qwen3:8b")];
        let config = ModelConfig::from_settings(&Given(&settings)).unwrap().unwrap();
        assert_eq!((config.base_url.as_str(), config.api_key), ("http://127.0.0.1:11434/v1", None));
        assert_eq!(ModelConfig::from_settings(&Given(&settings[..1])), Err(ConfigError::Model));
    }

    #[test]
    fn says_which_setting_is_wrong() {
        let error =
            |name, value| ModelConfig::from_settings(&Given(&[("LLM_API_KEY", "k"), (name, value)])).unwrap_err();
        assert_eq!(error("LLM_PROTOCOL", "gemini"), ConfigError::Protocol("gemini".to_owned()));
        for timeout in ["0", "2.5", "60001", "soon"] {
            assert_eq!(error("LLM_TIMEOUT_MS", timeout), ConfigError::Timeout(timeout.to_owned()));
        }
    }

    #[test]
    fn keys_stay_out_of_debug_output() {
        let config = ModelConfig::from_settings(&Given(&[("LLM_API_KEY", "sk-secret")])).unwrap();
        assert!(!format!("{config:?}").contains("sk-secret"));
    }
}

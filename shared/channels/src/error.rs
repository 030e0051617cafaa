//! What can be wrong with a webhook.

/// Why a webhook is not accepted. All but [`ChannelError::Unconfigured`] are the caller's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// It bears no signature.
    #[error("the request is not signed")]
    NotSigned,
    /// It was not signed by the provider for this URL and body.
    #[error("the signature does not match the request")]
    WrongSignature,
    /// It was signed, but speaks of an account that is not this line's.
    #[error("the request belongs to another account")]
    WrongAccount,
    /// It is longer than any webhook of the provider.
    #[error("the body is longer than {limit} bytes")]
    TooLong {
        /// The greatest length in bytes.
        limit: usize,
    },
    /// A required field is not there.
    #[error("the field {0} is missing")]
    Missing(String),
    /// A field does not have the form that the provider documents.
    #[error("the field {field} {problem}")]
    Invalid {
        /// The field's name on the wire.
        field: String,
        /// What is wrong with it, without its value.
        problem: &'static str,
    },
    /// Our fault: what is needed to judge the request is not set up.
    #[error("the line has no {0}")]
    Unconfigured(&'static str),
}

impl ChannelError {
    /// The HTTP status to answer with.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotSigned | Self::WrongSignature | Self::WrongAccount => 403,
            Self::TooLong { .. } => 413,
            Self::Missing(_) | Self::Invalid { .. } => 400,
            Self::Unconfigured(_) => 500,
        }
    }
}

//! Twilio's webhooks.

use crate::{WebhookError, receipt};
use lanekeeper_channels::twilio::{self, Credentials};
use lanekeeper_channels::{ChannelError, public_url};
use lanekeeper_platform::{Platform, Request, Response, Settings};
use lanekeeper_storage::{Line, Playbook, unseal};
use lanekeeper_turn::{answer, fresh, remembered};
use std::rc::Rc;

/// A customer's message: answered in TwiML.
pub async fn message<P: Platform>(platform: &P, request: &Request, line: &str) -> Result<Response, WebhookError> {
    let playbook = verified(platform, request, line).await?;
    let inbound = twilio::inbound(&request.body, None)?;
    let replies = answer(platform, playbook, &inbound).await?;
    Ok(twilio::reply(&replies))
}

/// A receipt for one of our messages.
pub async fn status<P: Platform>(platform: &P, request: &Request, line: &str) -> Result<Response, WebhookError> {
    let playbook = verified(platform, request, line).await?;
    let receipt = twilio::receipt(&request.body, None)?;
    receipt::record(platform, &playbook, request, &receipt).await?;
    Ok(Response { status: 204, ..Response::default() })
}

/// The line's playbook, once the request has proved to be signed with the line's token. A token that was changed lately
/// may differ from the one remembered: so before a request is turned away, the line is looked up again.
async fn verified<P: Platform>(platform: &P, request: &Request, line: &str) -> Result<Rc<Playbook>, WebhookError> {
    let setting = platform.settings().get("PUBLIC_URL");
    let url = public_url(request, setting.as_deref());
    let playbook = remembered(platform, line).await?;
    match twilio::verify(request, &url, &credentials(platform, &playbook.line)?.auth_token) {
        Ok(()) => Ok(playbook),
        Err(ChannelError::WrongSignature) => {
            let playbook = fresh(platform, line).await?;
            twilio::verify(request, &url, &credentials(platform, &playbook.line)?.auth_token)?;
            Ok(playbook)
        }
        Err(error) => Err(error.into()),
    }
}

/// The line's credentials at Twilio, opened.
pub fn credentials<P: Platform>(platform: &P, line: &Line) -> Result<Credentials, WebhookError> {
    let key = platform.settings().get("SEALING_KEY").unwrap_or_default();
    Ok(unseal(&key, &line.id, &line.credentials)?)
}

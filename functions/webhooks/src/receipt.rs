//! Receipts: what became of a message that we sent.

use crate::WebhookError;
use crate::playbooks::fresh;
use lanekeeper_channels::twilio::{MessageStatus, OPTED_OUT, Receipt};
use lanekeeper_platform::{Clock, Database, Platform, Request};
use lanekeeper_storage::{Playbook, opt_out_of_delivery, record_receipt};

/// Records a receipt. The delivery's id stands in the query of the address that we gave to the provider.
pub async fn record<P: Platform>(
    platform: &P,
    playbook: &Playbook,
    request: &Request,
    receipt: &Receipt,
) -> Result<(), WebhookError> {
    let delivery = request.query.split('&').find_map(|pair| pair.strip_prefix("delivery=")).unwrap_or_default();
    let status = match receipt.status {
        MessageStatus::Delivered | MessageStatus::Read => "delivered",
        MessageStatus::Undelivered | MessageStatus::Failed | MessageStatus::Canceled => "undelivered",
        _ => "sent",
    };
    let error = receipt.error_code.map(|code| format!("error {code} at the provider"));
    let mut database = playbook.shard_of(platform)?.database;
    let (now, line) = (platform.clock().now(), &playbook.line.id);
    let message = &receipt.provider_message_id;
    if !record_receipt(database, line, delivery, message, status, error.as_deref(), now).await? {
        // The store has moved since its playbook was remembered.
        database = fresh(platform, line).await?.shard_of(platform)?.database;
        record_receipt(database, line, delivery, message, status, error.as_deref(), now).await?;
    }
    if receipt.error_code == Some(OPTED_OUT) {
        database.batch(opt_out_of_delivery(&playbook.store.id, line, delivery, now)).await?;
    }
    Ok(())
}

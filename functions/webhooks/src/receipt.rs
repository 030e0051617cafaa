//! Receipts: what became of a message that we sent.

use crate::WebhookError;
use lanekeeper_channels::twilio::{MessageStatus, OPTED_OUT, Receipt, is_out_of_reach};
use lanekeeper_domain::notifications::Kind;
use lanekeeper_platform::{Clock, Database, Platform, Random, Request};
use lanekeeper_storage::{Playbook, Readdress, opt_out_of_delivery, readdress, record_receipt};
use lanekeeper_turn::fresh;

/// Records a receipt. The delivery's id stands in the query of the address that we gave to the provider. What this line
/// cannot deliver is given to the next one; the clock wakes it.
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
    let (store, line) = (&playbook.store, playbook.line.id.as_str());
    let now = platform.clock().now();
    let message = &receipt.provider_message_id;
    let mut recorded = record_receipt(database, line, delivery, message, status, error.as_deref(), now).await?;
    if !recorded.served {
        // The store has moved since its playbook was remembered.
        database = fresh(platform, line).await?.shard_of(platform)?.database;
        recorded = record_receipt(database, line, delivery, message, status, error.as_deref(), now).await?;
    }
    if receipt.error_code == Some(OPTED_OUT) {
        database.batch(opt_out_of_delivery(&store.id, line, delivery, now)).await?;
    }
    let lost = recorded.kind.filter(|_| status == "undelivered" && is_out_of_reach(receipt.error_code));
    let next = lost.and_then(|kind| store.notifications.line_after(Kind::from_name(&kind), line));
    if let Some(to_line) = next {
        let conversation = platform.random().id(now);
        let error = error.unwrap_or_default();
        let to = Readdress {
            delivery,
            store: &store.id,
            from_line: line,
            to_line,
            conversation: &conversation,
            error: &error,
        };
        database.batch(readdress(&to, now)).await?;
    }
    Ok(())
}

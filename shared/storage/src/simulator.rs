//! What the phone simulator shows. It sees lines that are marked as simulated, and nothing of any other.

use crate::directory::shards_of_lines;
use lanekeeper_domain::Store;
use lanekeeper_platform::{Database, DatabaseError, Platform, Statement};
use serde::Deserialize;

/// A line that the simulator may write to.
#[derive(Debug, Clone)]
pub struct SimulatedLine {
    /// Its slug.
    pub id: String,
    /// Its number, in E.164.
    pub address: String,
    /// The store it belongs to.
    pub store: Store,
    /// The store's chat widget, if it has one.
    pub widget: Option<String>,
    /// Numbers of customers whose cars are in the shop, with the car: they have something to ask about. Real
    /// customers may be among them.
    pub in_the_shop: Vec<(String, String)>,
}

/// The lines that the simulator may write to, in the order of shards and ids. A shard that is out of reach keeps
/// its lines to itself.
pub async fn simulated_lines<P: Platform>(platform: &P) -> Result<Vec<SimulatedLine>, DatabaseError> {
    let mut lines = Vec::new();
    let mut failure = None;
    for shard in platform.shards().iter() {
        match lines_on(shard.database).await {
            Ok(found) => lines.extend(found.into_iter().map(|line| (shard.number, line))),
            Err(error) => failure = Some(error),
        }
    }
    if let Some(error) = failure.filter(|_| lines.is_empty()) {
        return Err(error);
    }
    // A setup file may have written a store to a shard that it does not live on.
    let ids: Vec<&str> = lines.iter().map(|(_, line)| line.id.as_str()).collect();
    let places = shards_of_lines(platform, &ids).await?;
    let lives_here = |shard: u32, line: &SimulatedLine| places.iter().any(|place| *place == (line.id.clone(), shard));
    Ok(lines.into_iter().filter(|(shard, line)| lives_here(*shard, line)).map(|(_, line)| line).collect())
}

async fn lines_on(database: &impl Database) -> Result<Vec<SimulatedLine>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        address: String,
        profile: String,
        in_the_shop: String,
        widget: Option<String>,
    }
    let select = Statement::new(
        "SELECT l.id, l.address, s.profile, \
           (SELECT w.id FROM lines w WHERE w.store_id = l.store_id AND w.provider = 'widget' ORDER BY w.id LIMIT 1) AS widget, \
           (SELECT json_group_array(json_array(address, car)) FROM \
             (SELECT i.address, trim(COALESCE(v.year, '') || ' ' || COALESCE(v.make, '') || ' ' || COALESCE(v.model, '')) AS car \
              FROM repair_orders o JOIN identities i ON i.customer_id = o.customer_id AND i.store_id = o.store_id AND i.kind = 'phone' \
                JOIN vehicles v ON v.id = o.vehicle_id \
              WHERE o.store_id = l.store_id AND o.stage <> 'closed' ORDER BY i.address LIMIT 20)) AS in_the_shop \
         FROM lines l JOIN stores s ON s.id = l.store_id WHERE l.simulated = 1 AND l.provider = 'twilio' AND s.standing = 'here' \
         ORDER BY l.id LIMIT 20",
    );
    let decode = |error: serde_json::Error| DatabaseError::Decode(error.to_string());
    let rows = database.run(select).await?.decode::<Row>()?.into_iter();
    rows.map(|row| {
        Ok(SimulatedLine {
            id: row.id,
            address: row.address,
            widget: row.widget,
            store: serde_json::from_str(&row.profile).map_err(decode)?,
            in_the_shop: serde_json::from_str(&row.in_the_shop).map_err(decode)?,
        })
    })
    .collect()
}

/// What passed between a line and one number.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    /// The conversation, once there is one.
    pub conversation: Option<ThreadHead>,
    /// The last messages, the oldest first.
    pub messages: Vec<ThreadMessage>,
}

/// How a conversation stands.
#[derive(Debug, Clone, Deserialize)]
pub struct ThreadHead {
    /// ISO 639-1.
    pub language: String,
    /// `ai` or `person`.
    pub handling: String,
    /// How many messages the number has sent.
    pub sent: u32,
}

/// One message.
#[derive(Debug, Clone, Deserialize)]
pub struct ThreadMessage {
    /// Its id.
    pub id: String,
    /// `customer`, `ai` or `person`.
    pub author: String,
    /// What it says.
    pub text: String,
    /// The provider's id, on messages of the customer's.
    pub provider_message_id: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// JSON: what the message was understood as.
    pub understanding: Option<String>,
    /// How long the turn took, in milliseconds.
    pub elapsed_ms: Option<i64>,
}

/// The thread between this line of this store and the number `peer`: at most the last `most` messages.
pub async fn simulated_thread(
    database: &impl Database,
    store: &str,
    line: &str,
    peer: &str,
    most: u32,
) -> Result<Thread, DatabaseError> {
    let head = Statement::new(
        "SELECT language, handling, (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.author = 'customer') \
           AS sent FROM conversations c WHERE line_id = ?2 AND peer = ?3 AND store_id = ?1",
    );
    let messages = Statement::new(
        "SELECT * FROM (SELECT m.id, m.author, m.text, m.provider_message_id, m.created_at, m.position, t.understanding, \
           t.elapsed_ms FROM messages m LEFT JOIN turns t ON t.message_id = m.id \
           WHERE m.conversation_id = (SELECT id FROM conversations WHERE line_id = ?2 AND peer = ?3 AND store_id = ?1) \
           ORDER BY m.created_at DESC, m.position DESC LIMIT ?4) \
         ORDER BY created_at, position",
    );
    let bind = |statement: Statement| statement.bind(store).bind(line).bind(peer);
    let mut results = database.batch(vec![bind(head), bind(messages).bind(most)]).await?.into_iter();
    Ok(Thread {
        conversation: results.next().unwrap_or_default().first()?,
        messages: results.next().unwrap_or_default().decode()?,
    })
}

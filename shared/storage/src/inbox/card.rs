//! The customer of a conversation, with what the store knows of them.

use super::{json, time};
use chrono::{DateTime, Utc};
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_platform::{DatabaseError, Rows, Statement};
use serde::Deserialize;

/// A customer, as the desk shows them beside a conversation.
#[derive(Debug, Clone)]
pub struct CustomerCard {
    /// Since when the store knows them.
    pub since: DateTime<Utc>,
    /// Their verified addresses: kind and address.
    pub addresses: Vec<(String, String)>,
    /// Their cars, the one heard of last first.
    pub vehicles: Vec<Vehicle>,
    /// Appointments, the latest first: those to come, and some of the past.
    pub appointments: Vec<CardAppointment>,
    /// Repair orders, the latest first.
    pub orders: Vec<RepairOrder>,
    /// How often a car of theirs was in the shop.
    pub visits: u32,
    /// What they have agreed to (`true`) or do not want, by topic.
    pub consents: Vec<(String, bool)>,
    /// The last rating, from 1 to 5.
    pub rating: Option<u8>,
    /// Other conversations: id, provider, the last change.
    pub conversations: Vec<(String, String, DateTime<Utc>)>,
}

/// An appointment on the card.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct CardAppointment {
    pub id: String,
    /// Milliseconds since 1970.
    pub starts_at: i64,
    /// Ids of menu items, the main one first.
    pub services: Vec<String>,
    pub advisor: Option<String>,
    pub transport: Option<String>,
    /// `booked` or `cancelled`.
    pub status: String,
    pub arrived: bool,
}

impl CardAppointment {
    /// When it begins.
    pub fn start(&self) -> DateTime<Utc> {
        time(self.starts_at)
    }
}

#[derive(Deserialize)]
struct Row {
    created_at: i64,
    addresses: String,
    vehicles: String,
    appointments: String,
    orders: String,
    visits: u32,
    consents: String,
    rating: Option<u8>,
    conversations: String,
}

const CARD: &str = "SELECT u.created_at,
  (SELECT json_group_array(json_array(kind, address)) FROM identities i WHERE i.customer_id = u.id) AS addresses,
  (SELECT json_group_array(json_object('id', id, 'year', year, 'make', make, 'model', model, 'plate', plate, 'vin', vin,
     'mileage', mileage)) FROM (SELECT * FROM vehicles v WHERE v.customer_id = u.id ORDER BY v.updated_at DESC LIMIT 9)) AS vehicles,
  (SELECT json_group_array(json_object('id', id, 'starts_at', starts_at,
     'services', json(json_insert(more_services, '$[#]', service_id)), 'advisor', advisor, 'transport', transport, 'status', status,
     'arrived', json(iif(arrived_at IS NULL, 'false', 'true'))))
     FROM (SELECT * FROM appointments a WHERE a.customer_id = u.id ORDER BY a.starts_at DESC LIMIT 8)) AS appointments,
  (SELECT json_group_array(json(document)) FROM (SELECT o.document FROM repair_order_documents o WHERE o.customer_id = u.id
     ORDER BY o.opened_at DESC LIMIT 8)) AS orders,
  (SELECT count(*) FROM repair_orders o WHERE o.customer_id = u.id) AS visits,
  (SELECT json_group_array(json_array(k.topic, json(iif(k.agreed, 'true', 'false')))) FROM conversations c
     JOIN consents k ON k.store_id = c.store_id AND k.address = c.peer WHERE c.id = ?2) AS consents,
  (SELECT s.score FROM satisfaction s WHERE s.customer_id = u.id ORDER BY s.at DESC LIMIT 1) AS rating,
  (SELECT json_group_array(json_array(id, provider, updated_at)) FROM (SELECT o.id, l.provider, o.updated_at FROM conversations o
     JOIN lines l ON l.id = o.line_id WHERE o.customer_id = u.id AND o.id <> ?2 ORDER BY o.updated_at DESC LIMIT 5)) AS conversations
FROM conversations c JOIN customers u ON u.id = c.customer_id WHERE c.id = ?2 AND c.store_id = ?1";

/// The customer of a conversation of this store.
pub fn select_card(store: &str, conversation: &str) -> Statement {
    Statement::new(CARD).bind(store).bind(conversation)
}

impl CustomerCard {
    /// What the row of [`select_card`] tells.
    pub fn read(rows: Rows) -> Result<Option<Self>, DatabaseError> {
        let Some(row) = rows.first::<Row>()? else { return Ok(None) };
        let mut appointments: Vec<CardAppointment> = json(&row.appointments)?;
        for appointment in &mut appointments {
            // The main one was put behind the others.
            appointment.services.rotate_right(1);
        }
        let conversations = json::<Vec<(String, String, i64)>>(&row.conversations)?;
        Ok(Some(Self {
            since: time(row.created_at),
            addresses: json(&row.addresses)?,
            vehicles: json(&row.vehicles)?,
            appointments,
            orders: json(&row.orders)?,
            visits: row.visits,
            consents: json(&row.consents)?,
            rating: row.rating,
            conversations: conversations.into_iter().map(|(id, provider, at)| (id, provider, time(at))).collect(),
        }))
    }
}

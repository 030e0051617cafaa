//! The forms of what is answered. The answers themselves are made from rows without these types; tests hold the two
//! together, by reading answers into them.

#![allow(missing_docs)] // the names say it; what they do not say is said

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

macro_rules! page {
    ($name:ident of $item:ident) => {
        /// One page.
        #[derive(Debug, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            pub items: Vec<$item>,
            /// Where the next page begins; null on the last.
            #[schema(required)]
            pub next_cursor: Option<String>,
        }
    };
}
page!(Stores of StoreSummary);
page!(Services of Service);
page!(Technicians of Technician);
page!(Advisors of Advisor);
page!(Bays of Bay);
page!(Exceptions of Exception);
page!(Customers of Customer);
page!(Vehicles of Vehicle);
page!(Openings of Opening);
page!(Appointments of Appointment);
page!(Waitlist of WaitlistEntry);
page!(OptOuts of OptOut);
page!(Consents of ConsentEvent);
page!(Conversations of Conversation);
page!(Deliveries of Delivery);

/// What is wrong (RFC 9457).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// What is wrong with the request, one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldError>>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldError {
    /// Where: the way through the body, or the parameter's or the header's name.
    #[schema(example = "hours.week.mon[0]")]
    pub field: String,
    pub reason: String,
    /// The row of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub row: Option<usize>,
    /// The column of a file, by its header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub column: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreSummary {
    pub id: String,
    pub name: String,
    #[schema(example = "America/Chicago")]
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    /// ISO 639-1.
    pub language: String,
    pub phone: String,
    /// Counts the profile's changes.
    pub revision: i64,
}

/// What a group wants of all its stores; what is left out is off.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Group {
    /// A store that has nothing on the wished day names an opening of a sister store.
    pub offer_sister_stores: bool,
    /// A store takes over the name and the cars of a customer whom it does not know and a sister store does.
    pub share_customers: bool,
}

/// A store's profile. The README lists its fields.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    pub id: String,
    pub group: String,
    pub name: String,
    #[schema(example = "America/Chicago")]
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    /// `en`, `es` or `zh`.
    pub language: String,
    /// The calling code to assume for numbers without one.
    pub calling_code: String,
    pub phone: String,
    pub address: String,
    #[schema(value_type = Object)]
    pub hours: serde_json::Value,
    /// In a request also a number: of bays that are all alike.
    pub bays: Vec<Bay>,
    pub services: Vec<Service>,
}

/// An item of the menu.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9-]+$")]
    pub id: String,
    pub op_code: String,
    /// The kind of work, when it is one that every workshop knows.
    #[serde(default)]
    pub kind: Option<String>,
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: u32,
    /// What the technician must be trained for.
    #[serde(default)]
    pub skill: Option<String>,
    /// What the bay must be equipped for.
    #[serde(default)]
    pub bay: Option<String>,
    /// How many of these can be done on one day.
    #[serde(default)]
    pub per_day: Option<u32>,
    #[serde(default)]
    pub price: Option<Price>,
    /// What differs for classes of vehicles; an entry for each class at most.
    #[serde(default)]
    pub classes: Vec<ClassTerms>,
    /// Names per language; the first is ours, the others are what people say.
    pub names: BTreeMap<String, Vec<String>>,
    /// What people say is wrong when this is what they need, per language.
    #[serde(default)]
    pub symptoms: BTreeMap<String, Vec<String>>,
    /// What the customer should bring or know, per language.
    #[serde(default)]
    pub bring: BTreeMap<String, String>,
}

/// What differs where the vehicle is of a class; one of `minutes` and `price` must be there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassTerms {
    /// `car`, `suv`, `truck`, `van`, `electric`, `hybrid` or `diesel`.
    #[schema(example = "truck")]
    pub class: String,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: Option<u32>,
    #[serde(default)]
    pub price: Option<Price>,
}

/// A price in minor units of the store's currency.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    #[schema(minimum = 0)]
    pub amount: i64,
    #[serde(default)]
    pub from: bool,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Technician {
    #[serde(default)]
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub shifts: Shifts,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Advisor {
    #[serde(default)]
    pub id: String,
    pub name: String,
    /// How many customers they receive in half an hour.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub per_half_hour: u32,
    #[serde(default)]
    pub shifts: Shifts,
}

/// When somebody works; without a week, whenever the store is open.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Shifts {
    #[schema(value_type = Option<Object>, example = json!({"mon": ["08:00-12:00", "13:00-17:00"]}))]
    pub week: Option<serde_json::Value>,
    /// Days with other shifts.
    #[schema(value_type = Object)]
    pub exceptions: BTreeMap<NaiveDate, Vec<String>>,
    pub leave: Vec<Leave>,
}

/// Days away, the last one included.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bay {
    /// From 1.
    #[serde(default)]
    pub number: u32,
    #[serde(default)]
    pub name: Option<String>,
    /// What it is equipped for.
    #[serde(default)]
    pub kinds: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub date: NaiveDate,
    /// Spans of the day; none when the store is closed.
    #[schema(example = json!(["10:00-14:00"]))]
    pub hours: Vec<String>,
}

/// What a text was understood as. `source` is `built-in` or `model`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Understanding {
    #[schema(value_type = Vec<Object>)]
    pub intents: Vec<serde_json::Value>,
    pub source: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportReport {
    pub kind: String,
    pub preview: bool,
    /// Rows with something in them, the header not counted.
    pub rows: usize,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// Headers that mean nothing to us.
    pub ignored_columns: Vec<String>,
    /// How much is wrong; only a preview answers so.
    pub error_count: usize,
    /// The first hundred.
    pub errors: Vec<FieldError>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    pub id: String,
    #[schema(required)]
    pub name: Option<String>,
    /// In E.164.
    #[schema(required, example = "+13125550100")]
    pub phone: Option<String>,
    /// The customer's id in another system.
    #[schema(required)]
    pub external_id: Option<String>,
    /// The line on which the customer likes to be reached.
    #[schema(required)]
    pub preferred_line: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Which messages a customer wants.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerConsents {
    /// Whether the customer has said STOP on the line that they are reached on: then nothing is sent.
    pub opted_out: bool,
    /// One for each topic.
    pub items: Vec<CustomerConsent>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerConsent {
    /// `ads`, `reminders` or `surveys`.
    pub topic: String,
    /// Whether such messages are welcome; null where nothing was said.
    #[schema(required)]
    pub agreed: Option<bool>,
    #[schema(required)]
    pub since: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    pub id: String,
    pub customer_id: String,
    #[schema(required)]
    pub external_id: Option<String>,
    #[schema(required)]
    pub year: Option<u16>,
    #[schema(required)]
    pub make: Option<String>,
    #[schema(required)]
    pub model: Option<String>,
    #[schema(required)]
    pub plate: Option<String>,
    #[schema(required, example = "1M8GDM9AXKP042788")]
    pub vin: Option<String>,
    #[schema(required)]
    pub mileage: Option<u32>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    #[schema(required)]
    pub advisor: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    pub id: String,
    pub store_id: String,
    pub external_id: Option<String>,
    pub customer_id: String,
    pub customer_name: Option<String>,
    pub phone: Option<String>,
    pub vehicle_id: Option<String>,
    pub vehicle_year: Option<u16>,
    pub vehicle_make: Option<String>,
    pub vehicle_model: Option<String>,
    pub conversation_id: Option<String>,
    /// The main work.
    pub service_id: String,
    pub more_services: Vec<String>,
    pub concern: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub bay: u32,
    /// Where and by whom the work is done, step by step.
    pub stations: Vec<Station>,
    pub advisor: Option<String>,
    pub transport: Option<String>,
    pub transport_address: Option<String>,
    /// `booked` or `cancelled`.
    pub status: String,
    pub arrived_at: Option<DateTime<Utc>>,
    pub no_show_at: Option<DateTime<Utc>>,
    /// How often it was changed, as its calendar file counts.
    pub sequence: u32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Station {
    pub bay: u32,
    #[serde(default)]
    #[schema(nullable = false)]
    pub technician: Option<String>,
    pub minutes: u32,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitlistEntry {
    pub id: String,
    pub store_id: String,
    pub customer_id: String,
    pub customer_name: Option<String>,
    pub phone: Option<String>,
    pub conversation_id: String,
    /// The appointment that would be moved to an earlier time; null where there is none yet.
    pub appointment_id: Option<String>,
    pub vehicle_id: Option<String>,
    /// Ids of menu items, the main one first.
    pub services: Vec<String>,
    pub concern: Option<String>,
    pub wish: Wish,
    pub transport: Option<String>,
    pub transport_address: Option<String>,
    pub advisor: Option<String>,
    /// `waiting`, or `offered` while an opening is held.
    pub status: String,
    /// The opening that is held for the customer, and until when.
    pub offered_starts_at: Option<DateTime<Utc>>,
    pub offered_until: Option<DateTime<Utc>>,
    /// When the entry ends.
    pub until: DateTime<Utc>,
    /// Its place in the queue: who declines an offer waits behind the others.
    pub queued_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// When it should be, in the store's local time, as far as the customer has said.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The day, or the first day of a range.
    pub date: Option<NaiveDate>,
    /// The last day of a range.
    pub date_end: Option<NaiveDate>,
    pub not_dates: Vec<NaiveDate>,
    #[schema(example = "13:00:00")]
    pub time: Option<String>,
    #[schema(example = "13:00:00")]
    pub time_after: Option<String>,
    #[schema(example = "17:00:00")]
    pub time_before: Option<String>,
    #[schema(example = "morning")]
    pub part_of_day: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptOut {
    pub id: String,
    pub line_id: String,
    pub address: String,
    pub since: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentEvent {
    pub id: String,
    pub line_id: String,
    pub address: String,
    /// `opted_out` or `opted_in`.
    pub event: String,
    /// What it was about; everything when null.
    #[schema(required)]
    pub topic: Option<String>,
    /// How it was expressed.
    pub how: String,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    pub id: String,
    pub store_id: String,
    pub line_id: String,
    pub peer: String,
    pub customer_id: String,
    pub customer_name: Option<String>,
    pub language: String,
    /// `ai` or `person`.
    pub handling: String,
    pub handover_reason: Option<String>,
    pub handed_over_at: Option<DateTime<Utc>>,
    pub mood: String,
    /// `open` or `closed`.
    pub status: String,
    /// What a closed one came to: `booked`, `answered`, `lead`, `settled`, `no_reply`, `nothing` or `spam`.
    pub result: Option<String>,
    pub closed_at: Option<DateTime<Utc>>,
    /// The account that is expected to answer, or does.
    pub assignee: Option<String>,
    /// Since when the assignee is in the conversation.
    pub joined_at: Option<DateTime<Utc>>,
    /// The customer's first message that no person has answered yet.
    pub waiting_since: Option<DateTime<Utc>>,
    pub snoozed_until: Option<DateTime<Utc>>,
    /// The place in the queue: the highest first.
    pub priority: i64,
    pub tags: Vec<String>,
    pub opted_out: bool,
    pub opened_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A conversation with its messages and turns, what people did to it, and their notes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Thread {
    pub id: String,
    pub store_id: String,
    pub line_id: String,
    pub peer: String,
    pub customer_id: String,
    pub customer_name: Option<String>,
    pub handling: String,
    /// `open` or `closed`.
    pub status: String,
    pub result: Option<String>,
    pub assignee: Option<String>,
    pub joined_at: Option<DateTime<Utc>>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub snoozed_until: Option<DateTime<Utc>>,
    pub tags: Vec<String>,
    pub opted_out: bool,
    #[schema(value_type = Vec<Object>)]
    pub events: Vec<serde_json::Value>,
    #[schema(value_type = Vec<Object>)]
    pub notes: Vec<serde_json::Value>,
    #[schema(value_type = Vec<Object>)]
    pub messages: Vec<serde_json::Value>,
    #[schema(value_type = Vec<Object>)]
    pub turns: Vec<serde_json::Value>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    pub id: String,
    pub line_id: String,
    pub conversation_id: String,
    pub appointment_id: Option<String>,
    pub kind: String,
    pub recipient: String,
    pub text: String,
    pub status: String,
    pub due_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub attempts: u32,
    pub provider_message_id: Option<String>,
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replayed {
    pub id: String,
    pub status: String,
}

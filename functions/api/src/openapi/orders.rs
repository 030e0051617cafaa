//! The forms of repair orders: what is sent and what is answered.

#![allow(missing_docs)] // the names say it; what they do not say is said

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairOrders {
    pub items: Vec<RepairOrderSummary>,
    /// Where the next page begins; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairOrderSummary {
    pub id: String,
    pub version: i64,
    pub number: String,
    #[schema(example = "work_in_progress")]
    pub stage: String,
    pub customer_id: String,
    pub customer_name: Option<String>,
    pub appointment_id: Option<String>,
    pub vehicle_id: Option<String>,
    pub vehicle_year: Option<u16>,
    pub vehicle_make: Option<String>,
    pub vehicle_model: Option<String>,
    pub advisor: Option<String>,
    pub technician: Option<String>,
    pub promised_at: Option<DateTime<Utc>>,
    pub waiting_for: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A repair order. Its entity tag is its version.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairOrder {
    pub id: String,
    pub version: i64,
    pub number: String,
    /// Of STAR's `RepairStageTypes`, in lower case.
    #[schema(example = "awaiting_customer_authorization")]
    pub stage: String,
    pub customer_id: String,
    pub appointment_id: Option<String>,
    #[schema(value_type = Option<OrderVehicle>)]
    pub vehicle: Option<OrderVehicle>,
    pub vin: Option<String>,
    /// `verified`, `unverified` or `unknown`.
    pub vin_status: String,
    pub mileage_in: Option<u32>,
    pub mileage_out: Option<u32>,
    pub advisor: Option<String>,
    pub technician: Option<String>,
    pub promised_at: Option<DateTime<Utc>>,
    pub waiting_for: Option<String>,
    pub notes: Vec<OrderNote>,
    pub photos: Vec<OrderPhoto>,
    pub operations: Vec<Operation>,
    /// What the customer pays for all that is agreed.
    pub totals: OrderTotals,
    /// What it comes to if the customer agrees to everything that was asked.
    pub total_if_agreed: i64,
    /// When the customer's silence is followed up next.
    pub follow_up_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderVehicle {
    pub id: String,
    pub year: Option<u16>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub plate: Option<String>,
    pub vin: Option<String>,
    pub mileage: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderNote {
    pub text: String,
    /// `internal` or `customer`.
    #[schema(example = "internal")]
    pub audience: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderPhoto {
    /// Where it is kept: an https address.
    pub url: String,
    #[serde(default)]
    pub caption: Option<String>,
    /// Id of the operation that it belongs to.
    #[serde(default)]
    pub operation: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderTotals {
    pub labor: i64,
    pub parts: i64,
    pub fees: i64,
    pub tax: i64,
    pub total: i64,
}

/// A part that a line needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderPart {
    #[serde(default)]
    pub number: Option<String>,
    pub name: String,
    /// How many, in thousandths.
    #[schema(minimum = 1, maximum = 1_000_000, example = 2000)]
    pub quantity: i64,
    /// What one costs.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub unit_price: i64,
}

/// A line of an order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    pub id: String,
    pub name: String,
    /// Id of the menu item that it is.
    pub service: Option<String>,
    pub op_code: Option<String>,
    pub complaint: Option<String>,
    pub cause: Option<String>,
    pub correction: Option<String>,
    /// Of STAR's `PayTypes`, in lower case.
    pub pay_type: String,
    pub labor: i64,
    pub parts: Vec<OrderPart>,
    /// `draft`, `not_required`, `requested`, `authorized` or `declined`.
    pub authorization: String,
    /// What the customer was told with the question that stands.
    pub requested_amount: Option<i64>,
    /// What the customer agreed to.
    pub authorized_amount: Option<i64>,
    /// `pending`, `in_progress`, `on_hold` or `completed`.
    pub progress: String,
    /// What it costs the customer, tax included.
    pub amount: i64,
    /// Whether work on it may start.
    pub may_start: bool,
}

/// An order to be opened. It names an appointment or a customer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NewRepairOrder {
    /// The appointment that the customer has come for; its customer, car and work are taken over, and it has arrived.
    pub appointment_id: Option<String>,
    pub customer_id: Option<String>,
    pub vehicle_id: Option<String>,
    /// The store's next one when absent.
    pub number: Option<String>,
    /// `open` or `vehicle_received`, which it is when absent.
    pub stage: Option<String>,
    pub advisor: Option<String>,
    pub technician: Option<String>,
    pub promised_at: Option<DateTime<Utc>>,
    pub vin: Option<String>,
    /// Whether the VIN may have a wrong check digit.
    #[serde(default)]
    pub vin_unverified: bool,
    pub mileage_in: Option<u32>,
    #[serde(default)]
    pub notes: Vec<OrderNote>,
    #[serde(default)]
    pub photos: Vec<OrderPhoto>,
    /// The work; that of the appointment when absent.
    pub operations: Option<Vec<OperationFields>>,
    /// How the customer agreed to all of it at the counter; absent when they did not.
    #[schema(example = "in_person_physical_signature")]
    pub authorized: Option<String>,
}

/// What of an order is to be changed. What is absent stays; null empties a field.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RepairOrderChange {
    #[schema(nullable = false)]
    pub stage: Option<String>,
    pub promised_at: Option<DateTime<Utc>>,
    pub waiting_for: Option<String>,
    pub advisor: Option<String>,
    pub technician: Option<String>,
    pub vin: Option<String>,
    #[serde(default)]
    pub vin_unverified: bool,
    pub mileage_in: Option<u32>,
    pub mileage_out: Option<u32>,
    pub notes: Option<Vec<OrderNote>>,
    pub photos: Option<Vec<OrderPhoto>>,
}

/// A line to be added, or what of a line is to be changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OperationFields {
    pub name: Option<String>,
    pub service: Option<String>,
    pub op_code: Option<String>,
    pub complaint: Option<String>,
    pub cause: Option<String>,
    pub correction: Option<String>,
    #[schema(example = "customer_pay")]
    pub pay_type: Option<String>,
    pub labor: Option<i64>,
    pub parts: Option<Vec<OrderPart>>,
    #[schema(example = "in_progress")]
    pub progress: Option<String>,
}

/// Lines to put to the customer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// Their ids; all drafts when absent.
    pub operations: Option<Vec<String>>,
}

/// A customer's answers, given to somebody of the store.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Authorization {
    /// `verbal_phone`, `in_person_physical_signature` or `in_person_digital_signature`.
    #[schema(example = "verbal_phone")]
    pub method: String,
    pub lines: Vec<LineAnswer>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LineAnswer {
    /// Id of the operation.
    pub operation: String,
    pub authorized: bool,
    /// The amount that the customer was told.
    pub amount: i64,
}

/// What happened to an order, the earliest first.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderEvents {
    pub items: Vec<OrderEvent>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderEvent {
    pub version: i64,
    pub at: DateTime<Utc>,
    /// `{"kind": "staff", "name": "Pat"}`, `{"kind": "customer"}` or `{"kind": "clock"}`.
    #[schema(value_type = Object)]
    pub actor: serde_json::Value,
    /// What, by its `event`.
    #[schema(value_type = Object)]
    pub event: serde_json::Value,
}

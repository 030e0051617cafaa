//! The nouns and rules of a car dealer's service department: no I/O, no async, no clock.

pub mod appointment;
pub mod calendar;
pub mod capacity;
pub mod claims;
pub mod group;
pub mod handling;
pub mod handover;
pub mod hours;
pub mod language;
pub mod menu;
pub mod notifications;
pub mod openings;
pub mod phone;
pub mod repair_order;
pub mod staff;
pub mod store;
pub mod transport;
pub mod understanding;
pub mod vehicle;
pub mod vehicle_class;
pub mod waitlist;
pub mod widget;
pub mod work;

pub use language::Language;
pub use menu::{Price, Service, ServiceKind};
pub use repair_order::RepairOrder;
pub use store::Store;
pub use transport::Transport;
pub use understanding::Understanding;
pub use vehicle_class::{VehicleClass, class_of};
pub use work::Work;

//! Notifications: what a store tells its customers apart from replies, in which class of consent, when, and how often.
//!
//! Everything here is pure. [`Kind`] says what there is to tell, [`Notifications`] is the store's section about it,
//! [`due_and_expiry`] finds the time, and [`Standing::verdict`] is the last word before a message leaves.

mod area_codes;
mod kind;
mod maintenance;
mod schedule;
mod settings;
mod standing;
mod texting_hours;

pub use area_codes::zones_of;
pub use kind::{Class, Kind, Topic};
pub use maintenance::{Interval, Reading, due_date};
pub use schedule::due_and_expiry;
pub use settings::{Cap, Caps, Notifications};
pub use standing::{Standing, Verdict};
pub use texting_hours::{TextingHours, home_zones};

//! What is decided from what was understood, and the words for it.
//!
//! [`decide`] is pure: no I/O, no clock, no chance. It looks at a [`Situation`] and an `Understanding` and gives a
//! [`Decision`]: acts to say, changes to make, notices to send. [`phrases`] turns acts into words.

mod act;
mod answers;
mod consent;
mod decide;
mod decision;
mod handover;
pub mod notices;
pub mod order_notices;
pub mod phrases;
mod situation;
mod summary;
mod tasks;
#[cfg(test)]
mod tests;
mod wishes;

pub use act::{Act, AppointmentLine, CarLabel, Fit, ServiceList, WorkLine};
pub use decide::decide;
pub use decision::{Booking, Car, Change, Decision, Needs, Notice, OrderChange, Question, Subject};
pub use handover::HandoverToPeople;
pub use lanekeeper_domain::handover::Reason;
pub use situation::{Situation, State};
pub use summary::Summary;
pub use tasks::{Book, Satisfaction, TakeOffer, Task};

//! Repair orders: a board by stage, the page of one, and the added work that waits for an answer.
//!
//! Whatever changes an order names the version that its reader has seen. Who was not the first is shown the order as it is
//! now, and who changed it.

mod amounts;
mod board;
mod change;
mod history;
mod lines;
mod refusal;
mod sheet;
mod waiting;

pub use board::show as board;
pub use change::{add_line, add_note, change_line, decide, edit, propose, remind, remove_line, set_stage};
pub use sheet::show;
pub use waiting::show as waiting;

use crate::day::lead_to;
use crate::desk::Desk;
use crate::error::DeskError;
use lanekeeper_platform::{Platform, Response};

/// `GET /desk/orders`: the board of the store that was chosen, or of the person's first.
pub fn start<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    lead_to(desk, "orders")
}

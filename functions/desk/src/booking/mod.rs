//! Appointments: booked, moved and called off by the same rules, guards and messages as in a conversation.
//!
//! | page | what |
//! |---|---|
//! | `appointments/{appointment}` | what there is to know of one, and what can be done |
//! | `…/move?at=…&technician=…` | the question whether to move it there, or why it does not fit and what would |
//! | `…/cancel` | the question whether to call it off |
//! | `book?customer=…&conversation=…` | a new one: whose, what, when, and the question whether that is right |
//!
//! What leads to a question can be asked for by any page: a drag, a link, a form.

mod appointment;
mod arrivals;
mod book;
mod calling_off;
mod choice;
mod commit;
mod customers;
mod moving;
mod why;

pub use appointment::show;
pub use arrivals::{arrive, expect_again, miss};
pub use book::{book, form};
pub use calling_off::{call_off, question as calling_off_question};
pub use commit::wake;
pub use customers::create as create_customer;
pub use moving::{commit as move_it, question as moving_question};

use crate::desk::{AtStore, Desk};
use crate::error::DeskError;
use crate::page::{Page, piece};
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{AppointmentInStore, Standing, appointment_in_store};
use maud::Markup;

/// The appointment that the path names.
async fn found<P: Platform>(desk: &Desk<'_, P>, at: &AtStore<'_, '_, P>) -> Result<AppointmentInStore, DeskError> {
    let place = (desk.person.group.as_str(), at.store.id.as_str());
    Ok(appointment_in_store(at.shard.database, place, desk.place("appointment")).await?)
}

/// Whether an appointment can still be moved or called off.
fn is_open(found: &AppointmentInStore) -> bool {
    found.visit.standing == Standing::Booked && crate::day::is_open(&found.entry)
}

/// A page about an appointment; for a dialog only its content.
fn answer<P: Platform>(desk: &Desk<'_, P>, status: u16, title: &str, content: Markup) -> Response {
    if desk.call.is_htmx() {
        // Htmx puts nothing into the page that comes with an error; a question that cannot be answered with yes is none.
        return piece(content);
    }
    let page = Page::new(title, content).section("day").at_store(Some(desk.place("store"))).style("booking.css");
    Response { status, ..desk.page(&page) }
}

/// The address of the store's day.
fn day_address(store: &str, date: chrono::NaiveDate, said: &str) -> String {
    format!("/desk/stores/{store}/day?date={date}&said={said}")
}

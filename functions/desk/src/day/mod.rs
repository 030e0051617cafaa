//! A store's day and its week: who does what when, what is left, and who has come.

mod card;
pub mod layout;
mod view;
mod week;

pub use card::standing;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Page, Tone, notice};
use crate::sign_in::to;
use crate::words::Words;
use chrono::{DateTime, Days, NaiveDate, Utc};
use lanekeeper_domain::Store;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{DayEntry, days};
use lanekeeper_zones::Tz;
use layout::By;
use maud::Markup;

/// The days around today that can be looked at: nobody plans or looks back further.
const REACH: Days = Days::new(800);

/// What a page of the day is about.
pub struct View<'a> {
    /// The words.
    pub words: Words,
    /// The store.
    pub store: &'a Store,
    /// The day, or the first of the week.
    pub date: NaiveDate,
    /// What the columns are.
    pub by: By,
    /// Now.
    pub now: DateTime<Utc>,
    /// Whether the person may change appointments.
    pub may_change: bool,
}

impl View<'_> {
    /// The address of a page about the day, e.g. `day` or `week`.
    pub fn address(&self, page: &str, date: NaiveDate, by: By) -> String {
        let by = if by == By::Bay { "&by=bay" } else { "" };
        format!("/desk/stores/{}/{page}?date={date}{by}", self.store.id)
    }

    /// Today on the store's clocks.
    pub fn today(&self) -> NaiveDate {
        self.store.local(self.now).date()
    }
}

/// `GET /desk/day`: the day of the store that was chosen, or of the person's first.
pub fn start<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    lead_to(desk, "day")
}

/// Leads from a section of the navigation to a page of the store that was chosen, or of the person's first.
pub fn lead_to<P: Platform>(desk: &Desk<'_, P>, page: &str) -> Result<Response, DeskError> {
    let scope = desk.scope(Permission::Look)?;
    let store = scope.chosen.or(scope.stores.first().copied()).ok_or(DeskError::NotFound)?;
    Ok(to(&format!("/desk/stores/{}/{page}", store.id)))
}

/// `GET /desk/stores/{store}/day?date=2026-11-24&by=bay`.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let date = asked_date(desk, at.store.time_zone);
    let found = days(at.shard.database, (&desk.person.group, &at.store.id), date, date).await?;
    let view = view(desk, &found.store, date, at.store.role.may(Permission::Serve));
    let content = view::page(&view, &found, said(desk).as_ref());
    Ok(page(desk, &found.store, view.words.long_date(date), content))
}

/// `GET /desk/stores/{store}/week?date=2026-11-24&by=bay`: the week that the date is in.
pub async fn week<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let date = asked_date(desk, at.store.time_zone);
    let monday = date.week(chrono::Weekday::Mon).first_day();
    let found = days(at.shard.database, (&desk.person.group, &at.store.id), monday, monday + Days::new(6)).await?;
    let view = view(desk, &found.store, monday, at.store.role.may(Permission::Serve));
    let content = week::page(&view, &found, said(desk).as_ref());
    Ok(page(desk, &found.store, view.words.say("day_week").to_owned(), content))
}

fn view<'a, P: Platform>(desk: &Desk<'_, P>, store: &'a Store, date: NaiveDate, may_change: bool) -> View<'a> {
    // Where nobody in particular works on cars there are only bays to show.
    let by_bay = desk.parameter("by").as_deref() == Some("bay") || store.technicians.is_empty();
    let by = if by_bay { By::Bay } else { By::Technician };
    View { words: desk.words(), store, date, by, now: desk.now(), may_change }
}

fn page<P: Platform>(desk: &Desk<'_, P>, store: &Store, title: String, content: Markup) -> Response {
    desk.page(
        &Page::new(title, content)
            .section("day")
            .at_store(Some(&store.id))
            .style("day.css")
            .style("booking.css")
            .script("day.js"),
    )
}

/// The date that was asked for, or today.
fn asked_date<P: Platform>(desk: &Desk<'_, P>, zone: Tz) -> NaiveDate {
    let today = desk.now().with_timezone(&zone).date_naive();
    let asked = desk.parameter("date").and_then(|text| text.parse::<NaiveDate>().ok());
    asked.map_or(today, |date| date.clamp(today - REACH, today + REACH))
}

/// What was done on the page before: the parameter `said` names a phrase of ours.
pub fn said<P: Platform>(desk: &Desk<'_, P>) -> Option<Markup> {
    let words = desk.words();
    let text = desk.parameter("said").map(|what| words.say(&format!("day_said_{what}")))?;
    (!text.is_empty()).then(|| notice(Tone::Good, text))
}

/// Whether an appointment can still be moved or called off: its customer has not come, and no order was opened from it.
pub fn is_open(entry: &DayEntry) -> bool {
    entry.arrived_at.is_none() && entry.order.is_none()
}

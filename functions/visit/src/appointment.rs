//! The pages of one appointment.

mod calling_off;
mod choice;
mod moving;
mod view;

use crate::entry::{Entry, Way, enter};
use crate::error::VisitError;
use crate::form::Form;
use crate::words::Words;
use lanekeeper_changes::{Scene, write};
use lanekeeper_conversation::{Change, Notice};
use lanekeeper_domain::calendar::{self, CalendarEvent};
use lanekeeper_links::{Kind, Links};
use lanekeeper_platform::{Database, DatabaseError, Platform, Random, Request, Response};
use lanekeeper_storage::{Contact, Revised, Standing, Visit, expect_appointment, load_visit};
use maud::Markup;

/// An appointment whose link was opened.
pub struct Opened<'a> {
    entry: Entry<'a>,
    visit: Visit,
    words: Words,
}

/// How an appointment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It is still to come.
    Coming,
    /// It was called off.
    CalledOff,
    /// Its time has come, or is past.
    Over,
}

/// What has come of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    /// Somebody has changed the appointment since the page was made.
    Changed,
    /// Somebody has taken the time.
    Taken,
}

/// Answers a request for a page of the appointment that the token names.
pub async fn answer<P: Platform>(
    platform: &P,
    request: &Request,
    token: &str,
    step: &str,
) -> Result<Response, VisitError> {
    let (way, entry) = enter(platform, request, Kind::Appointment, token).await?;
    let visit = load_visit(way.shard.database, &entry.link.store, &entry.link.id).await?;
    let visit = visit.ok_or(VisitError::NoSuchLink)?;
    let language = visit.contact.as_ref().map_or(visit.store.language, |contact| contact.language);
    let opened = Opened { entry, visit, words: Words::of(language) };
    match (request.method.as_str(), step) {
        ("GET" | "HEAD", "") => Ok(opened.page(200, &view::appointment(&opened))),
        ("GET" | "HEAD", "calendar.ics") => Ok(opened.calendar()),
        ("GET" | "HEAD", "move") => moving::show(&way, &opened).await,
        ("POST", "move") => moving::commit(&way, opened).await,
        ("GET" | "HEAD", "cancel") => Ok(calling_off::show(&opened)),
        ("POST", "cancel") => calling_off::commit(&way, opened).await,
        (_, "" | "calendar.ics") => Err(VisitError::Method("GET, HEAD")),
        (_, "move" | "cancel") => Err(VisitError::Method("GET, HEAD, POST")),
        _ => Err(VisitError::NoSuchLink),
    }
}

impl Opened<'_> {
    fn course(&self) -> Course {
        if self.visit.standing == Standing::Cancelled {
            Course::CalledOff
        } else if self.visit.appointment.opening.start <= self.entry.now {
            Course::Over
        } else {
            Course::Coming
        }
    }

    fn page(&self, status: u16, content: &Markup) -> Response {
        let store = &self.visit.store;
        let title = self.words.day_time(store, self.visit.appointment.opening.start);
        self.entry.page(status, self.words, store, title, content)
    }

    /// What changes with each change of the appointment.
    fn state(&self) -> i64 {
        self.visit.appointment.sequence.into()
    }

    /// The form of this step, if it came from a page that showed the appointment as it stands. `None` when it has been changed
    /// since then.
    fn form(&self, step: &str) -> Result<Option<Form>, VisitError> {
        let (form, seen) = self.entry.form(step)?;
        let current = seen == self.state() && self.course() == Course::Coming;
        Ok(current.then_some(form))
    }

    fn calendar(&self) -> Response {
        let Visit { store, appointment, standing, changed_at, .. } = &self.visit;
        let url = &self.entry.url;
        let work = self.words.work(store, appointment);
        let mut lines: Vec<String> = self.words.car(store, appointment).into_iter().collect();
        lines.extend(self.words.bring(store, appointment));
        lines.extend(store.directions.get(&self.words.language).cloned());
        lines.push(store.phone.clone());
        lines.push(self.words.fill("calendar_help", &[("link", url)]));
        let opening = &appointment.opening;
        let event = CalendarEvent {
            uid: &format!("{}@lanekeeper", appointment.id),
            sequence: appointment.sequence,
            cancelled: *standing == Standing::Cancelled,
            start: opening.start,
            end: opening.end(),
            changed_at: *changed_at,
            summary: &self.words.fill("calendar_summary", &[("services", &work), ("store", &store.name)]),
            location: &store.address,
            description: &lines.join("\n"),
            url: Some(url),
        };
        // Shown, not saved: iPhones then offer to take it into the calendar.
        Response::new(200, "text/calendar; charset=utf-8", calendar::file(&event))
            .with_header("content-disposition", "inline; filename=\"appointment.ics\"")
    }
}

/// Makes a change to the appointment as it was read, and sends what is to be sent about it.
async fn change<P: Platform>(
    way: &Way<'_, P>,
    opened: &Opened<'_>,
    change: Change,
    notices: &[Notice],
) -> Result<Outcome, DatabaseError> {
    let Visit { store, revision, appointment, customer, contact, .. } = &opened.visit;
    let now = opened.entry.now;
    let links = Links::of(way.platform.settings());
    // Who never wrote to us is not written to either.
    let (contact, notices) = match contact {
        Some(contact) => (contact.clone(), notices),
        None => (Contact { language: store.language, ..Contact::default() }, &[][..]),
    };
    let rules = Revised { profile: store, revision: *revision };
    let scene = Scene::of(rules, customer, &contact, links.as_ref(), now);
    let what = if matches!(change, Change::Cancel { .. }) { "cancel" } else { "move" };
    let written = write(&scene, &[change], notices, &|| way.platform.random().id(now));
    let mut statements = vec![expect_appointment(&store.id, &appointment.id, Some(appointment.sequence))];
    statements.extend(written.statements);
    match way.shard.database.batch(statements).await {
        Ok(_) => {}
        Err(error) if error.is_conflict_on("appointments") => return Ok(Outcome::Changed),
        Err(DatabaseError::Constraint(_)) => return Ok(Outcome::Taken),
        Err(error) => return Err(error),
    }
    way.settle(&opened.entry.link, what, &written.due).await;
    Ok(Outcome::Done)
}

/// The page that says that somebody was quicker, with the appointment as it stands now.
async fn changed<P: Platform>(way: &Way<'_, P>, mut opened: Opened<'_>) -> Result<Response, VisitError> {
    reload(way, &mut opened).await?;
    Ok(opened.page(409, &view::changed(&opened)))
}

/// Reads the appointment and the store's rules anew.
async fn reload<P: Platform>(way: &Way<'_, P>, opened: &mut Opened<'_>) -> Result<(), VisitError> {
    let visit = load_visit(way.shard.database, &opened.visit.store.id, &opened.visit.appointment.id).await?;
    opened.visit = visit.ok_or(VisitError::NoSuchLink)?;
    Ok(())
}

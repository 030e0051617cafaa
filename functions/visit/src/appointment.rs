//! The pages of one appointment.

mod calling_off;
mod choice;
mod moving;
mod view;

use crate::error::VisitError;
use crate::form::{Form, about};
use crate::page::Frame;
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_changes::{Scene, write};
use lanekeeper_channels::public_url;
use lanekeeper_conversation::{Change, Notice};
use lanekeeper_domain::calendar::{self, CalendarEvent};
use lanekeeper_links::{Keys, Kind, Link, Links};
use lanekeeper_platform::{
    Clock, Database, DatabaseError, Platform, Queue, Random, Request, Response, Settings, Shard,
};
use lanekeeper_storage::{
    Contact, Revised, Standing, Visit, database_of, expect_appointment, load_visit, store_of_visit,
};
use maud::Markup;
use serde_json::json;

/// An appointment whose link was opened.
pub struct Opened<'a, P: Platform> {
    platform: &'a P,
    shard: Shard<'a, P::Database>,
    request: &'a Request,
    keys: Keys,
    token: &'a str,
    visit: Visit,
    words: Words,
    now: DateTime<Utc>,
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

/// Leads back to the appointment, which says what was done.
fn done(token: &str, what: &str) -> Response {
    Response { status: 303, ..Response::default() }.with_header("location", &format!("../{token}?{what}"))
}

/// Answers a request for a page of the appointment that the token names.
pub async fn answer<P: Platform>(
    platform: &P,
    request: &Request,
    token: &str,
    step: &str,
) -> Result<Response, VisitError> {
    let mut opened = open(platform, request, token).await?;
    match (request.method.as_str(), step) {
        ("GET" | "HEAD", "") => Ok(opened.page(&view::appointment(&opened))),
        ("GET" | "HEAD", "calendar.ics") => Ok(opened.calendar()),
        ("GET" | "HEAD", "move") => moving::show(&opened).await,
        ("POST", "move") => moving::commit(&mut opened).await,
        ("GET" | "HEAD", "cancel") => Ok(calling_off::show(&opened)),
        ("POST", "cancel") => calling_off::commit(&mut opened).await,
        (_, "" | "calendar.ics") => Err(VisitError::Method("GET, HEAD")),
        (_, "move" | "cancel") => Err(VisitError::Method("GET, HEAD, POST")),
        _ => Err(VisitError::NoSuchLink),
    }
}

async fn open<'a, P: Platform>(
    platform: &'a P,
    request: &'a Request,
    token: &'a str,
) -> Result<Opened<'a, P>, VisitError> {
    let now = platform.clock().now();
    let keys = Keys::of(platform.settings())?;
    let link = Link::read(&keys, Kind::Appointment, token).ok_or(VisitError::NoSuchLink)?;
    let shard = database_of(platform, &link.store).await?.ok_or(VisitError::NoSuchLink)?;
    if !link.is_open(now) {
        let store = store_of_visit(shard.database, &link.store).await?.ok_or(VisitError::NoSuchLink)?;
        return Err(VisitError::Expired(Box::new(store)));
    }
    let visit = load_visit(shard.database, &link.store, &link.id).await?.ok_or(VisitError::NoSuchLink)?;
    let language = visit.contact.as_ref().map_or(visit.store.language, |contact| contact.language);
    Ok(Opened { platform, shard, request, keys, token, visit, words: Words::of(language), now })
}

impl<P: Platform> Opened<'_, P> {
    fn course(&self) -> Course {
        if self.visit.standing == Standing::Cancelled {
            Course::CalledOff
        } else if self.visit.appointment.opening.start <= self.now {
            Course::Over
        } else {
            Course::Coming
        }
    }

    /// The way up to `/a/` from the page that is asked for.
    fn up(&self) -> &'static str {
        if self.request.path.ends_with(self.token) { "" } else { "../" }
    }

    fn page(&self, content: &Markup) -> Response {
        self.page_with_status(200, content)
    }

    fn page_with_status(&self, status: u16, content: &Markup) -> Response {
        let store = &self.visit.store;
        let title = self.words.day_time(store, self.visit.appointment.opening.start);
        let frame = Frame { words: self.words, store: Some(store), title, up: self.up() };
        Response::new(status, "text/html; charset=utf-8", frame.render(content))
    }

    /// The form of this step, if it came from a page that showed the appointment as it stands. `None` when it has been changed
    /// since then.
    fn form(&self, step: &str) -> Result<Option<Form>, VisitError> {
        let form = Form::read(self.request)?;
        let seen: u32 = form.number("sequence")?;
        form.prove(&self.keys, &about(self.token, step, seen))?;
        let current = seen == self.visit.appointment.sequence && self.course() == Course::Coming;
        Ok(current.then_some(form))
    }

    /// Makes a change to the appointment as it was read, and sends what is to be sent about it.
    async fn change(&self, change: Change, notices: &[Notice]) -> Result<Outcome, DatabaseError> {
        let Visit { store, revision, appointment, customer, contact, .. } = &self.visit;
        let links = Links::of(self.platform.settings());
        // Who never wrote to us is not written to either.
        let (contact, notices) = match contact {
            Some(contact) => (contact.clone(), notices),
            None => (Contact { language: store.language, ..Contact::default() }, &[][..]),
        };
        let scene = Scene {
            store: Revised { profile: store, revision: *revision },
            line: &contact.line,
            conversation: &contact.conversation,
            customer: &customer.id,
            recipient: &contact.peer,
            language: contact.language,
            time_zone: customer.time_zone,
            links: links.as_ref(),
            now: self.now,
        };
        let new_id = || self.platform.random().id(self.now);
        let written = write(&scene, &[change], notices, &new_id);
        let mut statements = vec![expect_appointment(&store.id, &appointment.id, Some(appointment.sequence))];
        statements.extend(written.statements);
        match self.shard.database.batch(statements).await {
            Ok(_) => {}
            Err(error) if error.is_conflict_on("appointments") => return Ok(Outcome::Changed),
            Err(DatabaseError::Constraint(_)) => return Ok(Outcome::Taken),
            Err(error) => return Err(error),
        }
        // A wake-up that fails is only a delay: the clock sweeps what is due.
        let due: Vec<String> = written.due.iter().map(|delivery| self.shard.wake_up(delivery)).collect();
        if !due.is_empty()
            && let Err(error) = self.platform.queue().wake(&due).await
        {
            self.platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
        }
        Ok(Outcome::Done)
    }

    /// The page that says that somebody was quicker, with the appointment as it stands now.
    async fn changed(&mut self) -> Result<Response, VisitError> {
        self.reload().await?;
        Ok(self.page_with_status(409, &view::changed(self)))
    }

    /// Reads the appointment and the store's rules anew.
    async fn reload(&mut self) -> Result<(), VisitError> {
        let Visit { store, appointment, .. } = &self.visit;
        let visit = load_visit(self.shard.database, &store.id, &appointment.id).await?;
        self.visit = visit.ok_or(VisitError::NoSuchLink)?;
        Ok(())
    }

    fn calendar(&self) -> Response {
        let Visit { store, appointment, standing, changed_at, .. } = &self.visit;
        let page =
            Request { origin: self.request.origin.clone(), path: format!("/a/{}", self.token), ..Request::default() };
        let url = public_url(&page, self.platform.settings().get("PUBLIC_URL").as_deref());
        let work = self.words.work(store, appointment);
        let mut lines: Vec<String> = self.words.car(store, appointment).into_iter().collect();
        lines.extend(self.words.bring(store, appointment));
        lines.extend(store.directions.get(&self.words.language).cloned());
        lines.push(store.phone.clone());
        lines.push(self.words.fill("calendar_help", &[("link", &url)]));
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
            url: Some(&url),
        };
        // Shown, not saved: iPhones then offer to take it into the calendar.
        Response::new(200, "text/calendar; charset=utf-8", calendar::file(&event))
            .with_header("content-disposition", "inline; filename=\"appointment.ics\"")
    }
}

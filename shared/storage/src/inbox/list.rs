//! The list of conversations.

use super::{json, time, times};
use crate::{ViewError, at};
use chrono::{DateTime, Utc};
use lanekeeper_platform::{DatabaseError, Rows, Statement};
use serde::Deserialize;

/// Which conversations are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxView {
    /// A customer waits for a person: in the order in which they are to be answered.
    Waiting,
    /// A person is wanted, and nobody in particular is expected: in the same order.
    Unassigned,
    /// Those of one person.
    Mine,
    /// A person is wanted or there.
    People,
    /// The AI answers.
    Ai,
    /// All that are not closed, nor out of sight.
    Open,
    /// Those out of sight, the next to come back first.
    Snoozed,
    /// Those that are done.
    Closed,
}

impl InboxView {
    /// Every view, in the order of the tabs.
    pub const ALL: [Self; 8] =
        [Self::Waiting, Self::Mine, Self::Unassigned, Self::People, Self::Ai, Self::Open, Self::Snoozed, Self::Closed];

    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Unassigned => "unassigned",
            Self::Mine => "mine",
            Self::People => "people",
            Self::Ai => "ai",
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
        }
    }

    /// The view of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == name)
    }

    fn plan(self) -> &'static Plan {
        match self {
            Self::Waiting => &WAITING,
            Self::Unassigned => &UNASSIGNED,
            Self::Mine => &MINE,
            Self::People => &PEOPLE,
            Self::Ai => &AI,
            Self::Open => &OPEN,
            Self::Snoozed => &SNOOZED,
            Self::Closed => &CLOSED,
        }
    }
}

/// What narrows a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facets<'a> {
    /// The account that is expected or there; [`InboxView::Mine`] needs it.
    pub assignee: Option<&'a str>,
    /// The provider of the line, e.g. `twilio`.
    pub provider: Option<&'a str>,
    /// The mood heard last.
    pub mood: Option<&'a str>,
    /// ISO 639-1.
    pub language: Option<&'a str>,
}

/// A conversation of the list.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct InboxRow {
    pub id: String,
    pub store: String,
    pub provider: String,
    /// The customer's address on the line.
    pub peer: String,
    pub customer_name: Option<String>,
    /// ISO 639-1.
    pub language: String,
    pub mood: String,
    /// A person is wanted or there.
    pub with_person: bool,
    /// Why a person was wanted.
    pub reason: Option<String>,
    pub closed: bool,
    /// The account that is expected, or there.
    pub assignee: Option<String>,
    /// Whether that person is in the conversation.
    pub joined: bool,
    pub waiting_since: Option<DateTime<Utc>>,
    /// Out of sight until then; it may be over.
    pub snoozed_until: Option<DateTime<Utc>>,
    pub priority: i64,
    pub tags: Vec<String>,
    pub updated_at: DateTime<Utc>,
    /// What was said last: `customer`, `ai` or `person`, and the text, or none where only pictures came.
    pub last: Option<(String, String)>,
    /// In what was looked for, the message in which it was found.
    pub hit: Option<String>,
    /// Where it stands in the order of its list.
    rank: (i64, i64),
}

/// How a view is read. The order is that of `first`, `second` and the id, upwards.
struct Plan {
    index: &'static str,
    which: &'static str,
    first: &'static str,
    second: &'static str,
    /// Whether the index has the rows in that order, the latest first: then no more of them are read than are shown.
    latest: bool,
}

const QUEUE: Plan = Plan {
    index: "conversations_with_people",
    which: "c.handling = 'person'",
    first: "-c.priority",
    second: "COALESCE(c.waiting_since, c.updated_at)",
    latest: false,
};
const LATEST: Plan = Plan {
    index: "conversations_by_store",
    which: "c.status = 'open'",
    first: "0",
    second: "-c.updated_at",
    latest: true,
};

const WAITING: Plan = Plan { which: "c.handling = 'person' AND c.waiting_since IS NOT NULL", ..QUEUE };
const UNASSIGNED: Plan = Plan { which: "c.handling = 'person' AND c.assignee IS NULL", ..QUEUE };
const PEOPLE: Plan = Plan { first: "0", second: "-c.updated_at", ..QUEUE };
/// Who waits comes first, too.
const MINE: Plan = Plan {
    index: "conversations_by_assignee",
    which: "c.assignee = ?3",
    first: "c.waiting_since IS NULL",
    second: "COALESCE(c.waiting_since, -c.updated_at)",
    latest: false,
};
const AI: Plan = Plan { which: "c.handling = 'ai'", ..LATEST };
const OPEN: Plan = LATEST;
const SNOOZED: Plan = Plan {
    index: "conversations_asleep",
    which: "c.snoozed_until > ?2",
    first: "0",
    second: "c.snoozed_until",
    latest: false,
};
const CLOSED: Plan = Plan { which: "c.status = 'closed'", ..LATEST };

impl Plan {
    fn sql(&self, view: InboxView) -> String {
        let Self { index, which, first, second, .. } = self;
        let in_sight = match view {
            InboxView::Snoozed => "c.status = 'open'",
            InboxView::Closed => "1",
            _ => "c.status = 'open' AND (c.snoozed_until IS NULL OR c.snoozed_until <= ?2)",
        };
        let (after, order) = if self.latest {
            (
                "c.updated_at <= -?8 AND (c.updated_at < -?8 OR c.id > ?9)".to_owned(),
                "c.updated_at DESC, c.id".to_owned(),
            )
        } else {
            (format!("({first}, {second}, c.id) > (?7, ?8, ?9)"), "first, second, c.id".to_owned())
        };
        format!(
            "SELECT {columns}, c.first, c.second, NULL AS hit, \
               (SELECT json_array(m.author, m.text) FROM messages m WHERE m.conversation_id = c.id \
                  ORDER BY m.created_at DESC, m.position DESC LIMIT 1) AS last \
             FROM (SELECT c.*, {first} AS first, {second} AS second FROM conversations c INDEXED BY {index} \
               WHERE c.store_id = ?1 AND {which} AND {in_sight} AND {after} \
                 AND (?3 IS NULL OR c.assignee = ?3) AND (?5 IS NULL OR c.mood = ?5) AND (?6 IS NULL OR c.language = ?6) \
                 AND (?4 IS NULL OR c.line_id IN (SELECT id FROM lines WHERE store_id = ?1 AND provider = ?4)) \
               ORDER BY {order} LIMIT ?10) c \
             JOIN customers u ON u.id = c.customer_id JOIN lines l ON l.id = c.line_id ORDER BY c.first, c.second, c.id",
            columns = columns("c"),
        )
    }
}

/// The columns of a row, where this is the name of its conversation, `u` the customer and `l` the line.
pub(super) fn columns(c: &str) -> String {
    let own = "id store_id peer language mood handling handover_reason status assignee joined_at waiting_since snoozed_until \
               priority tags updated_at";
    let own: Vec<String> = own.split_whitespace().map(|column| format!("{c}.{column}")).collect();
    format!("{}, u.name AS customer_name, l.provider", own.join(", "))
}

/// One page of a store's conversations, and one more if there are more: the rows after the cursor of the page before.
pub fn select_inbox(
    store: &str,
    view: InboxView,
    facets: &Facets,
    after: Option<&str>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Statement, ViewError> {
    let start = (-(i64::MAX >> 11), -(i64::MAX >> 11), String::new());
    let (first, second, id) = after.map_or(Ok(start), |cursor| parse_cursor(cursor).ok_or(ViewError::Cursor))?;
    Ok(Statement::new(view.plan().sql(view))
        .bind(store)
        .bind(at(now))
        .bind(facets.assignee)
        .bind(facets.provider)
        .bind(facets.mood)
        .bind(facets.language)
        .bind(first)
        .bind(second)
        .bind(id)
        .bind(limit + 1))
}

/// The first of the pages of several stores as one page, and where the next one begins.
pub fn merge(pages: Vec<Rows>, limit: u32) -> Result<(Vec<InboxRow>, Option<String>), DatabaseError> {
    let mut rows = Vec::new();
    for page in pages {
        for row in page.decode::<Row>()? {
            rows.push(row.listed()?);
        }
    }
    rows.sort_by(|a, b| (a.rank, &a.id).cmp(&(b.rank, &b.id)));
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| format!("{}.{}.{}", last.rank.0, last.rank.1, last.id));
    Ok((rows, next))
}

fn parse_cursor(cursor: &str) -> Option<(i64, i64, String)> {
    let mut parts = cursor.splitn(3, '.');
    let mut number = || parts.next()?.parse::<i64>().ok().filter(|number| number.unsigned_abs() <= 1 << 52);
    let (first, second) = (number()?, number()?);
    Some((first, second, parts.next()?.to_owned()))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    store_id: String,
    provider: String,
    peer: String,
    customer_name: Option<String>,
    language: String,
    mood: String,
    handling: String,
    handover_reason: Option<String>,
    status: String,
    assignee: Option<String>,
    joined_at: Option<i64>,
    waiting_since: Option<i64>,
    snoozed_until: Option<i64>,
    priority: i64,
    tags: String,
    updated_at: i64,
    last: Option<String>,
    hit: Option<String>,
    first: i64,
    second: i64,
}

impl Row {
    fn listed(self) -> Result<InboxRow, DatabaseError> {
        Ok(InboxRow {
            id: self.id,
            store: self.store_id,
            provider: self.provider,
            peer: self.peer,
            customer_name: self.customer_name,
            language: self.language,
            mood: self.mood,
            with_person: self.handling == "person",
            reason: self.handover_reason,
            closed: self.status == "closed",
            assignee: self.assignee,
            joined: self.joined_at.is_some(),
            waiting_since: times(self.waiting_since),
            snoozed_until: times(self.snoozed_until),
            priority: self.priority,
            tags: json(&self.tags)?,
            updated_at: time(self.updated_at),
            last: self.last.as_deref().map(json).transpose()?,
            hit: self.hit,
            rank: (self.first, self.second),
        })
    }
}

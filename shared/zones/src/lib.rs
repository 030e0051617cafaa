//! The world's time zones, for the years that matter here: 2015 to 2060. What the clocks did before, and will do after, is
//! left out; they count as they were at the beginning of 2015 and will be at the end.
//!
//! The names and rules are those of the IANA time zone database, as chrono-tz has them when this is built
//! (`build.rs`). Its own table takes ten times the room.

mod local;
mod names;
#[allow(missing_docs, clippy::unreadable_literal, non_snake_case, non_upper_case_globals, reason = "generated")]
mod table {
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}

pub use local::ZoneOffset;
pub use names::UnknownZone;
pub use table::regions::*;

use table::{TIMELINES, ZONES};

/// A time zone, such as `America/Chicago`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tz(u16);

impl Tz {
    /// Coordinated universal time.
    pub const UTC: Self = Self(table::UTC);

    /// All zones, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..ZONES.len() as u16).map(Self)
    }
}

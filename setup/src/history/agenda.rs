//! What is to come, in the order of time.

use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What happens next. People and orders are named by their places in the replay's lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The clock.
    Tick,
    /// A customer writes.
    Write { person: usize, text: String },
    /// A customer's appointment has come, and so do they, or not.
    Visit { person: usize, appointment: String, comes: bool },
    /// Somebody of the workshop takes the next step on a car.
    Work { order: usize },
    /// The next of what is to happen in a scene.
    Scene { person: usize, beat: usize },
    /// Somebody of the store sees to a conversation that the assistant has handed over, or is done with it.
    Attend { person: usize, done: bool },
}

/// The events to come; those of one moment in the order in which they were planned.
#[derive(Debug, Default)]
pub struct Agenda {
    heap: BinaryHeap<Reverse<(DateTime<Utc>, usize, Event)>>,
    planned: usize,
}

impl Agenda {
    /// Plans an event.
    pub fn plan(&mut self, at: DateTime<Utc>, event: Event) {
        self.planned += 1;
        self.heap.push(Reverse((at, self.planned, event)));
    }

    /// The next event before this time.
    pub fn next(&mut self, before: DateTime<Utc>) -> Option<(DateTime<Utc>, Event)> {
        let Reverse((at, ..)) = self.heap.peek()?;
        if *at >= before {
            return None;
        }
        self.heap.pop().map(|Reverse((at, _, event))| (at, event))
    }
}

//! What the store's people do in conversations.

use crate::history::agenda::Event;
use crate::history::bookings::in_hours;
use crate::history::people::Person;
use crate::history::replay::Replay;
use crate::history::scenes::Beat;
use crate::history::{scenes, texts, told};
use chrono::TimeDelta;
use lanekeeper_domain::handling::{CloseResult, HandlingAct};
use lanekeeper_native::block_on;
use lanekeeper_platform::{Platform, Random, Statement};
use lanekeeper_storage::{Audit, audit};
use serde_json::{Value, json};

impl Replay<'_> {
    /// Somebody of the store sees to a conversation, and later closes it.
    pub fn attend(&mut self, person: usize, done: bool) -> Result<(), String> {
        let Some(talk) = self.conversation(person)?.filter(|talk| talk.with_person) else { return Ok(()) };
        let by = scenes::attendant(&self.store.id, person);
        if done {
            self.people[person].attended = false;
            return self.perform(&talk.id, by, &HandlingAct::Close { result: CloseResult::Answered });
        }
        let Person { language, chance, .. } = &self.people[person];
        let words = if talk.displeased { &texts::SORRY } else { chance.pick(&texts::ATTENDED) };
        let words = words.in_language(*language).to_owned();
        let closes = in_hours(self.store, self.now() + TimeDelta::minutes(chance.between(20, 90)), chance);
        self.agenda.plan(closes, Event::Attend { person, done: true });
        self.perform(&talk.id, by, &HandlingAct::Reply { text: words })
    }

    fn perform(&self, talk: &str, by: lanekeeper_handling::Person<'_>, act: &HandlingAct) -> Result<(), String> {
        let place = (self.store.id.as_str(), talk);
        let log = [self.log(by, act.as_str(), talk, &json!({}))];
        let done = lanekeeper_handling::perform(&self.platform, self.shard(), place, by, act, &log);
        block_on(done).map(drop).map_err(told)
    }

    /// The line in the log of who changed what.
    fn log(&self, by: lanekeeper_handling::Person<'_>, act: &str, talk: &str, details: &Value) -> Statement {
        let now = self.now();
        audit(&Audit {
            id: &self.platform.random().id(now),
            group: &self.store.group,
            store: Some(&self.store.id),
            account: by.account,
            action: &format!("conversation.{act}"),
            subject: talk,
            details,
            now,
        })
    }

    /// The next of what is to happen in a scene.
    pub fn play(&mut self, person: usize, beat: usize) -> Result<(), String> {
        let Some(place) = self.people[person].scene else { return Ok(()) };
        let beat = &self.scenes[place].beats[beat].1;
        if let Beat::Says(words) = beat {
            return self.write(person, words);
        }
        let Some(talk) = self.conversation(person)? else { return Ok(()) };
        let shop = (self.store.id.as_str(), talk.id.as_str());
        match beat {
            Beat::Says(_) => Ok(()),
            Beat::Takes(by) => self.perform(&talk.id, *by, &HandlingAct::TakeOver { from: None }),
            Beat::Replies(by, words) => self.perform(&talk.id, *by, &HandlingAct::Reply { text: (*words).to_owned() }),
            Beat::Notes(by, words, whom) => {
                let mentions: Vec<String> = whom.iter().map(|whom| whom.account.to_owned()).collect();
                let log = [self.log(*by, "note", &talk.id, &json!({"mentions": mentions}))];
                let note =
                    lanekeeper_handling::note(&self.platform, self.database(), shop, *by, words, &mentions, &log);
                block_on(note).map(drop).map_err(told)
            }
            Beat::Tags(tags) => {
                let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
                let by = scenes::attendant(&self.store.id, person);
                let log = [self.log(by, "tag", &talk.id, &json!({"tags": tags}))];
                let tagged = lanekeeper_handling::tag(&self.platform, self.database(), shop, &tags, &log);
                block_on(tagged).map(drop).map_err(told)
            }
            Beat::Assigns(by, to) => {
                self.perform(&talk.id, *by, &HandlingAct::Assign { to: Some(to.account.to_owned()) })
            }
            Beat::Snoozes(by, hours) => {
                let until = self.ends + TimeDelta::hours(*hours);
                self.perform(&talk.id, *by, &HandlingAct::Snooze { until })
            }
            Beat::HandsBack(by, word) => {
                let act = HandlingAct::HandBack { word: Some((*word).to_owned()), tell: true };
                self.perform(&talk.id, *by, &act)
            }
            Beat::Closes(by, result) => self.perform(&talk.id, *by, &HandlingAct::Close { result: *result }),
        }
    }
}

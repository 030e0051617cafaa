//! Notices that the clock gives.

use lanekeeper_changes::{Scene, write};
use lanekeeper_conversation::Notice;
use lanekeeper_domain::appointment::Customer;
use lanekeeper_links::Links;
use lanekeeper_platform::{Clock, Platform, Random, Statement};
use lanekeeper_storage::{Contact, Revised};

/// The statements that write these notices to a customer; none for one who never wrote to us.
pub fn announce<P: Platform>(
    platform: &P,
    store: Revised<'_>,
    customer: &Customer,
    contact: Option<&Contact>,
    notices: &[Notice],
) -> Vec<Statement> {
    let Some(contact) = contact else { return Vec::new() };
    let now = platform.clock().now();
    let links = Links::of(platform.settings());
    let scene = Scene::of(store, customer, contact, links.as_ref(), now);
    write(&scene, &[], notices, &|| platform.random().id(now)).statements
}

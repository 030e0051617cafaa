//! Pictures and PDFs. What a file is, its content says; what its sender says of it counts for nothing.

use crate::entry::Entry;
use crate::error::WidgetError;
use lanekeeper_channels::Inbound;
use lanekeeper_platform::{Clock, Database, Platform, Random, Response};
use lanekeeper_storage::{LARGEST_FILE, NewFile, file_of_visitor, put_file, types_of_files};
use serde_json::json;

/// How a message names a file that stands in the store's database.
pub const SCHEME: &str = "file:";

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 80;

/// `POST`: keeps a file, to be named in a message.
pub async fn write<P: Platform>(platform: &P, entry: Entry<'_>) -> Result<Response, WidgetError> {
    let content = &entry.request.body;
    if content.len() > LARGEST_FILE {
        return Err(WidgetError::TooLarge(LARGEST_FILE));
    }
    let content_type =
        type_of(content).ok_or(WidgetError::Invalid { field: "body", problem: "is no JPEG, PNG, WebP, GIF or PDF" })?;
    let now = platform.clock().now();
    let id = platform.random().id(now);
    let (database, mut statements) = entry.beginning(platform)?;
    let place = statements.len();
    let file = NewFile {
        id: &id,
        store: &entry.playbook.store.id,
        line: &entry.playbook.line.id,
        peer: &entry.peer,
        content_type,
        name: &plain_name(entry.query("name").unwrap_or_default()),
        content,
    };
    statements.extend(put_file(&file, now));
    let results = database.batch(statements).await?;
    if results.get(place).is_none_or(lanekeeper_platform::Rows::is_empty) {
        return Err(WidgetError::TooOften);
    }
    Ok(Response::json(201, &json!({"id": id, "type": content_type})))
}

/// `GET`: a file, for the visitor who sent it. It is never shown as a page of ours.
pub async fn read<P: Platform>(platform: &P, entry: Entry<'_>, id: &str) -> Result<Response, WidgetError> {
    let database = entry.playbook.shard_of(platform)?.database;
    let file = file_of_visitor(database, &entry.playbook.line.id, &entry.peer, id).await?;
    let file = file.ok_or(WidgetError::NoSuchRoute)?;
    Ok(Response::new(200, &file.content_type, file.content)
        .with_header("cache-control", "private, max-age=86400, immutable")
        .with_header("content-disposition", "attachment")
        .with_header("content-security-policy", "default-src 'none'; sandbox")
        .with_header("cross-origin-resource-policy", "same-origin")
        .with_header("x-content-type-options", "nosniff"))
}

/// Finds out what the files of a message are. One that is not the visitor's own makes the message unacceptable.
pub async fn resolve<P: Platform>(platform: &P, entry: &Entry<'_>, inbound: &mut Inbound) -> Result<(), WidgetError> {
    if inbound.media.is_empty() {
        return Ok(());
    }
    let database = entry.playbook.shard_of(platform)?.database;
    let ids: Vec<&str> = inbound.media.iter().map(|media| media.url.as_str()).collect();
    let types = types_of_files(database, &entry.playbook.line.id, &entry.peer, &ids).await?;
    for media in &mut inbound.media {
        let known = types.iter().find(|(id, _)| *id == media.url);
        let (id, content_type) =
            known.ok_or(WidgetError::Invalid { field: "files", problem: "names a file that is not there" })?;
        (media.url, media.content_type) = (format!("{SCHEME}{id}"), content_type.clone());
    }
    Ok(())
}

/// What a file is, by the bytes that it begins with.
fn type_of(content: &[u8]) -> Option<&'static str> {
    let is = |start: &[u8]| content.starts_with(start);
    if is(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if is(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if is(b"GIF87a") || is(b"GIF89a") {
        Some("image/gif")
    } else if is(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else if is(b"%PDF-") {
        Some("application/pdf")
    } else {
        None
    }
}

/// A name that can stand anywhere: letters, digits and a few signs.
fn plain_name(name: &str) -> String {
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.chars().filter(plain).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_what_it_is() {
        assert_eq!(type_of(b"\xff\xd8\xff\xe0..JFIF"), Some("image/jpeg"));
        assert_eq!(type_of(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(type_of(b"RIFF\0\0\0\0WAVEfmt "), None);
        assert_eq!(type_of(b"%PDF-1.7"), Some("application/pdf"));
        for wrong in [&b"<svg xmlns='http://www.w3.org/2000/svg'>"[..], b"<html>", b"MZ", b"", b"PK\x03\x04"] {
            assert_eq!(type_of(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn names_lose_what_could_do_harm() {
        assert_eq!(plain_name("../../etc/passwd"), "....etcpasswd");
        assert_eq!(plain_name("bug <img src=x>.png"), "bugimgsrcx.png");
    }
}

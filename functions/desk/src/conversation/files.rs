//! Pictures and files that customers sent, for the people of the store alone.

use crate::desk::Desk;
use crate::error::DeskError;
use lanekeeper_platform::{Database, HttpClient, Method, OutboundRequest, Platform, Response, Statement};
use lanekeeper_storage::{StoredFile, file_of_store};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// How a message names a file that stands in the store's database.
const OWN: &str = "file:";
/// How long a provider may take to give a file.
const TIMEOUT: Duration = Duration::from_secs(10);
/// What is shown in the page; anything else is only ever downloaded.
const SHOWN: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// `GET …/messages/{message}/files/{file}`: the file at this place of the message. One that a provider keeps is fetched there,
/// so that no provider learns who looks.
pub async fn file<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    #[derive(Deserialize)]
    struct Row {
        media: String,
    }
    let at = desk.here()?;
    let select = Statement::new("SELECT media FROM messages WHERE id = ?2 AND store_id = ?1");
    let select = select.bind(&at.store.id).bind(desk.place("message"));
    let row: Row = at.shard.database.run(select).await?.first()?.ok_or(DeskError::NotFound)?;
    let files: Vec<Value> = serde_json::from_str(&row.media).unwrap_or_default();
    let place: usize = desk.place("file").parse().map_err(|_| DeskError::NotFound)?;
    let url = files.get(place).and_then(|file| file["url"].as_str()).ok_or(DeskError::NotFound)?;
    let found = match url.strip_prefix(OWN) {
        Some(id) => file_of_store(at.shard.database, &at.store.id, id).await?,
        None => fetched(desk, url).await,
    };
    let StoredFile { content_type, content, .. } = found.ok_or(DeskError::NotFound)?;
    let shown = SHOWN.contains(&content_type.as_str());
    let (content_type, disposition) =
        if shown { (content_type.as_str(), "inline") } else { ("application/octet-stream", "attachment") };
    Ok(Response::new(200, content_type, content).with_header("content-disposition", disposition))
}

async fn fetched<P: Platform>(desk: &Desk<'_, P>, url: &str) -> Option<StoredFile> {
    if !url.starts_with("https://") {
        return None;
    }
    let request = OutboundRequest {
        method: Method::Get,
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout: TIMEOUT,
    };
    match desk.platform().http().send(request).await {
        Ok(answer) if answer.status == 200 => {
            let content_type = answer.header("content-type").unwrap_or_default();
            let content_type = content_type.split(';').next().unwrap_or_default().trim().to_owned();
            Some(StoredFile { content_type, name: String::new(), content: answer.body })
        }
        Ok(answer) => {
            desk.platform().log(&json!({"event": "file_not_fetched", "status": answer.status}));
            None
        }
        Err(error) => {
            desk.platform().log(&json!({"event": "file_not_fetched", "error": error.to_string()}));
            None
        }
    }
}

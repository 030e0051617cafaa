//! Bodies, which WASI hands over as streams.

use spin_sdk::wasip3::http::types::{ErrorCode, Trailers};
use spin_sdk::wasip3::{spawn, wit_future, wit_stream};
use spin_sdk::wit_bindgen::{FutureReader, StreamReader, StreamResult};

/// How much is read at once, in bytes.
const CHUNK: usize = 16 * 1024;

/// The body was longer than the limit.
pub struct TooLong;

/// Reads a body of at most `limit` bytes.
pub async fn read(mut stream: StreamReader<u8>, limit: usize) -> Result<Vec<u8>, TooLong> {
    let mut body = Vec::new();
    loop {
        let (result, chunk) = stream.read(Vec::with_capacity(CHUNK)).await;
        body.extend_from_slice(&chunk);
        if body.len() > limit {
            return Err(TooLong);
        }
        if !matches!(result, StreamResult::Complete(_)) {
            return Ok(body);
        }
    }
}

/// A body as WASI takes it: its bytes, if there are any, and the trailers that follow.
type Outgoing = (Option<StreamReader<u8>>, FutureReader<Result<Option<Trailers>, ErrorCode>>);

/// A stream that yields this body, and no trailers.
pub fn stream(body: Vec<u8>) -> Outgoing {
    // A writer that is dropped unused writes its default: no trailers.
    let (_, trailers) = wit_future::new(|| Ok(None));
    if body.is_empty() {
        return (None, trailers);
    }
    let (mut writer, reader) = wit_stream::new();
    spawn(async move {
        // What is left over was not wanted: the other side has gone away.
        writer.write_all(body).await;
    });
    (Some(reader), trailers)
}

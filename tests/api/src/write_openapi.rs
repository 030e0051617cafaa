//! Writes the API's description to where it is served from: `make openapi`.

fn main() -> std::io::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions/api/openapi.json");
    std::fs::write(path, lanekeeper_api::openapi::document())
}

//! Prints the turns of `make bench` with their batches as JSON: what the floor runs, and what customers text.

fn main() -> serde_json::Result<()> {
    serde_json::to_writer(std::io::stdout(), &lanekeeper_conversations::record())
}

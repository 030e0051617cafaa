//! Plays transcripts and prints what came back, to see how a conversation goes before one writes down how it should.

use std::io::Write;

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        writeln!(std::io::stdout(), "{}", lanekeeper_conversations::show(&std::fs::read_to_string(path)?))?;
    }
    Ok(())
}

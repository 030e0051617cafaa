//! Puts stores, their lines and API keys into a database: the demo's, or yours from a file.

#![allow(clippy::print_stdout)] // a command-line tool

mod demo;
mod file;
mod sql;

use file::Setup;
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Database, Statement};
use std::process::ExitCode;

const HELP: &str = "\
Puts stores, their lines and API keys into a database.

  lanekeeper-setup demo [--sqlite FILE]         the demo stores
  lanekeeper-setup file SETUP.json [--sqlite FILE]
                                                your own; demo/setup.json shows the form
  lanekeeper-setup key                          makes up an API key

Prints SQL, for `wrangler d1 execute --file`; with --sqlite it writes to that SQLite file instead, and applies the
migrations first. Running it again updates what is there. Credentials are sealed with the key in the environment
variable SEALING_KEY: use the one that the functions have.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (command, target) = match arguments.as_slice() {
        [command @ .., "--sqlite", file] => (command, Some(*file)),
        command => (command, None),
    };
    let done = match command {
        ["demo"] => demo::setup().and_then(|setup| put(&setup, demo::more(), target)),
        ["file", path] => Setup::read(path).and_then(|setup| put(&setup, Vec::new(), target)),
        ["key"] => key(),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(HELP.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn put(setup: &Setup, more: Vec<Statement>, sqlite: Option<&str>) -> Result<(), String> {
    let key = std::env::var("SEALING_KEY").unwrap_or_default();
    let mut statements = setup.statements(&key)?;
    statements.extend(more);
    let Some(path) = sqlite else {
        for statement in &statements {
            println!("{};", sql::text(statement));
        }
        return Ok(());
    };
    let failed = |error| format!("{path}: {error}");
    let database = NativeDatabase::open(path).map_err(failed)?;
    block_on(lanekeeper_storage::migrate(&database)).map_err(failed)?;
    block_on(database.batch(statements)).map(drop).map_err(failed)
}

/// Makes up a key from the system's chance, in base64url without padding.
fn key() -> Result<(), String> {
    use base64::Engine;
    use std::io::Read;
    let mut bytes = [0; 32];
    let mut source = std::fs::File::open("/dev/urandom").map_err(|error| format!("/dev/urandom: {error}"))?;
    source.read_exact(&mut bytes).map_err(|error| format!("/dev/urandom: {error}"))?;
    println!("{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes));
    Ok(())
}

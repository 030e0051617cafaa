//! Puts stores, their lines and API keys into a database: the demo's, or yours from a file.

#![allow(clippy::print_stdout)] // a command-line tool

mod demo;
mod file;
mod history;
mod moving;
mod owner;
mod sql;

use file::Setup;
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Database, Statement};
use std::process::ExitCode;

const HELP: &str = "\
Puts stores, their lines and API keys into a database.

  lanekeeper-setup demo [--history NOW] [TARGET]
                                                the demo stores; with a time like 2026-11-20T15:04:05Z also a week of
                                                history until then, unless they have one
  lanekeeper-setup file SETUP.json [TARGET]     your own; demo/setup.json shows the form
  lanekeeper-setup key                          makes up an API key
  lanekeeper-setup owner EMAIL GROUP [TARGET]   lets the first owner of a group in to the desk, or one who has lost the
                                                password: the SQL goes to the first database, the link to the owner
  lanekeeper-setup move-store STORE SHARD --sqlite FILE FILE …
                                                moves a store to the database of this number; scripts/move-store.sh
                                                does so where the databases are out of this tool's reach

Without a TARGET it prints the SQL for the first database, for `wrangler d1 execute --file`. Other TARGETs:

  --shard NUMBER                                prints what belongs into the database of this number
  --sqlite FILE [FILE …]                        writes to these SQLite files, the databases 1, 2 …, and applies the
                                                migrations first

Running it again updates what is there. Credentials are sealed with the key in the environment
variable SEALING_KEY: use the one that the functions have.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["demo", "--history", now, target @ ..] => demo::setup().and_then(|setup| {
            let now = now.parse().map_err(|_| format!("'{now}' is no time like 2026-11-20T15:04:05Z"))?;
            let more = |shard| Ok([demo::more(&setup, shard), history::rows(&setup, shard, now)?].concat());
            put(&setup, more, target)
        }),
        ["demo", target @ ..] => {
            demo::setup().and_then(|setup| put(&setup, |shard| Ok(demo::more(&setup, shard)), target))
        }
        ["file", path, target @ ..] => Setup::read(path).and_then(|setup| put(&setup, |_| Ok(Vec::new()), target)),
        ["key"] => word().map(|word| println!("{word}")),
        ["owner", email, group, target @ ..] => owner(email, group, target),
        ["move-store", store, shard, "--sqlite", files @ ..] => moving::move_store(store, shard, files),
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

/// Puts the setup, and `more` of each shard, to where the words after the command say.
fn put(setup: &Setup, more: impl Fn(u32) -> Result<Vec<Statement>, String>, target: &[&str]) -> Result<(), String> {
    let key = std::env::var("SEALING_KEY").unwrap_or_default();
    let rows = |shard| Ok::<_, String>([setup.statements(&key, shard)?, more(shard)?].concat());
    match target {
        [] => print(&rows(1)?),
        ["--shard", number] => {
            let number = number.parse().ok().filter(|number| *number > 0);
            print(&rows(number.ok_or("--shard wants a number from 1")?)?);
        }
        ["--sqlite", files @ ..] if !files.is_empty() => {
            let beyond = setup.shards.iter().find(|(_, shard)| **shard as usize > files.len());
            if let Some((store, shard)) = beyond {
                return Err(format!("{store} belongs on shard {shard}: name that many files"));
            }
            for (shard, file) in (1..).zip(files) {
                let failed = |error| format!("{file}: {error}");
                let database = NativeDatabase::open(file).map_err(failed)?;
                block_on(lanekeeper_storage::migrate(&database)).map_err(failed)?;
                block_on(database.batch(rows(shard)?)).map_err(failed)?;
            }
        }
        _ => return Err(HELP.to_owned()),
    }
    Ok(())
}

fn print(statements: &[Statement]) {
    for statement in statements {
        println!("{};", sql::text(statement));
    }
}

/// Makes up a word from the system's chance, in base64url without padding.
fn word() -> Result<String, String> {
    use base64::Engine;
    use std::io::Read;
    let mut bytes = [0; 32];
    let mut source = std::fs::File::open("/dev/urandom").map_err(|error| format!("/dev/urandom: {error}"))?;
    source.read_exact(&mut bytes).map_err(|error| format!("/dev/urandom: {error}"))?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// Prints what lets an owner in, or writes it to the first database; the link is told apart from it.
fn owner(email: &str, group: &str, target: &[&str]) -> Result<(), String> {
    let word = word()?;
    let rows = owner::let_in(email, group, &word);
    match target {
        [] => print(&rows),
        ["--sqlite", file] => {
            let failed = |error| format!("{file}: {error}");
            let database = NativeDatabase::open(file).map_err(failed)?;
            block_on(lanekeeper_storage::migrate(&database)).map_err(failed)?;
            block_on(database.batch(rows)).map_err(failed)?;
        }
        _ => return Err(HELP.to_owned()),
    }
    eprintln!("Once this is in the database, {email} opens, within three days, at the address of the deployment:");
    eprintln!("/desk/invitations/{word}");
    Ok(())
}

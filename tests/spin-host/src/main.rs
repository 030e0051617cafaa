//! Runs the Spin components on wasmtime itself, for tests and benches where the Spin CLI is not at hand.
//!
//! It offers what the components import from Spin, dispatches requests to instances as Spin does, and leaves out the
//! rest: no manifest, no TLS, no outbound hosts but the machine's own unless they are allowed.

mod arguments;
mod bindings;
mod component;
mod instances;
mod key_value;
mod outbound;
mod server;
mod sqlite;
mod state;
mod variables;

use arguments::Arguments;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(reason) => {
            eprintln!("{reason}\n\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match server::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("spin-host: {error:#}");
            ExitCode::FAILURE
        }
    }
}

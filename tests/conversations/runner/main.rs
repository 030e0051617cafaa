//! One test per transcript.

#![allow(clippy::unwrap_used)] // a test: what goes wrong is to be seen

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials: Vec<Trial> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            Trial::test(name, move || {
                lanekeeper_conversations::play(&std::fs::read_to_string(&path).unwrap()).map_err(Failed::from)
            })
        })
        .collect();
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

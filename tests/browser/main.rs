//! The browser suite: starts the stage and runs the specs beside this file in Node and Chromium.
//! `cargo test --test browser -- sign-in` runs the spec files whose names contain that.
#![expect(clippy::print_stderr, reason = "speaks to whoever runs the suite")]

use std::process::ExitCode;

use whimbrel_tests::{
    browser::{Stage, specs},
    child::WorldError,
};

#[tokio::main]
async fn main() -> ExitCode {
    // What cargo and its friends pass to every test program is not for us.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    match run(&wanted).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The browser suite cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(wanted: &[String]) -> Result<bool, WorldError> {
    let specs = specs(wanted)?;
    if specs.is_empty() {
        return Ok(true);
    }
    let stage = Stage::start().await?;
    let running = stage.run(&specs);
    tokio::select! {
        status = running => Ok(status?.success()),
        _ = tokio::signal::ctrl_c() => Ok(false),
    }
}

//! `make demo`: a mail world with letters, Whimbrel, and two people to sign in as. Ctrl-C ends all of it.
#![expect(
    clippy::print_stdout,
    reason = "this program talks to a person at a terminal"
)]

use std::{
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use whimbrel_tests::{
    app::ServedApp,
    child::WorldError,
    letters::{Plan, Spread},
    world::{ADA, BEN, PASSWORD, World},
};

/// Where Whimbrel listens unless something else does.
const PORT: u16 = 8080;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("The demo cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), WorldError> {
    println!("Starting Dovecot and Postfix in a temporary folder ...");
    let world = World::start().await?;
    println!("Writing letters ...");
    world.fill(plan(1, "ada", 230))?;
    world.fill(plan(2, "ben", 70))?;
    let app = ServedApp::start(&world, PORT).await?;
    println!(
        "\nWhimbrel is at  {}\n\n  sign in as    {ADA}\n  or as         {BEN}\n  \
         password      {PASSWORD}\n\nWhat one sends arrives at the other's. Ctrl-C ends everything.",
        app.url
    );
    until_told_to_stop().await?;
    println!("\nStopping ...");
    app.stop().await;
    Ok(()) // dropping the world ends its servers
}

async fn until_told_to_stop() -> Result<(), WorldError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

fn plan(seed: u64, owner: &str, count: u32) -> Plan {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Plan {
        seed,
        count,
        owner: owner.to_owned(),
        until: now.map_or(0, |since| since.as_secs() as i64),
        days: 500,
        spread: Spread::Folders,
    }
}

//! The `whimbrel` program: reads its arguments and configuration, then serves.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use whimbrel_server::{
    check_config,
    config::{
        Config,
        settings::{SETTINGS, variable},
    },
    logging, security, serve, state,
};

/// A webmail for any IMAP server.
#[derive(Parser)]
#[command(name = "whimbrel", version)]
struct Arguments {
    /// TOML file with settings; the environment wins over it
    #[arg(long, value_name = "FILE", env = "WHIMBREL_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Check the settings, connect to both mail servers, and say what they can do
    CheckConfig,
}

fn main() -> ExitCode {
    let matches = Arguments::command()
        .after_help(settings_help())
        .get_matches();
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    logging::start();
    security::panic::log_places();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    runtime.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> ExitCode {
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(error) => return fail(&error),
    };
    let result = match arguments.command {
        Some(Command::CheckConfig) => return check(config).await,
        None => run_server(config).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error),
    }
}

/// Each account holds up to four open files; what systems begin with (1024) is soon too few.
fn allow_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

async fn run_server(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    allow_open_files();
    let listen = config.listen;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        format!(
            "WHIMBREL_LISTEN: cannot listen on {listen} ({error}). Choose another address or port."
        )
    })?;
    let app = state::start(config).await?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    serve::serve(app, listener, shutdown).await?;
    Ok(())
}

async fn check(config: Config) -> ExitCode {
    let report = check_config::report(&config).await;
    let _ = std::io::stdout().write_all(report.text.as_bytes());
    if report.is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn fail(error: &dyn std::fmt::Display) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "whimbrel: {error}");
    ExitCode::FAILURE
}

fn settings_help() -> String {
    let mut text = "Settings (in a file: the name in lower case without WHIMBREL_):\n".to_owned();
    for setting in SETTINGS {
        let default = match setting.default {
            "" => String::new(),
            default => format!(" [default: {default}]"),
        };
        text += &format!(
            "  {}\n      {}{default}\n",
            variable(setting.key),
            setting.help
        );
    }
    text + "  WHIMBREL_LOG\n      What is logged: warn, info, debug, or module=level [default: info]\n  \
        WHIMBREL_LOG_FORMAT\n      json: one JSON object a line\n"
}

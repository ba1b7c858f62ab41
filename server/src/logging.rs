//! What is logged, and how it is written. However much is asked for, nothing secret passes.

use std::io::{IsTerminal as _, stderr};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, fmt::MakeWriter, layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, for collectors.
    Json,
    /// For files.
    Plain,
    /// For terminals.
    Coloured,
}

/// Logs to standard error from now on. `WHIMBREL_LOG` is a filter such as `info` or
/// `whimbrel_server=debug`; `WHIMBREL_LOG_FORMAT=json` is for collectors.
pub fn start() {
    let filter = EnvFilter::try_from_env("WHIMBREL_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let format = if std::env::var("WHIMBREL_LOG_FORMAT").is_ok_and(|format| format == "json") {
        Format::Json
    } else if stderr().is_terminal() {
        Format::Coloured
    } else {
        Format::Plain
    };
    subscriber(filter, format, stderr).init();
}

/// Writes the lines that `filter` lets through and that can hold no secret.
pub fn subscriber<W>(
    filter: EnvFilter,
    format: Format,
    writer: W,
) -> impl Subscriber + Send + Sync + 'static
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match format {
        Format::Json => lines.json().boxed(),
        Format::Plain => lines.with_ansi(false).boxed(),
        Format::Coloured => lines.with_ansi(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(is_harmless))
        .with(lines)
}

/// Below info async-imap logs whole lines, sign-in with the password among them.
/// tower-sessions warns of every cookie whose session has ended.
fn is_harmless(line: &Metadata<'_>) -> bool {
    let most = match line.target() {
        target if target.starts_with("async_imap") => Level::INFO,
        target if target.starts_with("tower_sessions") => Level::ERROR,
        _ => Level::TRACE,
    };
    *line.level() <= most
}

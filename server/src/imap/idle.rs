//! Waiting for news of the open mailbox (RFC 2177). Leaves the connection in step, whatever ends
//! the wait.

use std::{pin::pin, time::Duration};

use tokio::time::Instant;

use super::{
    Result,
    connection::{Connection, flight::Flight},
    wire::command::{Command, PATIENCE},
};

/// What ended the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The open mailbox changed (see [`Connection::selected`]), or another that the server tells of.
    Changed,
    /// Nothing happened for the time given.
    Timeout,
    /// The caller wanted the connection back.
    Stopped,
    /// The server knows no IDLE, or refused it.
    Unsupported,
}

/// Waits until the open mailbox changes, `timeout` is over, or `stop` is ready. Dropping the future
/// instead of making `stop` ready costs the connection.
///
/// # Errors
/// [`super::Error::Lost`].
pub async fn idle(
    conn: &mut Connection,
    timeout: Duration,
    stop: impl Future<Output = ()>,
) -> Result<Woken> {
    if !conn.capabilities().idle {
        return Ok(Woken::Unsupported);
    }
    conn.begin()?;
    let result = wait(conn, timeout, stop).await;
    conn.end(result)
}

async fn wait(
    conn: &mut Connection,
    timeout: Duration,
    stop: impl Future<Output = ()>,
) -> Result<Woken> {
    let news = |conn: &Connection| {
        let open = conn.selected().map(|selected| selected.news);
        (open, conn.elsewhere)
    };
    let before = news(conn);
    let until = Instant::now() + timeout;
    let mut flight = Flight::new(PATIENCE);
    conn.launch(&mut flight, Command::new("IDLE")).await?;
    conn.flush(&flight).await?;
    while !flight.take_permission() {
        if flight.has_landed() {
            return Ok(Woken::Unsupported);
        }
        conn.step(&mut flight).await?;
    }
    flight.extend(timeout + PATIENCE);
    let mut stop = pin!(stop);
    let woken = loop {
        if news(conn) != before {
            break Woken::Changed;
        }
        if flight.has_landed() {
            return Ok(Woken::Unsupported); // the server ended it by itself
        }
        tokio::select! {
            biased;
            step = conn.step(&mut flight) => step?,
            () = &mut stop => break Woken::Stopped,
            () = tokio::time::sleep_until(until) => break Woken::Timeout,
        }
    };
    flight.extend(PATIENCE);
    conn.say(&flight, "DONE").await?;
    while !flight.has_landed() {
        conn.step(&mut flight).await?;
    }
    Ok(woken)
}

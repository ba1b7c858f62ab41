//! Reads a stream of server-sent events (WHATWG HTML §9.2), one [`Event`] after the other.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use whimbrel_shared::Event;

use super::EventStream;

/// News never pauses longer than this in a test.
const PATIENCE: Duration = Duration::from_secs(60);

impl EventStream {
    pub(super) fn new(body: Body) -> Self {
        Self {
            body,
            buffer: Vec::new(),
        }
    }

    /// The next event; `None` when the server ended the stream. Comments (keep-alives) are skipped.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(block) = self.block() {
                match event(&block) {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await;
            let frame = frame.expect("news within a minute")?.ok()?;
            if let Some(data) = frame.data_ref() {
                self.buffer.extend_from_slice(data);
            }
        }
    }

    // The lines up to an empty one, if they are all there.
    fn block(&mut self) -> Option<String> {
        let end = self.buffer.windows(2).position(|w| w == b"\n\n")?;
        let rest = self.buffer.split_off(end + 2);
        let block = std::mem::replace(&mut self.buffer, rest);
        Some(String::from_utf8_lossy(&block).into_owned())
    }
}

fn event(block: &str) -> Option<Event> {
    let data: Vec<&str> = block
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|data| data.strip_prefix(' ').unwrap_or(data))
        .collect();
    if data.is_empty() {
        return None;
    }
    let data = data.join("\n");
    match serde_json::from_str(&data) {
        Ok(event) => Some(event),
        Err(error) => panic!("{error} in the event {data}"),
    }
}

//! The log of Whimbrel in process, at its most talkative, searched for what must never be in it.
//! Keeps offending lines only.

use std::{
    io,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tracing_subscriber::{EnvFilter, util::SubscriberInitExt as _};
use whimbrel_server::logging::{self, Format};

use crate::world::PASSWORD;

static LINES: AtomicUsize = AtomicUsize::new(0);
static OFFENCES: Mutex<Vec<(Offence, String)>> = Mutex::new(Vec::new());

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offence {
    /// It tells a password, plain or encoded.
    Password,
    /// It tells a mail address to everybody who reads the usual log.
    Address,
    /// A line of ours or of the usual log is more than one: whoever wrote a part of it can forge others.
    Break,
}

/// Logs everything from now on, in every thread of the process. Once.
pub fn listen() {
    logging::subscriber(EnvFilter::new("trace"), Format::Plain, Searcher::new).init();
}

/// How many lines were logged.
pub fn lines() -> usize {
    LINES.load(Ordering::Relaxed)
}

/// The lines of which this is true.
pub fn offending(offence: Offence) -> Vec<String> {
    let offences = OFFENCES.lock().unwrap_or_else(PoisonError::into_inner);
    let found = offences.iter().filter(|(what, _)| *what == offence);
    found.map(|(_, line)| line.clone()).collect()
}

/// The password as it may stand in requests and commands: plain, in forms, and in base64 wherever it
/// begins within its group of three bytes.
pub fn faces_of(secret: &str) -> Vec<String> {
    let mut faces = vec![
        secret.to_owned(),
        secret.replace(' ', "+"),
        secret.replace(' ', "%20"),
    ];
    for before in 0..3_usize {
        let padded = [vec![0; before], secret.as_bytes().to_vec()].concat();
        let encoded = STANDARD.encode(&padded);
        // The first and last characters are made of neighbours as well.
        let whole = padded.len() / 3 * 4;
        let face = encoded.get(if before == 0 { 0 } else { 4 }..whole);
        faces.extend(face.map(str::to_owned));
    }
    faces
}

/// Takes one line at a time.
struct Searcher {
    faces: Vec<String>,
}

impl Searcher {
    fn new() -> Self {
        Self {
            faces: faces_of(PASSWORD),
        }
    }
}

impl io::Write for Searcher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.fetch_add(1, Ordering::Relaxed);
        let line = String::from_utf8_lossy(bytes);
        let is_usual = [" INFO ", " WARN ", " ERROR "]
            .iter()
            .any(|level| line.contains(level));
        let offences = [
            (
                Offence::Password,
                self.faces.iter().any(|face| line.contains(face.as_str())),
            ),
            (
                Offence::Address,
                is_usual && line.contains("@whimbrel.example"),
            ),
            (
                Offence::Break,
                (is_usual || line.contains("whimbrel_server"))
                    && line.trim_end_matches('\n').contains(['\n', '\r', '\u{1b}']),
            ),
        ];
        for (offence, is_one) in offences {
            if is_one {
                let mut all = OFFENCES.lock().unwrap_or_else(PoisonError::into_inner);
                all.push((offence, line.clone().into_owned()));
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

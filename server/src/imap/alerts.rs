//! Words of the mail server's administrator (`[ALERT]`, RFC 9051 §7.1): to be shown to the person, each once
//! however often and on however many connections the server says them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// More different ones than an honest administrator has to say; what is beyond is not shown.
const MOST: usize = 20;

/// Those of one account. A clone is the same.
#[derive(Debug, Clone, Default)]
pub struct Alerts(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    all: Vec<String>,
    taken: usize,
}

impl Alerts {
    /// Hears a text, perhaps not for the first time.
    pub(super) fn hear(&self, text: &str) {
        let mut heard = self.heard();
        if heard.all.len() < MOST && !heard.all.iter().any(|known| known == text) {
            heard.all.push(text.to_owned());
        }
    }

    /// Those not taken before.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        let mut heard = self.heard();
        let new = heard.all.iter().skip(heard.taken).cloned().collect();
        heard.taken = heard.all.len();
        new
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

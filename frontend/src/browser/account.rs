//! Which account this page shows, known once and for the life of the page. Everything that asks the
//! server says it, so that no page acts on an account signed in later in another tab.

use std::cell::OnceCell;

use whimbrel_shared::path;

thread_local! {
    static SHOWN: OnceCell<String> = const { OnceCell::new() };
}

/// The page shows this account ([`whimbrel_shared::SessionInfo::account_id`]). Only the first word counts.
pub fn show(account_id: &str) {
    SHOWN.with(|shown| shown.get_or_init(|| account_id.to_owned()).len());
}

/// The account this page shows; `None` until the server said so.
#[must_use]
pub fn shown() -> Option<String> {
    SHOWN.with(|shown| shown.get().cloned())
}

/// A URL that says it, for frames, links and streams, whose requests carry no header of ours.
#[must_use]
pub fn on(url: String) -> String {
    match shown() {
        Some(account) => path::of_account(&url, &account),
        None => url,
    }
}

//! Why a mail server lets somebody not in, by its codes and, where it has none, its words.

use crate::imap::{
    Error,
    wire::response::{Condition, Word},
};

/// What a refused sign-in means.
pub(super) fn refusal(condition: &Condition) -> Error {
    let text = condition.text.clone();
    let code = condition.code.as_ref().map_or("", |code| &*code.name);
    match (condition.word, code) {
        (
            _,
            "UNAVAILABLE" | "CONTACTADMIN" | "EXPIRED" | "PRIVACYREQUIRED" | "LIMIT" | "INUSE"
            | "SERVERBUG" | "SYS/TEMP",
        )
        | (Word::Bye, _) => unavailable(condition),
        (Word::Bad, _) => Error::Bad(text),
        _ if is_about_connections(&text) => Error::TooManyConnections(text),
        _ => Error::WrongPassword(text),
    }
}

/// What a farewell instead of a greeting means.
pub(super) fn unavailable(condition: &Condition) -> Error {
    let text = condition.text.clone();
    if is_about_connections(&text) {
        Error::TooManyConnections(text)
    } else {
        Error::AccountUnavailable(text)
    }
}

fn is_about_connections(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("connection") && (text.contains("maximum") || text.contains("too many"))
}

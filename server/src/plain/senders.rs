//! Pages of a list of senders: what it means, and a button beside each address that takes it off.

use axum::response::Response;

use crate::plain::{escape, notice};

/// What a list is called and means, in words for people.
pub struct Words {
    /// The heading.
    pub heading: &'static str,
    /// Where nobody is on it.
    pub none: &'static str,
    /// Above the addresses.
    pub some: &'static str,
    /// On the button.
    pub button: &'static str,
    /// What a button is called, before and behind the address.
    pub label: (&'static str, &'static str),
}

/// The page. `action`: where its forms go.
#[must_use]
pub fn page(words: &Words, addresses: &[String], action: &str, is_shared: bool) -> Response {
    let Words {
        heading,
        none,
        some,
        button,
        label: (before, behind),
    } = words;
    let action = escape(action);
    let row = |address: &String| {
        let address = escape(address);
        format!(
            "<li><form method=\"post\" action=\"{action}\"><bdi>{address}</bdi> \
             <input type=\"hidden\" name=\"email\" value=\"{address}\">\
             <button aria-label=\"{before}{address}{behind}\">{button}</button></form></li>"
        )
    };
    let rows: String = addresses.iter().map(row).collect();
    let list = if rows.is_empty() {
        format!("<p>{none}</p>")
    } else {
        format!("<p>{some}</p><ul>{rows}</ul>")
    };
    notice::page(heading, is_shared, &list)
}

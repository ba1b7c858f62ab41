//! The page of blocked senders: a list, and a button beside each.

use axum::response::Response;

use crate::plain::{escape, notice};

/// The page. `action`: where its forms go.
#[must_use]
pub fn page(addresses: &[String], action: &str, is_shared: bool) -> Response {
    let action = escape(action);
    let row = |address: &String| {
        let address = escape(address);
        format!(
            "<li><form method=\"post\" action=\"{action}\"><bdi>{address}</bdi> \
             <input type=\"hidden\" name=\"email\" value=\"{address}\">\
             <button aria-label=\"Let {address} in again\">Let in again</button></form></li>"
        )
    };
    let rows: String = addresses.iter().map(row).collect();
    let list = if rows.is_empty() {
        "<p>You block nobody. To block somebody, open a message and choose “Block sender” under “More”.</p>"
            .to_owned()
    } else {
        format!("<p>While you are signed in, their mail goes to Junk.</p><ul>{rows}</ul>")
    };
    notice::page("Blocked senders", is_shared, &list)
}

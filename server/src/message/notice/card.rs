//! Cards (vCard 2.1, 3.0 and RFC 6350) in plain words: who, and how to reach them.

use super::{
    MAX_NOTICES, Notice,
    content_lines::{self, Line},
};

/// Values of one kind that are told.
const MAX_EACH: usize = 10;

/// What a card file tells.
pub(super) fn read(text: &str) -> Vec<Notice> {
    let lines = content_lines::read(text);
    let is_mark = |line: &Line, mark: &str| {
        line.name == mark && line.value.trim().eq_ignore_ascii_case("vcard")
    };
    let mut cards: Vec<&[Line]> = lines
        .split(|line| is_mark(line, "BEGIN"))
        .skip(1)
        .filter_map(|card| card.split(|line| is_mark(line, "END")).next())
        .collect();
    let more = cards.len().saturating_sub(MAX_NOTICES);
    cards.truncate(MAX_NOTICES);
    let mut notices: Vec<Notice> = cards.into_iter().map(told).collect();
    notices.extend(Notice::of_rest(more, "more cards", text));
    notices
}

fn told(card: &[Line]) -> Notice {
    let first = |name: &str| card.iter().find(|line| line.name == name);
    let text = |name: &str| first(name).map(Line::text).unwrap_or_default();
    let joined = |name: &str, between: &str| first(name).map(|line| parts(line, between));
    let mut notice = Notice::new("Card");
    let name = Some(text("FN")).filter(|name| !name.trim().is_empty());
    let name = name.or_else(|| first("N").map(natural));
    notice.row("Name", &name.unwrap_or_default());
    notice.row("Organisation", &joined("ORG", ", ").unwrap_or_default());
    notice.row("Title", &text("TITLE"));
    for (name, row) in [
        ("EMAIL", "Mail"),
        ("TEL", "Phone"),
        ("IMPP", "Chat"),
        ("URL", "Web"),
    ] {
        let values = card.iter().filter(|line| line.name == name);
        let values: Vec<String> = values.map(reached).collect();
        notice.list(row, &values, MAX_EACH);
    }
    for address in card.iter().filter(|line| line.name == "ADR").take(MAX_EACH) {
        notice.row("Address", &parts(address, ", "));
    }
    notice.row("Birthday", &text("BDAY"));
    notice.long(&text("NOTE"));
    notice
}

/// The pieces that say something.
fn parts(line: &Line, between: &str) -> String {
    let pieces = line.pieces().into_iter();
    let pieces: Vec<String> = pieces.filter(|piece| !piece.trim().is_empty()).collect();
    pieces.join(between)
}

/// Family; given; further; before; after (RFC 6350 §6.2.2), in the order in which one says it.
fn natural(line: &Line) -> String {
    let pieces = line.pieces();
    let order = [3, 1, 2, 0, 4];
    let said = order.iter().filter_map(|&at| pieces.get(at));
    let said: Vec<&str> = said
        .map(|piece| piece.trim())
        .filter(|piece| !piece.is_empty())
        .collect();
    said.join(" ")
}

/// An address or a number, and what it is for.
fn reached(line: &Line) -> String {
    let value = line.text();
    let value = value.trim();
    let value = value.strip_prefix("tel:").unwrap_or(value);
    let known = ["home", "work", "cell", "mobile", "fax"];
    let kinds = line.all("TYPE");
    let kinds: Vec<&str> = known
        .into_iter()
        .filter(|kind| kinds.iter().any(|one| one == kind))
        .collect();
    if kinds.is_empty() {
        value.to_owned()
    } else {
        format!("{value} ({})", kinds.join(", "))
    }
}

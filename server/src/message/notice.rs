//! What a program wrote for programs, told in plain words: invitations, cards, reports. Pure; what cannot be
//! read is told as nothing. Everything is a stranger's text and bounded; links in it lead only where text does.

use std::fmt::Write as _;

use whimbrel_shared::SanitizedHtml;

use super::{body::Told, encoded_word, sanitize, text};

mod calendar;
mod card;
mod content_lines;
mod repetition;
mod report;
mod when;
mod zones;

/// Something told in plain words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notice {
    /// What it is, in a few words.
    pub(super) title: String,
    /// Names and values, each on one line.
    pub(super) rows: Vec<(&'static str, String)>,
    /// A longer text of the sender's; empty if there is none.
    pub(super) text: String,
}

/// Characters of one value.
const MAX_VALUE: usize = 500;
/// Bytes of a longer text.
const MAX_TEXT: usize = 20_000;
/// Notices of one part.
const MAX_NOTICES: usize = 20;

impl Notice {
    fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// How many there are in a file besides those that are told, which may be cut; `None` if there are no more.
    fn of_rest(count: usize, what: &str, file: &str) -> Option<Self> {
        if count == 0 {
            return None;
        }
        let least = if content_lines::is_cut(file) {
            "more than "
        } else {
            ""
        };
        Some(Self::new(&format!(
            "There are {least}{count} {what} in the file."
        )))
    }

    /// Adds a value unless it is empty.
    pub(super) fn row(&mut self, name: &'static str, value: &str) {
        let value = short(value);
        if !value.is_empty() {
            self.rows.push((name, value));
        }
    }

    /// Adds several as one value.
    fn list(&mut self, name: &'static str, values: &[String], most: usize) {
        let told: Vec<String> = values.iter().take(most).map(|value| short(value)).collect();
        let has_comma = told.iter().any(|value| value.contains(','));
        let mut line = told.join(if has_comma { "; " } else { ", " });
        if values.len() > most {
            let _ = write!(line, " and {} more", values.len() - most);
        }
        if !line.is_empty() {
            self.rows.push((name, line));
        }
    }

    fn long(&mut self, text: &str) {
        let text = text.trim();
        let kept = sanitize::prefix(text, MAX_TEXT);
        kept.clone_into(&mut self.text);
        if kept.len() < text.len() {
            self.text.push('…');
        }
    }

    /// As markup, which still goes through the sanitizer. It has no line break of its own.
    fn markup(&self) -> String {
        let mut markup = String::new();
        if !self.title.is_empty() {
            markup.push_str("<p><b dir=\"auto\">");
            sanitize::entities::escape(&self.title, &mut markup);
            markup.push_str("</b></p>");
        }
        if !self.rows.is_empty() {
            markup.push_str("<table>");
            for (name, value) in &self.rows {
                let _ = write!(
                    markup,
                    "<tr><th align=\"left\">{name}</th><td dir=\"auto\">"
                );
                match *name {
                    // One that was cut leads elsewhere.
                    "Where" | "Link" if !value.ends_with('…') => {
                        markup.push_str(&text::markup::of(value))
                    }
                    _ => sanitize::entities::escape(value, &mut markup),
                }
                markup.push_str("</td></tr>");
            }
            markup.push_str("</table>");
        }
        if !self.text.is_empty() {
            markup.push_str("<div dir=\"auto\">");
            markup.push_str(&text::markup::of(&self.text).replace('\n', "<br>"));
            markup.push_str("</div>");
        }
        markup
    }

    /// For the frame.
    pub(super) fn html(&self) -> SanitizedHtml {
        sanitize::own_within("w-notice", &self.markup())
    }

    /// As plain text.
    pub(super) fn plain(&self) -> String {
        let mut plain = self.title.clone();
        for (name, value) in &self.rows {
            let _ = write!(plain, "\n{name}: {value}");
        }
        if !self.text.is_empty() {
            let _ = write!(plain, "\n\n{}", self.text);
        }
        plain.trim_start().to_owned()
    }
}

/// The head of a message within the message, from its raw header.
pub(super) fn head(raw: &[u8]) -> Notice {
    let mut head = report::head(raw);
    head.title = match head.rows.pop_if(|(name, _)| *name == "Subject") {
        Some((_, subject)) => subject,
        None => "(no subject)".to_owned(),
    };
    head
}

/// What a part tells. `text` is decoded.
pub(super) fn read(told: Told, text: &str) -> Vec<Notice> {
    match told {
        Told::Calendar => calendar::read(text),
        Told::Card => card::read(text),
        Told::Delivery => report::delivery(text),
        Told::Disposition => report::disposition(text),
        Told::Header => report::header(text),
        Told::Winmail | Told::Letter | Told::Signed => Vec::new(),
    }
}

/// On one line, of bounded length.
fn short(value: &str) -> String {
    let read = sanitize::prefix(value, 8 * MAX_VALUE);
    let line = encoded_word::tidy(read);
    let words: Vec<&str> = line.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None if read.len() < value.len() => line + "…",
        None => line,
    }
}

#[cfg(test)]
mod tests;

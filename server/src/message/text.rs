//! Plain text: reflowed (RFC 3676), made into HTML, and made of HTML. Linear in its input; what it writes
//! as HTML still goes through [`super::sanitize`].

pub(super) mod from_html;

use std::fmt::Write as _;

use linkify::{LinkFinder, LinkKind};

use super::sanitize::{self, entities::escape};

/// How the sender broke the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    /// `format=flowed`.
    pub is_flowed: bool,
    /// `delsp=yes`: the space of a soft break goes too.
    pub deletes_space: bool,
}

/// Bytes of one plain text beyond this are not read.
const MAX_TEXT: usize = 2 * 1024 * 1024;
/// Quotes within quotes beyond this look like this.
const MAX_QUOTES: usize = 40;

/// One line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    quotes: usize,
    text: String,
}

/// Text as a person would have typed it: soft breaks joined, quotes as `> `, lines ended by `\n`, nothing
/// blank at its end. The flag tells that its end was left out.
#[must_use]
pub fn reflow(text: &str, flow: Flow) -> (String, bool) {
    let read = sanitize::prefix(text, MAX_TEXT);
    let mut reflowed = String::with_capacity(read.len());
    for line in lines(read, flow) {
        for _ in 0..line.quotes {
            reflowed.push('>');
        }
        if line.quotes > 0 && !line.text.is_empty() {
            reflowed.push(' ');
        }
        reflowed.push_str(&line.text);
        reflowed.push('\n');
    }
    reflowed.truncate(reflowed.trim_end().len());
    (reflowed, read.len() < text.len())
}

/// Markup for text as [`reflow`] makes it: quotes as nested `blockquote`, links as links, the
/// signature as `small`. Line breaks stay line breaks; the frame shows them.
pub(super) fn to_markup(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 8);
    let finder = {
        let mut finder = LinkFinder::new();
        finder
            .kinds(&[LinkKind::Url, LinkKind::Email])
            .url_must_have_scheme(false);
        finder
    };
    let (mut quotes, mut is_first, mut in_signature) = (0, true, false);
    for line in lines(text, Flow::default()) {
        let changes = line.quotes != quotes;
        let begins_signature = line.quotes == 0 && line.text == "-- " && !in_signature;
        if in_signature && line.quotes > 0 {
            markup.push_str("</small>");
            in_signature = false;
        }
        if !is_first && !changes && !begins_signature {
            markup.push('\n');
        }
        while quotes > line.quotes {
            markup.push_str("</blockquote>");
            quotes -= 1;
        }
        while quotes < line.quotes {
            markup.push_str("<blockquote>");
            quotes += 1;
        }
        if begins_signature {
            markup.push_str(if changes || is_first {
                "<small>"
            } else {
                "\n<small>"
            });
            in_signature = true;
        }
        write_line(&finder, &line.text, &mut markup);
        is_first = false;
    }
    markup
}

/// Writes one line, its links as links. Every piece is escaped on its own; no placeholders.
fn write_line(finder: &LinkFinder, line: &str, markup: &mut String) {
    for span in finder.spans(line) {
        let text = span.as_str();
        let target = match span.kind() {
            Some(LinkKind::Email) => format!("mailto:{text}"),
            Some(LinkKind::Url) if text.contains("://") => text.to_owned(),
            Some(LinkKind::Url) if is_web_name(text) => format!("https://{text}"),
            _ => {
                escape(text, markup);
                continue;
            }
        };
        markup.push_str("<a href=\"");
        escape(&target, markup);
        markup.push_str("\">");
        escape(text, markup);
        markup.push_str("</a>");
    }
}

/// Without a scheme only what is plainly meant as a link: `readme.md` is no country's site.
fn is_web_name(text: &str) -> bool {
    text.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("www."))
}

/// The lines of a text with their quotes counted and, where flowed, joined.
fn lines(text: &str, flow: Flow) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut continues = false;
    for raw in text.split('\n') {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        let (quotes, rest) = if flow.is_flowed {
            flowed_quotes(raw)
        } else {
            quotes(raw)
        };
        let rest = if flow.is_flowed {
            rest.strip_prefix(' ').unwrap_or(rest)
        } else {
            rest
        };
        let is_separator = rest == "-- ";
        let is_soft = flow.is_flowed && rest.ends_with(' ') && !is_separator;
        let rest = if is_soft && flow.deletes_space {
            rest.strip_suffix(' ').unwrap_or(rest)
        } else {
            rest
        };
        match lines.last_mut() {
            Some(last) if continues && last.quotes == quotes && !is_separator => {
                last.text.push_str(rest);
            }
            _ => lines.push(Line {
                quotes,
                text: rest.replace('\0', ""),
            }),
        }
        continues = is_soft;
    }
    lines
}

/// RFC 3676: all leading `>`; what follows is text.
fn flowed_quotes(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches('>');
    ((line.len() - rest.len()).min(MAX_QUOTES), rest)
}

/// As people write: `>`, `>>`, `> > `, then one space.
fn quotes(line: &str) -> (usize, &str) {
    let (mut count, mut rest) = (0, line);
    while count < MAX_QUOTES {
        let next = rest.strip_prefix(' ').filter(|_| count > 0).unwrap_or(rest);
        let Some(after) = next.strip_prefix('>') else {
            break;
        };
        rest = after;
        count += 1;
    }
    let rest = if count > 0 {
        rest.strip_prefix(' ').unwrap_or(rest)
    } else {
        rest
    };
    (count, rest)
}

/// Text for the wire as `format=flowed`: soft breaks at about 72 columns, quotes left as they are,
/// no blanks at the end of a hard line, lines stuffed where RFC 3676 §4.4 wants it. Lines end with `\n`.
#[must_use]
pub fn to_flowed(text: &str) -> String {
    let mut flowed = String::with_capacity(text.len() + text.len() / 32);
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line == "-- " {
            flowed.push_str("-- \n");
        } else if line.starts_with('>') {
            let _ = writeln!(flowed, "{}", line.trim_end_matches(' '));
        } else {
            flow_line(line.trim_end_matches(' '), &mut flowed);
        }
    }
    // `split` yields one line more than there are line ends.
    flowed.pop();
    flowed
}

/// Columns after which a line is broken at the next space.
const FLOW_COLUMNS: usize = 72;

fn flow_line(line: &str, flowed: &mut String) {
    let mut column = 0;
    let mut at_start = true;
    for word in line.split_inclusive(' ') {
        let width = word.chars().count();
        // A run of spaces stays on one line, so that a break is never followed by one.
        if column > 0 && column + width > FLOW_COLUMNS && flowed.ends_with(' ') && word != " " {
            flowed.push('\n');
            column = 0;
            at_start = true;
        }
        if at_start && (word.starts_with([' ', '>']) || word.starts_with("From ")) {
            flowed.push(' ');
        }
        flowed.push_str(word);
        column += width;
        at_start = false;
    }
    flowed.push('\n');
}

#[cfg(test)]
mod tests;

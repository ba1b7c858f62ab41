//! Plain text: reflowed (RFC 3676), made into HTML ([`markup`]), and made of HTML ([`from_html`]). Linear in its
//! input; what it writes as HTML still goes through [`super::sanitize`].

mod clean;
pub(super) mod enriched;
mod fold;
pub(super) mod from_html;
mod links;
mod looks;
pub(super) mod markup;

use std::fmt::Write as _;

use super::sanitize;

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
    /// Of a block that is signed or encrypted: every character counts.
    is_exact: bool,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.quotes == 0 && self.has_no_text()
    }

    fn has_no_text(&self) -> bool {
        !self.is_exact && self.text.trim().is_empty()
    }

    fn begins_signature(&self) -> bool {
        self.quotes == 0 && !self.is_exact && self.text == "-- "
    }
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

/// The lines of a text with their quotes counted and, where flowed, joined.
fn lines(text: &str, flow: Flow) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut blocks = ExactBlocks::of(text);
    let mut continues = false;
    let mut rest = text.split('\n').peekable();
    while let Some(raw) = rest.next() {
        let is_exact = blocks.hold(raw);
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        if is_exact {
            lines.push(Line {
                quotes: 0,
                text: raw.to_owned(),
                is_exact,
            });
            continues = false;
            continue;
        }
        // A mailbox file wants that before a line that begins with "From ", which quotes nobody.
        let is_quote = lines.last().is_some_and(|last| last.quotes > 0)
            || rest.peek().is_some_and(|next| next.starts_with('>'));
        let guarded = raw.strip_prefix('>').filter(|_| !is_quote);
        let guarded = guarded.filter(|line| line.starts_with("From "));
        let raw = clean::line(guarded.unwrap_or(raw));
        let (quotes, rest, is_soft) = parted(&raw, flow);
        match lines.last_mut() {
            Some(last) if continues && last.quotes == quotes && rest != SEPARATOR => {
                last.text.push_str(rest);
            }
            _ => lines.push(Line {
                quotes,
                text: rest.to_owned(),
                is_exact,
            }),
        }
        continues = is_soft;
    }
    lines
}

/// The line above a signature.
const SEPARATOR: &str = "-- ";

/// A line's quotes, its text, and whether the next line goes on with it.
fn parted(raw: &str, flow: Flow) -> (usize, &str, bool) {
    if !flow.is_flowed {
        let (quotes, rest) = quotes(raw);
        return (quotes, rest, false);
    }
    let (quotes, rest) = flowed_quotes(raw);
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let is_soft = rest.ends_with(' ') && rest != SEPARATOR;
    if is_soft && flow.deletes_space {
        (quotes, rest.strip_suffix(' ').unwrap_or(rest), is_soft)
    } else {
        (quotes, rest, is_soft)
    }
}

/// Follows the lines of a text and knows which belong to blocks of PGP (RFC 9580 §6.2, §7).
struct ExactBlocks {
    /// Lines until the last that ends a block: what never ends is no block.
    left: usize,
    is_within: bool,
}

impl ExactBlocks {
    const END: &str = "-----END PGP ";

    fn of(text: &str) -> Self {
        let ends = |line: &str| line.starts_with(Self::END);
        let left = match text.split('\n').rev().position(ends) {
            Some(after) => text.split('\n').count() - after,
            None => 0,
        };
        Self {
            left,
            is_within: false,
        }
    }

    /// Whether this line, the next of the text, belongs to a block.
    fn hold(&mut self, line: &str) -> bool {
        let begins = line.starts_with("-----BEGIN PGP ") && line.trim_end().ends_with("-----");
        let holds = self.is_within || (begins && self.left > 0);
        self.left = self.left.saturating_sub(1);
        self.is_within = holds && !line.starts_with(Self::END);
        holds
    }
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

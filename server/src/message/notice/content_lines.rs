//! The lines that invitations and cards are made of (RFC 5545 §3.1, RFC 6350 §3.2, vCard 2.1): unfolded,
//! taken apart, unescaped. Lenient and linear; what is no such line is left out.

use crate::message::{charset, sanitize};

/// Lines of one file that are read, those that others go on in too.
const MAX_LINES: usize = 20_000;
/// Bytes of one line; a picture within a card is longer and of no use here.
const MAX_LINE: usize = 64 * 1024;
/// Parameters of one line.
const MAX_PARAMETERS: usize = 20;

/// `NAME;PARAMETER=value:value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Upper-case, without the group before a dot.
    pub(super) name: String,
    /// Names upper-case; one without a value, as vCard 2.1 has them, is a `TYPE`.
    parameters: Vec<(String, String)>,
    /// As it stands, transfer-decoded.
    pub(super) value: String,
}

impl Line {
    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter();
        found
            .find(|(key, _)| key == name)
            .map(|(_, value)| &**value)
    }

    /// Every value of a parameter, lower-case, single ones.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let found = self.parameters.iter().filter(|(key, _)| key == name);
        found
            .flat_map(|(_, value)| value.split(','))
            .map(str::to_lowercase)
            .collect()
    }

    /// The same line with another value, such as one of a list.
    pub(super) fn with(&self, value: &str) -> Self {
        Self {
            value: value.to_owned(),
            name: self.name.clone(),
            parameters: self.parameters.clone(),
        }
    }

    /// The value as text (RFC 5545 §3.3.11).
    pub(super) fn text(&self) -> String {
        unescaped(&self.value)
    }

    /// The pieces between semicolons, each as text.
    pub(super) fn pieces(&self) -> Vec<String> {
        split_unescaped(&self.value)
            .into_iter()
            .map(unescaped)
            .collect()
    }
}

/// Texts, of which people who write such a file by hand forget to fold the lines.
const TEXTS: [&str; 5] = ["DESCRIPTION", "COMMENT", "SUMMARY", "LOCATION", "NOTE"];

/// The lines of a file.
pub(super) fn read(text: &str) -> Vec<Line> {
    let mut unfolded: Vec<String> = Vec::new();
    // Of the last one; asked once, not with each line that it goes on in.
    let (mut is_quoted_line, mut is_text) = (false, false);
    for line in physical(text).take(MAX_LINES) {
        let is_soft = |last: &String| last.ends_with('=') && is_quoted_line;
        match unfolded.last_mut() {
            Some(last) if is_soft(last) => {
                last.pop();
                push_bounded(last, line.trim_start());
            }
            Some(last) if line.starts_with([' ', '\t']) => {
                let more = line.get(1..).unwrap_or_default();
                push_bounded(last, more);
            }
            Some(last) if is_text && name_of(line).is_none() => {
                push_bounded(last, "\n");
                push_bounded(last, line);
            }
            _ => {
                is_quoted_line = is_quoted_printable(line);
                is_text = name_of(line).is_some_and(|name| TEXTS.contains(&&*name));
                unfolded.push(sanitize::prefix(line, MAX_LINE).to_owned());
            }
        }
    }
    unfolded
        .iter()
        .filter_map(|line| taken_apart(line))
        .collect()
}

/// Whether there is more in a file than is read.
pub(super) fn is_cut(text: &str) -> bool {
    physical(text).nth(MAX_LINES).is_some()
}

fn physical(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r']).filter(|line| !line.is_empty())
}

/// The name that a line begins with, upper-case and without its group; `None` if it begins with none.
fn name_of(line: &str) -> Option<String> {
    let (name, _) = line.split_once([':', ';'])?;
    let is_name = name
        .bytes()
        .all(|b| matches!(b, b'-' | b'.') || b.is_ascii_alphanumeric());
    let name = name
        .rsplit('.')
        .next()
        .filter(|_| is_name)?
        .to_ascii_uppercase();
    let is_scheme = matches!(&*name, "" | "HTTP" | "HTTPS" | "MAILTO");
    (!is_scheme).then_some(name)
}

fn push_bounded(line: &mut String, more: &str) {
    let room = MAX_LINE.saturating_sub(line.len());
    line.push_str(sanitize::prefix(more, room));
}

fn is_quoted_printable(line: &str) -> bool {
    let head = line.split(':').next().unwrap_or_default();
    head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

fn taken_apart(line: &str) -> Option<Line> {
    let mut is_quoted = false;
    let colon = line.char_indices().find(|&(_, c)| {
        is_quoted ^= c == '"';
        c == ':' && !is_quoted
    })?;
    let (head, value) = line.split_at_checked(colon.0)?;
    let value = value.get(1..)?;
    let mut pieces = split_unquoted(head).into_iter();
    let name = pieces.next()?.trim().to_ascii_uppercase();
    let name = name.rsplit('.').next()?.to_owned();
    let parameter = |piece: &str| match piece.split_once('=') {
        Some((key, value)) => (
            key.trim().to_ascii_uppercase(),
            value.replace('"', "").trim().to_owned(),
        ),
        None if piece.eq_ignore_ascii_case("quoted-printable") => {
            ("ENCODING".to_owned(), piece.to_owned())
        }
        None => ("TYPE".to_owned(), piece.trim().to_owned()),
    };
    let parameters = pieces.take(MAX_PARAMETERS).map(parameter).collect();
    let mut line = Line {
        name,
        parameters,
        value: value.to_owned(),
    };
    let encoding = line.parameter("ENCODING").unwrap_or_default();
    if encoding.eq_ignore_ascii_case("quoted-printable") {
        let bytes = charset::transfer::decode(value.as_bytes(), "quoted-printable");
        let text = charset::decode_text(&bytes, line.parameter("CHARSET"));
        line.value = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    (!line.name.is_empty()).then_some(line)
}

fn split_unquoted(head: &str) -> Vec<&str> {
    let mut is_quoted = false;
    head.split(|c| {
        is_quoted ^= c == '"';
        c == ';' && !is_quoted
    })
    .collect()
}

fn split_unescaped(value: &str) -> Vec<&str> {
    let mut is_escaped = false;
    value
        .split(|c| {
            let ends = c == ';' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        })
        .collect()
}

fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            (_, Some('n' | 'N')) => text.push('\n'),
            (_, Some(escaped)) => text.push(escaped),
            (c, None) => text.push(c),
        }
    }
    text
}

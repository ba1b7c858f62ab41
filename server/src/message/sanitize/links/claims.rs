//! What the text of a link claims to be: names of hosts and addresses of mail that a reader would see in it,
//! whatever is done to hide from machines that they are there.

use std::net::IpAddr;

/// Endings that are countries' and files' alike: one of these alone, as in `notes.md`, may be meant as either.
const FILES: [&str; 9] = ["cc", "md", "mov", "pl", "ps", "py", "rs", "sh", "zip"];
/// What files with such endings are called everywhere; nobody takes one of these for somebody's host.
const KNOWN_FILES: [&str; 12] = [
    "build",
    "changelog",
    "conftest",
    "contributing",
    "install",
    "lib",
    "license",
    "main",
    "manage",
    "mod",
    "readme",
    "setup",
];
/// Countries' names that are words: after a full stop without a space they begin a sentence.
const WORDS: [&str; 15] = [
    "Am", "As", "At", "Be", "By", "Do", "In", "Is", "It", "Me", "My", "No", "So", "To", "Us",
];
/// Names for examples and tests (RFC 6761), which no list of public suffixes has.
const RESERVED: [&str; 4] = ["example", "invalid", "localhost", "test"];
/// Bytes of a name.
const MAX_NAME: usize = 253;

/// Something that a text claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Claim {
    /// A host, in ASCII.
    Host(String),
    /// A name that may be that of a file too.
    File(String),
    /// An address of mail, in small letters, and its domain in ASCII.
    Address { email: String, domain: String },
}

/// Where an element begins or ends within a line of a text.
pub(super) const EDGE: char = '\u{1}';

/// What a text claims. Lines of it end at `\n`.
pub(super) fn of(text: &str) -> Vec<Claim> {
    let text: String = text.chars().filter_map(plain).collect();
    let joined = text.replace(EDGE, "");
    let mut claims: Vec<Claim> = joined.split(is_between).filter_map(read).collect();
    if joined.len() < text.len() {
        // The sender may have made a piece of a word so small that nobody sees it.
        let pieces = text.split(|c| c == EDGE || is_between(c));
        claims.extend(pieces.filter_map(read));
    }
    // Blocks that are made to stand in one line, and letters that are made to run the other way.
    let whole = joined.replace('\n', "");
    let whole = whole.trim();
    if claims.is_empty() && !whole.contains(is_between) {
        let turned: String = whole.chars().rev().collect();
        claims.extend(read(whole).or_else(|| read(&turned)));
    }
    claims
}

/// Whether two hosts belong to the same owner, by the Public Suffix List.
pub(super) fn is_same_owner(one: &str, other: &str) -> bool {
    owner(one) == owner(other)
}

fn owner(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    let is_address = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    let owner = psl::domain_str(host).filter(|_| !is_address);
    owner.unwrap_or(host)
}

/// An address of mail: in small letters, its domain in ASCII.
pub(super) fn address(text: &str) -> Option<String> {
    let (local, domain) = text.trim().rsplit_once('@')?;
    Some(format!("{}@{}", local.to_lowercase(), ascii(domain)?))
}

/// Characters that nobody sees, or that only change the order of others.
pub(super) fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        )
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A character as it looks, where addresses are concerned.
fn plain(c: char) -> Option<char> {
    Some(match c {
        // Full width.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        '。' | '｡' | '․' | '﹒' | '·' | '・' => '.',
        '⁄' | '∕' | '⧸' | '\\' => '/',
        '꞉' | '∶' | '﹕' | '˸' => ':',
        '﹫' => '@',
        c if is_unseen(c) && c != EDGE => return None,
        c => c,
    })
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || "<>()[]{}\"'`|,;“”„‘’«»‹›，、；！？（）【】「」『』《》…".contains(c)
}

fn read(word: &str) -> Option<Claim> {
    if !word.contains(['.', '@', ':']) {
        return None;
    }
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
    if let Some((_, rest)) = word.split_once("://") {
        let (_, host) = authority(rest)
            .rsplit_once('@')
            .unwrap_or(("", authority(rest)));
        return ascii(without_port(host)).map(Claim::Host);
    }
    let head = match authority(word).rsplit_once(':') {
        Some((before, port)) if is_number(port) => before,
        Some((_, rest)) => rest,
        None => authority(word),
    };
    let (local, host) = head.rsplit_once('@').unwrap_or(("", head));
    let name = ascii(host).filter(|name| is_public(name))?;
    if !local.is_empty() {
        let email = format!("{}@{name}", local.to_lowercase());
        return Some(Claim::Address {
            email,
            domain: name,
        });
    }
    let (before, end) = host.rsplit_once('.')?;
    if WORDS.contains(&end) && before.chars().any(char::is_lowercase) {
        return None;
    }
    let is_file = !before.contains('.') && FILES.contains(&end.to_lowercase().as_str());
    let is_file = is_file && host == word;
    let is_known = is_file && KNOWN_FILES.contains(&before.to_lowercase().as_str());
    if is_known || (host == word && end == "NET" && is_of_dot_net(before)) {
        return None;
    }
    Some(if is_file {
        Claim::File(host.to_owned())
    } else {
        Claim::Host(name)
    })
}

/// Whether a word before `.NET` makes the name of a technology of it.
fn is_of_dot_net(before: &str) -> bool {
    matches!(before, "ADO" | "ASP" | "Json" | "ML" | "VB")
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if is_number(port) => name,
        _ => host,
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// A name in ASCII and small letters, if it is one.
fn ascii(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches('.');
    if name.is_empty() || name.len() > MAX_NAME {
        return None;
    }
    let name = idna::domain_to_ascii(name).ok()?;
    let is_of_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (!name.is_empty() && name.bytes().all(is_of_name)).then_some(name)
}

/// Whether somebody could own a name that stands there without a scheme.
fn is_public(name: &str) -> bool {
    let end = name.rsplit('.').next().unwrap_or_default();
    let domain = psl::domain(name.as_bytes());
    domain.is_some_and(|domain| domain.suffix().is_known() || RESERVED.contains(&end))
}
